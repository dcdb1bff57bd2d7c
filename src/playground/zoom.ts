/**
 * Which part of each dimension is in view. A dimension has one window, whichever tensors it stands in, so that rows and
 * columns of all pictures stay under each other. Pure steps from one bench to the next.
 */

import type { Extent } from "./axes.ts";
import type { Bench } from "./state.ts";

/** A run of indices: the first one, and how many. */
export type Span = { readonly from: number; readonly count: number };

/** The part of a dimension that is shown, kept inside its size. */
export function spanOf(bench: Bench, { axis, size }: Extent): Span {
  const kept = axis === 1 ? undefined : bench.zoom[axis];
  if (kept === undefined) return { from: 0, count: size };
  const count = Math.max(1, Math.min(size, kept[1]));
  return { from: Math.max(0, Math.min(size - count, kept[0])), count };
}

export const isZoomed = (bench: Bench, extent: Extent): boolean => spanOf(bench, extent).count < extent.size;

/** The bench that shows this part of a dimension; all of it is no zoom. */
export function withSpan(bench: Bench, { axis, size }: Extent, { from, count }: Span): Bench {
  if (axis === 1) return bench;
  const { [axis]: _, ...rest } = bench.zoom;
  const whole = Math.round(count) >= size;
  const kept = Math.max(1, Math.round(count));
  const start = Math.max(0, Math.min(size - kept, Math.round(from)));
  return { ...bench, zoom: whole ? rest : { ...rest, [axis]: [start, kept] } };
}

/** Fewest cells along a side: below it there is nothing left to see around a cell. */
const FEWEST = 4;

/** Nearer (a factor below 1) or further, with the cell at this index staying where it is. */
export function zoomedAt(bench: Bench, extent: Extent, index: number, factor: number): Bench {
  const { from, count } = spanOf(bench, extent);
  const wanted = factor < 1 ? Math.floor(count * factor) : Math.ceil(count * factor);
  const next = Math.min(extent.size, Math.max(Math.min(FEWEST, extent.size), wanted));
  const share = (index + 0.5 - from) / count;
  return withSpan(bench, extent, { from: index + 0.5 - share * next, count: next });
}

/** The window moved by some cells. */
export function movedBy(bench: Bench, extent: Extent, cells: number): Bench {
  const { from, count } = spanOf(bench, extent);
  return withSpan(bench, extent, { from: from + cells, count });
}

/** The window moved as little as brings this index into view. */
export function bringing(bench: Bench, extent: Extent, index: number): Bench {
  const { from, count } = spanOf(bench, extent);
  if (index >= from && index < from + count) return bench;
  return withSpan(bench, extent, { from: index < from ? index : index - count + 1, count });
}

export const unzoomed = (bench: Bench): Bench => ({ ...bench, zoom: {} });
