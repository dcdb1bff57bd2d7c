/** A result that was left on the GPU, as its owner sees it. It knows layouts, not what the numbers mean. */

import { RequestError } from "../shapes.ts";
import type { GpuMatrix, GpuTensor, Shape } from "../types.ts";
import type { Gpu } from "./gpu.ts";
import type { Output } from "./job.ts";

export function keptTensor(gpu: Gpu, buffer: GPUBuffer, output: Output, shape: Shape): GpuTensor {
  const { count } = output.layout;
  return {
    shape,
    count,
    matrix: (index) => {
      if (Number.isInteger(index) && index >= 0 && index < count) return matrixIn(buffer, output, index);
      throw new RequestError(`There is no matrix ${index}; there are ${count}.`);
    },
    read: () => gpu.readKept(buffer, output),
    release: () => gpu.release(buffer),
  };
}

function matrixIn(buffer: GPUBuffer, { layout, turned }: Output, index: number): GpuMatrix {
  const { rows, columns, rowStride, matrixStride, storage } = layout;
  const place = { buffer, offset: index * matrixStride, storage };
  if (turned === true) return { ...place, rows: columns, columns: rows, rowStride: 1, columnStride: rowStride };
  return { ...place, rows, columns, rowStride, columnStride: 1 };
}
