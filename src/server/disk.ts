/**
 * Files on the disk of the machine that the server runs on, addressed by `file:` URIs. A text is read again only when
 * its time or size has changed, so asking often is cheap.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Disk } from "./texts.ts";

interface Read {
  readonly stamp: string;
  readonly text: string;
}

/** Larger files are data, not programs. */
const LARGEST = 8_000_000;
const KEPT = 500;

export function diskFiles(): Disk {
  const read = new Map<string, Read>();
  const { VIRTUAL_ENV: active, CONDA_PREFIX: conda } = process.env;
  const environment = active ?? conda ?? null;
  const located = (path: string): string => pathToFileURL(path).href.replace(/\/$/, "");
  return {
    located,
    environment: environment === null ? null : located(environment),
    names: (uri) => {
      try {
        return readdirSync(fileURLToPath(uri));
      } catch {
        return [];
      }
    },
    isFile: (uri) => stampOf(uri) !== null,
    text: (uri) => {
      const stamp = stampOf(uri);
      if (stamp === null) return null;
      const known = read.get(uri);
      if (known?.stamp === stamp) return known.text;
      const text = readText(uri);
      read.delete(uri);
      if (text !== null) read.set(uri, { stamp, text });
      const [oldest] = read.keys();
      if (read.size > KEPT && oldest !== undefined) read.delete(oldest);
      return text;
    },
  };
}

function stampOf(uri: string): string | null {
  try {
    const stat = statSync(fileURLToPath(uri), { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.size <= LARGEST ? `${stat.mtimeMs} ${stat.size}` : null;
  } catch {
    return null;
  }
}

function readText(uri: string): string | null {
  try {
    return readFileSync(fileURLToPath(uri), "utf8").replace(/^\uFEFF/, "");
  } catch {
    return null;
  }
}
