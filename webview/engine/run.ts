/**
 * One run: operands are filled, a backend of the kernels multiplies them, and what comes back is checked. It knows the
 * kernels' interface and nothing of which device stands behind it.
 */

import type { AttentionRequest, Kernels, MatmulRequest, MeasureOptions, Timing } from "../../kernels/types.ts";
import type { SizedOperand } from "../../src/playground/axes.ts";
import type { Layout } from "../../src/playground/layout.ts";
import type { Bench } from "../../src/playground/state.ts";
import { biasAt } from "../../src/playground/activation.ts";
import { maskNumbers, reachOf } from "../../src/playground/mask.ts";
import { textsOf } from "../../src/playground/texts.ts";
import { shelf } from "../given/shelf.ts";
import { checked } from "./check.ts";
import { filled } from "./fill.ts";
import type { Picture, Stored, TensorId } from "./picture.ts";

export type Job = { readonly bench: Bench; readonly layout: Layout };

export async function run(job: Job, kernels: Kernels): Promise<Picture> {
  return job.bench.operation.operator === "matmul" ? runMatmul(job, kernels) : runAttention(job, kernels);
}

/** Measures one kernel on the job's operands until the figure is steady or the budget is spent. */
export async function measure(
  job: Job,
  kernels: Kernels,
  kernel: string | undefined,
  options: MeasureOptions,
): Promise<Timing> {
  return job.bench.operation.operator === "matmul"
    ? kernels.measureMatmul(matmulRequest(job, kernel), options)
    : kernels.measureAttention(attentionRequest(job, kernel), options);
}

/** Finds the fastest kernel for the job on its device. */
export async function tune(job: Job, kernels: Kernels, options: MeasureOptions): Promise<void> {
  if (job.bench.operation.operator === "matmul") await kernels.tuneMatmul(matmulRequest(job, undefined), options);
  else await kernels.tuneAttention(attentionRequest(job, undefined), options);
}

async function runMatmul(job: Job, kernels: Kernels): Promise<Picture> {
  const request = matmulRequest(job, chosen(job, kernels));
  const result = await kernels.matmul(request);
  const { layout } = job;
  const tensors = new Map<TensorId, Stored>([
    ["a", { data: request.a, axes: axesOf(layout, 0) }],
    ["b", { data: request.b, axes: axesOf(layout, 1) }],
    ["result", { data: result.data, axes: [...layout.batch, layout.rows, layout.columns] }],
  ]);
  return checked({ ...job, tensors, ...facts(result, kernels) });
}

async function runAttention(job: Job, kernels: Kernels): Promise<Picture> {
  const request = attentionRequest(job, chosen(job, kernels));
  const composed = request.kernel === "composed" ? request.texts : undefined;
  const stages = await kernels.attentionStages({ ...request, kernel: undefined, texts: composed });
  const output = await kernels.attention(request);
  const { batch, rows, columns, values } = job.layout;
  const square = [...batch, rows, columns];
  const tensors = new Map<TensorId, Stored>([
    ["q", { data: request.q, axes: axesOf(job.layout, 0) }],
    ["k", { data: request.k, axes: axesOf(job.layout, 1) }],
    ["v", { data: request.v, axes: axesOf(job.layout, 2) }],
    ["scores", { data: stages.scores.data, axes: square }],
    ["scaled", { data: (stages.capped ?? stages.scaled).data, axes: square }],
    ["masked", { data: stages.masked.data, axes: square }],
    ["weights", { data: stages.weights.data, axes: square }],
    ["output", { data: output.data, axes: [...batch, rows, values] }],
  ]);
  return checked({ ...job, tensors, ...facts(output, kernels) });
}

const facts = (
  result: { readonly kernel: string; readonly milliseconds: number },
  kernels: Kernels,
): Pick<Picture, "kernel" | "milliseconds" | "onGpu"> => ({
  kernel: result.kernel,
  milliseconds: result.milliseconds,
  onGpu: kernels.backend === "webgpu",
});

/** The kernel that was picked, where this backend has it; otherwise the backend chooses. */
function chosen({ bench }: Job, kernels: Kernels): string | undefined {
  const { operator } = bench.operation;
  return kernels.kernels.find((kernel) => kernel.operator === operator && kernel.name === bench.kernel)?.name;
}

const axesOf = (layout: Layout, operand: number): SizedOperand["axes"] => layout.operands[operand]?.axes ?? [];
const shapeOf = (layout: Layout, operand: number): readonly number[] => axesOf(layout, operand).map(({ size }) => size);

function matmulRequest({ bench, layout }: Job, kernel: string | undefined): MatmulRequest {
  const [left, right] = layout.operands;
  const { transposeA = false, transposeB = false, bias, activation, storage } = bench.operation.options;
  return {
    ...(bias === true ? { bias: Float32Array.from({ length: layout.columns.size }, (_, i) => biasAt(i)) } : {}),
    activation,
    storage,
    a: values(bench, left, 0, "left", transposeA),
    aShape: shapeOf(layout, 0),
    b: values(bench, right, 1, "right", !transposeB),
    bShape: shapeOf(layout, 1),
    // A vector has nothing to transpose.
    transposeA: transposeA && shapeOf(layout, 0).length > 1,
    transposeB: transposeB && shapeOf(layout, 1).length > 1,
    kernel,
    texts: textsOf(bench, kernel),
  };
}

function attentionRequest({ bench, layout }: Job, kernel: string | undefined): AttentionRequest {
  const [q, k, v] = layout.operands;
  const { options } = bench.operation;
  const { causal, scale, softcap, storage } = options;
  return {
    ...maskNumbers(options, layout.rows.size, layout.columns.size, headsOf(layout)),
    window: reachOf(options),
    softcap,
    storage,
    q: values(bench, q, 0, "left", false),
    qShape: shapeOf(layout, 0),
    k: values(bench, k, 1, "right", false),
    kShape: shapeOf(layout, 1),
    v: values(bench, v, 2, "values", false),
    vShape: shapeOf(layout, 2),
    causal,
    scale,
    kernel,
    texts: textsOf(bench, kernel),
  };
}

const headsOf = ({ operands, batch }: Layout): number =>
  operands.some(({ axes }) => axes.length > 2) ? (batch.at(-1)?.size ?? 1) : 1;

/** The operand's numbers, kept while nothing that they depend on changes. */
const kept = new Map<string, Float32Array>();

function values(
  bench: Bench,
  operand: SizedOperand | undefined,
  index: number,
  place: "left" | "right" | "values",
  across: boolean,
): Float32Array {
  if (operand === undefined) return new Float32Array(0);
  const fill = bench.fills[index] ?? "normal";
  const given = fill === "given" ? shelf.get(bench.given[index]?.id ?? "") : undefined;
  if (given !== undefined) return given;
  if (fill === "given") throw new Error(`The values of ${operand.name} are gone; give them again.`);
  const key = [place, fill, bench.seed, across, operand.axes.map(({ size }) => size).join("×")].join();
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = filled(operand, { fill, place, across, seed: bench.seed });
  // A dozen recent operands are enough for both tabs; more would only hold memory.
  if (kept.size >= 12) kept.delete(kept.keys().next().value ?? "");
  kept.set(key, made);
  return made;
}
