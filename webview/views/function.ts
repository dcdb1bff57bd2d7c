/**
 * A whole function: its operations one under the other in the order of the code, an arc from each value to those that
 * use it, and every intermediate as a picture with the shape that the editor shows.
 */

import { html, nothing, svg, type TemplateResult } from "lit";
import type { Extent } from "../../src/playground/axes.ts";
import { parseExpression, symbolsOf } from "../../src/playground/expression.ts";
import { sizesOf, symbolsIn, type GraphNode } from "../../src/playground/graph.ts";
import type { FunctionState } from "../../src/playground/state.ts";
import { count, duration, value } from "../../src/playground/words.ts";
import { HUES } from "../draw/palette.ts";
import { domainOf, statistics } from "../draw/statistics.ts";
import type { How } from "../engine/functions.ts";
import type { Step } from "../engine/graph.ts";
import type { Matrix } from "../engine/picture.ts";
import type { Scene } from "../scene.ts";
import { deviceLine } from "./head.ts";
import { dim, properties } from "./pieces.ts";

/** Rows are of one height, so that arcs can be drawn without measuring. */
const ROW = 144;
const GUTTER = 56;
const TALLEST = 96;

type Drawing = {
  readonly scene: Scene;
  readonly own: FunctionState;
  readonly hueOf: (axis: string | 1) => string;
  readonly steps: readonly Step[];
};

export function functionView(scene: Scene, own: FunctionState): TemplateResult {
  const symbols = symbolsIn(own.graph);
  const hueOf = (axis: string | 1): string => {
    const at = axis === 1 ? -1 : symbols.indexOf(axis);
    return at < 0 ? "none" : (HUES[at % HUES.length] ?? "none");
  };
  const drawing = { scene, own, hueOf, steps: scene.live.steps ?? [] };
  return html`<section class="function" id="view" role="tabpanel" aria-labelledby="tab-function" data-testid="function">
    ${title(drawing)} ${sizeFields(drawing, symbols)}
    ${own.graph.notes.map((note) => html`<p class="note">${plainNote(note)}</p>`)}
    <div class="graph" ${properties({ "--row": `${ROW}px`, "--gutter": `${GUTTER}px` })}>
      ${arcs(own)}
      <ol>
        ${own.graph.nodes.map((node, i) => nodeRow(drawing, node, i))}
      </ol>
    </div>
  </section>`;
}

const plainNote = (note: string): string => note.replaceAll("`", "");

function title({ scene, own }: Drawing): TemplateResult {
  const { graph } = own;
  const back = (event: Event): void => {
    event.preventDefault();
    scene.act.revealAt({ uri: graph.uri, file: graph.file, line: graph.line, code: graph.name });
  };
  return html`<div class="function-head">
    <h1 class="source">
      <a href="#" class="file" data-testid="function-link" @click=${back}>${graph.file}:${graph.line + 1}</a>
      <span class="code">def ${graph.name}</span>
    </h1>
    <p class="device">${deviceLine(scene)}</p>
  </div>`;
}

function sizeFields({ scene, own, hueOf }: Drawing, symbols: readonly string[]): TemplateResult {
  const set = (name: string, event: Event): void => {
    const field = event.target as HTMLInputElement;
    const n = Number(field.value);
    if (Number.isInteger(n) && n >= 1 && n <= 4096)
      scene.act.changeFunction((old) => ({ ...old, sizes: { ...old.sizes, [name]: n } }));
  };
  const look = (name: string, event: Event): void => {
    const n = Number((event.target as HTMLInputElement).value);
    scene.act.changeFunction((old) => ({ ...old, at: { ...old.at, [name]: n } }), false);
  };
  const leading = new Set(
    own.graph.nodes.flatMap(({ dims }) => dims.slice(0, -2).filter((each) => typeof each === "string")),
  );
  return html`<div class="function-sizes" role="group" aria-label="Sizes">
    ${symbols.map(
      (name) =>
        html`<span class="range" data-dim=${name} data-hue=${hueOf(name)}>
          ${dim(hueOf, name)}
          <input
            class="number"
            type="number"
            min="1"
            step="1"
            aria-label="Size of ${name}"
            data-testid="function-size-${name}"
            .value=${String(own.sizes[name] ?? 1)}
            @input=${(event: Event) => set(name, event)}
          />
          ${
            leading.has(name) && (own.sizes[name] ?? 1) > 1
              ? html`<input
                  type="range"
                  min="0"
                  max=${(own.sizes[name] ?? 1) - 1}
                  step="1"
                  aria-label="${name}: which one is shown"
                  .value=${String(own.at[name] ?? 0)}
                  @input=${(event: Event) => look(name, event)}
                  ${properties({ "--at": (own.at[name] ?? 0) / Math.max(1, (own.sizes[name] ?? 1) - 1) })}
                />`
              : nothing
          }
        </span>`,
    )}
  </div>`;
}

/** An arc from each value to the operation that uses it; those of the row that is looked at stand out. */
function arcs({ graph, node: looked }: FunctionState): TemplateResult {
  const y = (i: number): number => (i + 0.5) * ROW;
  const edges = graph.nodes.flatMap(({ args }, to) =>
    args.flatMap(({ value: given }) => (given.kind === "node" ? [{ from: given.node, to }] : [])),
  );
  const path = ({ from, to }: { readonly from: number; readonly to: number }): unknown => {
    const reach = Math.min(GUTTER - 8, 12 + 7 * (to - from));
    const right = GUTTER - 6;
    const on = looked === to || looked === from ? "on" : "";
    return svg`<path class=${on} d="M${right} ${y(from)}C${right - reach} ${y(from)} ${right - reach} ${y(to)} ${right} ${y(to)}" />`;
  };
  return html`<svg
    class="arcs"
    aria-hidden="true"
    width=${GUTTER}
    height=${graph.nodes.length * ROW}
    viewBox="0 0 ${GUTTER} ${graph.nodes.length * ROW}"
  >
    ${edges.map(path)}
    ${graph.nodes.map((_, i) => svg`<circle class=${graph.returned.includes(i) ? "out" : ""} cx=${GUTTER - 6} cy=${y(i)} r="3.5" />`)}
  </svg>`;
}

function nodeRow(drawing: Drawing, node: GraphNode, at: number): TemplateResult {
  const { scene, own, hueOf, steps } = drawing;
  const step = steps[at];
  const sizes = sizesOf(node.dims, own.sizes);
  const reveal = (event: Event): void => {
    event.preventDefault();
    scene.act.revealAt({ uri: own.graph.uri, file: own.graph.file, line: node.line, code: node.code });
  };
  const returned = own.graph.returned.includes(at) ? html`<b class="returned">returned</b>` : nothing;
  return html`<li class="node ${own.node === at ? "on" : ""}" data-testid="node-${node.name ?? at}">
    <div class="what">
      <div><span class="name">${node.name ?? "—"}</span> ${shapeOf(node, hueOf)} ${returned}</div>
      <div class="sizes">
        ${sizes === undefined ? nothing : `(${sizes.map(count).join(", ")}${sizes.length === 1 ? "," : ""})`}
      </div>
      <a href="#" class="expression" title="Show line ${node.line + 1} in the editor" @click=${reveal}
        >${node.operator === null ? "goes in, filled at random" : node.code}</a
      >
      ${how(step)}
    </div>
    ${step !== undefined && "data" in step ? picture(drawing, node, step, at) : nothing}
  </li>`;
}

function shapeOf({ dims }: GraphNode, hueOf: Drawing["hueOf"]): TemplateResult {
  const parts = dims.map((each, i) => {
    const text = String(each);
    const alone = typeof each === "string" && symbolOf(each) === each;
    return html`${i === 0 ? nothing : html`<span class="comma">, </span>`}${alone ? dim(hueOf, text) : text}`;
  });
  return html`<span class="shape">(${parts}${dims.length === 1 ? "," : nothing})</span>`;
}

/** The symbol that a dimension is, or none where it is an expression. */
function symbolOf(text: string): string | undefined {
  const expression = parseExpression(text);
  return expression?.kind === "symbol" ? symbolsOf(expression)[0] : undefined;
}

function how(step: Step | undefined): TemplateResult {
  if (step === undefined) return html`<p class="how">…</p>`;
  if ("problem" in step) return html`<p class="how bad">Not computed: ${step.problem}</p>`;
  return html`<p class="how">${howWords(step.how)}</p>`;
}

function howWords(way: How): string {
  switch (way.kind) {
    case "kernel":
      return `${way.kernel} kernel · ${duration(way.milliseconds)}`;
    case "reference":
      return "CPU reference: no kernel of ours covers it";
    case "given":
      return "normal values";
    case "same":
      return "the same numbers in another shape";
  }
}

function picture(
  drawing: Drawing,
  node: GraphNode,
  step: Exclude<Step, { problem: string }>,
  at: number,
): TemplateResult {
  const { scene, own, hueOf } = drawing;
  const matrix = matrixOf(drawing, node, step);
  const { min, max, mean, nan, masked } = statistics(matrix);
  const cell = Math.min(
    16,
    Math.max(TALLEST / matrix.rows, 1),
    Math.max(280 / matrix.columns, 0.5),
    TALLEST / matrix.rows,
  );
  const size = {
    width: Math.max(16, Math.round(Math.min(280, cell * matrix.columns))),
    height: Math.max(12, Math.round(Math.min(TALLEST, cell * matrix.rows))),
  };
  const here =
    own.node === at
      ? { row: Math.min(own.row, matrix.rows - 1), column: Math.min(own.col, matrix.columns - 1) }
      : undefined;
  const look = (row: number, col: number): void =>
    scene.act.changeFunction((old) => ({ ...old, node: at, row, col }), false);
  const view = {
    cut: { matrix, row: 0, column: 0 },
    rows: matrix.rowExtent,
    columns: matrix.columnExtent,
    size,
    look: { palette: scene.palette, domain: domainOf(matrix) },
    mark: here === undefined ? {} : { ...here, cell: true },
    pointAt: here ?? {},
    pointing: scene.live.pointing,
    hueOf: ({ axis }: Extent) => hueOf(axis),
    label: `${node.name ?? node.code}, ${matrix.rows} by ${matrix.columns}. Arrow keys move.`,
    describedBy: `about-node-${at}`,
    axes: { top: true, left: true },
    looked: look,
    zoom: () => undefined,
    pan: () => undefined,
    whole: () => undefined,
    pointed: scene.act.pointed,
  };
  const odd = [nan > 0 ? `${count(nan)} NaN` : "", masked > 0 ? `${count(masked)} −∞` : ""].filter(
    (text) => text !== "",
  );
  const pointed = here === undefined ? undefined : matrix.data[here.row * matrix.columns + here.column];
  return html`<heat-map class="plate" .view=${view}></heat-map>
    <p class="summary" id="about-node-${at}">
      <span>${value(min, 2)} to ${value(max, 2)}</span><span>mean ${value(mean, 2)}</span>
      ${odd.length === 0 ? nothing : html`<span class=${nan > 0 ? "bad" : ""}>${odd.join(", ")}</span>`}
      ${pointed === undefined ? nothing : html`<b>[${here?.row}, ${here?.column}] ${value(pointed)}</b>`}
    </p>`;
}

/** The last two axes of a value, where each leading symbol is looked at. */
function matrixOf(
  { own }: Drawing,
  { dims, operator }: GraphNode,
  { data, shape }: { readonly data: Float32Array; readonly shape: readonly number[] },
): Matrix {
  const cached = matrices.get(data);
  const key = JSON.stringify(own.at);
  if (cached?.key === key) return cached.matrix;
  const [rows, columns] = [shape.length > 1 ? (shape.at(-2) ?? 1) : 1, shape.at(-1) ?? 1];
  const place = shape.slice(0, -2).reduce((offset, size, i) => {
    const name = dims[i];
    const index = typeof name === "string" ? Math.min(own.at[name] ?? 0, size - 1) : 0;
    return offset * size + index;
  }, 0);
  const extent = (fromEnd: number, size: number): Extent => {
    const name = dims.at(fromEnd);
    return { axis: typeof name === "string" ? name : 1, size };
  };
  const matrix: Matrix = {
    id: operator?.toLowerCase().endsWith("softmax") === true && !operator.includes("log") ? "weights" : "result",
    rowExtent: dims.length > 1 ? extent(-2, rows) : { axis: 1, size: 1 },
    columnExtent: extent(-1, columns),
    rows,
    columns,
    data: data.subarray(place * rows * columns, (place + 1) * rows * columns),
  };
  matrices.set(data, { key, matrix });
  return matrix;
}

/** A matrix stays the same object while nothing about it changes, so that it is not drawn again. */
const matrices = new WeakMap<Float32Array, { readonly key: string; readonly matrix: Matrix }>();
