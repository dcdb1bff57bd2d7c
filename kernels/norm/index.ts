/** The normalising kernel and the job that runs it. It knows rows, not what they mean. */

import { flatLayout } from "../device/layout.ts";
import type { Job, JobBuffer, Program } from "../device/job.ts";
import { numbers } from "../elementwise/index.ts";
import type { NormRequest } from "../types.ts";
import wgsl from "./layer-norm.wgsl";
import type { NormPlan } from "./plan.ts";

const program: Program = {
  name: "layer-norm",
  wgsl,
  bindings: ["uniform", "read-only-storage", "read-only-storage", "read-only-storage", "storage"],
};

export const normKernel = {
  name: "layer-norm",
  description: "One workgroup for each row, which it reads four times: magnitude, mean, variance, result.",
  requires: [],
  program,
} as const;

export function normJob({ x, weight, bias }: NormRequest, plan: NormPlan): Job {
  const layout = flatLayout(x.length);
  const y: JobBuffer = { label: "the result", kind: "storage", bytes: layout.bytes };
  const contents = (): ArrayBuffer => {
    const bytes = new ArrayBuffer(16);
    new Uint32Array(bytes).set([plan.rows, plan.columns]);
    new Float32Array(bytes).set([plan.epsilon], 2);
    return bytes;
  };
  const none = new Float32Array(1);
  const step = {
    program,
    constants: { CENTRED: plan.centred ? 1 : 0, WEIGHTED: weight ? 1 : 0, BIASED: bias ? 1 : 0 },
    buffers: [
      { label: "the sizes", kind: "uniform", bytes: 16, contents } as const,
      numbers("x", x),
      numbers("weight", weight ?? none),
      numbers("bias", bias ?? none),
      y,
    ],
    workgroups: plan.rows,
  };
  return { steps: [step], outputs: [{ buffer: y, layout }] };
}
