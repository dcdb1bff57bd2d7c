/**
 * Linear algebra on matrices in the last two dimensions, and products of vectors in the last one.
 */
import { rank, unknownDim } from "../shapes/index.ts";
import { argument, libraryOf, numberArgument, tensorOf } from "./arguments.ts";
import { record, tensor, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import { category, isFloating } from "./dtype.ts";
import { defaultFloat, promoted, realPart, same } from "./dtype-rules.ts";
import { inTorch } from "./names.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { isProblem, problem, shortName, shown } from "./problems.ts";

function square(names: readonly string[], summary: string, notation: string): readonly Operator[] {
  return op({
    names,
    summary,
    call: { torch: "input|A as input: tensor, *, out: any = None", numpy: "a as input: tensor" },
    shape: notation,
    dtype: decomposed,
  });
}

/** Integers become floating-point numbers, in NumPy always of 64 bits. */
export function decomposed(call: Call) {
  const dtype = same()(call);
  if (dtype === null || isFloating(dtype) || category(dtype) === "complex") return dtype;
  return defaultFloat(call);
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
export const pseudoInverse = square(
  [...inTorch("pinverse"), "torch.linalg.pinv", "numpy.linalg.pinv"],
  "Pseudo-inverse of matrices.",
  "(n,m)->(m,n)",
);
export const cholesky = square(
  ["torch.linalg.cholesky", "numpy.linalg.cholesky"],
  "Cholesky factor of square matrices.",
  "(n,n)->(n,n)",
);
export const matrixExponential = square(
  [...inTorch("matrix_exp"), "torch.linalg.matrix_exp"],
  "Exponential of square matrices.",
  "(n,n)->(n,n)",
);
/** What stands in the last two dimensions is missing. */
export function noMatrices(call: Call, parameter: string): Problem {
  const { shape } = tensorOf(call, parameter);
  const told = shown(call, parameter, shape);
  return problem("matmul-rank", {
    blame: parameter,
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` needs at least 2 dimensions; ${told(name)} has ${shape.dims.length}.`,
  });
}

export const eigenvaluesOfSymmetric = op({
  names: ["torch.linalg.eigvalsh", "numpy.linalg.eigvalsh"],
  summary: "Eigenvalues of symmetric matrices.",
  call: {
    torch: "A as input: tensor, UPLO: any = None, *, out: any = None",
    numpy: "a as input: tensor, UPLO: any = None",
  },
  shape: "(n,n)->(n)",
  dtype: realPart(decomposed),
});

export const eigh = op({
  names: ["torch.linalg.eigh", "numpy.linalg.eigh"],
  summary: "Eigenvalues and eigenvectors of symmetric matrices.",
  call: {
    torch: "A as input: tensor, UPLO: any = None, *, out: any = None",
    numpy: "a as input: tensor, UPLO: any = None",
  },
  shape: (call) => {
    const { shape, library } = tensorOf(call, "input");
    const wide = call.solver.requireAtLeast(shape, 2);
    if (wide === null) return noMatrices(call, "input");
    const n = wide.dims.at(-1) ?? unknownDim();
    const values = tensor(
      { lead: wide.lead, dims: [...wide.dims.slice(0, -2), n] },
      realPart(decomposed)(call),
      library,
    );
    return {
      value: record("eigh", [
        ["eigenvalues", values],
        ["eigenvectors", tensor(wide, decomposed(call), library)],
      ]),
    };
  },
});

export const cross = op({
  names: ["torch.linalg.cross", ...inTorch("cross")],
  summary: "Cross product of vectors with three elements.",
  call: "input as input: tensor, other: tensor, dim: any = None, *, out: any = None",
  shape: (call) => {
    const shape = broadcastAll(
      call,
      ["input", "other"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
    );
    return isProblem(shape) || rank(shape) === null ? { value: { kind: "unknown" } } : shape;
  },
  dtype: promoted("input", "other"),
});

export const vectorDot = op({
  names: ["torch.linalg.vecdot", "numpy.vecdot", "numpy.linalg.vecdot"],
  summary: "Dot products of the vectors in the last dimension.",
  call: {
    torch: "x as input: tensor, y as other: tensor, *, dim: any = -1, out: any = None",
    numpy: "x1 as input: tensor, x2 as other: tensor, /, **options",
  },
  shape: (call) => {
    const dim = numberArgument(call, "dim");
    if (libraryOf(call) === "torch" ? dim !== -1 : argument(call, "options").kind !== "none") return { value: unknown };
    const shape = broadcastAll(
      call,
      ["input", "other"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
    );
    if (isProblem(shape) || shape.lead !== null || shape.dims.length === 0) return { value: unknown };
    return { lead: null, dims: shape.dims.slice(0, -1) };
  },
  dtype: promoted("input", "other"),
});

export const cdist = op({
  names: ["torch.cdist"],
  summary: "Distance of every row of one matrix from every row of the other.",
  call: "x1 as input: tensor, x2 as other: tensor, p: any = 2.0, compute_mode: any = None",
  shape: "(n,k),(m,k)->(n,m)",
  dtype: same(),
});
