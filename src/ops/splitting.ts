/**
 * Operators that take a tensor apart along a dimension: `split`, `chunk`, `unbind`. How many parts there are
 * must be known, or the parts stand for one another in a list of open length.
 */
import { add, asNumber, ceilDivide, constant, floorDivide, rank, unknownDim, type Dim } from "../shapes/index.ts";
import { argument, tensorOf } from "./arguments.ts";
import { dimOf, int, itemsOf, numberOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { narrowed } from "./memory-rules.ts";
import { copyOf, inNumpy, inTorch } from "./names.ts";
import type { Call, Outcome, Problem } from "./operator.ts";
import { isProblem, problem, shown, shownDim } from "./problems.ts";
import type { Datum, Tensor } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";

/** A part for each size along the axis. */
function parts(call: Call, input: Tensor, axis: number, sizes: readonly Dim[]): Outcome {
  const shape = call.solver.shape(input.shape);
  return {
    value: tuple(
      sizes.map((size) => tensor({ lead: shape.lead, dims: shape.dims.with(axis, size) }, input.dtype, input.library)),
    ),
  };
}

interface Target {
  readonly input: Tensor;
  readonly axis: number;
  readonly size: Dim;
}

/** The dimension that is to be taken apart; null where it is not in view. */
function target(call: Call): Target | Problem | null {
  const input = tensorOf(call, "input");
  const axis = axisOf(call, "dim", input.shape, { of: "input" });
  if (axis === null || isProblem(axis)) return axis;
  const shape = call.solver.shape(input.shape);
  const size = -axis <= shape.dims.length ? shape.dims.at(axis) : undefined;
  return size === undefined ? null : { input: { ...input, shape }, axis, size };
}

const MANY = 256;

export const split = op({
  names: [
    ...inTorch("split", "split_with_sizes", "unsafe_split", "unsafe_split_with_sizes"),
    ...copyOf("split", "split_with_sizes"),
    "torch.functional.split",
  ],
  summary: "Parts of the given size, or of the given sizes, along a dimension.",
  call: "input|tensor as input: tensor, split_size_or_sections|split_size|split_sizes: any, dim: axis = 0, *, out: any = None",
  shape: (call) => {
    const at = target(call);
    if (isProblem(at)) return at;
    if (at === null) return { value: unknown };
    const sizes = argument(call, "split_size_or_sections");
    const items = itemsOf(sizes);
    return items === null ? splitEqually(call, at, dimOf(sizes)) : splitInto(call, at, items);
  },
  strides: narrowed,
});

/** `split(n, dim)` of 3·n gives three parts; the last one can be smaller where all are numbers. */
function splitEqually(call: Call, { input, axis, size }: Target, part: Dim | null): Outcome {
  if (part === null) return { value: unknown };
  const [whole, step] = [asNumber(size), asNumber(call.solver.dim(part))];
  if (whole !== null && step !== null) {
    if (step <= 0) return { value: unknown };
    const count = Math.max(1, Math.ceil(whole / step));
    if (count > MANY) return { value: unknown };
    return parts(
      call,
      input,
      axis,
      Array.from({ length: count }, (_, i) => constant(Math.min(step, whole - i * step))),
    );
  }
  const count = asNumber(floorDivide(size, call.solver.dim(part)));
  const even = call.solver.divides(part, size) === "yes";
  if (count !== null && count > 0 && count <= MANY && even) {
    return parts(
      call,
      input,
      axis,
      Array.from({ length: count }, () => part),
    );
  }
  const shape = { lead: input.shape.lead, dims: input.shape.dims.with(axis, even ? part : unknownDim()) };
  return { value: { kind: "many", element: { ...input, shape }, length: ceilDivide(size, part) } };
}

function splitInto(call: Call, { input, axis, size }: Target, items: readonly Datum[]): ShapeAnswer {
  const sizes = items.map(dimOf);
  if (!sizes.every((part) => part !== null))
    return parts(
      call,
      input,
      axis,
      sizes.map((part) => part ?? unknownDim()),
    );
  const sum = sizes.reduce((a, b) => add(a, b), constant(0));
  const verdict = call.solver.require(sum, size, call.cause);
  if (verdict.answer !== "no") return parts(call, input, axis, sizes);
  const told = shown(call, "input", input);
  const [total, wanted] = [shownDim(call, sum), shownDim(call, size)];
  return problem("split-sizes", {
    verdict,
    parameters: ["input"],
    message: (name) => `The parts add up to ${total}, but the dimension of ${told(name)} has size ${wanted}.`,
  });
}

export const chunk = op({
  names: inTorch("chunk", "unsafe_chunk"),
  summary: "The given number of parts along a dimension, the last of which can be smaller.",
  call: "input: tensor, chunks: int, dim: axis = 0",
  shape: (call) => {
    const at = target(call);
    if (isProblem(at)) return at;
    const count = numberOf(argument(call, "chunks"));
    if (at === null || count === null || count <= 0 || count > MANY) return { value: unknown };
    const whole = asNumber(at.size);
    if (whole === 0)
      return parts(
        call,
        at.input,
        at.axis,
        Array.from({ length: count }, () => at.size),
      );
    if (whole !== null) return splitEqually(call, at, constant(Math.max(1, Math.ceil(whole / count))));
    // The author of `a, b = x.chunk(2, -1)` means that the size comes out even; concrete calls decide for themselves.
    if (call.solver.assumeDivisible(at.size, constant(count), call.cause).answer === "no") return { value: unknown };
    const part = floorDivide(call.solver.dim(at.size), constant(count));
    return parts(
      call,
      at.input,
      at.axis,
      Array.from({ length: count }, () => part),
    );
  },
  strides: narrowed,
});

export const numpySplit = op({
  names: [...inNumpy("split", "array_split"), ...inTorch("tensor_split")],
  summary: "Equal parts along a dimension, or parts between the given positions.",
  call: {
    numpy: "ary as input: tensor, indices_or_sections: any, axis as dim: axis = 0",
    torch: "input: tensor, indices_or_sections|indices|sections: any, dim: axis = 0",
  },
  shape: sections,
});

/** The same along the first, second or third dimension. */
export const splitAlong = op({
  names: [...inNumpy("hsplit", "vsplit", "dsplit"), ...inTorch("hsplit", "vsplit", "dsplit")],
  summary: "Equal parts, or parts between the given positions, along a fixed dimension.",
  call: {
    numpy: "ary as input: tensor, indices_or_sections: any",
    torch: "input: tensor, indices_or_sections|indices|sections: any",
  },
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const count = rank(shape);
    const axis = call.name.endsWith("vsplit") ? 0 : call.name.endsWith("dsplit") ? 2 : count === 1 ? 0 : 1;
    if (count === null || count <= axis || (count === 1 && !call.name.endsWith("hsplit"))) return { value: unknown };
    return sections({ ...call, args: new Map(call.args).set("dim", int(axis)) });
  },
});

function sections(call: Call): ShapeAnswer {
  const at = target(call);
  if (isProblem(at)) return at;
  const where = argument(call, "indices_or_sections");
  const count = numberOf(where);
  const whole = at === null ? null : asNumber(at.size);
  if (at === null) return { value: unknown };
  // NumPy counts the first dimension of a list, whatever the axis.
  if (argument(call, "input").kind !== "tensor" && at.axis !== -at.input.shape.dims.length) return { value: unknown };
  if (count !== null) return equalSections(call, at, whole, count);
  const positions = (itemsOf(where) ?? [unknown]).map(numberOf);
  if (whole === null || !positions.every((position) => position !== null)) return { value: unknown };
  const clamp = (position: number): number => Math.min(Math.max(position < 0 ? position + whole : position, 0), whole);
  const edges = [0, ...positions.map(clamp), whole];
  const sizes = edges.slice(1).map((edge, i) => constant(Math.max(0, edge - (edges[i] ?? 0))));
  return parts(call, at.input, at.axis, sizes);
}

function equalSections(call: Call, at: Target, whole: number | null, count: number): ShapeAnswer {
  if (count <= 0 || count > MANY) return { value: unknown };
  const strict = !/array_split|tensor_split/.test(call.name);
  if (whole === null) {
    const part = strict ? floorDivide(at.size, constant(count)) : null;
    if (strict) call.solver.assumeDivisible(at.size, constant(count), call.cause);
    return parts(
      call,
      at.input,
      at.axis,
      Array.from({ length: count }, () => (part === null ? unknownDim() : call.solver.dim(part))),
    );
  }
  if (strict && whole % count !== 0) {
    const told = shown(call, "input", at.input);
    return problem("split-sizes", {
      parameters: ["input"],
      message: (name) => `A dimension of size ${whole} of ${told(name)} cannot be split into ${count} equal parts.`,
    });
  }
  const [small, more] = [Math.floor(whole / count), whole % count];
  return parts(
    call,
    at.input,
    at.axis,
    Array.from({ length: count }, (_, i) => constant(i < more ? small + 1 : small)),
  );
}

export const unbind = op({
  names: [...inTorch("unbind"), ...copyOf("unbind"), "numpy.unstack"],
  summary: "The slices along a dimension, which goes away.",
  call: { torch: "input: tensor, dim: axis = 0", numpy: "x as input: tensor, /, *, axis as dim: axis = 0" },
  shape: (call) => {
    const at = target(call);
    if (isProblem(at)) return at;
    if (at === null) return { value: unknown };
    const { lead, dims } = at.input.shape;
    const shape = { lead, dims: dims.filter((_, i) => i !== dims.length + at.axis) };
    const slice = { ...at.input, shape };
    const count = asNumber(at.size);
    if (count === null || count > MANY) return { value: { kind: "many", element: slice, length: at.size } };
    return { value: tuple(Array.from({ length: count }, () => slice)) };
  },
});
