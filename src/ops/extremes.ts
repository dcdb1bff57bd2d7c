/**
 * PyTorch's operators that pick elements by their order: extremes, medians, quantiles, the most frequent value.
 * Along a dimension most answer with values and their indices. Of no elements there is nothing to pick.
 */
import { asNumber, constant, rank, unknownShape, type Shape } from "../shapes/index.ts";
import { argument, isGiven, isNumber, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, record, tensor, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { always, promoted, same } from "./dtype-rules.ts";
import { inTorch } from "./names.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shown, shownDim } from "./problems.ts";
import { axesOf, axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { reduce } from "./verbs/reduce.ts";

/** A dimension of size 0 has no extreme; without a named one, neither has an empty tensor. */
function nothingToPick(call: Call, options: { readonly whole: boolean } = { whole: true }): Problem | null {
  const shape = call.solver.shape(tensorOf(call, "input").shape);
  const chosen = argument(call, "dim");
  const whole = chosen.kind === "none" || itemsOf(chosen)?.length === 0;
  const axes = whole ? null : axesOf(call, "dim", shape, { of: "input", scalars: true });
  if (isProblem(axes)) return axes;
  const dims = whole ? (options.whole ? shape.dims : []) : (axes ?? []).map((axis) => shape.dims.at(axis));
  if (!dims.some((dim) => dim !== undefined && asNumber(dim) === 0)) return null;
  const told = shown(call, "input", shape);
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` has nothing to pick from: ${told(name)} is empty there.`,
  });
}

export const amax = op({
  names: inTorch("amax", "amin"),
  summary: "Extreme value over dimensions.",
  call: "input: tensor, dim|axis: axes = (), keepdim|keepdims: bool = False, *, out: any = None",
  shape: (call) => nothingToPick(call) ?? otherOut(call) ?? reduce(call, { emptyMeansAll: true }),
});

/** Results are written only into a tensor of their own type. */
function otherOut(call: Call): Problem | null {
  const [out, { dtype }] = [argument(call, "out"), tensorOf(call, "input")];
  if (out.kind !== "tensor" || out.dtype === null || dtype === null || out.dtype === dtype) return null;
  const given = out.dtype;
  return problem("dtype", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` of ${name("input")} is ${dtype}, but \`out\` is ${given}.`,
  });
}

export const aminmax = op({
  names: inTorch("aminmax"),
  summary: "The smallest and the greatest element, of the whole tensor or along a dimension.",
  call: "input: tensor, *, dim: axis = None, keepdim: bool = False, out: any = None",
  shape: (call) => {
    const shape = nothingToPick(call) ?? reduce(call);
    if (isProblem(shape)) return shape;
    const part = tensor(shape ?? unknownShape(), tensorOf(call, "input").dtype, "torch");
    return {
      value: record("aminmax", [
        ["min", part],
        ["max", part],
      ]),
    };
  },
});

/** `max(x)`, `max(x, dim)` with indices, `max(x, other)` element by element. */
function extreme(name: "max" | "min"): readonly Operator[] {
  return op({
    names: inTorch(name),
    summary: `The ${name === "max" ? "greatest" : "smallest"} element, along a dimension together with its index, or of two tensors.`,
    call: "input: tensor, dim|axis|other: any = None, keepdim|keepdims: bool = False, *, out: any = None",
    shape: (call) => {
      const chosen = argument(call, "dim");
      if (chosen.kind === "tensor") {
        const other = { parameter: "dim", shape: tensorOf(call, "dim").shape };
        return broadcastAll(call, [{ parameter: "input", shape: tensorOf(call, "input").shape }, other]);
      }
      if (chosen.kind === "none") return nothingToPick(call) ?? reduce(call);
      return chosen.kind === "int" ? withIndices(call) : { value: unknown };
    },
    dtype: (call) => (argument(call, "dim").kind === "tensor" ? promoted("input", "dim")(call) : same()(call)),
  });
}

export const max = extreme("max");
export const min = extreme("min");

function withIndices(call: Call): ShapeAnswer {
  const shape = nothingToPick(call) ?? reduce(call);
  return isProblem(shape) ? shape : { value: valuesAndIndices(call, shape ?? unknownShape()) };
}

export function valuesAndIndices(call: Call, shape: Shape): ReturnType<typeof record> {
  return record(shortName(call), [
    ["values", tensor(shape, tensorOf(call, "input").dtype, "torch")],
    ["indices", tensor(shape, "int64", "torch")],
  ]);
}

export const median = op({
  names: inTorch("median", "nanmedian"),
  summary: "Median, along a dimension together with its index.",
  call: "input: tensor, dim|axis: axis = None, keepdim: bool = False, *, out: any = None",
  shape: (call) => (isGiven(call, "dim") ? withIndices(call) : reduce(call)),
});

export const mode = op({
  names: inTorch("mode"),
  summary: "The most frequent value along a dimension, with its index.",
  call: "input: tensor, dim|axis: axis = -1, keepdim: bool = False, *, out: any = None",
  shape: withIndices,
});

export const cumulativeExtreme = op({
  names: inTorch("cummax", "cummin"),
  summary: "Running extreme along a dimension, with its index.",
  call: "input: tensor, dim|axis: axis, *, out: any = None",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const axis = axisOf(call, "dim", shape, { of: "input", scalars: true });
    // PyTorch does not look at the dimension where there are no elements.
    const empty = shape.dims.some((dim) => asNumber(dim) === 0);
    return isProblem(axis) && !empty ? axis : { value: valuesAndIndices(call, shape) };
  },
});

export const kthValue = op({
  names: inTorch("kthvalue"),
  summary: "The k-th smallest element along a dimension, with its index.",
  call: "input: tensor, k: int, dim: axis = -1, keepdim: bool = False, *, out: any = None",
  shape: (call) => {
    const shape = reduce(call);
    if (isProblem(shape)) return shape;
    const wide = call.solver.shape(tensorOf(call, "input").shape);
    const axis = axisOf(call, "dim", wide, { of: "input", scalars: true });
    const size = typeof axis !== "number" ? undefined : rank(wide) === 0 ? constant(1) : wide.dims.at(axis);
    const k = dimOf(argument(call, "k"));
    if (k === null || size === undefined) return { value: valuesAndIndices(call, shape ?? unknownShape()) };
    const beyond = call.solver.less(size, k) === "yes" || (asNumber(k) ?? 1) < 1;
    return beyond
      ? problem("index-range", {
          parameters: ["input"],
          message: () => `\`kthvalue\` cannot give number ${shownDim(call, k)} of ${shownDim(call, size)} elements.`,
        })
      : { value: valuesAndIndices(call, shape ?? unknownShape()) };
  },
});

export const argmax = op({
  names: inTorch("argmax", "argmin"),
  summary: "Index of the extreme element, of the whole tensor or along a dimension.",
  call: "input: tensor, dim|axis: axis = None, keepdim|keepdims: bool = False",
  shape: (call) => noTruth(call) ?? nothingToPick(call) ?? reduce(call),
  dtype: always("int64"),
});

function noTruth(call: Call): Problem | null {
  if (tensorOf(call, "input").dtype !== "bool") return null;
  return problem("dtype", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` takes numbers; ${name("input")} is bool.`,
  });
}

export const quantile = op({
  names: inTorch("quantile", "nanquantile"),
  summary: "Quantiles over dimensions; several of them make a new first dimension.",
  call: 'input: tensor, q: any, dim: axis = None, keepdim: bool = False, *, interpolation: any = "linear", out: any = None',
  shape: (call) => {
    const wrong = nothingToPick({ ...call, args: new Map(call.args).set("dim", { kind: "none" }) });
    const shape = wrong ?? otherNumbers(call) ?? reduce(call);
    if (shape === null || isProblem(shape)) return shape;
    const q = argument(call, "q");
    if (isNumber(q)) return shape;
    const points = tensorOf(call, "q").shape;
    if (points.dims.length > 1) return otherRank(call, "q", points, "a number or 1 dimension");
    if (q.kind !== "tensor" || points.lead !== null || shape.lead !== null) return null;
    return { lead: null, dims: [...points.dims, ...shape.dims] };
  },
});

/** Quantiles are of float32 or float64, and `q` is a number or a tensor of the same type. */
function otherNumbers(call: Call): Problem | null {
  const { dtype } = tensorOf(call, "input");
  const q = argument(call, "q").kind === "tensor" ? tensorOf(call, "q").dtype : dtype;
  const fits = dtype === null || dtype === "float32" || dtype === "float64";
  if (fits && (q === null || dtype === null || q === dtype)) return null;
  return problem("dtype", {
    parameters: ["input"],
    message: (name) =>
      fits
        ? `\`${shortName(call)}\` needs one type; ${name("input")} is ${dtype ?? "?"} and ${name("q")} is ${q ?? "?"}.`
        : `\`${shortName(call)}\` needs float32 or float64; ${name("input")} is ${dtype}.`,
  });
}
