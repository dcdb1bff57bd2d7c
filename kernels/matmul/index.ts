/**
 * The ladder of matmul kernels, the rule that picks one, and the job that runs it. Picker, benchmark and tests walk
 * the same list.
 */

import { layout, upload, type Layout } from "../device/layout.ts";
import type { DeviceFacts, Job, JobBuffer } from "../device/job.ts";
import { product } from "../shapes.ts";
import type { MatmulRequest, Storage } from "../types.ts";
import { matmulSteps, operandLayout, type GpuOperand, type MatmulKernel, type Variant } from "./kernel.ts";
import { doubleBuffered } from "./double-buffered.ts";
import { naive } from "./naive.ts";
import { matrixVector } from "./matrix-vector.ts";
import { matmulPairs, type MatmulPlan } from "./plan.ts";
import { registerBlocked } from "./register-blocked.ts";
import { splitK } from "./split-k.ts";
import { subgroups } from "./subgroups.ts";
import { tiled } from "./tiled.ts";
import { vec4 } from "./vec4.ts";

export const matmulKernels: readonly MatmulKernel[] = [
  naive,
  tiled,
  registerBlocked,
  vec4,
  doubleBuffered,
  subgroups,
  splitK,
  matrixVector,
];

export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batches: number;
  readonly storage: Storage;
}

/**
 * The default without measurements. Big tiles leave too few threads busy on a small result: there the naive kernel's
 * one thread for each number wins, or, for a row, the kernel whose threads share a sum.
 */
export function pickMatmul({ m, n, k, batches, storage }: Product, { features }: DeviceFacts): MatmulKernel {
  if (Math.min(m, n) <= 4 && k >= 64) return m <= 4 || n === 1 ? matrixVector : vec4;
  return m * n * batches <= 32 * 32 && readsStorage(naive, { storage }, { features }) ? naive : vec4;
}

/** Whether a kernel can read numbers as they are stored. */
export function readsStorage(
  { reads }: MatmulKernel,
  { storage }: Pick<Product, "storage">,
  { features }: Pick<DeviceFacts, "features">,
): boolean {
  return reads === "blocks" || storage === "float32" || features.has("shader-f16");
}

/** Everything but the name of the kernel that a product needs. */
export function matmulJob(
  kernel: MatmulKernel,
  request: MatmulRequest,
  plan: MatmulPlan,
  device: DeviceFacts,
  variant?: Variant,
): Job {
  const { m, n, k, transposeA, transposeB, storage } = plan;
  const aLayout = operandLayout(product(plan.aBatch), m, k, { transposed: transposeA, storage });
  const bLayout = operandLayout(product(plan.bBatch), k, n, { transposed: transposeB, storage });
  const [a, b] = [uploaded("a", request.a, aLayout), uploaded("b", request.b, bLayout)];
  // One column is computed as one row, by the transposed product: the kernels keep more threads busy on rows.
  const turned = n === 1 && m > 1;
  const cLayout = turned ? layout(plan.batches, 1, m, { storage }) : layout(plan.batches, m, n, { storage });
  const c: JobBuffer = { label: "the result", kind: "storage", bytes: cLayout.bytes };
  const left = { layout: aLayout, buffer: a, transposed: transposeA };
  const right = { layout: bLayout, buffer: b, transposed: transposeB };
  const work = turned
    ? { m: 1, n: m, k, a: turn(right), b: turn(left), pairs: () => swapPairs(matmulPairs(plan)) }
    : { m, n, k, a: left, b: right, pairs: () => matmulPairs(plan) };
  const { bias, activation } = request;
  const whole = { ...work, c: { layout: cLayout, buffer: c }, bias, activation };
  return { steps: matmulSteps(kernel, whole, device, variant), outputs: [{ buffer: c, layout: cLayout, turned }] };
}

function turn(operand: GpuOperand): GpuOperand {
  return { ...operand, transposed: !operand.transposed };
}

function swapPairs(pairs: Uint32Array): Uint32Array {
  return pairs.map((_, i) => pairs[i ^ 1] ?? 0);
}

function uploaded(label: string, data: Float32Array, to: Layout): JobBuffer {
  return { label, kind: "storage", bytes: to.bytes, contents: () => upload(data, to) };
}
