/** Small problems for trying kernels: odd sizes that leave tiles unfilled, and every option that a request asks for. */

import type { AttentionKernel } from "../attention/kernel.ts";
import { planAttention, type AttentionPlan } from "../attention/plan.ts";
import { createCpuKernels } from "../cpu/index.ts";
import type { DeviceFacts, Job } from "../device/job.ts";
import { matmulJob } from "../matmul/index.ts";
import type { MatmulKernel, Variant } from "../matmul/kernel.ts";
import { planMatmul } from "../matmul/plan.ts";
import type { AttentionRequest, MatmulRequest, Storage } from "../types.ts";
import type { Trial } from "./verdicts.ts";

const tolerances: Readonly<Record<Storage, number>> = { float32: 1e-4, float16: 4e-3 };

/** The same kernel, compiled for the same things as the job, on a little more than one tile and a long sum. */
export function matmulTrial(
  kernel: MatmulKernel,
  variant: Variant,
  job: Job,
  { bias, activation, storage = "float32" }: MatmulRequest,
  device: DeviceFacts,
): Trial {
  const constants = job.steps[0]?.constants ?? {};
  const [transposeA, transposeB] = [constants["TRANSPOSE_A"] === 1, constants["TRANSPOSE_B"] === 1];
  const single = constants["SINGLE"] === 1;
  const [m, n, k] = [single ? 1 : variant.tile[0] + 3, variant.tile[1] + 5, 261];
  const small: MatmulRequest = {
    a: noise(m * k, 1),
    aShape: transposeA ? [k, m] : [m, k],
    b: noise(k * n, 2),
    bShape: transposeB ? [n, k] : [k, n],
    transposeA,
    transposeB,
    bias: bias && noise(n, 3),
    activation,
    storage,
  };
  return {
    job: matmulJob(kernel, small, planMatmul(small), device, variant),
    expected: () => createCpuKernels().matmul(small),
    tolerance: tolerances[storage],
  };
}

/** Shared heads, lengths that end within blocks, and the request's way of masking. */
export function attentionTrial(
  kernel: AttentionKernel,
  { causal, window, mask, softcap, storage = "float32" }: AttentionRequest,
  plan: AttentionPlan,
  device: DeviceFacts,
): Trial {
  const [queries, keys, dim, valueDim] = [37, 43, 18, plan.valueDim > 64 ? 70 : 18];
  const small: AttentionRequest = {
    q: noise(4 * queries * dim, 1),
    qShape: [4, queries, dim],
    k: noise(2 * keys * dim, 2),
    kShape: [2, keys, dim],
    v: noise(2 * keys * valueDim, 3),
    vShape: [2, keys, valueDim],
    causal,
    window: window && [5, 9],
    ...(mask && { mask: noise(queries * keys, 4), maskShape: [queries, keys] }),
    softcap: softcap && 2,
    scale: 1,
    storage,
  };
  return {
    job: kernel.job(small, planAttention(small), device),
    expected: () => createCpuKernels().attention(small),
    tolerance: tolerances[storage],
  };
}

/** Numbers between -1 and 1, the same ones every time. */
function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
