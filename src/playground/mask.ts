/**
 * What happens to a score between the product and the softmax: a cap, what is hidden, and what is added for distance.
 * One place says it, for the kernels' requests, the check, the words and the program that a person takes away.
 */

import type { Operation } from "./operation.ts";

export type AttentionOptions = Operation["options"];

/** Where a score stands: which query and key, and the head that it is of. */
export type Score = {
  readonly query: number;
  readonly key: number;
  readonly keys: number;
  readonly head: number;
  readonly heads: number;
};

/** Whether anything is added to scores or hides them. */
export const isMasked = ({ causal, window, padding, distance }: AttentionOptions): boolean =>
  causal === true || window !== undefined || (padding ?? 0) > 0 || distance === true;

/** How far before and after its own place a query sees. A causal query sees nothing after it in any case. */
export const reachOf = ({ window }: AttentionOptions): readonly [number, number] | undefined =>
  window === undefined ? undefined : [window, window];

/** What is added to a score: minus infinity where the query may not see the key. */
export function addedTo(options: AttentionOptions, score: Score): number {
  const { query, key, keys } = score;
  const { causal = false, window = Infinity, padding = 0, distance = false } = options;
  if (causal && key > query) return -Infinity;
  if (Math.abs(key - query) > window || key >= keys - padding) return -Infinity;
  return distance ? -slopeOf(score.head, score.heads) * Math.abs(query - key) : 0;
}

/** How fast a head forgets with distance, as in ALiBi: from a half on, in equal ratios over the heads. */
export const slopeOf = (head: number, heads: number): number => 2 ** ((-8 * (head + 1)) / heads);

export const capped = (score: number, softcap: number | undefined): number =>
  softcap === undefined ? score : softcap * Math.tanh(score / softcap);

/** The part of the mask that kernels do not know by a name of its own, if there is any, as numbers to add. */
export function maskNumbers(
  options: AttentionOptions,
  queries: number,
  keys: number,
  heads: number,
): { readonly mask: Float32Array; readonly maskShape: readonly number[] } | undefined {
  const { padding = 0, distance = false } = options;
  if (padding === 0 && !distance) return undefined;
  const rest = { padding, distance };
  const own = distance ? heads : 1;
  const mask = new Float32Array(own * queries * keys);
  for (let i = 0; i < mask.length; i++) {
    const [head, query, key] = [Math.floor(i / (queries * keys)), Math.floor(i / keys) % queries, i % keys];
    mask[i] = addedTo(rest, { query, key, keys, head, heads });
  }
  return { mask, maskShape: distance && heads > 1 ? [own, queries, keys] : [queries, keys] };
}
