/**
 * Products, attention and softmax on the CPU: from requests to padded matrices and back. The heavy work is an engine's.
 */

import { additive } from "../attention/buffers.ts";
import { attentionTable, planAttention, type AttentionPlan } from "../attention/plan.ts";
import { layout, pad, unpad, type Layout } from "../device/layout.ts";
import { activate } from "../elementwise/activation.ts";
import { matmulPairs, planMatmul } from "../matmul/plan.ts";
import { printBytes, product, RequestError } from "../shapes.ts";
import { planSoftmax } from "../softmax/plan.ts";
import { throughHalf } from "../storage/half.ts";
import type { AttentionRequest, MatmulRequest, SoftmaxRequest, Storage, Tensor } from "../types.ts";
import { attend, type MaskAt, type Stages } from "./attention.ts";
import type { Engine } from "./engine.ts";
import { transpose, type Tiles } from "./matmul.ts";

const mostBytes = 2 ** 30;

export async function matmul(engine: Engine, request: MatmulRequest): Promise<Tensor> {
  const plan = planMatmul(request);
  const { m, n, k, transposeA, transposeB, shape } = plan;
  const result = resultLayout(plan.batches, m, n);
  const a = stack(
    asStored(request.a, plan.storage),
    transposeA ? layout(product(plan.aBatch), k, m) : layout(product(plan.aBatch), m, k),
  );
  const b = stack(
    asStored(request.b, plan.storage),
    transposeB ? layout(product(plan.bBatch), n, k) : layout(product(plan.bBatch), k, n),
  );
  const padded = new Float32Array(result.count * result.matrixStride);
  const pairs = matmulPairs(plan);
  for (let i = 0; i < plan.batches; i++) {
    const [left, right] = [a(pairs[2 * i] ?? 0), b(pairs[2 * i + 1] ?? 0)];
    const c = await engine.multiply(
      transposeA ? transpose(left) : left,
      transposeB ? transpose(right) : right,
      request.signal,
    );
    padded.set(c.data, i * result.matrixStride);
  }
  const data = finishMatmul(unpad(padded, result), request, n);
  return { data: plan.storage === "float16" ? throughHalf(data) : data, shape };
}

/** Bias and activation, in place. */
function finishMatmul(data: Float32Array, { bias, activation = "none" }: MatmulRequest, columns: number): Float32Array {
  if (bias === undefined && activation === "none") return data;
  return data.map((sum, i) => activate(activation, sum + (bias?.[bias.length === 1 ? 0 : i % columns] ?? 0)));
}

/** A stack of operands as they are stored. */
function asStored(data: Float32Array, storage: Storage): Float32Array {
  return storage === "float16" ? throughHalf(data) : data;
}

export async function attention(engine: Engine, request: AttentionRequest): Promise<Tensor> {
  const steps = await attentionSteps(engine, request, ["output"]);
  return steps.get("output") ?? { data: new Float32Array(0), shape: [] };
}

export function softmax(engine: Engine, request: SoftmaxRequest): Tensor {
  const { rows, columns } = planSoftmax(request);
  const shape = layout(1, rows, columns);
  const x = stack(request.x, shape)(0);
  // The work is done in place, and the request keeps its numbers.
  const y = engine.softmax({ ...x, data: x.data.slice() }, columns);
  return { data: unpad(y.data, shape), shape: request.xShape };
}

/** The steps that are asked for, over all heads and batches; some queries at a time, so that little is held at once. */
export async function attentionSteps<Step extends keyof Stages>(
  engine: Engine,
  request: AttentionRequest,
  wanted: readonly Step[],
): Promise<ReadonlyMap<Step, Tensor>> {
  const plan = planAttention(request);
  const kept = wanted.map((step) => {
    const to = resultLayout(plan.matrices, plan.queries, step === "output" ? plan.valueDim : plan.keys);
    return { step, to, padded: new Float32Array(to.bytes / 4) };
  });
  const operands = attentionOperands(request, plan);
  for (let i = 0; i < plan.matrices; i++) {
    const { q, kT, v, maskAt } = operands(i);
    for (let first = 0; first < q.rows; first += engine.queryBlock) {
      const some = { q: someRows(q, first, engine.queryBlock), kT, v, first, maskAt };
      const steps = await attend(engine, plan, some, { everyStage: wanted.length > 1, signal: request.signal });
      for (const { step, to, padded } of kept) {
        padded.set(steps[step].data, i * to.matrixStride + first * to.rowStride);
      }
    }
  }
  return new Map(
    kept.map(({ step, to, padded }) => {
      const data = unpad(padded, to);
      return step === "output"
        ? [step, { data: asStored(data, plan.storage), shape: plan.shape }]
        : [step, { data, shape: plan.scoresShape }];
    }),
  );
}

function someRows(x: Tiles, first: number, most: number): Tiles {
  const rows = Math.min(most, x.rows - first);
  return { data: x.data.subarray(first * x.columns, (first + rows) * x.columns), rows, columns: x.columns };
}

interface HeadOperands {
  readonly q: Tiles;
  readonly kT: Tiles;
  readonly v: Tiles;
  readonly maskAt: MaskAt | undefined;
}

/** The operands of each attention by its number. */
function attentionOperands(request: AttentionRequest, plan: AttentionPlan): (i: number) => HeadOperands {
  const table = attentionTable(plan);
  const count = (of: AttentionPlan["q"]): number => product(of.batch) * of.heads;
  const q = stack(asStored(request.q, plan.storage), layout(count(plan.q), plan.queries, plan.dim));
  const k = stack(asStored(request.k, plan.storage), layout(count(plan.k), plan.keys, plan.dim));
  const v = stack(asStored(request.v, plan.storage), layout(count(plan.v), plan.keys, plan.valueDim));
  return (i) => ({
    q: q(table[4 * i] ?? 0),
    kT: transpose(k(table[4 * i + 1] ?? 0)),
    v: v(table[4 * i + 2] ?? 0),
    maskAt: maskOf(request, plan, table[4 * i + 3] ?? 0),
  });
}

function maskOf({ mask }: AttentionRequest, plan: AttentionPlan, matrix: number): MaskAt | undefined {
  if (mask === undefined || plan.mask === undefined) return undefined;
  const { rows, columns } = plan.mask;
  const start = matrix * rows * columns;
  const [row, column] = [rows === 1 ? 0 : columns, columns === 1 ? 0 : 1];
  const numbers = additive(mask);
  return (query, key) => numbers[start + query * row + key * column] ?? 0;
}

/** The matrices of a stack by their number, padded to whole tiles. */
function stack(data: Float32Array, shape: Layout): (matrix: number) => Tiles {
  const padded = pad(data, shape);
  return (matrix) => ({
    data: padded.subarray(matrix * shape.matrixStride, (matrix + 1) * shape.matrixStride),
    rows: shape.paddedRows,
    columns: shape.rowStride,
  });
}

function resultLayout(count: number, rows: number, columns: number): Layout {
  const shape = layout(count, rows, columns);
  if (shape.bytes <= mostBytes) return shape;
  throw new RequestError(
    `This is too large without a GPU: the result would take ${printBytes(shape.bytes)}, and ${printBytes(mostBytes)} ` +
      "is the most here.",
  );
}
