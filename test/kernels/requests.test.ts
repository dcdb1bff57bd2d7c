/** Requests that make no sense or do not fit are rejected with a plain sentence, the same on every device. */

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  createCpuKernels,
  createKernels,
  RequestError,
  type AttentionRequest,
  type Kernels,
  type MatmulRequest,
} from "../../kernels/index.ts";
import { softwareDevice } from "./device.ts";

vi.setConfig({ hookTimeout: 60_000 });

let device: GPUDevice;
let backends: Readonly<Record<"webgpu" | "cpu", Kernels>>;
beforeAll(async () => {
  device = await softwareDevice();
  backends = { webgpu: await createKernels(device), cpu: createCpuKernels() };
});
afterAll(() => backends.webgpu.destroy());

const zeros = (count: number): Float32Array => new Float32Array(count);
const square: MatmulRequest = { a: zeros(4), aShape: [2, 2], b: zeros(4), bShape: [2, 2] };
const head: AttentionRequest = {
  q: zeros(4),
  qShape: [2, 2],
  k: zeros(4),
  kShape: [2, 2],
  v: zeros(4),
  vShape: [2, 2],
};

describe.each(["webgpu", "cpu"] as const)("%s", (backend) => {
  it.each<[Partial<MatmulRequest>, string]>([
    [{ a: zeros(3) }, "a has 3 numbers, but its shape (2, 2) needs 4."],
    [{ aShape: [2, 2.5] }, "The shape of a holds 2.5; a size is a whole number, 0 or more."],
    [{ bShape: [-1, -4] }, "The shape of b holds -1; a size is a whole number, 0 or more."],
    [{ a: zeros(1), aShape: [] }, "a has no axes; a matrix product needs at least one."],
    [{ b: zeros(6), bShape: [3, 2] }, "The inner sizes differ: a (2, 2) has 2 columns and b (3, 2) has 3 rows."],
    [
      { b: zeros(6), bShape: [2, 3], transposeB: true },
      "The inner sizes differ: a (2, 2) has 2 columns and b (2, 3) transposed has 3 rows.",
    ],
    [{ b: zeros(2), bShape: [2], transposeB: true }, "b has one axis, (2,); transposing it needs two."],
    [
      { a: zeros(8), aShape: [2, 2, 2], b: zeros(12), bShape: [3, 2, 2] },
      "The leading axes of a (2, 2, 2) and b (3, 2, 2) do not broadcast: (2,) against (3,).",
    ],
  ])("matmul %#", async (change, sentence) => {
    const call = backends[backend].matmul({ ...square, ...change });
    await expect(call).rejects.toThrow(sentence);
    await expect(call).rejects.toBeInstanceOf(RequestError);
  });

  it.each<[Partial<AttentionRequest>, string]>([
    [{ q: zeros(2), qShape: [2] }, "q is (2,); attention needs (…, heads, length, dim)."],
    [{ k: zeros(6), kShape: [2, 3] }, "The last axes of q (2, 2) and k (2, 3) differ: 2 and 3."],
    [{ v: zeros(6), vShape: [3, 2] }, "k (2, 2) has 2 keys and v (3, 2) has 3 values; they must be as many."],
    [
      { q: zeros(12), qShape: [3, 2, 2], k: zeros(8), kShape: [2, 2, 2] },
      "q (3, 2, 2) has 3 heads, which 2 heads of k (2, 2, 2) cannot share evenly.",
    ],
    [
      { q: zeros(8), qShape: [2, 1, 2, 2], k: zeros(12), kShape: [3, 1, 2, 2] },
      "The batch axes do not broadcast: q (2, 1, 2, 2), k (3, 1, 2, 2), v (2, 2).",
    ],
    [{ mask: zeros(4) }, "A mask needs its shape in maskShape."],
    [{ maskShape: [2, 2] }, "maskShape is given without a mask."],
    [{ mask: zeros(3), maskShape: [3] }, "The mask (3,) does not broadcast to the scores (2, 2)."],
    [{ mask: zeros(8), maskShape: [2, 2, 2] }, "The mask (2, 2, 2) does not broadcast to the scores (2, 2)."],
    [{ scale: NaN }, "The scale is NaN; it must be a finite number."],
  ])("attention %#", async (change, sentence) => {
    await expect(backends[backend].attention({ ...head, ...change })).rejects.toThrow(sentence);
    await expect(backends[backend].attentionStages({ ...head, ...change })).rejects.toThrow(sentence);
    await expect(backends[backend].measureAttention({ ...head, ...change })).rejects.toThrow(sentence);
  });

  it("softmax without axes", async () => {
    const call = backends[backend].softmax({ x: zeros(1), xShape: [] });
    await expect(call).rejects.toThrow("x has no axes; a softmax runs along the last one.");
  });

  it("what is not a Float32Array", async () => {
    // From JavaScript anything may come.
    const a = [1, 2, 3, 4] as unknown as Float32Array;
    await expect(backends[backend].matmul({ ...square, a })).rejects.toThrow("a must be a Float32Array.");
  });

  it("a result that is too large, before anything is allocated", async () => {
    const allocate = vi.spyOn(device, "createBuffer");
    const call = backends[backend].matmul({ a: zeros(1e5), aShape: [1e5, 1], b: zeros(1e5), bShape: [1, 1e5] });
    await expect(call).rejects.toThrow(/^This is too large .* the result would take 40 GB/);
    const batches = backends[backend].matmul({
      a: zeros(1e5),
      aShape: [1e5, 1, 1, 1],
      b: zeros(1e5),
      bShape: [1e5, 1, 1],
    });
    await expect(batches).rejects.toThrow(/^This is too large .* the result would take/);
    expect(allocate).not.toHaveBeenCalled();
    allocate.mockRestore();
  });

  it("a call that is aborted before its turn", async () => {
    const call = backends[backend].matmul({ ...square, signal: AbortSignal.abort(new Error("not wanted")) });
    await expect(call).rejects.toThrow("not wanted");
  });
});

it("kernels that do not exist are named beside those that do", async () => {
  await expect(backends.webgpu.matmul({ ...square, kernel: "fast" })).rejects.toThrow(
    /^There is no kernel named fast for this; there is naive, .*\.$/,
  );
  await expect(backends.cpu.attention({ ...head, kernel: "flash" })).rejects.toThrow(
    "There is no kernel named flash without a GPU; there is cpu.",
  );
});
