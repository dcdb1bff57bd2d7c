/**
 * The entry to the interpreter: runs the given files as one program, then sees every function of theirs
 * in general, and gives what was found. Deterministic for the same input and budget.
 */
import type { Dialect } from "../program/dialect.ts";
import { Editions } from "./editions.ts";
import type { ModuleFrame } from "./frame.ts";
import { importOrder } from "./import-order.ts";
import { Loader } from "./loader.ts";
import type { Host } from "./host.ts";
import { type Imports, Machine } from "./machine.ts";
import type { FileSpan, Result } from "./result.ts";
import { resultsOf } from "./results.ts";
import { RunCache } from "./runs.ts";
import { type FileViews, ViewCache } from "./views.ts";

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
  /** What stands in a range of offsets of a file comes first from now on. */
  prefer(place: FileSpan): void;
  /** Whether all that stands in a range of offsets has been seen; without a range, all whose text is new. */
  isReady(place: FileSpan | null): boolean;
  /**
   * What is known so far: each fact and finding is right, more may follow. Null if the analysis was cancelled. With
   * `former`, what earlier analyses saw stands where this one has not looked yet.
   */
  result(former?: boolean): Result | null;
}

/** What an analysis under way has come to. */
interface Progress {
  readonly files: FileViews[];
  /** All files have been run, and their functions are being seen in general. */
  hasRun: boolean;
  preferred: FileSpan | null;
}

/** The imports of one analysis: of all that it imports, or of what it needs of that. */
class ProgramImports implements Imports {
  loader: Loader;
  readonly #host: Host;

  constructor(host: Host, loader: Loader) {
    this.#host = host;
    this.loader = loader;
  }

  get onDemand(): boolean {
    return this.loader.onDemand;
  }

  provide(m: Machine, path: string, name: string): ModuleFrame | null {
    return this.loader.provide(m, this.#host, path, name);
  }
}

/** What is left of earlier analyses. */
interface Kept {
  readonly runs: RunCache;
  readonly views: ViewCache;
}

function freshlyKept(): Kept {
  return { runs: new RunCache(), views: new ViewCache() };
}

export class Analyzer {
  readonly #dialect: Dialect;
  readonly #kept = freshlyKept();
  readonly #editions = new Editions();
  readonly #whole: Loader;
  readonly #needed: Loader;
  /** The latest analysis: what it changed in imported modules is taken back before the next one. */
  #latest: Machine | null = null;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#whole = new Loader(dialect, false);
    this.#needed = new Loader(dialect, true);
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
    const seen = this.#lasting(host, entries);
    const imports = new ProgramImports(seen, this.#whole);
    const m = new Machine(this.#dialect, seen, 0, cancelled, imports, entries);
    this.#latest = m;
    const progress: Progress = { files: [], hasRun: false, preferred: null };
    const kept = options.once === true ? freshlyKept() : this.#kept;
    const steps = this.#steps(m, imports, entries, options.budget ?? RUN_BUDGET, progress, kept);
    const result = (former = false): Result | null => {
      if (m.exhausted === "cancelled" || cancelled()) return null;
      const views = progress.files.flatMap((file) => (former ? [...file.views, ...file.former] : file.views));
      return resultsOf(m, entries, views);
    };
    return {
      next: () => steps.next().done !== true,
      prefer: (place) => {
        progress.preferred = place;
      },
      isReady: (place) =>
        progress.hasRun &&
        progress.files.every((file) => (place !== null && place.path !== file.path) || file.isReady(place)),
      result,
    };
  }

  /** The same files, with chunks of the entries that outlive edits. */
  #lasting(host: Host, entries: readonly string[]): Host {
    const program: Host["program"] = (path) => {
      const source = host.program(path);
      return source === null || !entries.includes(path) ? source : this.#editions.of(path, source).program;
    };
    return { ...host, program };
  }

  #end(): void {
    if (this.#latest === null) return;
    this.#latest.stop("cancelled");
    this.#whole.leave(this.#latest);
    this.#needed.leave(this.#latest);
    this.#latest.trail.undo(0);
    this.#latest = null;
  }

  /** One step for each module that is not yet loaded, one for the run of each entry, then one for each view that no earlier analysis left. */
  *#steps(
    m: Machine,
    imports: ProgramImports,
    entries: readonly string[],
    budget: number,
    progress: Progress,
    kept: Kept,
  ): Generator<void> {
    const order = yield* importOrder(m, entries);
    if (!order.isWhole) imports.loader = this.#needed;
    for (const path of order.files) {
      if (m.exhausted === "cancelled") return;
      imports.loader.preload(m, m.host, path);
      yield;
    }
    for (const path of entries) {
      const program = m.host.program(path);
      if (program !== null) yield* kept.runs.run(m, entries, path, this.#editions.edition(program), budget);
      yield;
    }
    for (const path of entries) {
      const program = m.host.program(path);
      const functions = m.definedIn.get(path) ?? [];
      const most = Math.min(budget, VIEW_BUDGET);
      if (program === null) continue;
      progress.files.push(kept.views.viewsOf(m, path, this.#editions.edition(program), functions, most));
    }
    progress.hasRun = true;
    while (nextView(progress)) yield;
  }
}

/** Sees one more function in general, where somebody waits for it first; false once all have been seen. */
function nextView({ files, preferred }: Progress): boolean {
  const first = files.find(({ path }) => path === preferred?.path);
  if (first?.next(preferred) === true) return true;
  return files.some((file) => file.next(null));
}
