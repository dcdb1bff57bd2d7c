/**
 * NumPy's polynomials, which are vectors of coefficients, the highest power first.
 */
import { add, asNumber, constant, maximum, rank, subtract, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, numberArgument, tensorOf, typesOf } from "./arguments.ts";
import { boolOf, dimOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category } from "./dtype.ts";
import { always, promoteData, same, type DTypeRule } from "./dtype-rules.ts";
import type { Call } from "./operator.ts";
import { otherRank } from "./problems.ts";

const one = constant(1);

/** A number is a polynomial of one coefficient; null where the number of coefficients is not known. */
function coefficients(call: Call, parameter: string): Dim | null {
  const { shape } = tensorOf(call, parameter);
  const count = rank(shape);
  return count === 0 ? one : count === 1 ? (shape.dims[0] ?? null) : null;
}

const joined: DTypeRule = (call) =>
  promoteData(
    call,
    ["p", "q"].map((parameter) => tensorOf(call, parameter)),
  );

export const polyadd = op({
  names: ["numpy.polyadd", "numpy.polysub"],
  summary: "Sum or difference of two polynomials.",
  call: "a1 as p: any, a2 as q: any",
  shape: (call) => {
    const [n, m] = [coefficients(call, "p"), coefficients(call, "q")];
    return n === null || m === null ? null : { lead: null, dims: [maximum(n, m)] };
  },
  dtype: (call) => (call.name.endsWith("sub") && joined(call) === "bool" ? null : joined(call)),
});

/** Leading zeros are dropped, so that only products without any have a known length. */
export const polymul = op({
  names: ["numpy.polymul", "numpy.polydiv"],
  summary: "Product of two polynomials, or quotient and remainder; how long they are depends on the data.",
  call: { numpy: "a1 as p: any, a2 as q: any", "numpy.polydiv": "u as p: any, v as q: any" },
  shape: (call) => {
    const part = tensor({ lead: null, dims: [unknownDim()] }, null, "numpy");
    return { value: call.name.endsWith("div") ? tuple([part, part]) : part };
  },
});

export const polyder = op({
  names: ["numpy.polyder"],
  summary: "Derivative of a polynomial.",
  call: "p: any, m: int = 1",
  shape: (call) => {
    const [n, times] = [coefficients(call, "p"), numberArgument(call, "m")];
    const count = n === null ? null : asNumber(n);
    if (n === null || times === null || times < 0) return null;
    if (count !== null) return { lead: null, dims: [constant(times === 0 ? count : Math.max(0, count - times))] };
    return { lead: null, dims: [times <= 1 ? subtract(n, constant(times)) : unknownDim()] };
  },
  inJax: { differs: (call) => rank(tensorOf(call, "p").shape) !== 1 },
  dtype: always(null),
});

export const polyint = op({
  names: ["numpy.polyint"],
  summary: "Antiderivative of a polynomial.",
  call: "p: any, m: int = 1, k: any = None",
  shape: (call) => {
    const [n, times] = [coefficients(call, "p"), numberArgument(call, "m")];
    if (n === null || times === null || times < 0) return null;
    if (times === 0) return tensorOf(call, "p").shape;
    return { lead: null, dims: [add(n, constant(times))] };
  },
  dtype: always(null),
});

export const poly = op({
  names: ["numpy.poly"],
  summary: "The polynomial with the given roots, or the characteristic one of a matrix.",
  call: "seq_of_zeros as p: any",
  shape: (call) => {
    const { shape } = tensorOf(call, "p");
    const [n, m] = shape.dims;
    const count = rank(shape);
    if (count !== null && count > 2) return otherRank(call, "p", shape, "1 or 2 dimensions");
    if (count === null || n === undefined || asNumber(n) === 0 || asNumber(m ?? one) === 0) return { value: unknown };
    if (m !== undefined && call.solver.require(n, m, call.cause).answer === "no")
      return otherRank(call, "p", shape, "a square matrix");
    return { lead: null, dims: [add(n, one)] };
  },
  dtype: always(null),
});

export const roots = op({
  names: ["numpy.roots"],
  summary: "The roots of a polynomial; zeros among the coefficients decide how many there are.",
  call: "p: any",
  shape: (call) => {
    const { shape } = tensorOf(call, "p");
    if (shape.dims.length > 1) return otherRank(call, "p", shape, "1 dimension");
    return { lead: null, dims: [unknownDim()] };
  },
  dtype: always(null),
});

/** Horner's scheme starts with zeros in the shape of the places. */
export const polyval = op({
  names: ["numpy.polyval"],
  summary: "Values of a polynomial at the given places.",
  call: "p: any, x as input: any",
  shape: (call) => (argument(call, "input").kind === "unknown" ? { value: unknown } : tensorOf(call, "input").shape),
  dtype: (call) => {
    const dtype = promoteData(call, [tensorOf(call, "p"), argument(call, "input")]);
    return dtype === null || category(dtype) === "bool" ? null : dtype;
  },
});

export const polyfit = op({
  names: ["numpy.polyfit"],
  summary: "Coefficients of the polynomial that fits best.",
  call: "x: tensor, y: tensor, deg: any, rcond: any = None, full: any = False, w: any = None, cov: any = False",
  shape: fitted,
  dtype: (call) => fitType(call),
});

const fitType: DTypeRule = (call) => {
  if (typesOf(call) === "jax") return null;
  const plain = [same("x")(call), same("y")(call)];
  return plain.every((dtype) => dtype !== null && category(dtype) !== "complex") ? "float64" : null;
};

function fitted(call: Call): ShapeAnswer {
  const [x, y] = [tensorOf(call, "x").shape, tensorOf(call, "y").shape];
  const degree = dimOf(argument(call, "deg"));
  const wrong = wrongPoints(call, x, y);
  if (wrong !== null) return wrong;
  if (degree === null || rank(y) === null || (asNumber(degree) ?? 0) < 0) return { value: unknown };
  const count = add(degree, one);
  const whole = tensor({ lead: null, dims: [count, ...y.dims.slice(1)] }, fitType(call), "numpy");
  const [full, cov] = [boolOf(argument(call, "full")), boolOf(argument(call, "cov"))];
  if (full === false && cov === false) return { value: whole };
  if (full !== false || cov !== true) return { value: unknown };
  return {
    value: tuple([whole, tensor({ lead: null, dims: [count, count, ...y.dims.slice(1)] }, fitType(call), "numpy")]),
  };
}

/** As many places as values, and the values in a vector or in columns. */
function wrongPoints(call: Call, x: Shape, y: Shape) {
  if (rank(x) !== null && rank(x) !== 1) return otherRank(call, "x", x, "1 dimension");
  if (rank(y) === 0 || y.dims.length > 2) return otherRank(call, "y", y, "1 or 2 dimensions");
  const [n, m] = [x.dims[0], rank(y) === null ? undefined : y.dims[0]];
  if (n === undefined || m === undefined || call.solver.require(n, m, call.cause).answer !== "no") return null;
  return otherRank(call, "y", y, "a value for each of the places");
}
