/**
 * Where paths meet: the least value that covers several. What agrees stays; a size that differs
 * becomes a fresh unknown one; kinds that differ become a bounded union.
 */
import {
  type Dim,
  type Facts,
  add,
  agreeUnder,
  constant,
  equalDims,
  equalShapes,
  intersectFacts,
  joinShapes,
  Solver,
} from "../shapes/index.ts";
import { freshSize } from "./fresh.ts";
import type { Datum, Float, Tensor } from "../ops/index.ts";
import type { Machine } from "./machine.ts";
import { ABSENT, type Delta } from "./trail.ts";
import {
  type Core,
  type LayerCore,
  FORGOTTEN,
  type ListContent,
  type Parts,
  SOME_FLOAT,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { follow } from "./variable.ts";

/** Gives the size that stands for the two different ones `a` and `b` at `path` inside a value. */
export type Fresh = (path: string, a?: Dim, b?: Dim) => Dim;

const MAX_OPTIONS = 6;

export function joinValues(a: Value, b: Value, fresh: Fresh = freshSize, path = ""): Value {
  if (a === b) return a;
  if (a.kind === "maybe" || b.kind === "maybe") {
    const inner = joinValues(a.kind === "maybe" ? a.value : a, b.kind === "maybe" ? b.value : b, fresh, path);
    return { kind: "maybe", value: inner };
  }
  if (a.kind === "unknown" || b.kind === "unknown") return UNKNOWN;
  const left = follow(a);
  const right = follow(b);
  if (left.kind === "union" || right.kind === "union") return joinOptions([left, right], fresh, path);
  return joinSameKind(left, right, fresh, path) ?? joinOptions([left, right], fresh, path);
}

function joinOptions(values: readonly Value[], fresh: Fresh, path: string): Value {
  const options: Value[] = [];
  for (const value of values.flatMap((v) => (v.kind === "union" ? v.options : [v]))) {
    const index = options.findIndex((option) => joinSameKind(option, value, fresh, path) !== null);
    const same = options[index];
    if (same === undefined) options.push(value);
    else options[index] = joinSameKind(same, value, fresh, path) ?? value;
  }
  if (options.some((option) => option.kind === "unknown") || options.length > MAX_OPTIONS) return UNKNOWN;
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { kind: "union", options };
}

/** The join of two values of one kind, or null where they only fit into a union. */
function joinSameKind(a: Value, b: Value, fresh: Fresh, path: string): Value | null {
  if (a === b) return a;
  switch (a.kind) {
    case "tensor": {
      if (b.kind !== "tensor") return null;
      const agrees = equalShapes(a.shape, b.shape);
      const alike = agrees && sameStrides(a, b) && a.weak === b.weak;
      if (alike && a.dtype === b.dtype && a.library === b.library && a.content === undefined) return a;
      const shape = agrees ? a.shape : joinShapes(a.shape, b.shape, (axis, x, y) => fresh(`${path}/${axis}`, x, y));
      return {
        kind: "tensor",
        shape,
        dtype: a.dtype === b.dtype ? a.dtype : null,
        library: a.library === b.library ? a.library : null,
        ...(a.weak === true || b.weak === true ? { weak: true } : {}),
        ...(alike && a.strides !== undefined ? { strides: a.strides } : {}),
      };
    }
    case "int":
      if (b.kind !== "int") return null;
      return equalDims(a.value, b.value) ? a : { kind: "int", value: fresh(path, a.value, b.value) };
    case "float":
      if (b.kind !== "float") return null;
      return a.value === b.value && sameQuotient(a.quotient, b.quotient) ? a : SOME_FLOAT;
    case "bool":
    case "string":
      if (b.kind !== a.kind) return null;
      return a.value === b.value ? a : a.kind === "string" ? null : { ...a, value: null };
    case "tuple": {
      if (b.kind !== "tuple" || a.items.length !== b.items.length) return null;
      const items = joinItems(a.items, b.items, fresh, path);
      return items.every((item, i) => item === a.items[i]) ? a : { kind: "tuple", items };
    }
    case "none":
    case "complex":
    case "ellipsis":
    case "builtin":
      return b.kind === a.kind && (a.kind !== "builtin" || (b.kind === "builtin" && b.name === a.name)) ? a : null;
    case "library":
      return b.kind === "library" && b.name === a.name ? a : null;
    case "dtype":
      return b.kind === "dtype" && b.dtype === a.dtype ? a : null;
    case "list":
      return b.kind === "list" && b.cell === a.cell ? a : null;
    case "dict":
      return b.kind === "dict" && b.entries === a.entries ? a : null;
    case "instance":
      return b.kind === "instance" && b.id === a.id ? a : null;
    case "method":
      return b.kind === "method" && b.function === a.function && joinSameKind(a.self, b.self, fresh, path) === a.self
        ? a
        : null;
    case "function":
      return b.kind === "function" && b.definition === a.definition && b.closure === a.closure ? a : null;
    case "class":
      return b.kind === "class" && b.definition === a.definition ? a : null;
    case "module":
      return b.kind === "module" && b.module === a.module ? a : null;
    default:
      return null;
  }
}

export function sameQuotient(a: Float["quotient"], b: Float["quotient"]): boolean {
  if (a === undefined || b === undefined) return a === b;
  return equalDims(a.dividend, b.dividend) && equalDims(a.divisor, b.divisor);
}

export function sameStrides({ strides: a }: Tensor, { strides: b }: Tensor): boolean {
  return a === b || (a?.length === b?.length && a?.every((stride, i) => stride.key === b?.[i]?.key) === true);
}

function joinItems(a: readonly Value[], b: readonly Value[], fresh: Fresh, path: string): Value[] {
  return a.map((item, i) => joinValues(item, b[i] ?? UNKNOWN, fresh, `${path}.${i}`));
}

export function joinContents(a: ListContent, b: ListContent, fresh: Fresh, path: string): ListContent {
  if ("items" in a && "items" in b && a.items.length === b.items.length) {
    const items = joinItems(a.items, b.items, fresh, path);
    return items.every((item, i) => item === a.items[i]) ? a : { items };
  }
  const elements = [...elementsOf(a), ...elementsOf(b)];
  const element = elements.length === 0 ? UNKNOWN : elements.reduce((x, y) => joinValues(x, y, fresh, `${path}*`));
  const same = !("items" in a) && !("items" in b) && equalDims(a.length, b.length);
  const length = same ? a.length : fresh(`${path}/#`, lengthOf(a), lengthOf(b));
  const parts = joinParts(a, b, fresh, path);
  const asBefore = "element" in a && a.element === element && equalDims(a.length, length) && a.parts === parts;
  return asBefore ? a : { element, length, parts };
}

/** What two lists surely begin with, where one goes on and the other does or not. */
function joinParts(a: ListContent, b: ListContent, fresh: Fresh, path: string): Parts | undefined {
  const [x, y] = [beginningOf(a), beginningOf(b)];
  if (x === null || y === null) return undefined;
  let count = 0;
  while (count < Math.min(x.first.length, y.first.length) && isSame(x.first[count], y.first[count])) count++;
  const behind = [...x.first.slice(count), ...x.rest, ...y.first.slice(count), ...y.rest];
  const [one, ...more] = behind;
  if (count === 0 || one === undefined) return undefined;
  const rest = more.reduce((p, q) => joinValues(p, q, fresh, `${path}*behind`), one);
  const asBefore = "parts" in a && a.parts?.first.length === count && a.parts.rest === rest;
  return asBefore ? a.parts : { first: x.first.slice(0, count), rest };
}

function beginningOf(content: ListContent): { first: readonly Value[]; rest: readonly Value[] } | null {
  if ("items" in content) return content.items.length <= LONGEST_BEGINNING ? { first: content.items, rest: [] } : null;
  return content.parts === undefined ? null : { first: content.parts.first, rest: [content.parts.rest] };
}

/** More items than these at the beginning of a list are not told apart from those behind. */
const LONGEST_BEGINNING = 8;

function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && b !== undefined && (a === b || joinSameKind(a, b, freshSize, "") === a);
}

/** One list behind another. */
export function concatenated(a: ListContent, b: ListContent): ListContent {
  if ("items" in a && "items" in b) return { items: [...a.items, ...b.items] };
  const length = add(lengthOf(a), lengthOf(b));
  const element = joinAll([...elementsOf(a), ...elementsOf(b)]);
  const [x, behind] = [beginningOf(a), elementsOf(b)];
  const known = "items" in a && "parts" in b ? b.parts : undefined;
  if (known !== undefined && x !== null)
    return { element, length, parts: { ...known, first: [...x.first, ...known.first] } };
  if (x === null || x.first.length === 0) return { element, length };
  return { element, length, parts: { first: x.first, rest: joinAll([...x.rest, ...behind]) } };
}

/** The join of all values; unknown where there are none. */
export function joinAll([first = UNKNOWN, ...rest]: readonly Value[]): Value {
  return rest.reduce((a, b) => joinValues(a, b), first);
}

export function lengthOf(content: ListContent): Dim {
  return "items" in content ? constant(content.items.length) : content.length;
}

export function elementsOf(content: ListContent): readonly Value[] {
  return "items" in content ? content.items : [content.element];
}

/** Joins whatever a cell of the trail may hold. `ABSENT` with something is that something, perhaps. */
export function joinCell(key: unknown, a: unknown, b: unknown, fresh: Fresh): unknown {
  if (a === b) return a;
  if (a === ABSENT || b === ABSENT) return joinWithAbsent(key, a === ABSENT ? b : a);
  if (isContent(key, a) && isContent(key, b)) return joinContents(a, b, fresh, "");
  if (isCore(key, a) && isCore(key, b)) return joinCores(a, b, fresh);
  if (isValue(a) && isValue(b)) return joinValues(a, b, fresh);
  return a;
}

function joinWithAbsent(key: unknown, present: unknown): unknown {
  if (!isValue(present) || isContent(key, present) || isCore(key, present)) return present;
  return present.kind === "maybe" ? present : { kind: "maybe", value: present };
}

/** Whether a cell holds what is in a list, and not a variable or an attribute that is called so. */
export function isContent(key: unknown, cell: unknown): cell is ListContent {
  return key === "content" && typeof cell === "object" && cell !== null && !("kind" in cell);
}

const CORES: ReadonlySet<string> = new Set<Core["kind"]>([
  "layer",
  "sequential",
  "module-list",
  "module-dict",
  "many-modules",
]);

export function isCore(key: unknown, cell: unknown): cell is Core | typeof FORGOTTEN {
  return key === "core" && (cell === FORGOTTEN || (isValue(cell) && CORES.has(cell.kind)));
}

/** Two layers with the same arguments are one; lists of modules that differ are known by what their modules share. */
function joinCores(a: Core | typeof FORGOTTEN, b: Core | typeof FORGOTTEN, fresh: Fresh): Core | typeof FORGOTTEN {
  if (a === FORGOTTEN || b === FORGOTTEN) return FORGOTTEN;
  if (a.kind === "layer" && b.kind === "layer") return joinLayers(a, b, fresh) ?? FORGOTTEN;
  const alike = joinContainers(a, b, fresh);
  if (alike !== null) return alike;
  const left = modulesOf(a);
  const right = modulesOf(b);
  if (left === null || right === null) return FORGOTTEN;
  const modules = [...left, ...right];
  const [first, ...rest] = modules;
  if (first === undefined) return a;
  const element = rest.reduce((x, y) => joinValues(x, y, fresh, "*"), first);
  if (a.kind === "many-modules" && element === a.element && a.parts === undefined) return a;
  return { kind: "many-modules", element, length: fresh("/#") };
}

function modulesOf(core: Core): readonly Value[] | null {
  if (core.kind === "many-modules") return [core.element];
  return core.kind === "module-list" ? core.items : null;
}

/** Containers that hold as many modules under the same names, each of which has a join. */
function joinContainers(a: Core, b: Core, fresh: Fresh): Core | null {
  if (a.kind !== "sequential" && a.kind !== "module-list") return null;
  if (b.kind !== a.kind || a.keys.length !== b.keys.length) return null;
  if (a.keys.some((key, i) => key !== b.keys[i])) return null;
  const items = joinItems(a.items, b.items, fresh, "*");
  return items.every((item, i) => item === a.items[i]) ? a : { ...a, items };
}

/** Layers of one kind are a layer of which the arguments that differ are not known. */
function joinLayers(a: LayerCore, b: LayerCore, fresh: Fresh): LayerCore | null {
  if (a.layer !== b.layer || a.construction.size !== b.construction.size) return null;
  const construction = new Map<string, Datum>();
  let same = true;
  for (const [name, datum] of a.construction) {
    const other = b.construction.get(name);
    const joined = joinData(datum, other, (x, y) => fresh(`/${name}`, x, y));
    same &&= joined === datum;
    construction.set(name, joined);
  }
  return same ? a : { ...a, construction };
}

function joinData(a: Datum, b: Datum | undefined, meet: (a: Dim, b: Dim) => Dim): Datum {
  if (sameDatum(a, b) || a.kind === "unknown") return a;
  if (a.kind !== "int" || b?.kind !== "int") return { kind: "unknown" };
  const value = meet(a.value, b.value);
  return equalDims(value, a.value) ? a : { kind: "int", value };
}

function sameDatum(a: Datum, b: Datum | undefined): boolean {
  if (a === b) return true;
  if (b === undefined || a.kind !== b.kind) return false;
  switch (a.kind) {
    case "int":
      return b.kind === "int" && equalDims(a.value, b.value);
    case "float":
    case "bool":
    case "string":
      return b.kind === a.kind && a.value === b.value && a.value !== null;
    case "tuple":
    case "list":
      return (
        b.kind === a.kind &&
        a.items.length === b.items.length &&
        a.items.every((item, i) => sameDatum(item, b.items[i]))
      );
    case "none":
    case "complex":
    case "ellipsis":
      return true;
    default:
      return false;
  }
}

/** Whether a cell of the trail holds an abstract value. */
export function isValue(cell: unknown): cell is Value {
  return typeof cell === "object" && cell !== null && "kind" in cell;
}

/** An array whose rank is known on its own path alone is joined as that path knows it. */
function openedUnder(facts: Facts, cell: unknown): unknown {
  if (!isValue(cell)) return cell;
  const seen = cell.kind === "variable" ? follow(cell) : cell;
  if (seen.kind !== "tensor" || seen.shape.lead === null || !facts.leads.has(seen.shape.lead.id)) return cell;
  return { ...seen, shape: new Solver(facts).shape(seen.shape) };
}

export interface Path {
  readonly delta: Delta;
  readonly facts: Facts;
}

/** Joins the values that several paths give. */
export function joinAcross(paths: readonly { readonly value: Value; readonly facts: Facts }[]): Value {
  const meets = meetingOf(
    paths.map((path) => path.facts),
    freshSize,
  );
  const same = paths.every((path) => path.value === paths[0]?.value);
  const values = paths.map((path) => (same ? path.value : (openedUnder(path.facts, path.value) as Value)));
  return values.reduce((a, b, i) => joinValues(a, b, meets[i]), values[0] ?? UNKNOWN);
}

/**
 * How the size of each path meets what the paths before it have in common. One of two sizes stands for both where
 * the other paths say that they are equal: after `if n == 1: k = h` and `else: k = h * n` it is `h * n`.
 */
function meetingOf(facts: readonly Facts[], fresh: Fresh): readonly Fresh[] {
  return facts.map((own, i) => (path, a, b) => {
    if (a === undefined || b === undefined) return fresh(path);
    if (agreeUnder(own, a, b)) return a;
    return facts.slice(0, i).every((other) => agreeUnder(other, a, b)) ? b : fresh(path, a, b);
  });
}

/**
 * Writes the join of several paths that all start from the present state. No path at all leaves the
 * state as it is; the caller then knows that control does not come here.
 */
export function joinPaths(m: Machine, paths: readonly Path[], fresh: Fresh = freshSize): void {
  const [first, ...rest] = paths;
  if (first === undefined) return;
  if (rest.length === 0) {
    m.trail.apply(first.delta);
    m.solver.facts = first.facts;
    return;
  }
  const base = m.solver.facts;
  m.solver.facts = rest.reduce((facts, path) => intersectFacts(facts, path.facts, base), first.facts);
  const meets = meetingOf(
    paths.map((path) => path.facts),
    fresh,
  );
  const maps = new Set(paths.flatMap((path) => [...path.delta.keys()]));
  for (const map of maps) {
    const keys = new Set(paths.flatMap((path) => [...(path.delta.get(map)?.keys() ?? [])]));
    for (const key of keys) {
      const before = map.has(key) ? map.get(key) : ABSENT;
      const values = paths.map((path) => {
        const cells = path.delta.get(map);
        return cells !== undefined && cells.has(key) ? cells.get(key) : before;
      });
      if (values.some((value) => value !== values[0]))
        values.forEach((value, i) => (values[i] = openedUnder(paths[i]?.facts ?? base, value)));
      const joined = values.reduce((x, y, i) => joinCell(key, x, y, meets[i] ?? fresh));
      if (joined === ABSENT) m.trail.delete(map, key);
      else if (joined !== before) m.trail.set(map, key, joined);
    }
  }
}
