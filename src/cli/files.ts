/**
 * The texts of files on disk for one run of the command, each read once. Paths are absolute, with forward slashes.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import {
  environmentIn,
  environmentOf,
  packagesOf,
  parentOf,
  readNotebook,
  type Files,
  type Notebook,
  type Packages,
  type Reader,
} from "../editor/index.ts";

/** What marks the root of a project. */
const MARKS = ["pyproject.toml", "setup.py", "setup.cfg", ".git"];
/** Texts are kept up to this many characters in all; beyond, the oldest are read again when needed. */
const KEPT_TEXT = 32_000_000;

/** The notebooks that have been read, for the places in their cells. */
const notebooks = new Map<string, Notebook>();

export function notebookAt(path: string): Notebook | null {
  return notebooks.get(path) ?? null;
}

export type Read = { readonly text: string } | { readonly problem: string };

/** Reads a file as Python does: UTF-8, with or without its mark. */
export function readSource(path: string): Read {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    if (text.includes("\0")) return { problem: "holds no text" };
    return path.endsWith(".ipynb") ? readCells(path, text) : { text };
  } catch (error) {
    if (error instanceof TypeError) return { problem: "is not encoded in UTF-8" };
    return { problem: `can't be read (${error instanceof Error ? error.message : String(error)})` };
  }
}

function readCells(path: string, json: string): Read {
  const notebook = readNotebook(json);
  if (notebook === null) return { problem: "is no notebook of Python" };
  notebooks.set(path, notebook);
  return { text: notebook.text };
}

export class DiskFiles implements Files, Reader {
  /** The interpreter or the environment that the user named. */
  readonly #python: string | null;
  readonly #packages = new Map<string, Packages | null>();
  /** Folders that the user named; imports are not looked for above them. */
  readonly #named: readonly string[];
  readonly #texts = new Map<string, string | null>();
  readonly #present = new Map<string, boolean>();
  readonly #roots = new Map<string, string>();
  #size = 0;

  constructor(named: readonly string[], python: string | null = null) {
    this.#named = named;
    this.#python = python;
  }

  text(path: string): string | null {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const read = readSource(path);
    const text = "text" in read ? read.text : null;
    this.#texts.set(path, text);
    this.#size += text?.length ?? 0;
    this.#trim();
    return text;
  }

  /** The file has been written: it is read again. */
  forget(path: string): void {
    this.#size -= this.#texts.get(path)?.length ?? 0;
    this.#texts.delete(path);
  }

  isFile(path: string): boolean {
    const known = this.#present.get(path);
    if (known !== undefined) return known;
    const present = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    this.#present.set(path, present);
    return present;
  }

  rootOf(path: string): string {
    const own = parentOf(path) ?? "/";
    const known = this.#roots.get(own);
    if (known !== undefined) return known;
    const root = this.#markedAbove(own) ?? this.#named.find((folder) => inFolder(own, folder)) ?? own;
    this.#roots.set(own, root);
    return root;
  }

  /** What is installed in the environment that was named, is active, or lies beside the program. */
  packages(from: string): Packages | null {
    const root = this.rootOf(from);
    const known = this.#packages.get(root);
    if (known !== undefined) return known;
    const { VIRTUAL_ENV: active, CONDA_PREFIX: conda } = process.env;
    const environment =
      this.#python === null
        ? (active ?? environmentIn(this, [root]) ?? conda ?? null)
        : environmentOf(this, this.#python);
    const packages = environment === null ? null : packagesOf(this, environment);
    this.#packages.set(root, packages);
    return packages;
  }

  names(folder: string): readonly string[] {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  }

  located(path: string): string {
    return path.replaceAll("\\", "/");
  }

  segment(name: string): string {
    return name;
  }

  link(path: string, line: number): string {
    return `${pathToFileURL(path).href}#L${line + 1}`;
  }

  #markedAbove(folder: string): string | null {
    for (let at: string | null = folder; at !== null && at !== ""; at = parentOf(at)) {
      if (MARKS.some((mark) => existsSync(`${at}/${mark}`))) return at;
    }
    return null;
  }

  #trim(): void {
    for (const [path, text] of this.#texts) {
      if (this.#size <= KEPT_TEXT) break;
      this.#size -= text?.length ?? 0;
      this.#texts.delete(path);
    }
  }
}

function inFolder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
