/**
 * Operators that stretch dimensions or copy elements: `expand`, `repeat`, `tile`, `repeat_interleave`.
 */
import {
  add,
  asNumber,
  constant,
  elementCount,
  multiply,
  rank,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, isGiven, sizesOf, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, numberOf } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { laidOut, stretchedStrides } from "./memory-rules.ts";
import { copyOf, inArray, inTorch } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";
import { fitInto } from "./verbs/broadcast.ts";

export const expand = op({
  names: ["torch.Tensor.expand", ...copyOf("expand")],
  summary: "Stretches dimensions of size 1; -1 leaves a dimension as it is.",
  call: {
    "torch.Tensor": "self as input: tensor, *size: ints, implicit: bool = False",
    torch: "input: tensor, size: ints, *, implicit: bool = False",
  },
  shape: (call) => {
    const sizes = sizesOf(call, "size");
    return sizes === null ? null : stretched(call, sizes);
  },
  strides: stretchedStrides,
});

function stretched(call: Call, sizes: readonly Datum[]): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const dims = sizes.map((size, i): Dim => {
    const given = dimOf(size);
    const own = shape.dims.at(i - sizes.length);
    const keeps = given !== null && asNumber(given) === -1;
    if (keeps) return i - sizes.length >= -shape.dims.length ? (own ?? unknownDim()) : unknownDim();
    return given ?? unknownDim();
  });
  if (dims.some((dim) => (asNumber(dim) ?? 0) < 0) || (call.name.startsWith("numpy.") && sizes.some(isNegative)))
    return null;
  const target: Shape = { lead: null, dims };
  const wrong = expandProblem(call, target);
  return wrong ?? call.solver.shape(target);
}

function isNegative(size: Datum): boolean {
  return (numberOf(size) ?? 0) < 0;
}

function expandProblem(call: Call, target: Shape): Problem | null {
  const shape = tensorOf(call, "input").shape;
  const known = rank(shape);
  if (known !== null && known > target.dims.length) {
    const told = shown(call, "input", shape);
    return problem("expand", {
      parameters: ["input"],
      message: (name) => `${told(name)} has ${known} dimensions and cannot be expanded to ${target.dims.length}.`,
    });
  }
  return fitInto(call, { parameter: "input", shape }, target, "expand");
}

export const expandAs = op({
  names: ["torch.Tensor.expand_as"],
  summary: "Stretches dimensions of size 1 to the sizes of another tensor.",
  call: "self as input: tensor, other: tensor",
  shape: (call) => {
    const other = tensorOf(call, "other").shape;
    if (rank(other) === null) return other;
    return expandProblem(call, other) ?? call.solver.shape(other);
  },
  strides: stretchedStrides,
});

export const broadcastTo = op({
  names: [...inTorch("broadcast_to"), "numpy.broadcast_to"],
  summary: "Stretches dimensions of size 1 to the given shape.",
  call: {
    torch: "input: tensor, size|shape as size: ints",
    numpy: "array as input: tensor, shape as size: ints, subok: any = False",
  },
  shape: (call) => {
    const sizes = sizesOf(call, "size");
    return sizes === null ? null : stretched(call, sizes);
  },
  strides: stretchedStrides,
});

export const repeat = op({
  names: ["torch.Tensor.repeat"],
  summary: "Copies the tensor along every dimension; further ones are added in front.",
  call: "self as input: tensor, *repeats: ints",
  shape: (call) => {
    const times = sizesOf(call, "repeats");
    const shape = tensorOf(call, "input").shape;
    const known = rank(shape);
    if (times === null || known === null || times.some(isNegative)) return null;
    if (times.length < known) {
      const told = shown(call, "input", shape);
      return problem("argument", {
        parameters: ["input"],
        message: (name) =>
          `\`repeat\` needs a number for each dimension; ${told(name)} has ${known} and gets ${times.length}.`,
      });
    }
    return { lead: null, dims: repeated(shape.dims, times) };
  },
  strides: laidOut,
});

export const tile = op({
  names: [...inTorch("tile"), "numpy.tile"],
  summary: "Copies the tensor along its last dimensions.",
  call: {
    torch: "input: tensor, dims as repeats: ints",
    "torch.Tensor": "self as input: tensor, *dims as repeats: ints",
    numpy: "A as input: tensor, reps as repeats: ints",
  },
  shape: (call) => {
    const times = sizesOf(call, "repeats");
    const shape = tensorOf(call, "input").shape;
    if (times === null || times.some(isNegative)) return null;
    if (rank(shape) !== null) return { lead: null, dims: repeated(shape.dims, times) };
    return times.length > shape.dims.length ? null : { lead: shape.lead, dims: repeated(shape.dims, times) };
  },
});

/** Sizes times repeats, aligned at the last dimension. */
function repeated(dims: readonly Dim[], times: readonly Datum[]): readonly Dim[] {
  const length = Math.max(dims.length, times.length);
  return Array.from({ length }, (_, i) => {
    const back = i - length;
    const size = -back <= dims.length ? (dims.at(back) ?? constant(1)) : constant(1);
    const item = -back <= times.length ? times.at(back) : undefined;
    const factor = item === undefined ? constant(1) : dimOf(item);
    return factor === null ? unknownDim() : multiply(size, factor);
  });
}

export const repeatInterleave = op({
  names: [...inTorch("repeat_interleave"), ...inArray("repeat")],
  summary: "Repeats every element along a dimension.",
  call: {
    torch: "input: tensor, repeats: any = None, dim|axis: axis = None, *, output_size: int = None",
    numpy: "a as input: tensor, repeats: any, axis as dim: axis = None",
  },
  shape: (call) => {
    if (!isGiven(call, "repeats")) return { lead: null, dims: [unknownDim()] };
    const shape = tensorOf(call, "input").shape;
    if (!isGiven(call, "dim")) return { lead: null, dims: [interleaved(call, elementCount(shape))] };
    const axis = axisOf(call, "dim", shape, { of: "input", scalars: true });
    if (axis === null || isProblem(axis)) return axis;
    const numpy = call.name.startsWith("numpy.");
    const wide: Shape = numpy && rank(shape) === 0 ? { lead: null, dims: [constant(1)] } : call.solver.shape(shape);
    const size = -axis > wide.dims.length ? undefined : wide.dims.at(axis);
    return size === undefined ? null : { lead: wide.lead, dims: wide.dims.with(axis, interleaved(call, size)) };
  },
});

function interleaved(call: Call, size: Dim | null): Dim {
  const repeats = argument(call, "repeats");
  const output = dimOf(argument(call, "output_size"));
  if (output !== null) return output;
  const times = dimOf(repeats);
  if (times !== null) return size === null ? unknownDim() : multiply(size, times);
  const items = (itemsOf(repeats) ?? []).map(dimOf);
  const whole = size === null ? null : asNumber(size);
  const [only = null] = items;
  if (items.length === 1 && only !== null && size !== null) return multiply(size, only);
  if (items.length < 2 || items.length !== whole) return unknownDim();
  return items.reduce<Dim>((sum, item) => (item === null ? unknownDim() : add(sum, item)), constant(0));
}
