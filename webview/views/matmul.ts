/** The product in its classical corner: B above, A at the left, the result where a row and a column meet. */

import { html, nothing, type TemplateResult } from "lit";
import { matrixAxes, type Extent } from "../../src/playground/axes.ts";
import { bringing, spanOf } from "../../src/playground/zoom.ts";
import type { Mark } from "../draw/marks.ts";
import type { TensorId } from "../engine/picture.ts";
import type { Scene } from "../scene.ts";
import { explained, inspector } from "./inspector.ts";
import { caption, heatMap, isNarrow } from "./map.ts";
import { properties } from "./pieces.ts";
import { steppers } from "./steppers.ts";
import { values } from "./values.ts";

/** The left axis, the top axis, the room of the corner, and the largest cell, in pixels. */
const LEFT = 32;
const TOP = 64;
const CORNER = 184;
const LARGEST_CELL = 48;
const TALLEST = 560;

/** Sizes that are drawn as dimension lines only are drawn as if they were this. */
const MODEST = 16;

type Parts = { readonly a: Pair; readonly b: Pair; readonly result: Pair };
type Pair = { readonly rows: Extent; readonly columns: Extent };

function partsOf(scene: Scene): Parts {
  const [left, right] = scene.layout.operands;
  const none = { axis: 1, size: 1 } as const;
  const a = left === undefined ? { rows: none, columns: none } : matrixAxes(left, "left");
  const b = right === undefined ? { rows: none, columns: none } : matrixAxes(right, "right");
  return { a, b, result: { rows: a.rows, columns: b.columns } };
}

export function matmulView(scene: Scene, room: number): TemplateResult {
  const parts = partsOf(scene);
  const drawn = scene.picture !== undefined;
  const size = geometry(parts, room, (extent) =>
    drawn ? spanOf(scene.bench, extent).count : Math.min(MODEST, extent.size),
  );
  const small = room < 480;
  const left = small ? size.aWidth + LEFT : Math.max(size.aWidth + LEFT, CORNER);
  const clash = parts.a.columns.size !== parts.b.rows.size;
  const { cursor } = scene.bench;
  const row = Math.min(cursor.row, parts.a.rows.size - 1);
  const column = Math.min(cursor.col, parts.b.columns.size - 1);
  const cell = explained(scene);
  const { term } = scene.live;
  const look = (row: number, column: number): void =>
    scene.act.look((bench) => {
      const seen = bringing(bringing(bench, parts.a.rows, row), parts.b.columns, column);
      return { ...seen, cursor: { tensor: "result", row, col: column } };
    });
  const figure = (
    id: TensorId,
    pair: Pair,
    where: string,
    box: { width: number; height: number },
    mark: Mark,
    axes: { top: boolean; left: boolean },
    looked: (r: number, c: number) => void,
  ): TemplateResult => {
    const title = caption(scene, id);
    const narrow = isNarrow(scene, id, box.width) ? "narrow" : "";
    const map = heatMap(scene, { id, ...pair, size: box, mark, axes, looked });
    return html`<figure
      class="${where} ${narrow}"
      data-testid="figure-${scene.nameOf(id)}"
      data-operand=${{ a: 0, b: 1 }[id as "a"] ?? nothing}
    >
      ${where === "at-b" ? [title, map] : [map, title]}
    </figure>`;
  };
  const aMark: Mark = { row, band: "row", fade: true, term };
  const bMark: Mark = { column, band: "column", fade: true, term };
  return html`<div
      class="product ${small ? "small" : ""} ${clash ? "clash" : ""}"
      ${properties({ "--left": `${left}px` })}
    >
      <div class="corner">${steppers(scene)}</div>
      ${clash ? html`<p class="differ">${parts.a.columns.size} ≠ ${parts.b.rows.size}</p>` : nothing}
      ${figure("b", parts.b, "at-b", { width: size.cWidth, height: size.bHeight }, bMark, { top: true, left: true }, (_, c) => look(row, c))}
      ${figure("a", parts.a, "at-a", { width: size.aWidth, height: size.cHeight }, aMark, { top: true, left: true }, (r) => look(r, column))}
      ${
        clash
          ? nothing
          : figure(
              "result",
              parts.result,
              "at-c",
              { width: size.cWidth, height: size.cHeight },
              { row, column, cell: true },
              { top: false, left: false },
              look,
            )
      }
    </div>
    ${inspector(scene, cell)}
    ${values(scene, ["a", "b", "result"], legendWidth(scene, room), cell === undefined ? undefined : { id: cell.matrix.id, value: cell.value })}`;
}

const legendWidth = (scene: Scene, room: number): number =>
  room >= 1000
    ? Math.floor(((room - 64) * 264) / 1088)
    : scene.live.width > 560
      ? Math.floor((room - 64) / 3)
      : Math.floor(room);

type Geometry = {
  readonly aWidth: number;
  readonly cWidth: number;
  readonly bHeight: number;
  readonly cHeight: number;
};

/** Cells are square while they fit; a long axis is squeezed before the picture overflows. */
function geometry({ a, b }: Parts, room: number, n: (extent: Extent) => number): Geometry {
  const beside = room >= 1000 ? Math.floor(((room - 64) * 560) / 1088) : room >= 640 ? room - 32 - 264 : room;
  const width = Math.max(120, beside - LEFT * 2);
  const tall = Math.min(TALLEST, Math.max(320, width));
  const [rows, inner, other, columns] = [n(a.rows), n(a.columns), n(b.rows), n(b.columns)];
  const most = Math.min(LARGEST_CELL, width / (inner + columns), (tall - TOP) / (rows + other));
  const cell = most >= 3 ? Math.floor(most) : most;
  // A side of one or two cells still needs room to be seen and pointed at.
  const thick = (count: number, limit: number): number => Math.round(Math.min(limit, Math.max(24, cell * count)));
  return {
    aWidth: thick(inner, width / 2),
    cWidth: thick(columns, width - Math.min(width / 2, Math.max(24, cell * inner))),
    bHeight: thick(other, tall / 2),
    cHeight: thick(rows, tall),
  };
}
