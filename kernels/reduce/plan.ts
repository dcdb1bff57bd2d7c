/** From a request to the axes that a reduction keeps and those that it reduces. Shared by every device. */

import { broadcastStrides, checkTensor, printShape, product, RequestError } from "../shapes.ts";
import type { ReduceRequest, Shape } from "../types.ts";

interface Axis {
  readonly size: number;
  readonly stride: number;
}

export interface ReducePlan {
  readonly kept: readonly Axis[];
  readonly reduced: readonly Axis[];
  /** How many numbers are reduced to one. */
  readonly length: number;
  readonly count: number;
  readonly shape: Shape;
}

const operations = ["sum", "mean", "max", "min"] as const;

export function planReduce({ x, xShape, operation, axes, keepDims }: ReduceRequest): ReducePlan {
  checkTensor("x", x, xShape);
  if (!operations.includes(operation)) {
    throw new RequestError(`There is no reduction named ${operation}; there is ${operations.join(", ")}.`);
  }
  const rank = xShape.length;
  const chosen = (axes ?? xShape.map((_, i) => i)).map((axis) => (axis < 0 ? axis + rank : axis));
  if (
    new Set(chosen).size !== chosen.length ||
    chosen.some((axis) => !Number.isInteger(axis) || axis < 0 || axis >= rank)
  ) {
    throw new RequestError(`The axes ${printShape(axes ?? [])} are not axes of x ${printShape(xShape)}, each once.`);
  }
  const strides = broadcastStrides(xShape, xShape);
  const all = xShape.map((size, i): Axis & { readonly own: number } => ({ size, stride: strides[i] ?? 0, own: i }));
  const [kept, reduced] = [all.filter((a) => !chosen.includes(a.own)), all.filter((a) => chosen.includes(a.own))];
  const length = product(reduced.map(({ size }) => size));
  const shape =
    keepDims === true ? all.map((a) => (chosen.includes(a.own) ? 1 : a.size)) : kept.map(({ size }) => size);
  if (length === 0 && product(shape) > 0 && (operation === "max" || operation === "min")) {
    throw new RequestError(`There is no ${operation} of no numbers: x is ${printShape(xShape)}.`);
  }
  return { kept, reduced, length, count: product(shape), shape };
}
