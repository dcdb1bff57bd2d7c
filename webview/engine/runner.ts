/**
 * Keeps the picture in step with the controls: one run at a time, the latest request wins, and what was asked for in
 * between is never computed. When the controls rest it measures the kernel that ran. It knows no page.
 */

import type { Kernels, Timing } from "../../kernels/types.ts";
import type { Picture } from "./picture.ts";
import { measure, run, type Job } from "./run.ts";

export type RunnerEvents = {
  readonly started: () => void;
  readonly finished: (picture: Picture) => void;
  readonly failed: (job: Job, sentence: string) => void;
  readonly measured: (job: Job, kernel: string, timing: Timing | { readonly problem: string }) => void;
  /** Nothing runs and nothing waits. */
  readonly rested: () => void;
};

/** The controls count as resting after this long without a change. */
const REST = 160;
const MEASURE_BUDGET = 150;

/** A kernel and the backend that has it. */
export type Candidate = { readonly name: string; readonly kernels: Kernels };

type Request = { readonly job: Job; readonly kernels: Kernels };

export class Runner {
  readonly #events: RunnerEvents;
  #next: Request | undefined;
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #measuring: AbortController | undefined;

  constructor(events: RunnerEvents) {
    this.#events = events;
  }

  request(job: Job, kernels: Kernels): void {
    this.#next = { job, kernels };
    this.#quiet();
    if (!this.#busy) void this.#work();
  }

  /** Forgets what waits: the sizes no longer make sense, or the device is gone. */
  cancel(): void {
    this.#next = undefined;
    this.#quiet();
  }

  /** Measures these kernels in turn, until something else is asked for. */
  async compare(job: Job, candidates: readonly Candidate[]): Promise<void> {
    this.#quiet();
    const control = new AbortController();
    this.#measuring = control;
    for (const { name, kernels } of candidates) {
      if (control.signal.aborted) return;
      await this.#measure({ job, kernels }, name, control.signal);
    }
  }

  #quiet(): void {
    clearTimeout(this.#timer);
    this.#measuring?.abort();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    this.#events.started();
    let last: { readonly request: Request; readonly kernel: string } | undefined;
    for (let request = this.#take(); request !== undefined; request = this.#take()) {
      try {
        const picture = await run(request.job, request.kernels);
        last = { request, kernel: picture.kernel };
        this.#events.finished(picture);
      } catch (error) {
        last = undefined;
        // A failure of work that was already replaced is nobody's business.
        if (this.#next === undefined) this.#events.failed(request.job, sentenceOf(error));
      }
    }
    this.#busy = false;
    this.#events.rested();
    if (last === undefined) return;
    const { request, kernel } = last;
    this.#timer = setTimeout(() => void this.compare(request.job, [{ name: kernel, kernels: request.kernels }]), REST);
  }

  #take(): Request | undefined {
    const request = this.#next;
    this.#next = undefined;
    return request;
  }

  async #measure({ job, kernels }: Request, kernel: string, signal: AbortSignal): Promise<void> {
    try {
      const timing = await measure(job, kernels, kernel, { budget: MEASURE_BUDGET, signal });
      if (!signal.aborted) this.#events.measured(job, kernel, timing);
    } catch (error) {
      if (!signal.aborted) this.#events.measured(job, kernel, { problem: sentenceOf(error) });
    }
  }
}

const sentenceOf = (error: unknown): string =>
  error instanceof Error && error.message !== "" ? error.message : "The run failed, and the device did not say why.";
