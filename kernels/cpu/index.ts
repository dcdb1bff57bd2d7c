/**
 * The same kernels without a GPU, in plain JavaScript: the same requests, results and sentences. One product of two
 * matrices, `multiply`, does the work; a WebAssembly one can take its place.
 */

import { additive } from "../attention/buffers.ts";
import { attentionCost, attentionTable, planAttention, type AttentionPlan } from "../attention/plan.ts";
import { layout, pad, unpad, type Layout } from "../device/layout.ts";
import { activate } from "../elementwise/activation.ts";
import { throughHalf } from "../storage/half.ts";
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
  SoftmaxRequest,
  Storage,
  Tensor,
  Timing,
  Tuning,
} from "../types.ts";
import { attend, softmaxTiles, type MaskAt, type Stages } from "./attention.ts";
import { measureCpuRoofs } from "./roofs.ts";
import { elementwise, layerNorm, reduce, transposeAxes } from "./rows.ts";
import { multiply, transpose, type Tiles } from "./matmul.ts";

const name = "cpu";
const mostBytes = 2 ** 30;
const queryBlock = 64;
const description = "Plain JavaScript on the CPU, summed in float64.";

export function createCpuKernels(): Kernels {
  const operators = ["matmul", "attention", "softmax", "norm", "elementwise", "transpose", "reduce"] as const;
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
    matmul: async (request) => timed(request, () => matmul(request)),
    attention: async (request) => timed(request, () => attention(request)),
    softmax: async (request) => timed(request, () => softmax(request)),
    layerNorm: async (request) => timed(request, async () => layerNorm(request)),
    elementwise: async (request) => timed(request, async () => elementwise(request)),
    transpose: async (request) => timed(request, async () => transposeAxes(request)),
    reduce: async (request) => timed(request, async () => reduce(request)),
    attentionStages,
    measureMatmul: async (request, options = {}) => {
      const cost = matmulCost(planMatmul(request));
      return measure(request.kernel, cost, () => matmul(request), options);
    },
    measureAttention: async (request, options = {}) => {
      const cost = attentionCost(planAttention(request), request);
      return measure(request.kernel, cost, () => attention(request), options);
    },
    tuneMatmul: async (request, options = {}) => {
      const { median } = await measure(request.kernel, matmulCost(planMatmul(request)), () => matmul(request), options);
      return onlyOne(median);
    },
    tuneAttention: async (request, options = {}) => {
      const cost = attentionCost(planAttention(request), request);
      return onlyOne((await measure(request.kernel, cost, () => attention(request), options)).median);
    },
    verify: async () => [],
    measureRoofs: async (options = {}) => measureCpuRoofs(options),
    complaints: async () => [],
    destroy: () => undefined,
  };
}

/** There is nothing to choose among here. */
function onlyOne(milliseconds: number): Tuning {
  const best = { kernel: name, variant: 0, milliseconds };
  return { best, tried: [best], complete: true };
}

interface Call {
  readonly kernel?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

async function timed({ kernel, signal }: Call, work: () => Promise<Tensor>): Promise<Result> {
  checkKernel(kernel);
  signal?.throwIfAborted();
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
    const c = await multiply(
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

async function attention(request: AttentionRequest): Promise<Tensor> {
  const steps = await attentionSteps(request, ["output"]);
  return steps.get("output") ?? { data: new Float32Array(0), shape: [] };
}

async function softmax(request: SoftmaxRequest): Promise<Tensor> {
  const { rows, columns } = planSoftmax(request);
  const shape = layout(1, rows, columns);
  const x = stack(request.x, shape)(0);
  return { data: unpad(softmaxTiles(x, rows, columns).data, shape), shape: request.xShape };
}

async function attentionStages(request: AttentionRequest): Promise<AttentionStages> {
  checkKernel(request.kernel === "composed" ? undefined : request.kernel);
  request.signal?.throwIfAborted();
  const start = performance.now();
  const steps = await attentionSteps(request, ["scores", "scaled", "capped", "masked", "weights", "output"]);
  const step = (one: keyof Stages): Tensor => steps.get(one) ?? { data: new Float32Array(0), shape: [] };
  return {
    scores: step("scores"),
    scaled: step("scaled"),
    ...(request.softcap === undefined ? {} : { capped: step("capped") }),
    masked: step("masked"),
    weights: step("weights"),
    output: step("output"),
    milliseconds: performance.now() - start,
    kernel: name,
  };
}

/** The steps that are asked for, over all heads and batches; some queries at a time, so that little is held at once. */
async function attentionSteps<Step extends keyof Stages>(
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
    for (let first = 0; first < q.rows; first += queryBlock) {
      const steps = await attend(plan, { q: someRows(q, first), kT, v, first }, maskAt, request.signal);
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

function someRows(x: Tiles, first: number): Tiles {
  const rows = Math.min(queryBlock, x.rows - first);
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
