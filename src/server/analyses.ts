/**
 * When open documents are analysed, and what the latest analysis of each said. The latest edit wins: work starts only
 * once the messages that have arrived are handled, and a question about a document gets an answer about its newest
 * text. It knows neither the protocol nor what is shown.
 */
import type { Analysis, Project } from "../editor/index.ts";

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
/** How many open documents that import the edited one are analysed together with it. */
const TOGETHER = 8;

export class Analyses {
  readonly #project: Project;
  readonly #documents: OpenDocuments;
  readonly #done: (uris: readonly string[]) => void;
  readonly #failed: (uri: string, error: unknown) => void;
  readonly #dirty = new Set<string>();
  readonly #settled = new Map<string, Settled>();
  #timer: ReturnType<typeof setTimeout> | null = null;

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
    if (this.#documents.version(uri) !== null) this.#mark(uri);
    for (const [other, { analysis }] of this.#settled) {
      if (analysis.dependencies.get(other)?.has(uri) === true) this.#mark(other);
    }
    this.#schedule();
  }

  everythingChanged(): void {
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
    if (this.#dirty.has(uri)) this.#run(uri);
    return this.latest(uri);
  }

  latest(uri: string): Settled | null {
    return this.#settled.get(uri) ?? null;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The latest edit stands last. */
  #mark(uri: string): void {
    this.#dirty.delete(uri);
    this.#dirty.add(uri);
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = this.#dirty.size === 0 ? null : setTimeout(() => this.#next(), PAUSE);
  }

  #next(): void {
    this.#timer = null;
    const latest = [...this.#dirty].at(-1);
    if (latest !== undefined) this.#run(latest);
    this.#schedule();
  }

  #run(uri: string): void {
    const entries = this.#entriesFor(uri);
    const versions = entries.map((entry) => this.#documents.version(entry) ?? 0);
    entries.forEach((entry) => this.#dirty.delete(entry));
    if (this.#documents.version(uri) === null) return;
    const start = performance.now();
    try {
      const analysis = this.#project.analyze(entries);
      if (analysis === null) return;
      const milliseconds = performance.now() - start;
      entries.forEach((entry, i) => this.#settled.set(entry, { analysis, version: versions[i] ?? 0, milliseconds }));
      this.#done(entries);
    } catch (error) {
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
