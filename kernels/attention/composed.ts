/**
 * Attention step by step: scores, scale and mask, softmax, weighted sum. Every step is stored, so it can be looked
 * at, and so it takes memory that grows with queries times keys.
 */

import { layout, type Layout } from "../device/layout.ts";
import type { Job, JobBuffer, Program, Step } from "../device/job.ts";
import { matmulStep } from "../matmul/kernel.ts";
import { vec4 } from "../matmul/vec4.ts";
import { softmaxKernel, softmaxStep } from "../softmax/index.ts";
import type { AttentionRequest } from "../types.ts";
import { attentionOperands, minusInfinityBits, type AttentionOperands } from "./buffers.ts";
import type { AttentionKernel } from "./kernel.ts";
import type { AttentionPlan } from "./plan.ts";
import wgsl from "./scale-mask.wgsl";

const scaleMask: Program = {
  name: "scale-mask",
  wgsl,
  bindings: ["uniform", "read-only-storage", "read-only-storage", "read-only-storage", "storage"],
};

export const composed: AttentionKernel = {
  name: "composed",
  description: "Scores, scale and mask, softmax and weighted sum as steps of their own, each stored.",
  requires: [],
  programs: [vec4.program, scaleMask, softmaxKernel.program],
  job: (request, plan, limits) => {
    const steps = composedSteps(request, plan, limits);
    const { scores, masked, weights } = steps.buffers;
    return {
      steps: [
        steps.multiply(scores),
        steps.scaleAndMask(scores, masked, plan.scale, true),
        steps.softmax(masked, weights),
        steps.sum(weights),
      ],
      outputs: [steps.output],
    };
  },
};

/** The same steps with scale and mask apart, and every one of them read back. The result comes first. */
export function stagesJob(request: AttentionRequest, plan: AttentionPlan, limits: GPUSupportedLimits): Job {
  const steps = composedSteps(request, plan, limits);
  const { scores, scaled, masked, weights } = steps.buffers;
  const layout = scoresLayout(plan);
  return {
    steps: [
      steps.multiply(scores),
      steps.scaleAndMask(scores, scaled, plan.scale, false),
      steps.scaleAndMask(scaled, masked, 1, true),
      steps.softmax(masked, weights),
      steps.sum(weights),
    ],
    outputs: [steps.output, ...[scores, scaled, masked, weights].map((buffer) => ({ buffer, layout }))],
  };
}

export function scoresLayout(plan: AttentionPlan): Layout {
  return layout(plan.matrices, plan.queries, plan.keys);
}

interface ComposedSteps {
  readonly output: Job["outputs"][number];
  readonly buffers: Readonly<Record<"scores" | "scaled" | "masked" | "weights", JobBuffer>>;
  readonly multiply: (scores: JobBuffer) => Step;
  readonly scaleAndMask: (from: JobBuffer, to: JobBuffer, scale: number, hide: boolean) => Step;
  readonly softmax: (from: JobBuffer, to: JobBuffer) => Step;
  readonly sum: (weights: JobBuffer) => Step;
}

function composedSteps(request: AttentionRequest, plan: AttentionPlan, limits: GPUSupportedLimits): ComposedSteps {
  const operands = attentionOperands(request, plan, 4);
  const shape = scoresLayout(plan);
  const buffer = (label: string): JobBuffer => ({ label, kind: "storage", bytes: shape.bytes });
  const { q, k, v, o, qLayout, kLayout, vLayout, oLayout, table } = operands;
  return {
    output: { buffer: o, layout: oLayout },
    buffers: {
      scores: buffer("the scores"),
      scaled: buffer("the scaled scores"),
      masked: buffer("the masked scores"),
      weights: buffer("the weights"),
    },
    multiply: (scores) => {
      const a = { layout: qLayout, buffer: q, transposed: false };
      const b = { layout: kLayout, buffer: k, transposed: true };
      const pairs = (): Uint32Array => columnsOf(table, [0, 1]);
      const sizes = { m: plan.queries, n: plan.keys, k: plan.dim };
      return matmulStep(vec4, { ...sizes, a, b, c: { layout: shape, buffer: scores }, pairs }, limits);
    },
    scaleAndMask: (from, to, scale, hide) => scaleMaskStep(operands, from, to, scale, hide),
    softmax: (from, to) => softmaxStep(from, to, shape),
    sum: (weights) => {
      const a = { layout: shape, buffer: weights, transposed: false };
      const b = { layout: vLayout, buffer: v, transposed: false };
      const pairs = (): Uint32Array => columnsOf(table, ["own", 2]);
      const sizes = { m: plan.queries, n: plan.valueDim, k: plan.keys };
      return matmulStep(vec4, { ...sizes, a, b, c: { layout: oLayout, buffer: o }, pairs }, limits);
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

function scaleMaskStep(
  operands: AttentionOperands,
  from: JobBuffer,
  to: JobBuffer,
  scale: number,
  hide: boolean,
): Step {
  const { plan, mask, table } = operands;
  const shape = scoresLayout(plan);
  const contents = (): ArrayBuffer => {
    const bytes = new ArrayBuffer(48);
    const sizes = [plan.queries, plan.keys, plan.matrices, shape.rowStride, shape.matrixStride];
    new Uint32Array(bytes).set([...sizes, mask.row, mask.column, mask.matrix]);
    new Float32Array(bytes).set([scale], 8);
    new Uint32Array(bytes).set([minusInfinityBits], 9);
    return bytes;
  };
  return {
    program: scaleMask,
    constants: { CAUSAL: hide && plan.causal ? 1 : 0, MASKED: hide && plan.mask !== undefined ? 1 : 0 },
    buffers: [{ label: "the sizes", kind: "uniform", bytes: 48, contents }, table, mask.buffer, from, to],
    workgroups: Math.ceil((plan.matrices * shape.matrixStride) / 4 / 64),
  };
}
