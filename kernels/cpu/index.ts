/**
 * The same kernels without a GPU, in plain JavaScript: the same requests, results and sentences. One product of two
 * matrices, `multiply`, does the work; a WebAssembly one can take its place.
 */

import { attentionCost, attentionTable, planAttention, type AttentionPlan } from "../attention/plan.ts";
import { layout, pad, unpad, type Layout } from "../device/layout.ts";
import { steadyTiming, timing } from "../device/timing.ts";
import { matmulCost, matmulPairs, planMatmul } from "../matmul/plan.ts";
import { printBytes, product, RequestError } from "../shapes.ts";
import { planSoftmax } from "../softmax/plan.ts";
import type {
  AttentionRequest,
  AttentionStages,
  Cost,
  KernelDescription,
  Kernels,
  MatmulRequest,
  MeasureOptions,
  Result,
  Shape,
  SoftmaxRequest,
  Timing,
} from "../types.ts";
import { attend, softmaxTiles, type MaskAt, type Stages } from "./attention.ts";
import { multiply, transpose, type Tiles } from "./matmul.ts";

const name = "cpu";
const mostBytes = 2 ** 30;
const description = "Plain JavaScript on the CPU, summed in float64.";

export function createCpuKernels(): Kernels {
  const operators = ["matmul", "attention", "softmax"] as const;
  const kernels = operators.map((operator): KernelDescription => ({
    name,
    operator,
    requires: [],
    description,
    sources: [],
  }));
  return {
    backend: "cpu",
    kernels,
    matmul: async (request) => timed(request.kernel, () => matmul(request)),
    attention: async (request) => {
      return timed(request.kernel, async () => (await attentionSteps(request, ["output"])).output);
    },
    softmax: async (request) => timed(request.kernel, async () => softmax(request)),
    attentionStages,
    measureMatmul: async (request, options = {}) => {
      const cost = matmulCost(planMatmul(request));
      return measure(request.kernel, cost, () => matmul(request), options);
    },
    measureAttention: async (request, options = {}) => {
      const cost = attentionCost(planAttention(request), request);
      return measure(request.kernel, cost, () => attentionSteps(request, ["output"]), options);
    },
    destroy: () => undefined,
  };
}

interface Tensor {
  readonly data: Float32Array;
  readonly shape: Shape;
}

async function timed(kernel: string | undefined, work: () => Promise<Tensor>): Promise<Result> {
  checkKernel(kernel);
  const start = performance.now();
  const { data, shape } = await work();
  return { data, shape, milliseconds: performance.now() - start, kernel: name };
}

async function measure(
  kernel: string | undefined,
  cost: Cost,
  work: () => Promise<unknown>,
  options: MeasureOptions,
): Promise<Timing> {
  checkKernel(kernel);
  const sample = async (runs: number): Promise<number> => {
    const start = performance.now();
    for (let run = 0; run < runs; run++) await work();
    return performance.now() - start;
  };
  return timing(name, cost, await steadyTiming({ clock: "cpu", sample }, options));
}

function checkKernel(kernel: string | undefined): void {
  if (kernel === undefined || kernel === name) return;
  throw new RequestError(`There is no kernel named ${kernel} without a GPU; there is ${name}.`);
}

async function matmul(request: MatmulRequest): Promise<Tensor> {
  const plan = planMatmul(request);
  const { m, n, k, transposeA, transposeB, shape } = plan;
  const result = resultLayout(plan.batches, m, n);
  const a = stack(request.a, transposeA ? layout(product(plan.aBatch), k, m) : layout(product(plan.aBatch), m, k));
  const b = stack(request.b, transposeB ? layout(product(plan.bBatch), n, k) : layout(product(plan.bBatch), k, n));
  const padded = new Float32Array(result.count * result.matrixStride);
  const pairs = matmulPairs(plan);
  for (let i = 0; i < plan.batches; i++) {
    const [left, right] = [a(pairs[2 * i] ?? 0), b(pairs[2 * i + 1] ?? 0)];
    const c = await multiply(
      transposeA ? transpose(left) : left,
      transposeB ? transpose(right) : right,
      request.signal,
    );
    padded.set(c.data, i * result.matrixStride);
  }
  return { data: unpad(padded, result), shape };
}

async function softmax(request: SoftmaxRequest): Promise<Tensor> {
  const { rows, columns } = planSoftmax(request);
  const shape = layout(1, rows, columns);
  const x = stack(request.x, shape)(0);
  return { data: unpad(softmaxTiles(x, rows, columns).data, shape), shape: request.xShape };
}

async function attentionStages(request: AttentionRequest): Promise<AttentionStages> {
  checkKernel(request.kernel === "composed" ? undefined : request.kernel);
  const start = performance.now();
  const steps = await attentionSteps(request, ["scores", "scaled", "masked", "weights", "output"]);
  return { ...steps, milliseconds: performance.now() - start, kernel: name };
}

/** The steps that are asked for, over all heads and batches. */
async function attentionSteps<Step extends keyof Stages>(
  request: AttentionRequest,
  wanted: readonly Step[],
): Promise<Record<Step, Tensor>> {
  const plan = planAttention(request);
  const { matrices, queries, keys } = plan;
  const layouts = (step: Step): Layout => {
    return resultLayout(matrices, queries, step === "output" ? plan.valueDim : keys);
  };
  const kept = wanted.map((step) => ({ step, to: layouts(step), padded: new Float32Array(layouts(step).bytes / 4) }));
  const operands = attentionOperands(request, plan);
  for (let i = 0; i < matrices; i++) {
    const { tiles, maskAt } = operands(i);
    const steps = await attend(plan, tiles, maskAt, request.signal);
    for (const { step, to, padded } of kept) padded.set(steps[step].data, i * to.matrixStride);
  }
  const tensors = kept.map(({ step, to, padded }) => {
    return [step, { data: unpad(padded, to), shape: step === "output" ? plan.shape : plan.scoresShape }] as const;
  });
  return Object.fromEntries(tensors) as Record<Step, Tensor>;
}

/** q, k, v and the mask of each attention by its number. */
function attentionOperands(request: AttentionRequest, plan: AttentionPlan) {
  const table = attentionTable(plan);
  const count = (of: AttentionPlan["q"]): number => product(of.batch) * of.heads;
  const q = stack(request.q, layout(count(plan.q), plan.queries, plan.dim));
  const k = stack(request.k, layout(count(plan.k), plan.keys, plan.dim));
  const v = stack(request.v, layout(count(plan.v), plan.keys, plan.valueDim));
  return (i: number): { readonly tiles: readonly [Tiles, Tiles, Tiles]; readonly maskAt: MaskAt | undefined } => ({
    tiles: [q(table[4 * i] ?? 0), k(table[4 * i + 1] ?? 0), v(table[4 * i + 2] ?? 0)],
    maskAt: maskOf(request, plan, table[4 * i + 3] ?? 0),
  });
}

function maskOf({ mask }: AttentionRequest, plan: AttentionPlan, matrix: number): MaskAt | undefined {
  if (mask === undefined || plan.mask === undefined) return undefined;
  const { rows, columns } = plan.mask;
  const start = matrix * rows * columns;
  const [row, column] = [rows === 1 ? 0 : columns, columns === 1 ? 0 : 1];
  return (query, key) => mask[start + query * row + key * column] ?? 0;
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
