/**
 * Coordinates and combinations: the indices of a triangle or a grid, products of vectors, tensors joined along
 * a diagonal, and Kronecker products.
 */
import {
  add,
  asNumber,
  constant,
  elementCount,
  floorDivide,
  multiply,
  product,
  rank,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import {
  argument,
  boolArgument,
  dtypeArgument,
  libraryOf,
  numberArgument,
  tensorOf,
  tensorsOf,
  typesOf,
} from "./arguments.ts";
import { dimOf, itemsOf, tensor, tuple, unknown } from "./datum.ts";
import { diagonalLength } from "./create-from.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { accumulated, always, orGiven, promoted, promoteData } from "./dtype-rules.ts";
import { inTorch } from "./names.ts";
import { needIntegers } from "./indexing.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";

/** How many elements lie in the triangle; of matrices that are neither square nor known it is left open. */
function triangleSize(rows: Dim | null, columns: Dim | null, offset: number | null, upper: boolean): Dim {
  if (rows === null || columns === null || offset === null) return unknownDim();
  const [n, m] = [asNumber(rows), asNumber(columns)];
  if (n !== null && m !== null && n >= 0 && m >= 0) {
    const below = lowerCount(n, m, upper ? offset - 1 : offset);
    return constant(upper ? n * m - below : below);
  }
  if (rows.key !== columns.key) return unknownDim();
  const inside = upper ? -offset : offset;
  if (inside !== 0 && inside !== -1) return unknownDim();
  return floorDivide(multiply(rows, add(rows, constant(inside === 0 ? 1 : -1))), constant(2));
}

/** Row `i` has `i + offset + 1` elements up to the diagonal, of which as many count as there are columns. */
function lowerCount(rows: number, columns: number, offset: number): number {
  const upTo = (last: number): number => {
    const slope = Math.max(0, Math.min(last, columns));
    return (slope * (slope + 1)) / 2 + Math.max(0, last - columns) * columns;
  };
  return upTo(rows + offset) - upTo(offset);
}

export const trilIndices = op({
  names: ["torch.tril_indices", "torch.triu_indices"],
  summary: "The row and column numbers of a triangle.",
  call: "row: int, col: int, offset: int = 0, *, dtype: dtype = None, device: any = None, layout: any = None",
  shape: (call) => {
    const [rows, columns] = [dimOf(argument(call, "row")), dimOf(argument(call, "col"))];
    const size = triangleSize(rows, columns, numberArgument(call, "offset"), call.name.includes("triu"));
    return { lead: null, dims: [constant(2), size] };
  },
  dtype: orGiven(always("int64")),
});

function coordinates(size: Dim, count: number): ShapeAnswer {
  const one = tensor({ lead: null, dims: [size] }, "int64", "numpy");
  return { value: tuple(Array.from({ length: count }, () => one)) };
}

export const numpyTriangle = op({
  names: ["numpy.tril_indices", "numpy.triu_indices"],
  summary: "The row and column numbers of a triangle.",
  call: "n: int, k: int = 0, m: any = None",
  shape: (call) => {
    const n = dimOf(argument(call, "n"));
    const m = argument(call, "m").kind === "none" ? n : dimOf(argument(call, "m"));
    return coordinates(triangleSize(n, m, numberArgument(call, "k"), call.name.includes("triu")), 2);
  },
});

export const triangleOf = op({
  names: ["numpy.tril_indices_from", "numpy.triu_indices_from"],
  summary: "The row and column numbers of a triangle of a matrix.",
  call: "arr as input: tensor, k: int = 0",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const count = rank(shape);
    if (count !== null && count !== 2) return otherRank(call, "input", shape, "2 dimensions");
    const [n = null, m = null] = rank(shape) === 2 ? shape.dims : [];
    return coordinates(triangleSize(n, m, numberArgument(call, "k"), call.name.includes("triu")), 2);
  },
});

export const diagonalIndices = op({
  names: ["numpy.diag_indices"],
  summary: "The coordinates of a diagonal.",
  call: "n: int, ndim: int = 2",
  shape: (call) => {
    const count = numberArgument(call, "ndim");
    if (count === null || count < 1 || count > 32) return { value: unknown };
    return coordinates(dimOf(argument(call, "n")) ?? unknownDim(), count);
  },
});

export const unravelIndex = op({
  names: ["torch.unravel_index", "numpy.unravel_index"],
  summary: "Flat indices as coordinates, one tensor for each dimension.",
  call: {
    torch: "indices as input: tensor, shape: any",
    numpy: "indices as input: tensor, shape: any, order: any = None",
  },
  shape: (call) => {
    const sizes = itemsOf(argument(call, "shape"));
    const indices = argument(call, "input");
    const wrong = needIntegers(call, "input") ?? noTruth(call);
    const count = sizes?.length ?? (argument(call, "shape").kind === "int" ? 1 : 0);
    if (wrong !== null) return wrong;
    const read = indices.kind === "tensor" || (libraryOf(call) === "numpy" && indices.kind !== "unknown");
    if (count === 0 || !read) return { value: unknown };
    const { shape, library } = tensorOf(call, "input");
    const one = tensor(shape, "int64", library);
    return { value: tuple(Array.from({ length: count }, () => one)) };
  },
});

function noTruth(call: Call): Problem | null {
  if (tensorOf(call, "input").dtype !== "bool" || libraryOf(call) !== "torch") return null;
  return problem("dtype", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` takes integers; ${name("input")} is bool.`,
  });
}

export const cartesianProduct = op({
  names: ["torch.cartesian_prod"],
  summary: "All combinations of the elements of several vectors.",
  call: "*tensors: any",
  shape: (call) => {
    const parts = tensorsOf(call, "tensors");
    const sizes = parts?.map(({ shape }) => (rank(shape) === 1 ? (shape.dims[0] ?? null) : null)) ?? [];
    const known = sizes.flatMap((size) => (size === null ? [] : [size]));
    if (parts === null || known.length === 0 || known.length < sizes.length) return null;
    const count = product(known);
    return { lead: null, dims: known.length === 1 ? [count] : [count, constant(known.length)] };
  },
  dtype: (call) => promoteData(call, tensorsOf(call, "tensors") ?? []),
});

export const combinations = op({
  names: ["torch.combinations"],
  summary: "All combinations of some elements of a vector.",
  call: "input: tensor, r: int = 2, with_replacement: any = False",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const r = numberArgument(call, "r");
    const repeats = boolArgument(call, "with_replacement");
    const vector = call.solver.requireRank(shape, 1);
    if (vector === null) return otherRank(call, "input", shape, "1 dimension");
    if (r !== null && r < 0)
      return problem("argument", { message: () => `\`combinations\` cannot be of ${r} elements.` });
    if (r === 0) return { lead: null, dims: [constant(0)] };
    const count = r === null || repeats === null ? null : choices(vector.dims[0] ?? unknownDim(), r, repeats);
    return { lead: null, dims: [count ?? unknownDim(), r === null ? unknownDim() : constant(r)] };
  },
});

/** How many ways there are to choose: pairs of any size, more elements of a size that is known. */
function choices(size: Dim, r: number, repeats: boolean): Dim | null {
  if (r === 1) return size;
  if (r === 2) return floorDivide(multiply(size, add(size, constant(repeats ? 1 : -1))), constant(2));
  const known = asNumber(size);
  if (known === null || r > 16) return null;
  const n = repeats ? known + r - 1 : known;
  if (n < r) return constant(0);
  let count = 1;
  for (let i = 1; i <= r; i++) count = (count * (n - r + i)) / i;
  return Number.isSafeInteger(count) ? constant(count) : null;
}

export const blockDiagonal = op({
  names: ["torch.block_diag"],
  summary: "Matrices along the diagonal of one matrix.",
  call: "*tensors: any",
  shape: (call) => {
    const parts = tensorsOf(call, "tensors");
    if (parts === null || parts.some(({ shape }) => rank(shape) === null || shape.dims.length > 2)) return null;
    const side = (back: number): Dim =>
      parts.map(({ shape }) => shape.dims.at(-back) ?? constant(1)).reduce(add, constant(0));
    return { lead: null, dims: [side(2), side(1)] };
  },
  dtype: (call) => promoteData(call, tensorsOf(call, "tensors") ?? []),
});

export const kron = op({
  names: [...inTorch("kron"), "numpy.kron"],
  summary: "Kronecker product: every size is the product of the two sizes.",
  call: { torch: "input: tensor, other: tensor, *, out: any = None", numpy: "a as input: tensor, b as other: tensor" },
  shape: (call) => {
    const [a, b] = [tensorOf(call, "input").shape, tensorOf(call, "other").shape];
    const [n, m] = [rank(a), rank(b)];
    if (n === null || m === null) return null;
    const length = Math.max(n, m);
    const dims = Array.from({ length }, (_, i) =>
      multiply(a.dims.at(i - length) ?? constant(1), b.dims.at(i - length) ?? constant(1)),
    );
    return { lead: null, dims };
  },
  dtype: (call) => promoteData(call, [tensorOf(call, "input"), tensorOf(call, "other")]),
  inJax: { dtype: promoted("input", "other") },
});

export const indices = op({
  names: ["numpy.indices"],
  summary: "The coordinates of every place of a grid.",
  call: "dimensions: ints, dtype: any = 0, sparse: any = False",
  shape: (call) => {
    const sizes = itemsOf(argument(call, "dimensions"));
    const sparse = argument(call, "sparse");
    if (sparse.kind !== "bool" || sparse.value !== false) return { value: unknown };
    if (sizes === null) return null;
    return { lead: null, dims: [constant(sizes.length), ...sizes.map((size) => dimOf(size) ?? unknownDim())] };
  },
  // `None` asks for NumPy's default type, and nothing for integers.
  dtype: (call) => {
    const { kind } = argument(call, "dtype");
    if (kind === "none") return typesOf(call) === "jax" ? "int32" : "float64";
    return kind === "int" ? "int64" : (dtypeArgument(call.args) ?? null);
  },
});

export const diagonalEmbedding = op({
  names: inTorch("diag_embed"),
  summary: "Matrices with the last dimension as their diagonal.",
  call: "input: tensor, offset: int = 0, dim1: int = -2, dim2: int = -1",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const offset = numberArgument(call, "offset");
    const wide = call.solver.requireAtLeast(shape, 1);
    const last = wide?.dims.at(-1);
    if (wide === null) return otherRank(call, "input", shape, "at least 1 dimension");
    const [a, b] = ["dim1", "dim2"].map((name) => axisOf(call, name, shape, { of: "input", extra: 1 }));
    if (isProblem(a)) return a;
    if (isProblem(b)) return b;
    if (last === undefined || typeof a !== "number" || typeof b !== "number") return null;
    if (a === b) return sameDimension(call);
    const side = offset === null ? unknownDim() : add(last, constant(Math.abs(offset)));
    const [first, second] = a < b ? [a, b] : [b, a];
    const kept = wide.dims.slice(0, -1);
    if (-first > kept.length + 2) return null;
    const one = kept.toSpliced(kept.length + 2 + first, 0, side);
    return { lead: wide.lead, dims: one.toSpliced(one.length + 1 + second, 0, side) };
  },
});

/** A diagonal lies over two dimensions. */
export function sameDimension(call: Call): Problem {
  return problem("dim-repeated", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` needs two dimensions of ${name("input")}; it gets one twice.`,
  });
}

export const diagonalMatrix = op({
  names: inTorch("diagflat"),
  summary: "A square matrix with all elements on its diagonal.",
  call: "input: tensor, offset: int = 0",
  shape: (call) => {
    const count = elementCount(tensorOf(call, "input").shape);
    const offset = numberArgument(call, "offset");
    const side = count === null || offset === null ? unknownDim() : add(count, constant(Math.abs(offset)));
    return { lead: null, dims: [side, side] };
  },
});

/** The array API has the matrices in the last two dimensions. */
const LAST_TWO = "x as input: tensor, /, *, offset: int = 0, axis1: axis = -2, axis2: axis = -1";

export const numpyDiagonal = op({
  names: ["numpy.diagonal", "numpy.ndarray.diagonal", "numpy.linalg.diagonal"],
  summary: "The diagonal over two dimensions, as a new last dimension.",
  call: { numpy: "a as input: tensor, offset: int = 0, axis1: axis = 0, axis2: axis = 1", "numpy.linalg": LAST_TWO },
  shape: diagonalOver,
});

function diagonalOver(call: Call): Shape | Problem | null {
  const shape = tensorOf(call, "input").shape;
  const [a, b] = [axisOf(call, "axis1", shape, { of: "input" }), axisOf(call, "axis2", shape, { of: "input" })];
  if (isProblem(a)) return a;
  if (isProblem(b)) return b;
  const offset = numberArgument(call, "offset");
  const wide = call.solver.shape(shape);
  if (wide.lead !== null || a === null || b === null || a === b || offset === null) return null;
  const [n, m] = [wide.dims.at(a), wide.dims.at(b)];
  if (n === undefined || m === undefined) return null;
  const kept = wide.dims.filter((_, i) => i - wide.dims.length !== a && i - wide.dims.length !== b);
  return { lead: null, dims: [...kept, diagonalLength(n, m, offset)] };
}

export const numpyTrace = op({
  names: ["numpy.trace", "numpy.ndarray.trace", "numpy.linalg.trace"],
  summary: "Sum of the diagonal over two dimensions.",
  call: {
    numpy:
      "a as input: tensor, offset: int = 0, axis1: axis = 0, axis2: axis = 1, dtype: dtype = None, out: any = None",
    "numpy.linalg": `${LAST_TWO}, dtype: dtype = None`,
  },
  shape: (call) => {
    const shape = diagonalOver(call);
    return shape === null || isProblem(shape) ? shape : { lead: null, dims: shape.dims.slice(0, -1) };
  },
  dtype: orGiven(accumulated()),
  inJax: { dtype: orGiven(accumulated()) },
});

export const pairDistances = op({
  names: ["torch.pdist", "torch.nn.functional.pdist"],
  summary: "Distances of every pair of rows.",
  call: "input: tensor, p: any = 2.0",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const wide = call.solver.requireRank(shape, 2);
    if (wide === null) return otherRank(call, "input", shape, "2 dimensions");
    const [rows] = wide.dims;
    const size = rows === undefined ? null : triangleSize(rows, rows, -1, false);
    return { lead: null, dims: [size ?? unknownDim()] };
  },
});

export const resized = op({
  names: ["numpy.resize"],
  summary: "The elements, repeated as needed, in the given sizes.",
  call: "a as input: tensor, new_shape: ints",
  shape: (call) => {
    const named = argument(call, "new_shape");
    const sizes = (itemsOf(named) ?? [named]).map(dimOf);
    const negative = sizes.some((size) => size !== null && (asNumber(size) ?? 0) < 0);
    return (itemsOf(named) === null && sizes[0] === null) || negative
      ? null
      : { lead: null, dims: sizes.map((size) => size ?? unknownDim()) };
  },
  dtype: (call) => (libraryOf(call) === "numpy" ? tensorOf(call, "input").dtype : null),
});
