/** One query through every stage: its scores, scaled, masked and weights under each other, key by key, and in words. */

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { value } from "../../src/playground/words.ts";
import { domainOf } from "../draw/statistics.ts";
import { rowOf, type Matrix } from "../engine/picture.ts";
import type { Scene } from "../scene.ts";
import { dim } from "./pieces.ts";

const LABEL = 72;
const VALUE = 72;
const TALL = 32;
const STEP = 40;

export function queryStrip(scene: Scene, query: number): TemplateResult | typeof nothing {
  const stages = (["scores", "scaled", "masked", "weights"] as const).flatMap((id) => scene.matrix(id) ?? []);
  const weights = stages.at(-1);
  if (weights?.id !== "weights") return nothing;
  const { cursor } = scene.bench;
  const keyed = cursor.tensor !== "output" && cursor.tensor !== "q";
  const key = keyed ? Math.min(cursor.col, weights.columns - 1) : undefined;
  return html`<div class="strip" role="group" aria-label="One query">
    <h2>Query ${dim(scene.hueOf, weights.rowExtent.axis, String(query))} through every stage</h2>
    <p class="say">${inWords(scene, weights, query)}</p>
    ${chart(scene, stages, query, key)}
  </div>`;
}

/** The row in words: where the attention goes. */
function inWords(scene: Scene, weights: Matrix, query: number): unknown {
  const row = rowOf(weights, query);
  if (row.some(Number.isNaN)) return html`<span class="bad">NaN</span>: the weights of this query are lost.`;
  const best = row
    .map((share, key) => ({ share, key }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 2)
    .filter(({ share }) => share > 0.02);
  const hidden = scene.matrix("masked");
  const shut = hidden === undefined ? 0 : rowOf(hidden, query).filter((x) => x === -Infinity).length;
  const bits = row.reduce((sum, x) => sum - (x > 0 ? x * Math.log2(x) : 0), 0);
  const axis = weights.columnExtent.axis;
  if (shut === weights.columns) return html`Every key is masked, so this query gets nothing: zeros.`;
  const parts = best.map(
    ({ share, key }, i) =>
      html`${i === 0 ? nothing : " and "}${Math.round(share * 100)} % to key ${dim(scene.hueOf, axis, String(key))}`,
  );
  const masked = shut === 0 ? "" : `${shut} ${shut === 1 ? "key is" : "keys are"} masked; `;
  return html`It gives ${parts.length === 0 ? "little to every key" : parts}; ${masked}entropy ${bits.toFixed(1)} bits.`;
}

function chart(scene: Scene, stages: readonly Matrix[], query: number, key: number | undefined): TemplateResult {
  const width = stripWidth(scene.live.width);
  const keys = stages[0]?.columns ?? 1;
  const room = width - LABEL - VALUE;
  const cell = room / keys;
  const height = stages.length * STEP + 16;
  const bottom = height - 4;
  const here =
    key === undefined
      ? nothing
      : svg`<rect class="here" data-hue=${scene.hueOf(stages[0]?.columnExtent.axis ?? 1)} x=${LABEL + key * cell} y="0" width=${Math.max(1, cell)} height=${stages.length * STEP} />`;
  const middle =
    key !== undefined && key > 0 && key < keys - 1
      ? svg`<text class="tick now" x=${LABEL + (key + 0.5) * cell} y=${bottom}>${key}</text>`
      : nothing;
  return html`<svg
    role="img"
    width=${width}
    height=${height}
    viewBox="0 0 ${width} ${height}"
    aria-label="Query ${query}: ${stages.map(({ id }) => id).join(", ")} over ${keys} keys"
  >
    ${here} ${stages.map((matrix, i) => lane(matrix, query, key, i, { width, room, cell }))}
    ${svg`<g class="ticks" data-hue=${scene.hueOf(stages[0]?.columnExtent.axis ?? 1)}>
      <text class="tick" x=${LABEL} y=${bottom}>0</text>${middle}
      <text class="tick end" x=${LABEL + room} y=${bottom}>${keys - 1}</text>
      ${key === undefined ? nothing : svg`<text class="tick end" x=${width} y=${bottom}>key ${key}</text>`}
    </g>`}
  </svg>`;
}

/** As wide as the column that it stands in. */
function stripWidth(panel: number): number {
  const room = panel - (panel <= 560 ? 32 : 48);
  if (room >= 952) return Math.floor(((room - 64) * 560) / 1088);
  return Math.max(240, room);
}

function lane(
  matrix: Matrix,
  query: number,
  key: number | undefined,
  at: number,
  { width, room, cell }: { readonly width: number; readonly room: number; readonly cell: number },
): SVGTemplateResult {
  const values = rowOf(matrix, query);
  const { low, high } = domainOf(matrix);
  const zero = at * STEP + (low < 0 ? TALL / 2 : TALL) + 4;
  const scale = (low < 0 ? TALL / 2 : TALL) / high;
  const text = at * STEP + TALL / 2 + 8;
  const gap = cell > 6 ? 1 : 0;
  const bars = values.map((x, j) => {
    const left = LABEL + j * cell + gap;
    const wide = Math.max(0.5, cell - 2 * gap);
    if (x === -Infinity) return svg`<line class="shut" x1=${left} x2=${left + wide} y1=${zero + 5} y2=${zero - 5} />`;
    if (!Number.isFinite(x)) return svg`<rect class="odd" x=${left} y=${zero - 6} width=${wide} height="12" />`;
    const tall = Math.max(0.75, Math.abs(x) * scale);
    return svg`<rect class=${x < 0 ? "minus" : "plus"} x=${left} y=${x < 0 ? zero : zero - tall} width=${wide} height=${tall} />`;
  });
  const number =
    key === undefined ? nothing : svg`<text class="number" x=${width} y=${text}>${value(values[key] ?? NaN)}</text>`;
  return svg`<g><text class="name" x="0" y=${text}>${matrix.id}</text>
    <line class="zero" x1=${LABEL} x2=${LABEL + room} y1=${zero} y2=${zero} />${bars}${number}</g>`;
}
