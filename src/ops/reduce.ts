/**
 * Operators that take dimensions away by combining their elements: sums, means, extremes, norms. Those
 * that give values together with indices answer with a record.
 */
import { asNumber, constant, elementCount, rank, unknownDim, unknownShape, type Shape } from "../shapes/index.ts";
import { argument, isGiven, libraryOf, tensorOf } from "./arguments.ts";
import { record, tensor } from "./datum.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import { category } from "./dtype.ts";
import { accumulated, always, floating, orGiven, promoted, realPart, same, type DTypeRule } from "./dtype-rules.ts";
import { inArray, inNumpy, inTorch } from "./names.ts";
import type { Call, Operator, Outcome } from "./operator.ts";
import { isProblem, problem, shortName } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { reduce } from "./verbs/reduce.ts";

const NUMPY =
  "a as input: tensor, axis as dim: axes = None, dtype: dtype = None, out: any = None, keepdims as keepdim: bool = False, initial: any = None, where: any = None, **options";
const NUMPY_EXTREME =
  "a as input: tensor, axis as dim: axes = None, out: any = None, keepdims as keepdim: bool = False, initial: any = None, where: any = None";
const TORCH =
  "input: tensor, dim|axis: axes = None, keepdim|keepdims: bool = False, *, dtype: dtype = None, out: any = None";

function reduction(
  names: readonly string[],
  summary: string,
  dtype: DTypeRule,
  call: OperatorSpec["call"] = { torch: TORCH, numpy: NUMPY },
): readonly Operator[] {
  return op({
    names,
    summary,
    call,
    shape: (made) => reduce(made, { emptyMeansAll: torchNamed(made) }),
    dtype: orGiven(dtype),
  });
}

function torchNamed(call: Call): boolean {
  return call.name.startsWith("torch.");
}

export const sum = reduction(
  [...inTorch("sum", "nansum"), ...inArray("sum"), ...inNumpy("nansum")],
  "Sum over dimensions.",
  accumulated(),
);
export const amax = reduction(inTorch("amax", "amin"), "Extreme value over dimensions.", same(), {
  torch: "input: tensor, dim|axis: axes = (), keepdim|keepdims: bool = False, *, out: any = None",
});
export const numpyExtremes = op({
  names: [...inArray("max", "min"), ...inNumpy("amax", "amin", "nanmax", "nanmin")],
  summary: "Extreme value over dimensions.",
  call: NUMPY_EXTREME,
  shape: (call) => reduce(call),
});
export const peakToPeak = op({
  names: ["numpy.ptp"],
  summary: "Difference of the greatest and the smallest value.",
  call: NUMPY_EXTREME,
  shape: (call) => reduce(call),
});

/** Means of integers are an error in PyTorch and float64 in NumPy. */
const averaged: DTypeRule = (call) => {
  const dtype = same()(call);
  if (dtype === null || category(dtype) === "float" || category(dtype) === "complex") return dtype;
  return libraryOf(call) === "numpy" ? "float64" : null;
};

function averages(
  names: readonly string[],
  summary: string,
  call: OperatorSpec["call"],
  dtype: DTypeRule = averaged,
): readonly Operator[] {
  return op({ names, summary, call, shape: average, dtype: orGiven(dtype) });
}

function average(call: Call): ShapeAnswer {
  const { dtype } = tensorOf(call, "input");
  const whole = dtype !== null && category(dtype) !== "float" && category(dtype) !== "complex";
  if (torchNamed(call) && whole && !isGiven(call, "dtype")) {
    return problem("dtype", {
      parameters: ["input"],
      message: (name) => `\`${shortName(call)}\` needs floating-point numbers; ${name("input")} is ${dtype}.`,
    });
  }
  const shape = reduce(call, { emptyMeansAll: torchNamed(call) });
  return shape;
}

export const mean = averages(
  [...inTorch("mean", "nanmean"), ...inArray("mean"), ...inNumpy("nanmean")],
  "Mean over dimensions.",
  {
    torch: TORCH,
    numpy: NUMPY,
  },
);
export const deviation = averages(
  inTorch("std", "var"),
  "Standard deviation or variance over dimensions.",
  "input: tensor, dim|axis: any = None, unbiased: any = None, keepdim|keepdims: bool = False, *, correction: any = None, out: any = None",
  realPart(),
);
export const numpyDeviation = averages(
  [...inArray("std", "var"), ...inNumpy("nanstd", "nanvar")],
  "Standard deviation or variance over dimensions.",
  "a as input: tensor, axis as dim: axes = None, dtype: dtype = None, out: any = None, ddof: any = 0, keepdims as keepdim: bool = False, **options",
  realPart(averaged),
);

export const product = reduction(
  [...inTorch("prod"), ...inArray("prod"), ...inNumpy("nanprod")],
  "Product over dimensions.",
  accumulated(),
  {
    torch:
      "input: tensor, dim|axis: axis = None, keepdim|keepdims: bool = False, *, dtype: dtype = None, out: any = None",
    numpy: NUMPY,
  },
);
export const logicalReduction = reduction(
  [...inTorch("any", "all"), ...inArray("any", "all")],
  "Whether any or all elements are true.",
  (call) => (tensorOf(call, "input").dtype === "uint8" && torchNamed(call) ? "uint8" : "bool"),
  { torch: TORCH, numpy: NUMPY_EXTREME.replace("initial: any = None, ", "*, ") },
);
export const countNonzero = op({
  names: [...inTorch("count_nonzero"), "numpy.count_nonzero"],
  summary: "How many elements are not zero.",
  call: {
    torch: "input: tensor, dim: axes = None",
    numpy: "a as input: tensor, axis as dim: axes = None, *, keepdims as keepdim: bool = False",
  },
  shape: (call) =>
    libraryOf(call) === "numpy" && !isGiven(call, "dim") ? { value: { kind: "unknown" } } : reduce(call),
  dtype: always("int64"),
});
export const logsumexp = op({
  names: inTorch("logsumexp"),
  summary: "Logarithm of the sum of exponentials over dimensions.",
  call: "input: tensor, dim: axes, keepdim: bool = False, *, out: any = None",
  shape: (call) => reduce(call, { emptyMeansAll: true }),
  dtype: floating(),
});
export const norm = op({
  names: [...inTorch("norm")],
  summary: "Norm over dimensions.",
  call: 'input: tensor, p: any = "fro", dim|axis: axes = None, keepdim|keepdims: bool = False, out: any = None, dtype: dtype = None',
  shape: (call) => reduce(call, { emptyMeansAll: true }),
  dtype: orGiven(realPart()),
});
export const vectorNorm = op({
  names: ["torch.linalg.vector_norm", "torch.linalg.norm", "numpy.linalg.norm"],
  summary: "Norm over dimensions.",
  call: {
    "torch.linalg.vector_norm":
      "x as input: tensor, ord: any = 2, dim: axes = None, keepdim: bool = False, *, dtype: dtype = None, out: any = None",
    "torch.linalg.norm":
      "A as input: tensor, ord: any = None, dim: axes = None, keepdim: bool = False, *, out: any = None, dtype: dtype = None",
    numpy: "x as input: tensor, ord: any = None, axis as dim: axes = None, keepdims as keepdim: bool = False",
  },
  shape: (call) => reduce(call, { emptyMeansAll: true }),
  dtype: orGiven((call) => (libraryOf(call) === "numpy" ? numpyNormType(call) : realPart()(call))),
});

function numpyNormType(call: Call): ReturnType<DTypeRule> {
  const dtype = realPart()(call);
  return dtype === null ? null : category(dtype) === "float" ? dtype : "float64";
}

/** `max(x)`, `max(x, dim)` with indices, `max(x, other)` element by element. */
function extreme(name: "max" | "min"): readonly Operator[] {
  return op({
    names: inTorch(name),
    summary: `The ${name === "max" ? "greatest" : "smallest"} element, along a dimension together with its index, or of two tensors.`,
    call: "input: tensor, dim|axis|other: any = None, keepdim|keepdims: bool = False, *, out: any = None",
    shape: (call) => {
      const chosen = argument(call, "dim");
      if (chosen.kind === "tensor") {
        const other = { parameter: "dim", shape: tensorOf(call, "dim").shape };
        return broadcastAll(call, [{ parameter: "input", shape: tensorOf(call, "input").shape }, other]);
      }
      if (chosen.kind === "none") return reduce(call);
      return chosen.kind === "int" ? withIndices(call, name) : { value: { kind: "unknown" } };
    },
    dtype: (call) => (argument(call, "dim").kind === "tensor" ? promoted("input", "dim")(call) : same()(call)),
  });
}

export const max = extreme("max");
export const min = extreme("min");

function withIndices(call: Call, name: string): Outcome | ShapeAnswer {
  const shape = reduce(call);
  if (isProblem(shape)) return shape;
  return { value: valuesAndIndices(call, name, shape ?? unknownShape()) };
}

export function valuesAndIndices(call: Call, name: string, shape: Shape): ReturnType<typeof record> {
  return record(name, [
    ["values", tensor(shape, tensorOf(call, "input").dtype, "torch")],
    ["indices", tensor(shape, "int64", "torch")],
  ]);
}

export const median = op({
  names: inTorch("median", "nanmedian", "mode", "cummax", "cummin"),
  summary: "Median or most frequent value, along a dimension together with its index.",
  call: "input: tensor, dim|axis: axis = None, keepdim: bool = False, *, out: any = None",
  shape: (call) => {
    const name = shortName(call);
    if (name.startsWith("cum")) return { value: valuesAndIndices(call, name, tensorOf(call, "input").shape) };
    const last = new Map(call.args).set("dim", { kind: "int", value: constant(-1) } as const);
    if (name === "mode" && !isGiven(call, "dim")) return withIndices({ ...call, args: last }, name);
    return isGiven(call, "dim") ? withIndices(call, name) : reduce(call);
  },
});

export const numpyMedian = op({
  names: [...inNumpy("median", "nanmedian")],
  summary: "Median over dimensions.",
  call: "a as input: tensor, axis as dim: axes = None, out: any = None, overwrite_input: any = False, keepdims as keepdim: bool = False",
  shape: (call) => reduce(call),
  dtype: averaged,
});

export const quantile = op({
  names: [...inTorch("quantile", "nanquantile"), ...inNumpy("quantile", "percentile", "nanpercentile", "nanquantile")],
  summary: "Quantiles over dimensions; several of them make a new first dimension.",
  call: {
    torch:
      'input: tensor, q: any, dim: axis = None, keepdim: bool = False, *, interpolation: any = "linear", out: any = None',
    numpy:
      "a as input: tensor, q: any, axis as dim: axes = None, out: any = None, overwrite_input: any = False, method: any = None, keepdims as keepdim: bool = False, **options",
  },
  shape: (call) => {
    const shape = reduce(call);
    if (shape === null || isProblem(shape)) return shape;
    const kind = argument(call, "q").kind;
    // Of no elements NumPy's functions give what they please.
    if (kind === "unknown" || tensorOf(call, "input").shape.dims.some((dim) => asNumber(dim) === 0)) return null;
    const points = tensorOf(call, "q").shape;
    if (kind === "float" || kind === "int") return shape;
    return points.lead === null
      ? { lead: shape.lead, dims: shape.lead === null ? [...points.dims, ...shape.dims] : [] }
      : null;
  },
  dtype: (call) => (argument(call, "q").kind === "float" || argument(call, "q").kind === "int" ? averaged(call) : null),
});

export const argmax = op({
  names: [...inTorch("argmax", "argmin"), ...inArray("argmax", "argmin"), ...inNumpy("nanargmax", "nanargmin")],
  summary: "Index of the extreme element, of the whole tensor or along a dimension.",
  call: {
    torch: "input: tensor, dim|axis: axis = None, keepdim|keepdims: bool = False",
    numpy: "a as input: tensor, axis as dim: axis = None, out: any = None, *, keepdims as keepdim: bool = False",
  },
  shape: (call) => reduce(call),
  dtype: always("int64"),
});

export const cumulative = op({
  names: [...inTorch("cumsum", "cumprod"), "torch.Tensor.cumsum_", "torch.Tensor.cumprod_"],
  summary: "Running sum or product along a dimension.",
  call: "input: tensor, dim|axis: axis, *, dtype: dtype = None, out: any = None",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const axis = axisOf(call, "dim", shape, { of: "input", scalars: true });
    return isProblem(axis) ? axis : call.solver.shape(shape);
  },
  dtype: orGiven(accumulated()),
});

export const logcumsumexp = op({
  names: inTorch("logcumsumexp"),
  summary: "Logarithm of running sums of exponentials.",
  call: "input: tensor, dim: axis, *, out: any = None",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const axis = axisOf(call, "dim", shape, { of: "input", scalars: true });
    return isProblem(axis) ? axis : call.solver.shape(shape);
  },
});

export const numpyCumulative = op({
  names: [...inArray("cumsum", "cumprod"), ...inNumpy("nancumsum", "nancumprod")],
  summary: "Running sum or product along a dimension, or over all elements.",
  call: "a as input: tensor, axis as dim: axis = None, dtype: dtype = None, out: any = None",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    if (!isGiven(call, "dim")) return { lead: null, dims: [elementCount(shape) ?? unknownDim()] };
    if (rank(shape) === 0) return null;
    const axis = axisOf(call, "dim", shape, { of: "input" });
    return isProblem(axis) ? axis : call.solver.shape(shape);
  },
  dtype: orGiven(accumulated()),
});

export const trapezoid = op({
  names: ["torch.trapezoid", "torch.trapz", "numpy.trapezoid"],
  summary: "Integral along a dimension by the trapezoidal rule.",
  call: {
    torch: "y as input: tensor, x: any = None, *, dx: any = 1, dim: axis = -1",
    numpy: "y as input: tensor, x: any = None, dx: any = 1.0, axis as dim: axis = -1",
  },
  shape: (call) => (isGiven(call, "x") ? null : reduce(call)),
  dtype: (call) => (isGiven(call, "x") ? null : libraryOf(call) === "numpy" ? averaged(call) : floating()(call)),
});

export const trace = op({
  names: inTorch("trace"),
  summary: "Sum of the diagonal of a matrix.",
  call: "input: tensor",
  shape: (call) =>
    call.solver.requireRank(tensorOf(call, "input").shape, 2) === null
      ? { value: { kind: "unknown" } }
      : { lead: null, dims: [] },
  dtype: accumulated(),
});

export const batchVariance = op({
  names: inTorch("var_mean", "std_mean").filter((name) => !name.includes("Tensor")),
  summary: "Variance or deviation together with the mean.",
  call: "input: tensor, dim: axes = None, unbiased: any = None, keepdim: bool = False, *, correction: any = None",
  shape: (call) => {
    const shape = reduce(call, { emptyMeansAll: true });
    if (isProblem(shape)) return shape;
    const part = tensor(shape ?? unknownShape(), tensorOf(call, "input").dtype, "torch");
    return { value: { kind: "tuple", items: [part, part] } };
  },
});
