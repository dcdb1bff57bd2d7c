/** The entry of the kernel library: matrix products and attention on any WebGPU device, and the same on the CPU. */

export type * from "./types.ts";
