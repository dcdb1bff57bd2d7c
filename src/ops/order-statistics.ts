/**
 * NumPy's statistics over dimensions that look at elements by their order or their weight: medians, quantiles,
 * ranges, weighted means. Plain sums and means are in `reduce.ts`, PyTorch's quantiles too.
 */
import { asNumber, rank } from "../shapes/index.ts";
import { argument, boolArgument, isGiven, isNumber, tensorOf, textArgument } from "./arguments.ts";
import { tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category, isFloating, type DType } from "./dtype.ts";
import { promoteData, same } from "./dtype-rules.ts";
import { inNumpy } from "./names.ts";
import type { Call } from "./operator.ts";
import { isProblem } from "./problems.ts";
import { averaged, reduceNonempty } from "./reduce.ts";
import { reduce } from "./verbs/reduce.ts";

export const numpyMedian = op({
  names: inNumpy("median", "nanmedian"),
  summary: "Median over dimensions.",
  call: "a as input: tensor, axis as dim: axes = None, out: any = None, overwrite_input: any = False, keepdims as keepdim: bool = False",
  shape: (call) => reduce(call),
  dtype: averaged,
});

export const peakToPeak = op({
  names: ["numpy.ptp"],
  summary: "Difference of the greatest and the smallest value.",
  call: "a as input: tensor, axis as dim: axes = None, out: any = None, keepdims as keepdim: bool = False",
  shape: reduceNonempty,
  dtype: (call) => {
    const dtype = same()(call);
    return dtype === "bool" ? null : dtype;
  },
});

export const numpyQuantile = op({
  names: inNumpy("quantile", "percentile", "nanpercentile", "nanquantile"),
  summary: "Quantiles over dimensions; several of them make a new first dimension.",
  call: "a as input: tensor, q: any, axis as dim: axes = None, out: any = None, overwrite_input: any = False, method: any = None, keepdims as keepdim: bool = False, *, weights: any = None, interpolation: any = None",
  shape: quantiles,
  dtype: quantileType,
});

function quantiles(call: Call): ShapeAnswer {
  const shape = reduce(call);
  if (shape === null || isProblem(shape)) return shape;
  const kind = argument(call, "q").kind;
  // Of no elements NumPy's functions give what they please.
  if (kind === "unknown" || tensorOf(call, "input").shape.dims.some((dim) => asNumber(dim) === 0)) return null;
  const points = tensorOf(call, "q").shape;
  if (isNumber(argument(call, "q")) || rank(points) === 0) return shape;
  // Those that leave out what is no number put a grid of quantiles elsewhere.
  if (points.lead !== null || shape.lead !== null || (points.dims.length > 1 && call.name.includes("nan"))) return null;
  return { lead: null, dims: [...points.dims, ...shape.dims] };
}

/** Between two elements a quantile is a weighted mean; a single number as `q` does not widen the type. */
function quantileType(call: Call): DType | null {
  const dtype = same()(call);
  const q = argument(call, "q");
  const method = argument(call, "method");
  const linear = method.kind === "none" || textArgument(call.args, "method") === "linear";
  if (dtype === null || isGiven(call, "interpolation") || isGiven(call, "weights")) return null;
  if (q.kind === "float" || q.kind === "int") {
    if (isFloating(dtype)) return dtype;
    const whole = q.kind === "int" && !call.name.includes("percentile");
    return linear && category(dtype) === "integer" && !whole ? "float64" : null;
  }
  const points = tensorOf(call, "q").dtype;
  // Percentages become shares by a division.
  const whole = points !== null && category(points) === "integer" && call.name.includes("percentile");
  const plain = linear && (points === "float64" || whole) && (isFloating(dtype) || category(dtype) === "integer");
  return plain ? "float64" : null;
}

export const average = op({
  names: ["numpy.average"],
  summary: "Mean over dimensions, by weights if there are any.",
  call: "a as input: tensor, axis as dim: axes = None, weights: any = None, returned: bool = False, *, keepdims as keepdim: bool = False",
  shape: (call) => {
    const shape = isGiven(call, "weights") ? weighted(call) : reduce(call);
    const both = boolArgument(call, "returned");
    if (both === false || isProblem(shape)) return shape;
    if (both === null || shape === null || !("dims" in shape)) return { value: unknown };
    const one = tensor(shape, averageType(call), "numpy");
    return { value: tuple([one, one]) };
  },
  dtype: averageType,
});

/** Weights have the shape of the array, or are a vector along the one axis. */
function weighted(call: Call): ShapeAnswer {
  const [input, weights] = [tensorOf(call, "input").shape, tensorOf(call, "weights").shape];
  const [n, m] = [rank(input), rank(weights)];
  if (n === null || n !== m) return { value: unknown };
  const agree = input.dims.every((dim, i) => call.solver.compare(dim, weights.dims[i] ?? dim) !== "no");
  return agree ? reduce(call) : { value: unknown };
}

function averageType(call: Call): DType | null {
  const dtype = averaged(call);
  if (dtype === null || !isGiven(call, "weights")) return dtype;
  const own = same()(call);
  const whole = own !== null && (category(own) === "integer" || category(own) === "bool");
  const joined = promoteData(call, [tensorOf(call, "input"), tensorOf(call, "weights")]);
  return joined === null ? null : whole || category(joined) === "integer" ? promoteWithDouble(joined) : joined;
}

function promoteWithDouble(dtype: DType): DType {
  return category(dtype) === "complex" ? "complex128" : "float64";
}
