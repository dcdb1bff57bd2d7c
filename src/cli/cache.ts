/**
 * A folder in which the findings of each file are kept, with a digest of every file that they depend on: what was looked
 * for in vain counts as well. Anything wrong with an entry makes it none.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reported } from "./finding.ts";

interface Entry {
  readonly files: Readonly<Record<string, string | null>>;
  readonly findings: readonly Reported[];
  /** Whether some of the program was left out. */
  readonly cut: boolean;
}

/** Lives for one run. */
export class Cache {
  readonly #folder: string;
  readonly #salt: string;
  readonly #text: (path: string) => string | null;
  readonly #digests = new Map<string, string | null>();

  /** `salt` is all else that the findings depend on: the version, the options, the program itself. */
  constructor(folder: string, salt: string, text: (path: string) => string | null) {
    this.#folder = folder;
    // It may be long, and goes into the name of every entry.
    this.#salt = digestOf(salt);
    this.#text = text;
    mkdirSync(folder, { recursive: true });
  }

  get(path: string): Entry | null {
    try {
      const entry = JSON.parse(readFileSync(this.#place(path), "utf8")) as Entry;
      const fresh = Object.entries(entry.files).every(([file, digest]) => this.#digest(file) === digest);
      return fresh ? entry : null;
    } catch {
      // No entry, or one that another version wrote.
      return null;
    }
  }

  set(path: string, dependencies: Iterable<string>, findings: readonly Reported[], cut: boolean): void {
    const files = Object.fromEntries([...dependencies].map((file) => [file, this.#digest(file)]));
    const entry: Entry = { files, findings, cut };
    // Written beside and moved, so that a run that is cut short leaves no half of an entry.
    const place = this.#place(path);
    writeFileSync(`${place}.${process.pid}`, JSON.stringify(entry));
    renameSync(`${place}.${process.pid}`, place);
  }

  #place(path: string): string {
    return join(this.#folder, `${digestOf(`${this.#salt} ${path}`)}.json`);
  }

  #digest(path: string): string | null {
    const known = this.#digests.get(path);
    if (known !== undefined) return known;
    const text = this.#text(path);
    const digest = text === null ? null : digestOf(text);
    this.#digests.set(path, digest);
    return digest;
  }
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
