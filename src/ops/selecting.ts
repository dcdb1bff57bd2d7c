/**
 * Operators that search and sort, and those whose result depends on a condition: `topk`, `sort`, `where`,
 * `nonzero`, `unique`. How many elements are found depends on the data, and then the size stays open.
 */
import {
  add,
  asNumber,
  constant,
  elementCount,
  rank,
  unknownDim,
  unknownShape,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, isGiven, libraryOf, libraryOfName, readTensor, tensorOf } from "./arguments.ts";
import { dimOf, numberOf, tensor, tuple, unknown } from "./datum.ts";
import { sameDimension } from "./grids.ts";
import { needBooleans, needLong } from "./indexing.ts";
import { diagonalLength } from "./create-from.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { isInteger } from "./dtype.ts";
import { always, promoted } from "./dtype-rules.ts";
import { inOrder } from "./memory-rules.ts";
import { copyOf, inArray, inTorch } from "./names.ts";
import type { Call, Outcome, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "./problems.ts";
import { valuesAndIndices } from "./extremes.ts";
import type { Datum } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { outOfRange } from "./verbs/index.ts";

export const topk = op({
  names: inTorch("topk"),
  summary: "The greatest elements along a dimension, with their indices.",
  call: "input: tensor, k: int, dim: axis = -1, largest: bool = True, sorted: bool = True, *, out: any = None",
  shape: (call) => {
    const input = tensorOf(call, "input").shape;
    const axis = axisOf(call, "dim", input, { of: "input", scalars: true });
    if (isProblem(axis)) return axis;
    const wide = call.solver.shape(input);
    const count = dimOf(argument(call, "k")) ?? unknownDim();
    if ((asNumber(count) ?? 0) < 0) return tooMany(call, wide, shownDim(call, count), "the");
    if (rank(wide) === 0 && (asNumber(count) ?? 1) > 1) return tooMany(call, wide, shownDim(call, count), "1");
    if (rank(wide) === 0) return { value: valuesAndIndices(call, wide) };
    if (axis === null || -axis > wide.dims.length) return { value: valuesAndIndices(call, unknownShape()) };
    const size = wide.dims.at(axis) ?? count;
    if (call.solver.less(size, count) === "yes")
      return tooMany(call, wide, shownDim(call, count), shownDim(call, size));
    return { value: valuesAndIndices(call, { lead: wide.lead, dims: wide.dims.with(axis, count) }) };
  },
  strides: inOrder,
});

function tooMany(call: Call, input: Shape, count: string, size: string): Problem {
  const told = shown(call, "input", input);
  return problem("index-range", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` cannot give ${count} of ${size} elements of ${told(name)}.`,
  });
}

export const sort = op({
  names: [...inTorch("sort")],
  summary: "The elements in order along a dimension, with their indices.",
  call: "input: tensor, dim: axis = -1, descending: bool = False, stable: any = None, *, out: any = None",
  shape: (call) => {
    const axis = axisOf(call, "dim", tensorOf(call, "input").shape, { of: "input", scalars: true });
    return isProblem(axis) ? axis : { value: valuesAndIndices(call, tensorOf(call, "input").shape) };
  },
});

function sorted(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  if (!isGiven(call, "dim")) return { lead: null, dims: [elementCount(shape) ?? unknownDim()] };
  // NumPy sorts no single number, but gives the one index of it.
  const scalars = libraryOfName(call.name) === "torch" || call.name.includes("arg");
  const axis = axisOf(call, "dim", shape, { of: "input", scalars });
  if (scalars && rank(shape) === 0 && !isProblem(axis) && libraryOf(call) === "numpy")
    return { lead: null, dims: [constant(1)] };
  return isProblem(axis) ? axis : call.solver.shape(shape);
}

const PARTITION = "a as input: tensor, kth: any, axis as dim: axis = -1, kind: any = None, order: any = None";

export const argsort = op({
  names: [...inTorch("argsort"), ...inArray("argsort", "argpartition")],
  summary: "The indices that would sort along a dimension.",
  call: {
    torch: "input: tensor, dim: axis = -1, descending: bool = False, stable: any = False",
    numpy: "a as input: tensor, axis as dim: axis = -1, kind: any = None, order: any = None, *, stable: any = None",
    "numpy.argpartition": PARTITION,
    "numpy.ndarray.argpartition": PARTITION,
  },
  shape: sorted,
  dtype: always("int64"),
});

export const numpySort = op({
  names: ["numpy.sort", "numpy.partition", "jax.Array.sort"],
  summary: "The elements in order along a dimension.",
  call: {
    "numpy.sort":
      "a as input: tensor, axis as dim: axis = -1, kind: any = None, order: any = None, *, stable: any = None",
    "numpy.partition": PARTITION,
    "jax.Array.sort":
      "self as input: tensor, axis as dim: axis = -1, *, kind: any = None, order: any = None, **options",
  },
  shape: sorted,
});

/** How many elements are selected depends on the data. */
function coordinates(call: Call): Outcome {
  const count = unknownDim();
  const shape = tensorOf(call, "input").shape;
  const dims = rank(shape);
  const library = libraryOf(call);
  if (library === "numpy" || (argument(call, "as_tuple").kind === "bool" && isTrue(argument(call, "as_tuple")))) {
    if (dims === null || (dims === 0 && library === "numpy")) return { value: unknown };
    return {
      value: tuple(
        Array.from({ length: Math.max(1, dims) }, () => tensor({ lead: null, dims: [count] }, "int64", library)),
      ),
    };
  }
  if (isGiven(call, "as_tuple") && argument(call, "as_tuple").kind !== "bool") return { value: unknown };
  return {
    value: tensor({ lead: null, dims: [count, dims === null ? unknownDim() : constant(dims)] }, "int64", library),
  };
}

function isTrue(datum: Datum): boolean {
  return datum.kind === "bool" && datum.value !== false;
}

export const nonzero = op({
  names: [...inTorch("nonzero", "argwhere"), ...inArray("nonzero"), "numpy.argwhere", "numpy.flatnonzero"],
  summary: "The coordinates of the elements that are not zero; how many there are depends on the data.",
  call: { torch: "input: tensor, *, as_tuple: any = False, out: any = None", numpy: "a as input: tensor" },
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    if (call.name === "numpy.argwhere") {
      const dims = rank(shape);
      return dims === null || dims === 0 ? null : { lead: null, dims: [unknownDim(), constant(dims)] };
    }
    return call.name === "numpy.flatnonzero" ? { lead: null, dims: [unknownDim()] } : coordinates(call);
  },
  dtype: always("int64"),
});

export const maskedSelect = op({
  names: [...inTorch("masked_select")],
  summary: "The elements where a mask is true, in one dimension.",
  call: "input: tensor, mask: tensor, *, out: any = None",
  shape: (call) => {
    const operands = ["input", "mask"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape }));
    const shape = needBooleans(call, "mask") ?? broadcastAll(call, operands);
    return isProblem(shape) ? shape : { lead: null, dims: [unknownDim()] };
  },
});

export const staticNonzero = op({
  names: inTorch("nonzero_static"),
  summary: "The coordinates of elements that are not zero, as many as asked for.",
  call: "input: tensor, *, size: int, fill_value: any = -1, out: any = None",
  shape: (call) => {
    const dims = rank(tensorOf(call, "input").shape);
    const size = dimOf(argument(call, "size")) ?? unknownDim();
    if ((asNumber(size) ?? 0) < 0)
      return problem("argument", { message: () => "The number of coordinates is negative." });
    return { lead: null, dims: [size, dims === null ? unknownDim() : constant(dims)] };
  },
  dtype: always("int64"),
});

export const where = op({
  names: [...inTorch("where"), "numpy.where"],
  summary: "Elements of one or the other tensor, as a condition says.",
  call: {
    torch: "condition: tensor, input: any = None, other: any = None, *, out: any = None",
    "torch.Tensor": "self as input: any, condition: tensor, other: any = None",
    numpy: "condition: tensor, x as input: any = None, y as other: any = None, /",
  },
  shape: (call) => {
    if (!isGiven(call, "other")) {
      if (isGiven(call, "input")) return { value: unknown };
      const condition = argument(call, "condition");
      return coordinates({
        ...call,
        args: new Map([
          ["input", condition],
          ["as_tuple", { kind: "bool", value: true }],
        ]),
      });
    }
    const wrong = libraryOf(call) === "torch" ? needBooleans(call, "condition") : null;
    if (wrong !== null) return wrong;
    return broadcastAll(
      call,
      ["condition", "input", "other"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
    );
  },
  dtype: promoted("input", "other"),
});

export const select = op({
  names: [...inTorch("select"), ...copyOf("select")],
  summary: "One slice along a dimension, which goes away.",
  call: "input: tensor, dim: axis, index: int",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    const size = wide.dims.at(axis);
    if (-axis > wide.dims.length || size === undefined) return null;
    const place = dimOf(argument(call, "index"));
    const wrong = place === null ? null : outOfRange(call, "input", place, size);
    return wrong ?? { lead: wide.lead, dims: wide.dims.filter((_, i) => i !== wide.dims.length + axis) };
  },
});

export const narrow = op({
  names: [...inTorch("narrow", "narrow_copy")],
  summary: "A range along a dimension.",
  call: "input: tensor, dim: axis, start: any, length: int",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    const size = wide.dims.at(axis);
    if (size === undefined || -axis > wide.dims.length) return null;
    const length = dimOf(argument(call, "length")) ?? unknownDim();
    return beyond(call, size, length) ?? { lead: wide.lead, dims: wide.dims.with(axis, length) };
  },
});

/** The range lies within the dimension; a negative start counts from its end. */
function beyond(call: Call, size: Dim, length: Dim): Problem | null {
  const given = argument(call, "start");
  const start = given.kind === "tensor" ? null : dimOf(given);
  const whole =
    given.kind !== "tensor" || given.dtype === null || (isInteger(given.dtype) && (rank(given.shape) ?? 0) === 0);
  const first = start === null ? constant(0) : (asNumber(start) ?? 0) < 0 ? add(size, start) : start;
  const fits =
    whole &&
    (asNumber(length) ?? 0) >= 0 &&
    call.solver.atLeast(first, 0) !== "no" &&
    call.solver.less(size, add(first, length)) !== "yes";
  if (fits) return null;
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("index-range", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` takes a range that is not within ${told(name)}.`,
  });
}

export const oneHot = op({
  names: ["torch.nn.functional.one_hot"],
  summary: "A new last dimension with a 1 at the place that the index names.",
  call: "tensor as input: tensor, num_classes: int = -1",
  shape: (call) => {
    const wrong = needLong(call, "input");
    if (wrong !== null) return wrong;
    const shape = tensorOf(call, "input").shape;
    const classes = dimOf(argument(call, "num_classes"));
    const open = classes === null || asNumber(classes) === -1;
    return { lead: shape.lead, dims: [...shape.dims, open ? unknownDim() : classes] };
  },
  dtype: always("int64"),
});

export const searchsorted = op({
  names: [...inArray("searchsorted"), "numpy.digitize"],
  summary: "Positions at which values keep a sorted sequence sorted; the shape is that of the values.",
  call: {
    numpy: "a: tensor, v as input: any, side: any = None, sorter: any = None",
    "numpy.digitize": "x as input: any, bins: tensor, right: any = None",
  },
  shape: (call) => (argument(call, "input").kind === "tensor" ? readTensor(call, argument(call, "input")).shape : null),
  dtype: always(null),
  inJax: { dtype: always("int32") },
});

export const diagonal = op({
  names: [...inTorch("diagonal"), ...copyOf("diagonal")],
  summary: "The diagonal over two dimensions, as a new last dimension.",
  call: "input: tensor, offset: int = 0, dim1: axis = 0, dim2: axis = 1",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const [a, b] = [axisOf(call, "dim1", shape, { of: "input" }), axisOf(call, "dim2", shape, { of: "input" })];
    if (isProblem(a)) return a;
    if (isProblem(b)) return b;
    if (a !== null && a === b) return sameDimension(call);
    const wide = call.solver.shape(shape);
    const [n, m] = [a === null ? undefined : wide.dims.at(a), b === null ? undefined : wide.dims.at(b)];
    if (a === null || b === null || n === undefined || m === undefined) return null;
    const kept = wide.dims.filter((_, i) => i - wide.dims.length !== a && i - wide.dims.length !== b);
    const offset = numberOf(argument(call, "offset"));
    return { lead: wide.lead, dims: [...kept, offset === null ? unknownDim() : diagonalLength(n, m, offset)] };
  },
});
