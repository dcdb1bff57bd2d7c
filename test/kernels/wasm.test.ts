/** The CPU path in WebAssembly against the float64 reference, with the same sizes that trouble kernels elsewhere. */

import * as fc from "fast-check";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createWasmKernels, type AttentionRequest, type Kernels, type MatmulRequest } from "../../kernels/index.ts";
import { softmaxReference } from "../../kernels/reference.ts";
import { compiledWasm } from "../../scripts/wasm.mjs";
import { difference, expectedAttention, expectedMatmul } from "./expected.ts";
import { numbers, recordedTruth, size } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000 });

let k: Kernels;
beforeAll(async () => {
  k = await createWasmKernels();
});

async function check(request: MatmulRequest): Promise<string> {
  return difference(await k.matmul(request), expectedMatmul(request), JSON.stringify([request.aShape, request.bShape]));
}

function product(m: number, depth: number, n: number, transposeA = false, transposeB = false): MatmulRequest {
  const [aShape, bShape] = [transposeA ? [depth, m] : [m, depth], transposeB ? [n, depth] : [depth, n]];
  return { a: numbers(m * depth, m), aShape, b: numbers(depth * n, n), bShape, transposeA, transposeB };
}

it("runs in WebAssembly here", () => {
  expect(k.kernels[0]?.name).toMatch(/^wasm-(relaxed-)?simd$/);
  expect(k.backend).toBe("cpu");
});

it("is built once with fused multiply-adds and once for engines without", async () => {
  const [plain, relaxed] = await Promise.all(
    ["simd", "simd-relaxed"].map((name) => compiledWasm(`kernels/wasm/${name}.wasm`)),
  );
  expect(WebAssembly.validate(plain ?? new Uint8Array())).toBe(true);
  expect(relaxed?.length).not.toBe(plain?.length);
});

describe("a product", () => {
  it("is right for every m and n up to 9 and where panels and blocks end", async () => {
    for (let m = 1; m <= 9; m++) {
      for (let n = 1; n <= 9; n++)
        expect(await check(product(m, 1 + ((m * n) % 7), n, m % 2 === 1, n % 3 === 0))).toBe("");
    }
    for (const [m, depth, n] of [
      [64, 256, 12],
      [65, 257, 13],
      [130, 513, 25],
      [3, 700, 100],
      [100, 1, 23],
      [1, 1000, 1],
    ] as const) {
      expect(await check(product(m, depth, n))).toBe("");
    }
  });

  it("agrees with NumPy on vectors, broadcasting, empty sizes and values that are not finite", async () => {
    for (const { a, b, result } of recordedTruth().matmul) {
      const call = k.matmul({ a: a.data, aShape: a.shape, b: b.data, bShape: b.shape });
      const actual = await call.then(
        ({ data, shape }) => ({ data, shape }),
        () => null,
      );
      expect(actual).toEqual(result);
    }
  });

  it("made at the same time as others gets its own result", async () => {
    const requests = Array.from({ length: 8 }, (_, i) => product(70 + i, 600, 90));
    const results = await Promise.all(requests.map((request) => k.matmul(request)));
    results.forEach((result, i) => {
      const request = requests[i];
      expect(request && difference(result, expectedMatmul(request), `number ${i}`)).toBe("");
    });
  });

  it("can be aborted", async () => {
    const abort = new AbortController();
    const call = k.matmul({ ...product(800, 800, 800), signal: abort.signal });
    abort.abort(new Error("another one is wanted"));
    await expect(call).rejects.toThrow("another one");
    expect(await check(product(5, 6, 7))).toBe("");
  });
});

describe("an attention", () => {
  it("agrees with PyTorch, also on masked rows and on values that are not finite", async () => {
    for (const { name, q, k: keys, v, mask, causal, scale, result } of recordedTruth().attention) {
      const operands = { q: q.data, qShape: q.shape, k: keys.data, kShape: keys.shape, v: v.data, vShape: v.shape };
      const request = { ...operands, mask: mask?.data, maskShape: mask?.shape, causal, scale };
      const actual = await k.attention(request).catch(() => null);
      const verdict =
        actual === null || result === null
          ? `${name}: one refuses what the other computes`.repeat(Number(actual !== result))
          : difference(actual, { ...expectedAttention(request), values: Float64Array.from(result.data) }, name);
      expect(verdict).toBe("");
    }
  });

  it("is right for any heads, lengths, masks, windows and caps", async () => {
    const length = fc.integer({ min: 1, max: 40 });
    const sizes = fc.tuple(length, length, length, length, fc.boolean(), fc.boolean(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(sizes, async ([queries, keys, dim, valueDim, causal, masked, capped]) => {
        const [qShape, kShape, vShape] = [
          [4, queries, dim],
          [2, keys, dim],
          [2, keys, valueDim],
        ];
        const mask = numbers(queries * keys, 4).map((value) => (value > 0.3 ? -Infinity : value));
        const request: AttentionRequest = {
          q: numbers(size(qShape), 1),
          qShape,
          k: numbers(size(kShape), 2),
          kShape,
          v: numbers(size(vShape), 3),
          vShape,
          causal,
          ...(masked && { mask, maskShape: [queries, keys] }),
          ...(capped && { softcap: 1.5, window: [7, 3] as const }),
        };
        expect(difference(await k.attention(request), expectedAttention(request), "wasm")).toBe("");
        expect(difference((await k.attentionStages(request)).output, expectedAttention(request), "stages")).toBe("");
      }),
      { numRuns: 40, seed: 5 },
    );
  });
});

it("softmax survives large magnitudes, −∞ and NaN, and gives zeros for a row of nothing else", async () => {
  for (const columns of [1, 3, 4, 5, 64, 1000]) {
    const x = numbers(3 * columns, columns).map((value) => 30 * value);
    const values = softmaxReference(x, 3, columns);
    const tolerances = values.map((value) => value * 2 ** -24 * (300 + columns) + 2 ** -126);
    const result = await k.softmax({ x, xShape: [3, columns] });
    expect(difference(result, { shape: [3, columns], values, tolerances }, String(columns))).toBe("");
  }
  const odd = Float32Array.of(-Infinity, -Infinity, 3e38, -3e38, NaN, 1, Infinity, 1, -3.4e38, -3.4e38);
  const { data } = await k.softmax({ x: odd, xShape: [5, 2] });
  expect([...data]).toEqual([0, 0, 1, 0, NaN, NaN, NaN, NaN, 0.5, 0.5]);
  expect([...odd.subarray(2, 4)]).toEqual([Math.fround(3e38), Math.fround(-3e38)]);
});
