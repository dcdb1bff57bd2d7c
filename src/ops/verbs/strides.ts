/**
 * Where the elements of a PyTorch tensor lie in memory: how many elements apart the neighbours along each
 * dimension are. Views reorder and keep these strides; what copies lays the elements out anew. It knows
 * shapes and numbers, no operators. A dimension of size 1 may have any stride.
 */
import { asNumber, constant, multiply, product, type Dim, type Shape } from "../../shapes/index.ts";
import type { Call } from "../operator.ts";
import type { Tensor } from "../value.ts";

export type Strides = readonly Dim[];

/** The strides of elements that lie in the order of the dimensions. */
export function rowMajor({ lead, dims }: Shape): Strides | null {
  return lead === null ? dims.map((_, i) => product(dims.slice(i + 1))) : null;
}

/** The strides of a tensor, with what has been learnt since they were noted. */
export function stridesOf(call: Call, { shape, strides }: Tensor): Strides | null {
  const known = call.solver.shape(shape);
  if (strides === undefined || known.lead !== null || known.dims.length !== strides.length) return null;
  return strides.map((stride) => call.solver.dim(stride));
}

const isOne = (dim: Dim): boolean => asNumber(dim) === 1;

export function isRowMajor(shape: Shape, strides: Strides): boolean {
  const wanted = rowMajor(shape);
  return wanted !== null && shape.dims.every((dim, i) => isOne(dim) || wanted[i]?.key === strides[i]?.key);
}

/** Whether the elements fill their piece of memory, in whatever order of the dimensions. */
export function isDense({ dims }: Shape, strides: Strides): boolean {
  const left = dims.flatMap((dim, i) => (isOne(dim) ? [] : [{ dim, stride: strides[i] }]));
  let expected = constant(1);
  while (left.length > 0) {
    const next = left.findIndex(({ stride }) => stride?.key === expected.key);
    const [found] = next < 0 ? [] : left.splice(next, 1);
    if (found === undefined) return false;
    expected = multiply(expected, found.dim);
  }
  return true;
}

/** The strides after sizes of 1 were added or removed; null where the other sizes are not the same. */
export function withOtherOnes(from: Shape, strides: Strides, to: Shape): Strides | null {
  const kept = from.dims.flatMap((dim, i) => (isOne(dim) ? [] : [{ dim, stride: strides[i] }]));
  const others = to.dims.filter((dim) => !isOne(dim));
  if (to.lead !== null || others.length !== kept.length) return null;
  if (others.some((dim, i) => dim.key !== kept[i]?.dim.key)) return null;
  const rest = kept.map(({ stride }) => stride);
  return to.dims.map((dim) => (isOne(dim) ? constant(1) : (rest.shift() ?? constant(1))));
}

/** The strides of a view with other sizes: null where nobody knows, "no" where only a copy can have them. */
export function viewedAs(from: Shape, strides: Strides, to: Shape): Strides | "no" | null {
  if (isRowMajor(from, strides)) return rowMajor(to);
  const same = withOtherOnes(from, strides, to);
  if (same !== null) return same;
  const runs = runsOf(from, strides);
  if (runs === null || to.lead !== null) return null;
  return fill(runs, to.dims);
}

/** Neighbouring dimensions that lie in memory as if they were one. */
interface Run {
  readonly size: Dim;
  readonly stride: Dim;
  /** True where the run before this one surely does not continue into it. */
  readonly apart: boolean;
}

/** Null where there are no elements, so that every view is allowed. */
function runsOf({ dims }: Shape, strides: Strides): readonly Run[] | null {
  if (dims.some((dim) => asNumber(dim) === 0)) return null;
  const runs: Run[] = [];
  dims.forEach((size, i) => {
    const stride = strides[i];
    if (stride === undefined || isOne(size)) return;
    const last = runs.at(-1);
    const joined = multiply(size, stride);
    if (last?.stride.key === joined.key) {
      runs.splice(-1, 1, { size: multiply(last.size, size), stride, apart: last.apart });
      return;
    }
    runs.push({ size, stride, apart: last !== undefined && surelyApart(last, size, stride) });
  });
  return runs;
}

/** A size that turns out 1 separates nothing, so all that counts must be a number. */
function surelyApart(before: Run, size: Dim, stride: Dim): boolean {
  return [before.size, before.stride, size, stride].every((dim) => asNumber(dim) !== null);
}

/** Each run must be filled exactly by some of the new sizes. */
function fill(runs: readonly Run[], to: readonly Dim[]): Strides | "no" | null {
  const strides: Dim[] = [];
  const sizes = [...to];
  let certain = true;
  for (const run of runs.toReversed()) {
    const wanted = asNumber(run.size);
    if (wanted === null) return null;
    let filled = 1;
    while (sizes.length > 0 && (filled < wanted || isOne(sizes.at(-1) ?? constant(0)))) {
      const size = sizes.pop() ?? constant(1);
      const number = asNumber(size);
      if (number === null) return null;
      strides.unshift(multiply(run.stride, constant(filled)));
      filled *= number;
    }
    if (filled !== wanted) return certain && run.apart ? "no" : null;
    certain &&= run.apart;
  }
  return strides.length === to.length ? strides : null;
}

export interface Laid {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

/**
 * The strides that an element-wise operation gives its result: dimensions in the order of memory that
 * the first operand which tells them apart has.
 */
export function elementwiseStrides(operands: readonly Laid[], result: readonly number[]): readonly number[] {
  const steps = operands.map(({ sizes, strides }) =>
    result.map((size, i) => {
      const at = i - result.length + sizes.length;
      return at < 0 || (sizes[at] === 1 && size !== 1) ? 0 : (strides[at] ?? 0);
    }),
  );
  const order = fastestFirst(result, steps);
  const strides = result.map(() => 1);
  let next = 1;
  for (const axis of order) {
    strides[axis] = next;
    next *= result[axis] ?? 1;
  }
  return strides;
}

function fastestFirst(sizes: readonly number[], steps: readonly (readonly number[])[]): readonly number[] {
  const order = sizes.map((_, i) => sizes.length - 1 - i);
  for (let i = 1; i < order.length; i++) {
    let moving = i;
    for (let other = i - 1; other >= 0; other--) {
      const slower = compareAxes(sizes, steps, order[other] ?? 0, order[moving] ?? 0);
      if (slower < 0) break;
      if (slower === 0) continue;
      [order[other], order[moving]] = [order[moving] ?? 0, order[other] ?? 0];
      moving = other;
    }
  }
  return order;
}

/** Above 0 where axis `a` lies slower in memory than `b`; axes along which an operand is stretched tell nothing. */
function compareAxes(sizes: readonly number[], steps: readonly (readonly number[])[], a: number, b: number): number {
  for (const step of steps) {
    const [x, y] = [step[a] ?? 0, step[b] ?? 0];
    if (x === 0 || y === 0) continue;
    if (x !== y) return x < y ? -1 : 1;
    if ((sizes[a] ?? 0) > (sizes[b] ?? 0)) return 1;
  }
  return 0;
}
