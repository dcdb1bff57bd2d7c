/** Every attention kernel, the stages, and the CPU, against the float64 reference and against PyTorch. */

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { attentionKernels } from "../../kernels/attention/index.ts";
import {
  createCpuKernels,
  createKernels,
  type AttentionRequest,
  type Kernels,
  type Tensor,
} from "../../kernels/index.ts";
import { softwareDevice } from "./device.ts";
import { expectClose, expectedAttention, type Expected } from "./expected.ts";
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

async function check(name: string, request: AttentionRequest): Promise<void> {
  const { qShape, kShape, vShape, maskShape, causal } = request;
  const what = `${name} ${JSON.stringify({ qShape, kShape, vShape, maskShape, causal })}`;
  expectClose(await attend(name, request), expectedAttention(request), what);
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
        await check(name, { ...sized({ queries, keys, dim, valueDim }), causal: (queries + keys) % 2 === 1 });
      }
    }
  });

  it("is right where blocks end", async () => {
    for (const valueDim of [63, 64, 65, 129]) {
      const request = sized({ heads: 2, queries: 13, keys: 27, dim: 33, valueDim });
      await check(name, request);
      await check(name, { ...request, causal: true });
    }
    await check(name, { ...sized({ queries: 70, keys: 150, dim: 64, valueDim: 64 }), causal: true });
  });

  it("shares key heads among query heads", async () => {
    await check(name, sized({ batch: 2, heads: 6, keyHeads: 2, queries: 3, keys: 5, dim: 4, valueDim: 4 }));
    await check(name, sized({ batch: 2, heads: 6, keyHeads: 1, queries: 3, keys: 5, dim: 4, valueDim: 4 }));
  });

  it("agrees with PyTorch, also on masked rows and on values that are not finite", async () => {
    for (const { name: title, q, k, v, mask, causal, scale, result } of recordedTruth().attention) {
      const request: AttentionRequest = {
        ...{ q: q.data, qShape: q.shape, k: k.data, kShape: k.shape, v: v.data, vShape: v.shape },
        ...{ mask: mask?.data, maskShape: mask?.shape, causal, scale },
      };
      if (result === null) {
        await expect(attend(name, request), title).rejects.toThrow(/\.$/);
        continue;
      }
      expectClose(await attend(name, request), recordedWithin(result, request), `${name}: ${title}`);
    }
  });

  it("does not overflow on large scores, nor lose small ones", async () => {
    const request = sized({ queries: 6, keys: 11, dim: 8, valueDim: 4 });
    for (const scale of [1e4, 1e30, 1e-30, 0, -5]) await check(name, { ...request, scale });
    const mask = Float32Array.from({ length: 11 }, (_, key) => (key === 3 ? 0 : -3e38));
    await check(name, { ...request, mask, maskShape: [1, 11] });
    await check(name, { ...request, mask: mask.fill(-3.4e38), maskShape: [1, 11] });
  });

  it("is right for any heads, lengths, masks and scales", async () => {
    await fc.assert(
      fc.asyncProperty(requests(), (request) => check(name, request)),
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
      expectClose(stages[stage], { shape: [2, 4, 5, 7], values, tolerances }, stage);
    }
  }
});

it("rejects scores that do not fit, and computes them without storing", async () => {
  const request = sized({ queries: 1, keys: 1, dim: 1, valueDim: 1 });
  const many = { ...request, q: numbers(9000, 1), qShape: [9000, 1], k: numbers(9000, 2), kShape: [9000, 1] };
  const wide = { ...many, v: numbers(9000, 3), vShape: [9000, 1] };
  const limit =
    /^This is too large for the device: the scores would take 324 MB, and one buffer here may hold 134 MB\.$/;
  await expect(gpu.attention({ ...wide, kernel: "composed" })).rejects.toThrow(limit);
  await expect(gpu.attentionStages(wide)).rejects.toThrow(limit);
  expect((await gpu.attention({ ...wide, qShape: [9000, 1], q: wide.q, causal: true })).kernel).toBe("flash");
});

/** PyTorch's own error is like ours: both are allowed. */
function recordedWithin(result: Tensor, request: AttentionRequest): Expected {
  const { tolerances } = expectedAttention(request);
  return { shape: result.shape, values: Float64Array.from(result.data), tolerances: tolerances.map((x) => 2 * x) };
}

function requests(): fc.Arbitrary<AttentionRequest> {
  const length = fc.integer({ min: 1, max: 20 });
  const sizes = fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
    keyHeads: fc.integer({ min: 1, max: 2 }),
    ...{ queries: length, keys: length, dim: length, valueDim: length },
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
