/** Which rows and columns the pictures show: a range for each dimension that is large or cut, and the way back. */

import { html, nothing, type TemplateResult } from "lit";
import type { Extent } from "../../src/playground/axes.ts";
import { count } from "../../src/playground/words.ts";
import { isZoomed, spanOf, unzoomed, withSpan, zoomedAt } from "../../src/playground/zoom.ts";
import type { Scene } from "../scene.ts";
import { dim } from "./pieces.ts";

/** Smaller dimensions are seen at a glance. */
const LARGE = 24;

/** The dimensions that pictures are drawn along. */
function drawn({ layout }: Scene): readonly Extent[] {
  const all = [layout.rows, layout.columns, layout.inner, layout.values].filter(({ axis }) => axis !== 1);
  return [...new Map(all.map((extent) => [extent.axis, extent])).values()];
}

export function ranges(scene: Scene): TemplateResult | typeof nothing {
  const { bench, act, picture } = scene;
  const extents = drawn(scene);
  const shown = extents.filter((extent) => extent.size > LARGE || isZoomed(bench, extent));
  if (picture === undefined || shown.length === 0) return nothing;
  const zoom = (factor: number): void =>
    act.look((old) =>
      extents.reduce((next, extent) => {
        const { from, count: cells } = spanOf(next, extent);
        return extent.size > LARGE || isZoomed(next, extent)
          ? zoomedAt(next, extent, from + Math.floor(cells / 2), factor)
          : next;
      }, old),
    );
  return html`<div class="ranges" role="group" aria-label="Part in view" data-testid="ranges">
    ${shown.map((extent) => range(scene, extent))}
    <button type="button" class="step" aria-label="Zoom in" data-testid="zoom-in" @click=${() => zoom(1 / 1.5)}>
      +
    </button>
    <button type="button" class="step" aria-label="Zoom out" @click=${() => zoom(1.5)}>−</button>
    ${
      extents.some((extent) => isZoomed(bench, extent))
        ? html`<button type="button" class="link" data-testid="whole" @click=${() => act.look(unzoomed)}>Whole</button>`
        : nothing
    }
  </div>`;
}

function range({ bench, act, hueOf }: Scene, extent: Extent): TemplateResult {
  const { from, count: cells } = spanOf(bench, extent);
  const last = from + cells - 1;
  const field = (label: string, value: number, set: (n: number) => { from: number; count: number }): TemplateResult =>
    html`<input
      class="number"
      type="text"
      inputmode="numeric"
      aria-label="${extent.axis}: ${label} index shown"
      data-testid="${label}-${extent.axis}"
      .value=${String(value)}
      @change=${(event: Event) => {
        const field = event.target as HTMLInputElement;
        const n = Number(field.value);
        if (Number.isInteger(n) && n >= 0 && n < extent.size) act.look((old) => withSpan(old, extent, set(n)));
        else field.value = String(value);
      }}
    />`;
  return html`<span class="range" data-hue=${hueOf(extent.axis)}
    >${dim(hueOf, extent.axis)}
    ${field("first", from, (n) => ({ from: n, count: Math.max(1, last - n + 1) }))}–${field("last", last, (n) => ({ from: Math.min(from, n), count: n - Math.min(from, n) + 1 }))}
    <i>of ${count(extent.size)}</i></span
  >`;
}
