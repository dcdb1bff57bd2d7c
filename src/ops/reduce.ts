/**
 * Operators that take dimensions away by combining their elements: sums, means, extremes, norms. Those
 * that give values together with indices answer with a record.
 */
import { add, asNumber, constant, product as productOf, rank, unknownShape, type Dim } from "../shapes/index.ts";
import { argument, dtypeArgument, isGiven, libraryOf, tensorOf } from "./arguments.ts";
import { none, tensor, unknown } from "./datum.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import { category } from "./dtype.ts";
import { accumulated, always, floating, orGiven, realPart, same, type DTypeRule } from "./dtype-rules.ts";
import { inArray, inNumpy, inTorch } from "./names.ts";
import type { Call, Operator } from "./operator.ts";
import { isProblem, otherRank, problem, shortName } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";
import { fitInto } from "./verbs/broadcast.ts";
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
  fold: ((dims: readonly Dim[]) => Dim) | null = null,
): readonly Operator[] {
  return op({
    names,
    summary,
    call,
    content: (made) => (fold === null ? null : folded(made, fold)),
    shape: masked((made) => reduce(made, { emptyMeansAll: torchNamed(made) })),
    dtype: orGiven(dtype),
    work: "input",
  });
}

/** What the elements of a vector that serves as a shape come to: `np.prod(x.shape)`. */
function folded(call: Call, fold: (dims: readonly Dim[]) => Dim): Dim | null {
  const { content, shape } = tensorOf(call, "input");
  const plain = ["initial", "where", "out"].every((name) => argument(call, name).kind === "none");
  return content === undefined || rank(shape) !== 1 || !plain ? null : fold(content);
}

/** A mask that `where=` gives must lie within the array; what NumPy makes of others is left open. */
function masked(shape: (call: Call) => ShapeAnswer): (call: Call) => ShapeAnswer {
  return (call) => {
    const where = argument(call, "where");
    if (where.kind === "none" || where.kind === "bool") return shape(call);
    const mask = tensorOf(call, "where").shape;
    const within =
      mask.lead === null && fitInto(call, { parameter: "where", shape: mask }, tensorOf(call, "input").shape);
    return within === null ? shape(call) : { value: unknown };
  };
}

/** Nothing is the greatest of no elements. */
export function reduceNonempty(call: Call): ShapeAnswer {
  const empty = tensorOf(call, "input").shape.dims.some((dim) => asNumber(dim) === 0);
  return empty ? { value: unknown } : reduce(call);
}

function torchNamed(call: Call): boolean {
  return call.name.startsWith("torch.");
}

export const sum = reduction(
  [...inTorch("sum", "nansum"), ...inArray("sum"), ...inNumpy("nansum")],
  "Sum over dimensions.",
  accumulated(),
  { torch: TORCH, numpy: NUMPY },
  (dims) => dims.reduce(add, constant(0)),
);
export const numpyExtremes = op({
  names: [...inArray("max", "min"), ...inNumpy("amax", "amin", "nanmax", "nanmin")],
  summary: "Extreme value over dimensions.",
  call: NUMPY_EXTREME,
  shape: masked((call) => (isGiven(call, "initial") ? reduce(call) : reduceNonempty(call))),
  work: "input",
});
/** Means of integers are an error in PyTorch and float64 in NumPy. */
export const averaged: DTypeRule = (call) => {
  const dtype = same()(call);
  if (dtype === null || category(dtype) === "float" || category(dtype) === "complex") return dtype;
  return libraryOf(call) === "numpy" ? "float64" : null;
};

function averages(
  names: readonly string[],
  summary: string,
  call: OperatorSpec["call"],
  dtype: DTypeRule = averaged,
  shape: (call: Call) => ShapeAnswer = average,
  inJax: NonNullable<OperatorSpec["inJax"]> = {},
): readonly Operator[] {
  return op({ names, summary, call, shape: masked(shape), dtype: orGiven(dtype), work: "input", inJax });
}

function average(call: Call): ShapeAnswer {
  const { dtype } = tensorOf(call, "input");
  const given = dtypeArgument(call.args);
  const used = given === undefined ? dtype : given;
  const whole = used !== null && category(used) !== "float" && category(used) !== "complex";
  if (torchNamed(call) && whole) {
    return problem("dtype", {
      parameters: ["input"],
      message: (name) =>
        `\`${shortName(call)}\` needs floating-point numbers; ${given === undefined ? name("input") : "`dtype`"} is ${used}.`,
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
  averageOrAll,
);

/** `std(x, True)` is the form without dimensions: the truth value says whether to correct. */
function averageOrAll(call: Call): ShapeAnswer {
  if (argument(call, "dim").kind !== "bool") return average(call);
  return average({ ...call, args: new Map(call.args).set("dim", none) });
}

export const numpyDeviation = averages(
  [...inArray("std", "var"), ...inNumpy("nanstd", "nanvar")],
  "Standard deviation or variance over dimensions.",
  "a as input: tensor, axis as dim: axes = None, dtype: dtype = None, out: any = None, ddof: any = 0, keepdims as keepdim: bool = False, *, where: any = None, **options",
  realPart(averaged),
  average,
  // JAX takes no integer type for an answer.
  { differs: (call) => isGiven(call, "dtype") },
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
  productOf,
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
  shape: (call) => reduce(call),
  dtype: always("int64"),
});
export const logsumexp = op({
  names: inTorch("logsumexp"),
  summary: "Logarithm of the sum of exponentials over dimensions.",
  call: "input: tensor, dim: axes, keepdim: bool = False, *, out: any = None",
  shape: (call) => reduce(call, { emptyMeansAll: true }),
  dtype: floating(),
});
export const numpyArgmax = op({
  names: [...inArray("argmax", "argmin"), ...inNumpy("nanargmax", "nanargmin")],
  summary: "Index of the extreme element, of the whole tensor or along a dimension.",
  call: "a as input: tensor, axis as dim: axis = None, out: any = None, *, keepdims as keepdim: bool = False",
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

export const numpyTrapezoid = op({
  names: ["numpy.trapezoid"],
  summary: "Integral along a dimension by the trapezoidal rule.",
  call: "y as input: tensor, x: any = None, dx: any = 1.0, axis as dim: axis = -1",
  shape: (call) => (isGiven(call, "x") ? null : reduce(call)),
  dtype: (call) => (isGiven(call, "x") || !isGiven(call, "dx") ? null : averaged(call)),
});

export const trace = op({
  names: inTorch("trace"),
  summary: "Sum of the diagonal of a matrix.",
  call: "input: tensor",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const matrix = call.solver.requireRank(shape, 2) !== null;
    return matrix ? { lead: null, dims: [] } : otherRank(call, "input", shape, "a matrix");
  },
  dtype: accumulated(),
});

export const batchVariance = op({
  names: ["torch.var_mean", "torch.std_mean"],
  summary: "Variance or deviation together with the mean.",
  call: "input: tensor, dim: any = None, unbiased: any = None, keepdim: bool = False, *, correction: any = None",
  shape: (call) => {
    const shape = averageOrAll(call);
    if (isProblem(shape)) return shape;
    const whole = shape !== null && "dims" in shape ? shape : unknownShape();
    const parts = [realPart(), same()].map((dtype) => tensor(whole, dtype(call), "torch"));
    return { value: { kind: "tuple", items: parts } };
  },
});
