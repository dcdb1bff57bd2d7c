/**
 * How much work and memory, in words: numbers scaled to a unit, formulas where sizes are symbols.
 * It knows dimensions and dtypes, and nothing of where the words are shown.
 */
import type { Operation } from "../analysis/result.ts";
import { asNumber, constant, elementCount, multiply, printDim, type Dim, type Shape } from "../shapes/index.ts";

const COUNTS = ["", "k", "M", "G", "T", "P", "E"];
const BYTES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** `600`, `12.3 k`, `134 M`: three figures, decimal steps. */
export function scaledCount(n: number): string {
  const { value, step } = scaled(n, 1000);
  return `${value} ${COUNTS[step] ?? ""}`.trimEnd();
}

/** `96 B`, `1.5 KiB`, `16 MiB`: three figures, binary steps. */
export function scaledBytes(n: number): string {
  const { value, step } = scaled(n, 1024);
  return `${value} ${BYTES[step] ?? ""}`;
}

function scaled(n: number, base: number): { readonly value: string; readonly step: number } {
  let rest = n;
  let step = 0;
  // What would be printed as 1000 is already one of the next unit.
  while (step < COUNTS.length - 1 && Number(figures(rest)) >= base) {
    rest /= base;
    step += 1;
  }
  return { value: step === 0 ? String(Math.round(rest)) : figures(rest), step };
}

function figures(n: number): string {
  const text = n >= 1000 ? n.toFixed(0) : n.toPrecision(3);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** `134 M MACs`, `B·T·C MACs`; null where the amount is unknown. */
export function macsText(macs: Dim | null): string | null {
  return amount(macs, (n) => `${scaledCount(n)} ${n === 1 ? "MAC" : "MACs"}`, "MACs");
}

export function flopsText(flops: Dim | null): string | null {
  return amount(flops, (n) => `${scaledCount(n)} ${n === 1 ? "FLOP" : "FLOPs"}`, "FLOPs");
}

/** What an operation has to compute, in MACs where it is a contraction. */
export function workText(operation: Pick<Operation, "macs" | "flops"> | null): string | null {
  return operation === null ? null : (macsText(operation.macs) ?? flopsText(operation.flops));
}

export function parametersText(count: Dim | null): string | null {
  return amount(count, (n) => `${scaledCount(n)} ${n === 1 ? "parameter" : "parameters"}`, "parameters");
}

/** The memory that a tensor takes: `16 MiB`, `4·B·T·C bytes`; null where shape or dtype are not known well enough. */
export function bytesText(shape: Shape, dtype: string | null): string | null {
  const size = dtype === null ? null : itemSize(dtype);
  const count = elementCount(shape);
  return size === null || count === null ? null : amount(multiply(count, constant(size)), scaledBytes, "bytes");
}

function amount(dim: Dim | null, scale: (n: number) => string, unit: string): string | null {
  if (dim === null) return null;
  const n = asNumber(dim);
  if (n !== null) return scale(n);
  const formula = formulaOf(dim);
  return formula.includes("?") ? null : `${formula} ${unit}`;
}

/** A printed dimension with a dot for each product, as people write costs. */
function formulaOf(dim: Dim): string {
  return printDim(dim).replace(/(?<!\*)\*(?!\*)/g, "·");
}

const ITEM_SIZES: Readonly<Record<string, number>> = {
  bool: 1,
  uint8: 1,
  int8: 1,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  uint16: 2,
  int16: 2,
  float16: 2,
  bfloat16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
  complex64: 8,
  complex128: 16,
};

function itemSize(dtype: string): number | null {
  return ITEM_SIZES[dtype] ?? null;
}
