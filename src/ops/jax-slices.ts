/**
 * `jax.lax` functions that make, cut, pad, join and turn dimensions. Slices that are dynamic start anywhere, so that only
 * their sizes matter.
 */
import {
  add,
  asNumber,
  ceilDivide,
  constant,
  multiply,
  product,
  rank,
  subtract,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, boolArgument, dtypeArgument, isGiven, numberArgument, tensorOf, tensorsOf } from "./arguments.ts";
import { shapeFrom } from "./create.ts";
import { dimOf, itemsOf, numberOf, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { orGiven, promoteData, same } from "./dtype-rules.ts";
import { inLax } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";
import { concatenated } from "./verbs/join.ts";
import { permuteAxes } from "./verbs/permute.ts";
import { reshape } from "./verbs/reshape.ts";

function sizes(call: Call, parameter: string): readonly Dim[] | null {
  return itemsOf(argument(call, parameter))?.map((item) => dimOf(item) ?? unknownDim()) ?? null;
}

function numbers(call: Call, parameter: string): readonly number[] | null {
  const all = itemsOf(argument(call, parameter))?.map(numberOf);
  return all !== undefined && all.every((one) => one !== null) ? all : null;
}

function isKnown<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

export const iota = op({
  names: inLax("iota", "broadcasted_iota"),
  summary: "Integers from 0 on, along one dimension.",
  call: {
    "jax.lax.iota": "dtype: dtype, size: int",
    "jax.lax.broadcasted_iota": "dtype: dtype, shape as size: ints, dimension: axis, **options",
  },
  shape: (call) => {
    const shape = shapeFrom(call, "size");
    const place = numberArgument(call, "dimension") ?? 0;
    if (shape === null || isProblem(shape) || !("dims" in shape)) return shape;
    return place < 0 || (place > 0 && place >= shape.dims.length) ? { value: unknown } : shape;
  },
  dtype: (call) => dtypeArgument(call.args) ?? null,
});

export const laxFull = op({
  names: inLax("full"),
  summary: "An array filled with one value.",
  call: "shape as size: ints, fill_value: any, dtype: dtype = None, **options",
  shape: (call) => shapeFrom(call, "size"),
  dtype: orGiven((call) => promoteData(call, [argument(call, "fill_value")])),
});

export const laxFullLike = op({
  names: inLax("full_like"),
  summary: "One value in the shape of another array.",
  call: "x as input: tensor, fill_value: any, dtype: dtype = None, shape as size: ints = None, **options",
  shape: (call) => (isGiven(call, "size") ? shapeFrom(call, "size") : tensorOf(call, "input").shape),
  dtype: orGiven(same()),
});

export const laxReshape = op({
  names: inLax("reshape"),
  summary: "The same elements in other sizes.",
  call: "operand as input: tensor, new_sizes as size: ints, dimensions: any = None, **options",
  shape: (call) => {
    const items = itemsOf(argument(call, "size"));
    if (items?.some((item) => (numberOf(item) ?? 0) < 0) === true) return { value: unknown };
    return items === null ? null : reshape(call, "input", tensorOf(call, "input").shape, items);
  },
});

export const laxTranspose = op({
  names: inLax("transpose"),
  summary: "Puts the dimensions into another order.",
  call: "operand as input: tensor, permutation as dim: axes",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const [order, count] = [numbers(call, "dim"), rank(shape)];
    if (order === null || count === null) return null;
    if (order.length !== count)
      return problem("permute-rank", {
        parameters: ["input"],
        message: (name) => `\`transpose\` names ${order.length} dimensions; ${name("input")} has ${count}.`,
      });
    const inOrder = new Set(order).size === count && order.every((axis) => axis >= 0 && axis < count);
    return inOrder
      ? permuteAxes(
          shape,
          order.map((axis) => axis - count),
        )
      : { value: unknown };
  },
});

export const laxExpandDims = op({
  names: inLax("expand_dims"),
  summary: "New dimensions of size 1.",
  call: "array as input: tensor, dimensions as dim: axes",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const [places, count] = [numbers(call, "dim"), rank(shape)];
    if (places === null || count === null) return null;
    const total = count + places.length;
    const at = new Set(places.map((place) => (place < 0 ? place + total : place)));
    if (at.size < places.length || [...at].some((place) => place < 0 || place >= total)) return { value: unknown };
    const rest = [...shape.dims];
    const dims = Array.from({ length: total }, (_, i) => (at.has(i) ? constant(1) : (rest.shift() ?? unknownDim())));
    return { lead: null, dims };
  },
});

export const laxSqueeze = op({
  names: inLax("squeeze"),
  summary: "Takes dimensions of size 1 away.",
  call: "array as input: tensor, dimensions as dim: axes",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const [places, count] = [numbers(call, "dim"), rank(shape)];
    if (places === null || count === null) return null;
    const at = places.map((place) => (place < 0 ? place + count : place));
    if (at.some((place) => place < 0 || place >= count)) return { value: unknown };
    const large = at.some((place) => (asNumber(shape.dims[place] ?? constant(1)) ?? 1) !== 1);
    return large ? { value: unknown } : { lead: null, dims: shape.dims.filter((_, i) => !at.includes(i)) };
  },
});

export const laxBroadcast = op({
  names: inLax("broadcast"),
  summary: "Copies along new dimensions in front.",
  call: "operand as input: tensor, sizes as size: ints, **options",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const front = sizes(call, "size");
    if (front?.some((dim) => (asNumber(dim) ?? 0) < 0) === true) return { value: unknown };
    return front === null || shape.lead !== null ? null : { lead: null, dims: [...front, ...shape.dims] };
  },
});

export const laxBroadcastInDim = op({
  names: inLax("broadcast_in_dim"),
  summary: "Stretches the array into a shape, where it is told which dimension goes where.",
  call: "operand as input: tensor, shape as size: ints, broadcast_dimensions as dim: axes, **options",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const [target, places] = [sizes(call, "size"), numbers(call, "dim")];
    if (target === null) return null;
    if (places?.some((place) => place < 0) === true) return { value: unknown };
    const misfit = (places ?? []).findIndex((place, i) => {
      const [from, to] = [shape.dims[i], target[place]];
      return (
        from !== undefined &&
        to !== undefined &&
        call.solver.compare(from, constant(1)) === "no" &&
        call.solver.compare(from, to) === "no"
      );
    });
    if (misfit < 0 || shape.lead !== null) return { lead: null, dims: target };
    const told = shown(call, "input", shape);
    return problem("expand", {
      parameters: ["input"],
      message: (name) => `${told(name)} cannot be stretched: dimension ${misfit} goes to another size.`,
    });
  },
});

export const laxConcatenate = op({
  names: inLax("concatenate"),
  summary: "Joins arrays along a dimension.",
  call: "operands as tensors: tensors, dimension as dim: axis",
  shape: (call) => {
    const parts = tensorsOf(call, "tensors");
    const place = numberArgument(call, "dim");
    const ranks = new Set(parts?.map(({ shape }) => rank(shape)));
    const [count = null] = ranks;
    if (parts === null || place === null || count === null || ranks.size !== 1) return null;
    if (place < 0 || place >= count) return { value: unknown };
    return concatenated(
      call,
      parts.map(({ shape }) => shape),
      place - count,
      "tensors",
    );
  },
  dtype: (call) => tensorsOf(call, "tensors")?.[0]?.dtype ?? null,
});

export const laxPad = op({
  names: inLax("pad"),
  summary: "Elements before, after and between those of each dimension; negative numbers cut.",
  call: "operand as input: tensor, padding_value: any, padding_config: any",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const config = itemsOf(argument(call, "padding_config"))?.map((item) => itemsOf(item)?.map(dimOf) ?? []);
    if (config === undefined || shape.lead !== null || config.length !== shape.dims.length) return null;
    const dims = shape.dims.map((dim, i) => {
      const [low, high, interior] = config[i] ?? [];
      if (!isKnown(low) || !isKnown(high) || !isKnown(interior)) return unknownDim();
      if (asNumber(interior) === 0) return add(dim, add(low, high));
      const between = multiply(subtract(dim, constant(1)), interior);
      return asNumber(dim) === 0 ? unknownDim() : add(add(dim, between), add(low, high));
    });
    return dims.some((dim) => (asNumber(dim) ?? 0) < 0) ? { value: unknown } : { lead: null, dims };
  },
});

export const laxCollapse = op({
  names: inLax("collapse"),
  summary: "Joins neighbouring dimensions into one.",
  call: "operand as input: tensor, start_dimension: int, stop_dimension: int = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const start = numberArgument(call, "start_dimension");
    const stop = isGiven(call, "stop_dimension") ? numberArgument(call, "stop_dimension") : shape.dims.length;
    if (shape.lead !== null || start === null || stop === null) return null;
    const [from, to] = [start, stop].map((at) => (at < 0 ? at + shape.dims.length : at));
    if (from === undefined || to === undefined || from < 0 || to <= from || to > shape.dims.length)
      return { value: unknown };
    const dims = [...shape.dims.slice(0, from), product(shape.dims.slice(from, to)), ...shape.dims.slice(to)];
    return { lead: null, dims };
  },
});

export const laxSlice = op({
  names: inLax("slice"),
  summary: "A part of every dimension, from and to given places.",
  call: "operand as input: tensor, start_indices: any, limit_indices: any, strides: any = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const [from, to] = [sizes(call, "start_indices"), sizes(call, "limit_indices")];
    const steps = isGiven(call, "strides") ? numbers(call, "strides") : from?.map(() => 1);
    if (from === null || to === null || !isKnown(steps) || from.length !== to.length || to.length !== rank(shape))
      return null;
    if (from.some((one) => (asNumber(one) ?? 0) < 0)) return { value: unknown };
    const beyond = to.some((end, i) => call.solver.less(shape.dims[i] ?? end, end) === "yes");
    if (beyond) return tooFar(call, shape);
    return {
      lead: null,
      dims: to.map((end, i) => ceilDivide(subtract(end, from[i] ?? end), constant(Math.max(1, steps[i] ?? 1)))),
    };
  },
});

function tooFar(call: Call, shape: Shape): Problem {
  const told = shown(call, "input", shape);
  return problem("index-range", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` takes more elements than a dimension of ${told(name)} has.`,
  });
}

export const dynamicSlice = op({
  names: inLax("dynamic_slice"),
  summary: "A part of the given sizes, from places that the program computes.",
  call: "operand as input: tensor, start_indices: any, slice_sizes as size: ints, **options",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const taken = sizes(call, "size");
    if (taken === null) return null;
    if (rank(shape) !== null && rank(shape) !== taken.length)
      return otherRank(call, "input", shape, `${taken.length} dimensions by its sizes`);
    const beyond =
      rank(shape) !== null && taken.some((size, i) => call.solver.less(shape.dims[i] ?? size, size) === "yes");
    return beyond ? tooFar(call, shape) : { lead: null, dims: taken };
  },
});

/** The shape in which one dimension is replaced; null where it is hidden. */
function replaced(call: Call, change: (size: Dim) => Dim | null | undefined): ShapeAnswer {
  const { shape } = tensorOf(call, "input");
  const axis = axisOf(call, "dim", shape, { of: "input" });
  if (axis === null || isProblem(axis)) return axis;
  const wide = call.solver.shape(shape);
  const size = wide.dims.at(axis);
  if (size === undefined || -axis > wide.dims.length) return null;
  const made = change(size);
  if (made === undefined) return tooFar(call, wide);
  const at = wide.dims.length + axis;
  return {
    lead: wide.lead,
    dims: [...wide.dims.slice(0, at), ...(made === null ? [] : [made]), ...wide.dims.slice(at + 1)],
  };
}

export const dynamicSliceInDim = op({
  names: inLax("dynamic_slice_in_dim"),
  summary: "A part of one dimension, from a place that the program computes.",
  call: "operand as input: tensor, start_index: any, slice_size: int, axis as dim: axis = 0, **options",
  shape: (call) => {
    const taken = dimOf(argument(call, "slice_size")) ?? unknownDim();
    return replaced(call, (size) => (call.solver.less(size, taken) === "yes" ? undefined : taken));
  },
});

export const indexInDim = op({
  names: inLax("dynamic_index_in_dim", "index_in_dim"),
  summary: "One place of a dimension, which stays with size 1 or goes.",
  call: "operand as input: tensor, index: any, axis as dim: axis = 0, keepdims as keepdim: bool = True, **options",
  shape: (call) => {
    const kept = boolArgument(call, "keepdim");
    if (kept === null) return null;
    return replaced(call, () => (kept ? constant(1) : null));
  },
});

export const sliceInDim = op({
  names: inLax("slice_in_dim"),
  summary: "A part of one dimension.",
  call: "operand as input: tensor, start_index as start: any, limit_index as limit: any, stride: any = 1, axis as dim: axis = 0",
  shape: (call) => {
    const [start, limit, stride] = [argument(call, "start"), argument(call, "limit"), argument(call, "stride")];
    const end = limit.kind === "none" ? null : dimOf(limit);
    return replaced(call, (size) =>
      end !== null && call.solver.less(size, end) === "yes" ? undefined : span(size, start, limit, stride),
    );
  },
});

/** How many elements lie between two places that are plain numbers. */
function span(size: Dim, start: Datum, limit: Datum, stride: Datum): Dim {
  const [from, step] = [start.kind === "none" ? 0 : numberOf(start), numberOf(stride)];
  const to = limit.kind === "none" ? size : dimOf(limit);
  if (from === null || from < 0 || step === null || step < 1 || to === null || (asNumber(to) ?? 0) < 0)
    return unknownDim();
  return ceilDivide(subtract(to, constant(from)), constant(step));
}

export const dynamicUpdate = op({
  names: inLax("dynamic_update_slice", "dynamic_update_slice_in_dim", "dynamic_update_index_in_dim"),
  summary: "A copy of the array in which a part is replaced, at a place that the program computes.",
  call: {
    "jax.lax.dynamic_update_slice": "operand as input: tensor, update: tensor, start_indices: any, **options",
    jax: "operand as input: tensor, update: tensor, start_index: any, axis: axis, **options",
  },
  shape: (call) => {
    const [shape, update] = [tensorOf(call, "input").shape, tensorOf(call, "update").shape];
    if (call.name.endsWith("index_in_dim") || rank(shape) === null || rank(update) === null) return shape;
    if (rank(shape) !== rank(update)) return otherRank(call, "update", update, `${rank(shape)} dimensions`);
    const larger = update.dims.some((dim, i) => call.solver.less(shape.dims[i] ?? dim, dim) === "yes");
    return larger ? tooFar(call, shape) : call.solver.shape(shape);
  },
});
