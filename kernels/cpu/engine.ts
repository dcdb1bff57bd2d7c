/**
 * What does the heavy work of the CPU path: products of padded matrices, and softmax. The engine here is plain
 * JavaScript, which runs everywhere; another may take its place.
 */

import { multiply, type Tiles } from "./matmul.ts";

export interface Engine {
  readonly name: string;
  readonly description: string;
  /** Queries of an attention that are worked on at once. */
  readonly queryBlock: number;
  /** a (m, k) times b (k, n). */
  readonly multiply: (a: Tiles, b: Tiles, signal: AbortSignal | undefined) => Promise<Tiles>;
  /** Softmax of each row in place; the padding is zero, and so is a row of nothing but −∞. */
  readonly softmax: (x: Tiles, columns: number) => Tiles;
}

export const plainEngine: Engine = {
  name: "cpu",
  description: "Plain JavaScript on the CPU, summed in float64.",
  queryBlock: 64,
  multiply,
  softmax: softmaxRows,
};

function softmaxRows(x: Tiles, columns: number): Tiles {
  for (let start = 0; start < x.data.length; start += x.columns) {
    softmaxRow(x.data.subarray(start, start + columns));
    x.data.fill(0, start + columns, start + x.columns);
  }
  return x;
}

function softmaxRow(values: Float32Array): void {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  if (most === -Infinity) {
    values.fill(0);
    return;
  }
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  for (let i = 0; i < values.length; i++) values[i] = Math.exp((values[i] ?? 0) - most) / sum;
}
