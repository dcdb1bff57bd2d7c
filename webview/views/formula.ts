/** The operation as one line of mathematics, each index in the colour of its dimension. */

import { html, nothing, type TemplateResult } from "lit";
import { matrixAxes, type Extent, type SizedOperand } from "../../src/playground/axes.ts";
import { isMasked } from "../../src/playground/mask.ts";
import type { Axis, Role } from "../../src/playground/plan.ts";
import type { Scene } from "../scene.ts";
import { dim } from "./pieces.ts";

const ROLE_LETTERS: Readonly<Record<Role, string>> = {
  batch: "b",
  heads: "h",
  rows: "i",
  columns: "j",
  inner: "d",
  values: "e",
};

const isWord = (name: string): boolean => /^[\p{L}\p{N}_.′]+$/u.test(name);

/** A single letter becomes its small form, a name stays what it is, and an expression gets the letter of its role. */
function letter({ layout }: Scene, name: string): string {
  if (name.length <= 2) return name.toLowerCase();
  if (isWord(name)) return name;
  return ROLE_LETTERS[layout.plan.dimensions.find((dimension) => dimension.name === name)?.role ?? "inner"];
}

/** An expression in brackets, where it stands in a product or under a root. */
export const factor = (hueOf: Scene["hueOf"], axis: Axis): TemplateResult =>
  axis !== 1 && !isWord(axis) ? html`(${dim(hueOf, axis)})` : dim(hueOf, axis);

/** `[b,h,t,d]`. Where rows and columns are the same dimension, `prime` tells the second index from the first. */
function index(scene: Scene, axes: readonly Extent[], prime?: Extent): TemplateResult {
  const shown = axes.filter(({ axis }) => axis !== 1);
  const parts = shown.map((extent, i) => html`${i === 0 ? nothing : ","}${letterOf(scene, extent, extent === prime)}`);
  return html`<span class="index">[${parts}]</span>`;
}

const letterOf = (scene: Scene, { axis }: Extent, prime: boolean): unknown =>
  axis === 1 ? nothing : dim(scene.hueOf, axis, letter(scene, axis) + (prime ? "′" : ""));

const sum = (scene: Scene, extent: Extent, prime: boolean): TemplateResult =>
  html`<span class="sigma">Σ<sub>${letterOf(scene, extent, prime)}</sub></span>`;

export function formula(scene: Scene): TemplateResult {
  return html`<p class="formula" data-testid="formula">
    ${scene.bench.operation.operator === "matmul" ? matmul(scene) : attention(scene)}
  </p>`;
}

function matmul(scene: Scene): TemplateResult {
  const { layout } = scene;
  const [a, b] = layout.operands;
  if (a === undefined || b === undefined) return html``;
  const same = layout.rows.axis === layout.columns.axis;
  const turned = (operand: SizedOperand, side: "left" | "right"): TemplateResult => {
    const { rows, columns } = matrixAxes(operand, side);
    const prime = same && side === "right" ? columns : undefined;
    return html`${operand.name}${operand.transposed ? "ᵀ" : nothing}${index(scene, [...operand.axes.slice(0, -2), rows, columns], prime)}`;
  };
  const result = [...layout.batch, layout.rows, layout.columns];
  const { bias = false, activation = "none" } = scene.bench.operation.options;
  const product = html`${sum(scene, layout.inner, false)} ${turned(a, "left")} ·
  ${turned(b, "right")}${bias ? html` + bias${index(scene, [layout.columns])}` : nothing}`;
  return html`${scene.nameOf("result")}${index(scene, result, same ? layout.columns : undefined)} =
  ${activation === "none" ? product : html`${activation}( ${product} )`}`;
}

function attention(scene: Scene): TemplateResult {
  const { layout, bench } = scene;
  const [q, k, v] = layout.operands;
  if (q === undefined || k === undefined || v === undefined) return html``;
  const { options } = bench.operation;
  const { scale, softcap } = options;
  const { inner, columns, rows } = layout;
  const same = rows.axis === columns.axis;
  const by =
    scale === undefined ? html`/ √${factor(scene.hueOf, inner.axis)}` : scale === 1 ? nothing : html`× ${scale}`;
  const mask = isMasked(options) ? html`+ mask${index(scene, [rows, columns], same ? columns : undefined)}` : nothing;
  const keys = (operand: SizedOperand): TemplateResult =>
    index(scene, operand.axes, same ? operand.axes.at(-2) : undefined);
  return html`${scene.nameOf("output")}${index(scene, [...layout.batch, rows, layout.values])} =
  ${sum(scene, columns, same)} softmax<sub>${letterOf(scene, columns, same)}</sub>(
  ${softcap === undefined ? nothing : "cap( "}${sum(scene, inner, false)} ${q.name}${index(scene, q.axes)} ·
  ${k.name}${keys(k)} ${by}${softcap === undefined ? nothing : " )"} ${mask} ) · ${v.name}${keys(v)}`;
}
