/**
 * What real runs of the programs held, as recorded. It knows the form of the records and where they lie;
 * it must not know the analyser.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Zero-based line and UTF-16 column of the start, then of the end. */
export type Place = readonly [number, number, number, number];

/** A tensor is its dtype and its sizes; an integer is itself; most other things are known by their kind alone. */
export type Seen =
  | readonly [dtype: string, ...sizes: number[]]
  | number
  | string
  | { readonly tuple: readonly number[] }
  | { readonly scalar: string };

/** One distinct call of a function: places by their index, with what was seen there. */
export interface Run {
  readonly function: string;
  readonly line: number;
  readonly seen: readonly (readonly [place: number, ...values: Seen[]])[];
}

export interface Recorded {
  readonly program: string;
  readonly sha256: string;
  readonly places: readonly Place[];
  readonly runs: readonly Run[];
}

export interface Twin {
  readonly file: string;
  readonly line: number;
  readonly codes: readonly string[];
}

export interface Crash {
  readonly file: string;
  readonly sha256: string;
  readonly crash: { readonly line: number; readonly exception: string; readonly message: string } | null;
}

const root = new URL("../", import.meta.url);

export function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, root)), "utf8");
}

export function recorded(name: string): Recorded {
  return JSON.parse(read(`truth/programs/${name}.json`)) as Recorded;
}

export function twins(): readonly Twin[] {
  return JSON.parse(read("programs/twins.json")) as readonly Twin[];
}

export function crashes(): readonly Crash[] {
  return (JSON.parse(read("truth/programs/twins.json")) as { readonly twins: readonly Crash[] }).twins;
}

export function isTensor(seen: Seen): seen is readonly [dtype: string, ...sizes: number[]] {
  return Array.isArray(seen);
}
