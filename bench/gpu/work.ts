/** What is measured: products and attentions with their numbers. It knows sizes and no library. */

export interface Product {
  readonly kind: "matmul";
  readonly title: string;
  /** (batches, m, k) times (batches, k, n). */
  readonly batches: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

export interface Attention {
  readonly kind: "attention";
  readonly title: string;
  readonly heads: number;
  readonly length: number;
  readonly dim: number;
}

export type Work = Product | Attention;

const square = (size: number): Product => ({
  kind: "matmul",
  title: `${size} × ${size} × ${size}`,
  batches: 1,
  m: size,
  k: size,
  n: size,
});
const product = (batches: number, m: number, k: number, n: number): Product => {
  const title = `${batches > 1 ? `${batches} of ` : ""}${m} × ${k} × ${n}`;
  return { kind: "matmul", title, batches, m, k, n };
};
const attention = (heads: number, length: number, dim: number): Attention => {
  return { kind: "attention", title: `${heads} heads, ${length} long, ${dim} wide`, heads, length, dim };
};

export const everything: readonly Work[] = [
  ...[64, 128, 256, 512, 1024, 2048, 4096].map(square),
  product(1, 1, 4096, 4096),
  product(1, 4096, 64, 4096),
  product(1, 64, 16384, 64),
  product(1, 8192, 512, 32),
  product(1, 1000, 777, 333),
  product(16, 128, 128, 128),
  product(64, 64, 64, 64),
  product(8, 512, 64, 512),
  attention(1, 256, 64),
  attention(8, 128, 64),
  attention(8, 512, 64),
  attention(8, 1024, 64),
  attention(32, 512, 64),
  attention(16, 2048, 64),
  attention(8, 4096, 128),
];

/** Multiplications and additions; the same count for everyone. */
export function flopsOf(work: Work): number {
  if (work.kind === "matmul") return 2 * work.batches * work.m * work.k * work.n;
  return 4 * work.heads * work.length ** 2 * work.dim;
}

export interface Operands {
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly third: Float32Array;
}

export function operandsOf(work: Work): Operands {
  if (work.kind === "matmul") {
    const { batches, m, k, n } = work;
    return { first: numbers(batches * m * k, 1), second: numbers(batches * k * n, 2), third: new Float32Array(0) };
  }
  const count = work.heads * work.length * work.dim;
  return { first: numbers(count, 1), second: numbers(count, 2), third: numbers(count, 3) };
}

/** One number of the result in float64, by its place in (batches, m, n) or (heads, length, dim). */
export function exactly(work: Work, { first, second, third }: Operands, at: number): number {
  if (work.kind === "matmul") {
    const { m, k, n } = work;
    const [batch, row, column] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
    let sum = 0;
    for (let i = 0; i < k; i++)
      sum += (first[(batch * m + row) * k + i] ?? 0) * (second[(batch * k + i) * n + column] ?? 0);
    return sum;
  }
  const { length, dim } = work;
  const [head, query, column] = [Math.floor(at / (length * dim)), Math.floor(at / dim) % length, at % dim];
  const scores = Float64Array.from({ length }, (_, key) => {
    let score = 0;
    for (let i = 0; i < dim; i++) {
      score += (first[(head * length + query) * dim + i] ?? 0) * (second[(head * length + key) * dim + i] ?? 0);
    }
    return score / Math.sqrt(dim);
  });
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  let [total, sum] = [0, 0];
  scores.forEach((score, key) => {
    const power = Math.exp(score - most);
    total += power;
    sum += power * (third[(head * length + key) * dim + column] ?? 0);
  });
  return sum / total;
}

/** Uniform in (-1, 1), the same ones every time. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
