/**
 * What a product and an attention should be, by the float64 reference and plain index arithmetic, with the error that
 * float32 allows for each number. Broadcasting is written here once more, apart from the kernels' own.
 */

import { activate } from "../../kernels/elementwise/activation.ts";
import type { AttentionRequest, MatmulRequest, Shape, Storage, Tensor } from "../../kernels/index.ts";
import {
  attentionReference,
  matmulReference,
  transposeReference,
  type AttentionReference,
} from "../../kernels/reference.ts";
import { throughHalf } from "../../kernels/storage/half.ts";
import { size } from "./numbers.ts";

export interface Expected {
  readonly shape: Shape;
  readonly values: Float64Array;
  /** How far each number may be off. */
  readonly tolerances: Float64Array;
}

/** Half the distance between 1 and the next float32. */
const roundoff = 2 ** -24;
/** Numbers below the least normal float32 may be taken for zero. */
const leastNormal = 2 ** -126;

/** What is wrong with a result, as a sentence that starts with `what`; empty if nothing is. */
export function difference(actual: Tensor, expected: Expected, what: string): string {
  const { shape, values, tolerances } = expected;
  if (String(actual.shape) !== String(shape))
    return `${what}: shape (${String(actual.shape)}) instead of (${String(shape)})`;
  if (actual.data.length !== values.length) return `${what}: ${actual.data.length} numbers instead of ${values.length}`;
  const wrong = values.findIndex((value, i) => !close(actual.data[i] ?? NaN, Math.fround(value), tolerances[i] ?? 0));
  if (wrong === -1) return "";
  return `${what}: number ${wrong} is ${actual.data[wrong]} instead of ${values[wrong]} ± ${tolerances[wrong]}`;
}

function close(got: number, wanted: number, tolerance: number): boolean {
  if (Number.isNaN(wanted)) return Number.isNaN(got);
  return got === wanted || Math.abs(got - wanted) <= tolerance;
}

/** Any order of summing k products in float32 errs by no more than k + 1 roundings of the sum of magnitudes. */
export function expectedMatmul(request: MatmulRequest): Expected {
  const aShape = request.aShape.length === 1 ? [1, ...request.aShape] : request.aShape;
  const bShape = request.bShape.length === 1 ? [...request.bShape, 1] : request.bShape;
  const [aRows, aColumns] = lastTwo(aShape);
  const [bRows, bColumns] = lastTwo(bShape);
  const [m, k] = request.transposeA === true ? [aColumns, aRows] : [aRows, aColumns];
  const n = request.transposeB === true ? bRows : bColumns;
  const batch = broadcastShapes(aShape.slice(0, -2), bShape.slice(0, -2));
  const values = new Float64Array(size(batch) * m * n);
  const tolerances = new Float64Array(values.length);
  const [storedA, storedB] = [asStored(request.a, request), asStored(request.b, request)];
  for (let i = 0; i < size(batch); i++) {
    const a = oriented(matrixAt(storedA, aShape, batch, i), aRows, aColumns, request.transposeA);
    const b = oriented(matrixAt(storedB, bShape, batch, i), bRows, bColumns, request.transposeB);
    values.set(matmulReference(a, b, m, k, n), i * m * n);
    const magnitudes = matmulReference(a.map(Math.abs), b.map(Math.abs), m, k, n);
    tolerances.set(
      magnitudes.map((sum) => (k + 1) * (roundoff * sum + leastNormal)),
      i * m * n,
    );
  }
  const shape = [...batch, ...(request.aShape.length === 1 ? [] : [m]), ...(request.bShape.length === 1 ? [] : [n])];
  return { shape, ...finished(values, tolerances, request, n) };
}

/**
 * Bias and activation. No activation is steeper than 1.2; what they approximate is off by no more than 2⁻²¹ of its
 * argument. The result is rounded once more where it is stored in float16.
 */
function finished(
  sums: Float64Array,
  roundings: Float64Array,
  request: MatmulRequest,
  columns: number,
): Omit<Expected, "shape"> {
  const { bias, activation = "none" } = request;
  const added = sums.map((sum, i) => sum + (bias?.[bias.length === 1 ? 0 : i % columns] ?? 0));
  const values = added.map((sum) => activate(activation, sum));
  const steep = activation === "none" ? 0 : 2 ** -21;
  const tolerances = roundings.map((own, i) => {
    const [sum, value] = [Math.abs(added[i] ?? 0), Math.abs(values[i] ?? 0)];
    const beyondBias = bias === undefined ? 0 : (Math.abs(sums[i] ?? 0) + sum) * roundoff;
    return finiteOr(0, 1.2 * (own + beyondBias) + steep * (sum + 1)) + storing(value, request);
  });
  return { values, tolerances };
}

function finiteOr(otherwise: number, value: number): number {
  return Number.isFinite(value) ? value : otherwise;
}

/** The error of storing a value in float16: half a step, and nothing for float32. */
function storing(value: number, { storage }: { readonly storage?: Storage | undefined }): number {
  return storage === "float16" ? finiteOr(0, value * 2 ** -11) + 2 ** -25 : 0;
}

function asStored(data: Float32Array, { storage }: { readonly storage?: Storage | undefined }): Float32Array {
  return storage === "float16" ? throughHalf(data) : data;
}

/** The steps of an attention. Only the output has tolerances; the others are checked by what follows from them. */
export function expectedAttention(
  request: AttentionRequest,
): Expected & { readonly steps: readonly AttentionReference[] } {
  const [qShape, kShape, vShape] = [request.qShape, request.kShape, request.vShape].map((shape) => {
    return shape.length === 2 ? [1, ...shape] : shape;
  });
  if (!qShape || !kShape || !vShape) throw new Error("An operand has no shape.");
  const [queries, dim] = lastTwo(qShape);
  const [keys, valueDim] = lastTwo(vShape);
  const heads = Math.max(...[qShape, kShape, vShape].map((shape) => shape.at(-3) ?? 1));
  const batch = [qShape, kShape, vShape].map((shape) => shape.slice(0, -3)).reduce<Shape>(broadcastShapes, []);
  const full = [...batch, heads];
  const [q16, k16, v16] = [request.q, request.k, request.v].map((data) => asStored(data, request));
  if (!q16 || !k16 || !v16) throw new Error("An operand has no numbers.");
  const steps: AttentionReference[] = [];
  const values = new Float64Array(size(full) * queries * valueDim);
  const tolerances = new Float64Array(values.length);
  for (let i = 0; i < size(full); i++) {
    const [q, k, v] = [headAt(q16, qShape, full, i), headAt(k16, kShape, full, i), headAt(v16, vShape, full, i)];
    const mask = request.mask && maskAt(request.mask, request.maskShape ?? [], [...full, queries, keys], i);
    const scale = request.scale ?? 1 / Math.sqrt(Math.max(dim, 1));
    const causal = request.causal === true;
    const { window, softcap } = request;
    const one = { q, k, v, mask, causal, window, softcap, scale, queries, keys, dim, valueDim };
    const step = attentionReference(one);
    steps.push(step);
    values.set(step.output, i * queries * valueDim);
    const own = attentionTolerances(one, step).map((x, j) => x + storing(Math.abs(step.output[j] ?? 0), request));
    tolerances.set(own, i * queries * valueDim);
  }
  const flat = [request.qShape, request.kShape, request.vShape].every((shape) => shape.length === 2);
  return { shape: [...(flat ? [] : full), queries, valueDim], values, tolerances, steps };
}

/**
 * A score errs by dim + 2 roundings of its sum of magnitudes, and twice that goes into a weight, relatively; exp errs
 * by 3 + 2|x| roundings of two; sums over the keys by one for each. Weights are at most 1, so all that times the
 * greatest value bounds the output.
 */
function attentionTolerances(one: Parameters<typeof attentionReference>[0], step: AttentionReference): Float64Array {
  const { queries, keys, dim, valueDim } = one;
  const absolute = (x: ArrayLike<number>): Float64Array => Float64Array.from(x, Math.abs);
  const kT = transposeReference(one.k, keys, dim);
  const magnitudes = matmulReference(absolute(one.q), absolute(kT), queries, dim, keys);
  const greatest = absolute(one.v).reduce((most, value) => (Number.isFinite(value) ? Math.max(most, value) : most), 0);
  return Float64Array.from({ length: queries * valueDim }, (_, i) => {
    const row = Math.floor(i / valueDim);
    const scores = magnitudes.subarray(row * keys, (row + 1) * keys);
    const masked = step.masked.subarray(row * keys, (row + 1) * keys).filter(Number.isFinite);
    // A softcap is off by a few roundings of itself, and never steepens.
    const capping = one.softcap === undefined ? 0 : 8 * one.softcap;
    const size = capping + Math.max(0, ...scores.filter(Number.isFinite)) * Math.abs(one.scale) * (dim + 2);
    const largest = Math.max(0, ...masked.map(Math.abs));
    const spread = masked.length === 0 ? 0 : Math.min(100, Math.max(...masked) - Math.min(...masked));
    return greatest * roundoff * (2 * (size + 2 * largest) + 2 * (3 + 2 * spread) + 2 * keys + 4) + leastNormal;
  });
}

function lastTwo(shape: Shape): readonly [number, number] {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
}

function oriented(x: Float32Array, rows: number, columns: number, transposed: boolean | undefined): Float64Array {
  return transposed === true ? transposeReference(x, rows, columns) : Float64Array.from(x);
}

function broadcastShapes(left: Shape, right: Shape): Shape {
  const rank = Math.max(left.length, right.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [l, r] = [left[axis + left.length - rank] ?? 1, right[axis + right.length - rank] ?? 1];
    return l === 1 ? r : l;
  });
}

/** The number of the element of `shape` that the `i`-th element of `target` reads. */
function sourceOf(shape: Shape, target: Shape, i: number): number {
  let [rest, place, stride] = [i, 0, 1];
  for (let axis = 1; axis <= target.length; axis++) {
    const length = target[target.length - axis] ?? 1;
    const own = axis <= shape.length ? (shape[shape.length - axis] ?? 1) : 1;
    place += (own === 1 ? 0 : rest % length) * stride;
    stride *= own;
    rest = Math.floor(rest / length);
  }
  return place;
}

function matrixAt(data: Float32Array, shape: Shape, batch: Shape, i: number): Float32Array {
  const length = lastTwo(shape)[0] * lastTwo(shape)[1];
  const matrix = sourceOf(shape.slice(0, -2), batch, i);
  return data.subarray(matrix * length, (matrix + 1) * length);
}

/** As `torch.repeat_interleave` spreads fewer heads over more: heads that follow each other share one. */
function headAt(data: Float32Array, shape: Shape, full: Shape, i: number): Float32Array {
  const [heads, own] = [full.at(-1) ?? 1, shape.at(-3) ?? 1];
  const batch = sourceOf(shape.slice(0, -3), full.slice(0, -1), Math.floor(i / heads));
  const matrix = batch * own + Math.floor((i % heads) / (heads / own));
  const length = lastTwo(shape)[0] * lastTwo(shape)[1];
  return data.subarray(matrix * length, (matrix + 1) * length);
}

function maskAt(mask: Float32Array | Uint8Array, shape: Shape, scores: Shape, i: number): Float64Array {
  const length = lastTwo(scores)[0] * lastTwo(scores)[1];
  return Float64Array.from({ length }, (_, j) => {
    const value = mask[sourceOf(shape, scores, i * length + j)] ?? 0;
    return mask instanceof Float32Array ? value : value === 0 ? -Infinity : 0;
  });
}
