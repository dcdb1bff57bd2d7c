/**
 * What PyTorch says about element types and shapes before any computation: which type two operands promote to, whether
 * one type can be cast to another, and to which shape several shapes broadcast.
 */
import { unknownDim, type Shape } from "../shapes/index.ts";
import { argument } from "./arguments.ts";
import { bool, dimOf, int, itemsOf, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { promote, type DType } from "./dtype.ts";
import { promoteData } from "./dtype-rules.ts";
import { inTorch } from "./names.ts";
import { isProblem } from "./problems.ts";
import type { Datum } from "./value.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

function answer(dtype: DType | null): ShapeAnswer {
  return { value: dtype === null ? unknown : { kind: "dtype", dtype } };
}

export const promotedType = op({
  names: ["torch.promote_types"],
  summary: "The smallest type to which two types promote.",
  call: "type1: dtype, type2: dtype",
  shape: (call) => {
    const [a, b] = [argument(call, "type1"), argument(call, "type2")];
    return answer(a.kind === "dtype" && b.kind === "dtype" ? promote("torch", a.dtype, b.dtype) : null);
  },
});

export const resultType = op({
  names: ["torch.result_type"],
  summary: "The type of the result of combining two operands.",
  call: "tensor as a: any, tensor2|other as b: any",
  shape: (call) => answer(promoteData(call, [argument(call, "a"), argument(call, "b")])),
});

export const castability = op({
  names: ["torch.can_cast"],
  summary: "Whether a type can be cast to another.",
  call: "from_: any, to: any",
  shape: () => ({ value: bool() }),
});

export const sameSize = op({
  names: inTorch("is_same_size"),
  summary: "Whether two tensors have one shape.",
  call: "input: tensor, other: tensor",
  shape: () => ({ value: bool() }),
});

export const broadcastShapes = op({
  names: ["torch.broadcast_shapes"],
  summary: "The shape to which several shapes broadcast.",
  call: "*shapes: any",
  shape: (call) => {
    const given = (itemsOf(argument(call, "shapes")) ?? [unknown]).map(sizes);
    if (!given.every((shape) => shape !== null)) return { value: unknown };
    const shape = broadcastAll(
      call,
      given.map((one) => ({ parameter: "shapes", shape: one })),
    );
    return isProblem(shape) ? shape : { value: tuple(call.solver.shape(shape).dims.map((dim) => int(dim))) };
  },
});

/** A shape as it is written: a sequence of sizes, or one size. */
function sizes(datum: Datum): Shape | null {
  const items = itemsOf(datum);
  if (items !== null) return { lead: null, dims: items.map((item) => dimOf(item) ?? unknownDim()) };
  const one = dimOf(datum);
  return one === null ? null : { lead: null, dims: [one] };
}
