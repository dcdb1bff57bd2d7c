/**
 * How numbers, sizes and sentences are written. A sentence is plain data, so that the page can colour the dimensions
 * in it and a screen reader, a test or a log can read the same words.
 */

/** A piece of a sentence: words, code, a dimension (in its colour), or the sizes that disagree. */
export type Piece =
  string | { readonly code: string } | { readonly dim: string; readonly text?: string } | { readonly bad: string };

export type Sentence = readonly Piece[];

export const plain = (sentence: Sentence): string => sentence.map(plainPiece).join("");

function plainPiece(piece: Piece): string {
  if (typeof piece === "string") return piece;
  if ("code" in piece) return piece.code;
  if ("bad" in piece) return piece.bad;
  return piece.text ?? piece.dim;
}

const THIN = "\u202f";
const FIXED = "\u00a0";

/** A value of a tensor: a true minus, few digits, an exponent only when nothing else is readable. */
export function value(x: number, digits = 3): string {
  if (Number.isNaN(x)) return "NaN";
  const sign = x < 0 ? "−" : "";
  const size = Math.abs(x);
  if (size === Infinity) return `${sign}∞`;
  if (size !== 0 && (size < 5e-4 || size >= 1e5)) return sign + exponent(size);
  const fixed = size.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? Math.min(2, digits) : digits);
  return Number(fixed) === 0 ? fixed : sign + fixed;
}

const exponent = (x: number): string => x.toExponential(1).replace("-", "−").replace("+", "");

/** 8192 → 8 192, with a thin space that does not break. */
export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, THIN);

export const flops = (n: number): string => scaled(n, 1000, ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"]);
export const bytes = (n: number): string => scaled(n, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]);

function scaled(n: number, base: number, units: readonly string[]): string {
  let at = 0;
  while (n >= base && at < units.length - 1) {
    n /= base;
    at++;
  }
  const text = at === 0 ? String(Math.round(n)) : n.toPrecision(3).includes("e") ? String(Math.round(n)) : trimmed(n);
  return `${text}${FIXED}${units[at] ?? ""}`;
}

const trimmed = (n: number): string =>
  (n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2)).replace(/\.0+$/, "");

export function duration(milliseconds: number): string {
  if (!(milliseconds > 0)) return `0${FIXED}ms`;
  if (milliseconds < 0.01) return `${(milliseconds * 1000).toFixed(1)}${FIXED}µs`;
  if (milliseconds < 1) return `${(milliseconds * 1000).toFixed(0)}${FIXED}µs`;
  if (milliseconds < 1000) return `${milliseconds.toPrecision(3)}${FIXED}ms`;
  return `${(milliseconds / 1000).toFixed(2)}${FIXED}s`;
}

/** GFLOP/s with three figures. */
export const rate = (gigaflops: number): string => (gigaflops >= 100 ? count(gigaflops) : gigaflops.toPrecision(3));

/** `3.1e-6`, as Python would print it short. */
export const error = (x: number): string => (x === 0 ? "0" : x.toExponential(1).replace("+", ""));
