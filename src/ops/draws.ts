/**
 * NumPy's random numbers, by the functions of `np.random`, a `RandomState` or a `Generator`. The size that is asked
 * for decides the shape, or else the parameters of the distribution, broadcast together. PyTorch's are in `create.ts`
 * and `random.ts`.
 */
import { asNumber, rank, unknownDim, type Dim } from "../shapes/index.ts";
import { argument, dtypeArgument, isGiven, libraryOf, readTensor, tensorOf } from "./arguments.ts";
import { shapeFrom } from "./create.ts";
import { arrayOf, dimOf, int, itemsOf, none, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import type { DType } from "./dtype.ts";
import { always, orGiven } from "./dtype-rules.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll, fitInto } from "./verbs/broadcast.ts";

/** Numbers of one distribution: `parameters` as a signature, which are numbers or arrays. */
function draws(names: readonly string[], parameters: string, dtype: DType = "float64"): readonly Operator[] {
  const own = parameters.split(",").flatMap((part) => /^\s*(\w+)/.exec(part)?.[1] ?? []);
  return op({
    names: names.map((name) => `numpy.random.${name}`),
    summary: "Random numbers in the given sizes; one number where no size is given.",
    call: `${parameters === "" ? "" : `${parameters}, `}size: ints = None`,
    shape: (call) => drawn(call, own),
    dtype: always(dtype),
  });
}

function drawn(call: Call, parameters: readonly string[]): ShapeAnswer {
  const joined = broadcastAll(
    call,
    parameters.map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
  );
  if (isProblem(joined)) return joined;
  if (isGiven(call, "size")) {
    const sizes = shapeFrom(call, "size");
    if (sizes === null || !("dims" in sizes)) return sizes;
    const wrong = fitInto(call, { parameter: parameters[0] ?? "size", shape: joined }, sizes);
    // Where there is nothing to draw, some functions do not look at their parameters.
    return wrong === null ? sizes : sizes.dims.some((dim) => asNumber(dim) === 0) ? null : wrong;
  }
  // Without a size the result is one of Python's own numbers.
  return rank(joined) === 0 ? { value: single(call) } : joined;
}

const COUNTS = /binomial|poisson|geometric|zipf|logseries|randint/;

function single(call: Call): Datum {
  return COUNTS.test(call.name) ? int(unknownDim()) : { kind: "float", value: null };
}

export const continuous: readonly Operator[] = [
  draws(["normal"], "loc: any = 0.0, scale: any = 1.0"),
  draws(["uniform"], "low: any = 0.0, high: any = 1.0"),
  draws(["random_sample", "ranf", "sample", "standard_cauchy"], ""),
  draws(["exponential", "rayleigh"], "scale: any = 1.0"),
  draws(["beta"], "a: any, b: any"),
  draws(["gamma"], "shape: any, scale: any = 1.0"),
  draws(["lognormal"], "mean: any = 0.0, sigma: any = 1.0"),
  draws(["laplace", "logistic", "gumbel"], "loc: any = 0.0, scale: any = 1.0"),
  draws(["triangular"], "left: any, mode: any, right: any"),
  draws(["weibull", "pareto", "power"], "a: any"),
  draws(["chisquare", "standard_t"], "df: any"),
  draws(["f"], "dfnum: any, dfden: any"),
  draws(["noncentral_chisquare"], "df: any, nonc: any"),
  draws(["noncentral_f"], "dfnum: any, dfden: any, nonc: any"),
  draws(["vonmises"], "mu: any, kappa: any"),
  draws(["wald"], "mean: any, scale: any"),
].flat();

export const counts: readonly Operator[] = [
  draws(["poisson"], "lam: any = 1.0", "int64"),
  draws(["binomial", "negative_binomial"], "n: any, p: any", "int64"),
  draws(["geometric", "logseries"], "p: any", "int64"),
  draws(["zipf"], "a: any", "int64"),
  draws(["hypergeometric"], "ngood: any, nbad: any, nsample: any", "int64"),
].flat();

/** Those that a `Generator` also gives in another type. */
export const standard = op({
  names: ["random", "standard_normal", "standard_exponential"].flatMap((name) => [
    `numpy.random.${name}`,
    `numpy.random.Generator.${name}`,
  ]),
  summary: "Random numbers in the given sizes; one number where no size is given.",
  call: {
    "numpy.random": "size: ints = None",
    "numpy.random.Generator": "size: ints = None, dtype: dtype = None, method: any = None, out: any = None",
  },
  shape: (call) => (isGiven(call, "out") && !isGiven(call, "size") ? tensorOf(call, "out").shape : drawn(call, [])),
  dtype: orGiven(always("float64")),
});

export const standardGamma = op({
  names: ["numpy.random.standard_gamma", "numpy.random.Generator.standard_gamma"],
  summary: "Random numbers in the given sizes; one number where no size is given.",
  call: {
    "numpy.random": "shape: any, size: ints = None",
    "numpy.random.Generator": "shape: any, size: ints = None, dtype: dtype = None, *more: any",
  },
  shape: (call) => drawn(call, ["shape"]),
  dtype: orGiven(always("float64")),
});

export const randint = op({
  names: ["numpy.random.randint", "numpy.random.Generator.integers"],
  summary: "Random integers in the given sizes.",
  call: {
    "numpy.random": "low: any, high: any = None, size: ints = None, dtype: dtype = None",
    "numpy.random.Generator":
      "low: any, high: any = None, size: ints = None, dtype: dtype = None, endpoint: any = False",
  },
  shape: (call) => {
    const answer = drawn(call, isGiven(call, "high") ? ["low", "high"] : ["low"]);
    // Not every size that its bounds do not fit is refused.
    if (isProblem(answer) && isGiven(call, "size")) return null;
    const whole = call.name.endsWith("randint") && dtypeArgument(call.args) === undefined;
    // A generator, and a type that is asked for, give a NumPy number.
    if (answer === null || !("value" in answer) || whole) return answer;
    // Types of Python's own give a number of Python's own.
    return dtypeArgument(call.args) === undefined ? { lead: null, dims: [] } : { value: unknown };
  },
  dtype: orGiven(always("int64")),
});

export const rand = op({
  names: ["numpy.random.rand", "numpy.random.randn"],
  summary: "Random numbers in sizes that are passed one by one.",
  call: "*size: ints",
  shape: (call) => {
    const items = itemsOf(argument(call, "size"));
    return items?.length === 0 ? { value: { kind: "float", value: null } } : shapeFrom(call, "size");
  },
  dtype: always("float64"),
});

export const choice = op({
  names: ["numpy.random.choice", "numpy.random.Generator.choice"],
  summary: "A random selection from a range, or of slices of an array.",
  call: {
    "numpy.random": "a: any, size: ints = None, replace: any = True, p: any = None",
    "numpy.random.Generator":
      "a: any, size: ints = None, replace: any = True, p: any = None, axis: axis = 0, shuffle: any = True",
  },
  shape: chosen,
  dtype: elementType("a"),
});

function chosen(call: Call): ShapeAnswer {
  const sizes = isGiven(call, "size") ? shapeFrom(call, "size") : { lead: null, dims: [] };
  const pool = argument(call, "a");
  if (pool.kind === "int") return isGiven(call, "size") ? sizes : { value: int(unknownDim()) };
  const { shape } = tensorOf(call, "a");
  if (sizes === null || !("dims" in sizes) || pool.kind === "unknown") return sizes;
  const old = !call.name.includes("Generator");
  if (old && shape.dims.length > 1) return otherRank(call, "a", shape, "1 dimension");
  if (shape.lead !== null || shape.dims.length === 0) return null;
  const axis = old ? -1 : axisOf(call, "axis", shape, { of: "a" });
  if (axis === null || isProblem(axis)) return axis;
  const at = shape.dims.length + axis;
  return { lead: sizes.lead, dims: [...shape.dims.slice(0, at), ...sizes.dims, ...shape.dims.slice(at + 1)] };
}

/** The type of what is drawn from; a number stands for a range of integers. */
function elementType(parameter: string): (call: Call) => DType | null {
  return (call) => {
    const pool = argument(call, parameter);
    return pool.kind === "int" ? "int64" : (arrayOf(pool, libraryOf(call))?.dtype ?? null);
  };
}

export const permutation = op({
  names: ["numpy.random.permutation", "numpy.random.Generator.permutation"],
  summary: "A random order of a range, or of the slices of an array.",
  call: { "numpy.random": "x: any", "numpy.random.Generator": "x: any, axis: axis = 0" },
  shape: (call) => {
    const x = argument(call, "x");
    const n = dimOf(x);
    if (n !== null) return { lead: null, dims: [n] };
    const { shape } = tensorOf(call, "x");
    if (rank(shape) === 0) return null;
    const axis = isGiven(call, "axis") ? axisOf(call, "axis", shape, { of: "x" }) : 0;
    return isProblem(axis) ? axis : call.solver.shape(shape);
  },
  dtype: elementType("x"),
});

export const permuted = op({
  names: ["numpy.random.Generator.permuted"],
  summary: "The array with its elements in a random order.",
  call: "x as input: tensor, *, axis: axis = None, out: any = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const axis = isGiven(call, "axis") ? axisOf(call, "axis", shape, { of: "input" }) : null;
    return isProblem(axis) ? axis : call.solver.shape(shape);
  },
});

export const shuffle = op({
  names: ["numpy.random.shuffle", "numpy.random.Generator.shuffle"],
  summary: "Puts the slices of the array itself into a random order.",
  call: { "numpy.random": "x: any", "numpy.random.Generator": "x: any, axis: any = 0" },
  shape: (call) => {
    const { content: _content, ...rest } = tensorOf(call, "x");
    return { value: none, becomes: rest };
  },
});

/** The sizes asked for, followed by that of one draw. */
function drawnVectors(call: Call, one: Dim | undefined): ShapeAnswer {
  if (one === undefined) return null;
  if (!isGiven(call, "size")) return { lead: null, dims: [one] };
  const sizes = shapeFrom(call, "size");
  return sizes === null || !("dims" in sizes) ? sizes : { lead: sizes.lead, dims: [...sizes.dims, one] };
}

/** The length of a parameter that must be a vector. */
function vectorLength(call: Call, parameter: string): Dim | undefined | Problem {
  const { shape } = tensorOf(call, parameter);
  const count = rank(shape);
  if (count !== null && count !== 1) return otherRank(call, parameter, shape, "1 dimension");
  return count === 1 ? shape.dims[0] : undefined;
}

export const multivariateNormal = op({
  names: ["numpy.random.multivariate_normal", "numpy.random.Generator.multivariate_normal"],
  summary: "Random vectors of a normal distribution.",
  call: {
    "numpy.random": "mean: any, cov: any, size: ints = None, check_valid: any = None, tol: any = None",
    "numpy.random.Generator":
      "mean: any, cov: any, size: ints = None, check_valid: any = None, tol: any = None, *, method: any = None",
  },
  shape: (call) => {
    const length = vectorLength(call, "mean");
    if (isProblem(length)) return length;
    const { shape } = tensorOf(call, "cov");
    const count = rank(shape);
    if (count !== null && count !== 2) return otherRank(call, "cov", shape, "2 dimensions");
    for (const side of count === 2 && length !== undefined ? shape.dims : []) {
      const verdict = call.solver.require(side, length ?? side, call.cause);
      if (verdict.answer === "no") return otherCovariance(call);
    }
    return drawnVectors(call, length);
  },
  dtype: always("float64"),
});

function otherCovariance(call: Call): Problem {
  const [mean, cov] = [shown(call, "mean", tensorOf(call, "mean")), shown(call, "cov", tensorOf(call, "cov"))];
  return problem("argument", {
    parameters: ["mean", "cov"],
    message: (name) => `The covariance ${cov(name)} does not fit the mean ${mean(name)}.`,
  });
}

export const dirichlet = op({
  names: ["numpy.random.dirichlet"],
  summary: "Random vectors whose elements add up to 1.",
  call: "alpha: any, size: ints = None",
  shape: (call) => {
    const length = vectorLength(call, "alpha");
    return isProblem(length) ? length : drawnVectors(call, length);
  },
  dtype: always("float64"),
});

export const multinomial = op({
  names: ["numpy.random.multinomial", "numpy.random.Generator.multivariate_hypergeometric"],
  summary: "How often each outcome came in a number of experiments.",
  call: {
    "numpy.random.multinomial": "n: any, pvals as outcomes: any, size: ints = None",
    "numpy.random.Generator.multivariate_hypergeometric":
      "colors as outcomes: any, nsample as n: any, size: ints = None, method: any = None",
  },
  shape: (call) => {
    const { shape } = readTensor(call, argument(call, "outcomes"));
    const plain = argument(call, "n").kind === "int" && rank(shape) === 1;
    return plain ? drawnVectors(call, shape.dims[0]) : null;
  },
  dtype: always("int64"),
});

export const randomBytes = op({
  names: ["numpy.random.bytes"],
  summary: "Random bytes, which are no array.",
  call: "length: int",
  shape: () => ({ value: unknown }),
});
