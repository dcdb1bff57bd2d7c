/**
 * The files of one program: their texts, their parsed form, and how imports find them. It answers what the analysis
 * asks about files, and knows neither where texts are stored nor how they are parsed.
 */
import type { AnalyzeOptions, Declarations, Host, Stages } from "../analysis/index.ts";
import type { FileSpan } from "../analysis/result.ts";
import type { Program } from "../program/syntax.ts";
import { readSettings, SETTINGS_FILE, type ProjectSettings } from "./declarations.ts";
import { dotted, moduleName, parentOf, resolveImport, type Folders } from "./imports.ts";
import { linesOf, type Lines } from "./lines.ts";
import type { Sources, View } from "./sources.ts";

export interface Files extends Folders {
  /** Null where there is no such file, or none yet. */
  text(path: string): string | null;
  /** The address that an editor opens at this place, or null. */
  link(path: string, line: number, character: number): string | null;
}

export interface Engine {
  /** Reads a text; chunks of `previous` that did not change are taken over. */
  parse(text: string, previous: Program | null): Program;
  begin(entries: readonly string[], host: Host, options?: AnalyzeOptions): Stages;
}

interface Parsed {
  readonly program: Program;
  lines: Lines | null;
}

/** Parsed files that are kept although no analysis asked for them lately, in characters of their texts. */
const KEPT_TEXT = 20_000_000;

/** A view, and the files that each of its entries depends on: itself, what it imports, and where imports looked in vain. */
export interface Analysis {
  readonly view: View;
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
  /** The settings of the projects that the files belong to. */
  readonly settings: readonly ProjectSettings[];
}

/** An analysis taken in steps: see `Stages`. */
export interface Steps {
  next(): boolean;
  prefer(place: FileSpan): void;
  isReady(place: FileSpan | null): boolean;
  /** What is known so far; null when cancelled. */
  analysis(former?: boolean): Analysis | null;
}

/** Lives as long as its files are of interest. */
export class Project {
  readonly #files: Files;
  readonly #engine: Engine;
  readonly #parsed = new Map<string, Parsed>();
  /** Settings files as they were read last. */
  readonly #settings = new Map<string, { readonly text: string; readonly settings: ProjectSettings | null }>();
  /** Where the imports of a file were looked for. It only grows while the file is parsed: an edge too many costs little. */
  readonly #imports = new Map<string, Set<string>>();

  /** Where each import of a file led, until files come or go. */
  readonly #resolved = new Map<string, Map<string, string | null>>();

  constructor(files: Files, engine: Engine) {
    this.#files = files;
    this.#engine = engine;
  }

  /** Analyses these files together with what they import; null when cancelled. */
  analyze(entries: readonly string[], options: AnalyzeOptions = {}): Analysis | null {
    const steps = this.begin(entries, options);
    while (steps.next());
    return steps.analysis();
  }

  /** The same in steps, so that others get their turn in between. */
  begin(entries: readonly string[], options: AnalyzeOptions = {}): Steps {
    const seen = new Map<string, Program | null>();
    // One analysis sees each file in one state, whatever happens to it meanwhile.
    const program = (path: string): Program | null => {
      const known = seen.get(path);
      if (known !== undefined) return known;
      const fresh = this.#program(path);
      seen.set(path, fresh);
      return fresh;
    };
    const resolve: Host["resolve"] = (from, module, level) => this.#resolve(from, module, level);
    const name: Host["name"] = (path) => moduleName(this.#files, path);
    const read = new Map<string, ProjectSettings | null>();
    const settingsOf = (path: string): ProjectSettings | null => this.#settingsOf(path, read);
    const declarations = (path: string): Declarations | null => settingsOf(path)?.declarations ?? null;
    const host: Host = { resolve, program, name, settings: { declarations, dotted } };
    const stages = this.#engine.begin(entries, host, options);
    const analysis: Steps["analysis"] = (former) => {
      const result = stages.result(former);
      this.#trim(seen);
      if (result === null) return null;
      const dependencies = new Map(entries.map((entry) => [entry, this.#reachable(entry)]));
      const settings = [...new Set(read.values())].filter((each) => each !== null);
      return { view: { result, sources: this.#sources(seen, settings) }, dependencies, settings };
    };
    return {
      next: () => stages.next(),
      prefer: (place) => stages.prefer(place),
      isReady: (place) => stages.isReady(place),
      analysis,
    };
  }

  /** Files may have come or gone: imports are looked for again. */
  filesChanged(): void {
    this.#resolved.clear();
  }

  /** Forgets a file's parsed form, for one that was closed or deleted. */
  forget(path: string): void {
    this.#parsed.delete(path);
    this.#imports.delete(path);
    this.#resolved.clear();
  }

  #resolve(from: string, module: string, level: number): string | null {
    const known = this.#resolved.get(from) ?? new Map<string, string | null>();
    this.#resolved.set(from, known);
    const key = `${level} ${module}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = resolveImport(this.#foldersFor(from), from, module, level);
    known.set(key, found);
    return found;
  }

  /** The folders as `from` sees them: whatever it looks for is one of its dependencies. */
  #foldersFor(from: string): Folders {
    const looked = this.#imports.get(from) ?? new Set();
    this.#imports.set(from, looked);
    return {
      rootOf: (path) => this.#files.rootOf(path),
      packages: (path) => this.#files.packages?.(path) ?? null,
      segment: (name) => this.#files.segment(name),
      isFile: (path) => {
        looked.add(path);
        return this.#files.isFile(path);
      },
    };
  }

  /** Those of the nearest settings file upwards that says anything of us; `read` is what this analysis has read so far. */
  #settingsOf(from: string, read: Map<string, ProjectSettings | null>): ProjectSettings | null {
    const looked = this.#imports.get(from) ?? new Set();
    this.#imports.set(from, looked);
    for (let folder = parentOf(from) ?? this.#files.rootOf(from); ;) {
      const path = `${folder}/${SETTINGS_FILE}`;
      looked.add(path);
      const found = read.has(path) ? (read.get(path) ?? null) : this.#readSettings(path);
      read.set(path, found);
      if (found !== null) return found;
      const parent = parentOf(folder);
      if (parent === null) return null;
      folder = parent;
    }
  }

  #readSettings(path: string): ProjectSettings | null {
    const text = this.#files.isFile(path) ? this.#files.text(path) : null;
    const known = this.#settings.get(path);
    if (known?.text === text) return known.settings;
    const settings = text === null ? null : readSettings(path, text);
    if (text === null) this.#settings.delete(path);
    else this.#settings.set(path, { text, settings });
    return settings;
  }

  #reachable(entry: string): ReadonlySet<string> {
    const reached = new Set([entry]);
    // A set yields what is added while it is walked.
    for (const path of reached) this.#imports.get(path)?.forEach((next) => reached.add(next));
    return reached;
  }

  #program(path: string): Program | null {
    const text = this.#files.text(path);
    const before = this.#parsed.get(path) ?? null;
    if (text === null) return null;
    if (before !== null && before.program.text === text) {
      // Moves it to the young end of what is kept.
      this.#parsed.delete(path);
      this.#parsed.set(path, before);
      return before.program;
    }
    const program = this.#engine.parse(text, before?.program ?? null);
    this.#parsed.delete(path);
    this.#parsed.set(path, { program, lines: null });
    return program;
  }

  /** The texts as this analysis saw them, so that its offsets stay right while newer ones are typed. */
  #sources(seen: ReadonlyMap<string, Program | null>, settings: readonly ProjectSettings[]): Sources {
    const lines = new Map(settings.map(({ declarations: { path, text } }) => [path, linesOf(text)] as const));
    return {
      program: (path) => seen.get(path) ?? null,
      lines: (path) => {
        const program = seen.get(path);
        if (program === undefined || program === null) return lines.get(path) ?? null;
        const known = lines.get(path) ?? this.#linesOf(path, program);
        lines.set(path, known);
        return known;
      },
      name: (path) => decoded(path.slice(path.lastIndexOf("/") + 1)),
      link: (path, line, character) => this.#files.link(path, line, character),
    };
  }

  #linesOf(path: string, program: Program): Lines {
    const parsed = this.#parsed.get(path);
    if (parsed?.program !== program) return linesOf(program.text);
    return (parsed.lines ??= linesOf(program.text));
  }

  /** Drops the oldest parsed files beyond what is kept, but none that was just read. */
  #trim(read: ReadonlyMap<string, unknown>): void {
    let size = 0;
    for (const { program } of this.#parsed.values()) size += program.text.length;
    for (const [path, { program }] of this.#parsed) {
      if (size <= KEPT_TEXT) break;
      if (read.has(path)) continue;
      this.#parsed.delete(path);
      size -= program.text.length;
    }
  }
}

/** The last part of a URI reads as the file is called. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
