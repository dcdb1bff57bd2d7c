/** Values and sizes at the edge: every kernel, every subgroup size, against the float64 reference. */

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createKernels, type AttentionRequest, type Kernels, type MatmulRequest } from "../../kernels/index.ts";
import { matmulKernels } from "../../kernels/matmul/index.ts";
import { softwareDevice } from "./device.ts";
import { difference, expectedAttention, expectedMatmul } from "./expected.ts";
import { numbers } from "./numbers.ts";
import { withSubgroups } from "./subgroups.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let k: Kernels;
beforeAll(async () => {
  k = await createKernels(withSubgroups(await softwareDevice(), 32));
});
afterAll(() => k.destroy());

describe.each([4, 8, 16, 32, 64, 128])("with subgroups of %i", (size) => {
  it("products are right, where the sum ends within a subgroup and where rows end within a tile", async () => {
    const own = await createKernels(withSubgroups(await softwareDevice(), size));
    for (const [m, depth, n] of [
      [1, 1, 1],
      [9, size - 1, 5],
      [13, size + 1, 70],
      [8, 2 * size, 516],
      [3, 150, 33],
    ] as const) {
      for (const [transposeA, transposeB] of [
        [false, false],
        [true, true],
      ] as const) {
        const request: MatmulRequest = {
          a: numbers(2 * m * depth, m),
          aShape: transposeA ? [2, depth, m] : [2, m, depth],
          b: numbers(depth * n, n),
          bShape: transposeB ? [n, depth] : [depth, n],
          transposeA,
          transposeB,
          kernel: "subgroups",
        };
        expect(difference(await own.matmul(request), expectedMatmul(request), `${m} ${depth} ${n}`)).toBe("");
      }
    }
    own.destroy();
  });
});

describe.each(matmulKernels.map(({ name }) => name))("a product by %s", (kernel) => {
  const [m, depth, n] = [9, 70, 11];
  const plain = { a: numbers(m * depth, 1), aShape: [m, depth], b: numbers(depth * n, 2), bShape: [depth, n], kernel };

  it("takes NaN and ±∞ to where they belong and nowhere else", async () => {
    const a = plain.a.slice();
    const b = plain.b.slice();
    a[3 * depth + 69] = NaN;
    a[5 * depth] = Infinity;
    a[6 * depth + 1] = -Infinity;
    b[0] = 0;
    b[2 * n + 10] = NaN;
    const request = { ...plain, a, b };
    expect(difference(await k.matmul(request), expectedMatmul(request), kernel)).toBe("");
  });

  it("neither loses large and small numbers beside each other, nor the least ones", async () => {
    for (const [left, right] of [
      [1e18, 1e18],
      [1e30, 1e-30],
      [1e-20, 1e-15],
      [2 ** -130, 2 ** 20],
    ] as const) {
      const request = { ...plain, a: plain.a.map((x) => x * left), b: plain.b.map((x) => x * right) };
      expect(difference(await k.matmul(request), expectedMatmul(request), `${left} ${right}`)).toBe("");
    }
  });

  it("is ∞ where the sum is beyond float32", async () => {
    const request = {
      a: new Float32Array(4).fill(3e38),
      aShape: [2, 2],
      b: Float32Array.of(1, -1, 1, -1),
      bShape: [2, 2],
    };
    expect([...(await k.matmul({ ...request, kernel })).data]).toEqual([Infinity, -Infinity, Infinity, -Infinity]);
  });
});

describe.each(["composed", "flash"])("an attention by %s", (kernel) => {
  const [queries, keys, dim] = [11, 19, 6];
  const plain: AttentionRequest = {
    q: numbers(queries * dim, 1),
    qShape: [queries, dim],
    k: numbers(keys * dim, 2),
    kShape: [keys, dim],
    v: numbers(keys * dim, 3),
    vShape: [keys, dim],
    kernel,
  };

  async function check(request: AttentionRequest, what: string): Promise<string> {
    return difference(await k.attention(request), expectedAttention(request), `${kernel}, ${what}`);
  }

  it("keeps a NaN among the queries to its own row", async () => {
    const q = plain.q.slice();
    q[4 * dim + 2] = NaN;
    const { data } = await k.attention({ ...plain, q });
    const rows = Array.from({ length: queries }, (_, row) =>
      [...data.subarray(row * dim, (row + 1) * dim)].map(Number.isNaN),
    );
    rows.forEach((row, i) => expect(row).toEqual(row.map(() => i === 4)));
  });

  it("is right with numbers as large and as small as scores can bear", async () => {
    for (const magnitude of [1e-30, 1e-10, 1e3, 1e15]) {
      expect(await check({ ...plain, q: plain.q.map((x) => x * magnitude) }, `queries of ${magnitude}`)).toBe("");
    }
    for (const magnitude of [2 ** -130, 1e30, 3e37]) {
      expect(await check({ ...plain, v: plain.v.map((x) => x * magnitude) }, `values of ${magnitude}`)).toBe("");
    }
  });

  it("gives zeros to a query that sees nothing, however it came to that", async () => {
    const none = new Float32Array(queries * keys);
    none.fill(-Infinity, 3 * keys, 5 * keys);
    const [first, last] = [3 * dim, 5 * dim];
    for (const change of [{ mask: none }, { mask: Uint8Array.from(none, (x) => (x === 0 ? 1 : 0)) }]) {
      const request = { ...plain, ...change, maskShape: [queries, keys] };
      expect(await check(request, "masked")).toBe("");
      expect([...(await k.attention(request)).data.subarray(first, last)].every((x) => x === 0)).toBe(true);
    }
    const few = { k: plain.k.subarray(0, dim), kShape: [1, dim], v: plain.v.subarray(0, dim), vShape: [1, dim] };
    const { data } = await k.attention({ ...plain, ...few, window: [0, 0] });
    expect([...data.subarray(dim)].every((x) => x === 0)).toBe(true);
  });

  it("is right on long sequences", async () => {
    const long = 6000;
    const request = {
      ...plain,
      k: numbers(long * dim, 4),
      kShape: [long, dim],
      v: numbers(long * dim, 5),
      vShape: [long, dim],
    };
    expect(await check(request, "long")).toBe("");
    expect(await check({ ...request, window: [0, 5000], softcap: 1 }, "long, in a window")).toBe("");
  });
});
