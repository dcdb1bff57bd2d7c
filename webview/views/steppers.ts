/** Where we look along each axis beyond two: back, slider, on. Names, colours and order are those of the result. */

import { html, type TemplateResult } from "lit";
import type { Scene } from "../scene.ts";
import { dim, properties } from "./pieces.ts";

export function steppers(scene: Scene): TemplateResult {
  const { batch } = scene.layout;
  const shown = batch.map((extent, i) => ({ extent, i })).filter(({ extent }) => extent.axis !== 1);
  return html`${shown.map(({ extent, i }) => {
    const { axis, size } = extent;
    const at = scene.slice[i] ?? 0;
    const go = (n: number): void => goTo(scene, i, Math.min(size - 1, Math.max(0, n)));
    return html`<div class="stepper" data-dim=${axis} data-hue=${scene.hueOf(axis)}>
      ${dim(scene.hueOf, axis)}
      <button type="button" class="step" aria-label="previous ${axis}" ?disabled=${at === 0} @click=${() => go(at - 1)}>
        ‹
      </button>
      <input
        type="range"
        min="0"
        max=${size - 1}
        step="1"
        aria-label="${axis}: which one is shown"
        data-testid="step-${axis}"
        ?disabled=${size === 1}
        .value=${String(at)}
        @input=${(event: Event) => go(Number((event.target as HTMLInputElement).value))}
        ${properties({ "--at": size > 1 ? at / (size - 1) : 0 })}
      />
      <button
        type="button"
        class="step"
        aria-label="next ${axis}"
        ?disabled=${at >= size - 1}
        @click=${() => go(at + 1)}
      >
        ›
      </button>
      <output aria-label="${at} of ${size}">${at} / ${size}</output>
    </div>`;
  })}`;
}

export function goTo(scene: Scene, axis: number, index: number): void {
  scene.act.look((bench) => {
    const slice = Array.from({ length: Math.max(bench.slice.length, axis + 1) }, (_, i) => bench.slice[i] ?? 0);
    return { ...bench, slice: slice.map((kept, i) => (i === axis ? index : kept)) };
  });
}
