/** The operation as one line of mathematics, each index in the colour of its dimension. */

import { html, nothing, type TemplateResult } from "lit";
import { matrixAxes, type Extent, type SizedOperand } from "../../src/playground/axes.ts";
import type { Scene } from "../scene.ts";
import { dim } from "./pieces.ts";

/** A single letter becomes its small form; a longer name stays what it is. */
const letter = (name: string): string => (name.length <= 2 ? name.toLowerCase() : name);

function index(scene: Scene, axes: readonly Extent[]): TemplateResult {
  const shown = axes.filter(({ axis }) => axis !== 1);
  const parts = shown.map(({ axis }, i) =>
    axis === 1 ? nothing : html`${i === 0 ? nothing : ","}${dim(scene.hueOf, axis, letter(axis))}`,
  );
  return html`<span class="index">[${parts}]</span>`;
}

const sum = ({ hueOf }: Scene, { axis }: Extent): TemplateResult =>
  html`<span class="sigma">Σ<sub>${axis === 1 ? nothing : dim(hueOf, axis, letter(axis))}</sub></span>`;

export function formula(scene: Scene): TemplateResult {
  return html`<p class="formula" data-testid="formula">
    ${scene.bench.operation.operator === "matmul" ? matmul(scene) : attention(scene)}
  </p>`;
}

function matmul(scene: Scene): TemplateResult {
  const { layout } = scene;
  const [a, b] = layout.operands;
  if (a === undefined || b === undefined) return html``;
  const factor = (operand: SizedOperand, side: "left" | "right"): TemplateResult => {
    const { rows, columns } = matrixAxes(operand, side);
    return html`${operand.name}${operand.transposed ? "ᵀ" : nothing}${index(scene, [...operand.axes.slice(0, -2), rows, columns])}`;
  };
  const result = [...layout.batch, layout.rows, layout.columns];
  return html`${scene.nameOf("result")}${index(scene, result)} = ${sum(scene, layout.inner)} ${factor(a, "left")} ·
  ${factor(b, "right")}`;
}

function attention(scene: Scene): TemplateResult {
  const { layout, bench } = scene;
  const [q, k, v] = layout.operands;
  if (q === undefined || k === undefined || v === undefined) return html``;
  const { causal = false, scale } = bench.operation.options;
  const { inner, columns, rows } = layout;
  const by =
    scale === undefined
      ? html`/ √${inner.axis === 1 ? "1" : dim(scene.hueOf, inner.axis)}`
      : scale === 1
        ? nothing
        : html`× ${scale}`;
  const mask = causal ? html`+ mask${index(scene, [rows, columns])}` : nothing;
  return html`${scene.nameOf("output")}${index(scene, [...layout.batch, rows, layout.values])} = ${sum(scene, columns)}
  softmax<sub>${columns.axis === 1 ? nothing : dim(scene.hueOf, columns.axis, letter(columns.axis))}</sub>(
  ${sum(scene, inner)} ${q.name}${index(scene, q.axes)} · ${k.name}${index(scene, k.axes)} ${by} ${mask} ) ·
  ${v.name}${index(scene, v.axes)}`;
}
