/** What outlives a call and what does not: buffers, devices, calls in flight. */

import { describe, expect, it, vi } from "vitest";
import { Gpu } from "../../kernels/device/gpu.ts";
import { Programs } from "../../kernels/device/programs.ts";
import { createKernels } from "../../kernels/index.ts";
import { softwareDevice } from "./device.ts";
import { numbers } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000 });

const request = { a: numbers(64, 1), aShape: [8, 8], b: numbers(64, 2), bShape: [8, 8] };

describe("buffers", () => {
  it("are reused from call to call", async () => {
    const device = await softwareDevice();
    const k = await createKernels(device);
    await k.matmul(request);
    const allocate = vi.spyOn(device, "createBuffer");
    for (let i = 0; i < 5; i++) await k.matmul(request);
    expect(allocate).not.toHaveBeenCalled();
    k.destroy();
  });

  it("never show what an earlier call left in them", async () => {
    const k = await createKernels(await softwareDevice());
    const ones = {
      a: new Float32Array(64).fill(NaN),
      aShape: [8, 8],
      b: new Float32Array(64).fill(NaN),
      bShape: [8, 8],
    };
    await k.matmul({ ...ones, kernel: "vec4" });
    const small = { a: Float32Array.of(1, 2, 3), aShape: [1, 3], b: Float32Array.of(4, 5, 6), bShape: [3, 1] };
    expect([...(await k.matmul({ ...small, kernel: "vec4" })).data]).toEqual([32]);
    k.destroy();
  });
});

describe("calls", () => {
  it("made at the same time all get their own result", async () => {
    const k = await createKernels(await softwareDevice());
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, i) => k.matmul({ ...request, a: request.a.map((x) => x * i) })),
    );
    const one = results[1]?.data ?? new Float32Array();
    results.forEach((result, i) => {
      result.data.forEach((x, j) => expect(x).toBeCloseTo(i * (one[j] ?? NaN), 4));
    });
    k.destroy();
  });

  it("that fail leave the next ones alone", async () => {
    const k = await createKernels(await softwareDevice());
    const [bad, good] = await Promise.allSettled([k.matmul({ ...request, kernel: "fast" }), k.matmul(request)]);
    expect([bad.status, good.status]).toEqual(["rejected", "fulfilled"]);
    k.destroy();
  });

  it("after destroy are rejected", async () => {
    const k = await createKernels(await softwareDevice());
    await k.matmul(request);
    k.destroy();
    await expect(k.matmul(request)).rejects.toThrow("These kernels have been destroyed.");
  });

  it("in flight and later are rejected when the device is lost, and new kernels work", async () => {
    const device = await softwareDevice();
    const k = await createKernels(device);
    const inFlight = Promise.allSettled([k.matmul(request), k.matmul(request)]);
    device.destroy();
    const sentence = /^The GPU device was lost( \(.*\))?\. Start again on a new one\.$/;
    for (const outcome of await inFlight) {
      expect(outcome.status === "rejected" ? String(outcome.reason.message) : "fulfilled").toMatch(sentence);
    }
    await expect(k.matmul(request)).rejects.toThrow(sentence);
    const again = await createKernels(await softwareDevice());
    expect((await again.matmul(request)).shape).toEqual([8, 8]);
    again.destroy();
  });
});

describe("a device that refuses", () => {
  it("memory is told in a sentence, and the next call works", async () => {
    const device = await softwareDevice();
    const k = await createKernels(device);
    await k.matmul(request);
    const scope = vi.spyOn(device, "popErrorScope").mockImplementationOnce(async () => {
      await device.popErrorScope();
      return { message: "no memory" };
    });
    await expect(k.matmul(request)).rejects.toThrow("The device is out of memory. Smaller sizes need less of it.");
    scope.mockRestore();
    expect((await k.matmul(request)).shape).toEqual([8, 8]);
    k.destroy();
  });

  it("a program is quoted with its line", async () => {
    const programs = new Programs(await softwareDevice());
    const program = { name: "broken", wgsl: "@compute @workgroup_size(1)\nfn main() { let x = y; }", bindings: [] };
    const sentence = "The kernel broken does not compile on this device: line 2: unresolved value 'y'.";
    await expect(programs.pipeline(program)).rejects.toThrow(sentence);
    await expect(programs.pipeline(program)).rejects.toThrow(sentence);
  });

  it("work does not go unnoticed", async () => {
    const device = await softwareDevice();
    const gpu = new Gpu(device);
    const wgsl =
      "@group(0) @binding(0) var<uniform> x: array<vec4f, 8>;\n@compute @workgroup_size(1)\nfn main() { _ = x[0]; }";
    const program = { name: "greedy", wgsl, bindings: ["uniform"] as const };
    const small = { label: "too little", kind: "uniform", bytes: 16 } as const;
    const job = { steps: [{ program, buffers: [small], workgroups: 1 }], outputs: [] };
    await expect(gpu.run(job)).rejects.toThrow(/^The device refused the work: /);
    gpu.destroy();
  });
});
