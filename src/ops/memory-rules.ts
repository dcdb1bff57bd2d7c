/**
 * Rules for where the elements of a result lie in memory, as declarations name them. A rule that cannot tell
 * answers null. They hold for PyTorch; other libraries copy where a view is not possible.
 */
import { asNumber, constant, rank, type Shape } from "../shapes/index.ts";
import { argument, isNumber } from "./arguments.ts";
import type { ShapeAnswer } from "./declare.ts";
import type { Call } from "./operator.ts";
import { isProblem } from "./problems.ts";
import type { Datum, Tensor } from "./value.ts";
import {
  elementwiseStrides,
  isDense,
  isRowMajor,
  rowMajor,
  stridesOf,
  viewedAs,
  withOtherOnes,
  type Laid,
  type Strides,
} from "./verbs/strides.ts";

export type StridesRule = (call: Call, shape: Shape) => Strides | null;

/** The elements lie in the order of the dimensions, however those of the operands do. */
export const laidOut: StridesRule = (call, shape) => (hasFormat(call) ? null : rowMajor(shape));

function hasFormat(call: Call): boolean {
  return argument(call, "memory_format").kind !== "none" || argument(call, "layout").kind !== "none";
}

/** The elements lie in order where those of every operand do. */
export const inOrder: StridesRule = (call, shape) => {
  const operands = operandsOf(call);
  return operands?.every((one) => liesInOrder(call, one)) === true ? rowMajor(shape) : null;
};

function liesInOrder(call: Call, tensor: Tensor): boolean {
  const strides = stridesOf(call, tensor);
  return rank(tensor.shape) === 0 || (strides !== null && isRowMajor(call.solver.shape(tensor.shape), strides));
}

/** All tensors among the arguments; null where something may be one of which nothing is known. */
function operandsOf(call: Call): readonly Tensor[] | null {
  const tensors: Tensor[] = [];
  const visit = (datum: Datum): boolean => {
    if (datum.kind === "tensor") tensors.push(datum);
    if (datum.kind === "tuple" || datum.kind === "list") return datum.items.every(visit);
    if (datum.kind === "record") return [...datum.fields.values()].every(visit);
    return datum.kind !== "unknown" && datum.kind !== "many";
  };
  const whole = [...call.args].every(([name, datum]) => UNSEEN.has(name) || visit(datum));
  return whole && tensors.length > 0 && !hasFormat(call) && argument(call, "out").kind === "none" ? tensors : null;
}

/** Arguments that may be of any kind and never are tensors. */
const UNSEEN: ReadonlySet<string> = new Set(["device", "dtype", "generator"]);

/** What an operation on each element gives: the order of the operands, stretched where they broadcast. */
export const elementwise: StridesRule = (call, shape) => {
  const ordered = inOrder(call, shape);
  if (ordered !== null) return ordered;
  const operands = operandsOf(call);
  const sizes = shape.dims.map(asNumber);
  if (operands === null || shape.lead !== null || !sizes.every((size) => size !== null)) return null;
  const laid = operands.map((one) => numbersOf(call, one));
  if (!laid.every((one) => one !== null)) return null;
  return elementwiseStrides(laid, sizes).map((stride) => constant(stride));
};

function numbersOf(call: Call, tensor: Tensor): Laid | null {
  if (rank(tensor.shape) === 0) return { sizes: [], strides: [] };
  const sizes = call.solver.shape(tensor.shape).dims.map(asNumber);
  const strides = stridesOf(call, tensor)?.map(asNumber);
  if (strides === undefined || !sizes.every((size) => size !== null)) return null;
  return strides.every((stride) => stride !== null) ? { sizes, strides } : null;
}

/** A copy that keeps the order of a tensor without gaps. */
export const preserved: StridesRule = (call) => {
  const input = argument(call, "input");
  if (input.kind !== "tensor" || hasFormat(call) || isNumber(input)) return null;
  const strides = stridesOf(call, input);
  return strides !== null && isDense(call.solver.shape(input.shape), strides) ? strides : null;
};

/** Dimensions in another order take their strides along, so that the rule for sizes moves those as well. */
export function reordered(rule: (call: Call) => ShapeAnswer): StridesRule {
  return (call) => {
    const input = argument(call, "input");
    const strides = input.kind === "tensor" ? stridesOf(call, input) : null;
    if (input.kind !== "tensor" || strides === null) return null;
    const moved = rule({
      ...call,
      args: new Map(call.args).set("input", { ...input, shape: { lead: null, dims: strides } }),
    });
    return moved !== null && !isProblem(moved) && "dims" in moved ? moved.dims : null;
  };
}

/** Other sizes over the same memory. */
export const viewed: StridesRule = (call, shape) => {
  const strides = viewOf(call, shape);
  return strides === "no" ? null : strides;
};

/** Other sizes over the same memory, or a copy where that is not possible. */
export const viewedOrCopied: StridesRule = (call, shape) => {
  const strides = viewOf(call, shape);
  return strides === "no" ? rowMajor(shape) : strides;
};

/** The strides of the input with other sizes; "no" where only a copy can have them. */
export function viewOf(call: Call, shape: Shape): Strides | "no" | null {
  const input = argument(call, "input");
  const strides = input.kind === "tensor" ? stridesOf(call, input) : null;
  if (input.kind !== "tensor" || strides === null) return null;
  return viewedAs(call.solver.shape(input.shape), strides, call.solver.shape(shape));
}

/** Parts of a tensor lie in its memory. */
export const narrowed: StridesRule = (call, shape) => {
  const input = argument(call, "input");
  const strides = input.kind === "tensor" ? stridesOf(call, input) : null;
  return strides?.length === rank(shape) ? strides : null;
};

/** Dimensions of size 1 come and go. */
export const otherOnes: StridesRule = (call, shape) => {
  const input = argument(call, "input");
  const strides = input.kind === "tensor" ? stridesOf(call, input) : null;
  if (input.kind !== "tensor" || strides === null) return null;
  return withOtherOnes(call.solver.shape(input.shape), strides, call.solver.shape(shape));
};

/** Stretched dimensions repeat the same elements. */
export const stretchedStrides: StridesRule = (call, shape) => {
  const input = argument(call, "input");
  const strides = input.kind === "tensor" ? stridesOf(call, input) : null;
  if (input.kind !== "tensor" || strides === null || shape.lead !== null) return null;
  const own = call.solver.shape(input.shape).dims;
  const found = shape.dims.map((dim, i) => {
    const at = i - shape.dims.length + own.length;
    const before = own[at];
    if (before === undefined) return constant(0);
    return before.key === dim.key ? strides[at] : asNumber(before) === 1 ? constant(0) : undefined;
  });
  return found.every((stride) => stride !== undefined) ? found : null;
};
