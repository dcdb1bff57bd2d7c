/** A heat map in a figure: the picture, its caption, and its numbers in words for those who do not see it. */

import { html, nothing, type TemplateResult } from "lit";
import type { Extent } from "../../src/playground/axes.ts";
import { movedBy, unzoomed, zoomedAt } from "../../src/playground/zoom.ts";
import { value } from "../../src/playground/words.ts";
import type { HeatMapView } from "../draw/heatmap.ts";
import type { Mark } from "../draw/marks.ts";
import type { Size } from "../draw/cells.ts";
import { statistics } from "../draw/statistics.ts";
import type { Matrix, TensorId } from "../engine/picture.ts";
import type { Scene } from "../scene.ts";
import { shape } from "./pieces.ts";

export type MapOptions = {
  readonly id: TensorId;
  readonly rows: Extent;
  readonly columns: Extent;
  readonly size: Size;
  readonly mark?: Mark | undefined;
  readonly pointAt?: HeatMapView["pointAt"];
  readonly axes: HeatMapView["axes"];
  readonly looked: (row: number, column: number) => void;
};

/** The name with a ᵀ where the picture shows the operand turned. */
export function titleOf(scene: Scene, id: TensorId): string {
  const operand = { a: 0, b: 1 }[id as "a" | "b"];
  const turned = id === "k" || (operand !== undefined && scene.layout.operands[operand]?.transposed === true);
  return scene.nameOf(id) + (turned ? "ᵀ" : "");
}

export function heatMap(scene: Scene, options: MapOptions): TemplateResult {
  const { id, rows, columns, size, mark, axes } = options;
  const matrix = scene.matrix(id);
  const cut = scene.cut(id);
  const shownRows = matrix?.rowExtent ?? rows;
  const shownColumns = matrix?.columnExtent ?? columns;
  const title = titleOf(scene, id);
  const extents = [shownRows, shownColumns] as const;
  const view: HeatMapView = {
    cut,
    rows: shownRows,
    columns: shownColumns,
    size,
    look: matrix === undefined ? { palette: scene.palette, domain: { low: -1, high: 1 } } : scene.look(matrix),
    mark,
    pointAt: options.pointAt ?? { row: mark?.row, column: mark?.column },
    pointing: scene.live.pointing,
    hueOf: ({ axis }) => scene.hueOf(axis),
    label: `${title}, ${shownRows.size} by ${shownColumns.size}: rows are ${shownRows.axis}, columns are ${shownColumns.axis}. Arrow keys move, plus and minus zoom.`,
    describedBy: `about-${id}`,
    axes,
    looked: options.looked,
    zoom: (index, factor) =>
      scene.act.look((bench) =>
        extents.reduce((next, extent, i) => zoomedAt(next, extent, index[i] ?? 0, factor), bench),
      ),
    pan: (cells) =>
      scene.act.look((bench) => extents.reduce((next, extent, i) => movedBy(next, extent, cells[i] ?? 0), bench)),
    whole: () => scene.act.look(unzoomed),
    pointed: scene.act.pointed,
  };
  return html`<heat-map class="plate" data-testid="map-${scene.nameOf(id)}" .view=${view}></heat-map>
    <p class="sr" id="about-${id}">${matrix === undefined ? nothing : inWords(title, matrix)}</p>`;
}

/** The axes of a tensor as its shape is written: a vector has one, though it is drawn as a row or a column. */
export function axesOf(scene: Scene, id: TensorId): readonly Extent[] {
  const { layout } = scene;
  const operand = layout.operands[{ a: 0, b: 1, q: 0, k: 1, v: 2 }[id as "a"] ?? -1];
  if (operand !== undefined) {
    const turned = operand.transposed || id === "k";
    const [rows, columns] = operand.axes.slice(-2);
    return turned && rows !== undefined && columns !== undefined
      ? [...operand.axes.slice(0, -2), columns, rows]
      : operand.axes;
  }
  const last = id === "output" ? layout.values : layout.columns;
  if (id !== "result") return [...layout.batch, layout.rows, last];
  const [a, b] = layout.operands;
  return [...layout.batch, ...(a?.axes.length === 1 ? [] : [layout.rows]), ...(b?.axes.length === 1 ? [] : [last])];
}

/** Whether a caption needs more than one line under a picture of this width. */
export const isNarrow = (scene: Scene, id: TensorId, width: number): boolean =>
  width <
  7.4 *
    (titleOf(scene, id).length +
      axesOf(scene, id)
        .map(({ axis }) => String(axis))
        .join(", ").length +
      3);

export function caption(scene: Scene, id: TensorId, formula?: string): TemplateResult {
  return html`<figcaption>
    <span class="name">${titleOf(scene, id)}</span> ${shape(scene.hueOf, axesOf(scene, id), "names")}
    ${formula === undefined ? nothing : html`<span class="formula">= ${formula}</span>`}
  </figcaption>`;
}

/** The figures that a glance at the picture would give. */
function inWords(title: string, matrix: Matrix): string {
  const { min, max, mean, nan, masked, infinite } = statistics(matrix);
  const odd = [
    nan > 0 ? `${nan} NaN` : "",
    masked > 0 ? `${masked} masked` : "",
    infinite > 0 ? `${infinite} infinite` : "",
  ].filter((text) => text !== "");
  const range = Number.isNaN(min)
    ? "no finite values"
    : `from ${value(min, 2)} to ${value(max, 2)}, mean ${value(mean, 2)}`;
  return [`${title}: ${range}`, ...odd].join(", ") + ".";
}
