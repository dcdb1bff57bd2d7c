/**
 * Operators that put dimensions into another order: `transpose`, `permute`, `.T`, `movedim`, `flip`.
 */
import { asNumber, rank, unknownShape, type Shape } from "../shapes/index.ts";
import { argument, libraryOf, sizesOf, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { reordered } from "./memory-rules.ts";
import { copyOf, inArray, inNumpy, inTorch } from "./names.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axesOf, axisOf, readAxis } from "./verbs/axis.ts";
import { movedOrder, permuteAxes, swapAxes } from "./verbs/permute.ts";

function swapped(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const numpy = call.name.startsWith("numpy.");
  const first = axisOf(call, "dim0", shape, { of: "input", scalars: !numpy });
  if (isProblem(first)) return first;
  const second = axisOf(call, "dim1", call.solver.shape(shape), { of: "input", scalars: !numpy });
  if (isProblem(second)) return second;
  if (rank(shape) === 0) return shape;
  if (first === null || second === null) return null;
  return swapAxes(call.solver.shape(shape), first, second);
}

export const transpose = op({
  names: [...inTorch("transpose", "swapaxes", "swapdims"), ...copyOf("transpose"), ...inArray("swapaxes")],
  summary: "Exchanges two dimensions.",
  call: {
    torch: "input: tensor, dim0|axis0: axis, dim1|axis1: axis",
    numpy: "a as input: tensor, axis1 as dim0: axis, axis2 as dim1: axis",
  },
  shape: swapped,
  strides: reordered(swapped),
});

export const transposeInPlace = op({
  names: ["torch.Tensor.transpose_", "torch.Tensor.swapaxes_", "torch.Tensor.swapdims_"],
  summary: "Exchanges two dimensions of the tensor itself.",
  call: "input: tensor, dim0|axis0: axis, dim1|axis1: axis",
  shape: swapped,
  strides: reordered(swapped),
  reshapesInPlace: true,
});

export function transposed(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const count = rank(shape);
  if (count === null || count < 2) return count === null ? null : shape;
  if (count === 2) return swapAxes(shape, -1, -2);
  const told = shown(call, "input", shape);
  return problem("permute-rank", {
    parameters: ["input"],
    message: (name) => `\`t\` takes at most 2 dimensions; ${told(name)} has ${count}.`,
  });
}

export const t = op({
  names: [...inTorch("t"), ...copyOf("t")],
  summary: "Transpose of a matrix.",
  call: "input: tensor",
  shape: transposed,
  strides: reordered(transposed),
});

export const transposedInPlace = op({
  names: ["torch.Tensor.t_"],
  summary: "Transposes the matrix itself.",
  call: "input: tensor",
  shape: transposed,
  strides: reordered(transposed),
  reshapesInPlace: true,
});

export const adjoint = op({
  names: [...inTorch("adjoint"), "numpy.matrix_transpose"],
  summary: "Exchanges the last two dimensions.",
  call: { torch: "input: tensor", numpy: "x as input: tensor, /" },
  shape: adjointed,
  strides: reordered(adjointed),
});

function adjointed(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  return rank(shape) === 0 && call.name.startsWith("torch.") ? shape : lastTwoSwapped(call, shape);
}

export function lastTwoSwapped(call: Call, shape: Shape): ShapeAnswer {
  const wide = call.solver.requireAtLeast(shape, 2);
  return wide === null ? tooFewDimensions(call, shape) : swapAxes(wide, -1, -2);
}

function tooFewDimensions(call: Call, shape: Shape): Problem {
  const told = shown(call, "input", shape);
  return problem("permute-rank", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` needs at least 2 dimensions; it gets ${told(name)}.`,
  });
}

export function reversed(shape: Shape): Shape {
  return shape.lead === null ? { lead: null, dims: shape.dims.toReversed() } : unknownShape();
}

export const permute = op({
  names: [...inTorch("permute"), ...copyOf("permute"), ...inArray("transpose"), "numpy.permute_dims"],
  summary: "Puts all dimensions into the given order.",
  call: {
    torch: "input: tensor, dims: axes",
    "torch.Tensor": "self as input: tensor, *dims: axes",
    numpy: "a as input: tensor, axes as dims: axes = None",
    "numpy.ndarray": "self as input: tensor, *axes as dims: axes",
  },
  shape: permuted,
  strides: reordered(permuted),
});

function permuted(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const numpy = call.name.startsWith("numpy.");
  const given = argument(call, "dims");
  const items = given.kind === "none" ? [] : sizesOf(call, "dims");
  const none = given.kind === "none" || (items?.length === 1 && items[0]?.kind === "none");
  const absent = none || (call.name === "numpy.ndarray.transpose" && itemsOf(given)?.length === 0);
  if (numpy && absent) return reversed(shape);
  if (items === null) return null;
  // A single argument of which nothing is known may as well be all of them in a tuple.
  const [only] = items;
  const size = only !== undefined && items.length === 1 ? dimOf(only) : null;
  if (items.length === 1 && (size === null || asNumber(size) === null)) return null;
  const wide = call.solver.requireRank(shape, items.length);
  if (wide === null) return wrongCount(call, shape, items.length);
  const axes: number[] = [];
  for (const item of items) {
    const axis = readAxis(call, "dims", item, wide, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    if (axes.includes(axis)) return twice(call, wide);
    axes.push(axis);
  }
  return permuteAxes(wide, axes);
}

function wrongCount(call: Call, shape: Shape, count: number): Problem {
  const told = shown(call, "input", shape);
  const has = rank(shape) ?? shape.dims.length;
  return problem("permute-rank", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` names ${count} dimensions; ${told(name)} has ${has}.`,
  });
}

function twice(call: Call, shape: Shape): Problem {
  const told = shown(call, "input", shape);
  return problem("dim-repeated", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` names a dimension of ${told(name)} twice.`,
  });
}

export const movedim = op({
  names: [...inTorch("movedim", "moveaxis"), ...inNumpy("moveaxis")],
  summary: "Moves dimensions to other positions; the others keep their order.",
  call: {
    torch: "input: tensor, source: axes, destination: axes",
    numpy: "a as input: tensor, source: axes, destination: axes",
  },
  shape: moved,
  strides: reordered(moved),
  // JAX lets two dimensions move to the same place.
  inJax: { differs: (call) => isProblem(axesOf(call, "destination", tensorOf(call, "input").shape, { of: "input" })) },
});

function moved(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  if (libraryOf(call) === "torch" && rank(shape) === 0) return null;
  const from = axesOf(call, "source", shape, { of: "input" });
  if (isProblem(from)) return from;
  const to = axesOf(call, "destination", call.solver.shape(shape), { of: "input" });
  if (isProblem(to)) return to;
  const count = rank(shape);
  if (from === null || to === null || count === null || from.length !== to.length) return null;
  return permuteAxes(shape, movedOrder(count, from, to));
}

/** Operators that reorder elements along dimensions, which keeps the shape. */
export const numpyFlip = op({
  names: inNumpy("flip", "fliplr", "flipud"),
  summary: "Reverses the elements along dimensions.",
  call: "m|a as input: tensor, axis: any = None",
  shape: (call) => tensorOf(call, "input").shape,
});

export const flip = op({
  names: inTorch("flip"),
  summary: "Reverses the elements along dimensions.",
  call: "input: tensor, *dims: any",
  shape: (call) => {
    const shape = call.solver.shape(tensorOf(call, "input").shape);
    const sizes = sizesOf(call, "dims");
    if (sizes === null) return shape;
    const args = new Map(call.args).set("dims", { kind: "tuple", items: sizes });
    const axes = axesOf({ ...call, args }, "dims", shape, { of: "input", scalars: true });
    return isProblem(axes) ? axes : shape;
  },
});

function flipped(name: "fliplr" | "flipud", least: number): readonly Operator[] {
  return op({
    names: inTorch(name),
    summary: "Reverses the elements along the first or the second dimension.",
    call: "input: tensor",
    shape: (call) => {
      const { shape } = tensorOf(call, "input");
      const few = call.solver.requireAtLeast(shape, least) === null;
      return few ? otherRank(call, "input", shape, `at least ${least} dimensions`) : shape;
    },
  });
}

export const fliplr = flipped("fliplr", 2);
export const flipud = flipped("flipud", 1);

export const numpyRoll = op({
  names: inNumpy("roll"),
  summary: "Shifts the elements along dimensions; what leaves at the end enters at the start.",
  call: "a as input: tensor, shift: any, axis: any = None",
  shape: (call) => tensorOf(call, "input").shape,
});

export const roll = op({
  names: inTorch("roll"),
  summary: "Shifts the elements along dimensions; what leaves at the end enters at the start.",
  call: "input: tensor, shifts: any, dims: any = None",
  shape: (call) => {
    const shape = call.solver.shape(tensorOf(call, "input").shape);
    const [shifts, dims] = [several(argument(call, "shifts")), several(argument(call, "dims"))];
    if (shifts === null || dims === null) return shape;
    if (shifts.length !== dims.length && (dims.length > 0 || shifts.length !== 1))
      return apart(shifts.length, dims.length);
    const empty = shape.dims.some((dim) => asNumber(dim) === 0);
    const places = empty ? [] : dims.map((dim) => readAxis(call, "dims", dim, shape, { of: "input" }));
    return places.find((place) => isProblem(place)) ?? shape;
  },
});

/** One number or several; null where their count is not known. */
function several(datum: Datum): readonly Datum[] | null {
  if (datum.kind === "none") return [];
  return itemsOf(datum) ?? (dimOf(datum) === null ? null : [datum]);
}

function apart(shifts: number, dims: number): Problem {
  return problem("argument", {
    message: () => `\`roll\` needs a dimension for each shift; it gets ${dims} for ${shifts}.`,
  });
}

export const rot90 = op({
  names: [...inTorch("rot90"), ...inNumpy("rot90")],
  summary: "Turns the tensor by 90 degrees in the plane of two dimensions.",
  call: {
    torch: "input: tensor, k: int = 1, dims: axes = (0, 1)",
    numpy: "m as input: tensor, k: int = 1, axes as dims: axes = (0, 1)",
  },
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const axes = axesOf(call, "dims", shape, { of: "input" });
    const turns = dimOf(argument(call, "k"));
    const times = turns === null ? null : asNumber(turns);
    if (axes === null || isProblem(axes)) return axes;
    const [first, second] = axes;
    if (times === null || first === undefined || second === undefined) return null;
    return times % 2 === 0 ? shape : swapAxes(call.solver.shape(shape), first, second);
  },
});
