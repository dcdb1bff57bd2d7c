/**
 * The plain definitions, as a student would write them, in float64: what every kernel is checked against. They know
 * one matrix at a time and nothing of devices, speed or batches.
 */

export type Numbers = ArrayLike<number>;

/** (m, k) times (k, n), row after row. */
export function matmulReference(a: Numbers, b: Numbers, m: number, k: number, n: number): Float64Array {
  const c = new Float64Array(m * n);
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += (a[row * k + i] ?? 0) * (b[i * n + column] ?? 0);
      c[row * n + column] = sum;
    }
  }
  return c;
}

export function transposeReference(x: Numbers, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
}

/** Softmax of every row. A row of nothing but −∞ gives zeros, as `scaled_dot_product_attention` does in PyTorch. */
export function softmaxReference(x: Numbers, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const values = Array.from({ length: columns }, (_, column) => x[row * columns + column] ?? 0);
    const most = Math.max(...values);
    if (most === -Infinity) continue;
    const powers = values.map((value) => Math.exp(value - most));
    const sum = powers.reduce((total, power) => total + power, 0);
    powers.forEach((power, column) => (out[row * columns + column] = power / sum));
  }
  return out;
}

export interface AttentionMatrices {
  readonly q: Numbers;
  readonly k: Numbers;
  readonly v: Numbers;
  /** (queries, keys), added to the scaled scores. */
  readonly mask?: Numbers | undefined;
  readonly causal: boolean;
  /** Query `i` sees the keys from `i - before` to `i + after`. */
  readonly window?: readonly [before: number, after: number] | undefined;
  readonly softcap?: number | undefined;
  readonly scale: number;
  readonly queries: number;
  readonly keys: number;
  readonly dim: number;
  readonly valueDim: number;
}

export interface AttentionReference {
  readonly scores: Float64Array;
  readonly scaled: Float64Array;
  readonly capped: Float64Array;
  readonly masked: Float64Array;
  readonly weights: Float64Array;
  readonly output: Float64Array;
}

/** One head: softmax(softcap(q kᵀ · scale) + mask) v. */
export function attentionReference(one: AttentionMatrices): AttentionReference {
  const { queries, keys, dim, valueDim } = one;
  const scores = matmulReference(one.q, transposeReference(one.k, keys, dim), queries, dim, keys);
  const scaled = scores.map((score) => score * one.scale);
  const { softcap, window: [before, after] = [Infinity, Infinity] } = one;
  const capped = softcap === undefined ? scaled : scaled.map((score) => softcap * Math.tanh(score / softcap));
  const masked = capped.map((score, i) => {
    const [query, key] = [Math.floor(i / keys), i % keys];
    const hidden = (one.causal && key > query) || key < query - before || key > query + after;
    return hidden ? -Infinity : score + (one.mask?.[i] ?? 0);
  });
  const weights = softmaxReference(masked, queries, keys);
  const output = matmulReference(weights, one.v, queries, keys, valueDim);
  return { scores, scaled, capped, masked, weights, output };
}
