/**
 * NumPy's copies of an array with slices taken out or put in: `delete` and `insert`. Where the places are not known
 * one by one, neither is the size that results.
 */
import {
  add,
  asNumber,
  constant,
  elementCount,
  rank,
  subtract,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, isGiven, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shown, shownDim } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";
import { sliceLength } from "./verbs/slice.ts";

/** How many slices an edit adds or takes away; null where that is open. */
type Change = (call: Call, shape: Shape, size: Dim, at: number) => Dim | null | Problem;

function edited(sign: 1 | -1, change: Change): (call: Call) => ShapeAnswer {
  return (call) => {
    const { shape } = tensorOf(call, "input");
    const flat: Shape = { lead: null, dims: [elementCount(shape) ?? unknownDim()] };
    const whole = isGiven(call, "dim") ? shape : flat;
    const axis = isGiven(call, "dim") ? axisOf(call, "dim", shape, { of: "input" }) : -1;
    if (axis === null || isProblem(axis)) return axis;
    const wide = call.solver.shape(whole);
    const size = -axis > wide.dims.length ? undefined : wide.dims.at(axis);
    if (size === undefined) return null;
    const by = change(call, wide, size, axis);
    if (isProblem(by)) return by;
    const left = by === null ? unknownDim() : sign > 0 ? add(size, by) : subtract(size, by);
    return { lead: wide.lead, dims: wide.dims.with(axis, left) };
  };
}

function outside(call: Call, place: number, size: Dim): Problem {
  const [told, count] = [shown(call, "input", tensorOf(call, "input")), shownDim(call, size)];
  return problem("index-range", {
    parameters: ["input"],
    message: (name) => `Place ${place} is beyond the end: this dimension of ${told(name)} has size ${count}.`,
  });
}

/** The places as numbers, with one that does not exist as a problem. */
function places(call: Call, size: Dim, room: number): readonly number[] | null | Problem {
  const named = argument(call, "obj");
  const numbers = (itemsOf(named) ?? [named]).map((item) => (item.kind === "bool" ? null : dimOf(item)));
  const known = numbers.flatMap((dim) => (dim === null ? [] : (asNumber(dim) ?? [])));
  const length = asNumber(size);
  if (known.length < numbers.length || length === null) return null;
  const wrong = known.find((place) => place < -length || place >= length + room);
  return wrong === undefined ? known.map((place) => (place < 0 ? place + length : place)) : outside(call, wrong, size);
}

export const remove = op({
  names: ["numpy.delete"],
  summary: "The array without some elements or slices.",
  call: "arr as input: tensor, obj: any, axis as dim: axis = None",
  shape: edited(-1, (call, _shape, size) => {
    const named = argument(call, "obj");
    if (named.kind === "slice") return sliceLength(call, size, named);
    const found = places(call, size, 0);
    if (isProblem(found)) return found;
    if (found !== null) return constant(new Set(found).size);
    return named.kind === "int" ? constant(1) : null;
  }),
});

export const insert = op({
  names: ["numpy.insert"],
  summary: "The array with more elements or slices at some places.",
  call: "arr as input: tensor, obj: any, values: any, axis as dim: axis = None",
  shape: edited(1, (call, shape, size, at) => {
    const named = argument(call, "obj");
    const found = named.kind === "slice" ? null : places(call, size, 1);
    if (isProblem(found)) return found;
    const items = itemsOf(named);
    const count = named.kind === "slice" ? asNumber(sliceLength(call, size, named)) : (items?.length ?? null);
    if (items !== null && found === null) return null;
    if (count !== null && count !== 1) return otherCount(call, shape, count) ?? constant(count);
    return named.kind === "int" || count === 1 ? inserted(call, shape, at, named.kind === "int") : null;
  }),
});

/** Several places take one value each, or one for all of them. */
function otherCount(call: Call, shape: Shape, count: number): Problem | null {
  const values = tensorOf(call, "values").shape;
  const size = rank(values) === 1 && rank(shape) === 1 ? asNumber(values.dims[0] ?? constant(1)) : null;
  if (size === null || size === 1 || size === count) return null;
  const told = shown(call, "values", values);
  return problem("argument", {
    parameters: ["values"],
    message: (name) => `${told(name)} cannot be inserted at ${count} places.`,
  });
}

/** At one place as many slices are put in as the values have. */
function inserted(call: Call, shape: Shape, at: number, single: boolean): Dim | null {
  const values = tensorOf(call, "values").shape;
  const [n, m] = [rank(shape), rank(values)];
  if (n === null || m === null || m > n) return null;
  if (m === 0) return constant(1);
  if (single) return m < n ? constant(1) : (values.dims[0] ?? null);
  return -at > m ? constant(1) : (values.dims.at(at) ?? null);
}
