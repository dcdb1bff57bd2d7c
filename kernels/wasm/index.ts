/**
 * The CPU path in WebAssembly: the same kernels, with products and softmax four numbers at a time. It knows the module's
 * functions and its memory; what they compute is in `simd.wat`.
 */

import { plainEngine, type Engine } from "../cpu/engine.ts";
import { kernelsOn } from "../cpu/index.ts";
import type { Kernels } from "../types.ts";
import relaxed from "./simd-relaxed.wasm";
import simd from "./simd.wasm";
import { SimdMemory, type SimdExports } from "./memory.ts";

/** On WebAssembly with SIMD, or in plain JavaScript where an engine or a page's policy has none. */
export async function createWasmKernels(): Promise<Kernels> {
  return kernelsOn(await simdEngine().catch(() => plainEngine));
}

async function simdEngine(): Promise<Engine> {
  const fused = WebAssembly.validate(relaxed);
  const { instance } = await WebAssembly.instantiate(fused ? relaxed : simd);
  const memory = new SimdMemory(instance.exports as unknown as SimdExports);
  return {
    name: fused ? "wasm-relaxed-simd" : "wasm-simd",
    description: `WebAssembly on the CPU, four numbers at a time${fused ? ", with fused multiply-adds" : ""}.`,
    queryBlock: 256,
    multiply: (a, b, signal) => memory.multiply(a, b, signal),
    softmax: (x, columns) => memory.softmax(x, columns),
  };
}
