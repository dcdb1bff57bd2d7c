/**
 * Linear algebra that takes matrices apart: singular values, eigenvalues, QR, and numbers that such
 * decompositions give. The matrices stand in the last two dimensions, as in `linalg.ts`.
 */
import { asNumber, constant, minimum, multiply, rank, type Dim } from "../shapes/index.ts";
import { argument, boolArgument, isNumber, libraryOf, tensorOf, isGiven, numberArgument } from "./arguments.ts";
import { dimOf, numberOf, record, tensor, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import { realPart, type DTypeRule } from "./dtype-rules.ts";
import { decomposed, decomposing, factors, matrices, shapeIn, stretchesInJax, type Parts } from "./matrices.ts";
import { inTorch } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shortName } from "./problems.ts";
import type { Datum } from "./value.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

export const svd = op({
  names: ["torch.linalg.svd", "numpy.linalg.svd"],
  summary: "Singular value decomposition; whole orthogonal matrices, or only as many vectors as there are values.",
  call: {
    torch: "A as input: tensor, full_matrices: bool = True, *, driver: any = None, out: any = None",
    numpy: "a as input: tensor, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False",
  },
  inJax: { differs: (call) => boolArgument(call, "hermitian") !== false },
  shape: (call) => {
    const all = matrices(call);
    const whole = boolArgument(call, "full_matrices");
    const vectors = libraryOf(call) === "torch" ? true : boolArgument(call, "compute_uv");
    if (isProblem(all)) return all;
    if (whole === null || vectors === null) return { value: unknown };
    const symmetric = isGiven(call, "hermitian") && boolArgument(call, "hermitian") !== false;
    if (symmetric && call.solver.compare(all.rows, all.columns) !== "yes") return { value: unknown };
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

export const oldSvd = factors({
  names: inTorch("svd"),
  summary: "Singular value decomposition, with the right vectors as columns.",
  call: "input: tensor, some: bool = True, compute_uv: bool = True, *, out: any = None",
  into: ({ rows, columns, smaller, part, real }, call) => {
    const some = boolArgument(call, "some");
    if (some === null || boolArgument(call, "compute_uv") !== true) return null;
    return [
      ["U", part(rows, some ? smaller : rows)],
      ["S", real(smaller)],
      ["V", part(columns, some ? smaller : columns)],
    ];
  },
});

export const singularValues = op({
  names: ["torch.linalg.svdvals", "numpy.linalg.svdvals"],
  summary: "Singular values of matrices.",
  call: { torch: "A as input: tensor, *, driver: any = None, out: any = None", numpy: "x as input: tensor, /" },
  shape: (call) => {
    const all = matrices(call);
    return isProblem(all) ? all : { value: all.real(all.smaller) };
  },
});

/** The singular values that matter most, by random projections. */
export const lowRank = factors({
  names: ["torch.svd_lowrank", "torch.pca_lowrank"],
  summary: "The greatest singular values, or principal components, found by random projections.",
  call: {
    "torch.svd_lowrank": "A as input: tensor, q: any = 6, niter: any = 2, M: any = None",
    "torch.pca_lowrank": "A as input: tensor, q: any = None, center: bool = True, niter: any = 2",
  },
  into: ({ rows, columns, smaller, part, real }, call) => {
    const given = argument(call, "q");
    const count = given.kind === "none" ? constant(6) : dimOf(given);
    if (count === null || (argument(call, "M").kind !== "none" && argument(call, "M").kind !== "tensor")) return null;
    const exact = given.kind !== "none" && shortName(call) === "pca_lowrank";
    if (exact && call.solver.less(smaller, count) === "yes") return tooManyComponents(count, smaller);
    const kept = call.solver.less(smaller, count) === "no" ? count : minimum(count, smaller);
    return [
      ["U", part(rows, kept)],
      ["S", real(kept)],
      ["V", part(columns, kept)],
    ];
  },
});

function tooManyComponents(count: Dim, smaller: Dim): Problem {
  return problem("argument", {
    message: () =>
      `\`pca_lowrank\` cannot give ${asNumber(count) ?? "so many"} components of ${asNumber(smaller) ?? "fewer"}.`,
  });
}

export const extremeEigenvalues = factors({
  names: ["torch.lobpcg"],
  summary: "The greatest or smallest eigenvalues of symmetric matrices, one unless more are asked for.",
  call: "A as input: tensor, k: any = None, B: any = None, X: any = None, n: any = None, **options",
  square: true,
  into: ({ rows, part }, call) => {
    const k = argument(call, "k");
    const count = k.kind === "none" ? constant(1) : dimOf(k);
    if (count === null || argument(call, "X").kind !== "none") return null;
    const few = call.solver.less(rows, multiply(constant(3), count)) === "yes";
    if (few)
      return problem("argument", { message: () => "`lobpcg` needs 3 rows for every eigenvalue that is asked for." });
    return [
      ["eigenvalues", part(count)],
      ["eigenvectors", part(rows, count)],
    ];
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
    if (isProblem(all)) return all;
    if (mode.kind !== "string") return { value: unknown };
    const { rows, columns, smaller, part } = all;
    if (mode.value === "r" && libraryOf(call) === "numpy") return { value: part(smaller, columns) };
    if (mode.value === "r")
      return {
        value: record("qr", [
          ["Q", empty(call)],
          ["R", part(smaller, columns)],
        ]),
      };
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

/** What PyTorch gives for a factor that was not asked for. */
function empty(call: Call): Datum {
  return tensor({ lead: null, dims: [constant(0)] }, decomposed(call), libraryOf(call));
}

export const oldQr = factors({
  names: inTorch("qr"),
  summary: "An orthogonal and an upper triangular matrix whose product is the given one.",
  call: "input: tensor, some: bool = True, *, out: any = None",
  into: ({ rows, columns, smaller, part }, call) => {
    const some = boolArgument(call, "some");
    if (some === null) return null;
    const inner = some ? smaller : rows;
    return [
      ["Q", part(rows, inner)],
      ["R", part(inner, columns)],
    ];
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
const SYMMETRIC = {
  torch: 'A as input: tensor, UPLO: any = "L", *, out: any = None',
  numpy: 'a as input: tensor, UPLO: any = "L"',
} as const;

export const eigenvalues = op({
  names: ["torch.linalg.eigvals", "numpy.linalg.eigvals"],
  summary: "Eigenvalues of square matrices.",
  call: EIGEN,
  shape: decomposing("(n,n)->(n)", complexEigen),
  notation: "(n,n)->(n)",
});

export const eig = factors({
  names: ["torch.linalg.eig", "numpy.linalg.eig"],
  summary: "Eigenvalues and eigenvectors of square matrices.",
  call: EIGEN,
  square: true,
  into: ({ columns, typed }, call) => [
    ["eigenvalues", typed(complexEigen(call), columns)],
    ["eigenvectors", typed(complexEigen(call), columns, columns)],
  ],
});

export const eigenvaluesOfSymmetric = op({
  names: ["torch.linalg.eigvalsh", "numpy.linalg.eigvalsh"],
  summary: "Eigenvalues of symmetric matrices.",
  call: SYMMETRIC,
  shape: decomposing("(n,n)->(n)", realPart(decomposed)),
  inJax: { differs: stretchesInJax },
  notation: "(n,n)->(n)",
});

export const eigh = factors({
  names: ["torch.linalg.eigh", "numpy.linalg.eigh"],
  summary: "Eigenvalues and eigenvectors of symmetric matrices.",
  call: SYMMETRIC,
  square: true,
  inJax: { differs: stretchesInJax },
  into: ({ columns, part, real }) => [
    ["eigenvalues", real(columns)],
    ["eigenvectors", part(columns, columns)],
  ],
});

export const signAndLogarithm = factors({
  names: [...inTorch("slogdet"), "torch.linalg.slogdet", "numpy.linalg.slogdet"],
  summary: "Sign and logarithm of the determinant of square matrices.",
  call: { torch: "input|A as input: tensor, *, out: any = None", numpy: "a as input: tensor" },
  square: true,
  into: ({ part, real }): Parts => [
    ["sign", part()],
    ["logabsdet", real()],
  ],
});

/** Tolerances that are tensors are broadcast with the stack; NumPy takes vectors too and answers with a number. */
export const matrixRank = op({
  names: ["torch.linalg.matrix_rank", "numpy.linalg.matrix_rank"],
  summary: "Rank of matrices.",
  call: {
    torch:
      "input|A as input: tensor, tol: any = None, hermitian: bool = False, *, atol: any = None, rtol: any = None, out: any = None",
    numpy: "A as input: tensor, tol: any = None, hermitian: any = False, *, rtol: any = None",
  },
  shape: (call) => {
    const { shape, library } = tensorOf(call, "input");
    if (library !== "torch" && (rank(shape) === null || shape.dims.length < 2)) return { value: unknown };
    const square = library === "torch" && boolArgument(call, "hermitian") === true;
    const outcome = decomposing(square ? "(n,n)->()" : "(n,m)->()")(call);
    const batch = shapeIn(outcome);
    if (batch === null) return outcome;
    const tensors = ["tol", "atol", "rtol"].filter((name) => argument(call, name).kind !== "none");
    const plain = tensors.filter((name) => !isNumber(argument(call, name)));
    if (plain.some((name) => argument(call, name).kind !== "tensor")) return { value: unknown };
    const parts = plain.map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape }));
    const wide = broadcastAll(call, [{ parameter: "input", shape: batch }, ...parts]);
    return isProblem(wide) ? wide : { value: tensor(wide, "int64", library) };
  },
});

export const matrixPower = op({
  names: ["torch.linalg.matrix_power", ...inTorch("matrix_power"), "numpy.linalg.matrix_power"],
  summary: "Square matrices multiplied by themselves.",
  call: { torch: "input|A as input: tensor, n: any, *, out: any = None", numpy: "a as input: tensor, n: any" },
  shape: "(n,n)->(n,n)",
  dtype: (call) => {
    const { dtype } = tensorOf(call, "input");
    const times = numberArgument(call, "n");
    return libraryOf(call) === "torch" || (times !== null && times >= 0) ? dtype : null;
  },
});

export const condition = op({
  names: ["torch.linalg.cond", "numpy.linalg.cond"],
  summary: "Condition number of matrices.",
  call: { torch: "A as input: tensor, p: any = None, *, out: any = None", numpy: "x as input: tensor, p: any = None" },
  shape: (call) => {
    const p = argument(call, "p");
    // Of the norms only the spectral ones do without the inverse.
    const empty = tensorOf(call, "input").shape.dims.some((dim) => asNumber(dim) === 0);
    const inverted = p.kind === "string" || (p.kind === "int" && ![2, -2, null].includes(numberOf(p)));
    return decomposing(inverted && !empty ? "(n,n)->()" : "(n,m)->()", realPart(decomposed))(call);
  },
  notation: "(n,m)->()",
});
