/**
 * The entry to the interpreter: runs the given files as one program, then sees every function of theirs
 * in general, and gives what was found. Deterministic for the same input and budget.
 */
import type { Dialect } from "../program/dialect.ts";
import { importOrder } from "./import-order.ts";
import { Loader } from "./loader.ts";
import { type Host, type Imports, Machine, type View } from "./machine.ts";
import { makeModuleFrame, runModule } from "./modules.ts";
import { resolveRecords } from "./records.ts";
import type { Result } from "./result.ts";
import { resultsOf } from "./results.ts";
import { ViewCache } from "./views.ts";

export interface AnalyzeOptions {
  /** Steps of work for each file's own run, and for each function's general view. */
  readonly budget?: number;
  readonly cancelled?: () => boolean;
  /** The files are not analysed again, so that nothing is kept for the next time. */
  readonly once?: boolean;
}

const RUN_BUDGET = 400_000;
const VIEW_BUDGET = 60_000;

/** An analysis taken in steps, none of which is longer than the run of a file or the view of a function. */
export interface Stages {
  /** Takes a step; false once there is no more to do. */
  next(): boolean;
  /** What is known so far: each fact and finding is right, more may follow. Null if the analysis was cancelled. */
  result(): Result | null;
}

export class Analyzer {
  readonly #dialect: Dialect;
  readonly #views = new ViewCache();
  readonly #loader: Loader;
  /** The latest analysis: what it changed in imported modules is taken back before the next one. */
  #latest: Machine | null = null;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#loader = new Loader(dialect);
  }

  /** Analyses the entries and what they import as one program. Never throws; null if it was cancelled. */
  analyze(entries: readonly string[], host: Host, options: AnalyzeOptions = {}): Result | null {
    const stages = this.begin(entries, host, options);
    while (stages.next());
    return stages.result();
  }

  /** The same in steps, so that a server can listen in between. */
  begin(entries: readonly string[], host: Host, options: AnalyzeOptions = {}): Stages {
    const cancelled = options.cancelled ?? ((): boolean => false);
    this.#end();
    const provide: Imports["provide"] = (importing, path, name) => this.#loader.provide(importing, host, path, name);
    const m = new Machine(this.#dialect, host, 0, cancelled, { provide }, entries);
    this.#latest = m;
    const views: View[] = [];
    const kept = options.once === true ? new ViewCache() : this.#views;
    const steps = this.#steps(m, entries, options.budget ?? RUN_BUDGET, views, kept);
    return {
      next: () => steps.next().done !== true,
      result: () => (m.exhausted === "cancelled" || cancelled() ? null : resultsOf(m, entries, views, m.exhausted)),
    };
  }

  #end(): void {
    if (this.#latest === null) return;
    this.#latest.stop("cancelled");
    this.#loader.leave(this.#latest);
    this.#latest = null;
  }

  /** One step for each module that is not yet loaded, one for the run of each entry, then one for each view that no earlier analysis left. */
  *#steps(m: Machine, entries: readonly string[], budget: number, views: View[], kept: ViewCache): Generator<void> {
    for (const path of importOrder(m, entries)) {
      if (m.exhausted === "cancelled") return;
      if (path !== null) this.#loader.preload(m, m.host, path);
      yield;
    }
    for (const path of entries) {
      runEntry(m, path, budget);
      yield;
    }
    for (const path of entries) {
      const program = m.host.program(path);
      const functions = m.definedIn.get(path) ?? [];
      if (program !== null) yield* kept.viewsOf(m, path, program, functions, Math.min(budget, VIEW_BUDGET), views);
    }
  }
}

/** Runs a file as the main one; its functions are collected for their general views. */
function runEntry(m: Machine, path: string, budget: number): void {
  const program = m.host.program(path);
  if (program === null) return;
  m.limit = m.steps + budget;
  const module = makeModuleFrame(path, m.dialect.mainGuard.value, program);
  const first = m.records.length;
  m.defined = [];
  m.crashed = m.failing = false;
  m.collecting = path;
  runModule(m, module, program);
  m.collecting = null;
  resolveRecords(m, first);
  m.definedIn.set(path, m.defined);
  if (m.exhausted !== "cancelled") m.stopped = false;
}
