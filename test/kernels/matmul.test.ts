/** Every matmul kernel, and the CPU, against the float64 reference and against NumPy. */

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  createCpuKernels,
  createKernels,
  RequestError,
  type Kernels,
  type MatmulRequest,
} from "../../kernels/index.ts";
import { matmulKernels } from "../../kernels/matmul/index.ts";
import { softwareDevice } from "./device.ts";
import { difference, expectedMatmul } from "./expected.ts";
import { withSubgroups } from "./subgroups.ts";
import { numbers, recordedTruth, size } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let gpu: Kernels;
beforeAll(async () => {
  gpu = await createKernels(withSubgroups(await softwareDevice(), 8));
});
afterAll(() => gpu.destroy());

const names = [...matmulKernels.map((kernel) => kernel.name), "cpu"];

function multiply(name: string, request: MatmulRequest): ReturnType<Kernels["matmul"]> {
  return name === "cpu" ? createCpuKernels().matmul(request) : gpu.matmul({ ...request, kernel: name });
}

async function check(name: string, request: MatmulRequest): Promise<string> {
  const result = await multiply(name, request);
  const { aShape, bShape, transposeA = false, transposeB = false } = request;
  const what = `${name} ${JSON.stringify({ aShape, bShape, transposeA, transposeB })}`;
  return difference(result, expectedMatmul(request), what);
}

/** NumPy's refusals are recorded as null. */
function refused(error: unknown): null {
  if (error instanceof RequestError) return null;
  throw error;
}

function product(m: number, k: number, n: number, transposeA = false, transposeB = false): MatmulRequest {
  const aShape = transposeA ? [k, m] : [m, k];
  const bShape = transposeB ? [n, k] : [k, n];
  return { a: numbers(m * k, m + 10 * k), aShape, b: numbers(k * n, n + 10 * k), bShape, transposeA, transposeB };
}

describe.each(names)("%s", (name) => {
  it("is right for every m, n and k from 1 to 9", async () => {
    for (let m = 1; m <= 9; m++) {
      for (let n = 1; n <= 9; n++) {
        // Three k and one way of transposing for each, so that every k and every way meets every m and n.
        for (let k = 1 + ((m + n) % 3); k <= 9; k += 3) {
          const way = m + n + k;
          expect(await check(name, product(m, k, n, way % 2 === 1, way % 4 > 1))).toBe("");
        }
      }
    }
  });

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])("is right where tiles end, transposed %s and %s", async (transposeA, transposeB) => {
    for (const [m, k, n] of [
      [63, 17, 65],
      [65, 16, 64],
      [67, 15, 3],
      [1, 129, 70],
      [70, 129, 1],
      [129, 31, 131],
    ] as const) {
      expect(await check(name, product(m, k, n, transposeA, transposeB))).toBe("");
    }
  });

  it("sums a long row within float32's error", async () => {
    expect(await check(name, product(3, 5000, 5))).toBe("");
  });

  it("agrees with NumPy on vectors, broadcasting, empty sizes and values that are not finite", async () => {
    for (const { a, b, result } of recordedTruth().matmul) {
      const call = multiply(name, { a: a.data, aShape: a.shape, b: b.data, bShape: b.shape });
      const actual = await call.then(({ data, shape }) => ({ data, shape })).catch(refused);
      // The numbers are eighths, which are summed without error.
      expect(actual).toEqual(result);
    }
  });

  it("keeps very large and very small numbers", async () => {
    const a = Float32Array.of(1e30, 1e-30, -3e38, 1e-20, 1e19, -1e19);
    const b = Float32Array.of(1, 1e8, -1e8, 2, 1e18, 1e-18);
    expect(await check(name, { a, aShape: [3, 2], b, bShape: [2, 3] })).toBe("");
    expect(await check(name, { a, aShape: [6, 1], b, bShape: [1, 6] })).toBe("");
  });

  it("broadcasts leading axes as NumPy does, transposed or not", async () => {
    await fc.assert(
      fc.asyncProperty(broadcastRequests(), async (request) => {
        expect(await check(name, request)).toBe("");
      }),
      { numRuns: 40, seed: 3 },
    );
  });
});

it("picks a kernel by itself", async () => {
  const small = await gpu.matmul(product(2, 2, 2));
  const large = await gpu.matmul(product(100, 8, 100));
  const row = await gpu.matmul(product(1, 100, 50));
  const column = await gpu.matmul(product(50, 100, 1));
  const kernels = [small, large, row, column].map((result) => result.kernel);
  expect(kernels).toEqual(["naive", "vec4", "matrix-vector", "matrix-vector"]);
});

/** Two operands whose leading axes broadcast: axes are left out or made 1 at random. */
function broadcastRequests(): fc.Arbitrary<MatmulRequest> {
  const side = fc.integer({ min: 1, max: 6 });
  const batch = fc.array(fc.record({ length: fc.integer({ min: 1, max: 3 }), a: fc.boolean(), b: fc.boolean() }), {
    maxLength: 3,
  });
  const cut = fc.integer({ min: 0, max: 3 });
  const ways = fc.tuple(fc.boolean(), fc.boolean(), cut, cut);
  return fc.tuple(side, side, side, batch, ways).map(([m, k, n, axes, [transposeA, transposeB, cutA, cutB]]) => {
    const lengths = (one: "a" | "b"): number[] => axes.map((axis) => (axis[one] ? axis.length : 1));
    const aShape = [...lengths("a").slice(cutA), ...(transposeA ? [k, m] : [m, k])];
    const bShape = [...lengths("b").slice(cutB), ...(transposeB ? [n, k] : [k, n])];
    const [a, b] = [numbers(size(aShape), m), numbers(size(bShape), n)];
    return { a, aShape, b, bShape, transposeA, transposeB };
  });
}
