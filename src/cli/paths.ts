/**
 * The Python files that a command line names: files as they are, folders walked. It knows the disk.
 */
import { readdirSync, statSync, type Dirent } from "node:fs";
import path from "node:path";

/** Folders with files of others, or made from files elsewhere. */
const SKIPPED = new Set([
  "__pycache__",
  "__pypackages__",
  "build",
  "dist",
  "env",
  "node_modules",
  "site-packages",
  "venv",
]);

export interface Named {
  /** As the user wrote it, or as it follows from the folder that the user wrote. */
  readonly shown: string;
  /** Absolute, with forward slashes. */
  readonly path: string;
}

export type Kind = "file" | "folder" | "missing";

export function kindOf(written: string): Kind {
  const stat = statSync(written, { throwIfNoEntry: false });
  return stat === undefined ? "missing" : stat.isDirectory() ? "folder" : "file";
}

export function named(written: string): Named {
  return { shown: written, path: absolute(written) };
}

export function absolute(written: string): string {
  return path.resolve(written).replaceAll("\\", "/");
}

/** The Python files and the notebooks in a folder and those below, in the order of their names. Links to folders are not followed. */
export function* walk(folder: string): Generator<Named> {
  const entries = entriesOf(folder).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const shown = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && !SKIPPED.has(entry.name)) yield* walk(shown);
    } else if (/\.(?:py|ipynb)$/.test(entry.name) && kindOf(shown) === "file") yield named(shown);
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that may not be read has nothing for us.
    return [];
  }
}
