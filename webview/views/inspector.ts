/** This cell: its value, and the arithmetic that made it — products as a waterfall that ends at the sum, or one step. */

import { html, nothing, type TemplateResult } from "lit";
import type { Extent } from "../../src/playground/axes.ts";
import { value } from "../../src/playground/words.ts";
import { chosenTerms, explain, type Explained, type Story, type Term } from "../engine/explain.ts";
import { leadingIndices, type TensorId } from "../engine/picture.ts";
import type { Scene } from "../scene.ts";
import { axesOf, titleOf } from "./map.ts";
import { dim, properties } from "./pieces.ts";

const MOST = 12;

export function explained(scene: Scene): Explained | undefined {
  const { picture, bench } = scene;
  if (picture === undefined) return undefined;
  const { tensor, row, column } = {
    tensor: bench.cursor.tensor as TensorId,
    row: bench.cursor.row,
    column: bench.cursor.col,
  };
  return explain(picture, scene.slice, { id: tensor, row, column });
}

export function inspector(scene: Scene, cell: Explained | undefined): TemplateResult | typeof nothing {
  if (cell === undefined) return nothing;
  const { matrix } = cell;
  const odd = Number.isFinite(cell.value) ? "" : "bad";
  return html`<div class="inspect" role="group" aria-label="This cell" data-testid="cell">
    <h2>This cell</h2>
    <div class="reading">
      <span class="where">${titleOf(scene, matrix.id)}${place(scene, cell)}</span>
      <output class=${odd} data-testid="cell-value">${value(cell.value)}</output>
    </div>
    ${body(scene, cell)}
  </div>`;
}

/** `[0,1,9,8]`: where we stand on the leading axes, then the row and the column. */
function place(scene: Scene, { matrix, row, column }: Explained): TemplateResult {
  const axes = axesOf(scene, matrix.id);
  // A vector has no index for the side that it is drawn along.
  const own = [
    { extent: matrix.rowExtent, index: row },
    { extent: matrix.columnExtent, index: column },
  ].filter(({ extent }) => axes.slice(-2).includes(extent));
  const leading = axes.slice(0, axes.length - own.length);
  const indices = [...leadingIndices(leading, scene.layout.batch, scene.slice), ...own.map(({ index }) => index)];
  return html`[${axes.map(
    ({ axis }, i) => html`${i === 0 ? nothing : ","}${dim(scene.hueOf, axis, String(indices[i] ?? 0))}`,
  )}]`;
}

function body(scene: Scene, cell: Explained): unknown {
  const { story } = cell;
  switch (story.kind) {
    case "dot":
      return waterfall(scene, cell, story);
    case "step":
      return html`${line(titleOf(scene, story.from.id), value(story.before))}
      ${line(story.how === "scale" ? "× scale" : "+ mask", value(story.by))}
      ${story.cap === undefined ? nothing : line(`${value(story.cap.softcap, 1)} · tanh(x / ${value(story.cap.softcap, 1)})`, value(story.cap.after))}
      ${line(titleOf(scene, cell.matrix.id), html`<b>${value(cell.value)}</b>`)}
      ${story.by === -Infinity ? hidden(scene, cell) : nothing}`;
    case "softmax":
      return html`${line("exp(x − max)", value(story.exponent))} ${line("Σ over keys", value(story.total))}
        ${line("weight", html`${value(story.exponent)} / ${value(story.total)} = <b>${value(cell.value)}</b>`)}
        <p class="note">The weights of one query add up to 1.</p>`;
    case "given":
      return html`<p class="note">An operand: this value is where the computation starts.</p>`;
  }
}

const line = (name: string, text: unknown): TemplateResult =>
  html`<div class="step-line"><span>${name}</span><span>${text}</span></div>`;

const hidden = ({ hueOf }: Scene, { matrix, row, column }: Explained): TemplateResult =>
  html`<p class="note">
    Query ${dim(hueOf, matrix.rowExtent.axis, String(row))} may not look at key
    ${dim(hueOf, matrix.columnExtent.axis, String(column))}.
  </p>`;

type Span = { readonly low: number; readonly width: number };

function waterfall(scene: Scene, cell: Explained, story: Extract<Story, { kind: "dot" }>): TemplateResult {
  const { shown, rest } = chosenTerms(story.terms, MOST);
  const sum = story.terms.reduce((total, { product }) => total + product, 0);
  const total = story.after.length === 0 ? cell.value : sum;
  const stations = [0, rest];
  for (const { product } of shown) stations.push((stations.at(-1) ?? 0) + product);
  const finite = stations.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const span = { low, width: Math.max(0, ...finite) - low || 1 };
  const over = story.left.columnExtent;
  const [left, right] = [titleOf(scene, story.left.id), titleOf(scene, story.right.id)];
  const letter = over.axis === 1 ? "" : over.axis.length <= 2 ? over.axis.toLowerCase() : over.axis;
  return html`<div class="terms">
      <div class="term header">
        <span class="k">${over.axis === 1 ? nothing : dim(scene.hueOf, over.axis, letter)}</span
        ><span title=${left}>${left}</span><span title=${right}>${right}</span><span>product</span
        ><span class="track"></span>
      </div>
      ${shown.map((term, i) => termLine(scene, over, term, [stations[i + 1] ?? 0, stations[i + 2] ?? 0], span))}
      <div class="term sum">
        <span class="k">Σ</span><span></span><span></span><span>${value(total, 2)}</span>${bar(0, total, span, "total")}
      </div>
    </div>
    ${story.after.map(([name, after], i) => line(name, i === story.after.length - 1 ? html`<b>${value(cell.value)}</b>` : value(after)))}
    ${
      story.terms.length > shown.length
        ? html`<p class="note">
            The ${MOST} largest of ${story.terms.length} products; the other ${story.terms.length - shown.length} add up
            to ${value(rest)}.
          </p>`
        : nothing
    }`;
}

function termLine(
  scene: Scene,
  over: Extent,
  term: Term,
  [from, to]: readonly [number, number],
  span: Span,
): TemplateResult {
  return html`<div
    class="term"
    @pointerenter=${() => scene.act.term(term.k)}
    @pointerleave=${() => scene.act.term(undefined)}
  >
    <span class="k">${dim(scene.hueOf, over.axis, String(term.k))}</span><span>${value(term.left, 2)}</span
    ><span>${value(term.right, 2)}</span
    ><span>${value(term.product, 2)}</span>${bar(from, to, span, to < from ? "minus" : "plus")}
  </div>`;
}

function bar(from: number, to: number, { low, width }: Span, kind: "plus" | "minus" | "total"): TemplateResult {
  const drawable = Number.isFinite(from) && Number.isFinite(to);
  const start = drawable ? (Math.min(from, to) - low) / width : 0;
  const end = drawable ? Math.max((Math.max(from, to) - low) / width, start + 0.008) : 0;
  return html`<span class="track" ${properties({ "--zero": -low / width })}
    ><i class="bar ${kind}" ${properties({ "--from": start, "--to": end })}></i
  ></span>`;
}
