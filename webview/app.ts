/**
 * The playground at work: holds what was chosen and what was computed, turns every change into at most one run and one
 * frame, and keeps the state where a reload finds it. It draws through the views and computes through the runner.
 */

import { render } from "lit";
import { benchInView, exampleOf, firstState, laidOut, openOperation, withBench } from "../src/playground/bench.ts";
import { layOut, type Layout } from "../src/playground/layout.ts";
import type { HostMessage } from "../src/playground/messages.ts";
import type { Operation } from "../src/playground/operation.ts";
import { restoreState, type Bench, type PlaygroundState } from "../src/playground/state.ts";
import type { Picture } from "./engine/picture.ts";
import { Runner } from "./engine/runner.ts";
import { assumedRate, limitsOf, Session, type Seat } from "./engine/session.ts";
import type { Host } from "./host.ts";
import { announcer } from "./announce.ts";
import { readPalette } from "./draw/palette.ts";
import { lighting } from "./lighting.ts";
import { compose, type Shown } from "./compose.ts";
import type { Actions, Live } from "./scene.ts";
import { page } from "./views/page.ts";

/** A run that would take longer than this waits for a click. */
const LIVE_MILLISECONDS = 250;
/** The first picture comes from the CPU while the GPU wakes up, if it costs no more than this many multiply-adds. */
const FIRST_MACS = 4_000_000;
const HISTORY = 50;

export class Playground {
  readonly #root: HTMLElement;
  readonly #host: Host;
  readonly #session: Session;
  readonly #runner: Runner;
  readonly #light: () => void;
  readonly #announce: (text: string) => void;
  readonly #pictures: { matmul?: Picture; attention?: Picture } = {};
  readonly #actions: Actions;
  #state: PlaygroundState;
  #live: Live;
  #palette;
  #measuredAt = "";
  /** Multiply-adds each millisecond, as last measured on this seat. */
  #rate: number | undefined;
  #frame = 0;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, host: Host) {
    this.#root = root;
    this.#host = host;
    const kept = restoreState(host.kept());
    this.#state = kept ?? firstState();
    this.#palette = readPalette(root);
    this.#light = lighting(root);
    this.#announce = announcer(root);
    this.#session = new Session((seat) => this.#seated(seat));
    this.#runner = this.#makeRunner();
    this.#actions = this.#makeActions();
    this.#live = firstLive(this.#session.seat, root.clientWidth);
    host.listen((message) => this.#heard(message));
    new ResizeObserver(() => this.#set({ width: root.clientWidth })).observe(root);
    new MutationObserver(() => this.#themed()).observe(document.body, {
      attributes: true,
      attributeFilter: ["class", "data-theme"],
    });
    void this.#session.find();
    host.send({ type: "ready", restored: kept !== undefined });
  }

  #heard(message: HostMessage): void {
    if (message.type !== "open") return;
    const next = openOperation(this.#state, message.operation);
    if ("problem" in next) {
      this.#host.send({ type: "opened", id: message.id, problem: next.problem });
      return this.#set({ failure: next.problem });
    }
    this.#host.send({ type: "opened", id: message.id });
    this.#change(next, true);
  }

  #themed(): void {
    this.#palette = readPalette(this.#root);
    this.#draw();
  }

  // ——— State and frames

  #set(part: Partial<Live>): void {
    this.#live = { ...this.#live, ...part };
    this.#draw();
  }

  #change(state: PlaygroundState, compute: boolean): void {
    this.#state = state;
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.#keep(), 200);
    if (compute) this.#compute(false);
    this.#draw();
  }

  #keep(): void {
    this.#host.keep(this.#state);
    const { source, title } = benchInView(this.#state).operation;
    const where = source === undefined ? "example" : `${source.file}:${source.line + 1}`;
    this.#host.send({
      type: "state",
      title: `${this.#state.tab} — ${title === "" ? "playground" : where}`,
      state: this.#state,
    });
  }

  /** At most one frame for any number of changes. */
  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const scene = compose(this.#shown(), this.#actions);
    const { dataset } = this.#root;
    dataset["status"] =
      this.#live.failure !== undefined || scene.layout.problem !== undefined
        ? "error"
        : this.#live.running
          ? "running"
          : "idle";
    dataset["run"] = String(this.#live.runs);
    dataset["path"] = scene.picture === undefined ? "none" : scene.picture.onGpu ? "gpu" : "cpu";
    render(page(scene), this.#root);
    this.#light();
    const cell = scene.inWords();
    if (cell !== undefined) this.#announce(cell);
  }

  #shown(): Shown {
    const bench = benchInView(this.#state);
    return {
      state: this.#state,
      live: this.#live,
      bench,
      layout: this.#layout(),
      picture: this.#pictures[this.#state.tab],
      palette: this.#palette,
    };
  }

  #layout(): Layout {
    return layOut(benchInView(this.#state), limitsOf(this.#session.seat));
  }

  // ——— Computing

  #seated(seat: Seat): void {
    this.#rate = undefined;
    this.#runner.cancel();
    this.#live = { ...this.#live, seat, failure: undefined };
    this.#compute(false);
    this.#draw();
  }

  /** Asks for a run of what is on screen, unless it makes no sense or would take too long unasked. */
  #compute(asked: boolean): void {
    const bench = benchInView(this.#state);
    const layout = this.#layout();
    this.#forgetMeasurements(bench, layout);
    const { seat } = this.#session;
    const early = seat.kind === "finding" && layout.macs <= FIRST_MACS && this.#pictures[this.#state.tab] === undefined;
    const expected = layout.macs / (this.#rate ?? assumedRate(seat));
    const waits = !asked && expected > LIVE_MILLISECONDS ? expected : undefined;
    this.#live = { ...this.#live, failure: undefined, waits: layout.problem === undefined ? waits : undefined };
    if (layout.problem !== undefined || waits !== undefined) return this.#runner.cancel();
    if (seat.kind !== "finding") this.#runner.request({ bench, layout }, seat.kernels);
    else if (early) this.#runner.request({ bench, layout }, this.#session.cpu);
  }

  /** Measurements belong to sizes and options; others than those on screen are of no use. */
  #forgetMeasurements(bench: Bench, layout: Layout): void {
    const { operands, batch, rows, columns } = layout;
    const key = JSON.stringify([
      bench.operation.operator,
      bench.operation.options,
      operands,
      batch,
      rows,
      columns,
      this.#session.seat.kind,
    ]);
    if (key === this.#measuredAt) return;
    this.#measuredAt = key;
    this.#live = { ...this.#live, timings: new Map(), history: [], comparing: false };
  }

  #makeRunner(): Runner {
    return new Runner({
      started: () => this.#set({ running: true }),
      rested: () => this.#set({ running: false }),
      finished: (picture) => {
        this.#pictures[picture.bench.operation.operator] = picture;
        const history = [...this.#live.history, picture.milliseconds].slice(-HISTORY);
        this.#set({ runs: this.#live.runs + 1, failure: undefined, history });
      },
      failed: (_, sentence) => {
        this.#host.send({ type: "log", level: "error", text: sentence });
        this.#set({ failure: sentence });
      },
      measured: (job, kernel, timing) => {
        // Small sizes measure the launch rather than the work, and predict nothing.
        if ("median" in timing && job.layout.macs > 1_000_000)
          this.#rate = job.layout.macs / Math.max(0.001, timing.median);
        this.#set({ timings: new Map(this.#live.timings).set(kernel, timing) });
      },
    });
  }

  async #compare(): Promise<void> {
    const { seat } = this.#session;
    const bench = benchInView(this.#state);
    const layout = this.#layout();
    if (seat.kind === "finding" || layout.problem !== undefined) return;
    const names = seat.kernels.kernels
      .filter(({ operator }) => operator === bench.operation.operator)
      .map(({ name }) => name);
    this.#set({ comparing: true });
    await this.#runner.compare({ bench, layout }, seat.kernels, names);
    this.#set({ comparing: false });
  }

  // ——— What the views may ask for

  #makeActions(): Actions {
    const inView = (change: (bench: Bench) => Bench): PlaygroundState =>
      withBench(this.#state, change(benchInView(this.#state)));
    return {
      compute: (change) => this.#change(inView(change), true),
      look: (change) => this.#change(inView(change), false),
      tab: (tab) => {
        if (tab !== this.#state.tab) this.#change({ ...this.#state, tab }, true);
      },
      colours: (colours) => this.#change({ ...this.#state, colours }, false),
      pointed: (pointing) => this.#set({ pointing }),
      term: (term) => this.#set({ term }),
      table: () => this.#set({ table: !this.#live.table }),
      run: () => {
        this.#compute(true);
        this.#draw();
      },
      compare: () => void this.#compare(),
      tryAgain: () => void this.#session.tryAgain(),
      useCpu: () => this.#session.useCpu({ kind: "chosen" }),
      reset: () => this.#change(inView(afresh), true),
      reveal: () => void this.#reveal(),
      copy: (about, text) => void this.#copy(about, text),
    };
  }

  async #reveal(): Promise<void> {
    const { source } = benchInView(this.#state).operation;
    if (source === undefined) return;
    const problem = await this.#host.ask((id) => ({ type: "reveal", id, source }));
    if (problem !== undefined) this.#set({ failure: problem });
  }

  async #copy(about: string, text: string): Promise<void> {
    const problem = await this.#host.ask((id) => ({ type: "copy", id, text }));
    const said = { about, text: problem ?? "Copied" };
    this.#set({ said });
    this.#announce(said.text);
    setTimeout(() => {
      if (this.#live.said === said) this.#set({ said: undefined });
    }, 1400);
  }
}

/** The same operation with its first sizes and fills; an example becomes whole again. */
function afresh(bench: Bench): Bench {
  const { operation } = bench;
  if (operation.source === undefined) return laidOut(operation.operator);
  const opened = openOperation(firstState(), operation satisfies Operation);
  return "problem" in opened ? { ...bench, operation: exampleOf(operation.operator) } : benchInView(opened);
}

const firstLive = (seat: Seat, width: number): Live => ({
  seat,
  running: false,
  runs: 0,
  failure: undefined,
  waits: undefined,
  timings: new Map(),
  comparing: false,
  history: [],
  term: undefined,
  pointing: false,
  table: false,
  said: undefined,
  width,
});
