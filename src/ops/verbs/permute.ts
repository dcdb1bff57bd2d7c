/**
 * Orders of dimensions: swapping two, moving some, naming all. Axes are counted from the end. It knows
 * shapes, no operators.
 */
import type { Dim, Shape } from "../../shapes/index.ts";

/** Exchanges two axes; null where one of them is hidden behind unknown leading dimensions. */
export function swapAxes(shape: Shape, a: number, b: number): Shape | null {
  const [i, j] = [shape.dims.length + a, shape.dims.length + b];
  const [first, second] = [shape.dims[i], shape.dims[j]];
  if (first === undefined || second === undefined) return null;
  return { lead: shape.lead, dims: shape.dims.with(i, second).with(j, first) };
}

/** The dimensions in the order of the axes. */
export function permuteAxes(shape: Shape, axes: readonly number[]): Shape | null {
  const dims = axes.map((axis) => shape.dims[shape.dims.length + axis]);
  return dims.every((dim): dim is Dim => dim !== undefined) ? { lead: null, dims } : null;
}

/** The order after moving `from` to `to`, for a tensor of `rank` dimensions; the others keep theirs. */
export function movedOrder(rank: number, from: readonly number[], to: readonly number[]): readonly number[] {
  const order: (number | null)[] = Array.from({ length: rank }, () => null);
  from.forEach((axis, i) => (order[rank + (to[i] ?? 0)] = axis));
  const others = Array.from({ length: rank }, (_, i) => i - rank).filter((axis) => !from.includes(axis));
  return order.map((axis) => axis ?? others.shift() ?? 0);
}
