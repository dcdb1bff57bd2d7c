/**
 * From a request to the sizes of an attention: heads, groups of heads that share keys, lengths, and where the mask
 * applies. Shared by every device; it allocates nothing that grows with the scores.
 */

import { broadcast, broadcastIndices, checkTensor, printShape, product, RequestError } from "../shapes.ts";
import { checkedStorage } from "../storage/check.ts";
import type { AttentionRequest, Cost, Shape, Storage } from "../types.ts";

export interface AttentionPlan {
  readonly queries: number;
  readonly keys: number;
  readonly dim: number;
  readonly valueDim: number;
  readonly heads: number;
  /** The broadcast axes before the heads. */
  readonly batch: Shape;
  /** How many attentions there are: batches times heads. */
  readonly matrices: number;
  readonly q: Stack;
  readonly k: Stack;
  readonly v: Stack;
  readonly mask: MaskPlan | undefined;
  readonly causal: boolean;
  /** How far before and after its own place a query sees; infinite without a window. */
  readonly window: readonly [before: number, after: number];
  readonly scale: number;
  readonly softcap: number | undefined;
  readonly storage: Storage;
  readonly shape: Shape;
  readonly scoresShape: Shape;
}

/** The leading axes of one operand: (…batch, heads). */
interface Stack {
  readonly batch: Shape;
  readonly heads: number;
}

interface MaskPlan {
  readonly shape: Shape;
  /** The leading axes of the mask, before its rows and columns. */
  readonly stack: Shape;
  /** 1 where the mask is broadcast along that axis. */
  readonly rows: number;
  readonly columns: number;
}

export function planAttention(request: AttentionRequest): AttentionPlan {
  const q = operand("q", request.q, request.qShape);
  const k = operand("k", request.k, request.kShape);
  const v = operand("v", request.v, request.vShape);
  checkLengths(request, q, k, v);
  const heads = q.stack.heads === 1 ? Math.max(k.stack.heads, v.stack.heads) : q.stack.heads;
  checkHeads(request, heads, k.stack.heads, "k");
  checkHeads(request, heads, v.stack.heads, "v");
  const batch = broadcastBatches(request, q.stack.batch, k.stack.batch, v.stack.batch);
  const rank = Math.max(request.qShape.length, request.kShape.length, request.vShape.length);
  const leading = [...batch, heads].slice(rank === 2 ? 1 : 0);
  const scoresShape = [...leading, q.length, k.length];
  return {
    queries: q.length,
    keys: k.length,
    dim: q.dim,
    valueDim: v.dim,
    heads,
    batch,
    matrices: product(batch) * heads,
    q: q.stack,
    k: k.stack,
    v: v.stack,
    mask: planMask(request, scoresShape),
    causal: request.causal === true,
    ...planScores(request, q.dim),
    storage: checkedStorage(request.storage),
    shape: [...leading, q.length, v.dim],
    scoresShape,
  };
}

/** For each attention, the matrices of q, k, v and the mask that it reads: four numbers for each. */
export function attentionTable(plan: AttentionPlan): Uint32Array {
  const table = new Uint32Array(4 * plan.matrices);
  const stacks = [plan.q, plan.k, plan.v] as const;
  for (const [column, stack] of stacks.entries()) {
    const batches = broadcastIndices(stack.batch, plan.batch);
    const group = stack.heads === 0 ? 1 : plan.heads / stack.heads;
    for (let i = 0; i < plan.matrices; i++) {
      const [batch, head] = [Math.floor(i / plan.heads), i % plan.heads];
      table[4 * i + column] = (batches[batch] ?? 0) * stack.heads + Math.floor(head / group);
    }
  }
  if (plan.mask !== undefined) {
    const masks = broadcastIndices(plan.mask.stack, [...plan.batch, plan.heads]);
    for (let i = 0; i < plan.matrices; i++) table[4 * i + 3] = masks[i] ?? 0;
  }
  return table;
}

export function attentionCost(plan: AttentionPlan, request: AttentionRequest): Cost {
  const { queries, keys, dim, valueDim, matrices } = plan;
  const mask = request.mask?.length ?? 0;
  const numbers = request.q.length + request.k.length + request.v.length + mask + product(plan.shape);
  const bytes = (plan.storage === "float16" ? 2 : 4) * numbers;
  return { flops: 2 * matrices * queries * keys * (dim + valueDim), bytes, shape: plan.shape };
}

function planScores(request: AttentionRequest, dim: number): Pick<AttentionPlan, "scale" | "softcap" | "window"> {
  const { softcap, window = [Infinity, Infinity] } = request;
  const scale = request.scale ?? (dim === 0 ? 1 : 1 / Math.sqrt(dim));
  if (!Number.isFinite(scale)) throw new RequestError(`The scale is ${String(scale)}; it must be a finite number.`);
  if (softcap !== undefined && !(softcap > 0 && softcap < Infinity)) {
    throw new RequestError(`The softcap is ${String(softcap)}; it must be a finite number above 0.`);
  }
  const reach = (size: number): boolean => size === Infinity || (Number.isSafeInteger(size) && size >= 0);
  if (!reach(window[0]) || !reach(window[1])) {
    throw new RequestError(
      `The window is [${String(window[0])}, ${String(window[1])}]; it needs two whole numbers, 0 or more, or Infinity.`,
    );
  }
  return { scale, softcap, window };
}

interface Operand {
  readonly stack: Stack;
  readonly length: number;
  readonly dim: number;
}

function operand(name: string, data: Float32Array, shape: Shape): Operand {
  checkTensor(name, data, shape);
  const [length, dim] = [shape.at(-2), shape.at(-1)];
  if (length === undefined || dim === undefined) {
    throw new RequestError(`${name} is ${printShape(shape)}; attention needs (…, heads, length, dim).`);
  }
  return { stack: { batch: shape.slice(0, -3), heads: shape.at(-3) ?? 1 }, length, dim };
}

function checkLengths(request: AttentionRequest, q: Operand, k: Operand, v: Operand): void {
  if (q.dim !== k.dim) {
    throw new RequestError(
      `The last axes of q ${printShape(request.qShape)} and k ${printShape(request.kShape)} differ: ` +
        `${q.dim} and ${k.dim}.`,
    );
  }
  if (k.length !== v.length) {
    throw new RequestError(
      `k ${printShape(request.kShape)} has ${k.length} keys and v ${printShape(request.vShape)} has ` +
        `${v.length} values; they must be as many.`,
    );
  }
}

function checkHeads(request: AttentionRequest, heads: number, own: number, name: "k" | "v"): void {
  if (own === heads || (own !== 0 && heads % own === 0)) return;
  throw new RequestError(
    `q ${printShape(request.qShape)} has ${heads} heads, which ${own} heads of ` +
      `${name} ${printShape(name === "k" ? request.kShape : request.vShape)} cannot share evenly.`,
  );
}

function broadcastBatches(request: AttentionRequest, q: Shape, k: Shape, v: Shape): Shape {
  const keys = broadcast(q, k);
  const all = keys && broadcast(keys, v);
  if (all !== undefined) return all;
  throw new RequestError(
    `The batch axes do not broadcast: q ${printShape(request.qShape)}, k ${printShape(request.kShape)}, ` +
      `v ${printShape(request.vShape)}.`,
  );
}

function planMask(request: AttentionRequest, scores: Shape): MaskPlan | undefined {
  const { mask, maskShape } = request;
  if (mask === undefined) {
    if (maskShape === undefined) return undefined;
    throw new RequestError("maskShape is given without a mask.");
  }
  if (maskShape === undefined) throw new RequestError("A mask needs its shape in maskShape.");
  checkTensor("mask", mask, maskShape, Float32Array, Uint8Array);
  const together = broadcast(maskShape, scores);
  if (together === undefined || together.length !== scores.length || together.some((size, i) => size !== scores[i])) {
    throw new RequestError(`The mask ${printShape(maskShape)} does not broadcast to the scores ${printShape(scores)}.`);
  }
  return {
    shape: maskShape,
    stack: maskShape.slice(0, -2),
    rows: maskShape.at(-2) ?? 1,
    columns: maskShape.at(-1) ?? 1,
  };
}
