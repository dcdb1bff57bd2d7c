/** Norms, elementwise operations, transpositions and reductions on the GPU and the CPU, against plain float64. */

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createCpuKernels, createKernels, type Kernels, type NormRequest, type Result } from "../../kernels/index.ts";
import { softwareDevice } from "./device.ts";
import { difference } from "./expected.ts";
import { numbers, size } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const roundoff = 2 ** -24;
let backends: Readonly<Record<"webgpu" | "cpu", Kernels>>;
beforeAll(async () => {
  backends = { webgpu: await createKernels(await softwareDevice()), cpu: createCpuKernels() };
});
afterAll(() => Object.values(backends).forEach((kernels) => kernels.destroy()));

function check(actual: Result, shape: readonly number[], values: readonly number[], tolerance: (i: number) => number) {
  const tolerances = Float64Array.from(values, (_, i) => tolerance(i));
  return difference(actual, { shape, values: Float64Array.from(values), tolerances }, actual.kernel);
}

describe.each(["webgpu", "cpu"] as const)("%s", (backend) => {
  const k = (): Kernels => backends[backend];

  describe("a norm", () => {
    async function checkNorm(request: NormRequest): Promise<string> {
      const { x, xShape, weight, bias, epsilon = 1e-5, kind } = request;
      const columns = xShape.at(-1) ?? 1;
      const values: number[] = [];
      const tolerances: number[] = [];
      for (let start = 0; start < x.length; start += columns) {
        const row = Array.from(x.subarray(start, start + columns));
        const mean = kind === "rms" ? 0 : row.reduce((a, b) => a + b, 0) / columns;
        const variance = row.reduce((total, value) => total + (value - mean) ** 2, 0) / columns;
        const most = Math.max(...row.map(Math.abs));
        row.forEach((value, i) => {
          const scale = (weight?.[i] ?? 1) / Math.sqrt(variance + epsilon);
          values.push((value - mean) * scale + (bias?.[i] ?? 0));
          // The mean errs by a rounding of the sum of magnitudes for each number, and everything is shifted by it.
          tolerances.push((columns + 8) * roundoff * (2 * most * Math.abs(scale) + Math.abs(values.at(-1) ?? 0) + 1));
        });
      }
      return check(await k().layerNorm(request), xShape, values, (i) => tolerances[i] ?? 0);
    }

    it("is right for every width around the size of a workgroup, with and without weight and bias", async () => {
      for (const columns of [1, 2, 5, 63, 64, 65, 129, 300]) {
        const x = numbers(6 * columns, columns);
        const [weight, bias] = [numbers(columns, 1), numbers(columns, 2)];
        for (const kind of ["layer", "rms"] as const) {
          expect(await checkNorm({ x, xShape: [2, 3, columns], kind })).toBe("");
          expect(await checkNorm({ x, xShape: [2, 3, columns], kind, weight, bias })).toBe("");
        }
      }
    });

    it("keeps what is small beside a large mean, and gives the bias for a row of equal numbers", async () => {
      expect(await checkNorm({ x: numbers(64, 1).map((x) => 1000 + x), xShape: [2, 32] })).toBe("");
      const bias = numbers(8, 3);
      const flat = await k().layerNorm({ x: new Float32Array(8).fill(5), xShape: [8], bias });
      expect([...flat.data]).toEqual([...bias]);
      for (const magnitude of [1e-30, 1e-20, 1e20, 1e30]) {
        const x = numbers(8, 1).map((value) => value * magnitude);
        for (const kind of ["layer", "rms"] as const) {
          expect(await checkNorm({ x, xShape: [8], kind, epsilon: magnitude < 1 ? 0 : 1e-5 })).toBe("");
        }
      }
    });

    it("spreads NaN over its own row only", async () => {
      const x = numbers(12, 1);
      x[5] = NaN;
      const { data } = await k().layerNorm({ x, xShape: [3, 4] });
      expect([...data].map(Number.isNaN)).toEqual(Array.from({ length: 12 }, (_, i) => i >= 4 && i < 8));
    });
  });

  describe("an elementwise operation", () => {
    const x = Float32Array.of(0.5, -1.5, 2, -0.25, 3, 0.125);
    it.each([
      ["negate", (v: number) => -v],
      ["abs", Math.abs],
      ["exp", Math.exp],
      ["sin", Math.sin],
      ["cos", Math.cos],
      ["tanh", Math.tanh],
      ["sigmoid", (v: number) => 1 / (1 + Math.exp(-v))],
      ["relu", (v: number) => Math.max(v, 0)],
    ] as const)("%s", async (operation, plain) => {
      const result = await k().elementwise({ operation, a: x, aShape: [2, 3] });
      // WGSL lets sin and cos be off by 2⁻¹¹ within ±π; software and hardware alike do better.
      expect(check(result, [2, 3], Array.from(x, plain), () => 1e-5)).toBe("");
    });

    it("log and sqrt, NaN for what is negative", async () => {
      const a = Float32Array.of(0, 1, 2, 1e30, 1e-30, 4);
      const roots = await k().elementwise({ operation: "sqrt", a, aShape: [6] });
      expect(check(roots, [6], Array.from(a, Math.sqrt), (i) => 4 * roundoff * Math.sqrt(a[i] ?? 0))).toBe("");
      const logs = await k().elementwise({ operation: "log", a: a.subarray(1), aShape: [5] });
      expect(check(logs, [5], Array.from(a.subarray(1), Math.log), () => 1e-5)).toBe("");
      const negative = { a: Float32Array.of(-1), aShape: [1] };
      expect((await k().elementwise({ operation: "sqrt", ...negative })).data[0]).toBeNaN();
    });

    it("broadcasts two operands as NumPy does", async () => {
      const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 4 });
      const masks = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 4, maxLength: 4 });
      const operations = fc.constantFrom("add", "subtract", "multiply", "divide", "maximum", "minimum" as const);
      await fc.assert(
        fc.asyncProperty(shape, masks, operations, async (full, kept, operation) => {
          const aShape = full.map((length, i) => (kept[i]?.[0] === true ? length : 1));
          const bShape = full.map((length, i) => (kept[i]?.[1] === true || kept[i]?.[0] !== true ? length : 1));
          const [a, b] = [numbers(size(aShape), 1), numbers(size(bShape), 2)];
          const result = await k().elementwise({ operation, a, aShape, b, bShape });
          const plain = { add: "+", subtract: "-", multiply: "*", divide: "/", maximum: ">", minimum: "<" }[operation];
          const values = Array.from({ length: size(full) }, (_, i) => {
            const [p, q] = [a[placeIn(aShape, full, i)] ?? NaN, b[placeIn(bShape, full, i)] ?? NaN];
            return (
              { "+": p + q, "-": p - q, "*": p * q, "/": p / q, ">": Math.max(p, q), "<": Math.min(p, q) }[plain] ?? NaN
            );
          });
          expect(check(result, full, values, (i) => 4 * roundoff * Math.abs(values[i] ?? 0))).toBe("");
        }),
        { numRuns: 60, seed: 3 },
      );
    });

    it("the greater and the lesser of a number and NaN are NaN", async () => {
      const pair = { a: Float32Array.of(NaN, 1, 2), aShape: [3], b: Float32Array.of(1, NaN, 3), bShape: [3] };
      for (const operation of ["maximum", "minimum"] as const) {
        const { data } = await k().elementwise({ operation, ...pair });
        expect([...data].map(Number.isNaN)).toEqual([true, true, false]);
      }
    });
  });

  it("transposes by any order of axes", async () => {
    for (const [xShape, axes] of [
      [[3, 5], undefined],
      [[2, 17, 33], undefined],
      [
        [2, 3, 4],
        [2, 0, 1],
      ],
      [
        [2, 3, 4, 5],
        [0, 2, 1, 3],
      ],
      [
        [2, 3, 4],
        [-1, -2, -3],
      ],
      [[7], [0]],
      [
        [64, 64],
        [1, 0],
      ],
    ] as const) {
      const x = numbers(size(xShape), 4);
      const result = await k().transpose({ x, xShape, axes });
      const order = axes?.map((axis) => (axis + xShape.length) % xShape.length) ?? swapped(xShape.length);
      const shape = order.map((axis) => xShape[axis] ?? 0);
      const values = Array.from({ length: x.length }, (_, i) => {
        const place = placesOf(shape, i);
        const source = xShape.map((_, axis) => place[order.indexOf(axis)] ?? 0);
        return x[source.reduce((at, p, axis) => at * (xShape[axis] ?? 0) + p, 0)] ?? NaN;
      });
      expect(check(result, shape, values, () => 0)).toBe("");
    }
  });

  it("reduces along any axes", async () => {
    const xShape = [3, 4, 5];
    const x = numbers(60, 6);
    for (const axes of [undefined, [0], [1], [-1], [0, 2], [2, 0], [0, 1, 2], []]) {
      for (const operation of ["sum", "mean", "max", "min"] as const) {
        for (const keepDims of [false, true]) {
          const chosen = (axes ?? [0, 1, 2]).map((axis) => (axis + 3) % 3);
          const kept = xShape.map((length, axis) => (chosen.includes(axis) ? 1 : length));
          const groups = Array.from({ length: size(kept) }, (): number[] => []);
          x.forEach((value, i) => groups[placeIn(kept, xShape, i)]?.push(value));
          const values = groups.map((group) => {
            const total = group.reduce((a, b) => a + b, 0);
            return { sum: total, mean: total / group.length, max: Math.max(...group), min: Math.min(...group) }[
              operation
            ];
          });
          const shape = keepDims ? kept : xShape.filter((_, axis) => !chosen.includes(axis));
          expect(
            check(await k().reduce({ operation, x, xShape, axes, keepDims }), shape, values, () => 60 * roundoff * 4),
          ).toBe("");
        }
      }
    }
  });

  it("reduces long rows in two steps, and keeps NaN and ±∞", async () => {
    const x = numbers(3 * 9001, 7);
    const rows = [0, 1, 2].map((row) => Array.from(x.subarray(row * 9001, (row + 1) * 9001)));
    const request = { x, xShape: [3, 9001], axes: [1] };
    const sums = rows.map((row) => row.reduce((a, b) => a + b, 0));
    expect(check(await k().reduce({ ...request, operation: "sum" }), [3], sums, () => 9001 * 9001 * roundoff)).toBe("");
    const means = sums.map((sum) => sum / 9001);
    expect(check(await k().reduce({ ...request, operation: "mean" }), [3], means, () => 9001 * roundoff)).toBe("");
    expect([...(await k().reduce({ ...request, operation: "max" })).data]).toEqual(rows.map((row) => Math.max(...row)));
    x[5] = NaN;
    x[9001] = Infinity;
    for (const operation of ["max", "sum"] as const) {
      const [first, second] = (await k().reduce({ ...request, operation })).data;
      expect([first, second]).toEqual([NaN, Infinity]);
    }
  });

  it("says what is wrong", async () => {
    const x = numbers(6, 1);
    await expect(k().layerNorm({ x, xShape: [2, 3], weight: numbers(2, 1) })).rejects.toThrow(
      "weight has 2 numbers, but its shape (3,) needs 3.",
    );
    await expect(k().elementwise({ operation: "add", a: x, aShape: [6] })).rejects.toThrow(
      "add needs b and bShape too.",
    );
    await expect(k().elementwise({ operation: "add", a: x, aShape: [6], b: x, bShape: [2, 3] })).rejects.toThrow(
      "a (6,) and b (2, 3) do not broadcast.",
    );
    await expect(k().transpose({ x, xShape: [2, 3], axes: [0, 0] })).rejects.toThrow(
      "The axes (0, 0) do not name each axis of x (2, 3) once.",
    );
    await expect(k().reduce({ operation: "sum", x, xShape: [2, 3], axes: [2] })).rejects.toThrow(
      "The axes (2,) are not axes of x (2, 3), each once.",
    );
    await expect(k().reduce({ operation: "max", x: new Float32Array(), xShape: [0] })).rejects.toThrow(
      "There is no max of no numbers: x is (0,).",
    );
  });
});

function placesOf(shape: readonly number[], i: number): readonly number[] {
  let rest = i;
  return shape
    .toReversed()
    .map((length) => {
      const place = rest % length;
      rest = Math.floor(rest / length);
      return place;
    })
    .toReversed();
}

/** Where the i-th element of `full` lies in `shape`, which has as many axes, some of length 1. */
function placeIn(shape: readonly number[], full: readonly number[], i: number): number {
  return placesOf(full, i).reduce((at, place, axis) => at * (shape[axis] ?? 1) + (shape[axis] === 1 ? 0 : place), 0);
}

function swapped(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
}
