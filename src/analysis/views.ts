/**
 * The general views of a file's functions, and those that an earlier analysis left. A view is used again
 * while every chunk that it can depend on is the same, wherever those chunks now stand.
 */
import type { Chunk, Program, Unit } from "../program/syntax.ts";
import { dependenciesIn } from "./dependencies.ts";
import { generalInstance, isConstructor, viewInGeneral } from "./general.ts";
import type { Context, Machine, Site, View } from "./machine.ts";
import type { ClassValue, FunctionValue } from "./value.ts";

interface KeptView {
  readonly view: View;
  readonly units: readonly Unit[];
  /** The chunks of the edit that the view was made for, which symbols name as their origin, and those of now. */
  readonly original: readonly Chunk[];
  current: readonly Chunk[];
  /** The other files of the program then, and what was declared. */
  readonly others: readonly (object | null)[];
}

export class ViewCache {
  readonly #kept = new WeakMap<object, KeptView>();

  /** Adds the views of all functions of one file, and of the classes that their methods belong to; pauses after each new one. */
  *viewsOf(
    m: Machine,
    path: string,
    program: Program,
    functions: readonly FunctionValue[],
    budget: number,
    views: View[],
  ): Generator<void> {
    const dependencies = dependenciesIn(program);
    const programs = [...m.modules.values()]
      .filter((module) => module.path !== path)
      .map((module) => m.host.program(module.path));
    const others = [...programs, ...m.declared.sources];
    const reuse = (key: object, owner: Chunk): View | null => this.#reuse(m, key, dependencies.of(owner), others);
    const keep = (key: object, owner: Chunk, view: View): void => {
      if (m.exhausted === "cancelled") return;
      const chunks = dependencies.of(owner);
      this.#kept.set(key, {
        view,
        units: chunks.map((chunk) => chunk.unit),
        original: chunks,
        current: chunks,
        others,
      });
    };
    const classes = new Map<object, ClassValue>();
    const seen = new Set<object>();
    for (const target of functions) {
      const { definition, definedIn } = target;
      if (seen.has(definition) || m.exhausted === "cancelled") continue;
      seen.add(definition);
      if (definedIn !== null) classes.set(definedIn.definition, definedIn);
      if (isConstructor(m, target)) continue;
      const again = reuse(definition, target.owner);
      const view = again ?? fresh(m, budget, () => viewInGeneral(m, target));
      if (again === null) keep(definition, target.owner, view);
      views.push(view);
      if (again === null) yield;
    }
    for (const type of classes.values()) {
      const made = m.instanceViews.get(type.definition);
      const again = made === undefined ? reuse(type.definition, type.owner) : null;
      if (made === undefined && again === null) fresh(m, budget, () => void generalInstance(m, type));
      const view = again ?? m.instanceViews.get(type.definition);
      if (view === undefined) continue;
      if (again === null) keep(type.definition, type.owner, view);
      m.instanceViews.delete(type.definition);
      views.push(view);
      if (again === null) yield;
    }
  }

  #reuse(m: Machine, key: object, chunks: readonly Chunk[], others: readonly (object | null)[]): View | null {
    const kept = this.#kept.get(key);
    if (kept === undefined || !sameItems(kept.others, others)) return null;
    if (kept.units.length !== chunks.length || kept.units.some((unit, i) => unit !== chunks[i]?.unit)) return null;
    move(m, kept, chunks);
    return kept.view;
  }
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Runs a view under its own budget. What was seen before that ran out may hold for a part of the paths only. */
function fresh(m: Machine, budget: number, run: () => void): View {
  const [records, findings] = [m.records.length, m.findings.length];
  m.limit = m.steps + budget;
  run();
  const view = m.takeView(records, findings);
  const spent = m.stopped;
  m.stopped = m.exhausted === "cancelled";
  return spent ? { records: [], findings: [] } : view;
}

/** Puts everything that a kept view tells to where its chunks stand now. */
function move(m: Machine, kept: KeptView, chunks: readonly Chunk[]): void {
  const now = new Map<Chunk, Chunk>();
  kept.current.forEach((before, i) => now.set(before, chunks[i] ?? before));
  kept.original.forEach((before, i) => m.renameChunk(before, chunks[i] ?? before));
  kept.current = chunks;
  const moved = new Set<Site>();
  const site = (one: Site): void => {
    if (moved.has(one)) return;
    moved.add(one);
    one.owner = now.get(one.owner) ?? one.owner;
  };
  const context = (one: Context | null): void => {
    for (let at = one; at !== null && !moved.has(at.call); at = at.parent) site(at.call);
  };
  for (const record of kept.view.records) {
    site(record);
    context(record.context);
  }
  for (const finding of kept.view.findings) {
    site(finding);
    finding.related.forEach(site);
    context(finding.context);
  }
}
