/**
 * Functions of `jax.nn` and of `jax.scipy.special`: activations, softmax and its relatives, one-hot vectors, attention,
 * and start values. What `jax.numpy` has is declared where NumPy has it.
 */
import { asNumber, constant, floorDivide, modulo, rank, unknownDim, type Shape } from "../shapes/index.ts";
import { argument, isGiven, libraryOf, tensorOf } from "./arguments.ts";
import { dimOf, tensor, tuple, unknown } from "./datum.ts";
import { shapeFrom } from "./create.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { isFloating } from "./dtype.ts";
import { defaultFloat, floating, orGiven, promoted, same, type DTypeRule } from "./dtype-rules.ts";
import { unary } from "./elementwise.ts";
import { inJaxNn } from "./names.ts";
import type { Call } from "./operator.ts";
import { isProblem, problem, shown } from "./problems.ts";
import { axesOf, axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { withAxis } from "./verbs/join.ts";
import { reduce } from "./verbs/reduce.ts";

const PLAIN = "x as input: tensor";

export const jaxActivations = unary(
  inJaxNn("relu", "hard_tanh", "identity"),
  "Activation of every element.",
  (call) => (same()(call) === "bool" ? null : same()(call)),
  PLAIN,
);
export const jaxFloatActivations = unary(
  inJaxNn(
    "sigmoid",
    "silu",
    "swish",
    "softplus",
    "soft_sign",
    "log_sigmoid",
    "mish",
    "squareplus",
    "tanh",
    "selu",
    "relu6",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "sparse_plus",
    "sparse_sigmoid",
  ),
  "Activation of every element.",
  onlyFloats,
  PLAIN,
);
export const jaxShapedActivations = unary(
  inJaxNn("gelu", "leaky_relu", "elu", "celu"),
  "Activation of every element, with a parameter.",
  onlyFloats,
  `${PLAIN}, approximate|negative_slope|alpha: bool = True`,
);

/** What integers become differs from one activation to the next. */
function onlyFloats(call: Call): ReturnType<DTypeRule> {
  const { dtype } = tensorOf(call, "input");
  return dtype !== null && isFloating(dtype) ? dtype : null;
}

function alongAxes(call: Call): ShapeAnswer {
  const { shape } = tensorOf(call, "input");
  if (!isGiven(call, "dim")) return shape;
  const axes = axesOf(call, "dim", shape, { of: "input" });
  return isProblem(axes) ? axes : call.solver.shape(shape);
}

export const jaxSoftmax = op({
  names: inJaxNn("softmax", "log_softmax"),
  summary: "Normalised exponentials along dimensions, or their logarithms.",
  call: "x as input: tensor, axis as dim: axes = -1, where: any = None",
  shape: (call) => (isGiven(call, "where") ? null : alongAxes(call)),
  dtype: floating(),
});

export const jaxStandardize = op({
  names: inJaxNn("standardize"),
  summary: "Values with mean 0 and variance 1 along dimensions.",
  call: "x as input: tensor, axis as dim: axes = -1, mean: any = None, variance: any = None, epsilon: float = 1e-05, where: any = None",
  shape: (call) => (["mean", "variance", "where"].some((name) => isGiven(call, name)) ? null : alongAxes(call)),
  dtype: onlyFloats,
});

export const jaxLogsumexp = op({
  names: [...inJaxNn("logsumexp", "logmeanexp"), "jax.scipy.special.logsumexp"],
  summary: "Logarithm of the sum or the mean of exponentials over dimensions.",
  call: {
    "jax.nn.logmeanexp":
      "x as input: tensor, axis as dim: axes = None, where: any = None, keepdims as keepdim: bool = False",
    jax: "a as input: tensor, axis as dim: axes = None, b: any = None, keepdims as keepdim: bool = False, return_sign: bool = False, where: any = None",
  },
  shape: (call) => {
    const sign = argument(call, "return_sign");
    if (sign.kind !== "none" && !(sign.kind === "bool" && sign.value === false)) return { value: unknown };
    return isGiven(call, "b") || isGiven(call, "where") ? null : reduce(call);
  },
  dtype: (call) => (isGiven(call, "b") ? null : floating()(call)),
});

export const jaxGlu = op({
  names: inJaxNn("glu"),
  summary: "One half of the tensor, gated by the sigmoid of the other.",
  call: "x as input: tensor, axis as dim: axis = -1",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    const size = wide.dims.at(axis);
    if (size === undefined || -axis > wide.dims.length) return null;
    if (asNumber(modulo(size, constant(2))) === 1)
      return problem("argument", { message: (name) => `\`glu\` halves a dimension of ${name("input")} that is odd.` });
    return { lead: wide.lead, dims: wide.dims.with(axis, floorDivide(size, constant(2))) };
  },
  dtype: onlyFloats,
});

export const jaxOneHot = op({
  names: inJaxNn("one_hot"),
  summary: "A vector for each integer, with a one at its place.",
  call: "x as input: tensor, num_classes: int, *, dtype: dtype = None, axis as dim: axis = -1, mode: any = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const axis = axisOf(call, "dim", shape, { of: "input", extra: 1 });
    if (axis === null || isProblem(axis)) return axis;
    return withAxis(shape, axis, dimOf(argument(call, "num_classes")) ?? unknownDim());
  },
  dtype: orGiven(defaultFloat),
});

export const jaxAttention = op({
  names: inJaxNn("dot_product_attention"),
  summary: "Attention over (batch, time, heads, features): softmax of scaled scores, times the values.",
  call: "query: tensor, key: tensor, value: tensor, bias: any = None, mask: any = None, *, scale: any = None, is_causal: bool = False, **options",
  shape: (call) => {
    const [query, key, value] = ["query", "key", "value"].map((name) => tensorOf(call, name).shape);
    if (query === undefined || key === undefined || value === undefined || call.args.get("options")?.kind === "record")
      return { value: unknown };
    if (![3, 4].includes(rank(query) ?? 0) || rank(key) !== rank(query) || rank(value) !== rank(query)) return null;
    return attentionProblem(call, query, key, value) ?? call.solver.shape(query);
  },
  dtype: same("query"),
});

/** Keys and values have the same shape; queries have their batch and features. */
function attentionProblem(call: Call, query: Shape, key: Shape, value: Shape) {
  const clash = (a: string, x: Shape, b: string, y: Shape, back: number) => {
    const [m, n] = [x.dims.at(back), y.dims.at(back)];
    if (m === undefined || n === undefined) return null;
    const verdict = call.solver.require(m, n, call.cause);
    const [first, second] = [shown(call, a, x), shown(call, b, y)];
    return verdict.answer !== "no"
      ? null
      : problem("attention", {
          verdict,
          parameters: [a, b],
          message: (name) => `Attention needs ${first(name)} and ${second(name)} to agree in dimension ${back}.`,
        });
  };
  const batch = rank(query) === 4 ? clash("query", query, "key", key, -4) : null;
  const pairs = [-1, -2, -3].map((back) => clash("key", key, "value", value, back)).find((one) => one !== null);
  return batch ?? pairs ?? clash("query", query, "key", key, -1);
}

export const jaxInitialisers = op({
  names: ["jax.nn.initializers.zeros", "jax.nn.initializers.ones", "jax.nn.initializers.Initializer"],
  summary: "Start values in the given sizes.",
  call: "key: any, shape as size: ints, dtype: dtype = None, out_sharding: any = None",
  shape: (call) => shapeFrom(call, "size"),
  dtype: orGiven(defaultFloat),
});

export const jaxSpecial = unary(
  "expit logit erf erfc erfinv gammaln digamma log_ndtr ndtr ndtri i0 i0e i1 i1e entr"
    .split(" ")
    .map((name) => `jax.scipy.special.${name}`),
  "A special function of every element.",
  floating(),
  PLAIN,
);

export const jaxSpecialPairs = op({
  names: ["xlogy", "xlog1py", "betaln"].map((name) => `jax.scipy.special.${name}`),
  summary: "A special function of two arrays, element by element.",
  call: "x as input: tensor, y as other: tensor",
  shape: (call) =>
    broadcastAll(
      call,
      ["input", "other"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
    ),
  dtype: floating(promoted("input", "other")),
});

export const jaxTopK = op({
  names: ["jax.lax.top_k", "jax.lax.approx_max_k", "jax.lax.approx_min_k"],
  summary: "The greatest (or smallest) elements of the last dimension, and where they stood.",
  call: {
    "jax.lax.top_k": "operand as input: tensor, k: int, *, axis as dim: axis = -1",
    jax: "operand as input: tensor, k: int, reduction_dimension as dim: axis = -1, **options",
  },
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    const k = dimOf(argument(call, "k")) ?? unknownDim();
    const size = axis === null ? undefined : wide.dims.at(axis);
    if (axis === null || size === undefined || -axis > wide.dims.length) return { value: unknown };
    if (call.solver.less(size, k) === "yes")
      return problem("argument", {
        blame: "k",
        parameters: ["input"],
        message: (name) => `\`top_k\` asks for more elements than this dimension of ${name("input")} has.`,
      });
    const taken = { lead: wide.lead, dims: wide.dims.with(axis, k) };
    return { value: tuple([tensor(taken, dtype, libraryOf(call)), tensor(taken, "int32", libraryOf(call))]) };
  },
});
