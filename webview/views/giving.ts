/** Where values are given: a field to paste numbers into, a file to choose, and what is wrong with either. */

import { html, nothing, type TemplateResult } from "lit";
import { count } from "../../src/playground/words.ts";
import type { Offered } from "../given/tensor.ts";
import type { Giving } from "../giving.ts";
import type { Scene } from "../scene.ts";

const KINDS = ".npy,.npz,.safetensors,.csv,.tsv,.json,.txt";

export function givingArea(scene: Scene): TemplateResult | typeof nothing {
  const { giving } = scene.live;
  if (giving === undefined) return nothing;
  const { act, bench } = scene;
  const name = bench.operation.operands[giving.operand]?.name ?? "";
  const choose = (event: Event): void => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file !== undefined) act.giveFile(giving.operand, file);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") act.give(undefined);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) act.useGiven();
  };
  return html`<div class="giving" role="group" aria-label="Values of ${name}" data-testid="giving" @keydown=${key}>
    <label for="given-text">
      Numbers for <code>${name}</code>, as Python, NumPy or JSON writes them; or drop a .npy, .npz or .safetensors file.
    </label>
    <textarea
      id="given-text"
      rows="4"
      spellcheck="false"
      placeholder="[[1, 0.5], [-2, nan]]"
      data-testid="given-text"
      .value=${giving.text}
      @input=${(event: Event) => act.giveText((event.target as HTMLTextAreaElement).value)}
    ></textarea>
    ${giving.offers.length > 1 ? offers(scene, giving.offers) : nothing}
    <p class="read ${saysBad(giving) ? "bad" : ""}" role="status" data-testid="given-says">${says(giving)}</p>
    <div class="buttons">
      <button
        type="button"
        class="button small"
        data-testid="given-use"
        ?disabled=${giving.read === undefined || "problem" in giving.read}
        @click=${() => act.useGiven()}
      >
        Use these values
      </button>
      <label class="button second small file"
        >Choose a file…<input type="file" class="sr" accept=${KINDS} data-testid="given-file" @change=${choose}
      /></label>
      <button type="button" class="link" @click=${() => act.give(undefined)}>Cancel</button>
    </div>
  </div>`;
}

const saysBad = ({ refused, read }: Giving): boolean =>
  refused !== undefined || (read !== undefined && "problem" in read);

function says({ refused, read, file, offers: list }: Giving): string {
  if (refused !== undefined) return refused;
  if (read !== undefined) return "problem" in read ? read.problem : shapeWords(read.shape);
  if (list.length > 1) return `${file ?? "The file"} holds ${count(list.length)} tensors. Which one?`;
  return file === undefined ? "" : `Reading ${file}…`;
}

const shapeWords = (shape: readonly number[]): string =>
  `(${shape.map(count).join(", ")}${shape.length === 1 ? "," : ""}) · ${count(shape.reduce((n, size) => n * size, 1))} ${shape.every((size) => size === 1) ? "value" : "values"}`;

/** A list that the keyboard walks; what is chosen is used at once. */
function offers({ act }: Scene, list: readonly Offered[]): TemplateResult {
  return html`<ul class="offers" aria-label="Tensors in the file">
    ${list.map(
      (offer) =>
        html`<li>
          <button type="button" class="link" data-testid="offer-${offer.name}" @click=${() => act.chooseGiven(offer)}>
            ${offer.name}</button
          ><span class="shape">(${offer.shape.map(count).join(", ")})</span><span>${offer.dtype}</span>
        </li>`,
    )}
  </ul>`;
}
