/**
 * Whether a kernel, compiled as a job needs it, gives right results on this very device: held once against the CPU on
 * a small problem before it is used. It knows jobs and numbers.
 */

import type { Gpu } from "../device/gpu.ts";
import { checkLimits, type Job } from "../device/job.ts";
import type { Tensor } from "../types.ts";
import { digest, type Notes } from "./notes.ts";

/** A small problem: the job that the GPU does, and what the CPU makes of it. */
export interface Trial {
  readonly job: Job;
  readonly expected: () => Promise<Tensor>;
  /** How far a number may be off, as a share of it or of 1. */
  readonly tolerance: number;
}

const right = "right";

export class Verdicts {
  readonly #gpu: Gpu;
  readonly #notes: Notes;
  readonly #trials = new Map<string, Promise<string>>();

  constructor(gpu: Gpu, notes: Notes) {
    this.#gpu = gpu;
    this.#notes = notes;
  }

  /** What is wrong with the kernel here; empty if nothing is. */
  async complaint(trial: Trial): Promise<string> {
    const key = `verdict ${trial.job.steps.map(({ program, constants }) => keyOf(program.wgsl, constants)).join()}`;
    // A trial that does not fit the device says nothing: what fits may be right.
    if (exceedsLimits(trial.job, this.#gpu.facts.limits)) return "";
    const trying = this.#trials.get(key) ?? this.#settle(key, trial);
    this.#trials.set(key, trying);
    // A trial that could not be finished says nothing about the kernel.
    trying.catch(() => this.#trials.delete(key));
    const verdict = await trying;
    return verdict === right ? "" : verdict;
  }

  async #settle(key: string, trial: Trial): Promise<string> {
    const noted = await this.#notes.read(key);
    if (noted !== undefined) return noted;
    const verdict = await this.#try(trial);
    await this.#notes.write(key, verdict);
    return verdict;
  }

  async #try({ job, expected, tolerance }: Trial): Promise<string> {
    const { outputs } = await this.#gpu.run(job);
    const { data: wanted } = await expected();
    const got = outputs[0] ?? new Float32Array(0);
    const at = wanted.findIndex((value, i) => !close(got[i] ?? NaN, value, tolerance));
    return at === -1 ? right : `in a trial, number ${at} was ${got[at]} instead of ${wanted[at]}`;
  }
}

function exceedsLimits(job: Job, limits: GPUSupportedLimits): boolean {
  try {
    checkLimits(job, limits);
    return false;
  } catch {
    return true;
  }
}

function close(got: number, wanted: number, tolerance: number): boolean {
  if (Number.isNaN(wanted)) return Number.isNaN(got);
  return got === wanted || Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}

const digests = new Map<string, string>();

function keyOf(wgsl: string, constants: Readonly<Record<string, number>> = {}): string {
  const known = digests.get(wgsl) ?? digest(wgsl);
  digests.set(wgsl, known);
  return known + JSON.stringify(constants);
}
