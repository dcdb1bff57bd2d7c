/** One row for each dimension: its letter, what it does, a slider over usual sizes, and a field for the exact one. */

import { html, nothing, type TemplateResult } from "lit";
import { directive, Directive, type ElementPart, PartType, type PartInfo } from "lit/directive.js";
import { sizeOf, type PlannedDimension, type Role } from "../../src/playground/plan.ts";
import { count } from "../../src/playground/words.ts";
import type { Scene } from "../scene.ts";
import { dim, properties } from "./pieces.ts";

/** A slider steps through sizes that people use, and skips the rest. */
const STEPS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
const LAST: Readonly<Record<Role, number>> = { batch: 16, heads: 32, rows: 256, columns: 256, inner: 256, values: 256 };
const MOST = 2 ** 31 - 1;

export function sizes(scene: Scene): TemplateResult {
  const { plan } = scene.layout;
  const differs = plan.dimensions.some(
    ({ name, inCode }) => inCode !== undefined && scene.bench.sizes[name] !== inCode,
  );
  const useCode = (): void =>
    scene.act.compute((bench) => ({
      ...bench,
      sizes: {
        ...bench.sizes,
        ...Object.fromEntries(
          plan.dimensions.flatMap(({ name, inCode }) => (inCode === undefined ? [] : [[name, inCode]])),
        ),
      },
    }));
  return html`<div class="group sizes-group" role="group" aria-label="Sizes">
    <div class="group-head">
      <h2>Sizes</h2>
      ${differs ? html`<button type="button" class="link" data-testid="code-sizes" @click=${useCode}>Use the sizes in the code</button>` : nothing}
      <button type="button" class="link" @click=${() => scene.act.reset()}>Reset</button>
    </div>
    <div class="size-rows">
      ${plan.dimensions.map((dimension) => (dimension.follows === undefined ? sizeRow(scene, dimension) : followingRow(scene, dimension)))}
    </div>
  </div>`;
}

function label({ hueOf }: Scene, { name, meaning, inCode }: PlannedDimension, shown: number): TemplateResult {
  const note = inCode !== undefined && inCode !== shown ? `${count(inCode)} in the code` : meaning;
  return html`<label for="size-${name}" title="${name}: ${meaning}${note === meaning ? "" : `, ${note}`}"
    >${dim(hueOf, name)} <i>${note}</i></label
  >`;
}

function sizeRow(scene: Scene, dimension: PlannedDimension): TemplateResult {
  const { name, role, meaning, inCode } = dimension;
  const size = scene.bench.sizes[name] ?? 1;
  const steps = stepsOf(role, size, inCode);
  const step = Math.max(0, steps.indexOf(steps.find((n) => n >= size) ?? size));
  const invalid = scene.layout.problem?.dimension === name;
  const set = (n: number): void => scene.act.compute((bench) => ({ ...bench, sizes: { ...bench.sizes, [name]: n } }));
  const slide = (event: Event): void => set(steps[Number((event.target as HTMLInputElement).value)] ?? size);
  const type = (event: Event): void => {
    const typed = sizeTyped((event.target as HTMLInputElement).value);
    if (typed !== undefined) set(typed);
  };
  const leave = (event: Event): void => {
    (event.target as HTMLInputElement).value = String(scene.bench.sizes[name] ?? 1);
  };
  const hue = scene.hueOf(name);
  return html`<div class="size ${invalid ? "invalid" : ""}" data-dim=${name} data-hue=${hue}>
    ${label(scene, dimension, size)}
    <input
      type="range"
      min="0"
      max=${steps.length - 1}
      step="1"
      aria-label="${name}, ${meaning}"
      aria-valuetext=${String(size)}
      data-testid="slider-${name}"
      .value=${String(step)}
      @input=${slide}
      ${properties({ "--at": step / Math.max(1, steps.length - 1) })}
    />
    <input
      id="size-${name}"
      class="number"
      type="text"
      inputmode="numeric"
      autocomplete="off"
      aria-label="${name}, exact size"
      aria-invalid=${invalid}
      data-testid="size-${name}"
      ${unlessTyping(size)}
      @input=${type}
      @change=${leave}
    />
  </div>`;
}

/** A size that follows others has nothing to turn. */
function followingRow(scene: Scene, dimension: PlannedDimension): TemplateResult {
  const size = sizeOf(scene.layout.plan, scene.bench.sizes, dimension.name);
  return html`<div class="size" data-dim=${dimension.name} data-hue=${scene.hueOf(dimension.name)}>
    <span class="label" title=${dimension.meaning}>${dim(scene.hueOf, dimension.name)}</span>
    <span class="follows">follows the sizes above</span>
    <output id="size-${dimension.name}" class="number-out" data-testid="size-${dimension.name}">${count(size)}</output>
  </div>`;
}

function stepsOf(role: Role, size: number, inCode: number | undefined): readonly number[] {
  const usual = STEPS.filter((n) => n <= LAST[role]);
  const own = [size, inCode ?? size].filter((n) => !usual.includes(n));
  return [...new Set([...usual, ...own])].sort((a, b) => a - b);
}

/** A whole number from 1 up, with or without the thin spaces or commas of a printed one. */
function sizeTyped(text: string): number | undefined {
  const digits = text.replace(/[\s,_]/g, "");
  const n = Number(digits);
  return /^\d+$/.test(digits) && n >= 1 && n <= MOST ? n : undefined;
}

/** Writes the size into the field, but never under the fingers of someone who is typing in it. */
class UnlessTyping extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("A size belongs to a field.");
  }

  render(_size: number): unknown {
    return nothing;
  }

  override update(part: ElementPart, [size]: [number]): unknown {
    const field = part.element as HTMLInputElement;
    const typing = field.ownerDocument.activeElement === field;
    if (!typing || (sizeTyped(field.value) !== size && sizeTyped(field.value) !== undefined))
      field.value = String(size);
    return nothing;
  }
}

const unlessTyping = directive(UnlessTyping);
