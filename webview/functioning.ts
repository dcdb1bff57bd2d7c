/** Keeps the values of the whole function in step with its sizes: one run at a time, and the latest request wins. */

import type { Kernels } from "../kernels/types.ts";
import type { FunctionState } from "../src/playground/state.ts";
import { runGraph, type Step } from "./engine/graph.ts";
import type { Session } from "./engine/session.ts";

export class Functions {
  readonly #kernels: () => Kernels;
  readonly #changed: (steps: readonly Step[]) => void;
  #next: FunctionState | undefined;
  #busy = false;

  constructor(kernels: () => Kernels, changed: (steps: readonly Step[]) => void) {
    this.#kernels = kernels;
    this.#changed = changed;
  }

  request(wanted: FunctionState): void {
    this.#next = wanted;
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let own = this.#take(); own !== undefined; own = this.#take()) {
      const steps = await runGraph(own.graph, own.sizes, own.seed, this.#kernels());
      if (this.#next === undefined) this.#changed(steps);
    }
    this.#busy = false;
  }

  #take(): FunctionState | undefined {
    const wanted = this.#next;
    this.#next = undefined;
    return wanted;
  }
}

/** The device's kernels, or the CPU's while one is looked for. */
export const kernelsOf = ({ seat, cpu }: Session): Kernels => (seat.kind === "finding" ? cpu : seat.kernels);
