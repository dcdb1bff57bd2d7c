/**
 * Attention on the CPU. It knows some queries of one head, padded to whole tiles, and an engine for the heavy work.
 */

import type { AttentionPlan } from "../attention/plan.ts";
import type { Engine } from "./engine.ts";
import type { Tiles } from "./matmul.ts";

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

interface Operands {
  readonly q: Tiles;
  readonly kT: Tiles;
  readonly v: Tiles;
  /** The place of the first query among all. */
  readonly first: number;
  readonly maskAt: MaskAt | undefined;
}

/** Keys come transposed, (dim, keys). Unless every stage is wanted, each takes the place of the one before. */
export async function attend(
  engine: Engine,
  plan: AttentionPlan,
  { q, kT, v, first, maskAt }: Operands,
  { everyStage, signal }: { readonly everyStage: boolean; readonly signal: AbortSignal | undefined },
): Promise<Stages> {
  const next = (x: Tiles): Tiles => (everyStage ? { ...x, data: x.data.slice() } : x);
  const scores = await engine.multiply(q, kT, signal);
  const scaled = scale(next(scores), plan.scale);
  const capped = plan.softcap === undefined ? scaled : cap(next(scaled), plan.softcap);
  const masked = hide(next(capped), plan, first, maskAt);
  const weights = engine.softmax(next(masked), plan.keys);
  const output = await engine.multiply(weights, v, signal);
  return { scores, scaled, capped, masked, weights, output };
}

function scale(x: Tiles, by: number): Tiles {
  const { data } = x;
  for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) * by;
  return x;
}

function cap(x: Tiles, softcap: number): Tiles {
  const { data } = x;
  for (let i = 0; i < data.length; i++) data[i] = softcap * Math.tanh((data[i] ?? 0) / softcap);
  return x;
}

function hide(x: Tiles, plan: AttentionPlan, first: number, maskAt: MaskAt | undefined): Tiles {
  // The last rows may be padding, for which the mask has nothing.
  const rows = Math.min(x.rows, plan.queries - first);
  for (let row = 0; row < rows; row++) {
    const query = first + row;
    const start = row * x.columns;
    const from = Math.min(plan.keys, Math.max(0, query - plan.window[0]));
    const to = Math.max(from, Math.min(plan.keys, query + (plan.causal ? 0 : plan.window[1]) + 1));
    x.data.fill(-Infinity, start, start + from);
    x.data.fill(-Infinity, start + to, start + plan.keys);
    if (maskAt === undefined) continue;
    for (let key = from; key < to; key++) x.data[start + key] = (x.data[start + key] ?? 0) + maskAt(query, key);
  }
  return x;
}
