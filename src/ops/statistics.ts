/**
 * NumPy's and PyTorch's functions on samples and signals: histograms, covariance, convolution, gradients,
 * interpolation, polynomials.
 */
import {
  add,
  asNumber,
  constant,
  elementCount,
  maximum,
  minimum,
  rank,
  subtract,
  unknownDim,
  type Dim,
} from "../shapes/index.ts";
import { argument, isGiven, libraryOf, tensorOf, typesOf } from "./arguments.ts";
import { boolOf, dimOf, itemsOf, record, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category, isFloating } from "./dtype.ts";
import { always, floating, promoted, type DTypeRule } from "./dtype-rules.ts";
import type { Call, Operator, Outcome, Problem } from "./operator.ts";
import { isProblem, otherRank } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";

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
      const dtype = promoted("input", "other")(call);
      return dtype !== null && isFloating(dtype) ? dtype : null;
    },
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
    const count = axis.kind === "none" ? rank(shape) : axis.kind === "int" ? 1 : (itemsOf(axis)?.length ?? null);
    if (count === null || count === 0) return { value: unknown };
    return { value: count === 1 && itemsOf(axis) === null ? whole : several(whole, count) };
  },
});

/** One named dimension in a tuple gives one array too, in some versions; then nothing is claimed. */
function several(whole: Datum, count: number): Datum {
  return count === 1 ? unknown : tuple(Array.from({ length: count }, () => whole));
}

const sloped: DTypeRule = (call) => {
  const { dtype } = tensorOf(call, "input");
  return dtype === null || category(dtype) === "float" || category(dtype) === "complex" ? dtype : "float64";
};

export const histogram = op({
  names: ["numpy.histogram"],
  summary: "How many elements fall into each bin, and the edges of the bins.",
  call: "a as input: tensor, bins: any = 10, range: any = None, density: any = None, weights: any = None",
  shape: (call) => {
    const [bins, library] = [argument(call, "bins"), libraryOf(call)];
    const edges = bins.kind === "int" ? add(bins.value, constant(1)) : edgesOf(call, bins);
    const counts = bins.kind === "int" ? bins.value : bins.kind === "tensor" ? subtract(edges, constant(1)) : null;
    const plain = library === "numpy" && !isGiven(call, "weights") && boolOf(argument(call, "density")) === false;
    return {
      value: record("histogram", [
        [
          "hist",
          tensor(
            { lead: null, dims: [counts ?? unknownDim()] },
            plain ? (typesOf(call) === "jax" ? floating()(call) : "int64") : null,
            library,
          ),
        ],
        ["bin_edges", tensor({ lead: null, dims: [edges] }, null, library)],
      ]),
    };
  },
});

function edgesOf(call: Call, bins: Datum): Dim {
  const edges = bins.kind === "tensor" ? tensorOf(call, "bins").shape : null;
  return (edges !== null && rank(edges) === 1 ? edges.dims[0] : undefined) ?? unknownDim();
}

export const bincount = op({
  names: ["numpy.bincount"],
  summary: "How often each integer occurs; the length depends on the data.",
  call: "x as input: tensor, /, weights: any = None, minlength: any = 0",
  shape: () => ({ lead: null, dims: [unknownDim()] }),
  dtype: (call) => (isGiven(call, "weights") ? null : "int64"),
});

export const interp = op({
  names: ["numpy.interp"],
  summary: "Values between known points; the shape is that of the places asked for.",
  call: "x as input: tensor, xp: tensor, fp: tensor, left: any = None, right: any = None, period: any = None",
  shape: (call) => tensorOf(call, "input").shape,
  dtype: (call) => {
    const { dtype } = tensorOf(call, "fp");
    return dtype === null || category(dtype) === "complex" ? null : "float64";
  },
});

/** Matrices of one variable come out as a single number. */
function covariance(call: Call): Outcome | ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  if (shape.dims.length > 2) return otherRank(call, "input", shape, "at most 2 dimensions");
  if (isGiven(call, "y") || rank(shape) === null) return null;
  const inRows = boolOf(argument(call, "rowvar"));
  if (rank(shape) !== 2) return rank(shape) === 1 ? { lead: null, dims: [] } : null;
  const n = inRows === null ? undefined : shape.dims[inRows ? 0 : 1];
  if (n === undefined || asNumber(n) === 0) return null;
  if (call.solver.compare(n, constant(1)) === "yes") return { lead: null, dims: [] };
  return call.solver.compare(n, constant(1)) === "no" ? { lead: null, dims: [n, n] } : null;
}

const covarianceType: DTypeRule = (call) => {
  const { dtype } = tensorOf(call, "input");
  if (dtype === null || category(dtype) === "complex" || isGiven(call, "dtype")) return null;
  return libraryOf(call) === "numpy" ? "float64" : isFloating(dtype) ? dtype : null;
};

export const cov = op({
  names: ["numpy.cov"],
  summary: "Covariance of the variables that stand in the rows.",
  call: "m as input: tensor, y: any = None, rowvar: bool = True, bias: any = False, ddof: any = None, fweights: any = None, aweights: any = None, *, dtype: dtype = None",
  shape: covariance,
  dtype: covarianceType,
});

export const corrcoef = op({
  names: ["numpy.corrcoef"],
  summary: "Correlation of the variables that stand in the rows.",
  call: "x as input: tensor, y: any = None, rowvar: bool = True, *, dtype: dtype = None",
  shape: covariance,
  dtype: covarianceType,
});

export const vander = op({
  names: ["numpy.vander"],
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
    if (libraryOf(call) === "numpy") return dtype === "float64" ? dtype : null;
    return dtype !== null && isFloating(dtype) ? dtype : null;
  },
});

/** Removing or inserting at one place changes the size by one; at several, the places decide. */
function edited(change: 1 | -1): (call: Call) => ShapeAnswer {
  return (call) => {
    const shape = tensorOf(call, "input").shape;
    const single = argument(call, "obj").kind === "int" && isSingle(argument(call, "values"));
    const count = (size: Dim | null): Dim => (single && size !== null ? add(size, constant(change)) : unknownDim());
    if (!isGiven(call, "dim")) return { lead: null, dims: [count(elementCount(shape))] };
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    if (-axis > wide.dims.length) return null;
    return { lead: wide.lead, dims: wide.dims.with(axis, count(wide.dims.at(axis) ?? null)) };
  };
}

function isSingle(values: Datum): boolean {
  return values.kind === "none" || values.kind === "int" || values.kind === "float" || values.kind === "bool";
}

export const remove = op({
  names: ["numpy.delete"],
  summary: "The array without some elements or slices.",
  call: "arr as input: tensor, obj: any, axis as dim: axis = None",
  shape: edited(-1),
});

export const insert = op({
  names: ["numpy.insert"],
  summary: "The array with more elements or slices at some places.",
  call: "arr as input: tensor, obj: any, values: any, axis as dim: axis = None",
  shape: edited(1),
});

export const polyfit = op({
  names: ["numpy.polyfit"],
  summary: "Coefficients of the polynomial that fits best.",
  call: "x: tensor, y: tensor, deg: any, rcond: any = None, full: any = False, w: any = None, cov: any = False",
  shape: (call) => {
    const y = tensorOf(call, "y").shape;
    const degree = argument(call, "deg");
    const plain = boolOf(argument(call, "full")) === false && boolOf(argument(call, "cov")) === false;
    if (!plain) return { value: unknown };
    if (degree.kind !== "int" || rank(y) === null || rank(y) === 0) return null;
    return { lead: null, dims: [add(degree.value, constant(1)), ...y.dims.slice(1)] };
  },
  dtype: always(null),
});

export const polyval = op({
  names: ["numpy.polyval"],
  summary: "Values of a polynomial at the given places.",
  call: "p: any, x as input: tensor",
  shape: (call) => (argument(call, "input").kind === "tensor" ? tensorOf(call, "input").shape : { value: unknown }),
  dtype: always(null),
});
