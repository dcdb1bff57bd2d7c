/**
 * Take it away: the computation as code that runs elsewhere or as a link, the tensor that is looked at as a file. Each
 * word says for a moment that it has happened.
 */

import { html, nothing, type TemplateResult } from "lit";
import { programOf, type Dialect } from "../../src/playground/copy.ts";
import type { Bench } from "../../src/playground/state.ts";
import type { TensorId } from "../engine/picture.ts";
import { shelf } from "../given/shelf.ts";
import type { Scene } from "../scene.ts";
import { csvOf, npyOf, pngOf, timingsOf } from "../taking.ts";
import { titleOf } from "./map.ts";

const DIALECTS: readonly (readonly [Dialect, string])[] = [
  ["pytorch", "PyTorch"],
  ["numpy", "NumPy"],
];

export function exportRow(scene: Scene, figure: Scene): TemplateResult {
  const { act, bench, layout } = scene;
  const copies = DIALECTS.map(([dialect, name]) =>
    word(scene, dialect, name, () => act.copy(dialect, programOf(bench, layout, dialect, givenNumbers(bench)))),
  );
  return html`<footer class="exports" aria-label="Export">
    <span class="what">Copy as</span>${copies} ${word(scene, "link", "link", () => act.link())} ${files(scene, figure)}
  </footer>`;
}

const word = ({ live }: Scene, about: string, text: string, press: () => void): TemplateResult =>
  html`<button type="button" class="link" data-testid="${COPIES.has(about) ? "copy" : "save"}-${about}" @click=${press}>
    ${live.said?.about === about ? live.said.text : text}
  </button>`;

const COPIES: ReadonlySet<string> = new Set(["pytorch", "numpy", "link"]);

/** Files of the tensor that is looked at, as it was computed. */
function files(scene: Scene, figure: Scene): TemplateResult | typeof nothing {
  const id = figure.bench.cursor.tensor as TensorId;
  const stored = figure.picture?.tensors.get(id);
  const matrix = figure.matrix(id);
  if (stored === undefined || matrix === undefined) return nothing;
  const { act } = scene;
  const name = figure.nameOf(id).replace(/[^\p{L}\p{N}_-]+/gu, "-");
  const title = `${titleOf(figure, id)}[${[...figure.slice, ":", ":"].join(", ")}]`;
  const picture = async (): Promise<void> => {
    const bytes = await pngOf(matrix, figure.look(matrix), title);
    if (bytes !== undefined) act.save("png", { name: `${name}.png`, bytes });
  };
  return html`<span class="what">Save <code>${figure.nameOf(id)}</code> as</span>${[
      word(scene, "png", "picture (PNG)", () => void picture()),
      word(scene, "csv", "slice (CSV)", () => act.save("csv", { name: `${name}.csv`, bytes: csvOf(matrix) })),
      word(scene, "npy", "tensor (NPY)", () => act.save("npy", { name: `${name}.npy`, bytes: npyOf(stored) })),
      word(scene, "json", "timings (JSON)", () =>
        act.save("json", { name: "timings.json", bytes: timingsOf(scene.bench, scene.layout, scene) }),
      ),
    ]}`;
}

const givenNumbers =
  ({ given }: Bench) =>
  (operand: number): Float32Array | undefined =>
    shelf.get(given[operand]?.id ?? "");
