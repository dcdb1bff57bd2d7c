/**
 * Products of more than two tensors: chains of matrices, and stacks of products that are summed into one matrix.
 */
import { rank, type Dim, type Shape } from "../shapes/index.ts";
import { libraryOf, tensorOf, tensorsOf } from "./arguments.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { promoteData, promoted } from "./dtype-rules.ts";
import { alsoInPlace } from "./names.ts";
import { exactRank, mixedTypes } from "./matmul.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shown } from "./problems.ts";
import type { Tensor } from "./value.ts";
import { fitInto } from "./verbs/broadcast.ts";
import { applyNotation, parseNotation } from "./verbs/gufunc.ts";

/** The first and the last factor may be vectors, except in `torch.chain_matmul`. */
export const multiDot = op({
  names: ["torch.linalg.multi_dot", "numpy.linalg.multi_dot", "torch.chain_matmul"],
  summary: "Product of several matrices in the order that costs least.",
  call: {
    torch: "tensors: tensors, *, out: any = None",
    "torch.chain_matmul": "*tensors: any, out: any = None",
    numpy: "arrays as tensors: tensors, *, out: any = None",
  },
  shape: chain,
  dtype: (call) => promoteData(call, tensorsOf(call, "tensors") ?? [{ kind: "unknown" }]),
});

function chain(call: Call): ShapeAnswer {
  const parts = tensorsOf(call, "tensors");
  const single = shortName(call) === "chain_matmul";
  if (parts === null) return null;
  // Two factors of other ranks are what NumPy's `dot` makes of them.
  if (libraryOf(call) === "numpy" && parts.some(({ shape }) => (rank(shape) ?? 2) > 2 || rank(shape) === 0))
    return null;
  if (parts.length < (single ? 1 : 2)) return tooFew(call, parts.length);
  const wrong = parts.map((part, i) => otherFactor(call, part, parts, i, single)).find((found) => found !== null);
  if (wrong !== undefined) return wrong;
  const shapes = parts.map(({ shape }) => shape);
  if (shapes.some((shape) => rank(shape) === null)) return null;
  for (const [i, shape] of shapes.entries()) {
    const next = shapes[i + 1];
    const [last, first] = [shape.dims.at(-1), next?.dims[0]];
    if (next === undefined || last === undefined || first === undefined) continue;
    if (call.solver.require(last, first, call.cause).answer === "no") return clash(call, shape, next);
  }
  const ends: readonly (Dim | undefined)[] = [shapes[0], shapes.at(-1)].map((shape, i) =>
    shape?.dims.length === 2 ? shape.dims[i] : undefined,
  );
  return call.solver.shape({ lead: null, dims: ends.flatMap((dim) => dim ?? []) });
}

function tooFew(call: Call, count: number): Problem {
  return problem("argument", {
    message: () => `\`${shortName(call)}\` multiplies several matrices; it gets ${count}.`,
  });
}

function otherFactor(call: Call, part: Tensor, parts: readonly Tensor[], i: number, single: boolean): Problem | null {
  const count = rank(part.shape);
  const atEnd = !single && (i === 0 || i === parts.length - 1);
  const fits = count === null || count === 2 || (atEnd && count === 1);
  if (!fits) return otherRank(call, "tensors", part.shape, atEnd ? "vectors or matrices" : "matrices");
  const first = parts[0]?.dtype ?? null;
  if (libraryOf(call) !== "torch" || first === null || part.dtype === null || part.dtype === first) return null;
  return problem("dtype", {
    parameters: ["tensors"],
    message: () => `\`${shortName(call)}\` needs one type; it gets ${first} and ${part.dtype}.`,
  });
}

function clash(call: Call, a: Shape, b: Shape): Problem {
  const [left, right] = [shown(call, "tensors", a), shown(call, "tensors", b)];
  return problem("matmul-inner", {
    parameters: ["tensors"],
    message: (name) => `Cannot multiply ${left(name)} by ${right(name)}: the inner sizes differ.`,
  });
}

const STACKS = parseNotation("(b,n,k),(b,k,m)->(n,m)");

export const addbmm = op({
  names: alsoInPlace("addbmm"),
  summary: "The sum of products of two stacks of matrices, added to a matrix.",
  call: "input: tensor, batch1 as a: tensor, batch2 as b: tensor, *, beta: any = 1, alpha: any = 1, out: any = None",
  shape: (call) => {
    const wrong = exactRank(call, "a", 3) ?? exactRank(call, "b", 3) ?? mixedTypes(call, ["a", "b"]);
    return wrong ?? addedTo(call, applyNotation(call, STACKS, ["a", "b"]));
  },
  dtype: promoted("a", "b"),
  notation: "(n,m),(b,n,k),(b,k,m)->(n,m)",
  // Its form in place takes on the shape of the product.
  reshapesInPlace: true,
});

/** The first operand must fit into the product. */
function addedTo(call: Call, product: ShapeAnswer): ShapeAnswer {
  if (product === null || isProblem(product) || !("value" in product) || product.value.kind !== "tensor")
    return product;
  const target = product.value.shape;
  return fitInto(call, { parameter: "input", shape: tensorOf(call, "input").shape }, target) ?? product;
}

const MATRICES = parseNotation("(n,k),(k,m)->(n,m)");

export const sampledProduct = op({
  names: ["torch.sparse.sampled_addmm"],
  summary: "The entries of a matrix product at which a sparse matrix has entries.",
  call: "input: tensor, mat1 as a: tensor, mat2 as b: tensor, *, beta: any = 1, alpha: any = 1, out: any = None",
  shape: (call) => {
    const outcome = mixedTypes(call, ["a", "b"]) ?? applyNotation(call, MATRICES, ["a", "b"]);
    return addedTo(call, outcome);
  },
  notation: "(n,m),(n,k),(k,m)->(n,m)",
});
