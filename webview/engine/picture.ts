/**
 * What one run has left to look at: its tensors, and any two-dimensional slice of them as a matrix. Plain data; it
 * knows neither who computed it nor how it is drawn.
 */

import { matrixAxes, volume, type Extent } from "../../src/playground/axes.ts";
import type { Layout } from "../../src/playground/layout.ts";
import type { Span } from "../../src/playground/zoom.ts";
import type { Bench } from "../../src/playground/state.ts";

/** The tensors of both operations by their part in them; `k` is shown transposed, as it is multiplied. */
export type TensorId = "a" | "b" | "result" | "q" | "k" | "v" | "scores" | "scaled" | "masked" | "weights" | "output";

export const STAGES = ["q", "scores", "scaled", "masked", "weights", "output"] as const;

export type Stored = { readonly data: Float32Array; readonly axes: readonly Extent[] };

export type Check = {
  /** The greatest difference from the same computation in double precision. */
  readonly maxError: number;
  readonly ok: boolean;
  /** How many values were compared, of how many. */
  readonly compared: number;
  readonly total: number;
};

export type Picture = {
  readonly bench: Bench;
  readonly layout: Layout;
  readonly tensors: ReadonlyMap<TensorId, Stored>;
  readonly check: Check;
  readonly kernel: string;
  readonly milliseconds: number;
  readonly onGpu: boolean;
};

export type Matrix = {
  readonly id: TensorId;
  readonly rowExtent: Extent;
  readonly columnExtent: Extent;
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly data: Float32Array;
};

/** How far along each leading axis of the result we look, kept inside its size. */
export const sliceOf = (bench: Bench, layout: Layout): readonly number[] =>
  layout.batch.map(({ size }, i) => Math.min(bench.slice[i] ?? 0, size - 1));

/** Which head of how many the slice shows; without an axis of heads there is one. */
export function headAt(
  { operands, batch }: Layout,
  slice: readonly number[],
): { readonly head: number; readonly heads: number } {
  if (operands.every(({ axes }) => axes.length < 3)) return { head: 0, heads: 1 };
  return { head: slice[batch.length - 1] ?? 0, heads: batch.at(-1)?.size ?? 1 };
}

/** Where a tensor with these leading axes is looked at, when the result is looked at in `slice`. */
export function leadingIndices(
  leading: readonly Extent[],
  batch: readonly Extent[],
  slice: readonly number[],
): readonly number[] {
  return leading.map(({ size }, i) => {
    const at = batch.length - leading.length + i;
    const whole = batch[at]?.size ?? 1;
    // A size of one is broadcast; fewer heads than the result has are shared by groups of its heads.
    const index = size === 1 ? 0 : Math.floor((slice[at] ?? 0) / Math.max(1, whole / size));
    return Math.min(index, size - 1);
  });
}

/** Where the slice of a stored tensor begins. */
function offsetOf(axes: readonly Extent[], batch: readonly Extent[], slice: readonly number[]): number {
  const leading = axes.slice(0, -2);
  const indices = leadingIndices(leading, batch, slice);
  const flat = leading.reduce((offset, { size }, i) => offset * size + (indices[i] ?? 0), 0);
  return flat * volume(axes.slice(-2));
}

export function matrixOf(picture: Picture, id: TensorId, slice: readonly number[]): Matrix | undefined {
  const stored = picture.tensors.get(id);
  if (stored === undefined) return undefined;
  const { data, axes } = stored;
  const offset = offsetOf(axes, picture.layout.batch, slice);
  const operand = picture.layout.operands[{ a: 0, b: 1 }[id as "a" | "b"] ?? -1];
  const side = operand === undefined ? undefined : matrixAxes(operand, id === "a" ? "left" : "right");
  const [stored2, stored1] = [axes.at(-2) ?? ONE, axes.at(-1) ?? ONE];
  const flat = data.subarray(offset, offset + stored2.size * stored1.size);
  if (id === "k" || (operand?.transposed === true && axes.length > 1)) {
    return matrix(id, stored1, stored2, turned(flat, stored2.size, stored1.size));
  }
  return side === undefined ? matrix(id, stored2, stored1, flat) : matrix(id, side.rows, side.columns, flat);
}

const ONE: Extent = { axis: 1, size: 1 };

const matrix = (id: TensorId, rowExtent: Extent, columnExtent: Extent, data: Float32Array): Matrix => ({
  id,
  rowExtent,
  columnExtent,
  rows: rowExtent.size,
  columns: columnExtent.size,
  data,
});

function turned(data: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j] ?? 0;
  return out;
}

/** The part of a matrix in view, and where it begins. */
export type Cut = { readonly matrix: Matrix; readonly row: number; readonly column: number };

export function cutOut(whole: Matrix, rows: Span, columns: Span): Cut {
  if (rows.count === whole.rows && columns.count === whole.columns) return { matrix: whole, row: 0, column: 0 };
  const data = new Float32Array(rows.count * columns.count);
  for (let i = 0; i < rows.count; i++) {
    const start = (rows.from + i) * whole.columns + columns.from;
    data.set(whole.data.subarray(start, start + columns.count), i * columns.count);
  }
  const matrix = { ...whole, rows: rows.count, columns: columns.count, data };
  return { matrix, row: rows.from, column: columns.from };
}

export const at = (m: Matrix, row: number, column: number): number => m.data[row * m.columns + column] ?? NaN;
export const rowOf = (m: Matrix, row: number): readonly number[] => [
  ...m.data.subarray(row * m.columns, (row + 1) * m.columns),
];
export const columnOf = (m: Matrix, column: number): readonly number[] =>
  Array.from({ length: m.rows }, (_, i) => at(m, i, column));
