/**
 * NumPy's products of vectors and stacks of them, and its own spellings of linear algebra under `numpy.linalg`.
 * `matmul`, `dot` and `tensordot` are in `matmul.ts`.
 */
import { asNumber, constant, elementCount, rank, type Dim, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, isGiven, numberArgument, tensorOf } from "./arguments.ts";
import { itemsOf, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category, type DType } from "./dtype.ts";
import { always, orGiven, promoteData, realPart, type DTypeRule } from "./dtype-rules.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { applyNotation, parseNotation } from "./verbs/gufunc.ts";
import { withAxis } from "./verbs/join.ts";
import { reduce } from "./verbs/reduce.ts";

/** Numbers count as arrays here, so that they promote like them. */
const ofArrays: DTypeRule = (call) =>
  promoteData(
    call,
    ["input", "other"].map((parameter) => tensorOf(call, parameter)),
  );

const PAIR = "x1 as input: tensor, x2 as other: tensor, /, out: any = None, *, dtype: dtype = None, **options";

function stackedProduct(names: readonly string[], summary: string, notation: string) {
  const parsed = parseNotation(notation);
  return op({
    names,
    summary,
    call: PAIR,
    shape: (call) => {
      if (isGiven(call, "options")) return { value: unknown };
      const outcome = applyNotation(call, parsed, ["input", "other"]);
      if (outcome === null || !("value" in outcome) || outcome.value.kind !== "tensor") return outcome;
      return { ...outcome, value: { ...outcome.value, dtype: orGiven(ofArrays)(call) } };
    },
    dtype: orGiven(ofArrays),
    notation,
  });
}

export const vecdot = stackedProduct(
  ["numpy.vecdot"],
  "Dot products of the vectors in the last dimension.",
  "(n),(n)->()",
);
export const matvec = stackedProduct(["numpy.matvec"], "Products of matrices and vectors.", "(n,m),(m)->(n)");
export const vecmat = stackedProduct(["numpy.vecmat"], "Products of vectors and matrices.", "(n),(n,m)->(m)");

const lastDimension = parseNotation("(n),(n)->()");

export const linalgVecdot = op({
  names: ["numpy.linalg.vecdot"],
  summary: "Dot products of the vectors in the last dimension.",
  call: "x1 as input: tensor, x2 as other: tensor, /, *, axis: int = -1",
  shape: (call) => {
    if (numberArgument(call, "axis") !== -1) return { value: unknown };
    const outcome = applyNotation(call, lastDimension, ["input", "other"]);
    if (outcome === null || !("value" in outcome) || outcome.value.kind !== "tensor") return outcome;
    return { ...outcome, value: { ...outcome.value, dtype: ofArrays(call) } };
  },
  notation: "(n),(n)->()",
});

export const vdot = op({
  names: ["numpy.vdot"],
  summary: "Dot product of all elements of two arrays.",
  call: "a as input: tensor, b as other: tensor, /",
  shape: (call) => {
    const [n, m] = ["input", "other"].map((parameter) => elementCount(tensorOf(call, parameter).shape));
    const sure = n !== null && n !== undefined && m !== null && m !== undefined;
    const clash = sure && call.solver.require(n, m, call.cause).answer === "no";
    return clash ? otherVectors(call) : { lead: null, dims: [] };
  },
  dtype: ofArrays,
});

function otherVectors(call: Call): Problem {
  const [a, b] = ["input", "other"].map((parameter) => shown(call, parameter, tensorOf(call, parameter)));
  return problem("matmul-inner", {
    parameters: ["input", "other"],
    message: (name) => `Cannot multiply ${a?.(name)} by ${b?.(name)}: the inner sizes differ.`,
  });
}

export const outer = op({
  names: ["numpy.linalg.outer"],
  summary: "Outer product of two vectors.",
  call: "x1 as input: tensor, x2 as other: tensor, /",
  shape: (call) => {
    for (const parameter of ["input", "other"]) {
      const { shape } = tensorOf(call, parameter);
      if (call.solver.requireRank(shape, 1) === null) return otherRank(call, parameter, shape, "1 dimension");
    }
    const dims = ["input", "other"].flatMap((parameter) => tensorOf(call, parameter).shape.dims);
    return dims.length === 2 ? { lead: null, dims } : null;
  },
  dtype: ofArrays,
});

export const cross = op({
  names: ["numpy.cross", "numpy.linalg.cross"],
  summary: "Cross products of vectors with two or three elements.",
  call: {
    "numpy.cross":
      "a as input: tensor, b as other: tensor, axisa: axis = -1, axisb: axis = -1, axisc: axis = -1, axis: axis = None",
    "numpy.linalg.cross": "x1 as input: tensor, x2 as other: tensor, /, *, axis: axis = -1",
  },
  shape: crossed,
  dtype: (call) => (ofArrays(call) === "bool" ? null : ofArrays(call)),
});

function crossed(call: Call): ShapeAnswer {
  const shared = isGiven(call, "axis") ? "axis" : null;
  const three: boolean[] = [];
  const batches: { readonly parameter: string; readonly shape: Shape }[] = [];
  for (const [parameter, axisName] of [
    ["input", "axisa"],
    ["other", "axisb"],
  ] as const) {
    const { shape } = tensorOf(call, parameter);
    const axis = axisOf(call, shared ?? axisName, shape, { of: parameter });
    if (axis === null || isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    const size = asNumber(wide.dims.at(axis) ?? constant(0));
    if (wide.lead !== null || size === null) return null;
    const fits = size === 3 || (size === 2 && call.name === "numpy.cross");
    if (!fits) return otherRank(call, parameter, wide, "vectors with 3 elements");
    three.push(size === 3);
    batches.push({ parameter, shape: { lead: null, dims: wide.dims.filter((_, i) => i !== wide.dims.length + axis) } });
  }
  const batch = broadcastAll(call, batches);
  if (isProblem(batch) || !three.includes(true)) return batch;
  const place = axisOf(call, shared ?? "axisc", batch, { of: "input", extra: 1 });
  return place === null || isProblem(place) ? place : withAxis(batch, place, constant(3));
}

export const norm = op({
  names: ["numpy.linalg.norm"],
  summary: "Norm of a vector or matrix, or over one or two dimensions.",
  call: "x as input: tensor, ord: any = None, axis as dim: axes = None, keepdims as keepdim: bool = False",
  shape: normed,
  dtype: normType,
});

function normed(call: Call): ShapeAnswer {
  const { shape } = tensorOf(call, "input");
  const count = rank(shape);
  const named = argument(call, "dim");
  const axes = named.kind === "none" ? null : (itemsOf(named)?.length ?? 1);
  if (axes === 0 || (axes !== null && axes > 2)) return otherRank(call, "input", shape, "1 or 2 axes");
  const over = axes ?? count;
  const order = argument(call, "ord");
  if (order.kind === "none") return scalarsAside(call, named);
  if (over === null) return null;
  if (over === 0 || over > 2) return otherRank(call, "input", shape, "a vector or a matrix");
  return allowed(order, over) ? scalarsAside(call, named) : { value: unknown };
}

function scalarsAside(call: Call, named: Datum): ShapeAnswer {
  const scalar = rank(tensorOf(call, "input").shape) === 0;
  return scalar && named.kind !== "none" ? axisOf0(call) : reduce(call);
}

/** A number has no dimension to take the norm over. */
function axisOf0(call: Call): ShapeAnswer {
  return otherRank(call, "input", tensorOf(call, "input").shape, "at least 1 dimension");
}

/** Vectors have norms of every number; matrices those of 1, 2, infinity and two names. */
function allowed(order: Datum, over: number): boolean {
  if (order.kind === "int" || order.kind === "float")
    return over === 1 || order.kind === "float" || Math.abs(asNumber(order.value) ?? 0) <= 2;
  return order.kind === "string" && over === 2 && (order.value === "fro" || order.value === "nuc");
}

function normType(call: Call): DType | null {
  const dtype = realPart()(call);
  return dtype === null ? null : category(dtype) === "float" ? dtype : "float64";
}

export const stackedNorms = op({
  names: ["numpy.linalg.matrix_norm", "numpy.linalg.vector_norm"],
  summary: "Norms of the matrices in the last two dimensions, or of vectors over any.",
  call: {
    "numpy.linalg.matrix_norm": "x as input: tensor, /, *, keepdims as keepdim: bool = False, ord: any = None",
    "numpy.linalg.vector_norm":
      "x as input: tensor, /, *, axis as dim: axes = None, keepdims as keepdim: bool = False, ord: any = 2",
  },
  shape: (call) => {
    if (call.name.endsWith("vector_norm")) return reduce(call);
    const wide = call.solver.requireAtLeast(tensorOf(call, "input").shape, 2);
    const keeps = boolArgument(call, "keepdim");
    if (wide === null) return otherRank(call, "input", tensorOf(call, "input").shape, "at least 2 dimensions");
    const order = argument(call, "ord");
    if (keeps === null || (order.kind !== "none" && !allowed(order, 2))) return { value: unknown };
    const ones: readonly Dim[] = keeps ? [constant(1), constant(1)] : [];
    return { lead: wide.lead, dims: [...wide.dims.slice(0, -2), ...ones] };
  },
  dtype: normType,
  inJax: { dtype: always(null) },
});
