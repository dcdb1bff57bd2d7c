/**
 * Keeps a picture of the bench in view: decides which device computes it, whether at once or on request, when kernels
 * are measured, and what of all that still holds. It tells the page what has changed, and knows nothing of views.
 */

import type { KernelDescription, Kernels } from "../kernels/types.ts";
import { layOut, type Layout } from "../src/playground/layout.ts";
import type { Operator } from "../src/playground/operation.ts";
import type { Bench } from "../src/playground/state.ts";
import type { Picture } from "./engine/picture.ts";
import { tune } from "./engine/run.ts";
import { Runner } from "./engine/runner.ts";
import { limitsOf, Session, type Seat } from "./engine/session.ts";
import { foreseen, heldFor, NOTHING_MEASURED, withRun, withTiming, type Measurements } from "./measurements.ts";
import type { Live } from "./scene.ts";

/** A run that would take longer than this waits for a click. */
const LIVE_MILLISECONDS = 250;
/** The first picture comes from the CPU while the GPU wakes up, if it costs no more than this many multiply-adds. */
const FIRST_MACS = 4_000_000;
/** A GPU of silicon compares its kernels by itself once nobody has moved a control for this long. */
const COMPARE_AFTER = 900;
/** Roofs are worth a moment: they are measured once for each device. */
const ROOFS_BUDGET = 600;
const TUNE_BUDGET = 3000;

export type Computed = Pick<
  Live,
  "seat" | "running" | "runs" | "failure" | "waits" | "timings" | "comparing" | "history" | "roofs"
>;

export class Computing {
  readonly session: Session;
  readonly #bench: () => Bench;
  readonly #changed: (part: Partial<Computed>) => void;
  readonly #runner: Runner;
  readonly #pictures = new Map<Operator, Picture>();
  #measured: Measurements = NOTHING_MEASURED;
  #runs = 0;
  /** Whose roofs are known. */
  #roofsOf: Kernels | undefined;
  /** Whether the work in view waits for a click. */
  #waits = false;
  #comparing: ReturnType<typeof setTimeout> | undefined;

  constructor(bench: () => Bench, changed: (part: Partial<Computed>) => void) {
    this.#bench = bench;
    this.#changed = changed;
    this.session = new Session((seat) => this.#seated(seat));
    this.#runner = this.#makeRunner();
  }

  layout(): Layout {
    return layOut(this.#bench(), limitsOf(this.session.seat));
  }

  picture(): Picture | undefined {
    return this.#pictures.get(this.#bench().operation.operator);
  }

  /** Asks for a run of what is in view, unless it makes no sense or would take too long unasked. */
  request(asked: boolean): void {
    const bench = this.#bench();
    const layout = this.layout();
    const { seat } = this.session;
    clearTimeout(this.#comparing);
    this.#measured = heldFor(this.#measured, bench, layout, seat);
    const expected = foreseen(this.#measured, bench, layout, seat);
    const waits = layout.problem === undefined && !asked && expected > LIVE_MILLISECONDS ? expected : undefined;
    this.#waits = waits !== undefined;
    const { timings, history } = this.#measured;
    this.#changed({ timings, history, failure: undefined, comparing: false, waits });
    if (layout.problem !== undefined || waits !== undefined) return this.#runner.cancel();
    const kernels = this.#kernelsFor(bench, layout);
    if (kernels !== undefined) this.#runner.request({ bench, layout }, kernels);
  }

  /** Measures every kernel, and the CPU beside them. */
  async compare(): Promise<void> {
    const { seat, cpu } = this.session;
    const bench = this.#bench();
    const layout = this.layout();
    if (seat.kind === "finding" || layout.problem !== undefined || this.#waits) return;
    const mine = ({ operator }: KernelDescription): boolean => operator === bench.operation.operator;
    const backends = seat.kind === "gpu" ? [cpu, seat.kernels] : [seat.kernels];
    const candidates = backends.flatMap((kernels) =>
      kernels.kernels.filter(mine).map(({ name }) => ({ name, kernels })),
    );
    this.#changed({ comparing: true });
    await this.#measureRoofs(seat.kernels);
    await this.#runner.compare({ bench, layout }, candidates);
    this.#changed({ comparing: false });
  }

  /** Measures which kernel and tile is the fastest for these sizes here; it is chosen from then on. */
  async tune(): Promise<void> {
    const { seat } = this.session;
    const bench = this.#bench();
    const layout = this.layout();
    if (seat.kind !== "gpu" || layout.problem !== undefined || this.#waits) return;
    this.#changed({ comparing: true });
    try {
      await tune({ bench, layout }, seat.kernels, { budget: TUNE_BUDGET });
    } catch (error) {
      this.#changed({ failure: error instanceof Error ? error.message : "The tuner stopped without a reason." });
    }
    this.#changed({ comparing: false });
  }

  /** The roofs belong to the device, and stay known while it stays. */
  async #measureRoofs(kernels: Kernels): Promise<void> {
    if (this.#roofsOf === kernels) return;
    this.#roofsOf = kernels;
    try {
      this.#changed({ roofs: await kernels.measureRoofs({ budget: ROOFS_BUDGET }) });
    } catch {
      this.#roofsOf = undefined;
    }
  }

  #seated(seat: Seat): void {
    this.#measured = NOTHING_MEASURED;
    this.#runner.cancel();
    this.#changed({ seat, roofs: undefined });
    this.request(false);
  }

  /** The backend that computes this bench; none while a GPU is looked for and the CPU would be slow. */
  #kernelsFor(bench: Bench, layout: Layout): Kernels | undefined {
    const { seat, cpu } = this.session;
    if (bench.kernel === "cpu") return cpu;
    if (seat.kind !== "finding") return seat.kernels;
    return this.picture() === undefined && layout.macs <= FIRST_MACS ? cpu : undefined;
  }

  #makeRunner(): Runner {
    return new Runner({
      started: () => this.#changed({ running: true }),
      rested: () => this.#rested(),
      finished: (picture) => {
        this.#pictures.set(picture.bench.operation.operator, picture);
        this.#measured = withRun(this.#measured, picture.milliseconds);
        this.#changed({ runs: ++this.#runs, failure: undefined, history: this.#measured.history });
      },
      failed: (_, sentence) => this.#changed({ failure: sentence }),
      measured: (job, kernel, timing) => {
        this.#measured = withTiming(this.#measured, kernel, timing, job.layout.macs);
        this.#changed({ timings: this.#measured.timings });
      },
    });
  }

  #rested(): void {
    this.#changed({ running: false });
    clearTimeout(this.#comparing);
    const { seat } = this.session;
    if (seat.kind !== "gpu" || seat.found.software) return;
    this.#comparing = setTimeout(() => void this.compare(), COMPARE_AFTER);
  }
}
