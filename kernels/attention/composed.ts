/**
 * Attention step by step: scores, scale and mask, softmax, weighted sum. Every step is stored, so it can be looked
 * at, and so it takes memory that grows with queries times keys.
 */

import { layout, type Layout } from "../device/layout.ts";
import type { DeviceFacts, Job, JobBuffer, Program, Step } from "../device/job.ts";
import { matmulProgram, matmulSteps } from "../matmul/kernel.ts";
import { vec4 } from "../matmul/vec4.ts";
import { softmaxKernel, softmaxStep } from "../softmax/index.ts";
import type { AttentionRequest } from "../types.ts";
import { attentionOperands, minusInfinityBits, windowReach, type AttentionOperands } from "./buffers.ts";
import type { AttentionKernel } from "./kernel.ts";
import type { AttentionPlan } from "./plan.ts";
import activation from "../elementwise/activation.wgsl";
import wgsl from "./scale-mask.wgsl";

const scaleMask: Program = {
  name: "scale-mask",
  wgsl: [wgsl, activation].join("\n"),
  bindings: ["uniform", "read-only-storage", "read-only-storage", "read-only-storage", "storage"],
};

export const composed: AttentionKernel = {
  name: "composed",
  description: "Scores, scale and mask, softmax and weighted sum as steps of their own, each stored.",
  requires: [],
  programs: [matmulProgram(vec4.name, vec4.wgsl), scaleMask, softmaxKernel.program],
  job: (request, plan, device) => {
    const steps = composedSteps(request, plan, device);
    const { scores, masked, weights } = steps.buffers;
    return {
      steps: [
        ...steps.multiply(scores),
        steps.scaleAndMask(scores, masked, { scale: plan.scale, cap: true, hide: true }),
        steps.softmax(masked, weights),
        ...steps.sum(weights),
      ],
      outputs: [steps.output],
    };
  },
};

/** The same steps with scale and mask apart, and every one of them read back. The result comes first. */
export function stagesJob(request: AttentionRequest, plan: AttentionPlan, device: DeviceFacts): Job {
  const steps = composedSteps(request, plan, device);
  const { scores, scaled, capped, masked, weights } = steps.buffers;
  const layout = scoresLayout(plan);
  const caps = plan.softcap !== undefined;
  return {
    steps: [
      ...steps.multiply(scores),
      steps.scaleAndMask(scores, scaled, { scale: plan.scale, cap: false, hide: false }),
      ...(caps ? [steps.scaleAndMask(scaled, capped, { scale: 1, cap: true, hide: false })] : []),
      steps.scaleAndMask(caps ? capped : scaled, masked, { scale: 1, cap: false, hide: true }),
      steps.softmax(masked, weights),
      ...steps.sum(weights),
    ],
    outputs: [
      steps.output,
      ...[scores, scaled, masked, weights, ...(caps ? [capped] : [])].map((buffer) => ({ buffer, layout })),
    ],
  };
}

export function scoresLayout(plan: AttentionPlan): Layout {
  return layout(plan.matrices, plan.queries, plan.keys);
}

/** What one step of scaling and masking does. */
interface Parts {
  readonly scale: number;
  readonly cap: boolean;
  readonly hide: boolean;
}

interface ComposedSteps {
  readonly output: Job["outputs"][number];
  readonly buffers: Readonly<Record<"scores" | "scaled" | "capped" | "masked" | "weights", JobBuffer>>;
  readonly multiply: (scores: JobBuffer) => readonly Step[];
  readonly scaleAndMask: (from: JobBuffer, to: JobBuffer, what: Parts) => Step;
  readonly softmax: (from: JobBuffer, to: JobBuffer) => Step;
  readonly sum: (weights: JobBuffer) => readonly Step[];
}

function composedSteps(request: AttentionRequest, plan: AttentionPlan, device: DeviceFacts): ComposedSteps {
  const operands = attentionOperands(request, plan, 4);
  const shape = scoresLayout(plan);
  const buffer = (label: string): JobBuffer => ({ label, kind: "storage", bytes: shape.bytes });
  const { q, k, v, o, qLayout, kLayout, vLayout, oLayout, table } = operands;
  return {
    output: { buffer: o, layout: oLayout },
    buffers: {
      scores: buffer("the scores"),
      scaled: buffer("the scaled scores"),
      capped: buffer("the capped scores"),
      masked: buffer("the masked scores"),
      weights: buffer("the weights"),
    },
    multiply: (scores) => {
      const a = { layout: qLayout, buffer: q, transposed: false };
      const b = { layout: kLayout, buffer: k, transposed: true };
      const pairs = (): Uint32Array => columnsOf(table, [0, 1]);
      const sizes = { m: plan.queries, n: plan.keys, k: plan.dim };
      return matmulSteps(vec4, { ...sizes, a, b, c: { layout: shape, buffer: scores }, pairs }, device);
    },
    scaleAndMask: (from, to, parts) => scaleMaskStep(operands, from, to, parts),
    softmax: (from, to) => softmaxStep(from, to, shape),
    sum: (weights) => {
      const a = { layout: shape, buffer: weights, transposed: false };
      const b = { layout: vLayout, buffer: v, transposed: false };
      const pairs = (): Uint32Array => columnsOf(table, ["own", 2]);
      const sizes = { m: plan.queries, n: plan.valueDim, k: plan.keys };
      return matmulSteps(vec4, { ...sizes, a, b, c: { layout: oLayout, buffer: o }, pairs }, device);
    },
  };
}

/** Two columns of the table of heads, as the list of matrices of a product; "own" numbers the attentions. */
function columnsOf(table: JobBuffer, [a, b]: readonly [number | "own", number]): Uint32Array {
  const all = table.contents?.();
  if (!(all instanceof Uint32Array)) return new Uint32Array(0);
  const pairs = new Uint32Array(all.length / 2);
  for (let i = 0; i < all.length / 4; i++) {
    pairs[2 * i] = a === "own" ? i : (all[4 * i + a] ?? 0);
    pairs[2 * i + 1] = all[4 * i + b] ?? 0;
  }
  return pairs;
}

function scaleMaskStep(operands: AttentionOperands, from: JobBuffer, to: JobBuffer, parts: Parts): Step {
  const { plan, mask, table } = operands;
  const shape = scoresLayout(plan);
  const constants = {
    CAUSAL: parts.hide && plan.causal ? 1 : 0,
    MASKED: parts.hide && plan.mask !== undefined ? 1 : 0,
    WINDOWED: parts.hide && Math.min(...plan.window) < Infinity ? 1 : 0,
    CAPPED: parts.cap && plan.softcap !== undefined ? 1 : 0,
  };
  const contents = (): ArrayBuffer => scaleMaskParams(operands, parts.scale);
  return {
    program: scaleMask,
    constants,
    buffers: [{ label: "the sizes", kind: "uniform", bytes: 64, contents }, table, mask.buffer, from, to],
    workgroups: Math.ceil((plan.matrices * shape.matrixStride) / 4 / 64),
  };
}

function scaleMaskParams({ plan, mask }: AttentionOperands, scale: number): ArrayBuffer {
  const bytes = new ArrayBuffer(64);
  const { rowStride, matrixStride } = scoresLayout(plan);
  const sizes = [plan.queries, plan.keys, plan.matrices, rowStride, matrixStride];
  new Uint32Array(bytes).set([...sizes, mask.row, mask.column, mask.matrix]);
  new Float32Array(bytes).set([scale], 8);
  new Uint32Array(bytes).set([minusInfinityBits], 9);
  new Float32Array(bytes).set([plan.softcap ?? 1], 10);
  new Uint32Array(bytes).set(windowReach(plan.window), 11);
  return bytes;
}
