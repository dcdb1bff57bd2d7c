/** Softmax on the GPU and on the CPU against the float64 reference. */

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createCpuKernels, createKernels, type Kernels } from "../../kernels/index.ts";
import { softmaxReference } from "../../kernels/reference.ts";
import { softwareDevice } from "./device.ts";
import { difference } from "./expected.ts";
import { numbers } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let backends: Readonly<Record<string, Kernels>>;
beforeAll(async () => {
  backends = { webgpu: await createKernels(await softwareDevice()), cpu: createCpuKernels() };
});
afterAll(() => Object.values(backends).forEach((kernels) => kernels.destroy()));

describe.each(["webgpu", "cpu"])("%s", (backend) => {
  async function check(x: Float32Array, rows: number, columns: number): Promise<string> {
    const values = softmaxReference(x, rows, columns);
    // The error of exp, 3 + 2|x| roundings of two, and one rounding for each number summed.
    const spread = Math.min(200, Math.max(...x.filter(Number.isFinite)) - Math.min(...x.filter(Number.isFinite)));
    const tolerances = values.map((value) => value * 2 ** -24 * (2 * (3 + 2 * spread) + columns + 4) + 2 ** -126);
    const result = await backends[backend]?.softmax({ x, xShape: [rows, columns] });
    const actual = result ?? { data: new Float32Array(), shape: [] };
    return difference(actual, { shape: [rows, columns], values, tolerances }, backend);
  }

  it("is right for every width around the sizes of vectors and workgroups", async () => {
    for (const columns of [1, 2, 3, 4, 5, 63, 64, 65, 255, 256, 257, 1000]) {
      const x = numbers(3 * columns, columns).map((x) => 20 * x);
      expect(await check(x, 3, columns)).toBe("");
    }
  });

  it("survives large magnitudes and −∞, and gives zeros for a row of nothing else", async () => {
    expect(await check(Float32Array.of(1e38, -1e38, 3e38, 0, -Infinity, 7, -Infinity, 8), 2, 4)).toBe("");
    expect(await check(new Float32Array(10).fill(-Infinity), 2, 5)).toBe("");
    expect(await check(new Float32Array(10).fill(-3.4e38), 2, 5)).toBe("");
  });

  it("spreads NaN and +∞ over their own row only", async () => {
    const x = numbers(15, 1);
    x[2] = NaN;
    x[9] = Infinity;
    const result = await backends[backend]?.softmax({ x, xShape: [3, 5] });
    expect([...(result?.data ?? [])].map(Number.isNaN)).toEqual(Array.from({ length: 15 }, (_, i) => i < 10));
  });

  it("gives back an empty result for an empty row", async () => {
    const result = await backends[backend]?.softmax({ x: new Float32Array(), xShape: [3, 0] });
    expect(result).toMatchObject({ shape: [3, 0], data: new Float32Array() });
  });
});
