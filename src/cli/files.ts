/**
 * The texts of files on disk for one run of the command, each read once. Paths are absolute, with forward slashes.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parentOf, type Files } from "../editor/index.ts";

/** What marks the root of a project. */
const MARKS = ["pyproject.toml", "setup.py", "setup.cfg", ".git"];
/** Texts are kept up to this many characters in all; beyond, the oldest are read again when needed. */
const KEPT_TEXT = 32_000_000;

export type Read = { readonly text: string } | { readonly problem: string };

/** Reads a file as Python does: UTF-8, with or without its mark. */
export function readSource(path: string): Read {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    return text.includes("\0") ? { problem: "holds no text" } : { text };
  } catch (error) {
    if (error instanceof TypeError) return { problem: "is not encoded in UTF-8" };
    return { problem: `can't be read (${error instanceof Error ? error.message : String(error)})` };
  }
}

export class DiskFiles implements Files {
  /** Folders that the user named; imports are not looked for above them. */
  readonly #named: readonly string[];
  readonly #texts = new Map<string, string | null>();
  readonly #present = new Map<string, boolean>();
  readonly #roots = new Map<string, string>();
  #size = 0;

  constructor(named: readonly string[]) {
    this.#named = named;
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
