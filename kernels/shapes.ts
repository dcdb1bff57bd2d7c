/**
 * Plain sizes: products, broadcasting, and the sentences that say what is wrong with them. It knows nothing of
 * devices or of any operator.
 */

import type { Shape } from "./types.ts";

/** A request that makes no sense or does not fit; its message is a sentence for the person who made it. */
export class RequestError extends Error {
  override readonly name = "RequestError";
}

export function product(shape: Shape): number {
  return shape.reduce((total, size) => total * size, 1);
}

/** `(2, 3)`, `(4,)` and `()`, as Python prints them. */
export function printShape(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

type Numbers = Float32Array | Uint8Array;

export function checkTensor(
  name: string,
  data: Numbers,
  shape: Shape,
  ...kinds: readonly (new (length: number) => Numbers)[]
): void {
  const allowed = kinds.length === 0 ? [Float32Array] : kinds;
  if (!allowed.some((kind) => data instanceof kind)) {
    throw new RequestError(`${name} must be a ${allowed.map((kind) => kind.name).join(" or a ")}.`);
  }
  if (!Array.isArray(shape)) throw new RequestError(`The shape of ${name} must be an array of sizes.`);
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new RequestError(`The shape of ${name} holds ${String(size)}; a size is a whole number, 0 or more.`);
    }
  }
  if (product(shape) !== data.length) {
    throw new RequestError(
      `${name} has ${data.length} numbers, but its shape ${printShape(shape)} needs ${product(shape)}.`,
    );
  }
}

/** The shape that both broadcast to, or undefined if they don't. */
export function broadcast(left: Shape, right: Shape): Shape | undefined {
  const rank = Math.max(left.length, right.length);
  const out: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const l = left[left.length - rank + axis] ?? 1;
    const r = right[right.length - rank + axis] ?? 1;
    if (l !== r && l !== 1 && r !== 1) return undefined;
    out.push(l === 1 ? r : l);
  }
  return out;
}

/**
 * For each position of `target` in row-major order, the position in `source` that broadcasting reads. `source` must
 * broadcast to `target`.
 */
export function broadcastIndices(source: Shape, target: Shape): Uint32Array {
  return stridedIndices(target, broadcastStrides(source, target));
}

/** For each position of `target` in row-major order, the sum of its places along the axes times their strides. */
export function stridedIndices(target: Shape, strides: readonly number[]): Uint32Array {
  const indices = new Uint32Array(product(target));
  const counter = target.map(() => 0);
  let position = 0;
  for (let i = 0; i < indices.length; i++) {
    indices[i] = position;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      const next = (counter[axis] ?? 0) + 1;
      position += stride;
      if (next < (target[axis] ?? 1)) {
        counter[axis] = next;
        break;
      }
      position -= stride * next;
      counter[axis] = 0;
    }
  }
  return indices;
}

/** How far apart neighbours along each axis of `target` lie in `source`; zero where an axis is broadcast. */
export function broadcastStrides(source: Shape, target: Shape): readonly number[] {
  const strides = target.map(() => 0);
  let stride = 1;
  for (let axis = 1; axis <= source.length; axis++) {
    const size = source[source.length - axis] ?? 1;
    if (size !== 1) strides[target.length - axis] = stride;
    stride *= size;
  }
  return strides;
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Bytes for people: `1.07 GB`. */
export function printBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit] ?? ""}`;
}
