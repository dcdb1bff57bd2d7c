/**
 * How a stack of matrices lies in GPU memory: row after row, every matrix padded with zeros to whole tiles, so that
 * kernels read four numbers at once and never past an edge. It knows numbers and arrays, not devices.
 */

import { roundUp } from "../shapes.ts";
import { fromHalf, toHalf } from "../storage/half.ts";
import type { Storage } from "../types.ts";

export interface Layout {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  readonly paddedRows: number;
  /** Numbers from one row to the next. */
  readonly rowStride: number;
  /** Numbers from one matrix to the next. */
  readonly matrixStride: number;
  readonly bytes: number;
  readonly storage: Storage;
}

export function layout(
  count: number,
  rows: number,
  columns: number,
  { rowTile = 4, storage = "float32" }: { readonly rowTile?: number; readonly storage?: Storage } = {},
): Layout {
  const paddedRows = roundUp(rows, rowTile);
  const rowStride = roundUp(columns, 4);
  const matrixStride = paddedRows * rowStride;
  const bytes = (storage === "float16" ? 2 : 4) * count * matrixStride;
  return { count, rows, columns, paddedRows, rowStride, matrixStride, bytes, storage };
}

/** Numbers in one line, without padding. */
export function flatLayout(count: number): Layout {
  const one = { count: 1, rows: 1, columns: count, paddedRows: 1 };
  return { ...one, rowStride: count, matrixStride: count, bytes: 4 * count, storage: "float32" };
}

/** The numbers as they go to the GPU. */
export function upload(data: Float32Array, to: Layout): Float32Array | Uint16Array {
  const padded = pad(data, to);
  return to.storage === "float16" ? toHalf(padded) : padded;
}

/** The numbers as they came from the GPU, without the padding. */
export function download(bytes: ArrayBuffer, from: Layout): Float32Array {
  return unpad(from.storage === "float16" ? fromHalf(new Uint16Array(bytes)) : new Float32Array(bytes), from);
}

/** Whole tiles, filled up with zeros. Returns `data` itself where nothing needs padding. */
export function pad(data: Float32Array, to: Layout): Float32Array {
  if (to.rows === to.paddedRows && to.columns === to.rowStride) return data;
  const padded = new Float32Array(to.count * to.matrixStride);
  for (let matrix = 0; matrix < to.count; matrix++) {
    for (let row = 0; row < to.rows; row++) {
      const from = (matrix * to.rows + row) * to.columns;
      padded.set(data.subarray(from, from + to.columns), matrix * to.matrixStride + row * to.rowStride);
    }
  }
  return padded;
}

export function unpad(padded: Float32Array, from: Layout): Float32Array {
  const size = from.rows * from.columns;
  const data = new Float32Array(from.count * size);
  for (let matrix = 0; matrix < from.count; matrix++) {
    for (let row = 0; row < from.rows; row++) {
      const start = matrix * from.matrixStride + row * from.rowStride;
      data.set(padded.subarray(start, start + from.columns), matrix * size + row * from.columns);
    }
  }
  return data;
}
