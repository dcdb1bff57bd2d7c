/** Values: the scale and the spread of each matrix in numbers, and the matrix as a table for those who read. */

import { html, nothing, type TemplateResult } from "lit";
import { count, value } from "../../src/playground/words.ts";
import { statistics } from "../draw/statistics.ts";
import { rowOf, type Matrix, type TensorId } from "../engine/picture.ts";
import type { Scene } from "../scene.ts";
import { axesOf, titleOf } from "./map.ts";
import { dim, shape } from "./pieces.ts";

export function values(
  scene: Scene,
  ids: readonly TensorId[],
  width: number,
  pointed: { readonly id: TensorId; readonly value: number } | undefined,
): TemplateResult | typeof nothing {
  const last = ids.at(-1);
  if (scene.picture === undefined) return nothing;
  return html`<div class="values" role="group" aria-label="Values">
    <h2>Values</h2>
    ${ids.map((id) => valueRow(scene, id, width, pointed?.id === id ? pointed.value : undefined))}
    ${last === undefined ? nothing : table(scene, last)}
  </div>`;
}

function valueRow(scene: Scene, id: TensorId, width: number, pointed: number | undefined): unknown {
  const matrix = scene.matrix(id);
  if (matrix === undefined) return nothing;
  return html`<div class="value">
    <div class="value-name">
      <span class="name">${titleOf(scene, id)}</span>
      ${shape(scene.hueOf, axesOf(scene, id), "names")}
    </div>
    <value-legend class="legend" .view=${{ matrix, width, palette: scene.palette, value: pointed }}></value-legend>
    ${summary(matrix)}
  </div>`;
}

function summary(matrix: Matrix): TemplateResult {
  const { min, max, mean, deviation, nan, masked, infinite } = statistics(matrix);
  const stat = (name: string, x: number): TemplateResult =>
    html`<span class="stat"><i>${name}</i>${value(x, 2)}</span>`;
  const odd = (n: number, words: string, bad: boolean): unknown =>
    n === 0 ? nothing : html`<span class="odd ${bad ? "bad" : ""}">${count(n)} ${words}</span>`;
  return html`<div class="summary">
    ${stat("min", min)}${stat("max", max)}${stat("mean", mean)}${stat("std", deviation)}
    ${odd(nan, "NaN", true)}${odd(infinite, "+∞", true)}${odd(masked, matrix.id === "masked" ? "masked (−∞)" : "−∞", matrix.id !== "masked")}
  </div>`;
}

/** A table is for reading; beyond this it would only be long. */
const MOST_ROWS = 64;

function table(scene: Scene, id: TensorId): TemplateResult {
  const { table: open } = scene.live;
  const matrix = scene.matrix(id);
  return html`<div class="more">
      <button
        type="button"
        class="link"
        aria-expanded=${open}
        data-testid="table-toggle"
        @click=${() => scene.act.table()}
      >
        ${open ? "Hide table" : `Show ${titleOf(scene, id)} as table`}
      </button>
    </div>
    ${
      open && matrix !== undefined
        ? html`<div class="table" tabindex="0" role="region" aria-label="Values as a table">
            ${rows(scene, matrix)}
          </div>`
        : nothing
    }`;
}

function rows(scene: Scene, matrix: Matrix): TemplateResult {
  const columns = Math.min(matrix.columns, MOST_ROWS);
  const more = matrix.rows > MOST_ROWS || matrix.columns > MOST_ROWS;
  return html`<table>
    <caption class=${more ? "" : "sr"}>
      ${titleOf(scene, matrix.id)}${more ? `, the first ${Math.min(matrix.rows, MOST_ROWS)} rows and ${columns} columns` : nothing}
    </caption>
    <thead>
      <tr>
        <th scope="col">${dim(scene.hueOf, matrix.rowExtent.axis)}\\${dim(scene.hueOf, matrix.columnExtent.axis)}</th>
        ${Array.from({ length: columns }, (_, j) => html`<th scope="col">${j}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${Array.from(
        { length: Math.min(matrix.rows, MOST_ROWS) },
        (_, i) =>
          html`<tr>
            <th scope="row">${i}</th>
            ${rowOf(matrix, i)
              .slice(0, columns)
              .map((x) => html`<td>${value(x, 2)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
