/**
 * The entry to the interpreter: runs the given files as one program, then sees every function of theirs
 * in general, and gives what was found. Deterministic for the same input and budget.
 */
import type { Dialect } from "../program/dialect.ts";
import { type Host, Machine, type View } from "./machine.ts";
import { makeModuleFrame, runModule } from "./modules.ts";
import { resolveRecords } from "./records.ts";
import type { Result } from "./result.ts";
import { resultsOf } from "./results.ts";
import { ViewCache } from "./views.ts";

export interface AnalyzeOptions {
  /** Steps of work for each file's own run, and for each function's general view. */
  readonly budget?: number;
  readonly cancelled?: () => boolean;
}

const RUN_BUDGET = 400_000;
const VIEW_BUDGET = 60_000;

export class Analyzer {
  readonly #dialect: Dialect;
  readonly #views = new ViewCache();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Analyses the entries and what they import as one program. Never throws; null if it was cancelled. */
  analyze(entries: readonly string[], host: Host, options: AnalyzeOptions = {}): Result | null {
    const cancelled = options.cancelled ?? ((): boolean => false);
    const m = new Machine(this.#dialect, host, 0, cancelled);
    const budget = options.budget ?? RUN_BUDGET;
    for (const path of entries) runEntry(m, path, budget);
    const limited = m.exhausted;
    const views: View[] = [];
    for (const path of entries) {
      const program = host.program(path);
      const functions = m.definedIn.get(path) ?? [];
      if (program !== null)
        views.push(...this.#views.viewsOf(m, path, program, functions, Math.min(budget, VIEW_BUDGET)));
    }
    if (m.exhausted === "cancelled" || cancelled()) return null;
    return resultsOf(m, entries, views, limited ?? m.exhausted);
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
  m.crashed = false;
  m.collecting = path;
  runModule(m, module, program);
  m.collecting = null;
  resolveRecords(m, first);
  m.definedIn.set(path, m.defined);
  if (m.exhausted !== "cancelled") m.stopped = false;
}
