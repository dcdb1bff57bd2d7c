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
import {
  argument,
  dtypeArgument,
  isGiven,
  libraryOf,
  numberArgument,
  readTensor,
  tensorOf,
  tensorsOf,
} from "./arguments.ts";
import { arrayOf, boolOf, dimOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { defaultFloat, orGiven, promoteData, same } from "./dtype-rules.ts";
import { isFloating, type DType } from "./dtype.ts";
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
  const array = arrayOf(data, libraryOf(call));
  const given = dtypeArgument(call.args);
  if (array === null)
    return { value: tensor(unknownShape(), given === undefined ? literalType(call, null) : given, libraryOf(call)) };
  const dtype = given === undefined ? literalType(call, array.dtype) : given;
  const shape = withDimension(call, array.shape);
  const value = tensor(shape ?? unknownShape(), dtype, libraryOf(call));
  if (shape === null || shape.dims.length > array.shape.dims.length) return { value };
  return { value: array.content === undefined ? value : { ...value, content: array.content } };
}

/** Memory in one piece has at least one dimension, and `ndmin=` asks for more. */
function withDimension(call: Call, shape: Shape): Shape | null {
  const single = call.name === "numpy.ascontiguousarray" || call.name === "numpy.asfortranarray";
  const asked = isGiven(call, "ndmin") ? numberArgument(call, "ndmin") : 0;
  const least = asked === null ? null : Math.max(asked, single ? 1 : 0);
  const count = rank(shape);
  if (least === 0 || (count !== null && least !== null && count >= least)) return call.solver.shape(shape);
  if (least === null || count === null || least > 32) return null;
  return { lead: null, dims: [...Array.from({ length: least - count }, () => constant(1)), ...shape.dims] };
}

/** `new_tensor` has the type of the tensor that makes it, whatever it is given. */
function literalType(call: Call, dtype: DType | null): DType | null {
  return call.name === "torch.Tensor.new_tensor" ? tensorOf(call, "self").dtype : dtype;
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
    const arrays = parts.map((part) => readTensor(call, part));
    return libraryOf(call) === "numpy" ? promoteData(call, arrays) : null;
  }),
});

/** How many numbers a range has; null where that is not known. */
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
    const sparse = isGiven(call, "sparse") ? boolOf(argument(call, "sparse")) : false;
    if (vectors === null || indexing.kind !== "string" || sparse === null) return { value: { kind: "unknown" } };
    const sizes = vectors.map(({ shape }) =>
      rank(shape) === 1 ? (shape.dims[0] ?? null) : rank(shape) === 0 ? constant(1) : null,
    );
    if (!sizes.every((size) => size !== null)) return { value: { kind: "unknown" } };
    const [x, y, ...others] = sizes;
    const swapped = indexing.value === "xy" && x !== undefined && y !== undefined;
    const dims = swapped ? [y, x, ...others] : sizes;
    // A sparse grid keeps of every vector only its own dimension.
    const place = (i: number): number => (swapped && i < 2 ? 1 - i : i);
    const own = (i: number): readonly Dim[] => dims.map((dim, j) => (!sparse || j === place(i) ? dim : constant(1)));
    const grids = vectors.map(({ dtype }, i) => tensor({ lead: null, dims: own(i) }, dtype, libraryOf(call)));
    return { value: tuple(grids) };
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
