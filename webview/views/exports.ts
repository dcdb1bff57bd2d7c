/** Take it away: the computation as code that runs elsewhere. Each word says for a moment that it has happened. */

import { html, type TemplateResult } from "lit";
import { programOf, type Dialect } from "../../src/playground/copy.ts";
import type { Bench } from "../../src/playground/state.ts";
import { shelf } from "../given/shelf.ts";
import type { Scene } from "../scene.ts";

const DIALECTS: readonly (readonly [Dialect, string])[] = [
  ["pytorch", "PyTorch"],
  ["numpy", "NumPy"],
];

export function exportRow(scene: Scene): TemplateResult {
  const { act, bench, layout, live } = scene;
  return html`<footer class="exports" aria-label="Export">
    <span class="what">Copy as</span>
    ${DIALECTS.map(([dialect, name]) => {
      const said = live.said?.about === dialect ? live.said.text : name;
      return html`<button
        type="button"
        class="link"
        data-testid="copy-${dialect}"
        @click=${() => act.copy(dialect, programOf(bench, layout, dialect, givenNumbers(bench)))}
      >
        ${said}
      </button>`;
    })}
  </footer>`;
}

const givenNumbers =
  ({ given }: Bench) =>
  (operand: number): Float32Array | undefined =>
    shelf.get(given[operand]?.id ?? "");
