/**
 * `torch.masked`: reductions and normalisations that leave out what a mask hides. The mask fits into the input and
 * changes no shape.
 */
import { argument, boolArgument, dtypeArgument, isGiven, tensorOf } from "./arguments.ts";
import { none, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { isFloating } from "./dtype.ts";
import { accumulated, floating, orGiven, promoted, realPart, same, type DTypeRule } from "./dtype-rules.ts";
import { wholeNumbers } from "./matrices.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { isProblem } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll, fitInto } from "./verbs/broadcast.ts";
import { reduce } from "./verbs/reduce.ts";

const SUMS = "input: tensor, dim: axes = None, *, keepdim: bool = False, dtype: dtype = None, mask: any = None";

function wrongMask(call: Call): Problem | null {
  if (argument(call, "mask").kind !== "tensor") return null;
  const [mask, input] = [tensorOf(call, "mask").shape, tensorOf(call, "input").shape];
  return fitInto(call, { parameter: "mask", shape: mask }, input);
}

function hidden(
  names: readonly string[],
  summary: string,
  call: string,
  dtype: DTypeRule | null,
  rule: (call: Call) => ShapeAnswer = (made) => reduce(made, { emptyMeansAll: true }),
): readonly Operator[] {
  return op({
    names: names.map((name) => `torch.masked.${name}`),
    summary,
    call,
    shape: (made) => wrongMask(made) ?? rule(made),
    // The median mostly keeps the type of the input, whatever `dtype` says.
    dtype: dtype === null ? (made) => (isGiven(made, "dtype") ? null : same()(made)) : orGiven(dtype),
  });
}

/** Integers have no mean and no norm. */
function ofFloats(call: Call): ShapeAnswer {
  const wrong = wholeNumbers(call);
  return wrong ?? reduce(call, { emptyMeansAll: true });
}

/** Products over a dimension that is named twice are taken twice. */
function repeatedly(call: Call): ShapeAnswer {
  const shape = reduce(call, { emptyMeansAll: true });
  return isProblem(shape) && shape.code === "dim-repeated" ? { value: unknown } : shape;
}

export const maskedSum = hidden(
  ["sum", "prod"],
  "Sum or product of what a mask leaves.",
  SUMS,
  accumulated(),
  repeatedly,
);
export const maskedMean = hidden(["mean"], "Mean of what a mask leaves.", SUMS, same(), (call) => {
  const wrong = isGiven(call, "dtype") ? null : wholeNumbers(call);
  return wrong ?? reduce(call, { emptyMeansAll: true });
});
export const maskedExtreme = hidden(["amax", "amin"], "Extreme of what a mask leaves.", SUMS, same());
export const maskedLogSum = hidden(
  ["logsumexp"],
  "Logarithm of the sum of exponentials of what a mask leaves.",
  SUMS,
  same(),
);
export const maskedNorm = hidden(
  ["norm"],
  "Norm of what a mask leaves.",
  SUMS.replace("tensor,", "tensor, ord: any = 2.0,"),
  realPart(),
  ofFloats,
);
/** `torch.masked.argmax` documents indices, but gives them in the type of the input. */
export const maskedPlace = hidden(
  ["argmax", "argmin"],
  "Index of the extreme of what a mask leaves.",
  SUMS.replace("axes", "axis"),
  same(),
  (call) => noTruth(call) ?? reduce(call),
);
export const maskedMedian = hidden(
  ["median"],
  "Median of what a mask leaves, along a dimension.",
  SUMS.replace("axes = None", "axis = -1"),
  null,
  (call) => (isGiven(call, "dim") ? reduce(call) : { value: unknown }),
);
export const maskedDeviation = hidden(
  ["var", "std"],
  "Variance or deviation of what a mask leaves.",
  "input: tensor, dim: any = None, unbiased: any = None, *, correction: any = None, keepdim: bool = False, dtype: dtype = None, mask: any = None",
  floating(),
  (call) => {
    const args = argument(call, "dim").kind === "bool" ? new Map(call.args).set("dim", none) : call.args;
    // Sums of squares are no integers, whatever `dtype` says.
    const dtype = dtypeArgument(call.args) ?? null;
    if (dtype !== null && !isFloating(dtype)) return { value: unknown };
    return noTruth(call) ?? reduce({ ...call, args }, { emptyMeansAll: true });
  },
);

function noTruth(call: Call): Problem | null {
  return tensorOf(call, "input").dtype === "bool" ? wholeNumbers(call) : null;
}

function along(call: Call): ShapeAnswer {
  const { shape } = tensorOf(call, "input");
  const axis = axisOf(call, "dim", shape, { of: "input", scalars: true });
  return isProblem(axis) ? axis : call.solver.shape(shape);
}

const ALONG = "input: tensor, dim: axis, *, dtype: dtype = None, mask: any = None";

export const maskedRunning = hidden(
  ["cumsum", "cumprod"],
  "Running sum or product of what a mask leaves.",
  ALONG,
  same(),
  along,
);
export const maskedSoftmax = hidden(
  ["softmax", "log_softmax", "softmin"],
  "Softmax of what a mask leaves.",
  ALONG,
  same(),
  along,
);
export const maskedNormalize = hidden(
  ["normalize"],
  "The input over the norm of what a mask leaves.",
  "input: tensor, ord: any, dim: axis, *, eps: any = 1e-12, dtype: dtype = None, mask: any = None",
  same(),
  (call) => wholeNumbers(call) ?? along(call),
);

export const maskedLogAdd = op({
  names: ["torch.masked.logaddexp"],
  summary: "Logarithm of the sum of two exponentials, of what masks leave.",
  call: "input: tensor, other: tensor, *, dtype: dtype = None, input_mask: any = None, other_mask: any = None",
  shape: (call) =>
    broadcastAll(
      call,
      ["input", "other"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
    ),
  dtype: (call) => {
    const joined = promoted("input", "other")(call);
    return isGiven(call, "dtype") || joined !== same()(call) || boolArgument(call, "input_mask") === null
      ? null
      : joined;
  },
});
