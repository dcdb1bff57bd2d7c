/** The elementwise kernel and the job that runs it, also as a copy with the axes in another order. */

import { flatLayout } from "../device/layout.ts";
import type { Job, JobBuffer, Program } from "../device/job.ts";
import { product } from "../shapes.ts";
import { nanBits } from "../softmax/index.ts";
import type { ElementwiseRequest } from "../types.ts";
import activation from "./activation.wgsl";
import wgsl from "./elementwise.wgsl";
import type { ElementwisePlan } from "./plan.ts";

const program: Program = {
  name: "elementwise",
  wgsl: [wgsl, activation].join("\n"),
  bindings: ["uniform", "read-only-storage", "read-only-storage", "read-only-storage", "storage"],
};

export const elementwiseKernel = {
  name: "elementwise",
  description: "One thread for each number, which finds its operands by the strides of their axes.",
  requires: [],
  program,
} as const;

export function elementwiseJob(request: Pick<ElementwiseRequest, "a" | "b">, plan: ElementwisePlan): Job {
  const count = product(plan.shape);
  const output = flatLayout(count);
  const axes = plan.shape.map((size, i) => [size, plan.aStrides[i] ?? 0, plan.bStrides[i] ?? 0, 0]).toReversed();
  const c: JobBuffer = { label: "the result", kind: "storage", bytes: output.bytes };
  const sizes = (): Uint32Array => Uint32Array.of(count, axes.length, nanBits);
  const step = {
    program,
    constants: { OPERATION: plan.code },
    buffers: [
      { label: "the sizes", kind: "uniform", bytes: 16, contents: sizes } as const,
      {
        label: "the axes",
        kind: "storage",
        bytes: 16 * axes.length,
        contents: () => Uint32Array.from(axes.flat()),
      } as const,
      numbers("a", request.a),
      numbers("b", request.b ?? new Float32Array(1)),
      c,
    ],
    workgroups: Math.ceil(count / 64),
  };
  return { steps: [step], outputs: [{ buffer: c, layout: output }] };
}

/** Numbers that go to the GPU as they are. */
export function numbers(label: string, data: Float32Array): JobBuffer {
  return { label, kind: "storage", bytes: data.byteLength, contents: () => data };
}
