/**
 * NumPy's and PyTorch's functions on samples and signals: histograms, covariance, convolution, gradients,
 * interpolation, polynomials.
 */
import {
  add,
  asNumber,
  constant,
  maximum,
  minimum,
  rank,
  subtract,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, dtypeArgument, isGiven, libraryOf, tensorOf } from "./arguments.ts";
import { boolOf, dimOf, itemsOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category, isFloating, promote } from "./dtype.ts";
import { always, floating, promoteData, promoted, type DTypeRule } from "./dtype-rules.ts";
import type { Call, Operator, Outcome, Problem } from "./operator.ts";
import { isProblem, otherRank } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axesOf } from "./verbs/axis.ts";

const zero = constant(0);

function convolution(name: "convolve" | "correlate", mode: string): readonly Operator[] {
  return op({
    names: [`numpy.${name}`],
    summary: "Convolution or correlation of two sequences.",
    call: `a as input: tensor, v as other: tensor, mode: string = "${mode}"`,
    shape: (call) => {
      const [a, b] = [tensorOf(call, "input").shape, tensorOf(call, "other").shape];
      const [n, m] = [a.dims[0], b.dims[0]];
      const chosen = argument(call, "mode");
      for (const parameter of ["input", "other"]) {
        const wrong = oneDimension(call, parameter);
        if (wrong !== null) return wrong;
      }
      if (rank(a) !== 1 || rank(b) !== 1 || n === undefined || m === undefined || chosen.kind !== "string") return null;
      const size = convolved(n, m, chosen.value);
      return size === null ? null : { lead: null, dims: [size] };
    },
    dtype: (call) => {
      return promoteData(
        call,
        ["input", "other"].map((parameter) => tensorOf(call, parameter)),
      );
    },
    inJax: { dtype: floating(promoted("input", "other")) },
  });
}

/** Sequences have one dimension; a single number passes as one of length 1. */
function oneDimension(call: Call, parameter: string): Problem | null {
  const { shape } = tensorOf(call, parameter);
  if (shape.dims.length < 2) return null;
  return otherRank(call, parameter, shape, "1 dimension");
}

function convolved(n: Dim, m: Dim, mode: string | null): Dim | null {
  if (mode === "full") return subtract(add(n, m), constant(1));
  if (mode === "same") return maximum(n, m);
  return mode === "valid" ? add(subtract(maximum(n, m), minimum(n, m)), constant(1)) : null;
}

export const convolve = convolution("convolve", "full");
export const correlate = convolution("correlate", "valid");

export const gradient = op({
  names: ["numpy.gradient"],
  summary: "Differences of neighbours along one dimension, or a sequence of them for every dimension.",
  call: "f as input: tensor, *varargs: any, axis as dim: any = None, edge_order: any = 1",
  shape: (call) => {
    const { shape, library } = tensorOf(call, "input");
    const whole = tensor(shape, sloped(call), library);
    const axis = argument(call, "dim");
    const axes = axis.kind === "none" ? [] : axesOf(call, "dim", shape, { of: "input" });
    if (isProblem(axes)) return axes;
    const count = axis.kind === "none" ? rank(shape) : axis.kind === "int" ? 1 : (itemsOf(axis)?.length ?? null);
    if (count === null || count === 0) return { value: unknown };
    return { value: count === 1 && itemsOf(axis) === null ? whole : several(whole, count) };
  },
});

/** One dimension in a tuple gives one array too. */
function several(whole: Datum, count: number): Datum {
  return count === 1 ? whole : tuple(Array.from({ length: count }, () => whole));
}

const sloped: DTypeRule = (call) => {
  const { dtype } = tensorOf(call, "input");
  return dtype === null || category(dtype) === "float" || category(dtype) === "complex" ? dtype : "float64";
};

export const interp = op({
  names: ["numpy.interp"],
  summary: "Values between known points; the shape is that of the places asked for.",
  call: "x as input: tensor, xp: tensor, fp: tensor, left: any = None, right: any = None, period: any = None",
  shape: (call) => {
    const [n, m] = ["xp", "fp"].map((parameter) => tensorOf(call, parameter).shape);
    for (const parameter of ["xp", "fp"]) {
      const wrong = oneDimension(call, parameter);
      if (wrong !== null) return wrong;
    }
    const known = n?.lead === null && m?.lead === null && n.dims[0] !== undefined && m.dims[0] !== undefined;
    const clash = known && call.solver.require(n.dims[0] ?? zero, m.dims[0] ?? zero, call.cause).answer === "no";
    return clash ? otherRank(call, "fp", m, "a value for each of the points") : tensorOf(call, "input").shape;
  },
  dtype: (call) => {
    const { dtype } = tensorOf(call, "fp");
    return dtype === null ? null : category(dtype) === "complex" ? "complex128" : "float64";
  },
});

/** Matrices of one variable come out as a single number. */
function covariance(call: Call): Outcome | ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  if (shape.dims.length > 2) return otherRank(call, "input", shape, "at most 2 dimensions");
  if (rank(shape) === null) return null;
  if (isGiven(call, "y")) return withSecond(call, shape);
  const inRows = libraryOf(call) === "torch" ? true : boolOf(argument(call, "rowvar"));
  if (rank(shape) !== 2) return rank(shape) === 1 ? { lead: null, dims: [] } : null;
  const n = inRows === null ? undefined : shape.dims[inRows ? 0 : 1];
  if (n === undefined || asNumber(n) === 0) return null;
  if (call.solver.compare(n, constant(1)) === "yes") return { lead: null, dims: [] };
  return call.solver.compare(n, constant(1)) === "no" ? { lead: null, dims: [n, n] } : null;
}

/** The variables of a second array follow those of the first. */
function withSecond(call: Call, shape: Shape): ShapeAnswer {
  const other = tensorOf(call, "y").shape;
  const inRows = boolOf(argument(call, "rowvar"));
  if (rank(other) === null || inRows === null) return null;
  if (other.dims.length > 2) return otherRank(call, "y", other, "at most 2 dimensions");
  // A single row of `y` is a variable, whichever way the variables stand.
  const row = other.dims.length === 2 && !inRows && call.solver.compare(other.dims[0] ?? zero, constant(1)) !== "no";
  if (shape.dims.length === 0 || other.dims.length === 0 || row) return null;
  const parts = [shape, other].map(({ dims: [n, m] }) =>
    m === undefined || n === undefined ? [constant(1), n ?? zero] : inRows ? [n, m] : [m, n],
  );
  const [[n = zero, seen = zero] = [], [m = zero, also = zero] = []] = parts;
  if (call.solver.require(seen, also, call.cause).answer === "no")
    return otherRank(call, "y", other, "as many observations as the first array");
  const count = add(n, m);
  return [shape, other].some(({ dims }) => dims.some((dim) => asNumber(dim) === 0))
    ? null
    : { lead: null, dims: [count, count] };
}

const covarianceType: DTypeRule = (call) => {
  const { dtype } = tensorOf(call, "input");
  const given = dtypeArgument(call.args);
  const { shape } = tensorOf(call, "input");
  const mayBeEmpty = shape.lead !== null || shape.dims.some((dim) => asNumber(dim) === 0);
  if (given !== undefined) return mayBeEmpty ? null : given;
  if (dtype === null || category(dtype) === "complex") return null;
  if (isGiven(call, "y") && (tensorOf(call, "y").dtype?.startsWith("complex") ?? true)) return null;
  return libraryOf(call) === "numpy" ? "float64" : isFloating(dtype) ? dtype : null;
};

export const cov = op({
  names: ["numpy.cov"],
  summary: "Covariance of the variables that stand in the rows.",
  call: "m as input: tensor, y: any = None, rowvar: bool = True, bias: any = False, ddof: any = None, fweights: any = None, aweights: any = None, *, dtype: dtype = None",
  shape: covariance,
  dtype: covarianceType,
  inJax: { dtype: always(null) },
});

export const corrcoef = op({
  names: ["numpy.corrcoef"],
  summary: "Correlation of the variables that stand in the rows.",
  call: "x as input: tensor, y: any = None, rowvar: bool = True, *, dtype: dtype = None",
  shape: covariance,
  dtype: covarianceType,
  inJax: { dtype: always(null) },
});

export const vander = op({
  names: ["numpy.vander"],
  inJax: { dtype: always(null) },
  summary: "The powers of every element in a row.",
  call: "x as input: tensor, N: any = None, increasing: any = False",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const [n] = shape.dims;
    const wrong = oneDimension(call, "input");
    if (wrong !== null) return wrong;
    if (rank(shape) !== 1 || n === undefined) return null;
    return { lead: null, dims: [n, isGiven(call, "N") ? (dimOf(argument(call, "N")) ?? unknownDim()) : n] };
  },
  dtype: (call) => {
    const { dtype } = tensorOf(call, "input");
    return dtype === null ? null : promote("numpy", dtype, "int64");
  },
});
