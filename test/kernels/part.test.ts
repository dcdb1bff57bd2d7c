/** Parts of products are what the whole product has there, and a result that is too large comes part by part. */

import * as fc from "fast-check";
import { expect, it, vi } from "vitest";
import { createCpuKernels, createKernels, partOfMatmul, type MatmulRequest } from "../../kernels/index.ts";
import { limited, softwareDevice } from "./device.ts";
import { difference, expectedMatmul } from "./expected.ts";
import { numbers, size } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000 });

function product(m: number, k: number, n: number, transposeA: boolean, transposeB: boolean): MatmulRequest {
  const [aShape, bShape] = [transposeA ? [2, k, m] : [2, m, k], transposeB ? [n, k] : [k, n]];
  return {
    a: numbers(size(aShape), 1),
    aShape,
    b: numbers(size(bShape), 2),
    bShape,
    transposeA,
    transposeB,
    bias: numbers(n, 3),
  };
}

it("a part has the rows and columns of the whole", async () => {
  const length = fc.integer({ min: 1, max: 9 });
  await fc.assert(
    fc.asyncProperty(
      length,
      length,
      length,
      fc.boolean(),
      fc.boolean(),
      fc.nat(),
      fc.nat(),
      async (m, k, n, ta, tb, p, q) => {
        const request = product(m, k, n, ta, tb);
        const [rows, columns] = [[p % m, m] as const, [0, 1 + (q % n)] as const];
        const cpu = createCpuKernels();
        const [whole, part] = [await cpu.matmul(request), await cpu.matmul(partOfMatmul(request, { rows, columns }))];
        expect(part.shape).toEqual([2, rows[1] - rows[0], columns[1]]);
        const wanted = [...whole.data].filter((_, i) => {
          const [row, column] = [Math.floor(i / n) % m, i % n];
          return row >= rows[0] && row < rows[1] && column < columns[1];
        });
        expect([...part.data]).toEqual(wanted);
      },
    ),
    { numRuns: 80, seed: 2 },
  );
});

it("a result that does not fit the device comes part by part", async () => {
  const k = await createKernels(limited(await softwareDevice(), { maxStorageBufferBindingSize: 8192 }));
  const request = { a: numbers(100 * 8, 1), aShape: [100, 8], b: numbers(8 * 90, 2), bShape: [8, 90], kernel: "vec4" };
  await expect(k.matmul(request)).rejects.toThrow(
    "the result would take 36.8 kB, and one buffer here may hold 8.19 kB.",
  );
  const all = new Float32Array(100 * 90);
  for (let row = 0; row < 100; row += 20) {
    const part = await k.matmul({ ...partOfMatmul(request, { rows: [row, row + 20] }), kernel: "naive" });
    all.set(part.data, row * 90);
  }
  expect(difference({ data: all, shape: [100, 90] }, expectedMatmul(request), "parts")).toBe("");
  k.destroy();
});

it("vectors have no rows or columns to cut, and a range that is not there is refused", () => {
  const vectors = { a: numbers(4, 1), aShape: [4], b: numbers(4, 2), bShape: [4] };
  expect(partOfMatmul(vectors, { rows: [0, 1], columns: [0, 1] })).toMatchObject({ aShape: [4], bShape: [4] });
  expect(() => partOfMatmul(product(3, 2, 5, false, false), { rows: [1, 4] })).toThrow(
    "The result has 3 rows; there are none from 1 to 4.",
  );
});
