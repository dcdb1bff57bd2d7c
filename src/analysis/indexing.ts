/**
 * Indexing: sequences and dicts by what they hold, tensors by the catalogue, variables by a variable
 * for each key.
 */
import type { Index } from "../program/syntax.ts";
import { asNumber, type Dim, known, type Lead, printShape, type Shape, unknownDim, entryOf } from "../shapes/index.ts";
import { shapeBehind, shapeTuple } from "./assign.ts";
import { updatePlace } from "./attributes.ts";
import { callMethodIfAny, callUnknown, plainArguments } from "./calls.ts";
import { keyOf } from "./containers.ts";
import { findMember } from "./enums.ts";
import { renew } from "./fresh.ts";
import { severityOf } from "./hearsay.ts";
import { joinAll } from "./join.ts";
import { applyOperator, shorten } from "./library.ts";
import type { Machine } from "./machine.ts";
import { deleteCoreItem } from "./module-methods.ts";
import { coreIndex } from "./nn.ts";
import { mapOptions } from "./options.ts";
import { relatedPlaces } from "./related.ts";
import {
  contentOf,
  type DictValue,
  type ListValue,
  listOf,
  SOME_STRING,
  stringOf,
  tupleOf,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { childOf, follow } from "./variable.ts";

export function getIndex(m: Machine, object: Value, index: Value, expr: Index): Value {
  const seen = follow(object);
  const at = follow(index);
  switch (seen.kind) {
    case "union":
      return mapOptions(m, seen, (option) => getIndex(m, option, at, expr));
    case "tensor":
      return applyOperator(
        m,
        "operator.[]",
        [
          { value: seen, expr: expr.object },
          { value: at, expr: expr.index },
        ],
        new Map(),
        expr,
      );
    case "tuple":
      tupleProblem(m, seen, at, expr);
      return sequenceIndex(m, seen.items, at, (items) => tupleOf(items));
    case "record":
      return sequenceIndex(m, [...seen.fields.values()], at, (items) => tupleOf(items));
    case "list":
      return listIndex(m, seen, at);
    case "dict":
      return dictIndex(seen, at);
    case "instance":
      return callMethodIfAny(m, seen, m.dialect.indexMethod, [at], expr) ?? coreIndex(m, seen, at);
    case "string":
      return seen.value === null ? SOME_STRING : stringIndex(m, seen.value, at);
    case "variable": {
      const key = keyOf(at);
      return key === null
        ? UNKNOWN
        : childOf(m, seen, `[${key}]`, keyName(key) ?? `${seen.name}[${key.slice(2)}]`, m.place(expr.span));
    }
    case "library": {
      if (MADE_BY_INDEX.has(seen.name))
        return applyOperator(m, seen.name, [{ value: at, expr: expr.index }], new Map(), expr);
      if (seen.name === "numpy.s_") return at;
      // A subscript of a type is the type with parameters; `np.c_[…]` and the like are no types.
      return /(^|\.)[A-Z]\w*$/.test(seen.name) ? seen : UNKNOWN;
    }
    case "partial":
      return updatePlace(seen, at);
    case "class":
      return seen.form === "enum" ? findMember(m, seen, "name", at) : seen;
    case "builtin":
      return seen;
    case "unknown":
      return openShapeIndex(m, seen, at);
    case "range":
      return UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** Objects that make arrays from what stands between their brackets. */
const MADE_BY_INDEX: ReadonlySet<string> = new Set(["numpy.mgrid", "numpy.ogrid", "numpy.r_", "numpy.c_"]);

/** `config["n_embd"]` is called `n_embd`. */
function keyName(key: string): string | null {
  return key.startsWith("s:") && /^[A-Za-z_]\w*$/.test(key.slice(2)) ? key.slice(2) : null;
}

/** `x.shape[-1]` and `x.shape[:-1]` where the rank of `x` is open: the last dimensions can be told. */
function openShapeIndex(m: Machine, value: Value, index: Value): Value {
  const shape = shapeBehind(value);
  if (shape === null) return UNKNOWN;
  const number = index.kind === "int" ? asNumber(m.solver.dim(index.value)) : null;
  if (number !== null && number >= 0) return { kind: "int", value: dimFromFront(shape, number) };
  if (number !== null && number < 0) {
    const seen = m.solver.requireAtLeast(shape, -number);
    const dim = seen?.dims.at(number);
    return dim === undefined ? UNKNOWN : { kind: "int", value: dim };
  }
  if (
    index.kind === "slice" &&
    index.lower.kind === "none" &&
    index.step.kind === "none" &&
    index.upper.kind === "int"
  ) {
    const upper = asNumber(m.solver.dim(index.upper.value));
    const seen = upper !== null && upper < 0 ? m.solver.requireAtLeast(shape, -upper) : null;
    if (seen !== null && upper !== null) return shapeTuple({ lead: seen.lead, dims: seen.dims.slice(0, upper) });
  }
  if (
    index.kind === "slice" &&
    index.lower.kind === "int" &&
    index.upper.kind === "none" &&
    index.step.kind === "none"
  ) {
    const lower = asNumber(m.solver.dim(index.lower.value));
    const seen = lower !== null && lower < 0 ? m.solver.requireAtLeast(shape, -lower) : null;
    if (seen !== null && lower !== null) return shapeTuple({ lead: null, dims: seen.dims.slice(lower) });
  }
  return UNKNOWN;
}

const fronts = new WeakMap<Lead, Map<number, Dim>>();

/** A dimension counted from the front of a shape of open rank: a size of its own, the same at every reading. */
function dimFromFront(shape: Shape, at: number): Dim {
  if (shape.lead === null) return shape.dims[at] ?? unknownDim();
  return entryOf(
    entryOf(fronts, shape.lead, () => new Map<number, Dim>()),
    at,
    () => unknownDim(),
  );
}

function sequenceIndex(
  m: Machine,
  items: readonly Value[],
  index: Value,
  make: (items: readonly Value[]) => Value,
): Value {
  if (index.kind === "int") {
    const at = asNumber(m.solver.dim(index.value));
    if (at !== null) return items.at(at) ?? UNKNOWN;
    return joinAll(items);
  }
  const range = index.kind === "slice" ? sliceRange(m, index, items.length) : null;
  return range === null ? UNKNOWN : make(range.map((i) => items[i] ?? UNKNOWN));
}

/** A shape has an entry for each dimension and no more; a tuple is indexed by one integer. */
function tupleProblem(m: Machine, tuple: Extract<Value, { kind: "tuple" }>, index: Value, expr: Index): void {
  const text = shorten(m.text(expr.object.span));
  if (index.kind === "tuple")
    return reportIndex(
      m,
      "argument",
      expr,
      `\`${text}\` is a tuple of ${tuple.items.length} values; one integer or slice selects from it.`,
    );
  // Of arguments that were not given, the code may ask before it takes one.
  if (tuple.items.length === 0 && shapeBehind(tuple) === null) return;
  const at = index.kind === "int" ? asNumber(m.solver.dim(index.value)) : null;
  const sizes = tuple.items.flatMap((item) => (item.kind === "int" ? [item.value] : []));
  if (at === null || tuple.items.at(at) !== undefined || sizes.length < tuple.items.length) return;
  const shown = printShape(m.solver.shape(known(sizes)));
  reportIndex(m, "dim-range", expr, `\`${text}\` is ${shown} and has no entry ${at}.`, sizes);
}

function reportIndex(
  m: Machine,
  code: "argument" | "dim-range",
  expr: Index,
  message: string,
  sizes: readonly Dim[] = [],
): void {
  const severity = severityOf("error", [known(sizes)], m.context !== null);
  if (severity === null) return;
  m.report({ code, severity, message, shapes: [], related: relatedPlaces(m, []), unnecessary: false }, expr.span);
}

/** The positions that a slice selects out of `length`; null where its bounds are not known. */
function sliceRange(m: Machine, slice: Extract<Value, { kind: "slice" }>, length: number): number[] | null {
  const part = (value: Value): number | null | undefined =>
    value.kind === "none" ? undefined : value.kind === "int" ? asNumber(m.solver.dim(value.value)) : null;
  const [lower, upper, step = 1] = [part(slice.lower), part(slice.upper), part(slice.step)];
  if (lower === null || upper === null || step === null || step === 0) return null;
  const clamp = (n: number, low: number, high: number): number => Math.min(Math.max(n < 0 ? n + length : n, low), high);
  const positions: number[] = [];
  if (step > 0) {
    const end = upper === undefined ? length : clamp(upper, 0, length);
    for (let i = lower === undefined ? 0 : clamp(lower, 0, length); i < end; i += step) positions.push(i);
  } else {
    const end = upper === undefined ? -1 : clamp(upper, -1, length - 1);
    for (let i = lower === undefined ? length - 1 : clamp(lower, -1, length - 1); i > end; i += step) positions.push(i);
  }
  return positions;
}

function listIndex(m: Machine, list: ListValue, index: Value): Value {
  const content = contentOf(list);
  if ("items" in content) return sequenceIndex(m, content.items, index, (items) => listOf(items));
  if (index.kind === "slice") return UNKNOWN;
  return renew(content.element);
}

function dictIndex(dict: DictValue, index: Value): Value {
  const key = keyOf(index);
  const found = key === null ? undefined : dict.entries.get(key);
  if (found !== undefined) return found.kind === "maybe" ? found.value : found;
  if (key !== null && !dict.entries.has("*")) return UNKNOWN;
  const all = [...dict.entries.values()].map((value) => (value.kind === "maybe" ? value.value : value));
  // Two look-ups may find two elements, whose sizes are not the same.
  return key !== null || all.length === 0 ? UNKNOWN : renew(joinAll(all));
}

function stringIndex(m: Machine, text: string, index: Value): Value {
  const at = index.kind === "int" ? asNumber(m.solver.dim(index.value)) : null;
  if (at !== null) return stringOf(text.at(at) ?? "");
  const range = index.kind === "slice" ? sliceRange(m, index, text.length) : null;
  return range === null ? SOME_STRING : stringOf(range.map((i) => text[i] ?? "").join(""));
}

export function deleteItem(m: Machine, object: Value, index: Value): void {
  if (object.kind === "dict") {
    const key = keyOf(index);
    if (key !== null) m.trail.delete(object.entries, key);
    else m.trail.set(object.entries, "*", UNKNOWN);
    return;
  }
  if (object.kind === "instance" && deleteCoreItem(m, object, index)) return;
  callUnknown(m, plainArguments(object));
}
