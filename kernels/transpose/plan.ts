/** From a request to the order of the axes of a transposition. Shared by every device. */

import { broadcastStrides, checkTensor, printShape, RequestError } from "../shapes.ts";
import type { Shape, TransposeRequest } from "../types.ts";

export interface TransposePlan {
  readonly shape: Shape;
  /** For each axis of the result, the stride of x along it. */
  readonly strides: readonly number[];
  /** True if only the last two axes change places. */
  readonly lastTwo: boolean;
}

export function planTranspose({ x, xShape, axes }: TransposeRequest): TransposePlan {
  checkTensor("x", x, xShape);
  const rank = xShape.length;
  const order = axes?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? lastTwoSwapped(rank);
  if (order.length !== rank || order.toSorted((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw new RequestError(`The axes ${printShape(axes ?? [])} do not name each axis of x ${printShape(xShape)} once.`);
  }
  const own = broadcastStrides(xShape, xShape);
  return {
    shape: order.map((axis) => xShape[axis] ?? 1),
    strides: order.map((axis) => own[axis] ?? 0),
    lastTwo: rank >= 2 && order.every((axis, i) => axis === lastTwoSwapped(rank)[i]),
  };
}

function lastTwoSwapped(rank: number): readonly number[] {
  if (rank < 2) return Array.from({ length: rank }, (_, i) => i);
  return [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
}
