/**
 * The general views of a file's functions, and those that an earlier analysis left. A view is used again
 * while every chunk that it can depend on is the same, wherever those chunks now stand.
 */
import type { Chunk, Program, Span } from "../program/syntax.ts";
import { needsNothing } from "./calls.ts";
import { calledIn, HandedRanks, viewByCustom } from "./customs.ts";
import { type Edition, sameItems } from "./editions.ts";
import { sightsOf } from "./facts.ts";
import { generalInstance, isConstructor, viewInGeneral } from "./general.ts";
import type { Machine, Seen, View } from "./machine.ts";
import type { ClassValue, FunctionValue } from "./value.ts";

/** What was seen, and whether it could go by customs, and did. */
interface Seeing {
  readonly view: View;
  readonly custom: "forbidden" | "unused" | "used";
}

interface KeptView extends Seeing {
  /** The chunk that it belongs to, and its token then. */
  readonly owner: Chunk;
  readonly token: object;
  /** The other files of the program then, what was declared, and the functions that may be called at any time. */
  readonly others: readonly (object | null)[];
  /** The files that were imported for it, and for those before it, because they were used. */
  readonly demanded: ReadonlyMap<string, Program | null>;
  /** The names of attributes that were assigned from outside of their classes. */
  readonly outside: string;
}

/** A function, or a class that methods belong to, that is to be seen in general. */
interface Target {
  readonly key: object;
  readonly owner: Chunk;
  readonly see: () => Seeing;
  /** The same without customs. */
  readonly seePlainly: () => View;
  /** Whether what was seen earlier can be seen again. */
  readonly allows: (custom: Seeing["custom"]) => boolean;
}

/** How far a target has come. */
interface Standing {
  readonly target: Target;
  /** What an earlier analysis saw of it. */
  readonly former: Seeing | null;
  seen: Seeing | null;
  done: boolean;
}

const NOTHING: View = { sights: [], findings: [] };

export class ViewCache {
  readonly #kept = new WeakMap<object, KeptView>();

  /** The views of all functions of one file, and of the classes that their methods belong to. */
  viewsOf(m: Machine, path: string, edition: Edition, functions: readonly FunctionValue[], budget: number): FileViews {
    const imported = new Set(m.modules.keys());
    const programs = [...m.modules.values()]
      .filter((module) => module.path !== path)
      .map((module) => m.host.program(module.path));
    const others = [...programs, ...m.declared.sources, ...m.intruders.map(({ definition }) => definition)];
    const outside = [...m.assignedOutside].toSorted().join(" ");
    const isAsBefore = (kept: KeptView, { owner, allows }: Target): boolean =>
      kept.owner === owner &&
      kept.token === edition.token(owner) &&
      kept.outside === outside &&
      allows(kept.custom) &&
      sameItems(kept.others, others) &&
      [...kept.demanded].every(([file, program]) => m.host.program(file) === program);
    const standing = (target: Target): Standing => {
      const former = this.#kept.get(target.key) ?? null;
      const done = former !== null && isAsBefore(former, target);
      return { target, former, seen: done ? former : null, done };
    };
    const keep = ({ key, owner }: Target, seeing: Seeing): void => {
      if (m.exhausted === "cancelled") return;
      const files = [...m.modules.keys()].filter((file) => !imported.has(file));
      const demanded = new Map(files.map((file) => [file, m.host.program(file)]));
      this.#kept.set(key, { ...seeing, owner, token: edition.token(owner), others, demanded, outside });
    };
    return new FileViews(m, path, functions, budget, standing, keep);
  }
}

/** What was seen without customs, by what was seen with them: it holds as long as that does. */
const plainViews = new WeakMap<View, View>();

/** The views of one file under way. */
export class FileViews {
  readonly path: string;
  readonly #machine: Machine;
  readonly #keep: (target: Target, seeing: Seeing) => void;
  readonly #called: Set<object | null>;
  /** What calls others as a test does comes first: it says how they are called. */
  readonly #tests: readonly Standing[];
  /** Made once the tests have been seen. */
  readonly #makeRest: () => readonly Standing[];
  #rest: readonly Standing[] | null = null;
  /** What went by customs that calls contradict; null before all has been seen. */
  #contradicted: Standing[] | null = null;

  constructor(
    m: Machine,
    path: string,
    functions: readonly FunctionValue[],
    budget: number,
    standing: (target: Target) => Standing,
    keep: (target: Target, seeing: Seeing) => void,
  ) {
    this.#machine = m;
    this.path = path;
    this.#keep = keep;
    this.#called = calledIn(m.sights);
    const { tests, plain, classes } = toBeSeen(m, functions);
    this.#tests = tests.map((each) => standing(functionTarget(m, each, budget, false)));
    this.#makeRest = () => [
      ...plain.map((each) => standing(functionTarget(m, each, budget, !this.#called.has(each.definition)))),
      ...classes.map((type) => standing(classTarget(m, type, budget))),
    ];
  }

  /** Sees one more in general, first of all in a range of offsets, then where the text is new; false once all are seen. */
  next(near: Span | null): boolean {
    if (this.#machine.exhausted === "cancelled") return false;
    const open = (this.#rest ?? this.#tests).filter(({ done }) => !done);
    const standing =
      (near === null ? undefined : open.find(({ target }) => touches(target.owner, near))) ??
      open.find(({ former }) => former === null) ??
      open[0];
    if (standing !== undefined) {
      standing.seen = standing.target.see();
      standing.done = true;
      this.#keep(standing.target, standing.seen);
      return true;
    }
    return this.#rest === null ? this.#goOn() : this.#mendOne();
  }

  /** Whether all that stands in a range of offsets has been seen; without a range, all whose text is new. */
  isReady(near: Span | null): boolean {
    const isAsked = ({ target, former }: Standing): boolean =>
      near === null ? former === null : touches(target.owner, near);
    return this.#rest?.every((standing) => standing.done || !isAsked(standing)) ?? false;
  }

  /** What has been seen, without what went by customs that calls contradict, now or in an earlier analysis. */
  get views(): readonly View[] {
    const all = this.#all;
    const left = new Set(this.#contradicted ?? this.#contradictedBy([...viewsOf(all), ...this.former]));
    return viewsOf(all.filter((standing) => !left.has(standing)));
  }

  /** What earlier analyses saw where this one has not looked yet: what has changed elsewhere may say otherwise. */
  get former(): readonly View[] {
    return this.#all.flatMap(({ done, former }) => (done || former === null ? [] : [former.view]));
  }

  get #all(): readonly Standing[] {
    return [...this.#tests, ...(this.#rest ?? [])];
  }

  #goOn(): boolean {
    const groups = this.#tests.flatMap(({ seen }) => (seen === null ? [] : [seen.view.sights]));
    for (const one of calledIn(groups)) this.#called.add(one);
    this.#rest = this.#makeRest();
    return true;
  }

  /** Sees again without customs what went by some that calls contradict. */
  #mendOne(): boolean {
    this.#contradicted ??= this.#contradictedBy(viewsOf(this.#all));
    const standing = this.#contradicted.shift();
    if (standing === undefined) return false;
    const custom = standing.seen?.view ?? NOTHING;
    const view = plainViews.get(custom) ?? standing.target.seePlainly();
    if (this.#machine.exhausted !== "cancelled") plainViews.set(custom, view);
    standing.seen = { view, custom: "forbidden" };
    return true;
  }

  #contradictedBy(views: readonly View[]): Standing[] {
    const customary = this.#all.filter(({ seen }) => seen?.custom === "used");
    const handed = new HandedRanks(customary.length > 0 ? views : []);
    return customary.filter(({ seen }) => seen !== null && handed.contradict(seen.view));
  }
}

function viewsOf(standings: readonly Standing[]): readonly View[] {
  return standings.flatMap(({ seen }) => seen?.view ?? []);
}

function touches({ offset, unit }: Chunk, { start, end }: Span): boolean {
  return offset <= end && start <= offset + unit.text.length;
}

/** Each function once, constructors left out, which are seen with their classes. */
function toBeSeen(m: Machine, functions: readonly FunctionValue[]) {
  const viewed = new Map<object, FunctionValue>();
  const classes = new Map<object, ClassValue>();
  for (const each of functions) {
    if (each.definedIn !== null) classes.set(each.definedIn.definition, each.definedIn);
    if (!viewed.has(each.definition) && !isConstructor(m, each)) viewed.set(each.definition, each);
  }
  const all = [...viewed.values()];
  const tests = all.filter((each) => needsNothing(m, each));
  return { tests, plain: all.filter((each) => !needsNothing(m, each)), classes: [...classes.values()] };
}

function functionTarget(m: Machine, target: FunctionValue, budget: number, goesByCustom: boolean): Target {
  const seePlainly = (): View => fresh(m, budget, () => viewInGeneral(m, target));
  const see = (): Seeing => {
    if (!goesByCustom) return { view: seePlainly(), custom: "forbidden" };
    let custom: Seeing["custom"] = "forbidden";
    const view = fresh(m, budget, () => {
      custom = viewByCustom(m, target) ? "used" : "unused";
    });
    return { view, custom };
  };
  const allows = (custom: Seeing["custom"]): boolean => custom === "unused" || goesByCustom === (custom === "used");
  return { key: target.definition, owner: target.owner, see, seePlainly, allows };
}

/** What the constructor of a class shows: it has been run if some method has been seen. */
function classTarget(m: Machine, type: ClassValue, budget: number): Target {
  const seePlainly = (): View => {
    if (!m.instanceViews.has(type.definition)) fresh(m, budget, () => void generalInstance(m, type));
    const seen = m.instanceViews.get(type.definition);
    return seen === undefined ? NOTHING : summed(seen);
  };
  const see = (): Seeing => ({ view: seePlainly(), custom: "unused" });
  return { key: type.definition, owner: type.owner, see, seePlainly, allows: () => true };
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

function summed({ records, findings }: Seen): View {
  return { sights: sightsOf(records), findings };
}
