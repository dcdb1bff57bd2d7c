/**
 * Tensors made from values: nested literals, other arrays, ranges of numbers, grids.
 */
import {
  add,
  asNumber,
  ceilDivide,
  constant,
  maximum,
  minimum,
  rank,
  subtract,
  unknownDim,
  unknownShape,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, dtypeArgument, isGiven, libraryOf, numberArgument, tensorOf, tensorsOf } from "./arguments.ts";
import { arrayOf, dimOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { defaultFloat, orGiven, promoteData, same } from "./dtype-rules.ts";
import { isFloating, type DType } from "./dtype.ts";
import { inArray } from "./names.ts";
import type { Call, Outcome } from "./operator.ts";
import type { Datum } from "./value.ts";

const FROM_TORCH =
  "data: any, dtype: dtype = None, device: any = None, requires_grad: bool = False, pin_memory: bool = False, copy: any = None";
const FROM_NUMPY =
  "object|a as data: any, dtype: dtype = None, order: any = None, *, copy: any = True, subok: any = False, ndmin: any = 0, like: any = None, device: any = None";

export const fromValues = op({
  names: [
    ...["tensor", "as_tensor", "asarray", "from_numpy"].map((name) => `torch.${name}`),
    ...["array", "asarray", "ascontiguousarray", "asanyarray", "asfortranarray", "asarray_chkfinite"].map(
      (name) => `numpy.${name}`,
    ),
    "torch.Tensor.new_tensor",
  ],
  summary: "A tensor from numbers, nested lists of numbers, or another array.",
  call: { torch: FROM_TORCH, numpy: FROM_NUMPY, "torch.Tensor": `self: tensor, ${FROM_TORCH}` },
  shape: made,
});

function made(call: Call): Outcome {
  const data = argument(call, "data");
  const array = isGiven(call, "ndmin") && numberArgument(call, "ndmin") !== 0 ? null : arrayOf(data, libraryOf(call));
  const given = dtypeArgument(call.args);
  if (array === null) return { value: tensor(unknownShape(), given ?? null, libraryOf(call)) };
  const dtype = given === undefined ? literalType(call, data, array.dtype) : given;
  const value = tensor(withDimension(call, array.shape), dtype, libraryOf(call));
  return { value: array.content === undefined ? value : { ...value, content: array.content } };
}

/** Memory in one piece has at least one dimension. */
function withDimension(call: Call, shape: Shape): Shape {
  const single = call.name === "numpy.ascontiguousarray" || call.name === "numpy.asfortranarray";
  return single && rank(shape) === 0 ? { lead: null, dims: [constant(1)] } : call.solver.shape(shape);
}

/** An array keeps its type. NumPy scalars in a list given to PyTorch do too, which the list does not show. */
function literalType(call: Call, data: Datum, dtype: DType | null): DType | null {
  if (data.kind === "tensor" || libraryOf(call) === "numpy") return dtype;
  return call.name === "torch.Tensor.new_tensor" ? null : dtype;
}

/** `torch.Tensor(…)` and its kin: sizes, or values that become float32. */
export const constructor = op({
  names: [
    "torch.Tensor",
    "torch.FloatTensor",
    "torch.LongTensor",
    "torch.BoolTensor",
    "torch.IntTensor",
    "torch.HalfTensor",
    "torch.DoubleTensor",
  ],
  summary: "A tensor of one type from sizes or from nested lists.",
  call: "*data: any, device: any = None",
  shape: (call) => {
    const items = argument(call, "data");
    if (items.kind !== "tuple") return null;
    const [first] = items.items;
    if (first === undefined) return { lead: null, dims: [constant(0)] };
    const sizes = items.items.map((item) => (item.kind === "int" ? item.value : null));
    if (sizes.every((size) => size !== null)) return { lead: null, dims: sizes };
    const array = items.items.length === 1 ? arrayOf(first, "torch") : null;
    return first.kind === "list" || first.kind === "tensor" || first.kind === "tuple" ? (array?.shape ?? null) : null;
  },
  dtype: (call) => CONSTRUCTED[call.name] ?? null,
});

const CONSTRUCTED: Readonly<Record<string, DType>> = {
  "torch.Tensor": "float32",
  "torch.FloatTensor": "float32",
  "torch.LongTensor": "int64",
  "torch.BoolTensor": "bool",
  "torch.IntTensor": "int32",
  "torch.HalfTensor": "float16",
  "torch.DoubleTensor": "float64",
};

export const arange = op({
  names: ["numpy.arange"],
  summary: "The numbers from `start` up to, and without, `end`, in equal steps.",
  call: {
    numpy:
      "start: int, stop as end: int = None, step: any = 1, dtype: dtype = None, *, device: any = None, like: any = None",
  },
  shape: (call) => {
    const [first, last, step] = ["start", "end", "step"].map((parameter) => argument(call, parameter));
    if (first === undefined || last === undefined || step === undefined) return null;
    const [start, end] = last.kind === "none" ? [{ kind: "int", value: constant(0) } as const, first] : [first, last];
    return { lead: null, dims: [rangeLength(call, start, end, step) ?? unknownDim()] };
  },
  dtype: orGiven((call) => {
    const parts = ["start", "end", "step"]
      .map((parameter) => argument(call, parameter))
      .filter(({ kind }) => kind !== "none");
    if (parts.every(({ kind }) => kind === "int" || kind === "bool")) return "int64";
    if (parts.some(({ kind }) => kind === "float") && parts.every(({ kind }) => kind === "int" || kind === "float"))
      return defaultFloat(call);
    return libraryOf(call) === "numpy" ? promoteData(call, parts) : null;
  }),
});

export function rangeLength(call: Call, start: Datum, end: Datum, step: Datum): Dim | null {
  const [a, b, s] = [dimOf(start), dimOf(end), dimOf(step)];
  if (a !== null && b !== null && s !== null) {
    const stride = asNumber(s);
    if (stride === 0 || stride === null) return null;
    const span = stride > 0 ? subtract(b, a) : subtract(a, b);
    const steps = ceilDivide(span, constant(Math.abs(stride)));
    const number = asNumber(steps);
    if (number !== null) return constant(Math.max(0, number));
    return call.solver.atLeast(span, 0) === "yes" ? steps : maximum(steps, constant(0));
  }
  const [x, y, z] = [start, end, step].map(literal);
  const rounds = dtypeArgument(call.args);
  // With an integer type the ends are rounded first.
  if (rounds === null || (rounds !== undefined && !isFloating(rounds))) return null;
  if (x === null || x === undefined || y === null || y === undefined || z === null || z === undefined || z === 0)
    return null;
  const count = Math.ceil((y - x) / z);
  return Number.isSafeInteger(count) ? constant(Math.max(0, count)) : null;
}

function literal(datum: Datum): number | null {
  const dim = dimOf(datum);
  return datum.kind === "float" ? datum.value : dim === null ? null : asNumber(dim);
}

export const linspace = op({
  names: ["numpy.linspace", "numpy.logspace", "numpy.geomspace"],
  summary: "Numbers at equal distances between two ends.",
  call: {
    numpy:
      "start: any, stop as end: any, num as steps: int = 50, endpoint: any = True, base_or_retstep|base|retstep: any = False, dtype: dtype = None, axis: any = 0, *, device: any = None",
  },
  shape: (call) => {
    const ends = [argument(call, "start"), argument(call, "end")];
    const retstep = argument(call, "base_or_retstep");
    const plain = ends.every(({ kind }) => kind === "int" || kind === "float");
    if (retstep.kind === "bool" && retstep.value !== false) return { value: { kind: "unknown" } };
    return plain ? { lead: null, dims: [dimOf(argument(call, "steps")) ?? unknownDim()] } : null;
  },
  dtype: orGiven(defaultFloat),
});

export const meshgrid = op({
  names: ["torch.meshgrid", "numpy.meshgrid"],
  summary: "Coordinates of a grid, one tensor for each vector given.",
  call: {
    torch: '*tensors: any, indexing: string = "ij"',
    numpy: '*xi as tensors: any, copy: any = True, sparse: any = False, indexing: string = "xy"',
  },
  shape: (call) => {
    const items = argument(call, "tensors");
    const [only] = items.kind === "tuple" ? items.items : [];
    const nested =
      items.kind === "tuple" &&
      items.items.length === 1 &&
      (only?.kind === "list" || only?.kind === "tuple") &&
      libraryOf(call) === "torch";
    const vectors = nested
      ? tensorsOf({ ...call, args: new Map([["tensors", only]]) }, "tensors")
      : tensorsOf(call, "tensors");
    const indexing = argument(call, "indexing");
    const sparse = argument(call, "sparse");
    if (
      vectors === null ||
      indexing.kind !== "string" ||
      (sparse.kind !== "none" && !(sparse.kind === "bool" && sparse.value === false))
    ) {
      return { value: { kind: "unknown" } };
    }
    const sizes = vectors.map(({ shape }) =>
      rank(shape) === 1 ? (shape.dims[0] ?? null) : rank(shape) === 0 ? constant(1) : null,
    );
    if (!sizes.every((size) => size !== null)) return { value: { kind: "unknown" } };
    const [x, y, ...others] = sizes;
    const swapped = indexing.value === "xy" && x !== undefined && y !== undefined;
    const dims = swapped ? [y, x, ...others] : sizes;
    return { value: tuple(vectors.map(({ dtype }) => tensor({ lead: null, dims }, dtype, libraryOf(call)))) };
  },
});

function triangle(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const [only] = shape.dims;
  if (rank(shape) === null || rank(shape) !== 1 || only === undefined)
    return rank(shape) === 0 ? { value: unknown } : shape;
  return libraryOf(call) === "numpy" ? { lead: null, dims: [only, only] } : { value: unknown };
}

export const tril = op({
  names: [
    "torch.tril",
    "torch.triu",
    "torch.Tensor.tril",
    "torch.Tensor.triu",
    "torch.Tensor.tril_",
    "torch.Tensor.triu_",
    "numpy.tril",
    "numpy.triu",
  ],
  summary: "The lower or upper triangle of matrices; the rest becomes 0.",
  call: { torch: "input: tensor, diagonal: int = 0, *, out: any = None", numpy: "m as input: tensor, k: int = 0" },
  shape: triangle,
  dtype: same(),
  notation: "(n,m)->(n,m)",
});

export const diag = op({
  names: ["torch.diag", "torch.Tensor.diag", "numpy.diag"],
  summary: "The diagonal of a matrix, or a matrix with the given diagonal.",
  call: {
    torch: "input: tensor, diagonal|k: int = 0, *, out: any = None",
    numpy: "v as input: tensor, k as diagonal: int = 0",
  },
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const offset = numberArgument(call, "diagonal");
    const [n, m] = shape.dims;
    if (rank(shape) === 2 && n !== undefined && m !== undefined && offset !== null) {
      return { lead: null, dims: [diagonalLength(n, m, offset)] };
    }
    if (rank(shape) !== 1 || n === undefined || offset === null) return null;
    const side = add(n, constant(Math.abs(offset)));
    return { lead: null, dims: [side, side] };
  },
});

/** How long the diagonal `offset` above the main one is. */
export function diagonalLength(n: Dim, m: Dim, offset: number): Dim {
  const [rows, columns] = [asNumber(n), asNumber(m)];
  if (offset === 0 && n.key === m.key) return n;
  if (rows === null || columns === null) return offset === 0 ? minimum(n, m) : unknownDim();
  const [high, wide] = offset < 0 ? [rows + offset, columns] : [rows, columns - offset];
  return constant(Math.max(0, Math.min(high, wide)));
}

export const copies = op({
  names: [...inArray("copy"), "numpy.ndarray.view"],
  summary: "A copy or another view of the array.",
  call: "a as input: tensor, order: any = None, subok: any = False",
  shape: (call) => (argument(call, "order").kind === "dtype" ? null : tensorOf(call, "input").shape),
  dtype: (call) => (argument(call, "order").kind === "dtype" ? null : tensorOf(call, "input").dtype),
});
