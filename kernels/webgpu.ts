/**
 * The kernels on a WebGPU device: takes requests, picks a kernel, runs its job and gives the result back without
 * padding. It knows the lists of kernels and one `Gpu`; no kernel in particular.
 */

import { attentionKernels, pickAttention } from "./attention/index.ts";
import { stagesJob } from "./attention/composed.ts";
import type { AttentionKernel } from "./attention/kernel.ts";
import { attentionCost, planAttention, type AttentionPlan } from "./attention/plan.ts";
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
import type { Job, Program } from "./device/job.ts";
import { timing } from "./device/timing.ts";
import { matmulJob, matmulKernels, pickMatmul } from "./matmul/index.ts";
import { matmulProgram, type MatmulKernel } from "./matmul/kernel.ts";
import { matmulCost, planMatmul, type MatmulPlan } from "./matmul/plan.ts";
import { product, RequestError } from "./shapes.ts";
import { softmaxJob, softmaxKernel } from "./softmax/index.ts";
import type {
  AttentionRequest,
  AttentionStages,
  KernelDescription,
  Kernels,
  MatmulRequest,
  Operator,
  Result,
  Shape,
  SoftmaxRequest,
  Tensor,
} from "./types.ts";

/** The kernels on this device. They hold no memory until the first call; `destroy()` frees what they keep. */
export function createKernels(device: GPUDevice): Promise<Kernels> {
  const gpu = new Gpu(device);
  return Promise.resolve({
    backend: "webgpu",
    kernels: describeAll().filter((kernel) => kernel.requires.every((feature) => gpu.facts.features.has(feature))),
    matmul: async (request) => matmul(gpu, request),
    attention: async (request) => attention(gpu, request),
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
      const kernel = chooseMatmul(gpu, request, plan);
      const job = withTexts(matmulJob(kernel, request, plan, gpu.facts), request.texts);
      const sampled = await gpu.measure(job, options);
      return timing(kernel.name, matmulCost(plan), sampled);
    },
    measureAttention: async (request, options = {}) => {
      const plan = planAttention(request);
      const kernel = chooseAttention(gpu, request, plan);
      return timing(
        kernel.name,
        attentionCost(plan, request),
        await gpu.measure(withTexts(kernel.job(request, plan, gpu.facts), request.texts), options),
      );
    },
    measureRoofs: async (options = {}) => measureRoofs(gpu, options),
    complaints: async (wgsl) => gpu.complaints(wgsl),
    destroy: () => gpu.destroy(),
  });
}

async function matmul(gpu: Gpu, request: MatmulRequest): Promise<Result> {
  const plan = planMatmul(request);
  const kernel = chooseMatmul(gpu, request, plan);
  const job = (): Job => withTexts(matmulJob(kernel, request, plan, gpu.facts), request.texts);
  return result(gpu, kernel.name, plan.shape, request, job);
}

async function attention(gpu: Gpu, request: AttentionRequest): Promise<Result> {
  const plan = planAttention(request);
  const kernel = chooseAttention(gpu, request, plan);
  const job = (): Job => withTexts(kernel.job(request, plan, gpu.facts), request.texts);
  return result(gpu, kernel.name, plan.shape, request, job);
}

async function softmax(gpu: Gpu, request: SoftmaxRequest): Promise<Result> {
  const { name } = request.kernel === undefined ? softmaxKernel : named(gpu, [softmaxKernel], request.kernel);
  return result(gpu, name, request.xShape, request, () => softmaxJob(request));
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

function chooseMatmul(gpu: Gpu, request: MatmulRequest, plan: MatmulPlan): MatmulKernel {
  return request.kernel === undefined ? pickMatmul(plan, gpu.facts) : named(gpu, matmulKernels, request.kernel);
}

function chooseAttention(gpu: Gpu, request: AttentionRequest, plan: AttentionPlan): AttentionKernel {
  return request.kernel === undefined
    ? pickAttention(plan, gpu.facts.limits)
    : named(gpu, attentionKernels, request.kernel);
}

interface Named {
  readonly name: string;
  readonly requires: readonly GPUFeatureName[];
}

function named<K extends Named>(gpu: Gpu, kernels: readonly K[], name: string): K {
  const found = kernels.find((kernel) => kernel.name === name);
  if (found === undefined) throw unknownKernel(name, kernels);
  const missing = found.requires.find((feature) => !gpu.facts.features.has(feature));
  if (missing === undefined) return found;
  throw new RequestError(`The kernel ${name} needs the feature ${missing}, which this device was made without.`);
}

function unknownKernel(name: string, kernels: readonly { readonly name: string }[]): RequestError {
  return new RequestError(
    `There is no kernel named ${name} for this; there is ${kernels.map((kernel) => kernel.name).join(", ")}.`,
  );
}

function describeAll(): readonly (KernelDescription & { readonly requires: readonly GPUFeatureName[] })[] {
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
