/** Every attention kernel, the stages, and the CPU, against the float64 reference and against PyTorch. */

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { attentionKernels } from "../../kernels/attention/index.ts";
import {
  createCpuKernels,
  createKernels,
  RequestError,
  type AttentionRequest,
  type Kernels,
  type Tensor,
} from "../../kernels/index.ts";
import { softwareDevice } from "./device.ts";
import { difference, expectedAttention } from "./expected.ts";
import { numbers, recordedTruth, size } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let gpu: Kernels;
beforeAll(async () => {
  gpu = await createKernels(await softwareDevice());
});
afterAll(() => gpu.destroy());

const names = [...attentionKernels.map((kernel) => kernel.name), "cpu", "stages"];

async function attend(name: string, request: AttentionRequest): Promise<Tensor> {
  if (name === "cpu") return createCpuKernels().attention(request);
  if (name === "stages") return (await gpu.attentionStages(request)).output;
  return gpu.attention({ ...request, kernel: name });
}

async function check(name: string, request: AttentionRequest): Promise<string> {
  const { qShape, kShape, vShape, maskShape, causal } = request;
  const what = `${name} ${JSON.stringify({ qShape, kShape, vShape, maskShape, causal })}`;
  return difference(await attend(name, request), expectedAttention(request), what);
}

interface Sizes {
  readonly batch?: number;
  readonly heads?: number;
  readonly keyHeads?: number;
  readonly queries: number;
  readonly keys: number;
  readonly dim: number;
  readonly valueDim: number;
}

function sized(sizes: Sizes): AttentionRequest {
  const { batch = 1, heads = 1, keyHeads = heads, queries, keys, dim, valueDim } = sizes;
  const qShape = [batch, heads, queries, dim];
  const kShape = [batch, keyHeads, keys, dim];
  const vShape = [batch, keyHeads, keys, valueDim];
  const [q, k, v] = [numbers(size(qShape), 1), numbers(size(kShape), 2), numbers(size(vShape), 3)];
  return { q, qShape, k, kShape, v, vShape };
}

describe.each(names)("%s", (name) => {
  it("is right for every number of queries and keys from 1 to 9", async () => {
    for (let queries = 1; queries <= 9; queries++) {
      for (let keys = 1; keys <= 9; keys++) {
        const [dim, valueDim] = [1 + ((queries + keys) % 5), 1 + ((queries * keys) % 6)];
        expect(
          await check(name, { ...sized({ queries, keys, dim, valueDim }), causal: (queries + keys) % 2 === 1 }),
        ).toBe("");
      }
    }
  });

  it("is right where blocks end", async () => {
    for (const valueDim of [63, 64, 65, 129]) {
      const request = sized({ heads: 2, queries: 13, keys: 27, dim: 33, valueDim });
      expect(await check(name, request)).toBe("");
      expect(await check(name, { ...request, causal: true })).toBe("");
    }
    expect(await check(name, { ...sized({ queries: 70, keys: 150, dim: 64, valueDim: 64 }), causal: true })).toBe("");
  });

  it("shares key heads among query heads", async () => {
    expect(
      await check(name, sized({ batch: 2, heads: 6, keyHeads: 2, queries: 3, keys: 5, dim: 4, valueDim: 4 })),
    ).toBe("");
    expect(
      await check(name, sized({ batch: 2, heads: 6, keyHeads: 1, queries: 3, keys: 5, dim: 4, valueDim: 4 })),
    ).toBe("");
  });

  it("agrees with PyTorch, also on masked rows and on values that are not finite", async () => {
    for (const { name: title, q, k, v, mask, causal, scale, result } of recordedTruth().attention) {
      const operands = { q: q.data, qShape: q.shape, k: k.data, kShape: k.shape, v: v.data, vShape: v.shape };
      const request = { ...operands, mask: mask?.data, maskShape: mask?.shape, causal, scale };
      const actual = await attend(name, request).catch((error: unknown) => error);
      expect(verdict(actual, result, request), `${name}: ${title}`).toBe("");
    }
  });

  it("does not overflow on large scores, nor lose small ones", async () => {
    const request = sized({ queries: 6, keys: 11, dim: 8, valueDim: 4 });
    for (const scale of [1e4, 1e30, 1e-30, 0, -5]) expect(await check(name, { ...request, scale })).toBe("");
    const mask = Float32Array.from({ length: 11 }, (_, key) => (key === 3 ? 0 : -3e38));
    expect(await check(name, { ...request, mask, maskShape: [1, 11] })).toBe("");
    expect(await check(name, { ...request, mask: mask.fill(-3.4e38), maskShape: [1, 11] })).toBe("");
  });

  it("is right for any heads, lengths, masks and scales", async () => {
    await fc.assert(
      fc.asyncProperty(requests(), async (request) => {
        expect(await check(name, request)).toBe("");
      }),
      { numRuns: 60, seed: 11 },
    );
  });
});

it("keeps every stage", async () => {
  const request = sized({ batch: 2, heads: 4, keyHeads: 2, queries: 5, keys: 7, dim: 3, valueDim: 6 });
  const masked: AttentionRequest = { ...request, causal: true, mask: numbers(35, 9), maskShape: [5, 7], scale: 0.7 };
  for (const kernels of [gpu, createCpuKernels()]) {
    const stages = await kernels.attentionStages(masked);
    const { steps } = expectedAttention(masked);
    for (const stage of ["scores", "scaled", "masked", "weights"] as const) {
      const values = Float64Array.from(steps.flatMap((step) => [...step[stage]]));
      const tolerances = values.map(() => 1e-6);
      expect(difference(stages[stage], { shape: [2, 4, 5, 7], values, tolerances }, stage)).toBe("");
    }
  }
});

it("has stages for sizes of zero", async () => {
  for (const kernels of [gpu, createCpuKernels()]) {
    const none = await kernels.attentionStages(sized({ queries: 0, keys: 3, dim: 2, valueDim: 2 }));
    expect(none.weights).toEqual({ shape: [1, 1, 0, 3], data: new Float32Array() });
    const alone = await kernels.attentionStages(sized({ queries: 2, keys: 0, dim: 2, valueDim: 3 }));
    expect(alone.output).toEqual({ shape: [1, 1, 2, 3], data: new Float32Array(6) });
  }
});

/** What differs from PyTorch's result, or from its refusal. Its own error is like ours: both are allowed. */
function verdict(actual: unknown, recorded: Tensor | null, request: AttentionRequest): string {
  if (recorded === null) return actual instanceof RequestError ? "" : "PyTorch refuses this";
  if (actual instanceof Error) return actual.message;
  const tolerances = expectedAttention(request).tolerances.map((x) => 2 * x);
  const expected = { shape: recorded.shape, values: Float64Array.from(recorded.data), tolerances };
  return difference(actual as Tensor, expected, "the output");
}

function requests(): fc.Arbitrary<AttentionRequest> {
  const length = fc.integer({ min: 1, max: 20 });
  const sizes = fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
    keyHeads: fc.integer({ min: 1, max: 2 }),
    queries: length,
    keys: length,
    dim: length,
    valueDim: length,
  });
  const mask = fc.option(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()), { nil: undefined });
  return fc.tuple(sizes, mask, fc.boolean(), fc.boolean()).map(([{ groups, ...some }, kept, causal, hides]) => {
    const request = sized({ ...some, heads: groups * some.keyHeads });
    if (kept === undefined) return { ...request, causal };
    const scores = [some.batch, groups * some.keyHeads, some.queries, some.keys];
    const maskShape = scores.map((length, axis) => (kept[axis] === true ? length : 1));
    const values = numbers(size(maskShape), 5).map((value) => (hides && value > 0.2 ? -Infinity : value));
    return { ...request, causal, mask: values, maskShape };
  });
}
