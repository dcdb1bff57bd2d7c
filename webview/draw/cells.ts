/**
 * A matrix on a 2D canvas: cells, odd values, printed numbers. It is one renderer behind a small seam; a renderer that
 * draws straight from GPU buffers can stand in its place. It knows nothing of cursors, axes or what a matrix means.
 */

import { value } from "../../src/playground/words.ts";
import { at, type Matrix } from "../engine/picture.ts";
import { colourOf, pixelOf, textOn, type Domain, type Palette } from "./palette.ts";
import { rowDomain } from "./statistics.ts";

export type Size = { readonly width: number; readonly height: number };

export type Look = {
  readonly palette: Palette;
  /** One scale for the whole tensor, or one for each row. */
  readonly domain: Domain | "row";
};

/** The seam: whoever can put a matrix onto a canvas of this size. */
export type CellRenderer = (canvas: HTMLCanvasElement, matrix: Matrix, size: Size, look: Look) => void;

/** Cells at least this large are parted by a hairline. */
const GAP_FROM = 9;
/** Cells at least this wide and high show their number. */
const TEXT_FROM = { width: 38, height: 16 };
export const showsNumbers = (matrix: Matrix, { width, height }: Size): boolean =>
  width / matrix.columns >= TEXT_FROM.width && height / matrix.rows >= TEXT_FROM.height;

export const gapOf = (matrix: Matrix, { width, height }: Size): number =>
  Math.min(width / matrix.columns, height / matrix.rows) >= GAP_FROM ? 1 : 0;

/** Where cell k of n begins, on whole pixels, so that no row looks taller than its neighbour. */
export const edge = (k: number, n: number, length: number): number => Math.round((k * length) / n);

/** The canvas at the size of the device's pixels, emptied, with a context that counts in CSS pixels. */
export function prepared(canvas: HTMLCanvasElement, { width, height }: Size): CanvasRenderingContext2D | undefined {
  const ratio = window.devicePixelRatio || 1;
  const [wide, tall] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  const context = canvas.getContext("2d") ?? undefined;
  // Setting a size makes a new buffer, even if it is the same size.
  if (canvas.width === wide && canvas.height === tall) {
    context?.setTransform(1, 0, 0, 1, 0, 0);
    context?.clearRect(0, 0, wide, tall);
  } else {
    canvas.width = wide;
    canvas.height = tall;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

export const renderCells: CellRenderer = (canvas, matrix, size, look) => {
  const context = prepared(canvas, size);
  if (context === undefined) return;
  const gap = gapOf(matrix, size) * Math.max(1, Math.round(window.devicePixelRatio || 1));
  context.putImageData(imageOf(matrix, canvas, gap, look), 0, 0);
  paintSigns(context, matrix, size, look);
};

/** All cells as one image, a line of pixels for each row of the matrix, repeated as often as the row is tall. */
function imageOf(matrix: Matrix, { width, height }: HTMLCanvasElement, gap: number, look: Look): ImageData {
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < matrix.rows; i++) {
    const scale = look.domain === "row" ? rowDomain(matrix, i) : look.domain;
    const [top, bottom] = [edge(i, matrix.rows, height), edge(i + 1, matrix.rows, height)];
    if (bottom === top) continue;
    const from = top * width;
    for (let j = 0; j < matrix.columns; j++) {
      const x = at(matrix, i, j);
      // What is not a number gets a sign of its own, on the bare plate.
      if (!Number.isFinite(x)) continue;
      const end = edge(j + 1, matrix.columns, width);
      pixels.fill(
        pixelOf(x, scale, look.palette),
        from + edge(j, matrix.columns, width),
        from + Math.max(0, end - gap),
      );
    }
    for (let line = top + 1; line < bottom - gap; line++) pixels.copyWithin(line * width, from, from + width);
  }
  return image;
}

/** Printed numbers, and signs for what is not a number. */
function paintSigns(context: CanvasRenderingContext2D, matrix: Matrix, size: Size, look: Look): void {
  const gap = gapOf(matrix, size);
  const numbers = showsNumbers(matrix, size);
  // Setting a font asks the page for its styles, so it is only set where there is something to write.
  if (numbers) writeIn(context, look.palette);
  const absent = new Path2D();
  for (let i = 0; i < matrix.rows; i++) {
    const [top, bottom] = [edge(i, matrix.rows, size.height), edge(i + 1, matrix.rows, size.height)];
    for (let j = 0; j < matrix.columns; j++) {
      const x = at(matrix, i, j);
      if (Number.isFinite(x) && !numbers) continue;
      const [left, right] = [edge(j, matrix.columns, size.width), edge(j + 1, matrix.columns, size.width)];
      const box = { left, top, width: Math.max(1, right - left - gap), height: Math.max(1, bottom - top - gap) };
      if (x === -Infinity) strike(absent, box);
      else if (!Number.isFinite(x)) paintFault(context, x, box, look.palette);
      else writeNumber(context, x, box, look.domain === "row" ? rowDomain(matrix, i) : look.domain, look.palette);
    }
  }
  context.strokeStyle = look.palette.faint;
  context.lineWidth = 1;
  context.stroke(absent);
}

type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

function writeIn(context: CanvasRenderingContext2D, palette: Palette): void {
  context.font = `11px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
}

function writeNumber(context: CanvasRenderingContext2D, x: number, box: Box, scale: Domain, palette: Palette): void {
  context.fillStyle = textOn(colourOf(x, scale, palette));
  context.fillText(value(x, 2), box.left + box.width / 2, box.top + box.height / 2 + 0.5);
}

/** −∞ is an absence: one stroke, where there is room for one. */
function strike(path: Path2D, { left, top, width, height }: Box): void {
  if (Math.min(width, height) < 3) return;
  path.moveTo(left + 0.5, top + height - 0.5);
  path.lineTo(left + width - 0.5, top + 0.5);
}

/** NaN and +∞ are faults: a wash of the error colour, with a sign where there is room. */
function paintFault(context: CanvasRenderingContext2D, x: number, box: Box, palette: Palette): void {
  const { left, top, width, height } = box;
  context.fillStyle = palette.badWash;
  context.fillRect(left, top, width, height);
  const reach = Math.min(width, height) * 0.24;
  if (reach < 1.5) return;
  const [x0, y0] = [left + width / 2, top + height / 2];
  context.strokeStyle = palette.bad;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x0 - reach, y0 - reach);
  context.lineTo(x0 + reach, y0 + reach);
  context.moveTo(x0 - reach, y0 + reach);
  context.lineTo(x0 + reach, y0 - reach);
  if (x === Infinity) context.rect(x0 - reach, y0 - reach, 2 * reach, 2 * reach);
  context.stroke();
}
