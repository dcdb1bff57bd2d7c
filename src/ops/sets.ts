/**
 * NumPy's vectors as sets: different elements, unions, intersections. How many elements there are depends on the
 * data, and then the size stays open. PyTorch's `unique` is in `selecting.ts`.
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
import { argument, boolArgument, isGiven, isNumber, tensorOf } from "./arguments.ts";
import { record, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { promoteData, same } from "./dtype-rules.ts";
import { inNumpy } from "./names.ts";
import type { Call } from "./operator.ts";
import { isProblem } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";

const vector = (size: Dim): Shape => ({ lead: null, dims: [size] });

export const unique = op({
  names: ["numpy.unique"],
  summary: "The different elements in order; how many there are depends on the data.",
  call: "ar as input: tensor, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False, axis as dim: axis = None, *, equal_nan: any = True, sorted: any = True",
  shape: differentElements,
});

function differentElements(call: Call): ShapeAnswer {
  const { shape, dtype } = tensorOf(call, "input");
  const axis = isGiven(call, "dim") ? axisOf(call, "dim", shape, { of: "input" }) : undefined;
  if (isProblem(axis)) return axis;
  const count = unknownDim();
  const size = axis === undefined || axis === null ? undefined : shape.dims.at(axis);
  const along = size === undefined || axis === undefined || axis === null ? null : shape.dims.with(axis, count);
  if (axis !== undefined && along === null) return { value: unknown };
  const values = tensor(along === null ? vector(count) : { lead: shape.lead, dims: along }, dtype, "numpy");
  const inverse = size === undefined ? shape : vector(size);
  return withIndices(call, values, count, inverse);
}

/** The elements alone, or followed by the indices that are asked for. */
function withIndices(call: Call, values: Datum, count: Dim, inverse: Shape): ShapeAnswer {
  const wanted = ["return_index", "return_inverse", "return_counts"].map((name) => boolArgument(call, name));
  if (wanted.includes(null)) return { value: unknown };
  const shapes = [vector(count), inverse, vector(count)].filter((_, i) => wanted[i] === true);
  const indices = shapes.map((shape) => tensor(shape, "int64", "numpy"));
  return { value: indices.length === 0 ? values : tuple([values, ...indices]) };
}

export const uniqueParts = op({
  names: inNumpy("unique_all", "unique_counts", "unique_inverse", "unique_values"),
  summary: "The different elements, with their places or counts.",
  call: "x as input: tensor, /",
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const count = unknownDim();
    const values = tensor(vector(count), dtype, "numpy");
    const index = tensor(vector(count), "int64", "numpy");
    const inverse = tensor(shape, "int64", "numpy");
    if (call.name.endsWith("values")) return { value: values };
    const fields: Readonly<Record<string, readonly (readonly [string, Datum])[]>> = {
      all: [
        ["indices", index],
        ["inverse_indices", inverse],
        ["counts", index],
      ],
      counts: [["counts", index]],
      inverse: [["inverse_indices", inverse]],
    };
    return {
      value: record("unique", [["values", values], ...(fields[call.name.slice("numpy.unique_".length)] ?? [])]),
    };
  },
});

export const combined = op({
  names: inNumpy("union1d", "intersect1d", "setdiff1d", "setxor1d"),
  summary: "The elements of one or both of two sets, in order.",
  call: {
    numpy: "ar1 as input: tensor, ar2 as other: tensor, assume_unique: any = False",
    "numpy.intersect1d":
      "ar1 as input: tensor, ar2 as other: tensor, assume_unique: any = False, return_indices: bool = False",
  },
  shape: (call) => {
    const values = tensor(vector(unknownDim()), setType(call), "numpy");
    const indices = isGiven(call, "return_indices") ? boolArgument(call, "return_indices") : false;
    if (indices === null) return { value: unknown };
    const places = tensor(values.shape, "int64", "numpy");
    return { value: indices ? tuple([values, places, places]) : values };
  },
});

/** What is left of a set keeps its type. */
function setType(call: Call) {
  if (call.name.endsWith("setdiff1d")) return same()(call);
  // Some of them take a number as an array, and others let it follow the array's type.
  if (["input", "other"].some((parameter) => isNumber(argument(call, parameter)))) return null;
  return promoteData(call, [tensorOf(call, "input"), tensorOf(call, "other")]);
}

export const trimZeros = op({
  names: ["numpy.trim_zeros"],
  summary: "The array without the zeros at its ends.",
  call: "filt as input: tensor, trim: any = None, axis: any = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    if (argument(call, "input").kind !== "tensor") return { value: unknown };
    return shape.lead === null ? { lead: null, dims: shape.dims.map(() => unknownDim()) } : null;
  },
});

export const extract = op({
  names: ["numpy.extract"],
  summary: "The elements where a condition holds, in one dimension.",
  call: "condition: any, arr as input: tensor",
  shape: () => vector(unknownDim()),
  dtype: same(),
});

export const compress = op({
  names: ["numpy.compress", "numpy.ndarray.compress"],
  summary: "The slices along a dimension where a condition holds.",
  call: {
    "numpy.compress": "condition: any, a as input: tensor, axis as dim: axis = None, out: any = None",
    "numpy.ndarray": "self as input: tensor, condition: any, axis as dim: axis = None, out: any = None",
  },
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    if (!isGiven(call, "dim") || rank(shape) === 0) return vector(unknownDim());
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    return -axis > wide.dims.length ? null : { lead: wide.lead, dims: wide.dims.with(axis, unknownDim()) };
  },
  dtype: same(),
});

export const flatDifferences = op({
  names: ["numpy.ediff1d"],
  summary: "Differences of neighbours of all elements in one dimension.",
  call: "ary as input: tensor, to_end: any = None, to_begin: any = None",
  shape: (call) => {
    const count = elementCount(tensorOf(call, "input").shape);
    const ends = ["to_begin", "to_end"].filter((parameter) => isGiven(call, parameter));
    const more = ends.map((parameter) => elementCount(tensorOf(call, parameter).shape));
    if (more.includes(null) || ends.some((parameter) => argument(call, parameter).kind === "unknown"))
      return vector(unknownDim());
    const extra = more.reduce<Dim>((sum, one) => add(sum, one ?? constant(0)), constant(0));
    const empty = count !== null && asNumber(count) === 0;
    if (count === null) return vector(unknownDim());
    return vector(add(extra, empty ? count : subtract(count, constant(1))));
  },
  dtype: (call) => (same()(call) === "bool" ? null : same()(call)),
});
