/** The softmax kernel and the step and job that run it. It knows rows, not what they mean. */

import { layout, pad, type Layout } from "../device/layout.ts";
import type { Job, JobBuffer, Program, Step } from "../device/job.ts";
import type { SoftmaxRequest } from "../types.ts";
import { planSoftmax } from "./plan.ts";
import wgsl from "./softmax.wgsl";

const program: Program = { name: "softmax", wgsl, bindings: ["uniform", "read-only-storage", "storage"] };

export const softmaxKernel = {
  name: "softmax",
  description: "One workgroup for each row, which it reads three times: greatest, sum, result.",
  requires: [],
  program,
} as const;

/** The bits of a quiet NaN, for kernels to write where IEEE arithmetic would. */
export const nanBits = 0x7fc00000;

export function softmaxStep(x: JobBuffer, y: JobBuffer, rows: Layout): Step {
  const count = rows.count * rows.rows;
  const params = [count, rows.columns, rows.rows, rows.rowStride, rows.matrixStride, nanBits];
  return {
    program,
    buffers: [{ label: "the sizes", kind: "uniform", bytes: 32, contents: () => Uint32Array.of(...params) }, x, y],
    workgroups: count,
  };
}

export function softmaxJob(request: SoftmaxRequest): Job {
  const { rows, columns } = planSoftmax(request);
  const shape = layout(1, rows, columns);
  const x: JobBuffer = { label: "x", kind: "storage", bytes: shape.bytes, contents: () => pad(request.x, shape) };
  const y: JobBuffer = { label: "the result", kind: "storage", bytes: shape.bytes };
  return { steps: [softmaxStep(x, y, shape)], outputs: [{ buffer: y, layout: shape }] };
}
