/**
 * `jax.random`: keys, and draws that take a key and the sizes wanted. A key is an array of rank 0 whose element is a
 * key, or two integers in the older form; arrays of keys have dimensions in front.
 */
import { constant, rank, unknownDim, type Shape } from "../shapes/index.ts";
import { argument, dtypeArgument, isGiven, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, unknown } from "./datum.ts";
import { shapeFrom } from "./create.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import { isFloating } from "./dtype.ts";
import { always, defaultFloat, orGiven, type DTypeRule } from "./dtype-rules.ts";
import { inJaxRandom } from "./names.ts";
import type { Call, Operator } from "./operator.ts";
import { isProblem } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";
import { fitInto } from "./verbs/broadcast.ts";

const two = constant(2);

export const key = op({
  names: inJaxRandom("key"),
  summary: "A key for random numbers, from a seed.",
  call: "seed: any, *, impl: any = None",
  shape: () => ({ lead: null, dims: [] }),
  dtype: always(null),
});

export const legacyKey = op({
  names: inJaxRandom("PRNGKey"),
  summary: "A key for random numbers as two integers, from a seed.",
  call: "seed: any, *, impl: any = None",
  shape: (call) => (isGiven(call, "impl") ? null : { lead: null, dims: [two] }),
  dtype: always("uint32"),
});

export const foldIn = op({
  names: inJaxRandom("fold_in", "clone"),
  summary: "A new key from a key and a number.",
  call: { "jax.random.fold_in": "key as input: any, data: any", jax: "key as input: any" },
  shape: (call) => tensorOf(call, "input").shape,
  dtype: (call) => tensorOf(call, "input").dtype,
});

export const split = op({
  names: inJaxRandom("split"),
  summary: "Several new keys from one.",
  call: "key as input: any, num as size: ints = 2",
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const counts = shapeFrom(call, "size");
    if (counts === null || isProblem(counts) || !("dims" in counts) || counts.lead !== null) return counts;
    if (rank(shape) === 0) return counts;
    return rank(shape) === 1 && dtype === "uint32" ? { lead: null, dims: [...counts.dims, two] } : null;
  },
  dtype: (call) => tensorOf(call, "input").dtype,
});

const KEY = "key: any";

/** Draws in the sizes that are given, or else in the sizes of the parameters broadcast, which are mostly numbers. */
function draws(
  names: readonly string[],
  summary: string,
  call: OperatorSpec["call"],
  dtype: DTypeRule = orGiven(defaultFloat),
): readonly Operator[] {
  return op({ names: inJaxRandom(...names), summary, call, shape: drawn, dtype });
}

function drawn(call: Call): ShapeAnswer {
  if (isGiven(call, "size")) return holding(call, shapeFrom(call, "size"));
  const [first] = [...call.args].filter(([name]) => name !== "key" && name !== "size" && name !== "dtype");
  const others = [...call.args.values()].slice(2).filter(({ kind }) => kind === "tensor" || kind === "unknown");
  if (first === undefined || others.length > 0) return first === undefined ? { lead: null, dims: [] } : null;
  const [, parameter] = first;
  if (parameter.kind === "tensor") return call.solver.shape(parameter.shape);
  return parameter.kind === "int" || parameter.kind === "float" ? { lead: null, dims: [] } : null;
}

/** The sizes asked for, into which every parameter must fit. */
function holding(call: Call, answer: ShapeAnswer): ShapeAnswer {
  if (answer === null || isProblem(answer) || !("dims" in answer)) return answer;
  for (const [parameter, datum] of call.args) {
    if (parameter === "key" || datum.kind !== "tensor") continue;
    const wrong = fitInto(call, { parameter, shape: datum.shape }, answer);
    if (wrong !== null) return wrong;
  }
  return answer;
}

export const standard = draws(
  ["normal", "gumbel", "laplace", "logistic", "cauchy", "exponential"],
  "Random numbers of a distribution without parameters.",
  `${KEY}, shape as size: ints = (), dtype: dtype = None, **options`,
);
export const uniform = draws(
  ["uniform"],
  "Uniform random numbers between two ends.",
  `${KEY}, shape as size: ints = (), dtype: dtype = None, minval: float = 0.0, maxval: float = 1.0, **options`,
);
export const bits = draws(
  ["bits"],
  "Random unsigned integers.",
  `${KEY}, shape as size: ints = (), dtype: dtype = None, **options`,
  orGiven(always("uint32")),
);
export const signs = draws(
  ["rademacher"],
  "Random signs.",
  `${KEY}, shape as size: ints = (), dtype: dtype = None`,
  orGiven(always("int32")),
);
export const integers = draws(
  ["randint"],
  "Random integers from `minval` up to, and without, `maxval`.",
  `${KEY}, shape as size: ints, minval: float, maxval: float, dtype: dtype = None, **options`,
  orGiven(always("int32")),
);
export const truncatedNormal = draws(
  ["truncated_normal"],
  "Normal random numbers between two ends.",
  `${KEY}, lower: float, upper: float, shape as size: ints = None, dtype: dtype = None, **options`,
);
export const bernoulli = draws(
  ["bernoulli"],
  "Random truth values with the given probabilities.",
  `${KEY}, p: any = 0.5, shape as size: ints = None, **options`,
  always("bool"),
);
export const poisson = draws(
  ["poisson"],
  "Random counts.",
  `${KEY}, lam: any, shape as size: ints = None, dtype: dtype = None`,
  orGiven(always("int32")),
);
export const shaped = draws(
  ["gamma", "t", "chisquare", "pareto"],
  "Random numbers of a distribution with one parameter.",
  {
    "jax.random.t": `${KEY}, df: any, shape as size: ints = (), dtype: dtype = None`,
    jax: `${KEY}, a|df|b: any, shape as size: ints = None, dtype: dtype = None`,
  },
);
export const doublyShaped = draws(
  ["beta"],
  "Random numbers of a distribution with two parameters.",
  `${KEY}, a: any, b: any, shape as size: ints = None, dtype: dtype = None`,
);

export const categorical = op({
  names: inJaxRandom("categorical"),
  summary: "Random classes, with the logarithms of their probabilities along a dimension.",
  call: `${KEY}, logits as input: tensor, axis as dim: axis = -1, shape as size: ints = None, **options`,
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    if (axis === null || -axis > wide.dims.length) return isGiven(call, "size") ? shapeFrom(call, "size") : null;
    const batch = { lead: wide.lead, dims: wide.dims.filter((_, i) => i - wide.dims.length !== axis) };
    if (!isGiven(call, "size")) return batch;
    const answer = shapeFrom(call, "size");
    if (answer === null || isProblem(answer) || !("dims" in answer)) return answer;
    return fitInto(call, { parameter: "input", shape: batch }, answer) ?? answer;
  },
  dtype: always("int32"),
});

export const permutation = op({
  names: inJaxRandom("permutation"),
  summary: "A random order of the integers up to a number, or of an array along a dimension.",
  call: `${KEY}, x as input: any, axis as dim: axis = 0, independent: any = False, **options`,
  shape: (call) => {
    const x = argument(call, "input");
    const n = x.kind === "int" ? dimOf(x) : null;
    if (n !== null) return { lead: null, dims: [n] };
    return x.kind === "tensor" && rank(x.shape) !== 0 ? tensorOf(call, "input").shape : { value: unknown };
  },
  dtype: pooled,
});

function pooled(call: Call): ReturnType<DTypeRule> {
  const pool = argument(call, "input");
  return pool.kind === "int" ? "int32" : pool.kind === "tensor" ? pool.dtype : null;
}

export const choice = op({
  names: inJaxRandom("choice"),
  summary: "A random selection from the integers up to a number, or from an array along a dimension.",
  call: `${KEY}, a as input: any, shape as size: ints = (), replace: any = True, p: any = None, axis as dim: axis = 0, **options`,
  shape: (call) => {
    const pool = argument(call, "input");
    const drawn = shapeFrom(call, "size");
    if (drawn === null || isProblem(drawn) || !("dims" in drawn) || pool.kind === "int") return drawn;
    if (pool.kind !== "tensor" || drawn.lead !== null) return null;
    const { shape } = tensorOf(call, "input");
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    const at = wide.dims.length + axis;
    if (at < 0) return null;
    return { lead: wide.lead, dims: [...wide.dims.slice(0, at), ...drawn.dims, ...wide.dims.slice(at + 1)] };
  },
  dtype: pooled,
});

export const dirichlet = op({
  names: inJaxRandom("dirichlet"),
  summary: "Random probabilities of several classes.",
  call: `${KEY}, alpha as input: tensor, shape as size: ints = None, dtype: dtype = None`,
  shape: (call) => inFrontOf(call, tensorOf(call, "input").shape),
  dtype: orGiven(defaultFloat),
});

export const multivariateNormal = op({
  names: inJaxRandom("multivariate_normal"),
  summary: "Random vectors of a normal distribution with a mean and a covariance.",
  call: `${KEY}, mean as input: tensor, cov: tensor, shape as size: ints = None, dtype: dtype = None, method: any = None`,
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    return rank(shape) === 1 && rank(tensorOf(call, "cov").shape) === 2 ? inFrontOf(call, shape) : null;
  },
  dtype: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const given = dtypeArgument(call.args);
    if (rank(shape) !== 1) return null;
    return given !== undefined ? given : dtype !== null && isFloating(dtype) ? dtype : null;
  },
});

/** The sizes asked for, and then the last dimension of a parameter. */
function inFrontOf(call: Call, shape: Shape): ShapeAnswer {
  const last = shape.dims.at(-1);
  if (last === undefined) return null;
  if (!isGiven(call, "size")) return call.solver.shape(shape);
  const sizes = itemsOf(argument(call, "size"))?.map((size) => dimOf(size) ?? unknownDim());
  if (sizes === undefined) return null;
  const batch = { lead: shape.lead, dims: shape.dims.slice(0, -1) };
  const wrong = fitInto(call, { parameter: "input", shape: batch }, { lead: null, dims: sizes });
  return wrong ?? { lead: null, dims: [...sizes, last] };
}
