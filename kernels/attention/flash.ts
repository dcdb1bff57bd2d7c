/** Attention in one kernel that never stores the scores. */

import type { Job, Program } from "../device/job.ts";
import { nanBits } from "../softmax/index.ts";
import type { AttentionRequest } from "../types.ts";
import { attentionOperands, minusInfinityBits, type AttentionOperands } from "./buffers.ts";
import type { AttentionKernel } from "./kernel.ts";
import type { AttentionPlan } from "./plan.ts";
import wgsl from "./flash.wgsl";

const program: Program = {
  name: "flash",
  wgsl,
  bindings: [
    "uniform",
    "read-only-storage",
    "read-only-storage",
    "read-only-storage",
    "read-only-storage",
    "read-only-storage",
    "storage",
  ],
};

/** Keys that a thread scores at once; keys and values are padded to whole blocks of them. */
const keyBlock = 8;
/** Columns of the result that a thread keeps for each of its four queries. */
const slice = 64;

export const flash: AttentionKernel = {
  name: "flash",
  description: "One pass with an online softmax: 4 queries and 64 columns a thread, scores never stored.",
  requires: [],
  programs: [program],
  job: flashJob,
};

function flashJob(request: AttentionRequest, plan: AttentionPlan): Job {
  const operands = attentionOperands(request, plan, keyBlock);
  const threads = plan.matrices * Math.ceil(plan.queries / 4) * Math.ceil(operands.oLayout.rowStride / slice);
  const { table, mask, q, k, v, o } = operands;
  const uniform = { label: "the sizes", kind: "uniform", bytes: 64, contents: () => flashParams(operands) } as const;
  const step = {
    program,
    constants: {
      CAUSAL: plan.causal ? 1 : 0,
      MASKED: plan.mask === undefined ? 0 : 1,
      SKIP: plan.causal && operands.valuesFinite() ? 1 : 0,
    },
    buffers: [uniform, table, mask.buffer, q, k, v, o],
    workgroups: Math.ceil(threads / 64),
  };
  return { steps: [step], outputs: [{ buffer: o, layout: operands.oLayout }] };
}

function flashParams({ plan, qLayout, kLayout, vLayout, oLayout, mask }: AttentionOperands): ArrayBuffer {
  const bytes = new ArrayBuffer(64);
  const strides = [qLayout, kLayout, vLayout, oLayout].map((stack) => stack.matrixStride / 4);
  new Uint32Array(bytes).set([plan.queries, plan.keys, plan.matrices, qLayout.rowStride / 4, vLayout.rowStride / 4]);
  new Uint32Array(bytes).set([...strides, mask.row, mask.column, mask.matrix], 5);
  new Float32Array(bytes).set([plan.scale], 12);
  new Uint32Array(bytes).set([minusInfinityBits, nanBits, plan.valueDim], 13);
  return bytes;
}
