/** Kernels are tried on the device before they are used, measured on request, and what is found out is remembered. */

import { beforeAll, describe, expect, it, vi } from "vitest";
import { createKernels, type Kernels, type TuningStore } from "../../kernels/index.ts";
import { limited, softwareDevice } from "./device.ts";
import { difference, expectedMatmul } from "./expected.ts";
import { numbers } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const request = { a: numbers(40 * 50, 1), aShape: [40, 50], b: numbers(50 * 60, 2), bShape: [50, 60] };
const x = numbers(2 * 9 * 8, 3);
const head = { q: x, qShape: [2, 9, 8], k: x, kShape: [2, 9, 8], v: x, vShape: [2, 9, 8] };

/** A store of the host's, that can be looked into. */
function storeOf(kept = new Map<string, string>()): TuningStore & { readonly kept: Map<string, string> } {
  return { kept, get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) };
}

/** A device whose compiler leaves out a step of a product, as a faulty driver might. */
function faulty(device: GPUDevice, program: string, from: string, to: string): GPUDevice {
  const compile = device.createShaderModule.bind(device);
  vi.spyOn(device, "createShaderModule").mockImplementation((descriptor) => {
    const hit = descriptor.code.startsWith(program);
    return compile({ code: hit ? descriptor.code.replace(from, to) : descriptor.code });
  });
  return device;
}

async function withFaultyVec4(store?: TuningStore): Promise<Kernels> {
  return createKernels(faulty(await softwareDevice(), "// Vectors:", "k < (params.k + 3) / 4", "k < params.k / 4"), {
    store,
  });
}

describe("a kernel that is wrong on a device", () => {
  it("is not used there by default: another one is", async () => {
    const k = await withFaultyVec4();
    const result = await k.matmul(request);
    expect(result.kernel).not.toBe("vec4");
    expect(difference(result, expectedMatmul(request), result.kernel)).toBe("");
    k.destroy();
  });

  it("is refused where it is named, with what was wrong", async () => {
    const k = await withFaultyVec4();
    const sentence = /^The kernel vec4 is not used on this device, since it is wrong here: in a trial, number \d+ was /;
    await expect(k.matmul({ ...request, kernel: "vec4" })).rejects.toThrow(sentence);
    await expect(k.measureMatmul({ ...request, kernel: "vec4" })).rejects.toThrow(sentence);
    k.destroy();
  });

  it("is not chosen by the tuner, and is named by verify", async () => {
    const k = await withFaultyVec4();
    const { tried, best } = await k.tuneMatmul(request, { budget: 3000 });
    expect(tried.map(({ kernel }) => kernel)).not.toContain("vec4");
    expect(best?.kernel).not.toBe("vec4");
    const verdicts = await k.verify();
    expect(verdicts.filter(({ right }) => !right).map(({ kernel }) => kernel)).toContain("vec4");
    expect(verdicts.filter(({ kernel, right }) => right && kernel === "tiled").length).toBe(1);
    k.destroy();
  });

  it("is remembered by the host", async () => {
    const store = storeOf();
    (await withFaultyVec4(store)).destroy();
    const first = await withFaultyVec4(store);
    await first.matmul(request);
    expect([...store.kept.values()].some((value) => value.startsWith("in a trial"))).toBe(true);
    first.destroy();
    // The same text on a device that is in order: the host's word counts, and no trial runs.
    const again = await createKernels(await softwareDevice(), { store });
    await expect(again.matmul({ ...request, kernel: "vec4" })).rejects.toThrow("is not used on this device");
    again.destroy();
  });

  it("may be an attention", async () => {
    const broken = faulty(await softwareDevice(), "// Flash:", "key += 8", "key += 16");
    const k = await createKernels(broken);
    expect((await k.attention(head)).kernel).toBe("composed");
    await expect(k.attention({ ...head, kernel: "flash" })).rejects.toThrow("The kernel flash is not used");
    k.destroy();
  });
});

describe("the tuner", () => {
  let k: Kernels;
  const store = storeOf();
  beforeAll(async () => {
    k = await createKernels(await softwareDevice(), { store });
  });

  it("measures the kernels within its budget, and what it finds is used for such sizes from then on", async () => {
    const start = performance.now();
    const tuning = await k.tuneMatmul(request, { budget: 4000 });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(tuning.tried.length).toBeGreaterThan(1);
    expect(tuning.best?.milliseconds).toBe(Math.min(...tuning.tried.map(({ milliseconds }) => milliseconds)));
    const near = { ...request, a: numbers(38 * 50, 5), aShape: [38, 50] };
    const result = await k.matmul(near);
    expect(result.kernel).toBe(tuning.best?.kernel);
    expect(difference(result, expectedMatmul(near), result.kernel)).toBe("");
    const again = await createKernels(await softwareDevice(), { store });
    expect((await again.matmul(near)).kernel).toBe(tuning.best?.kernel);
    again.destroy();
  });

  it("stops when its time is up and says so", async () => {
    const wide = { ...request, a: numbers(300 * 50, 1), aShape: [300, 50] };
    const tuning = await k.tuneMatmul(wide, { budget: 1 });
    expect(tuning.complete).toBe(false);
    expect((await k.matmul(wide)).shape).toEqual([300, 60]);
  });

  it("serves attention too", async () => {
    const tuning = await k.tuneAttention(head, { budget: 1000 });
    expect(tuning.tried.map(({ kernel }) => kernel).toSorted()).toEqual(["composed", "flash"]);
    expect((await k.attention(head)).kernel).toBe(tuning.best?.kernel);
  });

  it("works with a host that keeps nothing, and on the weakest device", async () => {
    const deaf = { get: () => Promise.reject(new Error("no disk")), set: () => Promise.reject(new Error("no disk")) };
    const weak = limited(await softwareDevice(), {
      maxComputeInvocationsPerWorkgroup: 128,
      maxComputeWorkgroupStorageSize: 16384,
    });
    const own = await createKernels(weak, { store: deaf });
    const { tried } = await own.tuneMatmul(request, { budget: 4000 });
    expect(tried.length).toBeGreaterThan(1);
    expect(difference(await own.matmul(request), expectedMatmul(request), "weak")).toBe("");
    own.destroy();
  });
});

it("every way of compiling every kernel is right", async () => {
  const device = await softwareDevice({ requiredLimits: { maxComputeInvocationsPerWorkgroup: 256 } });
  const k = await createKernels(device);
  // A tuning holds each against the CPU before it measures it, and leaves out what is wrong.
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, true],
  ] as const) {
    const [aShape, bShape] = [transposeA ? [50, 40] : [40, 50], transposeB ? [60, 50] : [50, 60]];
    const { tried, complete } = await k.tuneMatmul(
      { ...request, aShape, bShape, transposeA, transposeB },
      { budget: 20_000 },
    );
    expect(complete).toBe(true);
    expect(tried.filter(({ kernel }) => kernel === "vec4").length).toBe(6);
  }
  k.destroy();
});
