/**
 * PyTorch's norms of vectors and of matrices, over dimensions, and the norm of a difference. Their types are real.
 */
import { rank } from "../shapes/index.ts";
import { argument, dtypeArgument, isGiven, tensorOf } from "./arguments.ts";
import { itemsOf, none } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category, isFloating } from "./dtype.ts";
import { orGiven, promoted, realPart, type DTypeRule } from "./dtype-rules.ts";
import { wholeNumbers } from "./matrices.ts";
import { inTorch } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName } from "./problems.ts";
import type { Datum } from "./value.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { reduce } from "./verbs/reduce.ts";

const normType: DTypeRule = realPart(orGiven(realPart()));

/** A norm over dimensions; that of matrices is over exactly two. */
function overAxes(call: Call, matrix: boolean): ShapeAnswer {
  const wrong = wholeNumbers(call) ?? wholeType(call);
  return wrong ?? (matrix ? needTwo(call) : null) ?? reduce(call, { emptyMeansAll: true });
}

function wholeType(call: Call): Problem | null {
  const dtype = dtypeArgument(call.args) ?? null;
  const own = tensorOf(call, "input").dtype;
  const real = own === null || category(own) !== "complex";
  if (dtype === null || (real && isFloating(dtype)) || category(dtype) === "complex") return null;
  return problem("dtype", {
    message: () => `\`${shortName(call)}\` needs a type for its numbers; \`dtype\` is ${dtype}.`,
  });
}

/** A norm of matrices takes two dimensions; without `dim` the tensor has no others. */
function needTwo(call: Call): Problem | null {
  const { shape } = tensorOf(call, "input");
  const chosen = argument(call, "dim");
  const axes = chosen.kind === "none" ? rank(shape) : chosen.kind === "int" ? 1 : (itemsOf(chosen)?.length ?? null);
  if (axes === 2 || axes === null) return null;
  if (chosen.kind === "none") return otherRank(call, "input", shape, "matrices");
  return problem("argument", {
    blame: "dim",
    message: () => `The norm of a matrix is over 2 dimensions; \`${shortName(call)}\` gets ${axes}.`,
  });
}

function isText(datum: Datum, ...values: readonly string[]): boolean {
  return datum.kind === "string" && datum.value !== null && values.includes(datum.value);
}

export const norm = op({
  names: inTorch("norm"),
  summary: "Norm over dimensions.",
  call: 'input: tensor, p: any = "fro", dim|axis: axes = None, keepdim|keepdims: bool = False, out: any = None, dtype: dtype = None',
  shape: (call) => {
    const p = argument(call, "p");
    // Frobenius' norm is that of a vector, except over several dimensions that are named.
    const several = (itemsOf(argument(call, "dim"))?.length ?? 0) > 2;
    return overAxes(call, isText(p, "nuc") || (isText(p, "fro") && several));
  },
  dtype: normType,
});

export const vectorNorm = op({
  names: ["torch.linalg.vector_norm"],
  summary: "Norm of vectors over dimensions.",
  call: "x|input as input: tensor, ord: any = 2, dim: axes = None, keepdim: bool = False, *, dtype: dtype = None, out: any = None",
  shape: (call) => overAxes(call, false),
  dtype: normType,
});

export const matrixNorm = op({
  names: ["torch.linalg.matrix_norm"],
  summary: "Norm of matrices, by default of those in the last two dimensions.",
  call: 'A|input as input: tensor, ord: any = "fro", dim: axes = (-2, -1), keepdim: bool = False, *, dtype: dtype = None, out: any = None',
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    if (call.solver.requireAtLeast(shape, 2) === null) return otherRank(call, "input", shape, "at least 2 dimensions");
    return overAxes(call, true);
  },
  dtype: normType,
});

/** With `ord` and no `dim` the tensor is a vector or a matrix; two dimensions make a norm of matrices. */
export const linalgNorm = op({
  names: ["torch.linalg.norm"],
  summary: "Norm of vectors or of matrices, as the number of dimensions says.",
  call: "A|input as input: tensor, ord: any = None, dim: axes = None, keepdim: bool = False, *, out: any = None, dtype: dtype = None",
  shape: (call) => {
    const [ord, { shape }] = [argument(call, "ord"), tensorOf(call, "input")];
    const count = rank(shape);
    if (ord.kind !== none.kind && !isGiven(call, "dim") && count !== null && (count < 1 || count > 2))
      return otherRank(call, "input", shape, "1 or 2 dimensions where `ord` is given without `dim`");
    const several = (itemsOf(argument(call, "dim"))?.length ?? 0) > 2;
    return overAxes(call, several || isText(ord, "fro", "nuc"));
  },
  dtype: normType,
});

export const distance = op({
  names: inTorch("dist"),
  summary: "Norm of the difference of two tensors.",
  call: "input: tensor, other: tensor, p: any = 2",
  shape: (call) => {
    const operands = ["input", "other"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape }));
    const truths = ["input", "other"].filter((one) => tensorOf(call, one).dtype === "bool");
    const wrong = truths.length > 0 || wholeNumbers(call) !== null ? wholeNumbers(call, truths[0] ?? "other") : null;
    const shape = wrong ?? broadcastAll(call, operands);
    return isProblem(shape) ? shape : { lead: null, dims: [] };
  },
  dtype: realPart(promoted("input", "other")),
});
