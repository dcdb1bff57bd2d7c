/**
 * Activations, dropout and other functions that leave every shape as it is, with their layers.
 */
import { asNumber, constant, known, rank, unknownDim, type Dim } from "../shapes/index.ts";
import { argument, dimArgument, tensorOf, typesOf } from "./arguments.ts";
import { layer, op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import { counted, unary } from "./elementwise.ts";
import { category, isFloating } from "./dtype.ts";
import { defaultFloat, floating, orGiven, same, type DTypeRule } from "./dtype-rules.ts";
import { mixedTypes } from "./matmul.ts";
import { elementwise, inOrder, preserved } from "./memory-rules.ts";
import { alsoInPlace, inEveryForm, inFunctional, inNumpy, inTorch } from "./names.ts";
import type { Call, Layer, Operator } from "./operator.ts";
import { isProblem, otherRank, problem, shown, shownDim } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";

/** Further arguments change values only. */
function activation(names: readonly string[], summary: string, dtype: DTypeRule = same()): readonly Operator[] {
  return op({
    names,
    summary,
    call: "input: tensor, *more: any, **options",
    shape: (call) => tensorOf(call, "input").shape,
    dtype,
    strides: elementwise,
    work: "result",
    notation: "()->()",
  });
}

export const relu = activation(
  [...inEveryForm("relu"), ...inFunctional("relu", "relu_")],
  "max(0, x) of every element.",
);
export const sigmoid = activation(
  [...inFunctional("sigmoid"), ...inEveryForm("sigmoid"), "torch.special.expit"],
  "1 / (1 + e⁻ˣ) of every element.",
  floating(),
);
export const tanh = activation(inFunctional("tanh"), "Hyperbolic tangent of every element.", floating());
export const gelu = activation(inFunctional("gelu"), "Gaussian error linear unit.");
export const silu = activation(inFunctional("silu"), "x · sigmoid(x) of every element.");
export const shapedUnits = activation(
  inFunctional(
    "leaky_relu",
    "leaky_relu_",
    "elu",
    "elu_",
    "celu",
    "selu",
    "relu6",
    "hardtanh",
    "hardswish",
    "hardsigmoid",
    "mish",
    "softplus",
    "logsigmoid",
    "hardshrink",
    "softshrink",
    "threshold",
    "rrelu",
  ),
  "A nonlinear function of every element.",
);
export const rationalUnits = activation(
  inFunctional("softsign", "tanhshrink"),
  "A nonlinear function of every element.",
  floating(),
);
export const torchUnits = activation(
  [
    ...["selu", "celu", "rrelu", "threshold"].flatMap((name) => [`torch.${name}`, `torch.${name}_`]),
    ...inTorch("hardshrink"),
    ...inFunctional("celu_", "selu_", "rrelu_", "threshold_", "hardtanh_"),
  ],
  "A nonlinear function of every element.",
);
export const dropout = activation(
  [
    ...inFunctional("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"),
    ...["dropout", "alpha_dropout", "feature_alpha_dropout", "feature_dropout"].flatMap((name) => [
      `torch.${name}`,
      `torch.${name}_`,
    ]),
  ],
  "Sets random elements to 0 while training.",
);

/** The dimension must exist; it can be left out only with a warning. */
function along(
  names: readonly string[],
  summary: string,
  call: OperatorSpec["call"],
  dtype = same(),
): readonly Operator[] {
  return op({ names, summary, call, shape: alongDim, dtype: orGiven(dtype), strides: inOrder, notation: "(n)->(n)" });
}

function alongDim(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const axis = argument(call, "dim").kind === "int" ? axisOf(call, "dim", shape, { of: "input", scalars: true }) : null;
  return isProblem(axis) ? axis : call.solver.shape(shape);
}

const ALONG = {
  "torch.nn.functional": "input: tensor, dim|axis: axis = None, _stacklevel: any = 3, dtype: dtype = None",
  torch: "input: tensor, dim|axis: axis, dtype: dtype = None, *, out: any = None",
} as const;

export const softmax = along(
  [...inTorch("softmax"), ...inFunctional("softmax", "softmin"), "torch.special.softmax"],
  "Exponentials along a dimension, divided by their sum.",
  ALONG,
);
export const logSoftmax = along(
  [...inTorch("log_softmax"), ...inFunctional("log_softmax"), "torch.special.log_softmax"],
  "Logarithm of the softmax along a dimension.",
  ALONG,
);
export const gumbelSoftmax = along(
  inFunctional("gumbel_softmax"),
  "A sample of a relaxed categorical distribution.",
  "logits as input: tensor, tau: any = 1, hard: any = False, eps: any = 1e-10, dim: axis = -1",
  floating(),
);
export const normalize = along(
  inFunctional("normalize"),
  "Vectors along a dimension, divided by their norm.",
  "input: tensor, p: any = 2.0, dim: axis = 1, eps: any = 1e-12, out: any = None",
);

/** Exponentials, roots and angles of every element, which are floating-point numbers. */
function real(...names: readonly string[]): readonly Operator[] {
  const short = names.map((name) => name.replace("arc", "a"));
  return unary(
    [...inEveryForm(...names), ...inNumpy(...new Set([...names, ...short]))],
    `\`${names.join("`, `")}\` of every element.`,
    floating(),
  );
}

export const exp = real("exp");
export const exp2 = real("exp2");
export const expm1 = real("expm1");
export const log = real("log");
export const log2 = real("log2");
export const log10 = real("log10");
export const log1p = real("log1p");
export const sqrt = real("sqrt");
export const sin = real("sin");
export const cos = real("cos");
export const tan = real("tan");
export const sinh = real("sinh");
export const cosh = real("cosh");
export const tanhEverywhere = real("tanh");
export const arcsin = real("arcsin");
export const arccos = real("arccos");
export const arctan = real("arctan");
export const arcsinh = real("arcsinh");
export const arccosh = real("arccosh");
export const arctanh = real("arctanh");
export const deg2rad = real("deg2rad");
export const rad2deg = real("rad2deg");
export const sinc = unary([...inEveryForm("sinc"), ...inNumpy("sinc")], "sin(πx) / (πx) of every element.", (call) => {
  const dtype = same()(call);
  return dtype === null || isFloating(dtype) || category(dtype) === "complex" ? dtype : defaultFloat(call);
});
export const torchReal = unary(
  [
    ...inEveryForm(
      "rsqrt",
      "asin",
      "acos",
      "atan",
      "asinh",
      "acosh",
      "atanh",
      "erf",
      "erfc",
      "logit",
      "i0",
      "reciprocal",
    ),
    ...alsoInPlace("erfinv"),
  ],
  "A real function of every element.",
  floating(),
  "input: tensor, eps: any = None, *, out: any = None",
);
export const numpyReal = unary(
  inNumpy("cbrt", "degrees", "radians", "fabs", "spacing", "rint"),
  "A real function of every element.",
  floating(),
);
export const numpyReciprocal = unary(inNumpy("reciprocal"), "1 divided by every element.", (call) =>
  typesOf(call) === "jax" ? floating()(call) : counted(call),
);

/** Rounding keeps integers as they are. */
export const rounding = unary(
  [...inEveryForm("floor", "ceil", "trunc", "fix"), ...inNumpy("floor", "ceil", "trunc")],
  "Every element rounded in one direction.",
);
export const frac = unary(inEveryForm("frac"), "The part of every element behind the point.");
export const nanToNum = op({
  names: [...inEveryForm("nan_to_num"), "numpy.nan_to_num"],
  summary: "Replaces what is not a number, and infinities.",
  call: {
    torch: "input: tensor, nan: any = None, posinf: any = None, neginf: any = None, *, out: any = None",
    numpy: "x as input: tensor, copy: any = True, nan: any = 0.0, posinf: any = None, neginf: any = None",
  },
  shape: (call) => tensorOf(call, "input").shape,
  notation: "()->()",
});

const ACTIVATIONS: readonly (readonly [string, string])[] = [
  ["ReLU", "inplace: any = False"],
  ["ReLU6", "inplace: any = False"],
  ["GELU", 'approximate: any = "none"'],
  ["SiLU", "inplace: any = False"],
  ["Mish", "inplace: any = False"],
  ["Hardswish", "inplace: any = False"],
  ["Hardsigmoid", "inplace: any = False"],
  ["SELU", "inplace: any = False"],
  ["ELU", "alpha: any = 1.0, inplace: any = False"],
  ["CELU", "alpha: any = 1.0, inplace: any = False"],
  ["LeakyReLU", "negative_slope: any = 0.01, inplace: any = False"],
  ["RReLU", "lower: any = 0.125, upper: any = 0.333, inplace: any = False"],
  [
    "Hardtanh",
    "min_val: any = -1.0, max_val: any = 1.0, inplace: any = False, min_value: any = None, max_value: any = None",
  ],
  ["Threshold", "threshold: any, value: any, inplace: any = False"],
  ["Softplus", "beta: any = 1.0, threshold: any = 20.0"],
  ["Hardshrink", "lambd: any = 0.5"],
  ["Softshrink", "lambd: any = 0.5"],
  ["Sigmoid", ""],
  ["Tanh", ""],
  ["LogSigmoid", ""],
  ["Softsign", ""],
  ["Tanhshrink", ""],
  ["Dropout", "p: any = 0.5, inplace: any = False"],
  ["AlphaDropout", "p: any = 0.5, inplace: any = False"],
];

/** One line a layer: what its constructor takes changes values only. */
export const activationLayers: readonly Layer[] = ACTIVATIONS.map(([name, construct]) =>
  layer({
    names: [`torch.nn.${name}`],
    summary: "Leaves the shape as it is.",
    construct,
    call: "input: tensor",
    shape: (_, call) => tensorOf(call, "input").shape,
    strides: elementwise,
    notation: "()->()",
  }),
);

/** One slope for all, or one for each channel, which are dimension 1. */
function sloped(call: Call, slopes: Dim | null): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const count = rank(shape);
  if (slopes === null || count === null || asNumber(slopes) === 1) return shape;
  const channels = count < 2 ? constant(1) : (shape.dims[1] ?? unknownDim());
  const verdict = asNumber(slopes) === null ? null : call.solver.require(channels, slopes, call.cause);
  if (verdict?.answer !== "no") return call.solver.shape(shape);
  const [told, number] = [shown(call, "input", shape), shownDim(call, slopes)];
  return problem("argument", {
    verdict,
    parameters: ["input"],
    message: (name) => `There are ${number} slopes, but the input ${told(name)} has other channels.`,
  });
}

export const prelu = op({
  names: [...inTorch("prelu"), ...inFunctional("prelu")],
  summary: "x, or a learnt multiple of x below zero.",
  call: "input: tensor, weight: tensor",
  shape: (call) => {
    const weight = tensorOf(call, "weight").shape;
    const count = rank(weight);
    if (count !== null && count > 1) return otherRank(call, "weight", weight, "a weight of at most 1 dimension");
    return (
      mixedTypes(call, ["input", "weight"]) ?? sloped(call, weight.lead === null ? (weight.dims[0] ?? null) : null)
    );
  },
  notation: "()->()",
});

export const PReLU = layer({
  names: ["torch.nn.PReLU"],
  summary: "x, or a learnt multiple of x below zero.",
  construct: "num_parameters: int = 1, init: any = 0.25",
  call: "input: tensor",
  shape: (made, call) => sloped(call, dimArgument(made, "num_parameters")),
  weights: (made) => ({ weight: known([dimArgument(made, "num_parameters")]) }),
  notation: "()->()",
});

export const Softmax2d = layer({
  names: ["torch.nn.Softmax2d"],
  summary: "A softmax over the channels of every place of an image.",
  construct: "",
  call: "input: tensor",
  shape: (_, call) => {
    const shape = tensorOf(call, "input").shape;
    const count = rank(shape);
    return count === null || count === 3 || count === 4 ? shape : otherRank(call, "input", shape, "3 or 4 dimensions");
  },
  notation: "()->()",
});

export const Identity = layer({
  names: ["torch.nn.Identity"],
  summary: "Gives back its input.",
  construct: "*args: any, **kwargs",
  call: "input: any",
  shape: (_, call) => ({ value: argument(call, "input") }),
  strides: preserved,
  notation: "()->()",
});

export const Softmax: readonly Layer[] = ["Softmax", "LogSoftmax", "Softmin"].map((name) =>
  layer({
    names: [`torch.nn.${name}`],
    summary: "Exponentials along a dimension, divided by their sum.",
    construct: "dim: axis = None",
    call: "input: tensor",
    shape: (made, call) =>
      alongDim({ ...call, args: new Map([...call.args, ["dim", made.get("dim") ?? argument(call, "dim")]]) }),
    strides: inOrder,
    notation: "(n)->(n)",
  }),
);
