/**
 * One WebAssembly memory that products and softmax share: packed operands go in, results come out. Products wait for
 * each other, since they give the thread back in between.
 */

import type { Tiles } from "../cpu/matmul.ts";
import { pause } from "../cpu/pause.ts";
import { RequestError, roundUp } from "../shapes.ts";

/** What `simd.wat` exports. */
export interface SimdExports {
  readonly memory: WebAssembly.Memory;
  readonly pack: (b: number, stride: number, to: number, rows: number, panels: number) => void;
  readonly multiply: (
    a: number,
    aStride: number,
    panels: number,
    c: number,
    cStride: number,
    rows: number,
    panelCount: number,
    depth: number,
  ) => void;
  readonly softmax: (x: number, rows: number, width: number) => void;
}

/** Numbers along k that are worked on at once, so that a panel of b stays in the nearest cache; and rows of a. */
const depthAtOnce = 256;
const rowsAtOnce = 64;
const panelColumns = 12;
const page = 2 ** 16;

export class SimdMemory {
  readonly #wasm: SimdExports;
  #last: Promise<unknown> = Promise.resolve();
  /** What a product that is under way holds, from the start of the memory. */
  #held = 0;

  constructor(wasm: SimdExports) {
    this.#wasm = wasm;
  }

  multiply(a: Tiles, b: Tiles, signal: AbortSignal | undefined): Promise<Tiles> {
    const turn = this.#last.then(async () => {
      signal?.throwIfAborted();
      try {
        return await this.#multiply(a, b, signal);
      } finally {
        this.#held = 0;
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  softmax(x: Tiles, columns: number): Tiles {
    if (x.data.length === 0 || columns === 0) return { ...x, data: x.data.fill(0) };
    for (let end = x.columns; end <= x.data.length; end += x.columns) {
      x.data.fill(-Infinity, end - x.columns + columns, end);
    }
    const place = roundUp(this.#held, 16);
    this.#need(place + x.data.byteLength);
    this.#view(place, x.data.length).set(x.data);
    this.#wasm.softmax(place, x.data.length / x.columns, 4 * x.columns);
    x.data.set(this.#view(place, x.data.length));
    return x;
  }

  async #multiply(a: Tiles, b: Tiles, signal: AbortSignal | undefined): Promise<Tiles> {
    const [depth, panels] = [a.columns, Math.ceil(b.columns / panelColumns)];
    const width = panels * panelColumns;
    const c: Tiles = { data: new Float32Array(a.rows * b.columns), rows: a.rows, columns: b.columns };
    if (c.data.length === 0 || depth === 0) return c;
    const packed = 0;
    const rowsOfA = packed + 4 * depth * width;
    const rowsOfC = rowsOfA + 4 * rowsAtOnce * depth;
    this.#held = rowsOfC + 4 * rowsAtOnce * width;
    this.#need(this.#held + 4 * depthAtOnce * width);
    const breathe = pause(signal);
    for (let k = 0; k < depth; k += depthAtOnce) {
      this.#pack(b, k, Math.min(depthAtOnce, depth - k), packed + 4 * k * width, width);
      await breathe(depthAtOnce * width);
    }
    for (let row = 0; row < a.rows; row += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, a.rows - row);
      this.#view(rowsOfA, rows * depth).set(a.data.subarray(row * depth, (row + rows) * depth));
      this.#view(rowsOfC, rows * width).fill(0);
      for (let k = 0; k < depth; k += depthAtOnce) {
        const deep = Math.min(depthAtOnce, depth - k);
        const panel = packed + 4 * k * width;
        this.#wasm.multiply(rowsOfA + 4 * k, 4 * depth, panel, rowsOfC, 4 * width, rows, panels, 4 * deep);
        await breathe(rows * deep * width);
      }
      this.#takeRows(c, row, rows, rowsOfC, width);
    }
    return c;
  }

  /** Some rows of b, widened with zeros to whole panels, packed by the module. */
  #pack(b: Tiles, first: number, rows: number, to: number, width: number): void {
    const scratch = this.#held;
    const view = this.#view(scratch, rows * width);
    if (width === b.columns) view.set(b.data.subarray(first * width, (first + rows) * width));
    else {
      view.fill(0);
      for (let row = 0; row < rows; row++) {
        view.set(b.data.subarray((first + row) * b.columns, (first + row + 1) * b.columns), row * width);
      }
    }
    this.#wasm.pack(scratch, 4 * width, to, rows, width / panelColumns);
  }

  #takeRows(c: Tiles, first: number, rows: number, from: number, width: number): void {
    const view = this.#view(from, rows * width);
    for (let row = 0; row < rows; row++) {
      c.data.set(view.subarray(row * width, row * width + c.columns), (first + row) * c.columns);
    }
  }

  /** A new view each time: growing the memory leaves older ones empty. */
  #view(place: number, count: number): Float32Array {
    return new Float32Array(this.#wasm.memory.buffer, place, count);
  }

  #need(bytes: number): void {
    const missing = bytes - this.#wasm.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.#wasm.memory.grow(Math.ceil(missing / page));
    } catch {
      throw new RequestError("This is too large without a GPU: there is not enough memory for the operands.");
    }
  }
}
