/** The clock work, on made-up samples and on the software device. */

import { describe, expect, it, vi } from "vitest";
import { createCpuKernels, createKernels } from "../../kernels/index.ts";
import { steadyTiming, timing } from "../../kernels/device/timing.ts";
import { softwareDevice } from "./device.ts";
import { numbers } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("a measurement", () => {
  it("holds as many runs in a sample as a coarse clock needs", async () => {
    // A run takes 0.03 ms, and the clock counts in steps of 0.1 ms.
    const sample = async (runs: number): Promise<number> => Math.round(runs * 0.3) / 10;
    const result = await steadyTiming({ clock: "timestamp-query", sample }, {});
    expect(result.runsPerSample * 0.03).toBeGreaterThanOrEqual(1.95);
    expect(result.median).toBeCloseTo(0.03, 2);
    expect(result.steady).toBe(true);
  });

  it("goes on until the spread is small and says so", async () => {
    const times = [90, 50, 20, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10];
    const sample = async (): Promise<number> => times.shift() ?? 10;
    const result = await steadyTiming({ clock: "queue", sample }, {});
    expect(result).toMatchObject({ median: 10, steady: true });
    expect(result.high - result.low).toBeLessThanOrEqual(0.5);
  });

  it("stops when its time is up, unsteady", async () => {
    let call = 0;
    const sample = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return call++ % 2 === 0 ? 20 : 80;
    };
    const result = await steadyTiming({ clock: "queue", sample }, { budget: 60 });
    expect(result.steady).toBe(false);
    expect(result.samples).toBeLessThan(20);
  });

  it("is over after one run that takes longer than it is worth", async () => {
    let runs = 0;
    const sample = async (): Promise<number> => {
      runs++;
      return 900;
    };
    expect(await steadyTiming({ clock: "queue", sample }, { budget: 100 })).toMatchObject({
      median: 900,
      steady: false,
    });
    expect(await steadyTiming({ clock: "queue", sample }, { giveUpAbove: 50 })).toMatchObject({ samples: 1 });
    expect(runs).toBe(2);
  });

  it("can be aborted", async () => {
    const abort = new AbortController();
    const sample = async (): Promise<number> => {
      abort.abort(new Error("another one is wanted"));
      return 10;
    };
    await expect(steadyTiming({ clock: "queue", sample }, { signal: abort.signal })).rejects.toThrow("another one");
  });

  it("gives GFLOP and GB a second", () => {
    const sampled = { clock: "cpu", median: 2, low: 2, high: 2, samples: 5, runsPerSample: 1, steady: true } as const;
    const result = timing("naive", { flops: 4e9, bytes: 1e9, shape: [] }, sampled);
    expect([result.gflopsPerSecond, result.gigabytesPerSecond]).toEqual([2000, 500]);
  });
});

it("times products and attentions on both devices, and counts their work", async () => {
  const gpu = await createKernels(await softwareDevice());
  const product = { a: numbers(6, 1), aShape: [2, 3], b: numbers(12, 2), bShape: [3, 4] };
  const x = numbers(40, 3);
  const head = { q: x, qShape: [2, 5, 4], k: x, kShape: [2, 5, 4], v: x, vShape: [2, 5, 4] };
  for (const [kernels, clock] of [
    [gpu, "queue"],
    [createCpuKernels(), "cpu"],
  ] as const) {
    const matmul = await kernels.measureMatmul(product, { budget: 50 });
    expect(matmul).toMatchObject({ clock, flops: 2 * 2 * 3 * 4, bytes: 4 * (6 + 12 + 8) });
    expect(matmul.median).toBeGreaterThan(0);
    expect(matmul.low).toBeLessThanOrEqual(matmul.median);
    const attention = await kernels.measureAttention(head, { budget: 50 });
    expect(attention).toMatchObject({ clock, flops: 2 * 2 * 5 * 5 * 8, bytes: 4 * 4 * 40 });
  }
  gpu.destroy();
});

it("measures the roofs of both devices", async () => {
  const gpu = await createKernels(await softwareDevice());
  for (const kernels of [gpu, createCpuKernels()]) {
    const roofs = await kernels.measureRoofs({ budget: 300 });
    // How high they are cannot be held against anything while other work shares the machine.
    expect(roofs.gflopsPerSecond).toBeGreaterThan(0);
    expect(roofs.gigabytesPerSecond).toBeGreaterThan(0);
    expect(roofs.arithmetic.flops).toBeGreaterThan(0);
    expect(roofs.bandwidth.bytes).toBeGreaterThan(0);
  }
  gpu.destroy();
});
