/**
 * The kernels on a WebGPU device: takes requests, picks a kernel, runs its job and gives the result back without
 * padding. It knows the lists of kernels and one `Gpu`; no kernel in particular.
 */

import { Chooser } from "./tuning/chooser.ts";
import { attentionQuestion, matmulQuestion, type Question } from "./tuning/candidates.ts";
import { Notes } from "./tuning/notes.ts";
import { attentionKernels } from "./attention/index.ts";
import { stagesJob } from "./attention/composed.ts";
import { attentionCost, planAttention } from "./attention/plan.ts";
import { elementwiseJob, elementwiseKernel } from "./elementwise/index.ts";
import { planElementwise } from "./elementwise/plan.ts";
import { normJob, normKernel } from "./norm/index.ts";
import { planNorm } from "./norm/plan.ts";
import { reduceJob, reduceKernel } from "./reduce/index.ts";
import { planReduce } from "./reduce/plan.ts";
import { transposeJob, transposeKernel, transposeName } from "./transpose/index.ts";
import { planTranspose } from "./transpose/plan.ts";
import { withTexts } from "./device/edited.ts";
import { measureRoofs } from "./roofs/index.ts";
import { Gpu, type JobResult } from "./device/gpu.ts";
import { keptTensor } from "./device/kept.ts";
import type { DeviceFacts, Job, Program } from "./device/job.ts";
import { timing } from "./device/timing.ts";
import { matmulKernels } from "./matmul/index.ts";
import { matmulProgram } from "./matmul/kernel.ts";
import { matmulCost, planMatmul } from "./matmul/plan.ts";
import { product, RequestError } from "./shapes.ts";
import { softmaxJob, softmaxKernel } from "./softmax/index.ts";
import type {
  AttentionRequest,
  AttentionStages,
  KernelDescription,
  KernelOptions,
  Kernels,
  MatmulRequest,
  Operator,
  Result,
  Shape,
  SoftmaxRequest,
  Tensor,
  Verdict,
} from "./types.ts";

/** The kernels on this device. They hold no memory until the first call; `destroy()` frees what they keep. */
export function createKernels(device: GPUDevice, { store }: KernelOptions = {}): Promise<Kernels> {
  const gpu = new Gpu(device);
  const chooser = new Chooser(gpu, new Notes(device, store));
  return Promise.resolve({
    backend: "webgpu",
    kernels: describeAll(gpu.facts),
    matmul: async (request) => matmul(gpu, chooser, request),
    attention: async (request) => attention(gpu, chooser, request),
    softmax: async (request) => softmax(gpu, request),
    layerNorm: async (request) => {
      const plan = planNorm(request);
      return result(gpu, normKernel.name, request.xShape, request, () => normJob(request, plan));
    },
    elementwise: async (request) => {
      const plan = planElementwise(request);
      return result(gpu, elementwiseKernel.name, plan.shape, request, () => elementwiseJob(request, plan));
    },
    transpose: async (request) => {
      const plan = planTranspose(request);
      return result(gpu, transposeName(plan), plan.shape, request, () => transposeJob(request, plan));
    },
    reduce: async (request) => {
      const plan = planReduce(request);
      return result(gpu, reduceKernel.name, plan.shape, request, () => reduceJob(request, plan));
    },
    attentionStages: async (request) => attentionStages(gpu, request),
    measureMatmul: async (request, options = {}) => {
      const plan = planMatmul(request);
      const { kernel, job } = await chooser.choose(matmulQuestion(request, gpu.facts, plan));
      return timing(kernel, matmulCost(plan), await gpu.measure(job, options));
    },
    measureAttention: async (request, options = {}) => {
      const plan = planAttention(request);
      const { kernel, job } = await chooser.choose(attentionQuestion(request, gpu.facts, plan));
      return timing(kernel, attentionCost(plan, request), await gpu.measure(job, options));
    },
    tuneMatmul: async (request, options = {}) => chooser.tune(matmulQuestion(request, gpu.facts), options),
    tuneAttention: async (request, options = {}) => chooser.tune(attentionQuestion(request, gpu.facts), options),
    verify: async () => verifyAll(gpu, chooser),
    measureRoofs: async (options = {}) => measureRoofs(gpu, options),
    complaints: async (wgsl) => gpu.complaints(wgsl),
    destroy: () => gpu.destroy(),
  });
}

async function matmul(gpu: Gpu, chooser: Chooser, request: MatmulRequest): Promise<Result> {
  const plan = planMatmul(request);
  const { kernel, job } = await chooser.choose(matmulQuestion(request, gpu.facts, plan));
  return result(gpu, kernel, plan.shape, request, () => job);
}

async function attention(gpu: Gpu, chooser: Chooser, request: AttentionRequest): Promise<Result> {
  const plan = planAttention(request);
  const { kernel, job } = await chooser.choose(attentionQuestion(request, gpu.facts, plan));
  return result(gpu, kernel, plan.shape, request, () => job);
}

async function softmax(gpu: Gpu, request: SoftmaxRequest): Promise<Result> {
  const { kernel = softmaxKernel.name } = request;
  if (kernel !== softmaxKernel.name)
    throw new RequestError(`There is no kernel named ${kernel} for this; there is softmax.`);
  return result(gpu, kernel, request.xShape, request, () => softmaxJob(request));
}

async function result(gpu: Gpu, kernel: string, shape: Shape, options: CallOptions, job: () => Job): Promise<Result> {
  const made = job();
  if (product(shape) === 0) return { data: new Float32Array(0), shape, milliseconds: 0, kernel };
  const ran = await gpu.run(made, options);
  return { ...tensorOf(gpu, made, ran, 0, shape), milliseconds: ran.milliseconds, kernel };
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly keep?: boolean | undefined;
}

/** One output of a job: its numbers, or the buffer that still holds them. */
function tensorOf(gpu: Gpu, { outputs: described }: Job, ran: JobResult, index: number, shape: Shape): Tensor {
  const [data, kept, output] = [ran.outputs[index], ran.kept[index], described[index]];
  if (data === undefined || output === undefined) throw new Error("The device gave less back than it was asked for.");
  return kept === undefined ? { data, shape } : { data, shape, onGpu: keptTensor(gpu, kept, output, shape) };
}

async function attentionStages(gpu: Gpu, request: AttentionRequest): Promise<AttentionStages> {
  const plan = planAttention(request);
  const job = withTexts(stagesJob(request, plan, gpu.facts), request.texts);
  const ran = await gpu.run(job, request);
  const stage = (index: number): Tensor => tensorOf(gpu, job, ran, index, index === 0 ? plan.shape : plan.scoresShape);
  return {
    scores: stage(1),
    scaled: stage(2),
    ...(plan.softcap === undefined ? {} : { capped: stage(5) }),
    masked: stage(3),
    weights: stage(4),
    output: stage(0),
    milliseconds: ran.milliseconds,
    kernel: "composed",
  };
}

const square = { a: new Float32Array(1), aShape: [1, 1], b: new Float32Array(1), bShape: [1, 1] };
const head = { q: square.a, qShape: [1, 1], k: square.a, kShape: [1, 1], v: square.a, vShape: [1, 1] };

async function verifyAll(gpu: Gpu, chooser: Chooser): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { name: kernel, operator } of describeAll(gpu.facts)) {
    if (operator !== "matmul" && operator !== "attention") continue;
    const complaint = await chooser.choose(questionOf(operator, kernel, gpu)).then(
      () => "",
      (error: unknown) => {
        if (error instanceof RequestError) return error.message;
        throw error;
      },
    );
    verdicts.push({ kernel, operator, right: complaint === "", complaint });
  }
  return verdicts;
}

function questionOf(operator: "matmul" | "attention", kernel: string, { facts }: Gpu): Question {
  return operator === "matmul"
    ? matmulQuestion({ ...square, kernel }, facts)
    : attentionQuestion({ ...head, kernel }, facts);
}

/** The kernels that a device with these features can run. */
function describeAll({ features }: DeviceFacts): readonly KernelDescription[] {
  return everyKernel().filter((kernel) => kernel.requires.every((feature) => features.has(feature)));
}

interface Named {
  readonly name: string;
  readonly requires: readonly GPUFeatureName[];
}

function everyKernel(): readonly (KernelDescription & { readonly requires: readonly GPUFeatureName[] })[] {
  return [
    ...matmulKernels.map((kernel) =>
      describe("matmul", kernel, [matmulProgram(kernel.name, kernel.wgsl), ...(kernel.more ?? [])]),
    ),
    ...attentionKernels.map((kernel) => describe("attention", kernel, kernel.programs)),
    describe("softmax", softmaxKernel, [softmaxKernel.program]),
    describe("norm", normKernel, [normKernel.program]),
    describe("elementwise", elementwiseKernel, [elementwiseKernel.program]),
    describe("transpose", transposeKernel, [transposeKernel.program]),
    describe("reduce", reduceKernel, [reduceKernel.program]),
  ];
}

function describe(operator: Operator, kernel: Named & { readonly description: string }, programs: readonly Program[]) {
  const { name, description, requires } = kernel;
  return { name, operator, requires, description, sources: programs.map(({ name, wgsl }) => ({ name, wgsl })) };
}
