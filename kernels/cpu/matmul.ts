/**
 * One matrix product on the CPU: a 4 × 4 piece of the result in variables at a time, summed in float64. It knows
 * padded matrices in Float32Arrays and gives the thread back regularly.
 */

import { pause } from "./pause.ts";

/** Whole 4 × 4 tiles, row after row: `rows` and `columns` are multiples of four. */
export interface Tiles {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** a (m, k) times b (k, n). */
export async function multiply(a: Tiles, b: Tiles, signal: AbortSignal | undefined): Promise<Tiles> {
  const c: Tiles = { data: new Float32Array(a.rows * b.columns), rows: a.rows, columns: b.columns };
  const panels = packColumns(b);
  const breathe = pause(signal);
  for (let row = 0; row < a.rows; row += 4) {
    multiplyRows(a, panels, c, row);
    await breathe(4 * a.columns * b.columns);
  }
  return c;
}

export function transpose(x: Tiles): Tiles {
  const data = new Float32Array(x.data.length);
  for (let row = 0; row < x.rows; row++) {
    for (let column = 0; column < x.columns; column++) {
      data[column * x.rows + row] = x.data[row * x.columns + column] ?? 0;
    }
  }
  return { data, rows: x.columns, columns: x.rows };
}

/** The columns of b, four by four, so that the inner loop reads memory in order. */
function packColumns(b: Tiles): Float32Array {
  const panels = new Float32Array(b.data.length);
  let at = 0;
  for (let column = 0; column < b.columns; column += 4) {
    for (let row = 0; row < b.rows; row++) {
      const from = row * b.columns + column;
      panels.set(b.data.subarray(from, from + 4), at);
      at += 4;
    }
  }
  return panels;
}

/** Four rows of the result. Sixteen sums in variables: an array of them would not stay in registers. */
function multiplyRows(a: Tiles, panels: Float32Array, c: Tiles, row: number): void {
  const depth = a.columns;
  const x = a.data;
  const [r0, r1, r2, r3] = [row * depth, (row + 1) * depth, (row + 2) * depth, (row + 3) * depth];
  for (let column = 0; column < c.columns; column += 4) {
    let [c00, c01, c02, c03, c10, c11, c12, c13] = [0, 0, 0, 0, 0, 0, 0, 0];
    let [c20, c21, c22, c23, c30, c31, c32, c33] = [0, 0, 0, 0, 0, 0, 0, 0];
    let at = column * depth;
    for (let k = 0; k < depth; k++, at += 4) {
      const [b0, b1, b2, b3] = [panels[at] ?? 0, panels[at + 1] ?? 0, panels[at + 2] ?? 0, panels[at + 3] ?? 0];
      const [a0, a1, a2, a3] = [x[r0 + k] ?? 0, x[r1 + k] ?? 0, x[r2 + k] ?? 0, x[r3 + k] ?? 0];
      c00 += a0 * b0;
      c01 += a0 * b1;
      c02 += a0 * b2;
      c03 += a0 * b3;
      c10 += a1 * b0;
      c11 += a1 * b1;
      c12 += a1 * b2;
      c13 += a1 * b3;
      c20 += a2 * b0;
      c21 += a2 * b1;
      c22 += a2 * b2;
      c23 += a2 * b3;
      c30 += a3 * b0;
      c31 += a3 * b1;
      c32 += a3 * b2;
      c33 += a3 * b3;
    }
    const out = row * c.columns + column;
    store(c.data, out, c00, c01, c02, c03);
    store(c.data, out + c.columns, c10, c11, c12, c13);
    store(c.data, out + 2 * c.columns, c20, c21, c22, c23);
    store(c.data, out + 3 * c.columns, c30, c31, c32, c33);
  }
}

function store(data: Float32Array, at: number, x0: number, x1: number, x2: number, x3: number): void {
  data[at] = x0;
  data[at + 1] = x1;
  data[at + 2] = x2;
  data[at + 3] = x3;
}
