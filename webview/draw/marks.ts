/** What lies over the cells while someone looks: a lit row or column, the cell itself, the rest stepping back. */

import type { Matrix } from "../engine/picture.ts";
import { edge, gapOf, prepared, showsNumbers, type Size } from "./cells.ts";
import type { Palette } from "./palette.ts";

export type Mark = {
  readonly row?: number | undefined;
  readonly column?: number | undefined;
  /** Lines above and below the row, or left and right of the column. */
  readonly band?: "row" | "column" | undefined;
  /** Everything outside the band steps back. */
  readonly fade?: boolean | undefined;
  /** A frame around the cell. */
  readonly cell?: boolean | undefined;
  /** Along the band: the one entry that a product of the sum uses. */
  readonly term?: number | undefined;
};

export type Hues = { readonly row: string; readonly column: string };

export function drawMark(
  canvas: HTMLCanvasElement,
  matrix: Matrix,
  size: Size,
  mark: Mark,
  look: { readonly palette: Palette; readonly hues: Hues; readonly pointing: boolean },
): void {
  const context = prepared(canvas, size);
  if (context === undefined) return;
  const { palette, hues, pointing } = look;
  const { width, height } = size;
  const { row = 0, column = 0, band, term } = mark;
  const gap = gapOf(matrix, size);
  const [left, right] = [edge(column, matrix.columns, width), edge(column + 1, matrix.columns, width)];
  const [top, bottom] = [edge(row, matrix.rows, height), edge(row + 1, matrix.rows, height)];
  // Numbers must stay readable, so cells that show them do not step back.
  if (mark.fade === true && !showsNumbers(matrix, size)) {
    context.globalAlpha = pointing ? 0.66 : 0.25;
    context.fillStyle = palette.paper;
    if (band === "row") context.fillRect(0, 0, width, top);
    if (band === "row") context.fillRect(0, bottom, width, height - bottom);
    if (band === "column") context.fillRect(0, 0, left, height);
    if (band === "column") context.fillRect(right, 0, width - right, height);
    context.globalAlpha = 1;
  }
  context.fillStyle = band === "column" ? hues.column : hues.row;
  if (band === "row") context.fillRect(0, Math.max(0, top - 1.5), width, 1.5);
  if (band === "row") context.fillRect(0, Math.min(height - 1.5, bottom - gap), width, 1.5);
  if (band === "column") context.fillRect(Math.max(0, left - 1.5), 0, 1.5, height);
  if (band === "column") context.fillRect(Math.min(width - 1.5, right - gap), 0, 1.5, height);
  if (term !== undefined && band === "row")
    frame(context, edge(term, matrix.columns, width), top, width / matrix.columns - gap, bottom - top - gap, palette);
  if (term !== undefined && band === "column")
    frame(context, left, edge(term, matrix.rows, height), right - left - gap, height / matrix.rows - gap, palette);
  if (mark.cell === true) frame(context, left, top, right - left - gap, bottom - top - gap, palette);
}

/** Ink on paper, so that it stands out on any colour of cell. */
function frame(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  palette: Palette,
): void {
  context.lineWidth = 4;
  context.strokeStyle = palette.paper;
  context.strokeRect(x, y, width, height);
  context.lineWidth = 2;
  context.strokeStyle = palette.ink;
  context.strokeRect(x, y, width, height);
}
