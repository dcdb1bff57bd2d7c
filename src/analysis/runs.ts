/**
 * The run of a file as the main one, and what is left of it for the next edit: each chunk's effect on the program is
 * done again, instead of running it, while nothing that it can depend on has changed. It knows when that is sound.
 */
import type { Chunk, Unit } from "../program/syntax.ts";
import type { Facts, Solver } from "../shapes/index.ts";
import { type Edition, sameItems } from "./editions.ts";
import { sightsOf, type Sight } from "./facts.ts";
import type { ModuleFrame } from "./frame.ts";
import type { Completion, Machine, PendingFinding, Record } from "./machine.ts";
import { makeModuleFrame, runChunk, startModule } from "./modules.ts";
import { volatileNames } from "./rebinding.ts";
import { resolvedRecord } from "./records.ts";
import { type Delta } from "./trail.ts";
import type { FunctionValue, Value } from "./value.ts";

/** What a chunk meets that is no value of a name. */
interface Conditions {
  readonly facts: Facts;
  readonly crashed: boolean;
  readonly settings: string;
  readonly intruders: readonly FunctionValue[];
  readonly names: Solver["names"];
  /** What has been imported so far because it was used. */
  readonly demanded: readonly ModuleFrame[];
}

interface KeptRun {
  readonly token: object;
  readonly before: Conditions;
  readonly after: Conditions;
  readonly completion: Completion;
  readonly delta: Delta;
  readonly notes: readonly ((m: Machine) => void)[];
  readonly records: readonly Record[];
  readonly sights: readonly Sight[];
  readonly findings: readonly PendingFinding[];
  readonly defined: readonly FunctionValue[];
  readonly steps: number;
}

interface KeptFile {
  readonly module: ModuleFrame;
  readonly runs: WeakMap<Chunk, KeptRun>;
  /** What the imports of the file gave at the latest run. */
  readonly imported: WeakMap<Chunk, readonly (Value | undefined)[]>;
}

/** So many programs are remembered, those run last. */
const KEPT_PROGRAMS = 4;

export class RunCache {
  readonly #programs = new Map<string, Map<string, KeptFile>>();

  /** Runs a file as the main one of a program with these entries, a chunk at a time; its functions are collected for their general views. */
  *run(m: Machine, entries: readonly string[], path: string, edition: Edition, budget: number): Generator<void> {
    const kept = this.#keptFile(m, entries, path, edition);
    m.limit = m.steps + budget;
    m.defined = [];
    m.crashed = m.failing = false;
    m.collecting = path;
    const [sights, records] = [m.sights.length, m.records.length];
    startModule(m, kept.module, edition.program);
    m.activate();
    const stale = staleChunks(kept, edition);
    for (const chunk of edition.program.chunks) {
      const steps = m.steps;
      if (runOrRepeat(m, kept, edition, chunk, stale) === "left" || m.stopped) break;
      if (m.steps - steps > LONG) yield;
    }
    m.activations.pop();
    m.collecting = null;
    resolveSights(m, sights, records);
    m.definedIn.set(path, m.defined);
    if (m.exhausted !== "cancelled") m.stopped = false;
  }

  #keptFile(m: Machine, entries: readonly string[], path: string, edition: Edition): KeptFile {
    const key = entries.join("\n");
    const files = this.#programs.get(key) ?? new Map<string, KeptFile>();
    this.#programs.delete(key);
    this.#programs.set(key, files);
    for (const oldest of this.#programs.keys()) {
      if (this.#programs.size <= KEPT_PROGRAMS) break;
      this.#programs.delete(oldest);
    }
    const known = files.get(path);
    if (known !== undefined) {
      known.module.volatile = volatileNames(edition.program);
      return known;
    }
    const module = makeModuleFrame(path, m.dialect.mainGuard.value, edition.program);
    const made: KeptFile = { module, runs: new WeakMap(), imported: new WeakMap() };
    files.set(path, made);
    return made;
  }
}

/** Where something was learnt, it holds for what was seen before; what is kept for the next edit stays as it is. */
function resolveSights(m: Machine, sights: number, records: number): void {
  const { binds, assumed, leads } = m.solver.facts;
  if (binds.size + assumed.size + leads.size === 0) return;
  m.sights.length = sights;
  m.sights.push(sightsOf(m.records.slice(records).map((record) => resolvedRecord(m, record))));
}

/** After so many steps, others get their turn. */
const LONG = 500;

/** Chunks that have to be run, and those that depend on them. */
function staleChunks(kept: KeptFile, edition: Edition): Set<Chunk> {
  const stale = new Set<Chunk>();
  for (const chunk of edition.program.chunks) {
    if (isImport(chunk.unit)) continue;
    if (kept.runs.get(chunk)?.token !== edition.token(chunk)) edition.spread(chunk, stale);
  }
  return stale;
}

function isImport(unit: Unit): boolean {
  return unit.body.every(({ kind }) => kind === "import" || kind === "import-from");
}

function runOrRepeat(m: Machine, kept: KeptFile, edition: Edition, chunk: Chunk, stale: Set<Chunk>): Completion {
  if (isImport(chunk.unit)) return runImport(m, kept, edition, chunk, stale);
  const before = conditionsOf(m);
  const known = kept.runs.get(chunk);
  if (known !== undefined && !stale.has(chunk) && isAsBefore(m, known, before)) return repeat(m, known);
  edition.spread(chunk, stale);
  kept.runs.delete(chunk);
  return runAndKeep(m, kept, edition.token(chunk), chunk, before);
}

/** Imports are cheap, since the modules have been run; what depends on them is as it was if they give the same. */
function runImport(m: Machine, kept: KeptFile, edition: Edition, chunk: Chunk, stale: Set<Chunk>): Completion {
  const [mark, records] = [m.trail.mark(), m.records.length];
  const completion = runChunk(m, kept.module, chunk);
  m.sights.push(sightsOf(m.records.slice(records)));
  const values = [...(m.trail.since(mark).get(kept.module.variables)?.values() ?? [])] as (Value | undefined)[];
  const known = kept.imported.get(chunk);
  const same = known?.length === values.length && known.every((value, i) => isSameImport(value, values[i]));
  if (!same) edition.spread(chunk, stale);
  kept.imported.set(chunk, values);
  return completion;
}

function isSameImport(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (a?.kind === "library") return b?.kind === "library" && a.name === b.name;
  return a?.kind === "module" && b?.kind === "module" && a.module === b.module;
}

function conditionsOf(m: Machine): Conditions {
  const { declared, crashed, intruders } = m;
  const tables = [m.patched, m.folders, declared.functions, declared.types, m.generalInstances];
  const flags = [m.otherDefaultFloat, m.otherMemoryFormat, m.jaxIn64Bits, m.hooks.length, declared.placed.length];
  const settings = [...tables.map(({ size }) => size), ...flags].join(" ");
  const { facts, names } = m.solver;
  return { facts, crashed, settings, intruders: [...intruders], names: new Map(names), demanded: [...m.demanded] };
}

function isAsBefore(m: Machine, known: KeptRun, now: Conditions): boolean {
  const { before } = known;
  return (
    m.steps + known.steps < m.limit &&
    before.facts === now.facts &&
    before.crashed === now.crashed &&
    before.settings === now.settings &&
    sameItems(before.intruders, now.intruders) &&
    sameItems(before.demanded, now.demanded) &&
    sameEntries(before.names, now.names)
  );
}

function sameEntries<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && b.get(key) === value);
}

function repeat(m: Machine, known: KeptRun): Completion {
  m.trail.apply(known.delta);
  for (const note of known.notes) note(m);
  for (const record of known.records) m.records.push(record);
  m.sights.push(known.sights);
  for (const finding of known.findings) m.findings.push(finding);
  m.defined.push(...known.defined);
  m.steps += known.steps;
  m.solver.facts = known.after.facts;
  m.crashed = known.after.crashed;
  m.solver.names = new Map(known.after.names);
  return known.completion;
}

function runAndKeep(m: Machine, kept: KeptFile, token: object, chunk: Chunk, before: Conditions): Completion {
  const [mark, steps, modules] = [m.trail.mark(), m.steps, m.modules.size];
  const [records, findings, defined] = [m.records.length, m.findings.length, m.defined.length];
  const { exhausted } = m;
  m.exhausted = null;
  m.notes.length = 0;
  const completion = runChunk(m, kept.module, chunk);
  const after = conditionsOf(m);
  const seen = m.records.slice(records);
  const sights = sightsOf(seen);
  m.sights.push(sights);
  // What a budget cut short depends on all that was done before; what touches the settings of libraries, on more than names tell.
  if (m.exhausted === null && after.settings === before.settings && m.modules.size === modules)
    kept.runs.set(chunk, {
      token,
      before,
      after,
      completion,
      delta: m.trail.since(mark),
      notes: [...m.notes],
      records: seen,
      sights,
      findings: m.findings.slice(findings),
      defined: m.defined.slice(defined),
      steps: m.steps - steps,
    });
  m.exhausted ??= exhausted;
  return completion;
}
