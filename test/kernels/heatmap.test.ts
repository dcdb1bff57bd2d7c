/** Pictures drawn from GPU buffers, pixel by pixel against plain arithmetic; and results that stay on the GPU. */

import { beforeAll, describe, expect, it, vi } from "vitest";
import {
  createHeatMaps,
  createKernels,
  type GpuMatrix,
  type HeatMapLook,
  type HeatMapRegion,
  type Kernels,
  type Result,
} from "../../kernels/index.ts";
import { softwareDevice } from "./device.ts";
import { numbers } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let device: GPUDevice;
let k: Kernels;
beforeAll(async () => {
  device = await softwareDevice();
  k = await createKernels(device);
});

const identity = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
const colours = Uint32Array.from({ length: 101 }, (_, i) => (0xff000000 | (i << 16) | (2 * i)) >>> 0);
const look: HeatMapLook = { colours, low: -1, high: 1, notFinite: 0xff00ff00 };

/** x on the GPU, by way of a product with one. */
async function onGpu(x: Float32Array, rows: number, columns: number, storage: "float32" | "float16" = "float32") {
  const one = Float32Array.from({ length: rows * rows }, (_, i) => (i % (rows + 1) === 0 ? 1 : 0));
  const result = await k.matmul({ a: one, aShape: [rows, rows], b: x, bShape: [rows, columns], storage, keep: true });
  return kept(result);
}

function kept(result: Result) {
  if (result.onGpu === undefined) throw new Error("The result was not kept.");
  return result.onGpu;
}

async function draw(matrix: GpuMatrix, width: number, height: number, how: HeatMapLook, region?: HeatMapRegion) {
  const texture = device.createTexture({ size: [width, height], format: "rgba8unorm", usage: 0x10 | 0x01 });
  const maps = createHeatMaps(device, "rgba8unorm");
  await maps.draw({ view: texture.createView(), width, height }, matrix, how, region);
  const bytesPerRow = Math.ceil((4 * width) / 256) * 256;
  const staging = device.createBuffer({ size: bytesPerRow * height, usage: 0x1 | 0x8 });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer: staging, bytesPerRow }, [width, height]);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(0x1);
  const pixels = new Uint32Array(staging.getMappedRange().slice(0));
  maps.destroy();
  return (x: number, y: number): number => pixels[(y * bytesPerRow) / 4 + x] ?? 0;
}

function colourOf(value: number): number {
  if (!Number.isFinite(value)) return look.notFinite;
  return colours[Math.min(100, Math.max(0, Math.round(50 * (value + 1))))] ?? 0;
}

describe("a heat map", () => {
  it.each(["float32", "float16"] as const)("shows each number in its colour, from %s", async (storage) => {
    const x = numbers(5 * 7, 1).map((value) => Math.round(1.5 * value * 64) / 64);
    const tensor = await onGpu(x, 5, 7, storage);
    const at = await draw(tensor.matrix(0), 35, 20, look);
    for (let row = 0; row < 5; row++) {
      for (let column = 0; column < 7; column++) {
        const wanted = colourOf(x[7 * row + column] ?? NaN);
        for (const [dx, dy] of [
          [0, 0],
          [4, 3],
        ] as const)
          expect(at(5 * column + dx, 4 * row + dy)).toBe(wanted);
      }
    }
    tensor.release();
  });

  it("marks what is not finite, and keeps what is beyond the scale at its ends", async () => {
    const tensor = await onGpu(Float32Array.of(NaN, Infinity, -Infinity, 5, -5, 0), 1, 6);
    const at = await draw(tensor.matrix(0), 6, 1, look);
    const odd = 0xff00ff00;
    expect([0, 1, 2, 3, 4, 5].map((x) => at(x, 0))).toEqual([odd, odd, odd, colours[100], colours[0], colours[50]]);
    tensor.release();
  });

  it("shows a region, free beyond the matrix, and gaps between cells", async () => {
    const x = Float32Array.from({ length: 16 }, (_, i) => i / 16);
    const tensor = await onGpu(x, 4, 4);
    const at = await draw(tensor.matrix(0), 8, 8, { ...look, gap: 1 }, { row: 1, column: 2, rows: 4, columns: 4 });
    expect(at(0, 0)).toBe(colourOf(6 / 16));
    expect(at(2, 4)).toBe(colourOf(15 / 16));
    for (const [px, py] of [
      [1, 0],
      [0, 1],
      [4, 0],
      [0, 6],
    ] as const)
      expect(at(px, py)).toBe(0);
    tensor.release();
  });

  it("is refused where the matrix does not lie in its buffer, or there are no colours", async () => {
    const tensor = await onGpu(numbers(9, 1), 3, 3);
    const matrix = tensor.matrix(0);
    await expect(draw({ ...matrix, rows: 1000 }, 3, 3, look)).rejects.toThrow(/^The matrix ends at number \d+, and/);
    await expect(draw(matrix, 3, 3, { ...look, colours: new Uint32Array(0) })).rejects.toThrow("at least one colour");
    await expect(draw(matrix, 3, 3, { ...look, low: 2 })).rejects.toThrow("The colours run from 2 to 1");
    expect(() => tensor.matrix(1)).toThrow("There is no matrix 1; there are 1.");
    tensor.release();
  });
});

describe("a result that is kept", () => {
  const a = numbers(2 * 15, 2);
  const request = { a, aShape: [2, 5, 3], b: identity, bShape: [3, 3] };

  it("is read later, matrix by matrix or whole, and its memory is used again once it is released", async () => {
    const result = await k.matmul({ ...request, keep: true });
    expect(result.data.length).toBe(0);
    const tensor = kept(result);
    await k.matmul({ ...request, a: a.map((value) => -value) });
    expect([...(await tensor.read())]).toEqual([...a]);
    const second = tensor.matrix(1);
    expect([second.rows, second.columns]).toEqual([5, 3]);
    expect(second.offset).toBe(8 * 4);
    tensor.release();
    const allocate = vi.spyOn(device, "createBuffer");
    kept(await k.matmul({ ...request, keep: true })).release();
    expect(allocate).not.toHaveBeenCalled();
    allocate.mockRestore();
  });

  it("of one column lies as a row and says so", async () => {
    const column = { ...request, b: Float32Array.of(1, 0, 0), bShape: [3, 1], keep: true };
    const tensor = kept(await k.matmul(column));
    const matrix = tensor.matrix(1);
    expect(matrix).toMatchObject({ rows: 5, columns: 1, rowStride: 1 });
    expect([...(await tensor.read())]).toEqual(Array.from({ length: 10 }, (_, i) => a[3 * i]));
    tensor.release();
  });

  it("can be every stage of an attention", async () => {
    const head = { q: a, qShape: [2, 5, 3], k: a, kShape: [2, 5, 3], v: a, vShape: [2, 5, 3] };
    const [stages, plain] = [await k.attentionStages({ ...head, keep: true }), await k.attentionStages(head)];
    for (const stage of ["scores", "scaled", "masked", "weights", "output"] as const) {
      expect(await stages[stage].onGpu?.read()).toEqual(plain[stage].data);
      stages[stage].onGpu?.release();
    }
  });

  it("is freed with the kernels", async () => {
    const own = await createKernels(await softwareDevice());
    const tensor = kept(await own.matmul({ ...request, keep: true }));
    own.destroy();
    expect(() => tensor.read()).toThrow("These kernels have been destroyed.");
  });
});
