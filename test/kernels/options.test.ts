/** What a product and an attention can be asked for beyond the plain thing, for every kernel and on the CPU. */

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { activate, activations } from "../../kernels/elementwise/activation.ts";
import { createCpuKernels, createKernels, type AttentionRequest, type Kernels } from "../../kernels/index.ts";
import { fromHalf, throughHalf, toHalf } from "../../kernels/storage/half.ts";
import { matmulKernels } from "../../kernels/matmul/index.ts";
import { softwareDevice } from "./device.ts";
import { difference, expectedAttention, expectedMatmul } from "./expected.ts";
import { numbers } from "./numbers.ts";
import { withSubgroups } from "./subgroups.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let gpu: Kernels;
beforeAll(async () => {
  gpu = await createKernels(withSubgroups(await softwareDevice(), 16));
});
afterAll(() => gpu.destroy());

const on = (name: string): Kernels => (name === "cpu" ? createCpuKernels() : gpu);

describe.each([...matmulKernels.map(({ name }) => name), "cpu"])("matmul by %s", (kernel) => {
  const product = { a: numbers(2 * 7 * 70, 1), aShape: [2, 7, 70], b: numbers(70 * 9, 2), bShape: [70, 9], kernel };

  it.each(kernel === "vec4" || kernel === "cpu" ? activations : (["gelu"] as const))(
    "finishes with a bias and %s",
    async (activation) => {
      for (const bias of [numbers(9, 3), numbers(1, 4)]) {
        const request = { ...product, bias, activation };
        expect(difference(await on(kernel).matmul(request), expectedMatmul(request), activation)).toBe("");
      }
    },
  );

  it("takes ±∞ and NaN through an activation as its formula does", async () => {
    if (kernel !== "vec4" && kernel !== "cpu") return;
    const a = Float32Array.of(-Infinity, -1e30, -0, 1e30, Infinity, NaN);
    for (const activation of activations) {
      const request = { a, aShape: [6, 1], b: Float32Array.of(1), bShape: [1, 1], activation, kernel };
      expect(difference(await on(kernel).matmul(request), expectedMatmul(request), activation)).toBe("");
    }
  });

  it("gives one column a bias of its own", async () => {
    const request = { ...product, b: numbers(70, 5), bShape: [70], bias: Float32Array.of(0.25) };
    expect(difference(await on(kernel).matmul({ ...request }), expectedMatmul(request), kernel)).toBe("");
  });

  it("stores operands and result in float16, with sums in float32", async () => {
    const request = { ...product, bias: numbers(9, 3), storage: "float16" as const };
    const call = on(kernel).matmul(request);
    const verdict = await call.then(
      (result) => difference(result, expectedMatmul(request), kernel),
      (error: Error) => error.message,
    );
    const refuses = kernel === "naive" || kernel === "tiled";
    expect(verdict).toMatch(refuses ? /this device was made without shader-f16/ : /^$/);
  });

  it("overflows in float16 where float16 does, and keeps NaN and ±∞", async () => {
    if (kernel === "naive" || kernel === "tiled") return;
    const a = Float32Array.of(60000, 65519, 65520, -1e6, NaN, Infinity, -Infinity, 1e-7);
    const request = { a, aShape: [8, 1], b: Float32Array.of(1), bShape: [1, 1], storage: "float16" as const, kernel };
    expect([...(await on(kernel).matmul(request)).data]).toEqual([...throughHalf(a)]);
  });
});

const queries = 37;
const keys = 41;
const heads: AttentionRequest = {
  q: numbers(2 * 4 * queries * 12, 1),
  qShape: [2, 4, queries, 12],
  k: numbers(2 * 2 * keys * 12, 2),
  kShape: [2, 2, keys, 12],
  v: numbers(2 * 2 * keys * 20, 3),
  vShape: [2, 2, keys, 20],
};
/** The first example sees 30 keys, the second all; the rest is padding. */
const padding = Uint8Array.from({ length: 2 * keys }, (_, i) => (i >= keys || i < 30 ? 1 : 0));

describe.each(["composed", "flash", "cpu", "stages"])("attention by %s", (kernel) => {
  async function check(change: Partial<AttentionRequest>): Promise<string> {
    const request = { ...heads, ...change };
    const actual =
      kernel === "stages"
        ? (await gpu.attentionStages(request)).output
        : await on(kernel).attention({ ...request, kernel });
    return difference(actual, expectedAttention(request), `${kernel} ${JSON.stringify(Object.keys(change))}`);
  }

  it("sees a window of keys, also one that leaves a query with none", async () => {
    for (const window of [
      [0, 0],
      [3, 0],
      [0, 2],
      [5, 7],
      [Infinity, 1],
      [2, Infinity],
    ] as const) {
      expect(await check({ window })).toBe("");
      expect(await check({ window, causal: true })).toBe("");
    }
    const few = { k: numbers(2 * 2 * 5 * 12, 2), kShape: [2, 2, 5, 12], v: numbers(400, 3), vShape: [2, 2, 5, 20] };
    expect(await check({ ...few, window: [1, 1] })).toBe("");
  });

  it("caps scores softly", async () => {
    for (const softcap of [0.3, 5, 50]) expect(await check({ softcap, scale: 3 })).toBe("");
    expect(await check({ softcap: 2, scale: 1e30, causal: true })).toBe("");
  });

  it("takes a mask of booleans for padding", async () => {
    expect(await check({ mask: padding, maskShape: [2, 1, 1, keys] })).toBe("");
    expect(await check({ mask: padding, maskShape: [2, 1, 1, keys], causal: true, window: [9, 0] })).toBe("");
    expect(await check({ mask: new Uint8Array(1), maskShape: [1] })).toBe("");
  });

  it("stores q, k, v and the result in float16", async () => {
    expect(await check({ storage: "float16" })).toBe("");
    expect(
      await check({ storage: "float16", causal: true, softcap: 3, mask: padding, maskShape: [2, 1, 1, keys] }),
    ).toBe("");
  });
});

it("the capped scores are a stage of their own", async () => {
  for (const kernels of [gpu, createCpuKernels()]) {
    const request = { ...heads, softcap: 0.5, window: [4, 4] as const };
    const stages = await kernels.attentionStages(request);
    const { steps } = expectedAttention(request);
    for (const stage of ["scores", "scaled", "capped", "masked", "weights"] as const) {
      const values = Float64Array.from(steps.flatMap((step) => [...step[stage]]));
      const expected = { shape: [2, 4, queries, keys], values, tolerances: values.map(() => 2e-6) };
      expect(difference(stages[stage] ?? { data: new Float32Array(), shape: [] }, expected, stage)).toBe("");
    }
    expect((await kernels.attentionStages(heads)).capped).toBeUndefined();
  }
});

it("activations are PyTorch's", () => {
  // torch.nn.functional in float64 at -3, -0.5, 1.25 and 5.
  const recorded = {
    gelu: [-0.00404969409489031, -0.154268769362993, 1.11793778291643, 4.99999856674214],
    "gelu-tanh": [-0.00363739208177, -0.154285990174856, 1.11771420296971, 4.99999977082038],
    silu: [-0.142277619587, -0.188770334399, 0.971624989, 4.966535745],
  } as const;
  for (const [name, values] of Object.entries(recorded)) {
    values.forEach((value, i) => {
      expect(activate(name as keyof typeof recorded, [-3, -0.5, 1.25, 5][i] ?? 0)).toBeCloseTo(value, 6);
    });
  }
});

it("float16 is rounded to nearest, ties to even, and every one of its numbers comes back", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter((bits) => (bits & 0x7fff) <= 0x7c00);
  expect(toHalf(fromHalf(all))).toEqual(all);
  const ties = Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -25, 65519.99, 65520, NaN);
  expect([...throughHalf(ties)]).toEqual([1, 1 + 2 ** -9, 0, 2 ** -23, 65504, Infinity, NaN]);
});

it("requests that make no sense are told so", async () => {
  const product = { a: numbers(4, 1), aShape: [2, 2], b: numbers(4, 2), bShape: [2, 2] };
  for (const kernels of [gpu, createCpuKernels()]) {
    await expect(kernels.matmul({ ...product, bias: numbers(3, 1) })).rejects.toThrow(
      "bias has 3 numbers; it needs one for each of the 2 columns of the result, or one for all.",
    );
    await expect(kernels.matmul({ ...product, activation: "softplus" as "relu" })).rejects.toThrow(
      "There is no activation named softplus; there is none, relu,",
    );
    await expect(kernels.matmul({ ...product, storage: "int8" as "float16" })).rejects.toThrow(
      "There is no storage named int8; there is float32 and float16.",
    );
    await expect(kernels.attention({ ...heads, softcap: 0 })).rejects.toThrow(
      "The softcap is 0; it must be a finite number above 0.",
    );
    await expect(kernels.attention({ ...heads, window: [-1, 0] })).rejects.toThrow(
      "The window is [-1, 0]; it needs two whole numbers, 0 or more, or Infinity.",
    );
  }
});
