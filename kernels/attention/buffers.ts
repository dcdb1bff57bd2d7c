/**
 * The operands of an attention as they lie on the GPU, for the composed and the fused kernels alike. It knows layouts
 * and padding, not what is computed.
 */

import { layout, upload, type Layout } from "../device/layout.ts";
import type { JobBuffer } from "../device/job.ts";
import { product } from "../shapes.ts";
import type { AttentionRequest } from "../types.ts";
import { attentionTable, type AttentionPlan } from "./plan.ts";

export interface AttentionOperands {
  readonly plan: AttentionPlan;
  readonly qLayout: Layout;
  readonly kLayout: Layout;
  readonly vLayout: Layout;
  readonly oLayout: Layout;
  readonly q: JobBuffer;
  readonly k: JobBuffer;
  readonly v: JobBuffer;
  readonly mask: Mask;
  /** For each attention, its matrices of q, k, v and mask. */
  readonly table: JobBuffer;
  readonly o: JobBuffer;
  readonly valuesFinite: () => boolean;
}

interface Mask {
  readonly buffer: JobBuffer;
  /** Numbers from one row, column and matrix to the next; zero where the mask is broadcast. */
  readonly row: number;
  readonly column: number;
  readonly matrix: number;
}

/** The bits of −∞, which WGSL has no way to write. */
export const minusInfinityBits = 0xff800000;

/** Keys and values are padded to whole blocks of `keyBlock`. */
export function attentionOperands(request: AttentionRequest, plan: AttentionPlan, keyBlock: number): AttentionOperands {
  const count = (stack: AttentionPlan["q"]): number => product(stack.batch) * stack.heads;
  const { storage } = plan;
  const qLayout = layout(count(plan.q), plan.queries, plan.dim, { storage });
  const kLayout = layout(count(plan.k), plan.keys, plan.dim, { rowTile: keyBlock, storage });
  const vLayout = layout(count(plan.v), plan.keys, plan.valueDim, { rowTile: keyBlock, storage });
  const oLayout = layout(plan.matrices, plan.queries, plan.valueDim, { storage });
  const input = (label: string, data: Float32Array, to: Layout): JobBuffer => {
    return { label, kind: "storage", bytes: to.bytes, contents: () => upload(data, to) };
  };
  return {
    plan,
    qLayout,
    kLayout,
    vLayout,
    oLayout,
    q: input("q", request.q, qLayout),
    k: input("k", request.k, kLayout),
    v: input("v", request.v, vLayout),
    mask: maskBuffer(request, plan),
    table: {
      label: "the list of heads",
      kind: "storage",
      bytes: 16 * plan.matrices,
      contents: () => attentionTable(plan),
    },
    o: { label: "the result", kind: "storage", bytes: oLayout.bytes },
    valuesFinite: () => allFinite(request.v),
  };
}

/** The mask needs no padding: kernels read it one number at a time. */
function maskBuffer(request: AttentionRequest, plan: AttentionPlan): Mask {
  const { mask } = request;
  const bytes = 4 * (mask?.length ?? 0);
  const contents = mask && ((): Float32Array => additive(mask));
  const buffer: JobBuffer = { label: "the mask", kind: "storage", bytes, contents };
  if (plan.mask === undefined) return { buffer, row: 0, column: 0, matrix: 0 };
  const { rows, columns } = plan.mask;
  return { buffer, row: rows === 1 ? 0 : columns, column: columns === 1 ? 0 : 1, matrix: rows * columns };
}

/** A mask as the numbers that are added to the scores. */
export function additive(mask: Float32Array | Uint8Array): Float32Array {
  return mask instanceof Float32Array ? mask : Float32Array.from(mask, (shown) => (shown === 0 ? -Infinity : 0));
}

/** What a window adds to a key's place, as the numbers that kernels compare: infinity is further than any key. */
export function windowReach([before, after]: AttentionPlan["window"]): readonly [number, number] {
  const most = 2 ** 30;
  return [Math.min(before, most), Math.min(after, most)];
}

function allFinite(values: Float32Array): boolean {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
}
