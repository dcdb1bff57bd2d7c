/**
 * The ways in which a request could be computed on this device: kernels, and for each the sizes that it can be compiled
 * for. It knows which come first without measurements, and nothing of how fast or right they are.
 */

import { attentionKernels, pickAttention } from "../attention/index.ts";
import { planAttention, type AttentionPlan } from "../attention/plan.ts";
import { withTexts } from "../device/edited.ts";
import type { DeviceFacts, Job } from "../device/job.ts";
import { matmulJob, matmulKernels, pickMatmul, readsStorage } from "../matmul/index.ts";
import { variantsOn } from "../matmul/kernel.ts";
import { planMatmul, type MatmulPlan } from "../matmul/plan.ts";
import { RequestError } from "../shapes.ts";
import type { AttentionRequest, MatmulRequest } from "../types.ts";
import { attentionTrial, matmulTrial } from "./trials.ts";
import type { Trial } from "./verdicts.ts";

export interface Candidate {
  readonly kernel: string;
  /** Which of the kernel's ways of being compiled. */
  readonly variant: number;
  readonly job: () => Job;
  readonly trial: (job: Job) => Trial;
}

/** Requests that are near enough to each other in size share what was measured. */
export interface Question {
  readonly sizeClass: string;
  /** In the order of preference without measurements; with a named kernel only that one. */
  readonly candidates: readonly [Candidate, ...Candidate[]];
  /** Whether the person has put texts of their own in the kernel's place. */
  readonly edited: boolean;
}

export function matmulQuestion(request: MatmulRequest, device: DeviceFacts, plan = planMatmul(request)): Question {
  const usual = pickMatmul(plan, device);
  const others = matmulKernels.toReversed().filter((kernel) => kernel !== usual && readsStorage(kernel, plan, device));
  const chosen = request.kernel === undefined ? [usual, ...others] : [named(matmulKernels, request.kernel, device)];
  const candidates = chosen
    .filter((kernel) => missing(kernel, device) === undefined)
    .flatMap((kernel) => {
      return variantsOn(kernel, device).map((variant, number): Candidate => ({
        kernel: kernel.name,
        variant: number,
        job: () => withTexts(matmulJob(kernel, request, plan, device, variant), request.texts),
        trial: (job) => matmulTrial(kernel, variant, job, request, device),
      }));
    });
  return { sizeClass: matmulClass(plan), candidates: some(candidates), edited: request.texts !== undefined };
}

export function attentionQuestion(
  request: AttentionRequest,
  device: DeviceFacts,
  plan = planAttention(request),
): Question {
  const usual = pickAttention(plan, device.limits);
  const others = attentionKernels.filter((kernel) => kernel !== usual);
  const chosen = request.kernel === undefined ? [usual, ...others] : [named(attentionKernels, request.kernel, device)];
  const candidates = chosen.map((kernel): Candidate => ({
    kernel: kernel.name,
    variant: 0,
    job: () => withTexts(kernel.job(request, plan, device), request.texts),
    trial: () => attentionTrial(kernel, request, plan, device),
  }));
  return { sizeClass: attentionClass(plan), candidates: some(candidates), edited: request.texts !== undefined };
}

function some(candidates: readonly Candidate[]): Question["candidates"] {
  const [first, ...others] = candidates;
  if (first === undefined) throw new RequestError("There is no kernel for this on this device.");
  return [first, ...others];
}

function matmulClass({ m, n, k, batches, transposeA, transposeB, storage }: MatmulPlan): string {
  const ways = `${transposeA ? "T" : "N"}${transposeB ? "T" : "N"}`;
  return ["matmul", ...[m, n, k, batches].map(doubling), ways, storage].join(" ");
}

function attentionClass({ queries, keys, dim, valueDim, matrices, causal, storage }: AttentionPlan): string {
  const sizes = [queries, keys, dim, valueDim, matrices].map(doubling);
  return ["attention", ...sizes, causal ? "causal" : "whole", storage].join(" ");
}

function doubling(size: number): number {
  return Math.ceil(Math.log2(Math.max(1, size)));
}

interface Named {
  readonly name: string;
  readonly requires: readonly GPUFeatureName[];
}

function named<K extends Named>(kernels: readonly K[], name: string, device: DeviceFacts): K {
  const found = kernels.find((kernel) => kernel.name === name);
  if (found === undefined) {
    const names = kernels.map((kernel) => kernel.name).join(", ");
    throw new RequestError(`There is no kernel named ${name} for this; there is ${names}.`);
  }
  const feature = missing(found, device);
  if (feature === undefined) return found;
  throw new RequestError(`The kernel ${name} needs the feature ${feature}, which this device was made without.`);
}

function missing(kernel: Named, { features }: DeviceFacts): string | undefined {
  return kernel.requires.find((feature) => !features.has(feature));
}
