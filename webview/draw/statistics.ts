/** What can be said about the numbers of a matrix: extent, moments, odd values, histogram, and the scale of its colours. */

import type { Matrix } from "../engine/picture.ts";
import type { Domain } from "./palette.ts";

export type Statistics = {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly deviation: number;
  readonly nan: number;
  /** Minus infinities are what a mask writes; plus infinities are faults. */
  readonly masked: number;
  readonly infinite: number;
};

/** A matrix never changes, and is asked about in every frame. */
function remembered<T extends object>(find: (matrix: Matrix) => T): (matrix: Matrix) => T {
  const known = new WeakMap<Matrix, T>();
  return (matrix) => {
    const found = known.get(matrix) ?? find(matrix);
    known.set(matrix, found);
    return found;
  };
}

export const statistics = remembered(countedUp);
export const domainOf = remembered((matrix) => domain(matrix, matrix.data));

/** The scale of one row by itself. */
export const rowDomain = (matrix: Matrix, row: number): Domain =>
  domain(matrix, matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns));

function countedUp({ data }: Matrix): Statistics {
  let [min, max, sum, squares, n, nan, masked, infinite] = [Infinity, -Infinity, 0, 0, 0, 0, 0, 0];
  for (const x of data) {
    if (Number.isNaN(x)) nan++;
    else if (x === -Infinity) masked++;
    else if (x === Infinity) infinite++;
    else {
      n++;
      sum += x;
      squares += x * x;
      if (x < min) min = x;
      if (x > max) max = x;
    }
  }
  if (n === 0) [min, max] = [NaN, NaN];
  const mean = sum / n;
  return { min, max, mean, deviation: Math.sqrt(Math.max(0, squares / n - mean * mean)), nan, masked, infinite };
}

/** Signed values are spread evenly about 0; weights start at 0. The end is rounded up to two digits. */
function domain(matrix: Matrix, data: Float32Array): Domain {
  let bound = 0;
  for (const x of data) {
    const size = Math.abs(x);
    if (size > bound && size < Infinity) bound = size;
  }
  const high = bound === 0 ? 1 : roundedUp(bound);
  return matrix.id === "weights" ? { low: 0, high: Math.min(1, high) } : { low: -high, high };
}

function roundedUp(x: number): number {
  const step = 10 ** (Math.floor(Math.log10(x)) - 1);
  return Math.ceil(x / step - 1e-5) * step;
}

export function histogram({ data }: Matrix, { low, high }: Domain, bins: number): readonly number[] {
  const counts = Array.from({ length: bins }, () => 0);
  const scale = bins / (high - low);
  for (const x of data) {
    if (!Number.isFinite(x)) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((x - low) * scale)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
