/**
 * Operators that keep every element and give the tensor another shape: views, reshapes, flattening,
 * dimensions of size 1, expansion and repetition.
 */
import {
  asNumber,
  asSymbol,
  constant,
  elementCount,
  freshLead,
  printShape,
  rank,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, isGiven, sizesOf, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { laidOut, otherOnes, viewed, viewedOrCopied, viewOf } from "./memory-rules.ts";
import { copyOf, inArray, inTorch } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axesOf, axisOf } from "./verbs/axis.ts";
import { withAxis } from "./verbs/join.ts";
import { merged, reshape as reshaped } from "./verbs/reshape.ts";

function reshapeTo(call: Call, parameter = "shape"): ShapeAnswer {
  const sizes = sizesOf(call, parameter);
  return sizes === null ? null : reshaped(call, "input", tensorOf(call, "input").shape, sizes);
}

export const view = op({
  names: ["torch.Tensor.view", ...copyOf("view")],
  summary: "The same elements with other sizes; one size can be -1.",
  call: { "torch.Tensor": "self as input: tensor, *shape: ints", torch: "input: tensor, size|dtype as shape: ints" },
  shape: (call) => {
    const [first] = itemsOf(argument(call, "shape")) ?? [];
    // `view(dtype)` reinterprets the bytes.
    return first?.kind === "dtype" ? { value: { kind: "unknown" } } : withoutCopy(call, reshapeTo(call));
  },
  strides: viewed,
});

/** A view keeps the memory, so that only dimensions that lie next to each other there can be merged. */
function withoutCopy(call: Call, shape: ShapeAnswer): ShapeAnswer {
  if (call.name.endsWith("_copy") || shape === null || !("dims" in shape) || viewOf(call, shape) !== "no") return shape;
  const told = shown(call, "input", tensorOf(call, "input"));
  const wanted = printShape(call.solver.shape(shape));
  return problem("view-strides", {
    parameters: ["input"],
    message: (name) =>
      `\`${shortName(call)}\` cannot turn ${told(name)} into ${wanted} without copying: its dimensions lie in another order in memory. \`reshape\` copies.`,
  });
}

export const reshape = op({
  names: [...inTorch("reshape"), ...inArray("reshape")],
  summary: "The same elements with other sizes; one size can be -1.",
  call: {
    torch: "input: tensor, shape: ints",
    "torch.Tensor": "self as input: tensor, *shape: ints",
    numpy: 'a as input: tensor, shape|newshape: ints, order: string = "C", *, copy: any = None',
    "numpy.ndarray": 'self as input: tensor, *shape: ints, order: string = "C", copy: any = None',
  },
  shape: (call) => reshapeTo(call),
  strides: viewedOrCopied,
});

export const likeAnother = op({
  names: ["torch.Tensor.view_as", "torch.Tensor.reshape_as"],
  summary: "The same elements with the sizes of another tensor.",
  call: "self as input: tensor, other: tensor",
  shape: (call) => {
    const other = tensorOf(call, "other").shape;
    if (rank(other) === null) return other;
    const sizes = other.dims.map((value): Datum => ({ kind: "int", value }));
    const shape = reshaped(call, "input", tensorOf(call, "input").shape, sizes);
    return call.name.endsWith("view_as") ? withoutCopy(call, shape) : shape;
  },
  strides: viewedOrCopied,
});

export const flatten = op({
  names: inTorch("flatten"),
  summary: "Merges neighbouring dimensions into one.",
  call: "input: tensor, start_dim: axis = 0, end_dim: axis = -1",
  shape: (call) => flattened(call, tensorOf(call, "input").shape),
  strides: viewedOrCopied,
});

export function flattened(call: Call, shape: Shape): ShapeAnswer {
  if (rank(shape) === 0) return { lead: null, dims: [constant(1)] };
  const start = axisOf(call, "start_dim", shape, { of: "input" });
  if (isProblem(start)) return start;
  const end = axisOf(call, "end_dim", shape, { of: "input" });
  if (isProblem(end)) return end;
  if (start !== null && end !== null) {
    const wide = call.solver.shape(shape);
    const hidden = -start > wide.dims.length || start > end;
    return hidden ? null : merged(wide, start, end);
  }
  return flattenedUnderLead(call, shape, end);
}

/** `flatten(1)` of a tensor of unknown rank gives two dimensions, of which neither is known. */
function flattenedUnderLead(call: Call, shape: Shape, end: number | null): ShapeAnswer {
  const from = dimOf(argument(call, "start_dim"));
  const first = from === null ? null : asNumber(from);
  if (end !== -1 || first === null || first < 0 || rank(shape) !== null) return null;
  return { lead: null, dims: Array.from({ length: first + 1 }, () => unknownDim()) };
}

export const ravel = op({
  names: [...inTorch("ravel"), ...inArray("ravel"), "numpy.ndarray.flatten"],
  summary: "All elements in one dimension.",
  call: { torch: "input: tensor", numpy: 'a as input: tensor, order: string = "C"' },
  shape: (call) => {
    const count = elementCount(tensorOf(call, "input").shape);
    return { lead: null, dims: [count ?? unknownDim()] };
  },
  strides: laidOut,
});

export const unflatten = op({
  names: inTorch("unflatten"),
  summary: "Splits one dimension into several, of which one can be -1.",
  call: "input: tensor, dim: axis, sizes: ints",
  shape: (call) => unflattened(call, tensorOf(call, "input").shape, "dim", argument(call, "sizes")),
  strides: viewed,
});

export function unflattened(call: Call, shape: Shape, parameter: string, sizes: Datum): ShapeAnswer {
  const axis = axisOf(call, parameter, shape, { of: "input" });
  if (axis === null || isProblem(axis)) return axis;
  const wide = call.solver.shape(shape);
  const dim = wide.dims.at(axis);
  const items = itemsOf(sizes);
  if (dim === undefined || items === null || -axis > wide.dims.length) return null;
  const parts = reshaped(call, "input", { lead: null, dims: [dim] }, items);
  if (isProblem(parts)) return splitProblem(call, wide, dim, items);
  const at = wide.dims.length + axis;
  const { dims, lead } = call.solver.shape(wide);
  return { lead, dims: [...dims.slice(0, at), ...parts.dims, ...dims.slice(at + 1)] };
}

function splitProblem(call: Call, shape: Shape, dim: Dim, items: readonly Datum[]): Problem {
  const told = shown(call, "input", shape);
  const size = shownDim(call, dim);
  const sizes = items.map((item) => dimOf(item)).map((part) => (part === null ? "?" : shownDim(call, part)));
  return problem("split-sizes", {
    parameters: ["input"],
    message: (name) => `A dimension of size ${size} of ${told(name)} cannot be split into (${sizes.join(", ")}).`,
  });
}

export const squeeze = op({
  names: [...inTorch("squeeze"), ...copyOf("squeeze"), ...inArray("squeeze")],
  summary: "Removes dimensions of size 1.",
  call: { torch: "input: tensor, dim|axis: axes = None", numpy: "a as input: tensor, axis as dim: axes = None" },
  shape: squeezed,
  strides: otherOnes,
});

export const squeezeInPlace = op({
  names: ["torch.Tensor.squeeze_"],
  summary: "Removes dimensions of size 1 from the tensor itself.",
  call: "input: tensor, dim: axes = None",
  shape: squeezed,
  strides: otherOnes,
  reshapesInPlace: true,
});

function squeezed(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const isOne = (dim: Dim): "yes" | "no" | "maybe" => call.solver.compare(dim, constant(1));
  if (!isGiven(call, "dim")) {
    if (shape.lead !== null || shape.dims.some((dim) => isOne(dim) === "maybe" && mayBeOne(dim))) return null;
    return { lead: null, dims: shape.dims.filter((dim) => isOne(dim) !== "yes") };
  }
  const numpy = call.name.startsWith("numpy.");
  const axes = axesOf(call, "dim", shape, { of: "input", scalars: true });
  if (axes === null || isProblem(axes)) return axes;
  const wide = call.solver.shape(shape);
  for (const axis of axes) {
    const dim = wide.dims.at(axis);
    if (dim === undefined || -axis > wide.dims.length) return rank(wide) === 0 ? wide : null;
    const answer = isOne(dim);
    // Removing a dimension that turns out larger changes nothing in PyTorch, so the rank is open.
    if (answer === "maybe" && !numpy) return null;
    if (answer === "no" && numpy) return notOne(call, wide, dim);
    if (answer === "maybe") call.solver.require(dim, constant(1), call.cause);
  }
  const gone = (i: number): boolean => {
    const dim = wide.dims[i];
    return axes.includes(i - wide.dims.length) && dim !== undefined && (numpy || isOne(dim) === "yes");
  };
  return { lead: wide.lead, dims: wide.dims.filter((_, i) => !gone(i)) };
}

/** A declared or inferred symbol stands for a size that is not 1; what is unknown can be 1. */
function mayBeOne(dim: Dim): boolean {
  return asSymbol(dim)?.kind !== "declared" && asSymbol(dim)?.kind !== "inferred";
}

function notOne(call: Call, shape: Shape, dim: Dim): Problem {
  const told = shown(call, "input", shape);
  const size = shownDim(call, dim);
  return problem("argument", {
    blame: "dim",
    parameters: ["input"],
    message: (name) => `Only dimensions of size 1 can be removed; this one of ${told(name)} has size ${size}.`,
  });
}

function unsqueezed(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const axis = axisOf(call, "dim", shape, { of: "input", extra: 1 });
  if (axis === null) return frontAxis(call, shape);
  if (isProblem(axis)) return axis;
  return withAxis(call.solver.shape(shape), axis, constant(1));
}

/** `unsqueeze(0)` under unknown leading dimensions: what stands at the end stays there. */
function frontAxis(call: Call, shape: Shape): ShapeAnswer {
  const dim = dimOf(argument(call, "dim"));
  if (dim === null || asNumber(dim) !== 0 || shape.lead === null) return null;
  return { lead: freshLead(), dims: shape.dims };
}

export const unsqueeze = op({
  names: [...inTorch("unsqueeze"), ...copyOf("unsqueeze")],
  summary: "Inserts a dimension of size 1.",
  call: "input: tensor, dim|axis: axis",
  shape: unsqueezed,
  strides: otherOnes,
});

export const unsqueezeInPlace = op({
  names: ["torch.Tensor.unsqueeze_"],
  summary: "Inserts a dimension of size 1 into the tensor itself.",
  call: "input: tensor, dim: axis",
  shape: unsqueezed,
  strides: otherOnes,
  reshapesInPlace: true,
});

export const resizeInPlace = op({
  names: ["torch.Tensor.resize_"],
  summary: "Gives the tensor itself other sizes, and more or less memory if it needs to.",
  call: "input: tensor, *shape: ints, memory_format: any = None",
  shape: (call) => {
    const sizes = sizesOf(call, "shape")?.map(dimOf) ?? null;
    if (sizes === null || sizes.some((size) => size !== null && (asNumber(size) ?? 0) < 0)) return null;
    return { lead: null, dims: sizes.map((size) => size ?? unknownDim()) };
  },
  reshapesInPlace: true,
});

export const resizeAs = op({
  names: ["torch.Tensor.resize_as_", "torch.resize_as_"],
  summary: "Gives the tensor itself the sizes of another one.",
  call: "input: tensor, the_template as other: tensor, *, memory_format: any = None",
  shape: (call) => tensorOf(call, "other").shape,
  reshapesInPlace: true,
});

export const expandDims = op({
  names: ["numpy.expand_dims"],
  summary: "Inserts dimensions of size 1 at positions in the result.",
  call: "a as input: tensor, axis: axes",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const count = itemsOf(argument(call, "axis"))?.length ?? 1;
    const axes = axesOf(call, "axis", shape, { of: "input", extra: count });
    if (axes === null || isProblem(axes)) return axes;
    const size = rank(shape);
    if (size === null) return count === 1 ? withAxis(shape, axes[0] ?? -1, constant(1)) : null;
    const rest = [...shape.dims];
    const dims = Array.from({ length: size + count }, (_, i) =>
      axes.includes(i - size - count) ? constant(1) : (rest.shift() ?? constant(1)),
    );
    return { lead: null, dims };
  },
});
