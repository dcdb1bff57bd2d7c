/**
 * Operators that join tensors: `cat`, `stack` and their kin. Those that take them apart are in `splitting.ts`.
 */
import { add, constant, multiply, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, dtypeArgument, isGiven, libraryOf, readTensor, tensorOf, tensorsOf } from "./arguments.ts";
import { itemsOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { promoteData } from "./dtype-rules.ts";
import { inOrder } from "./memory-rules.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown } from "./problems.ts";
import type { Datum, Tensor } from "./value.ts";
import { axisOf, readAxis } from "./verbs/axis.ts";
import { agreeing, concatenated, isEmptyVector, withAxis } from "./verbs/join.ts";

const joinedType = (call: Call): Tensor["dtype"] => {
  const given = dtypeArgument(call.args);
  if (given !== undefined) return given;
  const parts = tensorsOf(call, "tensors");
  const many = argument(call, "tensors");
  if (many.kind === "many") return readTensor(call, many.element).dtype;
  // NumPy makes arrays of numbers before it joins them.
  const items = libraryOf(call) === "numpy" ? parts : itemsOf(argument(call, "tensors"));
  return parts === null ? null : promoteData(call, items ?? parts);
};

export const cat = op({
  names: ["torch.cat", "torch.concat", "torch.concatenate", "numpy.concatenate", "numpy.concat"],
  summary: "Joins tensors along one of their dimensions.",
  call: {
    torch: "tensors: tensors, dim|axis: axis = 0, *, out: any = None",
    numpy:
      "arrays as tensors: tensors, /, axis as dim: axis = 0, out: any = None, *, dtype: dtype = None, casting: any = None",
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
  strides: inOrder,
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
  // Reading the axis may have shown dimensions of one of them.
  const depth = Math.max(...parts.map((shape) => call.solver.shape(shape).dims.length));
  const wide = parts.map((shape) => call.solver.requireAtLeast(shape, depth) ?? shape);
  const [first] = wide;
  for (const shape of wide) {
    if (first?.lead !== null && first?.lead !== undefined && shape.lead !== null && shape.lead.id !== first.lead.id) {
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
      "arrays as tensors: tensors, axis as dim: axis = 0, out: any = None, *, dtype: dtype = None, casting: any = None",
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
  strides: inOrder,
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
  names: ["hstack", "vstack", "dstack", "column_stack", "row_stack"].flatMap((name) => [
    `torch.${name}`,
    `numpy.${name}`,
  ]),
  summary: "Joins tensors along a certain dimension, after vectors got the dimensions that they lack.",
  call: {
    torch: "tensors: tensors, *, out: any = None",
    numpy: "tup as tensors: tensors, *, dtype: dtype = None, casting: any = None",
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
    return {
      lead: null,
      dims: [a !== null && a !== undefined && b !== null && b !== undefined ? add(a, b) : unknownDim()],
    };
  },
  dtype: (call) => promoteData(call, [argument(call, "arr"), argument(call, "values")]),
});

/** The number of dimensions that all inputs have at least. */
export const atLeast = op({
  names: [1, 2, 3].flatMap((count) => [`torch.atleast_${count}d`, `numpy.atleast_${count}d`]),
  summary: "Adds dimensions of size 1 until there are so many.",
  call: "*tensors: any",
  shape: (call) => {
    const items = itemsOf(argument(call, "tensors")) ?? [];
    const [only] = items;
    if (items.length === 1 && only?.kind !== "tensor" && only?.kind !== "int" && only?.kind !== "float")
      return { value: unknown };
    const raised = items.map((item) => raisedTo(call, Number(shortName(call).slice(8, 9)), readTensor(call, item)));
    return { value: raised.length === 1 ? (raised[0] ?? unknown) : tuple(raised) };
  },
});

function raisedTo(call: Call, wanted: number, { shape, dtype }: Tensor): Datum {
  const count = rank(shape);
  if (count === null) return unknown;
  const one = constant(1);
  const missing = Math.max(0, wanted - count);
  const front = wanted === 3 && count > 0 ? Math.max(0, missing - 1) : missing;
  const ones = Array.from({ length: missing }, () => one);
  const dims = [...ones.slice(0, front), ...shape.dims, ...ones.slice(front)];
  return tensor({ lead: null, dims }, dtype, libraryOf(call));
}
