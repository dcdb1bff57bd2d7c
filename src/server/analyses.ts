/**
 * When open documents are analysed, and what the latest analysis of each said. The latest edit wins: work is done in
 * slices between which messages are handled, an edit drops what is under way for its document, and a question about
 * a document gets an answer about its newest text. It knows neither the protocol nor what is shown.
 */
import type { FileSpan } from "../analysis/result.ts";
import type { Analysis, Project, Steps } from "../editor/index.ts";

export interface Settled {
  readonly analysis: Analysis;
  readonly version: number;
  readonly milliseconds: number;
}

export interface OpenDocuments {
  /** Of an open document; null for others. */
  version(uri: string): number | null;
  /** Most recently used last. */
  uris(): readonly string[];
}

/** Messages that have arrived together are handled within this time, in milliseconds. */
const PAUSE = 4;
/** After this many milliseconds of work, messages get their turn. */
const SLICE = 20;
/**
 * After this many milliseconds of work a document shows what is known so far: one that was just opened whatever that is,
 * one that was edited all of what stands in the edited statements.
 */
const FIRST = 60;
/** How many open documents that import the edited one are analysed together with it. */
const TOGETHER = 8;

/** An analysis under way. */
interface Work {
  readonly entries: readonly string[];
  readonly versions: readonly number[];
  readonly steps: Steps;
  milliseconds: number;
  /** Nothing is shown yet of one of the documents. */
  readonly opens: boolean;
  /** Something of it has been shown, though it was not complete. */
  shown: boolean;
}

export class Analyses {
  readonly #project: Project;
  readonly #documents: OpenDocuments;
  readonly #done: (uris: readonly string[]) => void;
  readonly #failed: (uri: string, error: unknown) => void;
  readonly #dirty = new Set<string>();
  readonly #settled = new Map<string, Settled>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #work: Work | null = null;
  /** A document has been opened or edited since that work began: it comes first. */
  #overtaken = false;

  constructor(
    project: Project,
    documents: OpenDocuments,
    done: (uris: readonly string[]) => void,
    failed: (uri: string, error: unknown) => void,
  ) {
    this.#project = project;
    this.#documents = documents;
    this.#done = done;
    this.#failed = failed;
  }

  /** The text of a file is new: it, and every open document that imports it, is to be analysed. */
  changed(uri: string): void {
    const isOpen = this.#documents.version(uri) !== null;
    if (!isOpen || !this.#settled.has(uri)) this.#project.filesChanged();
    if (isOpen) this.#mark(uri);
    for (const [other, { analysis }] of this.#settled) {
      if (analysis.dependencies.get(other)?.has(uri) === true) this.#mark(other);
    }
    this.#schedule();
  }

  everythingChanged(): void {
    this.#project.filesChanged();
    this.#documents.uris().forEach((uri) => this.#mark(uri));
    this.#schedule();
  }

  closed(uri: string): void {
    this.#dirty.delete(uri);
    this.#settled.delete(uri);
    this.#project.forget(uri);
    this.changed(uri);
  }

  /** The analysis of the newest text, made now if need be; null where there is none. */
  settled(uri: string): Settled | null {
    if (this.#dirty.has(uri)) this.#begin(uri);
    const work = this.#work;
    if (work?.entries.includes(uri) === true) this.#continue(work, Infinity);
    return this.latest(uri);
  }

  /**
   * What the newest text says in a range of offsets, found out now if need be: what that range does not ask for is
   * left for later. Null where there is nothing.
   */
  near(uri: string, start: number, end: number): Analysis | null {
    if (this.#dirty.has(uri)) this.#begin(uri);
    const work = this.#work;
    if (work?.entries.includes(uri) !== true) return this.latest(uri)?.analysis ?? null;
    const place = { path: uri, start, end };
    work.steps.prefer(place);
    this.#continue(work, Infinity, place);
    return this.#work === work ? this.#sofar(work) : (this.latest(uri)?.analysis ?? null);
  }

  latest(uri: string): Settled | null {
    return this.#settled.get(uri) ?? null;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#work = null;
  }

  /** The latest edit stands last. What is under way for an older text of the document is dropped. */
  #mark(uri: string): void {
    if (this.#work?.entries.includes(uri) === true) this.#drop(this.#work);
    this.#overtaken = true;
    this.#dirty.delete(uri);
    this.#dirty.add(uri);
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const idle = this.#dirty.size === 0 && this.#work === null;
    this.#timer = idle ? null : setTimeout(() => this.#next(), this.#work === null ? PAUSE : 0);
  }

  #next(): void {
    this.#timer = null;
    const latest = [...this.#dirty].at(-1);
    if (latest !== undefined && (this.#work === null || this.#overtaken)) this.#begin(latest);
    if (this.#work !== null) this.#continue(this.#work, SLICE);
    this.#schedule();
  }

  /** The entries of an analysis that is dropped still want one, after those that overtook it. */
  #drop(work: Work): void {
    this.#work = null;
    const newer = [...this.#dirty];
    this.#dirty.clear();
    for (const entry of work.entries) if (this.#documents.version(entry) !== null) this.#dirty.add(entry);
    for (const uri of newer) this.#mark(uri);
  }

  #begin(uri: string): void {
    if (this.#work !== null) this.#drop(this.#work);
    this.#overtaken = false;
    const entries = this.#entriesFor(uri);
    entries.forEach((entry) => this.#dirty.delete(entry));
    if (this.#documents.version(uri) === null) return;
    const versions = entries.map((entry) => this.#documents.version(entry) ?? 0);
    const opens = entries.some((entry) => !this.#settled.has(entry));
    this.#guard(uri, () => {
      this.#work = { entries, versions, steps: this.#project.begin(entries), milliseconds: 0, opens, shown: false };
    });
  }

  /** Goes on with an analysis until it is complete, the slice is used up, or all in a range of offsets has been seen. */
  #continue(work: Work, slice: number, place: FileSpan | null = null): void {
    const start = performance.now();
    this.#guard(work.entries[0] ?? "", () => {
      const isEnough = (): boolean =>
        performance.now() - start >= slice || (place !== null && work.steps.isReady(place));
      let more = true;
      while (more && !isEnough()) more = work.steps.next();
      work.milliseconds += performance.now() - start;
      if (!more) this.#work = null;
      if (!more || (!work.shown && work.milliseconds > FIRST && (work.opens || work.steps.isReady(null))))
        this.#settle(work);
    });
  }

  /** What is known of an analysis under way. */
  #sofar(work: Work): Analysis | null {
    let analysis: Analysis | null = null;
    this.#guard(work.entries[0] ?? "", () => {
      analysis = work.steps.analysis();
    });
    return analysis;
  }

  #settle(work: Work): void {
    const { entries, versions, milliseconds } = work;
    const analysis = work.steps.analysis(true);
    if (analysis === null) return;
    work.shown = true;
    entries.forEach((entry, i) => this.#settled.set(entry, { analysis, version: versions[i] ?? 0, milliseconds }));
    this.#done(entries);
  }

  #guard(uri: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#work = null;
      this.#failed(uri, error);
    }
  }

  /** The document and the open ones that import it, directly or not: their calls are views of its functions. */
  #entriesFor(uri: string): readonly string[] {
    const open = new Set(this.#documents.uris());
    const importing = [...this.#settled]
      .filter(([other]) => other !== uri && open.has(other))
      .filter(([other, { analysis }]) => analysis.dependencies.get(other)?.has(uri) === true)
      .map(([other]) => other);
    return [uri, ...importing.slice(-TOGETHER)];
  }
}
