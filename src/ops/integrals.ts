/**
 * PyTorch's differences of neighbours and the sums that undo them: `diff`, `gradient`, `trapezoid`.
 */
import { add, asNumber, constant, maximum, rank, subtract, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, isGiven, isNumber, numberArgument, tensorOf } from "./arguments.ts";
import { itemsOf, tensor, tuple, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import { floating, promoteData, promoted, same } from "./dtype-rules.ts";
import { inTorch } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shown } from "./problems.ts";
import { axesOf, axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

/** What remains of a size when `n` elements go; never less than none. */
function without(call: Call, size: Dim, n: number): Dim {
  const rest = subtract(size, constant(n));
  const number = asNumber(rest);
  if (number !== null) return constant(Math.max(0, number));
  return call.solver.atLeast(rest, 0) === "yes" ? rest : maximum(rest, constant(0));
}

export const diff = op({
  names: inTorch("diff"),
  summary: "Differences of neighbours along a dimension, taken `n` times.",
  call: "input: tensor, n: int = 1, dim: axis = -1, prepend: any = None, append: any = None, *, out: any = None",
  shape: (call) => {
    const shape = call.solver.shape(tensorOf(call, "input").shape);
    if (rank(shape) === 0) return otherRank(call, "input", shape, "at least 1 dimension");
    const n = numberArgument(call, "n");
    if (n === 0 && !isGiven(call, "prepend") && !isGiven(call, "append")) return shape;
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    if (n !== null && n < 0) return problem("argument", { message: () => `\`diff\` cannot be taken ${n} times.` });
    const size = extended(call, shape, axis);
    if (size === undefined || isProblem(size)) return size ?? null;
    if (n === 0) return shape;
    const left = n === null ? unknownDim() : without(call, size, n);
    return { lead: shape.lead, dims: shape.dims.with(axis, left) };
  },
  dtype: (call) => {
    const given = ["prepend", "append"].filter((parameter) => isGiven(call, parameter));
    return given.length === 0
      ? same()(call)
      : promoteData(
          call,
          ["input", ...given].map((one) => argument(call, one)),
        );
  },
});

/** The size along the dimension with what stands before and after it, which agrees in all other dimensions. */
function extended(call: Call, shape: Shape, axis: number): Dim | Problem | undefined {
  let size = shape.dims.at(axis);
  for (const parameter of ["prepend", "append"].filter((one) => isGiven(call, one))) {
    const { shape: part } = tensorOf(call, parameter);
    const [own, other] = [rank(shape), rank(part)];
    if (own !== null && other !== null && own !== other) return otherPart(call, parameter, part);
    if (own === null || other === null) return unknownDim();
    for (const [i, dim] of part.dims.entries()) {
      const place = i - part.dims.length;
      const verdict = place === axis ? null : call.solver.require(dim, shape.dims.at(place) ?? dim, call.cause);
      if (verdict?.answer === "no") return otherPart(call, parameter, part);
    }
    const more = part.dims.at(axis);
    size = size === undefined || more === undefined ? undefined : add(size, more);
  }
  return size;
}

function otherPart(call: Call, parameter: string, part: Shape): Problem {
  const [whole, told] = [shown(call, "input", tensorOf(call, "input")), shown(call, parameter, part)];
  return problem("cat-sizes", {
    parameters: ["input", parameter],
    message: (name) => `\`diff\` cannot put ${told(name)} beside ${whole(name)}: the other dimensions differ.`,
  });
}

/** `torch.gradient` always answers with a list, of one tensor for each dimension. */
export const gradient = op({
  names: ["torch.gradient"],
  summary: "Estimates of the slope along each dimension.",
  call: "input: tensor, *, spacing: any = None, dim: axes = None, edge_order: any = 1",
  shape: (call) => {
    const { shape: given, dtype } = tensorOf(call, "input");
    const shape = call.solver.shape(given);
    const chosen = argument(call, "dim");
    if (dtype === "bool") return noTruth(call);
    const named = chosen.kind === "none" ? null : axesOf(call, "dim", shape, { of: "input" });
    if (isProblem(named)) return named;
    const count = chosen.kind === "none" ? rank(shape) : (named?.length ?? null);
    if (count === null) return { value: unknown };
    const dims = chosen.kind === "none" ? shape.dims : (named ?? []).map((axis) => shape.dims.at(axis));
    const wrong = tooShort(call, dims) ?? otherSpacing(call, count);
    const slope = tensor(shape, floating()(call), "torch");
    return wrong ?? { value: tuple(Array.from({ length: count }, () => slope)) };
  },
});

function tooShort(call: Call, dims: readonly (Dim | undefined)[]): Problem | null {
  const order = numberArgument(call, "edge_order");
  if (order !== null && order !== 1 && order !== 2)
    return problem("argument", { message: () => `\`edge_order\` is 1 or 2, not ${order}.` });
  const needed = (order ?? 1) + 1;
  if (!dims.some((dim) => dim !== undefined && call.solver.atLeast(dim, needed) === "no")) return null;
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `\`gradient\` needs at least ${needed} elements along a dimension of ${told(name)}.`,
  });
}

/** One distance for all dimensions, or one for each. */
function otherSpacing(call: Call, count: number): Problem | null {
  const given = itemsOf(argument(call, "spacing"))?.length ?? null;
  if (given === null || given === count || argument(call, "spacing").kind === "tensor") return null;
  return problem("argument", {
    message: () => `\`gradient\` takes as many distances as dimensions: ${given} for ${count}.`,
  });
}

const INTEGRAL = "y as input: tensor, x: any = None, *, dx: any = 1, dim: axis = -1";

export const trapezoid = op({
  names: ["torch.trapezoid", "torch.trapz"],
  summary: "Integral along a dimension by the trapezoidal rule.",
  call: INTEGRAL,
  shape: (call) => {
    const [steps, axis] = spans(call);
    if (steps === null || isProblem(steps) || axis === null) return steps;
    return { lead: steps.lead, dims: steps.dims.filter((_, i) => i - steps.dims.length !== axis) };
  },
  dtype: integralType,
});

export const cumulativeTrapezoid = op({
  names: ["torch.cumulative_trapezoid"],
  summary: "Running integral along a dimension by the trapezoidal rule.",
  call: INTEGRAL,
  shape: (call) => spans(call)[0],
  dtype: integralType,
});

function integralType(call: Call): ReturnType<ReturnType<typeof floating>> {
  const empty = tensorOf(call, "input").shape.dims.some((dim) => asNumber(dim) === 0);
  const joined = isGiven(call, "x") ? promoted("input", "x") : same();
  return empty ? null : floating(joined)(call);
}

/** The shape of the pieces between neighbours: one less along the dimension, broadcast with their widths. */
function spans(call: Call): readonly [shape: Shape | Problem | null, axis: number | null] {
  const y = tensorOf(call, "input");
  if (y.dtype === "bool") return [noTruth(call), null];
  const axis = axisOf(call, "dim", y.shape, { of: "input" });
  if (axis === null || isProblem(axis)) return [axis, null];
  const shape = call.solver.shape(y.shape);
  const size = shape.dims.at(axis);
  if (size === undefined || -axis > shape.dims.length) return [null, null];
  const pieces: Shape = { lead: shape.lead, dims: shape.dims.with(axis, without(call, size, 1)) };
  // Over no samples PyTorch answers without a look at their places.
  const none = asNumber(size) === 0 && !call.name.includes("cumulative");
  if (none || !isGiven(call, "x") || isNumber(argument(call, "x"))) return [pieces, axis];
  return [widths(call, pieces, size, axis), axis];
}

/** `x` has one place for each sample: a vector along the dimension, or a tensor that is broadcast. */
function widths(call: Call, pieces: Shape, size: Dim, axis: number): Shape | Problem | null {
  const x = tensorOf(call, "x").shape;
  const [places, samples] = [rank(x), rank(pieces)];
  if (places === null || samples === null || places > samples || argument(call, "x").kind !== "tensor") return null;
  if (places === 1) {
    const verdict = call.solver.require(x.dims[0] ?? size, size, call.cause);
    return verdict.answer === "no" ? otherPlaces(call, x) : pieces;
  }
  const own = x.dims.at(axis);
  if (own === undefined || -axis > x.dims.length) return null;
  const steps: Shape = { lead: null, dims: x.dims.with(axis, without(call, own, 1)) };
  return broadcastAll(call, [
    { parameter: "input", shape: pieces },
    { parameter: "x", shape: steps },
  ]);
}

function otherPlaces(call: Call, x: Shape): Problem {
  const [whole, told] = [shown(call, "input", tensorOf(call, "input")), shown(call, "x", x)];
  return problem("broadcast", {
    parameters: ["input", "x"],
    message: (name) => `\`${shortName(call)}\` needs one place for each sample: ${told(name)} for ${whole(name)}.`,
  });
}

function noTruth(call: Call): Problem {
  return problem("dtype", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` takes numbers; ${name("input")} is bool.`,
  });
}
