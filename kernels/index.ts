/** The entry of the kernel library: matrix products and attention on any WebGPU device, and the same on the CPU. */

export { createKernels } from "./webgpu.ts";
export { createCpuKernels } from "./cpu/index.ts";
export { createWasmKernels } from "./wasm/index.ts";
export { partOfMatmul, type MatmulPart } from "./matmul/part.ts";
export { createHeatMaps } from "./heatmap/index.ts";
export type * from "./heatmap/index.ts";
export { CompileError } from "./device/programs.ts";
export { RequestError } from "./shapes.ts";
export type * from "./types.ts";
