/**
 * The general views of a file's functions, and those that an earlier analysis left. A view is used again
 * while every chunk that it can depend on is the same, wherever those chunks now stand.
 */
import type { Chunk, Program } from "../program/syntax.ts";
import { needsNothing } from "./calls.ts";
import { calledIn, HandedRanks, viewByCustom } from "./customs.ts";
import { type Edition, sameItems } from "./editions.ts";
import { sightsOf } from "./facts.ts";
import { generalInstance, isConstructor, viewInGeneral } from "./general.ts";
import type { Machine, Seen, View } from "./machine.ts";
import type { ClassValue, FunctionValue } from "./value.ts";

interface KeptView {
  readonly view: View;
  /** The chunk that it belongs to, and its token then. */
  readonly owner: Chunk;
  readonly token: object;
  /** The other files of the program then, what was declared, and the functions that may be called at any time. */
  readonly others: readonly (object | null)[];
  /** The files that were imported for it, and for those before it, because they were used. */
  readonly demanded: ReadonlyMap<string, Program | null>;
  /** The names of attributes that were assigned from outside of their classes. */
  readonly outside: string;
  /** Whether it could go by customs, and did. */
  readonly custom: "forbidden" | "unused" | "used";
}

export class ViewCache {
  readonly #kept = new WeakMap<object, KeptView>();

  /** Adds the views of all functions of one file, and of the classes that their methods belong to; pauses after each new one. */
  *viewsOf(
    m: Machine,
    path: string,
    edition: Edition,
    functions: readonly FunctionValue[],
    budget: number,
    views: View[],
  ): Generator<void> {
    const imported = new Set(m.modules.keys());
    const programs = [...m.modules.values()]
      .filter((module) => module.path !== path)
      .map((module) => m.host.program(module.path));
    const others = [...programs, ...m.declared.sources, ...m.intruders.map(({ definition }) => definition)];
    const outside = [...m.assignedOutside].toSorted().join(" ");
    const reuse = (key: object, owner: Chunk): KeptView | null => {
      const kept = this.#kept.get(key);
      const same = kept?.owner === owner && kept.token === edition.token(owner) && kept.outside === outside;
      if (!same || !sameItems(kept.others, others)) return null;
      return [...kept.demanded].every(([file, program]) => m.host.program(file) === program) ? kept : null;
    };
    const keep = (key: object, owner: Chunk, view: View, custom: KeptView["custom"]): void => {
      if (m.exhausted === "cancelled") return;
      const demanded = [...m.modules.keys()].filter((file) => !imported.has(file));
      const programsThen = new Map(demanded.map((file) => [file, m.host.program(file)]));
      this.#kept.set(key, {
        view,
        owner,
        token: edition.token(owner),
        others,
        demanded: programsThen,
        outside,
        custom,
      });
    };
    const classes = new Map<object, ClassValue>();
    const seen = new Set<object>();
    const called = calledIn(m.sights);
    const customary: (readonly [FunctionValue, number])[] = [];
    // What calls others as a test does comes first: it says how they are called.
    for (const target of [...functions].sort((a, b) => Number(needsNothing(m, b)) - Number(needsNothing(m, a)))) {
      const { definition, definedIn } = target;
      if (seen.has(definition) || m.exhausted === "cancelled") continue;
      seen.add(definition);
      if (definedIn !== null) classes.set(definedIn.definition, definedIn);
      if (isConstructor(m, target)) continue;
      const allowed = !called.has(definition) && !needsNothing(m, target);
      const again = reuse(definition, target.owner);
      const usable = again !== null && (again.custom === "unused" || allowed === (again.custom === "used"));
      let custom = usable ? again.custom : "forbidden";
      const run = (): void => {
        if (!allowed) viewInGeneral(m, target);
        else custom = viewByCustom(m, target) ? "used" : "unused";
      };
      const view = usable ? again.view : fresh(m, budget, run);
      if (!usable) keep(definition, target.owner, view, custom);
      if (custom === "used") customary.push([target, views.length]);
      for (const one of needsNothing(m, target) ? calledIn([view.sights]) : []) called.add(one);
      views.push(view);
      if (!usable) yield;
    }
    const handed = new HandedRanks(customary.length > 0 ? views : []);
    for (const [target, at] of customary) {
      const view = views[at];
      if (view === undefined || !handed.contradict(view)) continue;
      views[at] = fresh(m, budget, () => viewInGeneral(m, target));
      yield;
    }
    for (const type of classes.values()) {
      const made = m.instanceViews.get(type.definition);
      const again = made === undefined ? (reuse(type.definition, type.owner)?.view ?? null) : null;
      if (made === undefined && again === null) fresh(m, budget, () => void generalInstance(m, type));
      const seen = m.instanceViews.get(type.definition);
      const view = again ?? (seen === undefined ? null : summed(seen));
      if (view === null) continue;
      if (again === null) keep(type.definition, type.owner, view, "unused");
      m.instanceViews.delete(type.definition);
      views.push(view);
      if (again === null) yield;
    }
  }
}

/** Runs a view under its own budget. What was seen before that ran out may hold for a part of the paths only. */
function fresh(m: Machine, budget: number, run: () => void): View {
  const [records, findings] = [m.records.length, m.findings.length];
  m.limit = m.steps + budget;
  run();
  const view = m.takeView(records, findings);
  const spent = m.stopped;
  m.stopped = m.exhausted === "cancelled";
  return spent ? NOTHING : summed(view);
}

const NOTHING: View = { sights: [], findings: [] };

function summed({ records, findings }: Seen): View {
  return { sights: sightsOf(records), findings };
}
