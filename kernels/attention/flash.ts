/** Attention in one kernel that never stores the scores. */

import activation from "../elementwise/activation.wgsl";
import type { DeviceFacts, Job, Program } from "../device/job.ts";
import { storedAs, withStorage, type Stored } from "../storage/index.ts";
import { nanBits } from "../softmax/index.ts";
import type { AttentionRequest } from "../types.ts";
import { attentionOperands, minusInfinityBits, windowReach, type AttentionOperands } from "./buffers.ts";
import type { AttentionKernel } from "./kernel.ts";
import type { AttentionPlan } from "./plan.ts";
import wgsl from "./flash.wgsl";

const text = [wgsl, activation].join("\n");

const flashProgram = (stored: Stored): Program => ({
  name: "flash",
  wgsl: withStorage(text, { Q: stored, K: stored, V: stored, O: stored }),
  bindings: [
    "uniform",
    "read-only-storage",
    "read-only-storage",
    "read-only-storage",
    "read-only-storage",
    "read-only-storage",
    "storage",
  ],
});

/** Keys that a thread scores at once; keys and values are padded to whole blocks of them. */
const keyBlock = 8;
/** Columns of the result that a thread keeps for each of its four queries. */
const slice = 64;

export const flash: AttentionKernel = {
  name: "flash",
  description: "One pass with an online softmax: 4 queries and 64 columns a thread, scores never stored.",
  requires: [],
  programs: [flashProgram("float32")],
  job: flashJob,
};

function flashJob(request: AttentionRequest, plan: AttentionPlan, device: DeviceFacts): Job {
  const operands = attentionOperands(request, plan, keyBlock);
  const threads = plan.matrices * Math.ceil(plan.queries / 4) * Math.ceil(operands.oLayout.rowStride / slice);
  const { table, mask, q, k, v, o } = operands;
  const uniform = { label: "the sizes", kind: "uniform", bytes: 80, contents: () => flashParams(operands) } as const;
  const windowed = Math.min(...plan.window) < Infinity;
  const step = {
    program: flashProgram(storedAs(plan.storage, device.features)),
    constants: {
      CAUSAL: plan.causal ? 1 : 0,
      MASKED: plan.mask === undefined ? 0 : 1,
      WINDOWED: windowed ? 1 : 0,
      CAPPED: plan.softcap === undefined ? 0 : 1,
      SKIP: (plan.causal || windowed) && operands.valuesFinite() ? 1 : 0,
    },
    buffers: [uniform, table, mask.buffer, q, k, v, o],
    workgroups: Math.ceil(threads / 64),
  };
  return { steps: [step], outputs: [{ buffer: o, layout: operands.oLayout }] };
}

function flashParams({ plan, qLayout, kLayout, vLayout, oLayout, mask }: AttentionOperands): ArrayBuffer {
  const bytes = new ArrayBuffer(80);
  const strides = [qLayout, kLayout, vLayout, oLayout].map((stack) => stack.matrixStride / 4);
  new Uint32Array(bytes).set([plan.queries, plan.keys, plan.matrices, qLayout.rowStride / 4, vLayout.rowStride / 4]);
  new Uint32Array(bytes).set([...strides, mask.row, mask.column, mask.matrix], 5);
  new Float32Array(bytes).set([plan.scale], 12);
  new Uint32Array(bytes).set([minusInfinityBits, nanBits, plan.valueDim], 13);
  new Uint32Array(bytes).set(windowReach(plan.window), 16);
  new Float32Array(bytes).set([plan.softcap ?? 1], 18);
  return bytes;
}
