/**
 * The numbers that an operand is filled with: seeded, so that the same choices always give the same picture. It knows
 * the operand's axes and its place in the product, and nothing of the device that will multiply it.
 */

import { volume, type SizedOperand } from "../../src/playground/axes.ts";
import type { Fill } from "../../src/playground/state.ts";

/** Which operand this is: the demo makes queries and keys that find each other. */
type Place = "left" | "right" | "values";

/** `across` says that positions run along the columns of what is stored, as in a right operand that is not transposed. */
export type Filling = { readonly fill: Fill; readonly place: Place; readonly across: boolean; readonly seed: number };

export function filled(operand: SizedOperand, { fill, place, across, seed }: Filling): Float32Array {
  const n = volume(operand.axes);
  const data = new Float32Array(n);
  const columns = operand.axes.at(-1)?.size ?? 1;
  const rows = operand.axes.at(-2)?.size ?? 1;
  const next = generator(seed * 7919 + { left: 1, right: 2, values: 3 }[place] * 104729 + 17);
  switch (fill) {
    case "given":
      throw new Error("Given values are not made here.");
    case "ones":
      return data.fill(1);
    case "uniform":
      return data.map(() => next() * 2 - 1);
    case "normal":
      return data.map(() => normal(next));
    case "arange":
      return data.map((_, i) => i / n);
    case "identity":
      return data.map((_, i) => (Math.floor(i / columns) % rows === i % columns ? 1 : 0));
    case "one-hot":
      return oneHot(data, operand, across, next);
    case "causal":
      return eachPosition(data, operand, across, ({ position, feature }) =>
        feature <= position ? 1 / (position + 1) : 0,
      );
    case "tokens":
      return tokens(data, operand, { place, across }, seed);
    case "demo":
      return place === "values" ? data.map(() => normal(next)) : demo(data, operand, { place, across }, next);
  }
}

/**
 * Four heads with four habits: each position finds itself, the one before it, the first one and its neighbours, or a
 * rhythm of four. Positions are waves of several speeds, so that equal ones agree and others do not.
 */
const HEADS = [
  { speeds: [1.9, 1.1, 0.6, 0.3], strength: 1.5, back: 0, sink: 1 },
  { speeds: [2.4, 1.6, 0.9, 0.4], strength: 1.9, back: 1, sink: 1 },
  { speeds: [0.5, 0.3, 0.2, 0.1], strength: 1.1, back: 0, sink: 1.6 },
  { speeds: [Math.PI / 2, Math.PI / 2, 0.2, 0.1], strength: 1.35, back: 0, sink: 1 },
] as const;

function demo(
  data: Float32Array,
  operand: SizedOperand,
  { place, across }: { readonly place: Place; readonly across: boolean },
  next: () => number,
): Float32Array {
  const columns = operand.axes.at(-1)?.size ?? 1;
  const rows = operand.axes.at(-2)?.size ?? 1;
  const features = across ? rows : columns;
  const loudness = 1 / Math.sqrt(Math.max(1, features / 8));
  const heads = operand.axes.at(-3)?.size ?? 1;
  return data.map((_, k) => {
    const [i, j] = [Math.floor(k / columns) % rows, k % columns];
    const [position, feature] = across ? [j, i] : [i, j];
    const head = HEADS[(Math.floor(k / (columns * rows)) % heads) % HEADS.length] ?? HEADS[0];
    const angle = (head.speeds[(feature >> 1) % 4] ?? 1) * (position + (place === "right" ? head.back : 0));
    const wave = feature % 2 === 1 ? Math.sin(angle) : Math.cos(angle);
    const sink = place === "right" && position === 0 ? head.sink : 1;
    return wave * head.strength * loudness * sink + 0.22 * normal(next);
  });
}

type Spot = { readonly position: number; readonly feature: number; readonly matrix: number };

/** Fills by position and feature, whichever of the two stored axes they run along. */
function eachPosition(
  data: Float32Array,
  operand: SizedOperand,
  across: boolean,
  value: (spot: Spot) => number,
): Float32Array {
  const columns = operand.axes.at(-1)?.size ?? 1;
  const rows = operand.axes.at(-2)?.size ?? 1;
  return data.map((_, k) => {
    const [i, j] = [Math.floor(k / columns) % rows, k % columns];
    const [position, feature] = across ? [j, i] : [i, j];
    return value({ position, feature, matrix: Math.floor(k / (columns * rows)) });
  });
}

/** Every position picks one feature: multiplying by it looks rows up. */
function oneHot(data: Float32Array, operand: SizedOperand, across: boolean, next: () => number): Float32Array {
  const [outer, inner] = [operand.axes.at(-2)?.size ?? 1, operand.axes.at(-1)?.size ?? 1];
  const [positions, features] = across ? [inner, outer] : [outer, inner];
  const picks = Array.from({ length: data.length / Math.max(1, features) }, () => Math.floor(next() * features));
  return eachPosition(data, operand, across, ({ position, feature, matrix }) =>
    picks[matrix * positions + position] === feature ? 1 : 0,
  );
}

/** A sentence whose words come back: each word has one vector, so that a word finds itself wherever it stands. */
export const SENTENCE = [
  "the",
  "cat",
  "sat",
  "on",
  "the",
  "mat",
  "and",
  "the",
  "dog",
  "sat",
  "by",
  "the",
  "cat",
] as const;
export const wordAt = (position: number): string => SENTENCE[position % SENTENCE.length] ?? "";

function tokens(
  data: Float32Array,
  operand: SizedOperand,
  { place, across }: { readonly place: Place; readonly across: boolean },
  seed: number,
): Float32Array {
  const features = (across ? operand.axes.at(-2) : operand.axes.at(-1))?.size ?? 1;
  const loudness = place === "values" ? 1 : 2 / features ** 0.25;
  const vectors = new Map<string, readonly number[]>();
  return eachPosition(data, operand, across, ({ position, feature, matrix }) => {
    const word = wordAt(position);
    const key = `${word}-${matrix}`;
    const known = vectors.get(key) ?? vectorOf(word, seed + 31 * matrix + (place === "values" ? 1 : 0), features);
    vectors.set(key, known);
    return loudness * (known[feature] ?? 0);
  });
}

function vectorOf(word: string, seed: number, features: number): readonly number[] {
  const next = generator(
    Array.from(word).reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), seed * 7919),
  );
  return Array.from({ length: features }, () => normal(next));
}

/** Normal numbers of a seed, for tensors of any shape. */
export function randomly(shape: readonly number[], seed: number): Float32Array {
  const next = generator(seed * 7919 + 5);
  return Float32Array.from({ length: shape.reduce((n, size) => n * size, 1) }, () => normal(next));
}

/** Mulberry32: small, fast, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next());
