/**
 * A unit is a module of the program (or several that import each other) as its own run left it, to be used by every
 * analysis that imports it. It knows what belongs to a unit, and what its run changed in others; it runs nothing.
 */
import type { Program } from "../program/syntax.ts";
import type { Declarations } from "./declared.ts";
import type { Effects } from "./effects.ts";
import type { ModuleFrame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { ABSENT, type Cell, watch } from "./trail.ts";
import { FORGOTTEN, UNKNOWN } from "./value.ts";
import { unknownDim } from "../shapes/index.ts";

export interface LoadedModule {
  readonly frame: ModuleFrame;
  readonly program: Program | null;
  /** What the settings around it declare. */
  readonly declarations: Declarations | null;
}

/** Where an import led when the unit was run. */
export interface Resolution {
  readonly from: string;
  readonly name: string;
  readonly level: number;
  readonly path: string | null;
}

/** What a run made of one cell of another unit: a registry's new entry, an attribute that it replaced. */
export interface Change {
  readonly map: Cell;
  readonly key: unknown;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Unit {
  /** The modules that are found by importing them; the others are as they are only together with these. */
  readonly roots: readonly string[];
  /** Modules by their paths. */
  readonly modules: ReadonlyMap<string, LoadedModule>;
  readonly resolutions: readonly Resolution[];
  /** The units that it imports, in the order of their first import. */
  readonly needs: readonly Unit[];
  /** Those, what they need, and itself. */
  readonly all: ReadonlySet<Unit>;
  readonly changes: readonly Change[];
  readonly effects: Effects;
  /** Importing it certainly fails. */
  readonly fails: boolean;
  /** The work that its own modules took. */
  readonly steps: number;
  readonly exhausted: string | null;
}

/** The unit that a Map belongs to: whoever else writes it changes that unit. */
const owners = new WeakMap<object, Unit>();

export function ownerOf(map: object): Unit | null {
  return owners.get(map) ?? null;
}

/** What leads from a value to the text of the program, or to numbers, which hold nothing that can change. */
const LEAVES: ReadonlySet<string> = new Set(
  "definition owner shape place symbol module content layer construction locals volatile".split(" "),
);
const INERT: ReadonlySet<unknown> = new Set(
  "tensor int float bool string none dtype range library builtin unknown".split(" "),
);

/** Makes the unit the owner of every Map that can be reached from its modules and belongs to no other unit. */
export function claimMaps(unit: Unit): void {
  const seen = new Set<object>();
  const pending: unknown[] = [...unit.modules.values()].map(({ frame }) => frame.variables);
  const push = (value: unknown): void => {
    if (typeof value === "object" && value !== null && !seen.has(value)) pending.push(value);
  };
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    if (next instanceof Map) {
      if (owners.has(next)) continue;
      owners.set(next, unit);
      watch(next);
      withoutGenerators(next);
      for (const value of next.values()) push(value);
    } else if (Array.isArray(next)) next.forEach(push);
    else if (!("kind" in next && INERT.has(next.kind)))
      for (const [name, value] of Object.entries(next)) if (!LEAVES.has(name)) push(value);
  }
}

/** A generator goes on in the run that made it, which is over. */
function withoutGenerators(map: Map<unknown, unknown>): void {
  for (const [key, value] of map) {
    if (typeof value === "object" && value !== null && "kind" in value && value.kind === "lazy") map.set(key, UNKNOWN);
  }
}

/** What the machine has written so far in the Maps of units. */
export function foreignChanges(m: Machine): readonly (Change & { readonly owner: Unit })[] {
  const changes: (Change & { readonly owner: Unit })[] = [];
  for (const { map, key, values } of m.trail.watchedHistory()) {
    const owner = owners.get(map);
    if (owner !== undefined) changes.push({ map, key, before: values[0], after: values.at(-1), owner });
  }
  return changes;
}

export function write(map: Cell, key: unknown, value: unknown): void {
  if (value === ABSENT) map.delete(key);
  else map.set(key, value);
}

export function read(map: Cell, key: unknown): unknown {
  return map.has(key) ? map.get(key) : ABSENT;
}

/** Two contents of a cell that say the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || (isOpenList(a) && isOpenList(b));
}

/** The content of a cell of which nothing is known, where another one would be `content`. */
export function openContent(key: unknown, content: unknown): unknown {
  if (content === ABSENT || typeof content !== "object" || content === null) return content;
  if ("items" in content && !("kind" in content)) return { element: UNKNOWN, length: unknownDim() };
  return key === "core" ? FORGOTTEN : "kind" in content ? UNKNOWN : content;
}

function isOpenList(value: unknown): boolean {
  return typeof value === "object" && value !== null && "element" in value && value.element === UNKNOWN;
}
