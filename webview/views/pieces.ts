/** The smallest things that views are made of: a dimension in its colour, a shape, a sentence, a choice, a tick box. */

import { html, nothing, type TemplateResult } from "lit";
import { directive, Directive, type ElementPart, type PartInfo, PartType } from "lit/directive.js";
import type { Extent } from "../../src/playground/axes.ts";
import type { Axis } from "../../src/playground/plan.ts";
import { count, type Sentence } from "../../src/playground/words.ts";
import type { Scene } from "../scene.ts";

type HueOf = Scene["hueOf"];

/** A dimension in its own colour. Every trace of it carries the same `data-dim`, so that all light up together. */
export const dim = (hueOf: HueOf, axis: Axis, text?: string): TemplateResult =>
  axis === 1
    ? html`<span>${text ?? "1"}</span>`
    : html`<span class="dim" data-dim=${axis} data-hue=${hueOf(axis)}>${text ?? axis}</span>`;

/** `(B, H, T, D)`, or `(2, 4, 16, 8)`, as Python prints it. */
export function shape(hueOf: HueOf, axes: readonly Extent[], how: "names" | "sizes"): TemplateResult {
  const parts = axes.map(
    ({ axis, size }, i) =>
      html`${i === 0 ? nothing : html`<span class="comma">, </span>`}${dim(hueOf, axis, how === "sizes" ? count(size) : undefined)}`,
  );
  return html`<span class="shape">(${parts}${axes.length === 1 ? "," : nothing})</span>`;
}

export const sentence = (hueOf: HueOf, says: Sentence): readonly unknown[] =>
  says.map((piece) => {
    if (typeof piece === "string") return piece;
    if ("code" in piece) return html`<code>${piece.code}</code>`;
    if ("bad" in piece) return html`<b class="bad">${piece.bad}</b>`;
    return dim(hueOf, piece.dim, piece.text);
  });

export function choice<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  chosen: T,
  choose: (value: T) => void,
  testId?: string,
): TemplateResult {
  const change = (event: Event): void => {
    const { selectedIndex } = event.target as HTMLSelectElement;
    const option = options[selectedIndex];
    if (option !== undefined) choose(option[0]);
    // A choice that opens something else leaves the list where it was.
    (event.target as HTMLSelectElement).selectedIndex = options.findIndex(([key]) => key === chosen);
  };
  return html`<select aria-label=${label} data-testid=${testId ?? nothing} @change=${change}>
    ${options.map(([key, text]) => html`<option value=${key} .selected=${key === chosen}>${text}</option>`)}
  </select>`;
}

export const tick = (label: string, on: boolean, set: (on: boolean) => void, testId?: string): TemplateResult =>
  html`<label class="check"
    ><input
      type="checkbox"
      data-testid=${testId ?? nothing}
      .checked=${on}
      @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}
    /><span>${label}</span></label
  >`;

/** Sets custom properties through the object model: a strict content policy allows no style attributes. */
class Properties extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("Properties belong to an element.");
  }

  render(_values: Readonly<Record<string, string | number>>): unknown {
    return nothing;
  }

  override update(part: ElementPart, [values]: [Readonly<Record<string, string | number>>]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) style.setProperty(name, String(value));
    return nothing;
  }
}

export const properties = directive(Properties);
