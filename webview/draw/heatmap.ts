/**
 * `<heat-map>`: one matrix as a picture, bracketed by dimension lines in the colours of its axes. Two canvases lie on
 * each other: values below, cursor above. It tells where someone looks and knows nothing of what the matrix means.
 */

import type { Extent } from "../../src/playground/axes.ts";
import type { Matrix } from "../engine/picture.ts";
import { axisLine } from "./axis.ts";
import { prepared, renderCells, type Look, type Size } from "./cells.ts";
import { drawMark, type Mark } from "./marks.ts";

export type HeatMapView = {
  /** Absent while there are no values: only the dimension lines are drawn. */
  readonly matrix: Matrix | undefined;
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

export class HeatMap extends HTMLElement {
  readonly #cells = document.createElement("div");
  readonly #base = document.createElement("canvas");
  readonly #over = document.createElement("canvas");
  readonly #top = axisLine("x");
  readonly #left = axisLine("y");
  #view: HeatMapView | undefined;
  #drawn: Pick<HeatMapView, "matrix" | "size" | "look"> | undefined;
  #marked = "";
  #at = { row: 0, column: 0 };

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
    this.#over.addEventListener("pointerdown", () => this.#over.focus({ preventScroll: true }));
    this.#over.addEventListener("keydown", (event) => this.#key(event));
    for (const type of ["pointerenter", "focus"]) this.#over.addEventListener(type, () => this.#view?.pointed(true));
    for (const type of ["pointerleave", "blur"]) this.#over.addEventListener(type, () => this.#view?.pointed(false));
  }

  #show(view: HeatMapView): void {
    const { matrix, size, look, mark } = view;
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
      this.#drawn = { matrix, size, look };
    }
    this.#top.show(view.columns, hues.column, size.width);
    this.#left.show(view.rows, hues.row, size.height);
    this.#top.point(matrix === undefined ? undefined : view.pointAt.column);
    this.#left.point(matrix === undefined ? undefined : view.pointAt.row);
    if (matrix === undefined) return;
    this.#at = { row: mark?.row ?? this.#at.row, column: mark?.column ?? this.#at.column };
    const key = JSON.stringify([mark, view.pointing && mark?.fade]);
    if (key === this.#marked && !fresh) return;
    this.#marked = key;
    const { palette } = look;
    const lines = { row: palette.hues[hues.row] ?? palette.ink, column: palette.hues[hues.column] ?? palette.ink };
    drawMark(this.#over, matrix, size, mark ?? {}, { palette, hues: lines, pointing: view.pointing });
  }

  #changed({ matrix, size, look }: HeatMapView): boolean {
    const drawn = this.#drawn;
    if (drawn === undefined || drawn.matrix !== matrix) return true;
    const sameSize = drawn.size.width === size.width && drawn.size.height === size.height;
    const sameScale =
      drawn.look.domain === look.domain || JSON.stringify(drawn.look.domain) === JSON.stringify(look.domain);
    return !sameSize || !sameScale || drawn.look.palette !== look.palette;
  }

  #look(row: number, column: number): void {
    const matrix = this.#view?.matrix;
    if (matrix === undefined) return;
    const within = (n: number, count: number): number => Math.min(count - 1, Math.max(0, n));
    this.#at = { row: within(row, matrix.rows), column: within(column, matrix.columns) };
    this.#view?.looked(this.#at.row, this.#at.column);
  }

  #pointer(event: PointerEvent): void {
    const view = this.#view;
    if (view?.matrix === undefined) return;
    const { rows, columns } = view.matrix;
    this.#look(
      Math.floor((event.offsetY / view.size.height) * rows),
      Math.floor((event.offsetX / view.size.width) * columns),
    );
  }

  #key(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const far = event.shiftKey ? 8 : 1;
    this.#look(this.#at.row + step[0] * far, this.#at.column + step[1] * far);
  }
}
