/**
 * Subscripts and the operators that select by index: `x[…]`, `x[…] = y`, `gather`, `index_select`, `topk`,
 * `sort`, `nonzero`. Where elements go is the business of `verbs/index.ts`.
 */
import {
  asNumber,
  constant,
  elementCount,
  rank,
  unknownDim,
  unknownShape,
  type Dim,
  type Shape,
  type Verdict,
} from "../shapes/index.ts";
import { argument, isGiven, libraryOf, tensorOf } from "./arguments.ts";
import { arrayOf, itemsOf, none, numberOf, tensor, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import { isFloating } from "./dtype.ts";
import { alsoInPlace, inArray, inNumpy, inTorch } from "./names.ts";
import { mixedTypes } from "./matmul.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown } from "./problems.ts";
import type { Datum, Tensor } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll, fitInto } from "./verbs/broadcast.ts";
import { indexed, indexedStrides } from "./verbs/index.ts";
import { sliceLength } from "./verbs/slice.ts";

const SELECTED = "input: tensor, src as source: tensor, dim: axis, index: any";

const INDEXING = { numpy: "user/basics.indexing.html", python: "reference/expressions.html#subscriptions" } as const;

export const subscript = op({
  names: ["operator.[]", "torch.Tensor.__getitem__", "numpy.ndarray.__getitem__"],
  docs: INDEXING,
  summary: "Selects by integers, slices, `None`, `...`, masks and index tensors.",
  call: "object: any, index: any",
  shape: (call) => {
    const object = argument(call, "object");
    const index = argument(call, "index");
    if (object.kind !== "tensor") return { value: element(object, index) };
    const shape = indexed(call, "object", object, index);
    if (isProblem(shape)) return shape;
    const content = shape !== null && rank(shape) === 0 ? contentAt(object.content, index) : null;
    const value = tensor(shape ?? unknownShape(), object.dtype, object.library);
    if (shape === null && index.kind === "string") return { value: unknown };
    return { value: content === null ? value : { ...value, content: [content] } };
  },
  strides: (call) => {
    const object = argument(call, "object");
    return object.kind === "tensor" ? indexedStrides(call, object, argument(call, "index")) : null;
  },
});

/** An item of a tuple or list. */
function element(object: Datum, index: Datum): Datum {
  const items = itemsOf(object);
  if (object.kind === "many") return index.kind === "int" ? object.element : unknown;
  const at = numberOf(index);
  return items === null || at === null || index.kind !== "int" ? unknown : (items.at(at) ?? unknown);
}

function contentAt(content: readonly ReturnType<typeof constant>[] | undefined, index: Datum) {
  const at = numberOf(index);
  return content === undefined || at === null ? null : (content.at(at) ?? null);
}

export const store = op({
  names: ["operator.[]="],
  docs: INDEXING,
  summary: "Writes into the selected elements; the value must broadcast to their shape.",
  call: "object: any, index: any, value: any",
  shape: (call) => {
    const object = argument(call, "object");
    if (object.kind !== "tensor") return { value: none };
    const place = indexed(call, "object", object, argument(call, "index"));
    if (place === null) return { value: none };
    if (isProblem(place)) return place;
    const value = stored(argument(call, "value"), object);
    if (value === null) return { value: none };
    const shape = call.solver.shape(value.shape);
    const wrong = fitInto(call, { parameter: "value", shape }, place, "broadcast", { extraOnes: true });
    return wrong ?? { value: none };
  },
});

/** NumPy makes an array of a list that is written into one. */
function stored(value: Datum, into: Tensor): Tensor | null {
  if (value.kind === "tensor") return value;
  const listed = into.library === "numpy" && (value.kind === "list" || value.kind === "tuple");
  return listed ? arrayOf(value, "numpy") : null;
}

export function needIntegers(call: Call, parameter: string): Problem | null {
  const { dtype } = tensorOf(call, parameter);
  if (dtype === null || !isFloating(dtype)) return null;
  return problem("dtype", {
    blame: parameter,
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` takes integers as indices; ${name(parameter)} is ${dtype}.`,
  });
}

export function needLong(call: Call, parameter: string): Problem | null {
  const { dtype } = tensorOf(call, parameter);
  if (dtype === null || dtype === "int64") return null;
  return problem("dtype", {
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` takes int64; ${name(parameter)} is ${dtype}.`,
  });
}

export const gather = op({
  names: inTorch("gather"),
  summary: "Elements picked along a dimension; the result has the shape of the index.",
  call: "input: tensor, dim: axis, index: tensor, *, sparse_grad: any = False, out: any = None",
  shape: (call) => {
    const [input, index] = [tensorOf(call, "input").shape, tensorOf(call, "index").shape];
    return needIntegers(call, "index") ?? pickProblem(call, input, index) ?? index;
  },
});

/** `gather` takes an index of the same rank, no larger than the input but along the dimension. */
function pickProblem(call: Call, input: Shape, index: Shape): Problem | null {
  const axis = axisOf(call, "dim", input, { of: "input", scalars: true });
  if (isProblem(axis)) return axis;
  const [n, m] = [rank(input), rank(index)];
  if (n === null || m === null || n === 0 || m === 0) return null;
  const [told, wanted] = [shown(call, "input", input), shown(call, "index", index)];
  const empty = index.dims.some((dim) => asNumber(dim) === 0);
  const larger = index.dims.some((dim, i) => i - m !== axis && call.solver.less(input.dims[i] ?? dim, dim) === "yes");
  if (empty || (n === m && (axis === null || !larger))) return null;
  return problem("index-sizes", {
    parameters: ["input", "index"],
    message: (name) => `\`${shortName(call)}\` cannot pick ${wanted(name)} from ${told(name)}.`,
  });
}

export const takeAlong = op({
  names: [...inTorch("take_along_dim"), ...inNumpy("take_along_axis")],
  summary: "Elements picked along a dimension; the other dimensions broadcast.",
  call: {
    torch: "input: tensor, indices as index: tensor, dim: axis = None, *, out: any = None",
    numpy: "arr as input: tensor, indices as index: tensor, axis as dim: axis = -1",
  },
  shape: (call) => {
    const [input, index] = [tensorOf(call, "input").shape, tensorOf(call, "index").shape];
    if (!isGiven(call, "dim"))
      return rank(index) === null ? null : { lead: null, dims: [elementCount(index) ?? unknownDim()] };
    const axis = axisOf(call, "dim", input, { of: "input" });
    const [n, m] = [rank(input), rank(index)];
    if (axis === null || isProblem(axis)) return axis;
    if (n === null || n !== m || takesFromNothing(call, input.dims.at(axis), index)) return null;
    const size = index.dims.at(axis);
    if (size === undefined) return null;
    return broadcastAll(
      call,
      [
        { parameter: "input", shape: { lead: null, dims: input.dims.with(axis, size) } },
        { parameter: "index", shape: index },
      ],
      "index-sizes",
    );
  },
});

export const indexSelect = op({
  names: [...inTorch("index_select")],
  summary: "Slices along a dimension in the order of an index vector.",
  call: "input: tensor, dim: axis, index: tensor, *, out: any = None",
  shape: (call) => {
    const [input, index] = [tensorOf(call, "input").shape, tensorOf(call, "index").shape];
    const wrong = needIntegers(call, "index");
    if (wrong !== null) return wrong;
    if (index.dims.length > 1) return needVector(call, index);
    const axis = axisOf(call, "dim", input, { of: "input", scalars: true });
    if (axis === null || isProblem(axis)) return axis;
    const wide = call.solver.shape(input);
    if (rank(wide) === 0) return wide;
    const count = rank(index) === 1 ? (index.dims[0] ?? unknownDim()) : rank(index) === 0 ? constant(1) : unknownDim();
    return -axis > wide.dims.length ? null : { lead: wide.lead, dims: wide.dims.with(axis, count) };
  },
});

function needVector(call: Call, index: Shape): Problem {
  const told = shown(call, "index", index);
  return problem("index-sizes", {
    parameters: ["input", "index"],
    message: (name) =>
      `\`${shortName(call)}\` takes a vector of indices; ${told(name)} has ${index.dims.length} dimensions.`,
  });
}

export const take = op({
  names: [...inTorch("take"), ...inArray("take")],
  summary: "Elements of the flattened tensor, or slices along a dimension, by index.",
  call: {
    torch: "input: tensor, index: tensor, *, out: any = None",
    numpy: "a as input: tensor, indices as index: tensor, axis as dim: axis = None, out: any = None, mode: any = None",
  },
  shape: (call) => {
    const [input, index] = [tensorOf(call, "input").shape, tensorOf(call, "index").shape];
    const wrong = libraryOf(call) === "torch" ? needLong(call, "index") : null;
    if (wrong !== null) return wrong;
    const along = isGiven(call, "dim");
    const axis = along ? axisOf(call, "dim", input, { of: "input", scalars: true }) : 0;
    if (axis === null || isProblem(axis)) return axis;
    if (takesFromNothing(call, along ? input.dims.at(axis) : null, index)) return { value: unknown };
    if (!along || rank(input) === 0) return index;
    const wide = call.solver.shape(input);
    if (index.lead !== null || -axis > wide.dims.length) return null;
    const at = wide.dims.length + axis;
    return { lead: wide.lead, dims: [...wide.dims.slice(0, at), ...index.dims, ...wide.dims.slice(at + 1)] };
  },
  // JAX has an answer of its own for indices into nothing.
  inJax: { differs: (call) => tensorOf(call, "input").shape.dims.some((dim) => asNumber(dim) === 0) },
});

/** Whether elements are asked for where there may be none. */
function takesFromNothing(call: Call, size: Dim | null | undefined, index: Shape): boolean {
  const none = (dim: Dim): boolean => asNumber(dim) === 0;
  const input = tensorOf(call, "input").shape;
  const empty = size === null || size === undefined ? input.dims.some(none) : none(size);
  return empty && !index.dims.some(none);
}

export const scatterAt = op({
  names: alsoInPlace("scatter", "scatter_add", "scatter_reduce"),
  summary: "Writes or adds elements at indices along a dimension; the shape stays.",
  call: "input: tensor, dim: axis, index: tensor, src|value as source: any, *more: any, **options",
  shape: (call) => {
    const [input, index] = [tensorOf(call, "input").shape, tensorOf(call, "index").shape];
    const wrong = pickProblem(call, input, index);
    if (wrong !== null) return wrong;
    const source = argument(call, "source");
    return (source.kind === "tensor" ? sourceProblem(call, source.shape, index) : null) ?? input;
  },
});

/** The source has as many dimensions as the index and is nowhere smaller. */
function sourceProblem(call: Call, source: Shape, index: Shape): Problem | null {
  const [n, m] = [rank(source), rank(index)];
  if (n === null || m === null || n === 0 || m === 0 || index.dims.some((dim) => asNumber(dim) === 0)) return null;
  const smaller = index.dims.some((dim, i) => call.solver.less(source.dims[i] ?? dim, dim) === "yes");
  if (n === m && !smaller) return null;
  const [told, wanted] = [shown(call, "source", source), shown(call, "index", index)];
  return problem("index-sizes", {
    parameters: ["source", "index"],
    message: (name) => `\`${shortName(call)}\` needs an element of ${told(name)} for every index of ${wanted(name)}.`,
  });
}

export const addAt = op({
  names: alsoInPlace("index_add", "index_copy"),
  summary: "Adds or copies slices at the indices along a dimension; the shape stays.",
  call: "input: tensor, dim: axis, index: tensor, source: tensor, *more: any, **options",
  shape: (call) => {
    const [input, index] = [tensorOf(call, "input").shape, tensorOf(call, "index").shape];
    const source = tensorOf(call, "source").shape;
    const axis = axisOf(call, "dim", input, { of: "input", scalars: true });
    if (axis === null || isProblem(axis)) return isProblem(axis) ? axis : input;
    if (index.dims.length > 1) return needVector(call, index);
    const [count, size] = [rank(index) === 0 ? constant(1) : index.dims[0], source.dims.at(axis)];
    const [n, m] = [rank(input), rank(source)];
    const single = m === 0 && n === 1 && call.name.includes("index_copy");
    if (n !== null && m !== null && n !== m && n > 0 && !single) return otherSlices(call, source, index);
    const plain = rank(index) !== null && m !== null && m === n;
    if (!plain || count === undefined || size === undefined) return input;
    const types = mixedTypes(call, ["input", "source"]);
    if (types !== null) return types;
    for (const [i, dim] of input.dims.entries()) {
      const other = i - input.dims.length === axis ? undefined : source.dims[i];
      const agreed = other === undefined ? null : call.solver.require(dim, other, call.cause);
      if (agreed?.answer === "no") return otherSlices(call, source, index, agreed);
    }
    const verdict = call.solver.require(count, size, call.cause);
    return verdict.answer === "no" ? otherSlices(call, source, index, verdict) : input;
  },
});

function otherSlices(call: Call, source: Shape, index: Shape, verdict: Verdict | null = null): Problem {
  const [told, wanted] = [shown(call, "source", source), shown(call, "index", index)];
  return problem("index-sizes", {
    verdict,
    parameters: ["source", "index"],
    message: (name) => `\`${shortName(call)}\` needs a slice of ${told(name)} for every index of ${wanted(name)}.`,
  });
}

export const fillAt = op({
  names: alsoInPlace("index_fill"),
  summary: "Writes one value into the slices at the indices along a dimension; the shape stays.",
  call: "input: tensor, dim: axis, index: tensor, value: any",
  shape: (call) => {
    const input = tensorOf(call, "input").shape;
    const index = tensorOf(call, "index").shape;
    const axis = axisOf(call, "dim", input, { of: "input", scalars: true });
    if (isProblem(axis)) return axis;
    return index.dims.length > 1 ? needVector(call, index) : input;
  },
});

/** Writes into a part of a copy: what is written must have the shape of that part. */
export const partScatter = op({
  names: inTorch("select_scatter", "slice_scatter"),
  summary: "A copy with one slice, or a range of slices, written anew.",
  call: {
    torch: "input: tensor, src as source: tensor, dim: axis = 0, start: any = None, end: any = None, step: any = 1",
    "torch.select_scatter": SELECTED,
    "torch.Tensor.select_scatter": SELECTED,
  },
  shape: (call) => {
    const input = tensorOf(call, "input").shape;
    const axis = axisOf(call, "dim", input, { of: "input" });
    if (isProblem(axis)) return axis;
    const wide = call.solver.shape(input);
    if (axis === null || wide.lead !== null) return input;
    const at = wide.dims.length + axis;
    const kept = call.name.includes("select") ? [] : [rangeOf(call, wide.dims[at] ?? unknownDim())];
    const part: Shape = { lead: null, dims: [...wide.dims.slice(0, at), ...kept, ...wide.dims.slice(at + 1)] };
    const source = tensorOf(call, "source").shape;
    const verdict = call.solver.requireShapes(part, source, call.cause);
    if (verdict.answer !== "no") return input;
    const [told, wanted] = [shown(call, "source", source), shown(call, "input", part)];
    return problem("index-sizes", {
      verdict,
      parameters: ["source", "input"],
      message: (name) =>
        `${told(name)} does not have the shape of the part it is written into: ${wanted(() => "").trim()}.`,
    });
  },
});

function rangeOf(call: Call, size: Dim): Dim {
  const [lower, upper, step] = ["start", "end", "step"].map((parameter) => argument(call, parameter));
  return sliceLength(call, size, { kind: "slice", lower: lower ?? none, upper: upper ?? none, step: step ?? none });
}

/** Writes of many kinds that leave the shape of the first operand as it is. */
export const scatter = op({
  names: [...alsoInPlace("index_reduce"), ...inTorch("diagonal_scatter"), "torch.Tensor.fill_diagonal_"],
  summary: "Writes elements at indices into a tensor, whose shape stays.",
  call: "input: tensor, dim: any = None, *more: any, **options",
  shape: (call) => tensorOf(call, "input").shape,
});

/** Where it writes a copy, the tensor and its mask are broadcast together; in place, the mask fits into the tensor. */
export const maskedScatter = op({
  names: alsoInPlace("masked_scatter"),
  summary: "Writes elements where a mask is true.",
  call: "input: tensor, mask: tensor, source: tensor",
  shape: (call) => {
    const [input, mask] = ["input", "mask"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape }));
    const wrong = needBooleans(call, "mask") ?? mixedTypes(call, ["input", "source"]);
    if (wrong !== null || input === undefined || mask === undefined) return wrong;
    if (call.name.endsWith("_")) return fitInto(call, mask, input.shape) ?? input.shape;
    return broadcastAll(call, [input, mask]);
  },
});

/** A mask is of truth values; bytes still serve where they used to. */
export function needBooleans(call: Call, parameter: string): Problem | null {
  const { dtype } = tensorOf(call, parameter);
  const bytes = dtype === "uint8" && shortName(call) === "where";
  if (argument(call, parameter).kind !== "tensor" || dtype === null || dtype === "bool" || bytes) return null;
  return problem("dtype", {
    blame: parameter,
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` takes a mask of truth values; ${name(parameter)} is ${dtype}.`,
  });
}
