/** Numbers for kernel tests: the same ones on every run, and the recorded ones of PyTorch and NumPy. */

import { readFileSync } from "node:fs";
import type { Shape } from "../../kernels/index.ts";

export function size(shape: Shape): number {
  return shape.reduce((total, length) => total * length, 1);
}

/** Uniform in (-1, 1), from a seed. */
export function numbers(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

interface Recorded {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface RecordedMatmul {
  readonly a: Recorded;
  readonly b: Recorded;
  readonly result: Recorded | null;
}

interface RecordedAttention {
  readonly name: string;
  readonly q: Recorded;
  readonly k: Recorded;
  readonly v: Recorded;
  readonly mask?: Recorded;
  readonly causal: boolean;
  readonly scale?: number;
  readonly result: Recorded | null;
}

interface Truth {
  readonly matmul: readonly RecordedMatmul[];
  readonly attention: readonly RecordedAttention[];
}

const special: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity };

/** What record.py wrote, with numbers that JSON cannot write put back. */
export function recordedTruth(): Truth {
  const text = readFileSync(new URL("truth.json", import.meta.url), "utf8");
  return JSON.parse(text, (key, value: unknown) => {
    if (key !== "data" || !Array.isArray(value)) return value;
    return Float32Array.from(value, (x: number | string) => (typeof x === "string" ? (special[x] ?? 0) : x));
  }) as Truth;
}
