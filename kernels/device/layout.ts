/**
 * How a stack of matrices lies in GPU memory: row after row, every matrix padded with zeros to whole tiles, so that
 * kernels read four numbers at once and never past an edge. It knows numbers and arrays, not devices.
 */

import { roundUp } from "../shapes.ts";

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
}

export function layout(count: number, rows: number, columns: number, rowTile = 4): Layout {
  const paddedRows = roundUp(rows, rowTile);
  const rowStride = roundUp(columns, 4);
  const matrixStride = paddedRows * rowStride;
  return { count, rows, columns, paddedRows, rowStride, matrixStride, bytes: 4 * count * matrixStride };
}

/** The numbers as they go to the GPU. Returns `data` itself where nothing needs padding. */
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

/** The numbers as they came from the GPU, without the padding. */
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
