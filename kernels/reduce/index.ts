/** The reducing kernel and the job that runs it, in one step or, for long rows, in two. */

import { flatLayout } from "../device/layout.ts";
import type { Job, JobBuffer, Program, Step } from "../device/job.ts";
import { numbers } from "../elementwise/index.ts";
import { nanBits } from "../softmax/index.ts";
import type { ReduceRequest } from "../types.ts";
import type { ReducePlan } from "./plan.ts";
import wgsl from "./reduce.wgsl";

const program: Program = {
  name: "reduce",
  wgsl,
  bindings: ["uniform", "read-only-storage", "read-only-storage", "storage"],
};

export const reduceKernel = {
  name: "reduce",
  description: "One workgroup for each number of the result, whose threads share the numbers that are reduced to it.",
  requires: [],
  program,
} as const;

/** Numbers that one workgroup reduces before a row is cut into parts, and the most parts. */
const longest = 4096;
const mostParts = 256;

export function reduceJob({ x, operation }: ReduceRequest, plan: ReducePlan): Job {
  const { kept, reduced, count, length } = plan;
  const parts = Math.max(
    1,
    Math.min(mostParts, Math.ceil(length / longest), Math.ceil((4 * mostParts) / Math.max(1, count))),
  );
  const scale = operation === "mean" ? 1 / length : 1;
  const layout = flatLayout(count);
  const y: JobBuffer = { label: "the result", kind: "storage", bytes: layout.bytes };
  const whole = { kept, reduced, count, length };
  if (parts === 1)
    return {
      steps: [step(operation, numbers("x", x), y, { ...whole, parts, scale })],
      outputs: [{ buffer: y, layout }],
    };
  const partial: JobBuffer = { label: "the parts", kind: "storage", bytes: 4 * count * parts };
  const again = { kept: [{ size: count, stride: parts }], reduced: [{ size: parts, stride: 1 }], count, length: parts };
  const steps = [
    step(operation, numbers("x", x), partial, { ...whole, parts, scale: 1 }),
    step(operation, partial, y, { ...again, parts: 1, scale }),
  ];
  return { steps, outputs: [{ buffer: y, layout }] };
}

type Reduction = Omit<ReducePlan, "shape"> & { readonly parts: number; readonly scale: number };

function step(operation: ReduceRequest["operation"], from: JobBuffer, to: JobBuffer, one: Reduction): Step {
  const code = operation === "max" ? 1 : operation === "min" ? 2 : 0;
  const table = [...one.kept.toReversed(), ...one.reduced.toReversed()].flatMap(({ size, stride }) => [size, stride]);
  return {
    program,
    constants: { OPERATION: code },
    buffers: [
      { label: "the sizes", kind: "uniform", bytes: 32, contents: () => params(code, one) },
      { label: "the axes", kind: "storage", bytes: 4 * table.length, contents: () => Uint32Array.from(table) },
      from,
      to,
    ],
    workgroups: one.count * one.parts,
  };
}

function params(code: number, { count, parts, length, kept, reduced, scale }: Reduction): ArrayBuffer {
  const bytes = new ArrayBuffer(32);
  new Uint32Array(bytes).set([count, parts, length, kept.length, reduced.length]);
  new Float32Array(bytes).set([scale, 0, [0, -Infinity, Infinity][code] ?? 0], 5);
  new Uint32Array(bytes).set([nanBits], 6);
  return bytes;
}
