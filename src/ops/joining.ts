/**
 * Operators that join tensors or take them apart: `cat`, `stack`, `split`, `chunk`, `unbind`.
 */
import {
  add,
  asNumber,
  ceilDivide,
  constant,
  floorDivide,
  multiply,
  rank,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, isGiven, libraryOf, readTensor, tensorOf, tensorsOf } from "./arguments.ts";
import { dimOf, itemsOf, numberOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { promoteData } from "./dtype-rules.ts";
import { inNumpy, inTorch } from "./names.ts";
import type { Call, Outcome, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "./problems.ts";
import type { Datum, Tensor } from "./value.ts";
import { axisOf, readAxis } from "./verbs/axis.ts";
import { agreeing, concatenated, isEmptyVector, withAxis } from "./verbs/join.ts";

const joinedType = (call: Call): Tensor["dtype"] => {
  const parts = tensorsOf(call, "tensors");
  const many = argument(call, "tensors");
  if (many.kind === "many") return readTensor(call, many.element).dtype;
  return parts === null ? null : promoteData(call, itemsOf(argument(call, "tensors")) ?? parts);
};

export const cat = op({
  names: ["torch.cat", "torch.concat", "torch.concatenate", "numpy.concatenate", "numpy.concat"],
  summary: "Joins tensors along one of their dimensions.",
  call: {
    torch: "tensors: tensors, dim|axis: axis = 0, *, out: any = None",
    numpy:
      "arrays as tensors: tensors, /, axis as dim: axis = 0, out: any = None, *, dtype: any = None, casting: any = None",
  },
  shape: (call) => {
    const many = argument(call, "tensors");
    if (many.kind === "many") return joinMany(call, many);
    const parts = tensorsOf(call, "tensors");
    if (parts === null) return null;
    if (!isGiven(call, "dim")) return null;
    return joinAlong(call, parts, argument(call, "dim"));
  },
  dtype: joinedType,
});

function joinAlong(call: Call, tensors: readonly Tensor[], dim: Datum): ShapeAnswer {
  const torch = libraryOf(call) === "torch";
  const parts = tensors.map(({ shape }) => shape).filter((shape) => !(torch && isEmptyVector(shape)));
  const [first] = parts;
  if (first === undefined) return tensors[0]?.shape ?? null;
  const ranked = parts.find((shape) => shape.lead === null);
  const axis = readAxis(call, "dim", dim, ranked ?? first, { of: "tensors" });
  if (axis === null || isProblem(axis)) return axis;
  if (ranked === undefined) return concatenated(call, commonLead(call, parts), axis, "tensors");
  const aligned: Shape[] = [];
  for (const part of parts) {
    const shape = call.solver.requireRank(part, ranked.dims.length);
    if (shape === null) return otherRank(call, ranked, part);
    aligned.push(shape);
  }
  return concatenated(call, aligned, axis, "tensors");
}

/** Of tensors whose ranks are all unknown the leading dimensions agree, since all others must. */
function commonLead(call: Call, parts: readonly Shape[]): readonly Shape[] {
  const depth = Math.max(...parts.map((shape) => shape.dims.length));
  const wide = parts.map((shape) => call.solver.requireAtLeast(shape, depth) ?? shape);
  const [first] = wide;
  for (const shape of wide) {
    if (first?.lead != null && shape.lead !== null && shape.lead.id !== first.lead.id) {
      call.solver.bindLead(shape.lead, { lead: first.lead, dims: [] });
    }
  }
  return wide.map((shape) => call.solver.shape(shape));
}

function otherRank(call: Call, a: Shape, b: Shape): Problem {
  const [first, second] = [shown(call, "", a)(() => "").trim(), shown(call, "", b)(() => "").trim()];
  return problem("cat-sizes", {
    parameters: ["tensors"],
    message: () => `Concatenating needs tensors with the same number of dimensions; ${first} and ${second} differ.`,
  });
}

/** Of a list of unknown length only the other dimensions are known. */
function joinMany(call: Call, many: Extract<Datum, { kind: "many" }>): ShapeAnswer {
  const one = readTensor(call, many.element).shape;
  const axis = axisOf(call, "dim", one, { of: "tensors" });
  if (axis === null || isProblem(axis) || -axis > one.dims.length) return isProblem(axis) ? axis : null;
  const size = one.dims.at(axis);
  return size === undefined ? null : { lead: one.lead, dims: one.dims.with(axis, unknownDim()) };
}

export const stack = op({
  names: ["torch.stack", "numpy.stack"],
  summary: "Joins tensors of one shape along a new dimension.",
  call: {
    torch: "tensors: tensors, dim|axis: axis = 0, *, out: any = None",
    numpy:
      "arrays as tensors: tensors, axis as dim: axis = 0, out: any = None, *, dtype: any = None, casting: any = None",
  },
  shape: (call) => {
    const many = argument(call, "tensors");
    const parts = many.kind === "many" ? [readTensor(call, many.element)] : tensorsOf(call, "tensors");
    if (parts === null) return null;
    const shape = agreeing(
      call,
      parts.map((part) => part.shape),
      "tensors",
    );
    if (isProblem(shape)) return shape;
    const count = many.kind === "many" ? many.length : constant(parts.length);
    const axis = axisOf(call, "dim", shape, { of: "tensors", extra: 1 });
    if (axis === null || isProblem(axis)) return axis;
    return withAxis(call.solver.shape(shape), axis, count);
  },
  dtype: joinedType,
});

/** `hstack`, `vstack` and their kin: a `cat` after vectors got the dimensions that they lack. */
function stacking(call: Call): ShapeAnswer {
  const parts = tensorsOf(call, "tensors");
  if (parts === null || parts.some(({ shape }) => shape.lead !== null)) return null;
  const name = shortName(call).replace("row_stack", "vstack");
  const raised = parts.map((part) => ({ ...part, shape: raise(name, part.shape) }));
  const flat = name === "hstack" && raised.every(({ shape }) => shape.dims.length === 1);
  const axis = name === "vstack" || flat ? 0 : name === "dstack" ? 2 : 1;
  return joinAlong(call, raised, { kind: "int", value: constant(axis) });
}

function raise(name: string, { dims }: Shape): Shape {
  const one = constant(1);
  const plain = dims.length === 0 ? [one] : dims;
  if (name === "hstack" || plain.length > 2) return { lead: null, dims: plain };
  if (plain.length === 2) return { lead: null, dims: name === "dstack" ? [...plain, one] : plain };
  if (name === "column_stack") return { lead: null, dims: [...plain, one] };
  return { lead: null, dims: name === "dstack" ? [one, ...plain, one] : [one, ...plain] };
}

export const hstack = op({
  names: [
    ...["hstack", "vstack", "dstack", "column_stack", "row_stack"].flatMap((name) => [
      `torch.${name}`,
      `numpy.${name}`,
    ]),
  ],
  summary: "Joins tensors along a certain dimension, after vectors got the dimensions that they lack.",
  call: {
    torch: "tensors: tensors, *, out: any = None",
    numpy: "tup as tensors: tensors, *, dtype: any = None, casting: any = None",
  },
  shape: stacking,
  dtype: joinedType,
});

export const append = op({
  names: ["numpy.append"],
  summary: "Joins two arrays, flattened unless an axis is given.",
  call: "arr: any, values: any, axis as dim: axis = None",
  shape: (call) => {
    const pair = [tensorOf(call, "arr"), tensorOf(call, "values")];
    if (isGiven(call, "dim")) return joinAlong(call, pair, argument(call, "dim"));
    const flat = pair.map(({ shape }): Dim | null =>
      shape.lead === null ? shape.dims.reduce((a, b) => multiply(a, b), constant(1)) : null,
    );
    const [a, b] = flat;
    return { lead: null, dims: [a != null && b != null ? add(a, b) : unknownDim()] };
  },
  dtype: (call) => promoteData(call, [argument(call, "arr"), argument(call, "values")]),
});

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
  names: [...inTorch("split"), "torch.Tensor.split_with_sizes", "torch.split_with_sizes", "torch.functional.split"],
  summary: "Parts of the given size, or of the given sizes, along a dimension.",
  call: "input|tensor as input: tensor, split_size_or_sections|split_size|split_sizes: any, dim: axis = 0",
  shape: (call) => {
    const at = target(call);
    if (isProblem(at)) return at;
    if (at === null) return { value: unknown };
    const sizes = argument(call, "split_size_or_sections");
    const items = itemsOf(sizes);
    return items === null ? splitEqually(call, at, dimOf(sizes)) : splitInto(call, at, items);
  },
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
  names: inTorch("chunk"),
  summary: "The given number of parts along a dimension, the last of which can be smaller.",
  call: "input: tensor, chunks: int, dim: axis = 0",
  shape: (call) => {
    const at = target(call);
    if (isProblem(at)) return at;
    const count = numberOf(argument(call, "chunks"));
    if (at === null || count === null || count <= 0 || count > MANY) return { value: unknown };
    const whole = asNumber(at.size);
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
});

export const numpySplit = op({
  names: [...inNumpy("split", "array_split"), ...inTorch("tensor_split")],
  summary: "Equal parts along a dimension, or parts between the given positions.",
  call: {
    numpy: "ary as input: tensor, indices_or_sections: any, axis as dim: axis = 0",
    torch: "input: tensor, indices_or_sections|indices|sections: any, dim: axis = 0",
  },
  shape: (call) => {
    const at = target(call);
    if (isProblem(at)) return at;
    const where = argument(call, "indices_or_sections");
    const count = numberOf(where);
    const whole = at === null ? null : asNumber(at.size);
    if (at === null) return { value: unknown };
    if (count !== null) return equalSections(call, at, whole, count);
    const positions = (itemsOf(where) ?? [unknown]).map(numberOf);
    if (whole === null || !positions.every((position) => position !== null)) return { value: unknown };
    const clamp = (position: number): number =>
      Math.min(Math.max(position < 0 ? position + whole : position, 0), whole);
    const edges = [0, ...positions.map(clamp), whole];
    const sizes = edges.slice(1).map((edge, i) => constant(Math.max(0, edge - (edges[i] ?? 0))));
    return parts(call, at.input, at.axis, sizes);
  },
});

function equalSections(call: Call, at: Target, whole: number | null, count: number): ShapeAnswer {
  if (count <= 0 || count > MANY) return { value: unknown };
  const strict = call.name === "numpy.split";
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
  names: [...inTorch("unbind")],
  summary: "The slices along a dimension, which goes away.",
  call: "input: tensor, dim: axis = 0",
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

/** The number of dimensions that all inputs have at least. */
export const atLeast = op({
  names: [
    "torch.atleast_1d",
    "torch.atleast_2d",
    "torch.atleast_3d",
    "numpy.atleast_1d",
    "numpy.atleast_2d",
    "numpy.atleast_3d",
  ],
  summary: "Adds dimensions of size 1 until there are so many.",
  call: "*tensors: any",
  shape: (call) => {
    const items = itemsOf(argument(call, "tensors")) ?? [];
    const [only] = items;
    if (
      only === undefined ||
      items.length !== 1 ||
      (only.kind !== "tensor" && only.kind !== "int" && only.kind !== "float")
    )
      return { value: unknown };
    const { shape, dtype } = readTensor(call, only);
    const count = rank(shape);
    if (count === null) return { value: unknown };
    const one = constant(1);
    const wanted = Number(shortName(call).slice(8, 9));
    const missing = Math.max(0, wanted - count);
    const middle =
      wanted === 3 && count === 2
        ? [...shape.dims, one]
        : wanted === 3 && count === 1
          ? [one, ...shape.dims, one]
          : null;
    const dims = middle ?? [...Array.from({ length: missing }, () => one), ...shape.dims];
    return { value: tensor({ lead: null, dims }, dtype, libraryOf(call)) };
  },
});
