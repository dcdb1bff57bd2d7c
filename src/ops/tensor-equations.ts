/**
 * Equations between whole tensors in linear algebra: some dimensions count the equations, the others the unknowns.
 */
import { product, rank, type Dim } from "../shapes/index.ts";
import { argument, libraryOf, numberArgument, tensorOf } from "./arguments.ts";
import { itemsOf, numberOf } from "./datum.ts";
import { op } from "./declare.ts";
import { decomposed, otherMatrixType } from "./matrices.ts";
import { mixedTypes } from "./matmul.ts";
import type { Call, Problem } from "./operator.ts";
import { otherRank, problem, shortName, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";

/** The dimensions from `ind` on, then those before. */
export const tensorInverse = op({
  names: ["torch.linalg.tensorinv", "numpy.linalg.tensorinv"],
  summary: "Inverse of a tensor as a map from its last dimensions to its first ones.",
  call: {
    torch: "A as input: tensor, ind: any = 2, *, out: any = None",
    numpy: "a as input: tensor, ind: any = 2",
  },
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const ind = numberArgument(call, "ind");
    const wrong = otherMatrixType(call);
    if (wrong !== null) return wrong;
    if (ind === null || rank(shape) === null) return null;
    if (ind < 1)
      return problem("argument", { message: () => `\`tensorinv\` needs at least 1 dimension in front; it is ${ind}.` });
    // NumPy takes what is missing for 1.
    if (ind > shape.dims.length && libraryOf(call) === "numpy") return null;
    if (ind > shape.dims.length) return otherRank(call, "input", shape, `at least ${ind} dimensions`);
    const [front, back] = [shape.dims.slice(0, ind), shape.dims.slice(ind)];
    const verdict = call.solver.require(product(front), product(back), call.cause);
    if (verdict.answer === "no") return otherCount(call, product(front), product(back));
    return call.solver.shape({ lead: null, dims: [...back, ...front] });
  },
  dtype: decomposed,
});

function otherCount(call: Call, equations: Dim, unknowns: Dim): Problem {
  const told = shown(call, "input", tensorOf(call, "input"));
  const [few, many] = [shownDim(call, equations), shownDim(call, unknowns)];
  return problem("matmul-inner", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` of ${told(name)}: ${few} equations for ${many} unknowns.`,
  });
}

export const tensorSolve = op({
  names: ["torch.linalg.tensorsolve", "numpy.linalg.tensorsolve"],
  summary: "Solution of a system of equations whose unknowns and right sides have several dimensions.",
  call: {
    torch: "A as input: tensor, B as other: tensor, dims: any = None, *, out: any = None",
    numpy: "a as input: tensor, b as other: tensor, axes as dims: any = None",
  },
  shape: (call) => {
    const [a, b] = [tensorOf(call, "input").shape, tensorOf(call, "other").shape];
    const wrong = otherMatrixType(call) ?? mixedTypes(call, ["input", "other"]);
    if (wrong !== null) return wrong;
    const moved = rank(a) === null ? null : withLast(a.dims, argument(call, "dims"));
    const count = rank(b);
    if (moved === null || count === null || (libraryOf(call) === "numpy" && count >= moved.length)) return null;
    if (count > moved.length) return otherRank(call, "other", b, `at most ${moved.length} dimensions`);
    const [front, back] = [product(moved.slice(0, count)), product(moved.slice(count))];
    if (call.solver.require(front, back, call.cause).answer === "no") return otherCount(call, front, back);
    const sides = product(b.dims);
    if (call.solver.require(sides, front, call.cause).answer === "no") return otherCount(call, sides, front);
    return call.solver.shape({ lead: null, dims: moved.slice(count) });
  },
  // NumPy joins the types of both sides.
  dtype: (call) => (libraryOf(call) === "numpy" ? null : decomposed(call)),
});

/** The dimensions in order, with those that `chosen` names moved to the end. */
function withLast(dims: readonly Dim[], chosen: Datum): readonly Dim[] | null {
  if (chosen.kind === "none") return dims;
  const places = itemsOf(chosen)?.map(numberOf);
  if (places === undefined || !places.every((place) => place !== null)) return null;
  const axes = places.map((place) => (place < 0 ? place + dims.length : place));
  if (axes.some((axis) => dims[axis] === undefined) || new Set(axes).size < axes.length) return null;
  const last = axes.flatMap((axis) => dims[axis] ?? []);
  return [...dims.filter((_, i) => !axes.includes(i)), ...last];
}
