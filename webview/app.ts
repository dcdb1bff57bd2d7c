/**
 * The playground at work: holds what was chosen, turns every change into at most one run and one frame, and keeps the
 * state where a reload finds it. It draws through the views and computes through `Computing`.
 */

import { render } from "lit";
import type { KernelDescription } from "../kernels/types.ts";
import { benchInView, firstState, laidOut, openFunction, openOperation, withBench } from "../src/playground/bench.ts";
import { linkText } from "../src/playground/link.ts";
import { withGiven } from "../src/playground/given.ts";
import { textsOf, withoutTexts, withText } from "../src/playground/texts.ts";
import type { HostMessage, Program, WgslPlace } from "../src/playground/messages.ts";
import type { SourcePlace } from "../src/playground/operation.ts";
import { restoreState, type Bench, type PlaygroundState } from "../src/playground/state.ts";
import { announcer } from "./announce.ts";
import { cellInWords, compose, resultInWords } from "./compose.ts";
import { Computing } from "./computing.ts";
import { readPalette, type Palette } from "./draw/palette.ts";
import { dropsOn } from "./drops.ts";
import { shelf } from "./given/shelf.ts";
import type { Given } from "./given/tensor.ts";
import { Giver } from "./giving.ts";
import type { Host } from "./host.ts";
import { Functions, kernelsOf } from "./functioning.ts";
import { lighting } from "./lighting.ts";
import type { Actions, Live } from "./scene.ts";
import { page } from "./views/page.ts";

/** The state is written down once the controls have rested for this long. */
const KEEP_AFTER = 200;
/** A button says for this long that it has done its work. */
const SAY_FOR = 1400;

export class Playground {
  readonly #root: HTMLElement;
  readonly #host: Host;
  readonly #computing: Computing;
  readonly #giver: Giver;
  readonly #light: () => void;
  readonly #announce: (text: string) => void;
  readonly #actions: Actions;
  readonly #functions: Functions;
  readonly #restored: boolean;
  #state: PlaygroundState;
  #live: Live;
  #palette: Palette;
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
    this.#giver = new Giver({
      changed: (giving) => this.#set({ giving }),
      take: (operand, given) => this.#take(operand, given),
    });
    this.#actions = this.#makeActions();
    this.#computing = new Computing(
      () => benchInView(this.#state),
      (part) => this.#computed(part),
    );
    const { seat, cpu } = this.#computing.session;
    this.#functions = new Functions(
      () => kernelsOf(this.#computing.session),
      (steps) => this.#set({ steps }),
    );
    this.#live = { ...FIRST_LIVE, seat, plain: cpu.kernels, width: root.clientWidth };
    host.listen((message) => this.#heard(message));
    new ResizeObserver(() => this.#set({ width: root.clientWidth })).observe(root);
    const themes = new MutationObserver(() => this.#themed());
    themes.observe(document.body, { attributes: true, attributeFilter: ["class", "data-theme"] });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
    window.addEventListener("pagehide", () => this.#keep());
    this.#restored = kept !== undefined;
    dropsOn(root, (operand, file) => this.#actions.giveFile(operand, file));
  }

  /** Looks for a device, and tells the editor that the page listens. */
  async start(): Promise<void> {
    await this.#bringGiven();
    void this.#computing.session.find();
    this.#host.send({ type: "ready", restored: this.#restored });
  }

  /** Values that were given before a reload; where the browser has let them go, random ones stand in and it is said. */
  async #bringGiven(): Promise<void> {
    for (const tab of ["matmul", "attention"] as const) {
      const bench = this.#state[tab];
      const all = bench.given.filter((given) => given !== null);
      if (await shelf.bring(all)) continue;
      const fills = bench.fills.map((fill) => (fill === "given" ? "normal" : fill));
      this.#state = { ...this.#state, [tab]: { ...bench, fills, given: [] } };
      this.#set({ failure: `${all.map(({ from }) => from).join(", ")} could not be kept; the values are random now.` });
    }
  }

  /** Puts given values into the bench; what does not fit is said and changes nothing. */
  #take(operand: number, { data, from, shape, note }: Given): string | undefined {
    const trial = withGiven(benchInView(this.#state), operand, { id: "", from, shape: [...shape] });
    if ("problem" in trial) return trial.problem;
    const given = { id: shelf.put(data), from, shape: [...shape], ...(note === undefined ? {} : { note }) };
    const bench = withGiven(benchInView(this.#state), operand, given);
    if (!("problem" in bench)) this.#change(withBench(this.#state, bench), true);
    return undefined;
  }

  #heard(message: HostMessage): void {
    if (message.type === "bench") {
      const { bench } = message;
      return this.#change(
        { ...withBench(this.#state, bench, bench.operation.operator), tab: bench.operation.operator },
        true,
      );
    }
    if (message.type === "graph") return this.#changeFunction(openFunction(this.#state, message.graph), true);
    if (message.type === "text") return void this.#runText(message.place, message.wgsl);
    if (message.type !== "open") return;
    const next = openOperation(this.#state, message.operation);
    if ("problem" in next) {
      this.#host.send({ type: "opened", id: message.id, problem: next.problem });
      return this.#set({ failure: next.problem });
    }
    this.#host.send({ type: "opened", id: message.id });
    this.#change(next, true);
  }

  #computed(part: Partial<Live>): void {
    const { whole, function: own } = this.#state;
    if (part.seat !== undefined && part.seat.kind !== "finding" && whole && own !== null) this.#functions.request(own);
    if (part.failure !== undefined) this.#host.send({ type: "log", level: "error", text: part.failure });
    this.#set(part);
  }

  #themed(): void {
    this.#palette = readPalette(this.#root);
    this.#draw();
  }

  #set(part: Partial<Live>): void {
    this.#live = { ...this.#live, ...part };
    this.#draw();
  }

  #change(state: PlaygroundState, compute: boolean): void {
    this.#state = state;
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.#keep(), KEEP_AFTER);
    if (compute) this.#computing.request(false);
    this.#draw();
  }

  #keep(): void {
    this.#host.keep(this.#state);
    this.#host.send({ type: "title", title: titleOf(this.#state) });
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
    const frame = compose(
      {
        state: this.#state,
        live: this.#live,
        bench: benchInView(this.#state),
        layout: this.#computing.layout(),
        picture: this.#computing.picture(),
        palette: this.#palette,
      },
      this.#actions,
    );
    const { picture, layout } = frame.controls;
    const { failure, running, runs } = this.#live;
    const { dataset } = this.#root;
    dataset["status"] = failure !== undefined || layout.problem !== undefined ? "error" : running ? "running" : "idle";
    dataset["run"] = String(runs);
    dataset["path"] = picture === undefined ? "none" : picture.onGpu ? "gpu" : "cpu";
    render(page(frame), this.#root);
    this.#light();
    const words = cellInWords(frame.figure) ?? resultInWords(frame.figure);
    if (words !== undefined) this.#announce(words);
  }

  #makeActions(): Actions {
    const inView = (change: (bench: Bench) => Bench): PlaygroundState =>
      withBench(this.#state, change(benchInView(this.#state)));
    return {
      compute: (change) => this.#change(inView(change), true),
      look: (change) => this.#change(inView(change), false),
      tab: (tab) => {
        this.#giver.close();
        if (tab !== this.#state.tab || this.#state.whole) this.#change({ ...this.#state, tab, whole: false }, true);
      },
      colours: (colours) => this.#change({ ...this.#state, colours }, false),
      pointed: (pointing) => this.#set({ pointing }),
      term: (term) => this.#set({ term }),
      table: () => this.#set({ table: !this.#live.table }),
      run: () => this.#computing.request(true),
      compare: () => void this.#computing.compare(),
      tune: () => void this.#tune(),
      wgsl: (kernel) => void this.#openWgsl(kernel),
      ours: (kernel) => this.#restoreWgsl(kernel),
      tryAgain: () => void this.#computing.session.tryAgain(),
      useCpu: () => void this.#computing.session.useCpu({ kind: "chosen" }),
      reset: () => this.#change(inView(afresh), true),
      reveal: () => {
        const { source } = benchInView(this.#state).operation;
        if (source !== undefined) void this.#reveal(source);
      },
      revealAt: (source) => void this.#reveal(source),
      changeFunction: (change, compute = true) => {
        const own = this.#state.function;
        if (own !== null) this.#changeFunction({ ...this.#state, function: change(own) }, compute);
      },
      whole: () => this.#changeFunction({ ...this.#state, whole: true }, true),
      give: (operand) => (operand === undefined ? this.#giver.close() : this.#giver.open(operand)),
      giveText: (text) => this.#giver.type(text),
      useGiven: () => this.#giver.use(),
      giveFile: (operand, file) => void this.#giver.file(operand, file),
      chooseGiven: (offer) => void this.#giver.choose(offer),
      copy: (about, text) => void this.#ask(about, "Copied", (id) => ({ type: "copy", id, text })),
      link: () => {
        const text = linkText(benchInView(this.#state));
        void this.#ask("link", "Copied", (id) => ({ type: "link", id, text }));
      },
      save: (about, { name, bytes }) => void this.#ask(about, "Saved", (id) => ({ type: "save", id, name, bytes })),
    };
  }

  async #tune(): Promise<void> {
    await this.#computing.tune();
    this.#change(withBench(this.#state, { ...benchInView(this.#state), kernel: null }), true);
  }

  async #openWgsl(kernel: KernelDescription): Promise<void> {
    const programs = programsOf(kernel, benchInView(this.#state));
    const problem = await this.#host.ask((id) => ({ type: "wgsl", id, programs }));
    if (problem !== undefined) this.#set({ failure: problem });
  }

  #restoreWgsl(kernel: KernelDescription): void {
    const bench = withoutTexts(benchInView(this.#state), kernel.name);
    this.#host.send({ type: "programs", programs: programsOf(kernel, bench) });
    this.#set({ broken: undefined });
    this.#change(withBench(this.#state, bench), true);
  }

  /** A text was saved: it runs if it compiles, and what the compiler says goes back to the editor. */
  async #runText(place: WgslPlace, wgsl: string): Promise<void> {
    const { seat } = this.#computing.session;
    if (seat.kind !== "gpu")
      return this.#set({ failure: "Your WGSL is kept in the editor; without a GPU nothing can run it." });
    const complaints = await seat.kernels.complaints(wgsl);
    this.#host.send({ type: "complaints", place, complaints: [...complaints] });
    if (complaints.some(({ severity }) => severity === "error"))
      return this.#set({ broken: { kernel: place.kernel, complaints } });
    this.#set({ broken: undefined });
    const bench = withText(this.#state[place.operator], place.kernel, place.program, wgsl);
    this.#change({ ...withBench(this.#state, bench, place.operator), tab: place.operator }, true);
  }

  #changeFunction(state: PlaygroundState, compute: boolean): void {
    this.#change(state, false);
    if (compute && state.function !== null) this.#functions.request(state.function);
  }

  async #reveal(source: SourcePlace): Promise<void> {
    const problem = await this.#host.ask((id) => ({ type: "reveal", id, source }));
    if (problem !== undefined) this.#set({ failure: problem });
  }

  /** Asks the editor for something, and says beside the button that it was done, or why not. */
  async #ask(about: string, done: string, question: Parameters<Host["ask"]>[0]): Promise<void> {
    const problem = await this.#host.ask(question);
    const said = { about, text: problem ?? done };
    this.#set({ said });
    this.#announce(said.text);
    setTimeout(() => {
      if (this.#live.said === said) this.#set({ said: undefined });
    }, SAY_FOR);
  }
}

/** `attention — model.py:41`, for the tab of the panel. */
function titleOf(state: PlaygroundState): string {
  const { function: own, whole } = state;
  if (whole && own !== null) return `${own.graph.name} — ${own.graph.file}:${own.graph.line + 1}`.slice(0, 200);
  const { source } = benchInView(state).operation;
  return `${state.tab} — ${source === undefined ? "example" : `${source.file}:${source.line + 1}`}`.slice(0, 200);
}

/** The same operation with its first sizes and fills; an example becomes whole again. */
function afresh(bench: Bench): Bench {
  const { operation } = bench;
  if (operation.source === undefined) return laidOut(operation.operator);
  const opened = openOperation(firstState(), operation);
  return "problem" in opened ? bench : benchInView(opened);
}

/** A kernel's programs as they run now: ours, or a person's own. */
function programsOf(kernel: KernelDescription, bench: Bench): Program[] {
  const { operator } = bench.operation;
  return kernel.sources.map(({ name, wgsl }) => ({
    place: { operator, kernel: kernel.name, program: name },
    wgsl: textsOf(bench, kernel.name)?.[name] ?? wgsl,
  }));
}

const FIRST_LIVE: Omit<Live, "seat" | "plain" | "width"> = {
  running: false,
  runs: 0,
  failure: undefined,
  waits: undefined,
  timings: new Map(),
  comparing: false,
  roofs: undefined,
  broken: undefined,
  history: [],
  term: undefined,
  pointing: false,
  table: false,
  said: undefined,
  giving: undefined,
  steps: undefined,
};
