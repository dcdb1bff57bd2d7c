/**
 * The same computation once more, in double precision and the plainest way, for as many values as a moment allows.
 * It shares nothing with the kernels, so that a mistake in them cannot hide in it.
 */

import type { Layout } from "../../src/playground/layout.ts";
import { volume } from "../../src/playground/axes.ts";
import { at, matrixOf, type Check, type Matrix, type Picture } from "./picture.ts";

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

function matmulRow(picture: Picture, slice: readonly number[], row: number, comparison: Comparison): void {
  const [a, b, c] = [matrixOf(picture, "a", slice), matrixOf(picture, "b", slice), matrixOf(picture, "result", slice)];
  if (a === undefined || b === undefined || c === undefined) return;
  for (let j = 0; j < b.columns; j++) {
    let sum = 0;
    let weight = 0;
    for (let k = 0; k < a.columns; k++) {
      const product = at(a, row, k) * at(b, k, j);
      sum += product;
      weight += Math.abs(product);
    }
    comparison.add(at(c, row, j), sum, EPSILON * (a.columns + 4) * weight);
  }
}

function attentionRow(picture: Picture, slice: readonly number[], row: number, comparison: Comparison): void {
  const q = matrixOf(picture, "q", slice);
  const k = matrixOf(picture, "k", slice);
  const v = matrixOf(picture, "v", slice);
  const out = matrixOf(picture, "output", slice);
  if (q === undefined || k === undefined || v === undefined || out === undefined) return;
  const { causal = false, scale = 1 / Math.sqrt(q.columns) } = picture.bench.operation.options;
  const scores = Array.from({ length: k.columns }, (_, s) =>
    causal && s > row ? -Infinity : scale * dot(q, k, row, s),
  );
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
    comparison.add(at(out, row, d), sum, EPSILON * (q.columns + k.columns + 16) * loudest * weight + 1e-30);
  }
}

function dot(a: Matrix, b: Matrix, row: number, column: number): number {
  let sum = 0;
  for (let k = 0; k < a.columns; k++) sum += at(a, row, k) * at(b, k, column);
  return sum;
}
