/**
 * The entry to the interpreter: runs the given files as one program, then sees every function of theirs
 * in general, and gives what was found. Deterministic for the same input and budget.
 */
import type { Dialect } from "../program/dialect.ts";
import { viewInGeneral } from "./general.ts";
import { type Host, Machine } from "./machine.ts";
import { makeModuleFrame, runModule } from "./modules.ts";
import { resolveRecords } from "./records.ts";
import type { Result } from "./result.ts";
import { resultsOf } from "./results.ts";
import { resetTo } from "./roots.ts";
import type { FunctionValue } from "./value.ts";

export interface AnalyzeOptions {
  /** Steps of work for each file's own run, and for each function's general view. */
  readonly budget?: number;
  readonly cancelled?: () => boolean;
}

const RUN_BUDGET = 400_000;
const VIEW_BUDGET = 60_000;

export class Analyzer {
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Analyses the entries and what they import as one program. Never throws; null if it was cancelled. */
  analyze(entries: readonly string[], host: Host, options: AnalyzeOptions = {}): Result | null {
    const cancelled = options.cancelled ?? ((): boolean => false);
    const m = new Machine(this.#dialect, host, 0, cancelled);
    const budget = options.budget ?? RUN_BUDGET;
    for (const path of entries) runEntry(m, path, budget);
    const limited = m.exhausted;
    for (const path of entries) viewEntry(m, path, Math.min(budget, VIEW_BUDGET));
    if (m.exhausted === "cancelled" || cancelled()) return null;
    return resultsOf(m, entries, limited ?? m.exhausted);
  }
}

/** Runs a file as the main one; its functions are collected for their general views. */
function runEntry(m: Machine, path: string, budget: number): void {
  const program = m.host.program(path);
  if (program === null) return;
  m.limit = m.steps + budget;
  const module = makeModuleFrame(path, m.dialect.mainGuard.value, program);
  const first = m.records.length;
  m.defined = [];
  m.crashed = false;
  m.collecting = path;
  runModule(m, module, program);
  m.collecting = null;
  resolveRecords(m, first);
  m.definedIn.set(path, m.defined);
  if (m.exhausted !== "cancelled") m.stopped = false;
}

function viewEntry(m: Machine, path: string, budget: number): void {
  const seen = new Set<object>();
  const facts = m.solver.facts;
  for (const target of m.definedIn.get(path) ?? []) viewOnce(m, target, seen, budget);
  resetTo(m, m.trail.mark(), facts);
}

function viewOnce(m: Machine, target: FunctionValue, seen: Set<object>, budget: number): void {
  if (seen.has(target.definition) || m.exhausted === "cancelled") return;
  seen.add(target.definition);
  m.limit = m.steps + budget;
  const first = m.records.length;
  viewInGeneral(m, target);
  // What was seen before the budget ran out may hold for a part of the paths only.
  if (m.stopped) m.records.length = first;
  m.stopped = m.exhausted === "cancelled";
}
