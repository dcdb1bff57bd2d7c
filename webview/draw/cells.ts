/**
 * A matrix on a 2D canvas: cells, odd values, printed numbers. It is one renderer behind a small seam; a renderer that
 * draws straight from GPU buffers can stand in its place. It knows nothing of cursors, axes or what a matrix means.
 */

import { value } from "../../src/playground/words.ts";
import { at, type Matrix } from "../engine/picture.ts";
import { colourOf, css, place, textOn, type Domain, type Palette } from "./palette.ts";
import { domainOf } from "./statistics.ts";

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
/** Smaller cells are painted as one image. */
const CELLS_FROM = 3;

export const showsNumbers = (matrix: Matrix, { width, height }: Size): boolean =>
  width / matrix.columns >= TEXT_FROM.width && height / matrix.rows >= TEXT_FROM.height;

export const gapOf = (matrix: Matrix, { width, height }: Size): number =>
  Math.min(width / matrix.columns, height / matrix.rows) >= GAP_FROM ? 1 : 0;

/** Where cell k of n begins, on whole pixels, so that no row looks taller than its neighbour. */
export const edge = (k: number, n: number, length: number): number => Math.round((k * length) / n);

export function prepared(canvas: HTMLCanvasElement, { width, height }: Size): CanvasRenderingContext2D | undefined {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d") ?? undefined;
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

export const renderCells: CellRenderer = (canvas, matrix, size, look) => {
  const context = prepared(canvas, size);
  if (context === undefined) return;
  const cell = Math.min(size.width / matrix.columns, size.height / matrix.rows);
  if (cell < CELLS_FROM) paintImage(context, matrix, size, look);
  else paintCells(context, matrix, size, look);
};

function paintCells(context: CanvasRenderingContext2D, matrix: Matrix, size: Size, { palette, domain }: Look): void {
  const gap = gapOf(matrix, size);
  const numbers = showsNumbers(matrix, size);
  context.font = `11px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0; i < matrix.rows; i++) {
    const scale = domain === "row" ? domainOf(matrix, i) : domain;
    const [top, bottom] = [edge(i, matrix.rows, size.height), edge(i + 1, matrix.rows, size.height)];
    for (let j = 0; j < matrix.columns; j++) {
      const [left, right] = [edge(j, matrix.columns, size.width), edge(j + 1, matrix.columns, size.width)];
      const box = { left, top, width: Math.max(1, right - left - gap), height: Math.max(1, bottom - top - gap) };
      const x = at(matrix, i, j);
      if (!Number.isFinite(x)) {
        paintOdd(context, x, box, palette);
        continue;
      }
      const colour = colourOf(x, scale, palette);
      context.fillStyle = css(colour);
      context.fillRect(box.left, box.top, box.width, box.height);
      if (!numbers) continue;
      context.fillStyle = textOn(colour);
      context.fillText(value(x, 2), box.left + box.width / 2, box.top + box.height / 2 + 0.5);
    }
  }
}

type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/** −∞ is an absence: one stroke. NaN and +∞ are faults: a wash of the error colour, with a sign where there is room. */
function paintOdd(context: CanvasRenderingContext2D, x: number, box: Box, palette: Palette): void {
  const { left, top, width, height } = box;
  if (x === -Infinity) {
    context.strokeStyle = palette.faint;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left + 0.5, top + height - 0.5);
    context.lineTo(left + width - 0.5, top + 0.5);
    context.stroke();
    return;
  }
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

/** One pixel for each cell, stretched. A long axis squeezed below a pixel is thinned by the browser. */
function paintImage(context: CanvasRenderingContext2D, matrix: Matrix, size: Size, { palette, domain }: Look): void {
  const image = new ImageData(matrix.columns, matrix.rows);
  for (let i = 0; i < matrix.rows; i++) {
    const scale = domain === "row" ? domainOf(matrix, i) : domain;
    for (let j = 0; j < matrix.columns; j++)
      paintPixel(image.data, i * matrix.columns + j, at(matrix, i, j), scale, palette);
  }
  const small = document.createElement("canvas");
  small.width = matrix.columns;
  small.height = matrix.rows;
  small.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = size.width < matrix.columns || size.height < matrix.rows;
  context.drawImage(small, 0, 0, size.width, size.height);
}

function paintPixel(pixels: Uint8ClampedArray, k: number, x: number, domain: Domain, palette: Palette): void {
  // −∞ stays the plate below.
  if (x === -Infinity) return;
  if (!Number.isFinite(x)) {
    pixels.set([220, 40, 40, 255], k * 4);
    return;
  }
  const { negative, at: from } = place(x, domain);
  const table = negative ? palette.minus : palette.plus;
  pixels[k * 4] = table[from] ?? 0;
  pixels[k * 4 + 1] = table[from + 1] ?? 0;
  pixels[k * 4 + 2] = table[from + 2] ?? 0;
  pixels[k * 4 + 3] = 255;
}
