/** Attention on the CPU, each step kept. It knows some queries of one head, padded to whole tiles. */

import { sees, type AttentionPlan } from "../attention/plan.ts";
import { multiply, type Tiles } from "./matmul.ts";

export interface Stages {
  readonly scores: Tiles;
  readonly scaled: Tiles;
  readonly capped: Tiles;
  readonly masked: Tiles;
  readonly weights: Tiles;
  readonly output: Tiles;
}

/** Adds what the mask has for a query and a key. */
export type MaskAt = (query: number, key: number) => number;

/** `q` holds some queries, from `first` on; keys come transposed, (dim, keys). */
export async function attend(
  plan: AttentionPlan,
  { q, kT, v, first }: { readonly q: Tiles; readonly kT: Tiles; readonly v: Tiles; readonly first: number },
  maskAt: MaskAt | undefined,
  signal: AbortSignal | undefined,
): Promise<Stages> {
  const scores = await multiply(q, kT, signal);
  const scaled = { ...scores, data: scores.data.map((score) => score * plan.scale) };
  const capped = cap(scaled, plan.softcap);
  const masked = hide(capped, plan, first, maskAt);
  const weights = softmaxTiles(masked, q.rows, plan.keys);
  const output = await multiply(weights, v, signal);
  return { scores, scaled, capped, masked, weights, output };
}

function cap(scaled: Tiles, softcap: number | undefined): Tiles {
  if (softcap === undefined) return scaled;
  return { ...scaled, data: scaled.data.map((score) => softcap * Math.tanh(score / softcap)) };
}

function hide(scaled: Tiles, plan: AttentionPlan, first: number, maskAt: MaskAt | undefined): Tiles {
  const data = scaled.data.slice();
  // The last rows may be padding, for which the mask has nothing.
  const rows = Math.min(scaled.rows, plan.queries - first);
  for (let row = 0; row < rows; row++) {
    for (let key = 0; key < plan.keys; key++) {
      const at = row * scaled.columns + key;
      if (!sees(plan, first + row, key)) data[at] = -Infinity;
      else if (maskAt !== undefined) data[at] = (data[at] ?? 0) + maskAt(first + row, key);
    }
  }
  return { ...scaled, data };
}

/** Softmax of each row; the padding is zero, and so is a row of nothing but −∞. */
export function softmaxTiles(x: Tiles, rows: number, columns: number): Tiles {
  const data = new Float32Array(x.data.length);
  for (let row = 0; row < rows; row++) {
    const values = x.data.subarray(row * x.columns, row * x.columns + columns);
    const most = values.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
    if (most === -Infinity) continue;
    let sum = 0;
    for (const value of values) sum += Math.exp(value - most);
    values.forEach((value, column) => (data[row * x.columns + column] = Math.exp(value - most) / sum));
  }
  return { ...x, data };
}
