/** All heads at a glance, as small multiples of their weights; choosing one is the same as moving the stepper. */

import { html, nothing, type TemplateResult } from "lit";
import { matrixOf } from "../engine/picture.ts";
import type { Scene } from "../scene.ts";
import { dim, properties } from "./pieces.ts";
import { goTo } from "./steppers.ts";

/** More heads than this are chosen by the stepper. */
const MOST = 16;
const LARGEST = 136;

export function heads(scene: Scene, width: number, height: number): TemplateResult | typeof nothing {
  const { picture } = scene;
  if (picture === undefined) return nothing;
  const axis = picture.layout.batch.length - 1;
  const extent = picture.layout.batch[axis];
  if (extent === undefined || extent.size < 2) return nothing;
  const n = Math.min(MOST, extent.size);
  const { across, side } = arrangement(n, width, height);
  const { rows, columns } = picture.layout;
  const tall = Math.round(side * Math.min(1.2, Math.max(0.5, rows.size / columns.size)));
  return html`<figure class="heads" data-testid="figure-heads">
    <figcaption><span class="name">weights</span> of every ${dim(scene.hueOf, extent.axis)}</figcaption>
    <div
      class="head-list"
      role="radiogroup"
      aria-label="Which ${extent.axis} is shown"
      ${properties({ "--across": across })}
      @keydown=${(event: KeyboardEvent) => move(scene, event, axis, extent.size)}
    >
      ${Array.from({ length: n }, (_, head) => headCell(scene, axis, head, { width: side, height: tall }))}
    </div>
  </figure>`;
}

/** The number of columns that leaves each picture the most room. */
function arrangement(n: number, width: number, height: number): { readonly across: number; readonly side: number } {
  const options = [1, 2, 3, 4].map((lines) => {
    const across = Math.ceil(n / lines);
    const wide = (width - (across - 1) * 16) / across;
    const side = Math.max(16, Math.floor(Math.min(LARGEST, wide, (height - 24) / lines - 28)));
    return { across, side };
  });
  return options.reduce((a, b) => (b.side > a.side ? b : a));
}

function headCell(
  scene: Scene,
  axis: number,
  head: number,
  size: { readonly width: number; readonly height: number },
): unknown {
  const { picture } = scene;
  if (picture === undefined) return nothing;
  const on = head === scene.slice[axis];
  const slice = scene.slice.map((at, i) => (i === axis ? head : at));
  const matrix = scene.cached(`head-${slice.join()}`, () => matrixOf(picture, "weights", slice));
  if (matrix === undefined) return nothing;
  const name = picture.layout.batch[axis]?.axis ?? 1;
  return html`<button
    type="button"
    role="radio"
    class="head-cell"
    aria-checked=${on}
    aria-label="${name} ${head}"
    data-head=${head}
    tabindex=${on ? 0 : -1}
    @click=${() => goTo(scene, axis, head)}
  >
    <small-map .view=${{ matrix, size, look: scene.look(matrix) }}></small-map>
    <span>${dim(scene.hueOf, name, String(head))}</span>
  </button>`;
}

function move(scene: Scene, event: KeyboardEvent, axis: number, count: number): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const next = ((scene.slice[axis] ?? 0) + step + count) % count;
  goTo(scene, axis, next);
  const list = event.currentTarget as HTMLElement;
  list.querySelector<HTMLElement>(`[data-head="${next}"]`)?.focus();
}
