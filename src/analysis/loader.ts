/**
 * Imported modules, each run once for all analyses that import it. A module is run by itself, in a machine of its own
 * that sees its imports as their own runs left them; an analysis takes over what came of it, unless the analysis has
 * changed what that run could see: then the module is run anew there. It keeps units from edit to edit, and knows
 * nothing of what is shown of a file.
 */
import type { Dialect } from "../program/dialect.ts";
import type { Program } from "../program/syntax.ts";
import { type Declarations, loadDeclarations } from "./declared.ts";
import type { ModuleFrame } from "./frame.ts";
import { applyEffects, effectsOf, settingsOf } from "./effects.ts";
import { havoc } from "./havoc.ts";
import type { Host } from "./host.ts";
import { type Imports, Machine } from "./machine.ts";
import { makeModuleFrame, runModule } from "./modules.ts";
import { openRegistries } from "./registries.ts";
import { UNKNOWN } from "./value.ts";
import {
  type Change,
  claimMaps,
  foreignChanges,
  isSame,
  openContent,
  type LoadedModule,
  ownerOf,
  read,
  type Resolution,
  type Unit,
  write,
} from "./units.ts";
import { ABSENT, type Cell } from "./trail.ts";

/** Steps for the run of one imported module. */
const MODULE_BUDGET = 60_000;
/** Work for all that one imported module imports in turn, and for all that an analysis imports. */
const MODULE_IMPORTS = 400_000;
const ALL_IMPORTS = 1_200_000;
/**
 * Steps for running modules anew: for what one module drags in, as in packages whose modules all import each other,
 * and for one analysis. What is not run counts as unread, until a later analysis comes to it.
 */
const DRAGGED_IN = 40_000;
const RUNS = 250_000;
/** Reading so many characters counts as one step. */
const TEXT_STEP = 16;
/** Units are kept up to this many characters of their texts. */
const KEPT_TEXT = 10_000_000;

/** A module being run, on top of the one that imports it. */
interface Run {
  readonly path: string;
  readonly frame: ModuleFrame;
  readonly program: Program | null;
  readonly machine: Machine;
  readonly resolutions: Resolution[];
  /** The lowest run that this one, or what it imports, has come back to: the modules between import each other. */
  low: number;
}

/** What an analysis has taken over so far. */
interface Taken {
  readonly units: Set<Unit>;
  /** What taking them over wrote into other units. */
  readonly applied: Map<Cell, Map<unknown, { readonly after: unknown; readonly unit: Unit }>>;
  /** Units that something changed after their own run, and the unit that did; null for the analysis itself. */
  readonly disturbed: Map<Unit, Set<Unit | null>>;
  steps: number;
}

export class Loader {
  readonly #dialect: Dialect;
  readonly #units = new Map<string, Unit>();
  /** Units of modules that import a module still being run. */
  readonly #partial = new Map<Unit, number>();
  readonly #running: Run[] = [];
  #size = 0;
  /** Steps that modules took to run in this analysis, and when the lowest of those running began. */
  #work = 0;
  #begun = 0;
  readonly #taken = new WeakMap<Machine, Taken>();
  readonly #valid = new WeakMap<Host, Map<Unit, boolean>>();

  /** Whether what modules import is run only when its names are used, as in programs too large to be run as a whole. */
  readonly onDemand: boolean;

  constructor(dialect: Dialect, onDemand: boolean) {
    this.#dialect = dialect;
    this.onDemand = onDemand;
  }

  /** The module at a path as `m` may see it; null where it has to be run in `m` itself. */
  provide(m: Machine, host: Host, path: string, name: string): ModuleFrame | null {
    const index = this.#running.findIndex((run) => run.path === path);
    if (index >= 0) {
      this.#comeBack(index);
      return this.#running[index]?.frame ?? null;
    }
    const taken = this.#takenBy(m);
    if (taken.steps > (this.#running.length > 0 ? MODULE_IMPORTS : ALL_IMPORTS)) {
      m.exhausted ??= "imports";
      return unreadModule(path);
    }
    const unit = this.#unit(m, host, path, name);
    if (unit === null) return unreadModule(path);
    this.#noteDisturbances(m, taken);
    return this.#take(m, taken, unit) ? (unit.modules.get(path)?.frame ?? null) : null;
  }

  /** Runs a module, if that has not been done, without importing it anywhere. */
  preload(m: Machine, host: Host, path: string): void {
    this.#unit(m, host, path, "");
  }

  /** An analysis is over: what it changed in modules is taken back. All are forgotten where their texts are too many. */
  leave(m: Machine): void {
    takeBack(foreignChanges(m));
    this.#work = 0;
    if (this.#size <= KEPT_TEXT) return;
    this.#units.clear();
    this.#size = 0;
  }

  #comeBack(index: number): void {
    const top = this.#running.at(-1);
    if (top !== undefined) top.low = Math.min(top.low, index);
  }

  #takenBy(m: Machine): Taken {
    const known = this.#taken.get(m);
    if (known !== undefined) return known;
    const taken: Taken = { units: new Set(), applied: new Map(), disturbed: new Map(), steps: 0 };
    this.#taken.set(m, taken);
    return taken;
  }

  #unit(m: Machine, host: Host, path: string, name: string): Unit | null {
    const known = this.#units.get(path);
    if (known !== undefined && this.#isValid(known, host)) return known;
    if (this.#running.length === 0) this.#begun = this.#work;
    const isSpent = this.#work > RUNS || (this.#running.length > 0 && this.#work - this.#begun > DRAGGED_IN);
    if (isSpent && !this.onDemand) {
      m.exhausted ??= "imports";
      return null;
    }
    // What the analysis has changed so far is out of sight meanwhile.
    const changed = foreignChanges(m);
    takeBack(changed);
    const unit = this.#run(m, host, path, host.name?.(path) ?? name);
    for (const { map, key, after } of changed) write(map, key, after);
    return unit;
  }

  /** Whether its files, and where its imports lead, are as they were. */
  #isValid(unit: Unit, host: Host): boolean {
    const checked = this.#valid.get(host) ?? new Map<Unit, boolean>();
    this.#valid.set(host, checked);
    const before = checked.get(unit);
    if (before !== undefined) return before;
    checked.set(unit, true);
    const valid =
      unit.needs.every((need) => this.#isValid(need, host) && this.#isKept(need)) &&
      [...unit.modules].every(
        ([path, module]) =>
          host.program(path) === module.program && declarationsFor(host, path) === module.declarations,
      ) &&
      unit.resolutions.every(({ from, name, level, path }) => host.resolve(from, name, level) === path);
    checked.set(unit, valid);
    return valid;
  }

  /** Whether it is still what its paths stand for. */
  #isKept(unit: Unit): boolean {
    return this.#partial.has(unit) || unit.roots.some((path) => this.#units.get(path) === unit);
  }

  #run(m: Machine, host: Host, path: string, name: string): Unit | null {
    const program = host.program(path);
    this.#size += program?.text.length ?? 0;
    const resolutions: Resolution[] = [];
    const resolve: Host["resolve"] = (from, name, level) => {
      const found = host.resolve(from, name, level);
      resolutions.push({ from, name, level, path: found });
      return found;
    };
    const seen: Host = { ...host, resolve };
    const provide: Imports["provide"] = (inner, asked, as) => this.provide(inner, host, asked, as);
    const imports: Imports = { provide, onDemand: this.onDemand };
    const machine = new Machine(this.#dialect, seen, MODULE_BUDGET, m.cancelled, imports);
    const frame = makeModuleFrame(path, name, program);
    const index = this.#running.length;
    const run: Run = { path, frame, program, machine, resolutions, low: index };
    machine.modules.set(path, frame);
    this.#running.push(run);
    if (program === null) frame.variables.set("*", UNKNOWN);
    else runModule(machine, frame, program);
    // What was handed out may be called at any time from now on, and what others import by those that are not run.
    havoc(machine, []);
    if (this.onDemand) openRegistries(machine, frame);
    this.#work += machine.steps;
    this.#running.pop();
    if (machine.exhausted === "cancelled") {
      m.stop("cancelled");
      this.#forgetPartial(index);
      return null;
    }
    return this.#finish(run, index);
  }

  /** A run is over: what it changed in other units is taken back there, and noted. */
  #finish(run: Run, index: number): Unit {
    const { machine } = run;
    const taken = this.#takenBy(machine);
    const changed = foreignChanges(machine);
    takeBack(changed);
    const parts = [...taken.units].filter((unit) => (this.#partial.get(unit) ?? -1) >= index);
    const needs = [...taken.units].filter((unit) => !parts.includes(unit));
    const imported = new Set(needs.flatMap((need) => [...need.modules.keys()]));
    const modules = new Map(
      [...machine.modules]
        .filter(([path, { path: own }]) => own === path && !imported.has(path) && !this.#isRunning(path))
        .map(([path, frame]) => [path, loaded(machine.host, path, frame)] as const),
    );
    const all = new Set(needs.flatMap((need) => [...need.all]));
    const unit: Unit = {
      roots: [run.path, ...parts.flatMap((part) => part.roots)],
      modules,
      resolutions: [...run.resolutions, ...parts.flatMap((part) => part.resolutions)],
      needs,
      all,
      changes: ownChanges(taken, parts, changed),
      effects: effectsOf(machine, all),
      fails: machine.crashed,
      steps: machine.steps + textSteps(run.program) + parts.reduce((sum, part) => sum + part.steps, 0),
      exhausted: machine.exhausted,
    };
    all.add(unit);
    this.#forgetPartial(index);
    for (const path of unit.roots) this.#units.set(path, unit);
    if (run.low < index) {
      this.#partial.set(unit, run.low);
      const top = this.#running.at(-1);
      if (top !== undefined) top.low = Math.min(top.low, run.low);
    } else claimMaps(unit);
    return unit;
  }

  /** Forgets the units of modules that import one at this height of the stack or above, which is over. */
  #forgetPartial(index: number): void {
    for (const [part, low] of this.#partial) {
      if (low < index) continue;
      this.#partial.delete(part);
      for (const path of part.roots) if (this.#units.get(path) === part) this.#units.delete(path);
    }
  }

  #isRunning(path: string): boolean {
    return this.#running.some((run) => run.path === path);
  }

  /** Finds out which units the analysis has changed since it took them over. */
  #noteDisturbances(m: Machine, taken: Taken): void {
    for (const { map, key, before, after, owner } of foreignChanges(m)) {
      if (isSame(before, after) || taken.applied.get(map)?.get(key)?.after === after) continue;
      disturb(taken, owner, null);
    }
  }

  /** Makes a unit and what it needs part of an analysis; false where something is no longer as its run saw it. */
  #take(m: Machine, taken: Taken, unit: Unit): boolean {
    if (taken.units.has(unit)) return true;
    const low = this.#partial.get(unit);
    if (low !== undefined) this.#comeBack(low);
    if (this.onDemand ? hasAssigned(m, unit) : !this.#isAsSeen(m, taken, unit)) return false;
    for (const need of unit.needs) if (!this.#take(m, taken, need)) return false;
    if (!this.onDemand && !unit.changes.every((change) => isAsBefore(change))) return false;
    taken.units.add(unit);
    taken.steps += unit.steps;
    this.#apply(m, taken, unit);
    return true;
  }

  #apply(m: Machine, taken: Taken, unit: Unit): void {
    for (const change of unit.changes) {
      applyChange(m, taken, unit, this.onDemand ? openChange(change) : change);
      const owner = ownerOf(change.map);
      // A new entry in a registry is no disturbance to those who do not look for it.
      if (owner !== null && change.before !== ABSENT) disturb(taken, owner, unit);
    }
    for (const [path, { frame, program }] of unit.modules) {
      if (!m.modules.has(path)) m.modules.set(path, frame);
      loadDeclarations(m, path);
      for (const chunk of program?.chunks ?? []) m.enterFile(chunk, path);
    }
    applyEffects(m, unit.effects);
    if (unit.exhausted !== null) m.exhausted ??= unit.exhausted;
    if (!unit.fails) return;
    if (m.tolerant > 0) m.thrown = true;
    else m.crashed = true;
  }

  #isAsSeen(m: Machine, taken: Taken, unit: Unit): boolean {
    for (const [path, { frame }] of unit.modules) {
      const known = m.modules.get(path);
      if (known !== undefined && known !== frame) return false;
    }
    for (const [owner, writers] of taken.disturbed) {
      if (!unit.all.has(owner)) continue;
      for (const writer of writers) if (writer === null || !unit.all.has(writer)) return false;
    }
    const patched = new Set([...unit.all].flatMap((each) => each.effects.patched));
    if ([...m.patched.keys()].some((name) => !patched.has(name))) return false;
    const settings = settingsOf(m);
    return settings.every((set, i) => !set || [...unit.all].some((each) => each.effects.settings[i] === true));
  }
}

/** Whether the analysis has assigned to a name of a module that the unit's run could see. */
function hasAssigned(m: Machine, unit: Unit): boolean {
  const owners = [...m.reassigned].map(ownerOf);
  return owners.some((owner) => owner !== null && unit.all.has(owner));
}

function isAsBefore({ map, key, before, after }: Change): boolean {
  const now = read(map, key);
  return isSame(now, before) || isSame(now, after);
}

/** What is imported on demand may have been imported before what another one wrote, or after it. */
function openChange(change: Change): Change {
  if (change.before === ABSENT && isAsBefore(change)) return change;
  return { ...change, after: openContent(change.key, change.after) };
}

function takeBack(changes: readonly Change[]): void {
  for (const { map, key, before } of changes) write(map, key, before);
}

/** A module that is not read may hold anything. */
function unreadModule(path: string): ModuleFrame {
  const frame = makeModuleFrame("", path, null);
  frame.variables.set("*", UNKNOWN);
  return frame;
}

function textSteps(program: Program | null): number {
  return Math.ceil((program?.text.length ?? 0) / TEXT_STEP);
}

function loaded(host: Host, path: string, frame: ModuleFrame): LoadedModule {
  return { frame, program: host.program(path), declarations: declarationsFor(host, path) };
}

function declarationsFor(host: Host, path: string): Declarations | null {
  return host.settings?.declarations(path) ?? null;
}

/** What a run changed itself, as against what it took over from the units that it imports. */
function ownChanges(taken: Taken, parts: readonly Unit[], changed: readonly Change[]): readonly Change[] {
  return changed.flatMap(({ map, key, before, after }) => {
    const applied = taken.applied.get(map)?.get(key);
    if (applied === undefined || parts.includes(applied.unit)) return [{ map, key, before, after }];
    return applied.after === after ? [] : [{ map, key, before: applied.after, after }];
  });
}

function applyChange(m: Machine, taken: Taken, unit: Unit, { map, key, after }: Change): void {
  if (after === ABSENT) m.trail.delete(map, key);
  else m.trail.set(map, key, after);
  const keys = taken.applied.get(map) ?? new Map<unknown, { after: unknown; unit: Unit }>();
  taken.applied.set(map, keys.set(key, { after, unit }));
}

function disturb(taken: Taken, owner: Unit, writer: Unit | null): void {
  const writers = taken.disturbed.get(owner) ?? new Set();
  taken.disturbed.set(owner, writers.add(writer));
}
