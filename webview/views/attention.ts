/**
 * Attention as one line of stages: the matmul picture, chained. Queries run down every stage, so one query is one
 * straight line from Q to the output; Kᵀ stands above the scores and V above the output, where right operands stand.
 */

import { html, nothing, type TemplateResult } from "lit";
import type { Extent } from "../../src/playground/axes.ts";
import { isMasked } from "../../src/playground/mask.ts";
import { bringing, spanOf } from "../../src/playground/zoom.ts";
import { value } from "../../src/playground/words.ts";
import type { Mark } from "../draw/marks.ts";
import type { STAGES } from "../engine/picture.ts";
import type { Scene } from "../scene.ts";
import { flowGeometry, lineLength, type FlowGeometry } from "./flow.ts";
import { heads } from "./heads.ts";
import { explained, inspector } from "./inspector.ts";
import { caption, heatMap, isNarrow } from "./map.ts";
import { properties } from "./pieces.ts";
import { steppers } from "./steppers.ts";
import { queryStrip } from "./strip.ts";
import { values } from "./values.ts";

type StageId = (typeof STAGES)[number] | "k" | "v";

/** In the order in which they are computed, which is the order of reading and of the tab key. */
const ORDER: readonly StageId[] = ["q", "k", "scores", "scaled", "masked", "weights", "v", "output"];

/** Stages that stand at the left of their line carry the row axis. */
const LEFTMOST: Readonly<Record<6 | 3 | 2, readonly StageId[]>> = {
  6: ["q"],
  3: ["q", "masked"],
  2: ["q", "scaled", "weights"],
};

export function attentionView(scene: Scene, room: number): TemplateResult {
  const { layout } = scene;
  const drawn = scene.picture !== undefined;
  const per = lineLength(room);
  const span = spanOf(scene.bench, layout.rows);
  const shown = drawn ? (extent: Extent): number => spanOf(scene.bench, extent).count : undefined;
  const geometry = flowGeometry(layout, per, room, shown);
  const rows = layout.rows.size;
  const row = Math.min(scene.bench.cursor.row, rows - 1);
  const cell = explained(scene);
  const under = Math.max(geometry.keysHeight, geometry.innerHeight);
  return html`<div
      class="flow per-${per} ${drawn ? "" : "hollow"}"
      role="group"
      aria-label="Stages of attention"
      ${properties({ "--row-y": `${(Math.min(span.count - 0.5, Math.max(0.5, row - span.from + 0.5)) * geometry.rowsHeight) / span.count}px` })}
    >
      <div class="corner">${steppers(scene)}</div>
      ${ORDER.map((id) => stage(scene, id, per, geometry))} ${heads(scene, headsWidth(per, geometry), under + 24)}
    </div>
    <div class="below">
      ${queryStrip(scene, row)} ${inspector(scene, cell)}
      ${values(
        scene,
        [cell?.matrix.id ?? "weights"],
        legendWidth(scene, room),
        cell === undefined ? undefined : { id: cell.matrix.id, value: cell.value },
      )}
    </div>`;
}

const headsWidth = (per: 6 | 3 | 2, { columnsWidth }: FlowGeometry): number =>
  per === 6 ? 3 * columnsWidth + 80 : per === 3 ? 2 * columnsWidth + 40 : columnsWidth;

const legendWidth = (scene: Scene, room: number): number =>
  room >= 952 ? Math.floor(((room - 64) * 264) / 1088) : scene.live.width > 560 ? 264 : Math.floor(room);

function stage(scene: Scene, id: StageId, per: 6 | 3 | 2, geometry: FlowGeometry): TemplateResult {
  const pair = pairOf(scene, id);
  const width =
    { q: geometry.innerWidth, v: geometry.valuesWidth, output: geometry.valuesWidth }[id as "q"] ??
    geometry.columnsWidth;
  const height = { k: geometry.innerHeight, v: geometry.keysHeight }[id as "k"] ?? geometry.rowsHeight;
  const above = id === "k" || id === "v";
  const { mark, pointAt } = marksOf(scene, id);
  const map = heatMap(scene, {
    id,
    ...pair,
    size: { width, height },
    mark,
    pointAt,
    axes: { top: id !== "k", left: above || LEFTMOST[per].includes(id) },
    looked: (row, column) => follow(scene, id, row, column),
  });
  const title = caption(scene, id, formulaOf(scene, id));
  const matrix = scene.matrix(id);
  const legend = html`<value-legend
    class="legend"
    .view=${matrix === undefined ? undefined : { matrix, width, palette: scene.palette, value: undefined }}
  ></value-legend>`;
  const narrow = isNarrow(scene, id, width) ? "narrow" : "";
  return html`<figure
    class="stage ${id} ${above ? "above" : ""} ${narrow}"
    data-testid="figure-${scene.nameOf(id)}"
    data-operand=${{ q: 0, k: 1, v: 2 }[id as "q"] ?? nothing}
  >
    ${above ? [title, map] : [map, legend, title]}
  </figure>`;
}

function pairOf(scene: Scene, id: StageId): { readonly rows: Extent; readonly columns: Extent } {
  const { rows, columns, inner, values } = scene.layout;
  switch (id) {
    case "q":
      return { rows, columns: inner };
    case "k":
      return { rows: inner, columns };
    case "v":
      return { rows: columns, columns: values };
    case "output":
      return { rows, columns: values };
    case "scores":
    case "scaled":
    case "masked":
    case "weights":
      return { rows, columns };
  }
}

function formulaOf(scene: Scene, id: StageId): string | undefined {
  const [q, k, v] = (["q", "k", "v"] as const).map(scene.nameOf);
  const { options } = scene.bench.operation;
  const { scale = 1 / Math.sqrt(scene.layout.inner.size), softcap } = options;
  switch (id) {
    case "q":
    case "k":
    case "v":
      return undefined;
    case "scores":
      return `${q} ${k}ᵀ`;
    case "scaled":
      return softcap === undefined ? `scores × ${value(scale)}` : `cap(scores × ${value(scale)})`;
    case "masked":
      return isMasked(options) ? "scaled + mask" : "scaled";
    case "weights":
      return "softmax(masked)";
    case "output":
      return `weights ${v}`;
  }
}

/** Pointing anywhere keeps one query in view; pointing at K or V chooses a key or a feature. */
function follow(scene: Scene, id: StageId, row: number, column: number): void {
  scene.act.look((bench) => {
    const { cursor } = bench;
    const { rows, columns } = pairOf(scene, id);
    bench = bringing(bringing(bench, rows, row), columns, column);
    if (id === "k") return { ...bench, cursor: { tensor: "scores", row: cursor.row, col: column } };
    if (id === "v") return { ...bench, cursor: { tensor: "output", row: cursor.row, col: column } };
    return { ...bench, cursor: { tensor: id, row, col: column } };
  });
}

/** What is lit in each stage while one cell of one of them is looked at. */
function marksOf(
  scene: Scene,
  id: StageId,
): { readonly mark: Mark; readonly pointAt: { readonly row?: number; readonly column?: number } } {
  const { layout } = scene;
  const { cursor } = scene.bench;
  const { term } = scene.live;
  const row = Math.min(cursor.row, layout.rows.size - 1);
  const here = id === cursor.tensor;
  const keyed = cursor.tensor !== "output" && cursor.tensor !== "q";
  const key = keyed ? Math.min(cursor.col, layout.columns.size - 1) : cursor.tensor === "output" ? term : undefined;
  const feature = cursor.tensor === "output" ? Math.min(cursor.col, layout.values.size - 1) : undefined;
  const sums = cursor.tensor === "scores" ? "scores" : cursor.tensor === "output" ? "output" : undefined;
  switch (id) {
    case "q": {
      const own = here ? Math.min(cursor.col, layout.inner.size - 1) : sums === "scores" ? term : undefined;
      return {
        mark: { row, column: own, band: "row", fade: true, cell: here, term: here ? undefined : own },
        pointAt: pointed(row, own),
      };
    }
    case "k":
      return keyed
        ? { mark: { column: key, band: "column", fade: true, term: sums === "scores" ? term : undefined }, pointAt: {} }
        : { mark: {}, pointAt: {} };
    case "v":
      if (feature !== undefined)
        return { mark: { column: feature, band: "column", fade: true, term }, pointAt: pointed(term, undefined) };
      return key === undefined
        ? { mark: {}, pointAt: {} }
        : { mark: { row: key, band: "row", fade: true }, pointAt: pointed(key, undefined) };
    case "output":
      return { mark: { row, column: feature, band: "row", cell: here }, pointAt: pointed(row, feature) };
    case "scores":
    case "scaled":
    case "masked":
    case "weights": {
      const along = sums === "output" && id === "weights" ? term : undefined;
      return { mark: { row, column: key, band: "row", cell: here, term: along }, pointAt: pointed(row, key) };
    }
  }
}

const pointed = (
  row: number | undefined,
  column: number | undefined,
): { readonly row?: number; readonly column?: number } => ({
  ...(row === undefined ? {} : { row }),
  ...(column === undefined ? {} : { column }),
});
