/** How wide and tall each stage of attention is drawn, so that a whole line of them fits the room. Arithmetic only. */

import type { Extent } from "../../src/playground/axes.ts";
import type { Layout } from "../../src/playground/layout.ts";

export type FlowGeometry = {
  readonly innerWidth: number;
  readonly columnsWidth: number;
  readonly valuesWidth: number;
  readonly rowsHeight: number;
  readonly innerHeight: number;
  readonly keysHeight: number;
};

const AXIS = 32;
const GAP = 40;
const MODEST = 16;

/** Stages that fit in one line. */
export const lineLength = (room: number): 6 | 3 | 2 => (room >= 900 ? 6 : room >= 540 ? 3 : 2);

/** `shown` says how much of a dimension is drawn; without it there are only dimension lines. */
export function flowGeometry(
  layout: Layout,
  per: 6 | 3 | 2,
  room: number,
  shown: ((extent: Extent) => number) | undefined,
): FlowGeometry {
  const n = shown ?? (({ size }: Extent): number => Math.min(MODEST, size));
  const [rows, columns] = [n(layout.rows), n(layout.columns)];
  const [inner, values] = [n(layout.inner), n(layout.values)];
  const free = room - AXIS - GAP * (per - 1);
  const narrow = (size: number): number => Math.min(size, columns);
  const parts = per === 6 ? 4 * columns + narrow(inner) + narrow(values) : per * columns;
  const wide = Math.min(208, (free / parts) * columns);
  // In one line Q must leave room for the steppers that stand above it.
  const least = per === 6 ? 88 : 56;
  const slim = (size: number): number => Math.min(wide, Math.max(least, (wide / columns) * size));
  const sides = slim(inner) + slim(values);
  const columnsWidth = per === 6 && 4 * wide + sides > free ? (free - sides) / 4 : wide;
  const cell = columnsWidth / columns;
  const tall = (size: number, most: number): number => whole(Math.min(most, Math.max(24, size * cell)), size);
  return {
    innerWidth: whole(slim(inner), inner),
    columnsWidth: whole(columnsWidth, columns),
    valuesWidth: whole(slim(values), values),
    rowsHeight: tall(rows, 224),
    innerHeight: tall(inner, 160),
    keysHeight: tall(columns, 176),
  };
}

/** Whole pixels for each cell while cells are large enough to show the difference. */
const whole = (length: number, cells: number): number =>
  length / cells >= 3 ? Math.floor(length / cells) * cells : Math.floor(length);
