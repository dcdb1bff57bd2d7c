/**
 * What the analyser claims about each place of a program, in the form in which it prints it, and whether a
 * claim can be true of what was seen. It judges single claims; what a whole program deserves is the judge's.
 */
import type { Fact, FileResult } from "../../src/analysis/result.ts";
import { shapeToJson } from "../../src/shapes/index.ts";
import { readDimension, sizeOf } from "./dimension.ts";
import { isTensor, type Place, type Seen } from "./record.ts";

export interface Claim {
  readonly fact: Fact;
  readonly shape: readonly (number | string)[] | null;
}

export interface Claims {
  /** Of the general view, and of the module's own statements. */
  readonly general: readonly Claim[];
  /** Of single calls. */
  readonly called: readonly Claim[];
}

/** Finds the claims about exactly a place. */
export function claimsOf(text: string, result: FileResult): (place: Place) => Claims {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const bySpan = new Map<string, Claim[]>();
  for (const fact of result.facts) {
    const key = `${fact.span.start}:${fact.span.end}`;
    const claim = { fact, shape: fact.shape && shapeToJson(fact.shape) };
    bySpan.set(key, [...(bySpan.get(key) ?? []), claim]);
  }
  return ([line, column, endLine, endColumn]) => {
    const here = bySpan.get(`${(starts[line] ?? 0) + column}:${(starts[endLine] ?? 0) + endColumn}`) ?? [];
    // The target of `x += y` is read and bound: what was recorded is what it is bound to.
    const bound = here.filter(({ fact }) => fact.role === "binding");
    const all = bound.length > 0 ? bound : here;
    return {
      general: all.filter(({ fact }) => fact.context === null),
      called: all.filter(({ fact }) => fact.context !== null),
    };
  };
}

/** True where every dimension is stated. */
export function isComplete({ shape }: Claim): boolean {
  return shape !== null && shape.every((dim) => typeof dim === "number" || !/[…?]|^\*/u.test(dim));
}

/** True where every dimension is a number. */
export function isConcrete({ shape }: Claim): boolean {
  return shape !== null && shape.every((dim) => typeof dim === "number");
}

/** The names of one run with their sizes; formulas wait until all names are met. */
export interface Reading {
  readonly sizes: Map<string, number>;
  readonly formulas: { readonly text: string; readonly size: number; readonly told: (problem: string) => void }[];
}

/** Whether a claim can hold for a value, given the names met so far; `told` hears what is wrong with it. */
export function compare(claim: Claim, seen: Seen, reading: Reading, told: (problem: string) => void): void {
  const { fact, shape } = claim;
  if (isTensor(seen)) {
    if (!["tensor", "unknown"].includes(fact.kind)) return told(`is called ${fact.kind}`);
    if (fact.dtype !== null && fact.dtype !== seen[0]) told(`has dtype ${seen[0]}, not ${fact.dtype}`);
    if (shape !== null) compareShape(shape, seen.slice(1) as number[], reading, told);
    return;
  }
  if (seen === "none" && fact.text.includes("None")) return;
  if (fact.kind === "tensor" && !(typeof seen === "object" && "scalar" in seen)) told("is no tensor");
  if (typeof seen === "number" && fact.kind === "int") compareSize(fact.text, seen, reading, told);
  if (typeof seen === "object" && "tuple" in seen && fact.kind === "tuple" && /^\([\d, ]*\)$/u.test(fact.text)) {
    const items = fact.text.match(/\d+/gu)?.map(Number) ?? [];
    if (items.join() !== seen.tuple.join()) told(`is the tuple (${seen.tuple.join(", ")})`);
  }
}

function compareShape(
  shape: readonly (number | string)[],
  sizes: readonly number[],
  reading: Reading,
  told: (problem: string) => void,
): void {
  const open = typeof shape[0] === "string" && /^(…|\*.+)$/u.test(shape[0]);
  const dims = open ? shape.slice(1) : shape;
  if (open ? sizes.length < dims.length : sizes.length !== dims.length) return told("has another rank");
  const visible = sizes.slice(sizes.length - dims.length);
  dims.forEach((dim, axis) => compareSize(String(dim), visible[axis] ?? 0, reading, told));
}

function compareSize(text: string, size: number, reading: Reading, told: (problem: string) => void): void {
  const dimension = readDimension(text);
  if (dimension === null) return;
  if (dimension.type === "call") return void reading.formulas.push({ text, size, told });
  const known = sizeOf(dimension, reading.sizes);
  if (known === null && dimension.type === "name") reading.sizes.set(dimension.name, size);
  if (known !== null && known !== size) told(`has ${size} where ${text} is ${known}`);
}

/** Computes the formulas that were met, now that every name of the run has its size. */
export function settle(reading: Reading): void {
  for (const { text, size, told } of reading.formulas) {
    const dimension = readDimension(text);
    const known = dimension && sizeOf(dimension, reading.sizes);
    if (known !== null && known !== size) told(`has ${size} where ${text} is ${known}`);
  }
}
