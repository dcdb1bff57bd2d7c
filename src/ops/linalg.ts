/**
 * Linear algebra on matrices in the last two dimensions, and products of vectors in the last one.
 */
import { asNumber, constant, elementCount, printShape, rank, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, isGiven, isNumber, libraryOf, tensorOf } from "./arguments.ts";
import { tensor, unknown } from "./datum.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import { promoted } from "./dtype-rules.ts";
import { decomposed, decomposing, shapeIn, stretchesInJax, wholeNumbers } from "./matrices.ts";
import { inTorch } from "./names.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { mixedTypes } from "./matmul.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { isProblem, otherRank, problem, shortName, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { applyNotation, parseNotation } from "./verbs/gufunc.ts";

function square(
  names: readonly string[],
  summary: string,
  notation: string,
  options = "",
  inJax: NonNullable<OperatorSpec["inJax"]> = {},
): readonly Operator[] {
  return op({
    inJax,
    names,
    summary,
    call: { torch: `input|A|L as input: tensor, ${options}*, out: any = None`, numpy: "a as input: tensor" },
    shape: decomposing(notation),
    dtype: decomposed,
    notation,
  });
}

export const inverse = square(
  [...inTorch("inverse"), "torch.linalg.inv", "numpy.linalg.inv"],
  "Inverse of square matrices.",
  "(n,n)->(n,n)",
);
export const determinant = square(
  [...inTorch("det", "logdet"), "torch.linalg.det", "numpy.linalg.det"],
  "Determinant of square matrices.",
  "(n,n)->()",
);
export const cholesky = square(
  [...inTorch("cholesky_inverse"), "torch.linalg.cholesky", "numpy.linalg.cholesky"],
  "Cholesky factor of square matrices, or their inverse from such a factor.",
  "(n,n)->(n,n)",
  "upper: bool = False, ",
  { differs: stretchesInJax },
);
/** The old function gives an empty tensor back as it is. */
export const oldCholesky = op({
  names: inTorch("cholesky"),
  summary: "Cholesky factor of square matrices.",
  call: "input: tensor, upper: bool = False, *, out: any = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    return shape.dims.some((dim) => asNumber(dim) === 0) ? shape : decomposing("(n,n)->(n,n)")(call);
  },
  dtype: decomposed,
  notation: "(n,n)->(n,n)",
});

export const matrixExponential = op({
  names: [...inTorch("matrix_exp"), "torch.linalg.matrix_exp"],
  summary: "Exponential of square matrices.",
  call: "A|input as input: tensor",
  shape: (call) => wholeNumbers(call) ?? applyNotation(call, parseNotation("(n,n)->(n,n)"), ["input"]),
  notation: "(n,n)->(n,n)",
});

/** Tolerances that are tensors are broadcast with the stack of matrices, unless there is nothing to invert. */
export const pseudoInverse = op({
  names: [...inTorch("pinverse"), "torch.linalg.pinv", "numpy.linalg.pinv"],
  summary: "Pseudo-inverse of matrices.",
  call: {
    torch: "input: tensor, rcond: any = 1e-15",
    "torch.linalg":
      "A|input as input: tensor, rcond: any = None, hermitian: bool = False, *, atol: any = None, rtol: any = None, out: any = None",
    numpy: "a as input: tensor, rcond: any = None, hermitian: any = False, *, rtol: any = None",
  },
  shape: (call) => {
    const hermitian = boolArgument(call, "hermitian") === true && libraryOf(call) === "torch";
    const outcome = decomposing(hermitian ? "(n,n)->(n,n)" : "(n,m)->(m,n)")(call);
    const shape = shapeIn(outcome);
    const tolerances = ["rcond", "atol", "rtol"].filter((name) => !isScalar(argument(call, name)));
    if (shape === null) return outcome;
    // NumPy hands back an empty matrix in its own type.
    const empty = shape.lead !== null || shape.dims.some((dim) => asNumber(dim) === 0);
    if (empty && libraryOf(call) === "numpy") return { value: tensor(shape, null, "numpy") };
    if (tolerances.length === 0) return outcome;
    const complex = tolerances.find((name) => /complex/.test(tensorOf(call, name).dtype ?? ""));
    if (complex !== undefined) return complexTolerance(call, complex);
    const batch = { lead: shape.lead, dims: shape.dims.slice(0, -2) };
    const parts = tolerances.map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape }));
    if (libraryOf(call) !== "torch" || tolerances.some((name) => argument(call, name).kind !== "tensor")) return null;
    if (elementCount(shape)?.terms.length === 0) return outcome;
    if (shape.lead !== null) return null;
    if (shape.dims.some((dim) => call.solver.atLeast(dim, 1) !== "yes")) return null;
    const wide = broadcastAll(call, [{ parameter: "input", shape: batch }, ...parts]);
    return isProblem(wide) ? wide : { lead: wide.lead, dims: [...wide.dims, ...shape.dims.slice(-2)] };
  },
  dtype: decomposed,
  notation: "(n,m)->(m,n)",
});

function complexTolerance(call: Call, parameter: string): Problem {
  return problem("dtype", {
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` takes real tolerances; ${name(parameter)} is complex.`,
  });
}

function isScalar(datum: Datum): boolean {
  return datum.kind === "none" || isNumber(datum);
}

/** Without `dim`, `torch.cross` takes the first dimension of size 3 and `torch.linalg.cross` the last one. */
export const cross = op({
  names: ["torch.linalg.cross", ...inTorch("cross")],
  summary: "Cross product of vectors with three elements.",
  call: {
    torch: "input: tensor, other: tensor, dim: any = None, *, out: any = None",
    "torch.linalg": "input: tensor, other: tensor, *, dim: any = -1, out: any = None",
  },
  shape: (call) => {
    const [a, b] = [tensorOf(call, "input").shape, tensorOf(call, "other").shape];
    const wrong =
      mixedTypes(call, ["input", "other"]) ?? (rank(b) === 0 ? otherRank(call, "other", b, "vectors") : null);
    if (wrong !== null) return wrong;
    if (rank(a) !== null && rank(b) !== null && rank(a) !== rank(b))
      return otherRank(call, "other", b, `as many dimensions as ${printShape(a)} on both sides`);
    const first = isGiven(call, "dim") ? -1 : a.dims.findIndex((dim) => asNumber(dim) === 3);
    const size = first < 0 || a.dims.slice(0, first).some((dim) => asNumber(dim) === null) ? undefined : b.dims[first];
    if (a.lead === null && size !== undefined && call.solver.compare(size, constant(3)) === "no")
      return notThree(call, b);
    const shape = broadcast(call);
    if (isProblem(shape) || !isGiven(call, "dim")) return isProblem(shape) ? shape : withoutThree(call, shape);
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (isProblem(axis)) return axis;
    const sizes = axis === null ? [] : [a.dims.at(axis), b.dims.at(axis)];
    const other = sizes.find((size) => size !== undefined && call.solver.compare(size, constant(3)) === "no");
    return other === undefined ? shape : notThree(call, a);
  },
  dtype: promoted("input", "other"),
});

function withoutThree(call: Call, shape: Shape): ShapeAnswer {
  const none = shape.lead === null && shape.dims.every((dim) => call.solver.compare(dim, constant(3)) === "no");
  return none ? notThree(call, shape) : shape;
}

function notThree(call: Call, shape: Shape): Problem {
  const told = shown(call, "input", shape);
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` needs vectors of 3 elements; it gets ${told(name)}.`,
  });
}

export const vectorDot = op({
  names: ["torch.linalg.vecdot"],
  summary: "Dot products of the vectors in the last dimension.",
  call: "x as input: tensor, y as other: tensor, *, dim: any = -1, out: any = None",
  shape: (call) => {
    const numpy = libraryOf(call) === "numpy";
    if (numpy && argument(call, "options").kind !== "none") return { value: unknown };
    const wrong = numpy ? null : (wholeNumbers(call) ?? mixedTypes(call, ["input", "other"]));
    const shape = wrong ?? broadcast(call);
    if (isProblem(shape)) return numpy ? { value: unknown } : shape;
    if (numpy && (shape.lead !== null || shape.dims.length === 0)) return { value: unknown };
    return along(call, shape, numpy ? -1 : null);
  },
  dtype: promoted("input", "other"),
});

/** The broadcast shape without the dimension that is summed over. */
function along(call: Call, shape: Shape, last: -1 | null): ShapeAnswer {
  // Two vectors are multiplied without a look at the dimension.
  const vectors = ["input", "other"].every((one) => rank(tensorOf(call, one).shape) === 1);
  const axis = vectors ? -1 : (last ?? axisOf(call, "dim", shape, { of: "input", scalars: true }));
  if (axis === null || isProblem(axis)) return axis;
  if (rank(shape) === 0) return shape;
  const wide = call.solver.shape(shape);
  if (-axis > wide.dims.length) return null;
  return { lead: wide.lead, dims: wide.dims.filter((_, i) => i !== wide.dims.length + axis) };
}

function broadcast(call: Call): Shape | Problem {
  const operands = ["input", "other"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape }));
  return broadcastAll(call, operands);
}

export const cdist = op({
  names: ["torch.cdist"],
  summary: "Distance of every row of one matrix from every row of the other.",
  call: "x1 as input: tensor, x2 as other: tensor, p: any = 2.0, compute_mode: any = None",
  shape: (call) => {
    const wrong = wholeNumbers(call) ?? wholeNumbers(call, "other") ?? mixedTypes(call, ["input", "other"]);
    return wrong ?? applyNotation(call, parseNotation("(n,k),(m,k)->(n,m)"), ["input", "other"]);
  },
  notation: "(n,k),(m,k)->(n,m)",
});
