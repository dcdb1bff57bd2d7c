/**
 * `<heat-map>`: one matrix as a picture, bracketed by dimension lines in the colours of its axes. Two canvases lie on
 * each other: values below, cursor above. It tells where someone looks and knows nothing of what the matrix means.
 */

import type { Extent } from "../../src/playground/axes.ts";
import type { Cut } from "../engine/picture.ts";
import { axisLine } from "./axis.ts";
import { prepared, renderCells, type Look, type Size } from "./cells.ts";
import { drawMark, type Mark } from "./marks.ts";

export type HeatMapView = {
  /** Absent while there are no values: only the dimension lines are drawn. */
  readonly cut: Cut | undefined;
  readonly rows: Extent;
  readonly columns: Extent;
  readonly size: Size;
  readonly look: Look;
  readonly mark: Mark | undefined;
  /** Which indices stand on the dimension lines. */
  readonly pointAt: { readonly row?: number | undefined; readonly column?: number | undefined };
  readonly pointing: boolean;
  readonly hueOf: (extent: Extent) => string;
  readonly label: string;
  readonly describedBy: string;
  readonly axes: { readonly top: boolean; readonly left: boolean };
  readonly looked: (row: number, column: number) => void;
  /** Nearer or further around a cell. */
  readonly zoom: (cell: readonly [row: number, column: number], factor: number) => void;
  /** The part in view moves by some cells. */
  readonly pan: (cells: readonly [rows: number, columns: number]) => void;
  readonly whole: () => void;
  readonly pointed: (pointing: boolean) => void;
};

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-8, 0],
  PageDown: [8, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** Zero is the whole picture. */
const ZOOMS: Readonly<Record<string, number>> = { "+": 0.8, "=": 0.8, "-": 1.25, "0": 0 };

/** A mark as the part in view counts; what lies outside is not marked. */
function shifted(mark: Mark | undefined, cut: Cut | undefined): Mark | undefined {
  if (mark === undefined || cut === undefined || (cut.row === 0 && cut.column === 0)) return mark;
  const { matrix } = cut;
  const row = mark.row === undefined ? undefined : mark.row - cut.row;
  const column = mark.column === undefined ? undefined : mark.column - cut.column;
  const rowSeen = row === undefined || (row >= 0 && row < matrix.rows);
  const columnSeen = column === undefined || (column >= 0 && column < matrix.columns);
  const along = mark.band === "row" ? cut.column : cut.row;
  const term = mark.term === undefined ? undefined : mark.term - along;
  const seen = mark.band === "row" ? rowSeen : mark.band === "column" ? columnSeen : rowSeen && columnSeen;
  if (!seen) return {};
  const termSeen = term !== undefined && term >= 0 && term < (mark.band === "row" ? matrix.columns : matrix.rows);
  return { ...mark, row, column, term: termSeen ? term : undefined, cell: mark.cell === true && rowSeen && columnSeen };
}

export class HeatMap extends HTMLElement {
  readonly #cells = document.createElement("div");
  readonly #base = document.createElement("canvas");
  readonly #over = document.createElement("canvas");
  readonly #top = axisLine("x");
  readonly #left = axisLine("y");
  #view: HeatMapView | undefined;
  #drawn: Pick<HeatMapView, "cut" | "size" | "look"> | undefined;
  #marked = "";
  /** In the whole matrix. */
  #at = { row: 0, column: 0 };
  /** Where the pointer holds the picture, while it drags it. */
  #grip: { x: number; y: number } | undefined;

  set view(view: HeatMapView) {
    this.#view = view;
    if (!this.#cells.isConnected) this.#build();
    this.#show(view);
  }

  #build(): void {
    this.#cells.className = "cells";
    this.#over.className = "over";
    this.#over.tabIndex = 0;
    this.#over.setAttribute("role", "application");
    this.#over.setAttribute("aria-roledescription", "heat map");
    this.#base.ariaHidden = "true";
    this.#cells.append(this.#base, this.#over);
    this.append(this.#top.node, this.#left.node, this.#cells);
    this.#over.addEventListener("pointermove", (event) => this.#pointer(event));
    this.#over.addEventListener("pointerdown", (event) => {
      this.#over.focus({ preventScroll: true });
      this.#grip = { x: event.offsetX, y: event.offsetY };
    });
    this.#over.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#over.addEventListener("keydown", (event) => this.#key(event));
    for (const type of ["pointerenter", "focus"]) this.#over.addEventListener(type, () => this.#view?.pointed(true));
    for (const type of ["pointerleave", "blur"]) this.#over.addEventListener(type, () => this.#view?.pointed(false));
  }

  #show(view: HeatMapView): void {
    const { cut, size, look } = view;
    const matrix = cut?.matrix;
    const mark = shifted(view.mark, cut);
    this.classList.toggle("top", view.axes.top);
    this.classList.toggle("left", view.axes.left);
    this.#over.ariaLabel = view.label;
    this.#over.setAttribute("aria-describedby", view.describedBy);
    this.#over.tabIndex = matrix === undefined ? -1 : 0;
    const hues = { row: view.hueOf(view.rows), column: view.hueOf(view.columns) };
    const fresh = this.#changed(view);
    if (fresh) {
      this.#cells.style.width = `${size.width}px`;
      this.#cells.style.height = `${size.height}px`;
      if (matrix === undefined) prepared(this.#base, size);
      else renderCells(this.#base, matrix, size, look);
      if (matrix === undefined) prepared(this.#over, size);
      this.#drawn = { cut, size, look };
    }
    this.#top.show(view.columns, hues.column, size.width, {
      from: cut?.column ?? 0,
      count: matrix?.columns ?? view.columns.size,
    });
    this.#left.show(view.rows, hues.row, size.height, { from: cut?.row ?? 0, count: matrix?.rows ?? view.rows.size });
    this.#top.point(matrix === undefined ? undefined : view.pointAt.column);
    this.#left.point(matrix === undefined ? undefined : view.pointAt.row);
    if (matrix === undefined) return;
    this.#at = { row: view.mark?.row ?? this.#at.row, column: view.mark?.column ?? this.#at.column };
    const key = JSON.stringify([mark, view.pointing && mark?.fade]);
    if (key === this.#marked && !fresh) return;
    this.#marked = key;
    const { palette } = look;
    const lines = { row: palette.hues[hues.row] ?? palette.ink, column: palette.hues[hues.column] ?? palette.ink };
    drawMark(this.#over, matrix, size, mark ?? {}, { palette, hues: lines, pointing: view.pointing });
  }

  #changed({ cut, size, look }: HeatMapView): boolean {
    const drawn = this.#drawn;
    if (drawn === undefined || drawn.cut !== cut) return true;
    const sameSize = drawn.size.width === size.width && drawn.size.height === size.height;
    const sameScale =
      drawn.look.domain === look.domain || JSON.stringify(drawn.look.domain) === JSON.stringify(look.domain);
    return !sameSize || !sameScale || drawn.look.palette !== look.palette;
  }

  #look(row: number, column: number): void {
    const view = this.#view;
    if (view?.cut === undefined) return;
    const within = (n: number, count: number): number => Math.min(count - 1, Math.max(0, n));
    this.#at = { row: within(row, view.rows.size), column: within(column, view.columns.size) };
    this.#view?.looked(this.#at.row, this.#at.column);
  }

  #pointer(event: PointerEvent): void {
    const cell = this.#cellAt(event);
    if (cell === undefined) return;
    if (this.#grip !== undefined && event.buttons === 1 && this.#drag(event)) return;
    this.#look(cell[0], cell[1]);
  }

  /** The cell under the pointer, counted in the whole matrix. */
  #cellAt({ offsetX, offsetY }: MouseEvent): readonly [number, number] | undefined {
    const view = this.#view;
    if (view?.cut === undefined) return undefined;
    const { matrix, row, column } = view.cut;
    return [
      row + Math.floor((offsetY / view.size.height) * matrix.rows),
      column + Math.floor((offsetX / view.size.width) * matrix.columns),
    ];
  }

  /** Moves a picture that shows only a part; whole cells at a time. */
  #drag({ offsetX, offsetY }: PointerEvent): boolean {
    const view = this.#view;
    const grip = this.#grip;
    if (view?.cut === undefined || grip === undefined) return false;
    const { matrix } = view.cut;
    if (matrix.rows === view.rows.size && matrix.columns === view.columns.size) return false;
    const [tall, wide] = [view.size.height / matrix.rows, view.size.width / matrix.columns];
    const rows = Math.trunc((grip.y - offsetY) / tall);
    const columns = Math.trunc((grip.x - offsetX) / wide);
    if (rows === 0 && columns === 0) return true;
    this.#grip = { x: grip.x - columns * wide, y: grip.y - rows * tall };
    view.pan([rows, columns]);
    return true;
  }

  /** Pinching and the wheel with a key zoom; the wheel alone scrolls the page. */
  #wheel(event: WheelEvent): void {
    const cell = this.#cellAt(event);
    if (cell === undefined || (!event.ctrlKey && !event.metaKey)) return;
    event.preventDefault();
    this.#view?.zoom(cell, event.deltaY > 0 ? 1.25 : 0.8);
  }

  #key(event: KeyboardEvent): void {
    const factor = ZOOMS[event.key];
    if (factor !== undefined && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (factor === 0) this.#view?.whole();
      else this.#view?.zoom([this.#at.row, this.#at.column], factor);
      return;
    }
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const far = event.shiftKey ? 8 : 1;
    this.#look(this.#at.row + step[0] * far, this.#at.column + step[1] * far);
  }
}
