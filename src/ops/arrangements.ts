/**
 * NumPy's further ways to arrange elements: blocks, choices among arrays, ordering by several keys, flat indices,
 * diagonals, running sums of the array API.
 */
import { add, constant, elementCount, rank, unknownDim, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, isGiven, numberArgument, readTensor, tensorOf, tensorsOf } from "./arguments.ts";
import { dimOf, int, itemsOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { accumulated, always, orGiven, promoteData, same } from "./dtype-rules.ts";
import { inArray } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank } from "./problems.ts";
import type { Datum, Tensor } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { agreeing, concatenated } from "./verbs/join.ts";
import { permuteAxes } from "./verbs/permute.ts";

/** The arrays of a nested list with the depth of the nesting; null where they are not all equally deep. */
function leavesOf(datum: Datum): { readonly depth: number; readonly leaves: readonly Datum[] } | null {
  if (datum.kind !== "list")
    return datum.kind === "unknown" || datum.kind === "many" ? null : { depth: 0, leaves: [datum] };
  const parts = datum.items.map(leavesOf);
  const [first] = parts;
  if (first === undefined || first === null || parts.some((part) => part?.depth !== first.depth)) return null;
  return { depth: first.depth + 1, leaves: parts.flatMap((part) => part?.leaves ?? []) };
}

export const block = op({
  names: ["numpy.block"],
  summary:
    "An array of blocks: the innermost lists are joined along the last dimension, the outer ones along those before.",
  call: "arrays: any",
  shape: (call) => {
    const arrays = argument(call, "arrays");
    const all = leavesOf(arrays);
    const ranks = all?.leaves.map((leaf) => rank(readTensor(call, leaf).shape)) ?? [];
    const known = ranks.flatMap((count) => (count === null ? [] : [count]));
    if (all === null || known.length < ranks.length) return { value: unknown };
    return joined(call, arrays, all.depth, Math.max(all.depth, ...known));
  },
  dtype: (call) => {
    const leaves = leavesOf(argument(call, "arrays"))?.leaves ?? null;
    return leaves === null
      ? null
      : promoteData(
          call,
          leaves.map((leaf) => readTensor(call, leaf)),
        );
  },
});

/** One list of a block, or an array in it with the dimensions that it lacks in front. */
function joined(call: Call, datum: Datum, depth: number, ranks: number): Shape | Problem {
  if (datum.kind !== "list") {
    const { dims } = readTensor(call, datum).shape;
    return { lead: null, dims: [...Array.from({ length: ranks - dims.length }, () => constant(1)), ...dims] };
  }
  const shapes: Shape[] = [];
  for (const item of datum.items) {
    const shape = joined(call, item, depth - 1, ranks);
    if (isProblem(shape)) return shape;
    shapes.push(shape);
  }
  return concatenated(call, shapes, -depth, "arrays");
}

export const choose = op({
  names: ["numpy.choose", "numpy.ndarray.choose"],
  summary: "Elements of several arrays, by the number of the array.",
  call: {
    numpy: "a as input: tensor, choices: tensors, out: any = None, mode: any = None",
    "numpy.ndarray": "self as input: tensor, choices: tensors, out: any = None, mode: any = None",
  },
  shape: (call) => {
    const choices = tensorsOf(call, "choices");
    if (choices === null || isGiven(call, "out")) return { value: unknown };
    const shapes = [tensorOf(call, "input"), ...choices].map(({ shape }) => shape);
    return broadcastAll(
      call,
      shapes.map((shape) => ({ parameter: "choices", shape })),
    );
  },
  dtype: (call) => promoteData(call, itemsOf(argument(call, "choices")) ?? [argument(call, "choices")]),
});

export const lexsort = op({
  names: ["numpy.lexsort"],
  summary: "The order by several keys, of which the last one counts most.",
  call: "keys: tensors, axis as dim: axis = -1",
  shape: (call) => {
    const keys = tensorsOf(call, "keys");
    if (keys === null || keys.length === 0) return null;
    const shape = agreeing(
      call,
      keys.map((key) => key.shape),
      "keys",
    );
    if (isProblem(shape)) return shape;
    const axis = axisOf(call, "dim", shape, { of: "keys", scalars: true });
    return isProblem(axis) ? axis : rank(shape) === 0 ? { value: unknown } : call.solver.shape(shape);
  },
  dtype: always("int64"),
});

export const flatIndex = op({
  names: ["numpy.ravel_multi_index"],
  summary: "Coordinates as flat indices.",
  call: "multi_index: tensors, dims: any, mode: any = None, order: any = None",
  shape: (call) => {
    const parts = tensorsOf(call, "multi_index");
    const sizes = itemsOf(argument(call, "dims"));
    if (parts === null || (sizes !== null && sizes.length !== parts.length)) return { value: unknown };
    return broadcastAll(
      call,
      parts.map(({ shape }) => ({ parameter: "multi_index", shape })),
    );
  },
  dtype: always("int64"),
});

export const broadcastShapes = op({
  names: ["numpy.broadcast_shapes"],
  summary: "The shape that several shapes broadcast to.",
  call: "*args as shapes: any",
  shape: (call) => {
    const shapes = (itemsOf(argument(call, "shapes")) ?? [unknown]).map((item): Shape | null => {
      const dims = (itemsOf(item) ?? [item]).map(dimOf);
      return dims.includes(null) ? null : { lead: null, dims: dims.flatMap((dim) => dim ?? []) };
    });
    if (shapes.includes(null)) return { value: unknown };
    const shape = broadcastAll(
      call,
      shapes.flatMap((one) => (one === null ? [] : [{ parameter: "shapes", shape: one }])),
    );
    return isProblem(shape) ? shape : { value: tuple(shape.dims.map((dim) => int(dim))) };
  },
});

export const diagflat = op({
  names: ["numpy.diagflat"],
  summary: "A matrix with all elements along a diagonal.",
  call: "v as input: tensor, k: int = 0",
  shape: (call) => {
    const [count, offset] = [elementCount(tensorOf(call, "input").shape), numberArgument(call, "k")];
    const side = count === null || offset === null ? null : add(count, constant(Math.abs(offset)));
    return side === null ? null : { lead: null, dims: [side, side] };
  },
});

export const diagonalOf = op({
  names: ["numpy.diag_indices_from"],
  summary: "The coordinates of the diagonal of an array.",
  call: "arr as input: tensor",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const [first] = shape.dims;
    if (rank(shape) === null) return { value: unknown };
    if (first === undefined || shape.dims.length < 2) return otherRank(call, "input", shape, "at least 2 dimensions");
    const equal = shape.dims.every((dim) => call.solver.require(first, dim, call.cause).answer !== "no");
    if (!equal) return otherRank(call, "input", shape, "dimensions of one size");
    return { value: tuple(shape.dims.map(() => tensor({ lead: null, dims: [first] }, "int64", "numpy"))) };
  },
});

export const rollaxis = op({
  names: ["numpy.rollaxis"],
  summary: "Moves a dimension back until it stands before another one.",
  call: "a as input: tensor, axis: axis, start: int = 0",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const count = rank(shape);
    const axis = axisOf(call, "axis", shape, { of: "input" });
    const start = axisOf(call, "start", shape, { of: "input", extra: 1 });
    if (isProblem(axis)) return axis;
    if (isProblem(start)) return start;
    if (count === null || axis === null || start === null) return null;
    const [from, to] = [count + axis, rolledTo(call, count, start)];
    const order = shape.dims.map((_, i) => i).filter((i) => i !== from);
    order.splice(from < to ? to - 1 : to, 0, from);
    return permuteAxes(
      shape,
      order.map((i) => i - count),
    );
  },
});

/** A negative start counts from the end of the dimensions that there are. */
function rolledTo(call: Call, count: number, start: number): number {
  const given = numberArgument(call, "start") ?? 0;
  return given < 0 ? given + count : count + 1 + start;
}

export const runningTotals = op({
  names: ["numpy.cumulative_sum", "numpy.cumulative_prod"],
  summary: "Running sum or product along a dimension, with or without the start.",
  call: "x as input: tensor, /, *, axis as dim: axis = None, dtype: dtype = None, out: any = None, include_initial: bool = False",
  shape: (call): ShapeAnswer => {
    const { shape } = tensorOf(call, "input");
    const initial = boolArgument(call, "include_initial");
    if (!isGiven(call, "dim") && shape.dims.length > 1)
      return otherRank(call, "input", shape, "an axis, or 1 dimension");
    const axis = isGiven(call, "dim") ? axisOf(call, "dim", shape, { of: "input", scalars: true }) : -1;
    if (axis === null || isProblem(axis)) return axis;
    const wide: Shape = rank(shape) === 0 ? { lead: null, dims: [constant(1)] } : call.solver.shape(shape);
    const size = -axis > wide.dims.length ? undefined : wide.dims.at(axis);
    if (size === undefined || initial === null) return null;
    return { lead: wide.lead, dims: wide.dims.with(axis, initial ? add(size, constant(1)) : size) };
  },
  dtype: orGiven(accumulated()),
});

export const numpyCumulative = op({
  names: [...inArray("cumsum", "cumprod"), "numpy.nancumsum", "numpy.nancumprod"],
  summary: "Running sum or product along a dimension, or over all elements.",
  call: "a as input: tensor, axis as dim: axis = None, dtype: dtype = None, out: any = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    if (!isGiven(call, "dim")) return { lead: null, dims: [elementCount(shape) ?? unknownDim()] };
    const axis = axisOf(call, "dim", shape, { of: "input", scalars: true });
    if (isProblem(axis)) return axis;
    return rank(shape) === 0 ? { lead: null, dims: [constant(1)] } : call.solver.shape(shape);
  },
  dtype: orGiven(accumulated()),
  inJax: { dtype: orGiven((call) => (same()(call) === "bool" ? "int32" : same()(call))) },
});

export const sortComplex = op({
  names: ["numpy.sort_complex"],
  summary: "The elements as complex numbers in order.",
  call: "a as input: tensor",
  shape: (call) => (rank(tensorOf(call, "input").shape) === 0 ? { value: unknown } : tensorOf(call, "input").shape),
  dtype: (call): Tensor["dtype"] => {
    const dtype = same()(call);
    if (dtype === null) return null;
    return /^u?int(8|16)$|^complex64$/.test(dtype) ? "complex64" : "complex128";
  },
});

export const piecewise = op({
  names: ["numpy.piecewise"],
  summary: "A function for each of several conditions.",
  call: "x as input: tensor, condlist: any, funclist: any, *args: any, **kw",
  shape: (call) => tensorOf(call, "input").shape,
  dtype: (call) => (argument(call, "input").kind === "tensor" ? same()(call) : null),
});

export const isNotATime = op({
  names: ["numpy.isnat"],
  summary: "Whether every element is no time.",
  call: "x as input: tensor, /, **options",
  shape: (call) => tensorOf(call, "input").shape,
  dtype: always("bool"),
});
