/** The transposing kernel and the job that runs it; other orders of axes are left to the elementwise kernel. */

import { flatLayout } from "../device/layout.ts";
import type { Job, JobBuffer, Program } from "../device/job.ts";
import { elementwiseJob, elementwiseKernel, numbers } from "../elementwise/index.ts";
import { product } from "../shapes.ts";
import type { TransposeRequest } from "../types.ts";
import type { TransposePlan } from "./plan.ts";
import wgsl from "./transpose.wgsl";

const program: Program = { name: "transpose", wgsl, bindings: ["uniform", "read-only-storage", "storage"] };

export const transposeKernel = {
  name: "transpose",
  description: "Tiles of 16 × 16 through workgroup memory, read by rows and written by columns.",
  requires: [],
  program,
} as const;

/** The name of the kernel that serves an order of axes. */
export const transposeName = (plan: TransposePlan): string => {
  return plan.lastTwo ? transposeKernel.name : elementwiseKernel.name;
};

export function transposeJob(request: TransposeRequest, plan: TransposePlan): Job {
  const { x } = request;
  if (!plan.lastTwo) return elementwiseJob({ a: x }, { code: 0, ...plan, aStrides: plan.strides, bStrides: [] });
  const [columns = 1, rows = 1] = plan.shape.slice(-2);
  const matrices = product(plan.shape.slice(0, -2));
  const layout = flatLayout(x.length);
  const y: JobBuffer = { label: "the result", kind: "storage", bytes: layout.bytes };
  const contents = (): Uint32Array => Uint32Array.of(rows, columns, matrices);
  const step = {
    program,
    buffers: [{ label: "the sizes", kind: "uniform", bytes: 16, contents } as const, numbers("x", x), y],
    workgroups: Math.ceil(rows / 16) * Math.ceil(columns / 16) * matrices,
  };
  return { steps: [step], outputs: [{ buffer: y, layout }] };
}
