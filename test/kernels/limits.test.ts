/** Work that meets a device's limits is folded, done another way, or refused with a sentence. */

import { describe, expect, it, vi } from "vitest";
import { createKernels, type AttentionRequest, type Kernels } from "../../kernels/index.ts";
import { matmulKernels } from "../../kernels/matmul/index.ts";
import { foldWorkgroups } from "../../kernels/device/job.ts";
import { limited, softwareDevice } from "./device.ts";
import { difference, expectedAttention, expectedMatmul } from "./expected.ts";
import { withSubgroups } from "./subgroups.ts";
import { numbers } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000 });

async function narrow(most: number): Promise<Kernels> {
  return createKernels(limited(withSubgroups(await softwareDevice(), 4), { maxComputeWorkgroupsPerDimension: most }));
}

describe("more workgroups than a dimension may have", () => {
  it("are folded into rows with as few to spare as can be", async () => {
    const { limits } = limited(await softwareDevice(), { maxComputeWorkgroupsPerDimension: 10 });
    expect([9, 10, 11, 25, 100].map((count) => foldWorkgroups(count, limits))).toEqual([
      [9, 1],
      [10, 1],
      [6, 2],
      [9, 3],
      [10, 10],
    ]);
  });

  it.each(matmulKernels.map((kernel) => kernel.name))("do not confuse %s", async (kernel) => {
    const k = await narrow(4);
    const request = { a: numbers(7 * 30, 1), aShape: [7, 5, 6], b: numbers(7 * 24, 2), bShape: [7, 6, 4], kernel };
    expect(difference(await k.matmul(request), expectedMatmul(request), kernel)).toBe("");
    k.destroy();
  });

  it.each(["composed", "flash"])("do not confuse %s", async (kernel) => {
    const k = await narrow(13);
    const x = numbers(23 * 8, 1);
    const shape = [23, 1, 2, 4];
    const request: AttentionRequest = { q: x, qShape: shape, k: x, kShape: shape, v: x, vShape: shape, kernel };
    expect(difference(await k.attention(request), expectedAttention(request), kernel)).toBe("");
    k.destroy();
  });

  it("are refused once they do not even fit folded", async () => {
    const k = await narrow(3);
    const request = { a: numbers(10, 1), aShape: [10, 1, 1], b: numbers(1, 1), bShape: [1, 1] };
    await expect(k.matmul({ ...request, kernel: "vec4" })).rejects.toThrow(
      "This is too large for the device: vec4 would need 10 workgroups, and one dispatch here may have 9.",
    );
    k.destroy();
  });
});

it("the tiled kernel takes tiles of 16 × 16 where a workgroup may have 256 threads, and 8 × 8 elsewhere", async () => {
  const requiredLimits = { maxComputeInvocationsPerWorkgroup: 256 };
  for (const descriptor of [{ requiredLimits }, {}]) {
    const device = await softwareDevice(descriptor);
    const compile = vi.spyOn(device, "createComputePipelineAsync");
    const k = await createKernels(device);
    const request = {
      a: numbers(33 * 35, 1),
      aShape: [33, 35],
      b: numbers(35 * 31, 2),
      bShape: [35, 31],
      kernel: "tiled",
    };
    expect(difference(await k.matmul(request), expectedMatmul(request), "tiled")).toBe("");
    const tile = compile.mock.calls[0]?.[0].compute.constants?.["TILE"];
    expect(tile).toBe(device.limits.maxComputeInvocationsPerWorkgroup >= 256 ? 16 : 8);
    k.destroy();
  }
});

it("attention whose scores do not fit is left to the kernel that does not store them", async () => {
  const device = limited(await softwareDevice(), { maxStorageBufferBindingSize: 20_000 });
  const k = await createKernels(device);
  const x = numbers(100 * 4, 1);
  const v = numbers(100 * 8, 2);
  const request: AttentionRequest = { q: x, qShape: [100, 4], k: x, kShape: [100, 4], v, vShape: [100, 8] };
  const sentence = "the scores would take 40 kB, and one buffer here may hold 20 kB.";
  await expect(k.attention({ ...request, kernel: "composed" })).rejects.toThrow(sentence);
  await expect(k.attentionStages(request)).rejects.toThrow(sentence);
  const result = await k.attention(request);
  expect(result.kernel).toBe("flash");
  expect(difference(result, expectedAttention(request), "flash")).toBe("");
  k.destroy();
});
