/**
 * Random draws beyond the usual ones: samples by weight, and NumPy's further distributions. The plain ones
 * are in `create.ts`.
 */
import { asNumber, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, isGiven, tensorOf } from "./arguments.ts";
import { dimOf, unknown } from "./datum.ts";
import { draws, shapeFrom } from "./create.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { always, defaultFloat, orGiven } from "./dtype-rules.ts";
import { inTorch } from "./names.ts";
import { wholeNumbers } from "./matrices.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { otherRank, problem, shown, shownDim } from "./problems.ts";

export const multinomial = op({
  names: inTorch("multinomial"),
  summary: "Indices drawn by the weights in the last dimension.",
  call: "input: tensor, num_samples: int, replacement: bool = False, *, generator: any = None, out: any = None",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const count = rank(shape);
    if (count !== null && count !== 1 && count !== 2) return otherRank(call, "input", shape, "1 or 2 dimensions");
    const wide = call.solver.requireAtLeast(shape, 1);
    const size = wide?.dims.at(-1);
    if (wide === null || size === undefined) return null;
    const samples = dimOf(argument(call, "num_samples")) ?? unknownDim();
    if ((asNumber(samples) ?? 1) < 1) return tooMany(call, shape, size, samples);
    const wrong = wholeNumbers(call);
    if (wrong !== null) return wrong;
    if (boolArgument(call, "replacement") === false && call.solver.less(size, samples) === "yes")
      return tooMany(call, shape, size, samples);
    return { lead: wide.lead, dims: [...wide.dims.slice(0, -1), samples] };
  },
  dtype: always("int64"),
});

function tooMany(call: Call, shape: Shape, size: Dim, samples: Dim): Problem {
  const told = shown(call, "input", shape);
  const [wanted, there] = [shownDim(call, samples), shownDim(call, size)];
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `\`multinomial\` cannot draw ${wanted} of ${there} without replacement from ${told(name)}.`,
  });
}

export const poisson = op({
  names: ["torch.poisson"],
  summary: "Random counts, of which the tensor holds the means.",
  call: "input: tensor, *, generator: any = None",
  shape: (call) => tensorOf(call, "input").shape,
});

export const furtherDraws: readonly Operator[] = [
  draws("lognormal", "mean: any = 0.0, sigma: any = 1.0, "),
  draws("laplace", "loc: any = 0.0, scale: any = 1.0, "),
  draws("logistic", "loc: any = 0.0, scale: any = 1.0, "),
  draws("gumbel", "loc: any = 0.0, scale: any = 1.0, "),
  draws("geometric", "p: any, ", "int64"),
  draws("triangular", "left: any, mode: any, right: any, "),
  draws("weibull", "a: any, "),
  draws("pareto", "a: any, "),
  draws("power", "a: any, "),
  draws("chisquare", "df: any, "),
  draws("standard_t", "df: any, "),
  draws("rayleigh", "scale: any = 1.0, "),
  draws("vonmises", "mu: any, kappa: any, "),
  draws("standard_cauchy", ""),
].flat();

/** The sizes asked for, followed by those of one draw. */
function drawnVectors(call: Call, one: Dim | undefined): ShapeAnswer {
  if (one === undefined) return null;
  if (!isGiven(call, "size")) return { lead: null, dims: [one] };
  const sizes = shapeFrom(call, "size");
  return sizes === null || !("dims" in sizes) ? sizes : { lead: sizes.lead, dims: [...sizes.dims, one] };
}

function vectorLength(call: Call, parameter: string): Dim | undefined {
  const shape = tensorOf(call, parameter).shape;
  return rank(shape) === 1 ? shape.dims[0] : undefined;
}

export const multivariateNormal = op({
  names: ["numpy.random.multivariate_normal"],
  summary: "Random vectors of a normal distribution.",
  call: "mean: any, cov: any, size: ints = None, check_valid: any = None, tol: any = None, *, method: any = None",
  shape: (call) => drawnVectors(call, vectorLength(call, "mean")),
  dtype: always("float64"),
});

export const dirichlet = op({
  names: ["numpy.random.dirichlet"],
  summary: "Random vectors whose elements add up to 1.",
  call: "alpha: any, size: ints = None",
  shape: (call) => drawnVectors(call, vectorLength(call, "alpha")),
  dtype: always("float64"),
});

export const numpyMultinomial = op({
  names: ["numpy.random.multinomial"],
  summary: "How often each outcome came in a number of experiments.",
  call: "n: any, pvals: any, size: ints = None",
  shape: (call) => (argument(call, "n").kind === "int" ? drawnVectors(call, vectorLength(call, "pvals")) : null),
  dtype: always("int64"),
});

export const generatorIntegers = op({
  names: ["numpy.random.Generator.integers"],
  summary: "Random integers in the given sizes.",
  call: "low: any, high: any = None, size: ints = None, dtype: dtype = None, endpoint: any = False",
  shape: (call) => (isGiven(call, "size") ? shapeFrom(call, "size") : { value: unknown }),
  dtype: orGiven(always("int64")),
});

export const generatorRandom = op({
  names: ["random", "standard_normal", "standard_exponential"].map((name) => `numpy.random.Generator.${name}`),
  summary: "Random numbers in the given sizes; one number where no size is given.",
  call: "size: ints = None, dtype: dtype = None, *more: any, **options",
  shape: (call) => (isGiven(call, "size") ? shapeFrom(call, "size") : { value: unknown }),
  dtype: orGiven(defaultFloat),
});

export const generatorChoice = op({
  names: ["numpy.random.Generator.choice"],
  summary: "A random selection from a range, or of slices of an array.",
  call: "a: any, size: ints = None, replace: any = True, p: any = None, axis: any = 0, shuffle: any = True",
  shape: (call) => {
    const pool = argument(call, "a");
    if (!isGiven(call, "size")) return { value: unknown };
    if (pool.kind === "int") return shapeFrom(call, "size");
    const axis = dimOf(argument(call, "axis"));
    if (pool.kind !== "tensor" || pool.shape.lead !== null || axis === null || asNumber(axis) !== 0) return null;
    const sizes = shapeFrom(call, "size");
    if (sizes === null || !("dims" in sizes) || pool.shape.dims.length === 0) return null;
    return { lead: sizes.lead, dims: [...sizes.dims, ...pool.shape.dims.slice(1)] };
  },
  dtype: (call) => {
    const pool = argument(call, "a");
    return pool.kind === "int" ? "int64" : pool.kind === "tensor" ? tensorOf(call, "a").dtype : null;
  },
});

export const permuted = op({
  names: ["numpy.random.Generator.permuted"],
  summary: "The array with its elements in a random order.",
  call: "x as input: tensor, *, axis: any = None, out: any = None",
  shape: (call) => tensorOf(call, "input").shape,
});
