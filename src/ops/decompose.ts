/**
 * Linear algebra that takes matrices apart or solves equations with them: singular values, eigenvalues, QR,
 * least squares. The matrices stand in the last two dimensions, as in `linalg.ts`.
 */
import { minimum, rank, unknownDim, unknownShape, type Dim, type Shape } from "../shapes/index.ts";
import { argument, libraryOf, tensorOf, tensorsOf } from "./arguments.ts";
import { boolOf, record, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { always, realPart, realPartOf, type DTypeRule } from "./dtype-rules.ts";
import type { DType } from "./dtype.ts";
import { decomposed, noMatrices } from "./linalg.ts";
import type { Call, Outcome, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";
import { applyNotation, parseNotation } from "./verbs/gufunc.ts";

interface Matrices {
  readonly rows: Dim;
  readonly columns: Dim;
  readonly smaller: Dim;
  /** A tensor of the same stack: `part(n, m)` of matrices, `part(n)` of vectors. */
  readonly part: (...dims: readonly Dim[]) => Datum;
  readonly real: (...dims: readonly Dim[]) => Datum;
}

function matrices(call: Call): Matrices | null {
  const wide = call.solver.requireAtLeast(tensorOf(call, "input").shape, 2);
  const [rows, columns] = [wide?.dims.at(-2), wide?.dims.at(-1)];
  if (wide === null || rows === undefined || columns === undefined) return null;
  const batch = wide.dims.slice(0, -2);
  const made = (dtype: DType | null, dims: readonly Dim[]): Datum =>
    tensor({ lead: wide.lead, dims: [...batch, ...dims] }, dtype, libraryOf(call));
  const dtype = decomposed(call);
  return {
    rows,
    columns,
    smaller: rows.key === columns.key ? rows : minimum(rows, columns),
    part: (...dims) => made(dtype, dims),
    real: (...dims) => made(realPartOf(dtype), dims),
  };
}

export const svd = op({
  names: ["torch.linalg.svd", "numpy.linalg.svd"],
  summary: "Singular value decomposition; whole orthogonal matrices, or only as many vectors as there are values.",
  call: {
    torch: "A as input: tensor, full_matrices: bool = True, *, driver: any = None, out: any = None",
    numpy: "a as input: tensor, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False",
  },
  shape: (call) => {
    const all = matrices(call);
    const whole = boolOf(argument(call, "full_matrices"));
    const vectors = libraryOf(call) === "torch" ? true : boolOf(argument(call, "compute_uv"));
    if (all === null) return noMatrices(call, "input");
    if (whole === null || vectors === null) return { value: unknown };
    const { rows, columns, smaller, part, real } = all;
    if (!vectors) return { value: real(smaller) };
    return {
      value: record("svd", [
        ["U", part(rows, whole ? rows : smaller)],
        ["S", real(smaller)],
        ["Vh", part(whole ? columns : smaller, columns)],
      ]),
    };
  },
});

export const oldSvd = op({
  names: ["torch.svd", "torch.Tensor.svd"],
  summary: "Singular value decomposition, with the right vectors as columns.",
  call: "input: tensor, some: bool = True, compute_uv: bool = True, *, out: any = None",
  shape: (call) => {
    const all = matrices(call);
    const some = boolOf(argument(call, "some"));
    if (all === null) return noMatrices(call, "input");
    if (some === null || boolOf(argument(call, "compute_uv")) !== true) return { value: unknown };
    const { rows, columns, smaller, part, real } = all;
    return {
      value: record("svd", [
        ["U", part(rows, some ? smaller : rows)],
        ["S", real(smaller)],
        ["V", part(columns, some ? smaller : columns)],
      ]),
    };
  },
});

export const singularValues = op({
  names: ["torch.linalg.svdvals", "numpy.linalg.svdvals"],
  summary: "Singular values of matrices.",
  call: { torch: "A as input: tensor, *, driver: any = None, out: any = None", numpy: "x as input: tensor, /" },
  shape: (call) => {
    const all = matrices(call);
    return all === null ? noMatrices(call, "input") : { value: all.real(all.smaller) };
  },
});

export const qr = op({
  names: ["torch.linalg.qr", "numpy.linalg.qr"],
  summary: "An orthogonal and an upper triangular matrix whose product is the given one.",
  call: {
    torch: 'A as input: tensor, mode: string = "reduced", *, out: any = None',
    numpy: 'a as input: tensor, mode: string = "reduced"',
  },
  shape: (call) => {
    const all = matrices(call);
    const mode = argument(call, "mode");
    if (all === null) return noMatrices(call, "input");
    if (mode.kind !== "string") return { value: unknown };
    const { rows, columns, smaller, part } = all;
    if (mode.value === "r" && libraryOf(call) === "numpy") return { value: part(smaller, columns) };
    if (mode.value !== "reduced" && mode.value !== "complete") return { value: unknown };
    const inner = mode.value === "complete" ? rows : smaller;
    return {
      value: record("qr", [
        ["Q", part(rows, inner)],
        ["R", part(inner, columns)],
      ]),
    };
  },
});

/** Eigenvalues are complex in PyTorch; in NumPy the values of the elements decide. */
const complexEigen: DTypeRule = (call) => {
  if (libraryOf(call) !== "torch") return null;
  const dtype = decomposed(call);
  if (dtype === "float32" || dtype === "complex64") return "complex64";
  return dtype === "float64" || dtype === "complex128" ? "complex128" : null;
};

const EIGEN = { torch: "A as input: tensor, *, out: any = None", numpy: "a as input: tensor" } as const;

export const eigenvalues = op({
  names: ["torch.linalg.eigvals", "numpy.linalg.eigvals"],
  summary: "Eigenvalues of square matrices.",
  call: EIGEN,
  shape: "(n,n)->(n)",
  dtype: complexEigen,
});

export const eig = op({
  names: ["torch.linalg.eig", "numpy.linalg.eig"],
  summary: "Eigenvalues and eigenvectors of square matrices.",
  call: EIGEN,
  shape: (call) => {
    const outcome = applyNotation(call, parseNotation("(n,n)->(n)"), ["input"]);
    if (outcome === null || isProblem(outcome) || !("value" in outcome)) return outcome ?? { value: unknown };
    if (outcome.value.kind !== "tensor") return { value: unknown };
    const { shape, library } = outcome.value;
    const dtype = complexEigen(call);
    const n = shape.dims.at(-1) ?? unknownDim();
    return {
      value: record("eig", [
        ["eigenvalues", tensor(shape, dtype, library)],
        ["eigenvectors", tensor({ lead: shape.lead, dims: [...shape.dims, n] }, dtype, library)],
      ]),
    };
  },
});

export const signAndLogarithm = op({
  names: ["torch.linalg.slogdet", "torch.slogdet", "torch.Tensor.slogdet", "numpy.linalg.slogdet"],
  summary: "Sign and logarithm of the determinant of square matrices.",
  call: { torch: "input|A as input: tensor, *, out: any = None", numpy: "a as input: tensor" },
  shape: (call) => {
    const outcome = applyNotation(call, parseNotation("(n,n)->()"), ["input"]);
    if (outcome === null || isProblem(outcome) || !("value" in outcome)) return outcome ?? { value: unknown };
    if (outcome.value.kind !== "tensor") return { value: unknown };
    const { shape, library } = outcome.value;
    const dtype = decomposed(call);
    return {
      value: record("slogdet", [
        ["sign", tensor(shape, dtype, library)],
        ["logabsdet", tensor(shape, realPartOf(dtype), library)],
      ]),
    };
  },
});

export const matrixRank = op({
  names: ["torch.linalg.matrix_rank", "numpy.linalg.matrix_rank"],
  summary: "Rank of matrices.",
  call: {
    torch: "input|A as input: tensor, *more: any, **options",
    numpy: "A as input: tensor, *more: any, **options",
  },
  shape: (call) => {
    const { shape, library } = tensorOf(call, "input");
    // NumPy takes vectors too, and then answers with one of Python's numbers.
    const wide = rank(shape) === null && library !== "torch" ? null : call.solver.requireAtLeast(shape, 2);
    if (wide === null) return { value: unknown };
    return { value: tensor({ lead: wide.lead, dims: wide.dims.slice(0, -2) }, "int64", library) };
  },
});

export const matrixPower = op({
  names: ["torch.linalg.matrix_power", "torch.matrix_power", "torch.Tensor.matrix_power", "numpy.linalg.matrix_power"],
  summary: "Square matrices multiplied by themselves.",
  call: { torch: "input|A as input: tensor, n: any, *, out: any = None", numpy: "a as input: tensor, n: any" },
  shape: "(n,n)->(n,n)",
  dtype: (call) => (libraryOf(call) === "torch" ? tensorOf(call, "input").dtype : null),
});

export const condition = op({
  names: ["torch.linalg.cond", "numpy.linalg.cond"],
  summary: "Condition number of matrices.",
  call: { torch: "A as input: tensor, p: any = None, *, out: any = None", numpy: "x as input: tensor, p: any = None" },
  shape: "(n,m)->()",
  dtype: realPart(decomposed),
});

const VECTOR = parseNotation("(n,n),(n)->(n)");
const MATRIX = parseNotation("(n,n),(n,m)->(n,m)");

export const solve = op({
  names: ["torch.linalg.solve", "numpy.linalg.solve"],
  summary: "Solution of a system of linear equations, for one right side or several as columns.",
  call: {
    torch: "A as input: tensor, B as other: tensor, *, left: bool = True, out: any = None",
    numpy: "a as input: tensor, b as other: tensor",
  },
  shape: (call) => {
    const [n, m] = [rank(tensorOf(call, "input").shape), rank(tensorOf(call, "other").shape)];
    const left = libraryOf(call) !== "torch" || boolOf(argument(call, "left")) === true;
    if (n === null || m === null || !left) return null;
    // One dimension less than the matrices can mean a stack of vectors or one matrix; versions differ.
    if (n < 2) return noMatrices(call, "input");
    const notation = n === 2 && m === 1 ? VECTOR : m >= n && n >= 2 ? MATRIX : null;
    if (notation === null) return null;
    const outcome = applyNotation(call, notation, ["input", "other"]);
    if (isProblem(outcome)) return outcome.code === "matmul-inner" ? rightSide(call, outcome) : outcome;
    if (outcome === null || !("value" in outcome) || outcome.value.kind !== "tensor") return outcome;
    return { ...outcome, value: { ...outcome.value, dtype: sharedFloat(call) } };
  },
  dtype: sharedFloat,
});

function sharedFloat(call: Call): DType | null {
  const { dtype } = tensorOf(call, "input");
  if (dtype !== tensorOf(call, "other").dtype) return null;
  return dtype === "float32" || dtype === "float64" ? dtype : null;
}

function rightSide(call: Call, clash: Problem): Problem {
  const [a, b] = [shown(call, "input", tensorOf(call, "input")), shown(call, "other", tensorOf(call, "other"))];
  return {
    ...clash,
    message: (name) => `\`${shortName(call)}\` needs as many equations as unknowns: ${a(name)} against ${b(name)}.`,
  };
}

export const leastSquares = op({
  names: ["torch.linalg.lstsq", "numpy.linalg.lstsq"],
  summary: "Least squares solution of linear equations, with residuals, rank and singular values.",
  call: {
    torch: "A|input as input: tensor, B|b as other: tensor, rcond: any = None, *, driver: any = None",
    numpy: "a as input: tensor, b as other: tensor, rcond: any = None",
  },
  shape: leastSquaresOf,
});

function leastSquaresOf(call: Call): Outcome | ShapeAnswer {
  const [a, b] = [tensorOf(call, "input"), tensorOf(call, "other")];
  const [rows, columns] = a.shape.dims;
  const sides = b.shape.dims;
  const plain = rank(a.shape) === 2 && (rank(b.shape) === 2 || (rank(b.shape) === 1 && libraryOf(call) === "numpy"));
  if (!plain || rows === undefined || columns === undefined || sides[0] === undefined) return { value: unknown };
  const verdict = call.solver.require(rows, sides[0], call.cause);
  if (verdict.answer === "no") {
    const [first, second] = [shown(call, "input", a), shown(call, "other", b)];
    const sizes = `${shownDim(call, verdict.left)} and ${shownDim(call, verdict.right)}`;
    return problem("matmul-inner", {
      verdict,
      parameters: ["input", "other"],
      message: (name) => `\`lstsq\` of ${first(name)} and ${second(name)}: the numbers of rows are ${sizes}.`,
    });
  }
  const library = libraryOf(call);
  const dtype = sharedFloat(call);
  const solution = tensor({ lead: null, dims: [columns, ...sides.slice(1)] }, dtype, library);
  if (library === "numpy") {
    const values = tensor({ lead: null, dims: [minimum(rows, columns)] }, null, library);
    return { value: tuple([solution, tensor({ lead: null, dims: [unknownDim()] }, dtype, library), unknown, values]) };
  }
  return {
    value: record("lstsq", [
      ["solution", solution],
      ["residuals", unknown],
      ["rank", unknown],
      ["singular_values", unknown],
    ]),
  };
}

export const multiDot = op({
  names: ["torch.linalg.multi_dot", "numpy.linalg.multi_dot", "torch.chain_matmul"],
  summary: "Product of several matrices in the order that costs least.",
  call: {
    torch: "tensors: tensors, *, out: any = None",
    "torch.chain_matmul": "*tensors: any, out: any = None",
    numpy: "arrays as tensors: tensors, *, out: any = None",
  },
  shape: (call) => {
    const parts = tensorsOf(call, "tensors");
    if (parts === null || parts.length < 2 || parts.some(({ shape }) => rank(shape) !== 2)) return null;
    for (const [i, part] of parts.entries()) {
      const next = parts[i + 1]?.shape.dims[0];
      const last = part.shape.dims[1];
      if (next !== undefined && last !== undefined && call.solver.require(last, next, call.cause).answer === "no")
        return clashInChain(call, part.shape, parts[i + 1]?.shape ?? unknownShape());
    }
    const [rows, columns] = [parts[0]?.shape.dims[0], parts.at(-1)?.shape.dims[1]];
    return rows === undefined || columns === undefined ? null : { lead: null, dims: [rows, columns] };
  },
  dtype: always(null),
});

function clashInChain(call: Call, a: Shape, b: Shape): Problem {
  const [left, right] = [shown(call, "tensors", a), shown(call, "tensors", b)];
  return problem("matmul-inner", {
    parameters: ["tensors"],
    message: (name) => `Cannot multiply ${left(name)} by ${right(name)}: the inner sizes differ.`,
  });
}
