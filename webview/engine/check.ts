/**
 * The same computation once more, in double precision and the plainest way, for as many values as a moment allows.
 * It shares nothing with the kernels, so that a mistake in them cannot hide in it.
 */

import { activate } from "../../kernels/elementwise/activation.ts";
import { biasAt } from "../../src/playground/activation.ts";
import { addedTo, capped } from "../../src/playground/mask.ts";
import type { Layout } from "../../src/playground/layout.ts";
import { volume } from "../../src/playground/axes.ts";
import { at, headAt, matrixOf, type Check, type Matrix, type Picture } from "./picture.ts";

/** Multiply-adds that a check may take: a few milliseconds. */
const MOST_MACS = 2_000_000;

export type Unchecked = Omit<Picture, "check">;

export function checked(picture: Unchecked): Picture {
  const whole: Picture = { ...picture, check: { maxError: NaN, ok: false, compared: 0, total: 0 } };
  const matmul = picture.bench.operation.operator === "matmul";
  const comparison = new Comparison();
  const { layout } = picture;
  const columns = matmul ? layout.columns.size : layout.values.size;
  const rowCost = matmul ? layout.inner.size * columns : layout.columns.size * (layout.inner.size + columns);
  const total = volume([...layout.batch, layout.rows]);
  const some = Math.max(1, Math.min(total, Math.floor(MOST_MACS / Math.max(1, rowCost))));
  for (let i = 0; i < some; i++) {
    const flat = Math.floor((i * total) / some);
    const slice = sliceAt(layout, Math.floor(flat / layout.rows.size));
    if (matmul) matmulRow(whole, slice, flat % layout.rows.size, comparison);
    else attentionRow(whole, slice, flat % layout.rows.size, comparison);
  }
  return { ...picture, check: comparison.verdict(total * columns) };
}

function sliceAt(layout: Layout, flat: number): readonly number[] {
  const slice: number[] = [];
  for (const { size } of layout.batch.toReversed()) {
    slice.unshift(flat % size);
    flat = Math.floor(flat / size);
  }
  return slice;
}

/** Gathers differences. `room` is what rounding in float32 may cost a value. Lives for one check. */
class Comparison {
  #maxError = 0;
  #ok = true;
  #compared = 0;

  add(found: number, expected: number, room: number): void {
    this.#compared++;
    if (Object.is(found, expected) || found === expected) return;
    const error = Math.abs(found - expected);
    if (!(error <= room)) this.#ok = false;
    this.#maxError = Number.isNaN(error) ? Infinity : Math.max(this.#maxError, error);
  }

  verdict(total: number): Check {
    return { maxError: this.#maxError, ok: this.#ok, compared: this.#compared, total };
  }
}

const EPSILON = 2 ** -23;
/** Operands and result are rounded once more where they are stored in float16. */
const HALF_EPSILON = 2 ** -11;
const halved = ({ bench }: Picture): number => (bench.operation.options.storage === "float16" ? HALF_EPSILON : 0);

function matmulRow(picture: Picture, slice: readonly number[], row: number, comparison: Comparison): void {
  const [a, b, c] = [matrixOf(picture, "a", slice), matrixOf(picture, "b", slice), matrixOf(picture, "result", slice)];
  if (a === undefined || b === undefined || c === undefined) return;
  const { bias = false, activation = "none" } = picture.bench.operation.options;
  for (let j = 0; j < b.columns; j++) {
    let sum = bias ? biasAt(j) : 0;
    let weight = Math.abs(sum);
    for (let k = 0; k < a.columns; k++) {
      const product = at(a, row, k) * at(b, k, j);
      sum += product;
      weight += Math.abs(product);
    }
    // No activation is steeper than 1.2, and each is itself a few roundings.
    const room = 1.2 * (EPSILON * (a.columns + (activation === "none" ? 4 : 12)) + 3 * halved(picture)) * weight;
    comparison.add(at(c, row, j), activate(activation, sum), room + (activation === "none" ? 0 : 4 * EPSILON));
  }
}

function attentionRow(picture: Picture, slice: readonly number[], row: number, comparison: Comparison): void {
  const q = matrixOf(picture, "q", slice);
  const k = matrixOf(picture, "k", slice);
  const v = matrixOf(picture, "v", slice);
  const out = matrixOf(picture, "output", slice);
  if (q === undefined || k === undefined || v === undefined || out === undefined) return;
  const { options } = picture.bench.operation;
  const { scale = 1 / Math.sqrt(q.columns), softcap } = options;
  const place = { query: row, keys: k.columns, ...headAt(picture.layout, slice) };
  const scores = Array.from({ length: k.columns }, (_, key) => {
    const added = addedTo(options, { ...place, key });
    return added === -Infinity ? added : capped(scale * dot(q, k, row, key), softcap) + added;
  });
  const top = Math.max(...scores);
  const weights = scores.map((x) => (x === -Infinity ? 0 : Math.exp(x - top)));
  const total = weights.reduce((sum, x) => sum + x, 0);
  const loudest = scores.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1);
  for (let d = 0; d < v.columns; d++) {
    let sum = 0;
    let weight = 0;
    weights.forEach((w, s) => {
      if (w === 0) return;
      const product = (w / total) * at(v, s, d);
      sum += product;
      weight += Math.abs(product);
    });
    const room = EPSILON * (q.columns + k.columns + 16) * loudest + halved(picture) * (4 + 2 * loudest);
    comparison.add(at(out, row, d), sum, room * weight + 1e-30);
  }
}

function dot(a: Matrix, b: Matrix, row: number, column: number): number {
  let sum = 0;
  for (let k = 0; k < a.columns; k++) sum += at(a, row, k) * at(b, k, column);
  return sum;
}
