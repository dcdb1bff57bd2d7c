/**
 * The ladder of matmul kernels, the rule that picks one, and the job that runs it. Picker, benchmark and tests walk
 * the same list.
 */

import { pad, layout, type Layout } from "../device/layout.ts";
import type { Job, JobBuffer } from "../device/job.ts";
import { product } from "../shapes.ts";
import type { MatmulRequest } from "../types.ts";
import { matmulStep, operandLayout, type MatmulKernel } from "./kernel.ts";
import { naive } from "./naive.ts";
import { matmulPairs, type MatmulPlan } from "./plan.ts";
import { registerBlocked } from "./register-blocked.ts";
import { tiled } from "./tiled.ts";
import { vec4 } from "./vec4.ts";

export const matmulKernels: readonly MatmulKernel[] = [naive, tiled, registerBlocked, vec4];

export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batches: number;
}

/**
 * The default without measurements: big tiles leave too few threads busy on a small result, and there the naive
 * kernel's one thread for each number wins.
 */
export function pickMatmul({ m, n, batches }: Product): MatmulKernel {
  return m * n * batches <= 32 * 32 ? naive : vec4;
}

export interface MatmulJob {
  readonly job: Job;
  /** How its one output lies. */
  readonly result: Layout;
}

export function matmulJob(
  kernel: MatmulKernel,
  request: MatmulRequest,
  plan: MatmulPlan,
  limits: GPUSupportedLimits,
): MatmulJob {
  const aLayout = operandLayout(product(plan.aBatch), plan.m, plan.k, plan.transposeA);
  const bLayout = operandLayout(product(plan.bBatch), plan.k, plan.n, plan.transposeB);
  const cLayout = layout(plan.batches, plan.m, plan.n);
  const c: JobBuffer = { label: "the result", kind: "storage", bytes: cLayout.bytes };
  const work = {
    ...plan,
    aLayout,
    bLayout,
    cLayout,
    a: uploaded("a", request.a, aLayout),
    b: uploaded("b", request.b, bLayout),
    c,
    pairs: () => matmulPairs(plan),
  };
  const step = matmulStep(kernel, work, limits);
  return { job: { steps: [step], outputs: [c] }, result: cLayout };
}

function uploaded(label: string, data: Float32Array, to: Layout): JobBuffer {
  return { label, kind: "storage", bytes: to.bytes, contents: () => pad(data, to) };
}
