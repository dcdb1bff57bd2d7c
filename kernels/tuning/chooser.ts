/**
 * Chooses the way in which a request is computed: the one that was measured fastest for such sizes, else the default.
 * Whichever it is, it has been right on this device, or it is not used.
 */

import type { Gpu } from "../device/gpu.ts";
import { checkLimits, type Job } from "../device/job.ts";
import type { SamplingOptions } from "../device/timing.ts";
import { RequestError } from "../shapes.ts";
import type { MeasureOptions, Tried, Tuning } from "../types.ts";
import type { Candidate, Question } from "./candidates.ts";
import type { Notes } from "./notes.ts";
import { Verdicts } from "./verdicts.ts";

export interface Choice {
  readonly kernel: string;
  readonly job: Job;
}

export class Chooser {
  readonly #gpu: Gpu;
  readonly #notes: Notes;
  readonly #verdicts: Verdicts;

  constructor(gpu: Gpu, notes: Notes) {
    this.#gpu = gpu;
    this.#notes = notes;
    this.#verdicts = new Verdicts(gpu, notes);
  }

  /** The first candidate that fits the device and is right on it. */
  async choose(question: Question): Promise<Choice> {
    let refusal: unknown;
    for (const candidate of await this.#inOrder(question)) {
      try {
        return { kernel: candidate.kernel, job: await this.#admitted(candidate, question) };
      } catch (error) {
        // What is said of the preferred one is what matters to whoever asked.
        refusal ??= error;
      }
      if (!(refusal instanceof RequestError)) break;
    }
    throw refusal;
  }

  /** Measures every candidate within the budget and remembers the fastest. */
  async tune(question: Question, { budget = 2000, ...options }: MeasureOptions): Promise<Tuning> {
    const end = performance.now() + budget;
    const tried: Tried[] = [];
    for (const [i, candidate] of question.candidates.entries()) {
      const left = end - performance.now();
      if (left <= 0) break;
      const share = Math.max(20, left / (question.candidates.length - i));
      // What is four times as slow as the best so far need not be known more exactly.
      const giveUpAbove = 4 * Math.min(share, ...tried.map(({ milliseconds }) => milliseconds));
      const one = await this.#time(candidate, question, { ...options, budget: share, giveUpAbove });
      if (one !== undefined) tried.push(one);
    }
    const best = tried.reduce<Tried | undefined>(
      (a, b) => (a === undefined || b.milliseconds < a.milliseconds ? b : a),
      undefined,
    );
    if (best !== undefined) await this.#notes.write(question.sizeClass, `${best.variant} ${best.kernel}`);
    return { best, tried, complete: tried.length === question.candidates.length };
  }

  async #time(candidate: Candidate, question: Question, options: SamplingOptions): Promise<Tried | undefined> {
    const { kernel, variant } = candidate;
    const job = await this.#admitted(candidate, question).catch((error: unknown) => {
      if (error instanceof RequestError) return undefined;
      throw error;
    });
    if (job === undefined) return undefined;
    const { median } = await this.#gpu.measure(job, options);
    return { kernel, variant, milliseconds: median };
  }

  /** The measured favourite first, if there is one. Without measurements only a kernel's first way is considered. */
  async #inOrder({ sizeClass, candidates }: Question): Promise<readonly Candidate[]> {
    const noted = await this.#notes.read(sizeClass);
    const isNoted = ({ kernel, variant }: Candidate): boolean => noted === `${variant} ${kernel}`;
    return [...candidates.filter(isNoted), ...candidates.filter((one) => one.variant === 0 && !isNoted(one))];
  }

  async #admitted(candidate: Candidate, { edited }: Question): Promise<Job> {
    const job = candidate.job();
    checkLimits(job, this.#gpu.facts.limits);
    const complaint = edited ? "" : await this.#verdicts.complaint(candidate.trial(job));
    if (complaint === "") return job;
    throw new RequestError(
      `The kernel ${candidate.kernel} is not used on this device, since it is wrong here: ${complaint}.`,
    );
  }
}
