/**
 * Products that sum over a shared dimension: matrix products of every rank, dot products, outer products.
 * `einsum` has its own file, layers with weights another.
 */
import { asNumber, elementCount, freshLead, multiply, product, rank, type Dim, type Shape } from "../shapes/index.ts";
import { argument, dtypeArgument, libraryOf, tensorOf, typesOf } from "./arguments.ts";
import { itemsOf, numberOf, tensor, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { orGiven, promoted, promoteData } from "./dtype-rules.ts";
import { laidOut } from "./memory-rules.ts";
import { alsoInPlace, inArray, inNumpy, inTorch, withAssignment } from "./names.ts";
import type { Call, Outcome, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "./problems.ts";
import { broadcastAll, fitInto } from "./verbs/broadcast.ts";
import { applyNotation, parseNotation } from "./verbs/gufunc.ts";

const MATMUL = "(n?,k),(k,m?)->(n?,m?)";
const full = parseNotation(MATMUL);
const againstMatrix = parseNotation("(k),(k,m)->(m)");
const againstVector = parseNotation("(k),(k)->()");

/** Matrix product: contracts the last axis of `a` with the second-last of `b`. */
export const matmul = op({
  names: [...inTorch("matmul"), ...inNumpy("matmul"), ...withAssignment("@")],
  summary: "Matrix product: contracts the last dimension of the first operand with the second-last of the second.",
  call: {
    torch: "input as a: tensor, other as b: tensor, *, out: any = None",
    numpy: "x1 as a: tensor, x2 as b: tensor, /, out: any = None, *, dtype: dtype = None, **options",
    operator: "left as a: tensor, right as b: tensor",
  },
  shape: matrixProduct,
  dtype: orGiven(promoted("a", "b")),
  strides: (call, shape) => (plainOrder(call) ? laidOut(call, shape) : null),
  notation: MATMUL,
  playground: "matmul",
});

/** A stack of matrices from the left gives a result in order; from the right it is computed transposed. */
function plainOrder(call: Call): boolean {
  const [a, b] = [rank(tensorOf(call, "a").shape), rank(tensorOf(call, "b").shape)];
  return a !== null && b !== null && b >= 2 && a >= b;
}

function matrixProduct(call: Call): ShapeAnswer {
  const answer = multiplied(call);
  const given = dtypeArgument(call.args);
  if (given === undefined || answer === null || !("value" in answer) || answer.value.kind !== "tensor") return answer;
  return { ...answer, value: { ...answer.value, dtype: given } };
}

function multiplied(call: Call): ShapeAnswer {
  if (call.name.startsWith("operator.")) {
    const kinds = [argument(call, "a").kind, argument(call, "b").kind];
    if (!kinds.includes("tensor") || !kinds.every((kind) => kind === "tensor" || kind === "unknown")) {
      return { value: unknown };
    }
  }
  const mixed = mixedTypes(call, ["a", "b"]);
  if (mixed !== null) return mixed;
  const [a, b] = [tensorOf(call, "a").shape, tensorOf(call, "b").shape];
  for (const [parameter, shape] of [
    ["a", a],
    ["b", b],
  ] as const) {
    if (rank(shape) === 0) return noScalars(parameter);
  }
  // Whatever the rank of `a`: against a plain matrix or vector its last dimension is the one that goes.
  const notation = rank(a) !== null ? full : rank(b) === 2 ? againstMatrix : rank(b) === 1 ? againstVector : full;
  if (notation !== full) return applyNotation(call, notation, ["a", "b"]);
  const outcome = applyNotation(call, full, ["a", "b"]);
  return outcome ?? partlyKnown(call, a, b);
}

/** One operand may or may not be a vector; its last dimensions tell at least the end of the result. */
function partlyKnown(call: Call, a: Shape, b: Shape): ShapeAnswer {
  const columns = b.dims.at(-1);
  if (b.dims.length < 2 || columns === undefined) return null;
  const inner = b.dims.at(-2);
  const own = a.dims.at(-1);
  const verdict = inner === undefined || own === undefined ? null : call.solver.require(own, inner, call.cause);
  if (verdict?.answer === "no") {
    const [first, second] = [shown(call, "a", a), shown(call, "b", b)];
    const sizes = `${shownDim(call, verdict.left)} and ${shownDim(call, verdict.right)}`;
    return problem("matmul-inner", {
      verdict,
      parameters: ["a", "b"],
      message: (name) => `Cannot multiply ${first(name)} by ${second(name)}: the inner sizes are ${sizes}.`,
    });
  }
  return { lead: freshLead(), dims: [columns] };
}

function noScalars(parameter: string): Problem {
  return problem("matmul-rank", {
    parameters: [parameter],
    message: (name) => `A matrix product needs dimensions; ${name(parameter)} is a single number, use \`*\`.`,
  });
}

/** PyTorch multiplies only tensors of one type. */
export function mixedTypes(call: Call, parameters: readonly string[]): Problem | null {
  if (libraryOf(call) !== "torch") return null;
  const types = parameters.map((parameter) => tensorOf(call, parameter).dtype);
  const [first, second] = types;
  if (
    first === null ||
    first === undefined ||
    second === null ||
    second === undefined ||
    types.every((dtype) => dtype === first || dtype === null)
  )
    return null;
  const other = types.findIndex((dtype) => dtype !== null && dtype !== first);
  return problem("dtype", {
    parameters: [...parameters],
    message: (name) =>
      `\`${shortName(call)}\` needs one type on both sides; ${name(parameters[0] ?? "")} is ${first} and ${name(parameters[other] ?? "")} is ${types[other]}.`,
  });
}

/** Products that take exactly these numbers of dimensions and broadcast nothing. */
function strict(notation: string): (call: Call) => ShapeAnswer {
  const parsed = parseNotation(notation);
  return (call) => {
    for (const [i, parameter] of ["a", "b"].entries()) {
      const needed = parsed.inputs[i]?.length ?? 0;
      const wrong = exactRank(call, parameter, needed);
      if (wrong !== null) return wrong;
    }
    return mixedTypes(call, ["a", "b"]) ?? applyNotation(call, parsed, ["a", "b"]);
  };
}

export function exactRank(call: Call, parameter: string, needed: number): Problem | null {
  const shape = tensorOf(call, parameter).shape;
  if (call.solver.requireRank(shape, needed) !== null) return null;
  const told = shown(call, parameter, shape);
  return problem("matmul-rank", {
    blame: parameter,
    parameters: [parameter],
    message: (name) =>
      `\`${shortName(call)}\` needs exactly ${needed} ${needed === 1 ? "dimension" : "dimensions"}; ${told(name)} has ${shape.dims.length}.`,
  });
}

export const mm = op({
  names: inTorch("mm"),
  summary: "Product of two matrices, without broadcasting.",
  call: "input as a: tensor, mat2 as b: tensor, *, out: any = None",
  shape: strict("(n,k),(k,m)->(n,m)"),
  dtype: promoted("a", "b"),
  notation: "(n,k),(k,m)->(n,m)",
  playground: "matmul",
});

export const sparseProduct = op({
  names: ["torch.spmm", "torch.sparse.mm", "torch.smm", "torch.hspmm"],
  summary: "Product of a sparse matrix and another one.",
  call: "input|mat1|mat as a: tensor, mat2 as b: tensor, reduce: any = None",
  shape: strict("(n,k),(k,m)->(n,m)"),
  dtype: promoted("a", "b"),
  notation: "(n,k),(k,m)->(n,m)",
});

export const bmm = op({
  names: inTorch("bmm"),
  summary: "Products of two stacks of matrices, without broadcasting.",
  call: "input as a: tensor, mat2 as b: tensor, *, out: any = None",
  shape: strict("(b,n,k),(b,k,m)->(b,n,m)"),
  dtype: promoted("a", "b"),
  notation: "(b,n,k),(b,k,m)->(b,n,m)",
  playground: "matmul",
});

export const mv = op({
  names: inTorch("mv"),
  summary: "Product of a matrix and a vector.",
  call: "input as a: tensor, vec as b: tensor, *, out: any = None",
  shape: strict("(n,k),(k)->(n)"),
  dtype: promoted("a", "b"),
  notation: "(n,k),(k)->(n)",
});

export const dot = op({
  names: inTorch("dot", "vdot"),
  summary: "Dot product of two vectors.",
  call: "input as a: tensor, tensor|other as b: tensor, *, out: any = None",
  shape: strict("(k),(k)->()"),
  dtype: promoted("a", "b"),
  notation: "(k),(k)->()",
});

export const outer = op({
  names: inTorch("outer", "ger"),
  summary: "Outer product of two vectors.",
  call: "input as a: tensor, vec2 as b: tensor, *, out: any = None",
  shape: (call) => exactRank(call, "a", 1) ?? exactRank(call, "b", 1) ?? applyNotation(call, outerProduct, ["a", "b"]),
  dtype: promoted("a", "b"),
  work: "result",
  notation: "(n),(m)->(n,m)",
});
const outerProduct = parseNotation("(n),(m)->(n,m)");

/** Numbers count as arrays here, so that they promote like them, but in JAX. */
function ofArrays(call: Call) {
  return promoteData(
    call,
    ["a", "b"].map((parameter) => (typesOf(call) === "jax" ? argument : tensorOf)(call, parameter)),
  );
}

export const numpyOuter = op({
  names: ["numpy.outer"],
  summary: "Outer product of two arrays, which are flattened first.",
  call: "a: tensor, b: tensor, out: any = None",
  shape: (call) => {
    const counts = ["a", "b"].map((parameter) => elementCount(tensorOf(call, parameter).shape));
    const [n, m] = counts;
    return n === null || n === undefined || m === null || m === undefined ? null : { lead: null, dims: [n, m] };
  },
  dtype: ofArrays,
  work: "result",
});

/** `np.dot`: a scalar multiplies; otherwise the last axis of `a` with the second-last of `b`, and no batch. */
export const numpyDot = op({
  names: inArray("dot"),
  summary:
    "Dot product: the last dimension of the first operand with the second-last of the second; other dimensions are listed one after the other.",
  call: "a: tensor, b: tensor, out: any = None",
  shape: (call) => {
    const [a, b] = [tensorOf(call, "a").shape, tensorOf(call, "b").shape];
    const [n, m] = [rank(a), rank(b)];
    if (n === null || m === null) return null;
    if (n === 0 || m === 0)
      return broadcastAll(call, [
        { parameter: "a", shape: a },
        { parameter: "b", shape: b },
      ]);
    return contractAxes(call, a, b, [n - 1], [Math.max(m - 2, 0)]);
  },
  dtype: ofArrays,
  playground: "matmul",
});

export const inner = op({
  names: [...inTorch("inner"), ...inNumpy("inner")],
  summary: "Contracts the last dimensions of both operands.",
  call: { torch: "input as a: tensor, other as b: tensor, *, out: any = None", numpy: "a: tensor, b: tensor, /" },
  shape: (call) => {
    const [a, b] = [tensorOf(call, "a").shape, tensorOf(call, "b").shape];
    const [n, m] = [rank(a), rank(b)];
    if (n === null || m === null) return null;
    if (n === 0 || m === 0)
      return broadcastAll(call, [
        { parameter: "a", shape: a },
        { parameter: "b", shape: b },
      ]);
    return contractAxes(call, a, b, [n - 1], [m - 1]);
  },
  // Lists without elements do not tell their type.
  dtype: (call) => (["a", "b"].some((name) => argument(call, name).kind === "list") ? null : ofArrays(call)),
});

export const tensordot = op({
  names: ["torch.tensordot", "numpy.tensordot"],
  summary: "Contracts several dimensions of two tensors; the others are listed one after the other.",
  call: {
    torch: "a: tensor, b: tensor, dims as axes: any = 2, out: any = None",
    numpy: "a: tensor, b: tensor, axes: any = 2",
  },
  shape: (call) => {
    const [a, b] = [tensorOf(call, "a").shape, tensorOf(call, "b").shape];
    const [n, m] = [rank(a), rank(b)];
    const mixed = mixedTypes(call, ["a", "b"]);
    if (mixed !== null || n === null || m === null) return mixed;
    const axes = contractedAxes(call, n, m);
    return axes === null ? null : contractAxes(call, a, b, axes[0], axes[1]);
  },
  dtype: promoted("a", "b"),
});

function contractedAxes(call: Call, n: number, m: number): readonly [number[], number[]] | null {
  const datum = argument(call, "axes");
  const pair = itemsOf(datum);
  const whole = (text: readonly (number | null)[], size: number): number[] | null => {
    const axes = text.map((axis) => (axis === null ? null : axis < 0 ? axis + size : axis));
    return axes.every((axis): axis is number => axis !== null && axis >= 0 && axis < size) ? axes : null;
  };
  if (pair === null) {
    const count = numberOf(datum);
    if (count === null || count < 0 || count > Math.min(n, m)) return null;
    return [Array.from({ length: count }, (_, i) => n - count + i), Array.from({ length: count }, (_, i) => i)];
  }
  const sides = pair.map((side) => (itemsOf(side) ?? [side]).map(numberOf));
  const [first, second] = [whole(sides[0] ?? [null], n), whole(sides[1] ?? [null], m)];
  return first === null || second === null || first.length !== second.length ? null : [first, second];
}

/** Contracts the axes of `a` with those of `b`, counted from the front. */
function contractAxes(
  call: Call,
  a: Shape,
  b: Shape,
  first: readonly number[],
  second: readonly number[],
): Outcome | Problem {
  const contracts: Dim[] = [];
  for (const [i, axis] of first.entries()) {
    const [x, y] = [a.dims[axis], b.dims[second[i] ?? 0]];
    if (x === undefined || y === undefined) continue;
    // `torch.tensordot` stretches a size of 1.
    if (call.name === "torch.tensordot" && (asNumber(x) === 1 || asNumber(y) === 1)) return { value: unknown };
    const verdict = call.solver.require(x, y, call.cause);
    if (verdict.answer === "no") {
      const [left, right] = [shown(call, "a", a), shown(call, "b", b)];
      const sizes = `${shownDim(call, verdict.left)} and ${shownDim(call, verdict.right)}`;
      return problem("matmul-inner", {
        verdict,
        parameters: ["a", "b"],
        message: (name) => `Cannot multiply ${left(name)} by ${right(name)}: the inner sizes are ${sizes}.`,
      });
    }
    contracts.push(call.solver.dim(x));
  }
  const kept = [...a.dims.filter((_, i) => !first.includes(i)), ...b.dims.filter((_, i) => !second.includes(i))];
  const shape = call.solver.shape({ lead: null, dims: kept });
  return {
    value: tensor(shape, promoted("a", "b")(call), libraryOf(call)),
    contracts,
    cost: { macs: multiply(product(shape.dims), product(contracts)), flops: null },
  };
}

/** `beta * input + alpha * (a @ b)`. */
function added(inner: string): (call: Call) => ShapeAnswer {
  const product = strict(inner);
  return (call) => {
    const outcome = product(call);
    if (outcome === null || isProblem(outcome) || !("value" in outcome) || outcome.value.kind !== "tensor")
      return outcome;
    const input = { parameter: "input", shape: tensorOf(call, "input").shape };
    return fitInto(call, input, outcome.value.shape) ?? outcome;
  };
}

export const addmm = op({
  names: alsoInPlace("addmm"),
  summary: "Product of two matrices, added to a third tensor.",
  call: "input: tensor, mat1 as a: tensor, mat2 as b: tensor, *, beta: float = 1, alpha: float = 1, out: any = None",
  shape: added("(n,k),(k,m)->(n,m)"),
  notation: "(n,m),(n,k),(k,m)->(n,m)",
});

export const baddbmm = op({
  names: alsoInPlace("baddbmm"),
  summary: "Products of two stacks of matrices, added to a third tensor.",
  call: "input: tensor, batch1 as a: tensor, batch2 as b: tensor, *, beta: float = 1, alpha: float = 1, out: any = None",
  shape: added("(b,n,k),(b,k,m)->(b,n,m)"),
  notation: "(b,n,m),(b,n,k),(b,k,m)->(b,n,m)",
});

export const addr = op({
  names: alsoInPlace("addr"),
  summary: "Outer product of two vectors, added to a matrix.",
  call: "input: tensor, vec1 as a: tensor, vec2 as b: tensor, *, beta: float = 1, alpha: float = 1, out: any = None",
  shape: (call) => {
    const wrong = exactRank(call, "a", 1) ?? exactRank(call, "b", 1);
    const [n, m] = [tensorOf(call, "a").shape.dims[0], tensorOf(call, "b").shape.dims[0]];
    return wrong ?? (n === undefined || m === undefined ? null : { lead: null, dims: [n, m] });
  },
  dtype: promoted("input", "a", "b"),
  notation: "(n,m),(n),(m)->(n,m)",
});

export const addmv = op({
  names: alsoInPlace("addmv"),
  summary: "Product of a matrix and a vector, added to another vector.",
  call: "input: tensor, mat as a: tensor, vec as b: tensor, *, beta: float = 1, alpha: float = 1, out: any = None",
  shape: added("(n,k),(k)->(n)"),
  notation: "(n),(n,k),(k)->(n)",
});
