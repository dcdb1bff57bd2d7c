/** Options: how scores are scaled, masked and capped, what follows a product, in which numbers, and the scale of colours. */

import { html, nothing, type TemplateResult } from "lit";
import { ACTIVATIONS } from "../../src/playground/activation.ts";
import { keyHeads, withKeyHeads } from "../../src/playground/heads.ts";
import type { Bench } from "../../src/playground/state.ts";
import type { Scene } from "../scene.ts";
import { choice, tick } from "./pieces.ts";

type Options = Bench["operation"]["options"];
/** An option that is set to nothing is taken out. */
type Change = { readonly [K in keyof Options]?: Options[K] | undefined };

export function options(scene: Scene): TemplateResult {
  const attention = scene.bench.operation.operator === "attention";
  return html`<div class="group options-group" role="group" aria-label="Options">
    <h2>Options</h2>
    ${attention ? attentionOptions(scene) : productOptions(scene)} ${numbers(scene)} ${seed(scene)}
    ${row(
      "colours",
      choice(
        "Colour scale",
        [
          ["tensor", "scale per tensor"],
          ["row", "scale per row"],
        ] as const,
        scene.state.colours,
        scene.act.colours,
        "colours",
      ),
    )}
  </div>`;
}

const row = (name: string, control: unknown): TemplateResult =>
  html`<div class="option"><span aria-hidden="true">${name}</span>${control}</div>`;

const change = ({ act }: Scene, next: Change): void => act.compute((bench) => withOptions(bench, next));

function withOptions(bench: Bench, next: Change): Bench {
  const merged = Object.entries({ ...bench.operation.options, ...next }).filter(([, value]) => value !== undefined);
  return { ...bench, operation: { ...bench.operation, options: Object.fromEntries(merged) as Options } };
}

/** What the numbers are rounded to, and what the code computes in where that is something else. */
function numbers(scene: Scene): TemplateResult {
  const { dtype: inCode, storage = "float32" } = scene.bench.operation.options;
  const control = choice(
    "Numbers",
    [
      ["float32", "float32"],
      ["float16", "float16"],
    ] as const,
    storage,
    (chosen) => change(scene, { storage: chosen === "float32" ? undefined : chosen }),
    "storage",
  );
  const note =
    inCode === undefined || inCode === storage
      ? nothing
      : html`<p class="option note-option" data-testid="dtype"><span></span><span>${inCode} in the code</span></p>`;
  return html`${row("dtype", control)}${note}`;
}

const seed = (scene: Scene): TemplateResult =>
  row(
    "seed",
    whole("Seed of random values", scene.bench.seed, "seed", (n) =>
      scene.act.compute((old) => ({ ...old, seed: Math.min(n ?? 0, 2 ** 31) })),
    ),
  );

/** A field for a whole number from 0 up; emptied, it is no number. */
function whole(
  label: string,
  shown: number | undefined,
  testId: string,
  set: (n: number | undefined) => void,
): TemplateResult {
  const input = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    const n = Number(value);
    if (value.trim() === "") set(undefined);
    else if (Number.isFinite(n) && n >= 0) set(n);
  };
  return html`<input
    class="number"
    type="number"
    min="0"
    step="any"
    aria-label=${label}
    data-testid=${testId}
    .value=${shown === undefined ? "" : String(shown)}
    @input=${input}
  />`;
}

function productOptions(scene: Scene): TemplateResult {
  const { bias = false, activation = "none" } = scene.bench.operation.options;
  return html`${row(
    "then",
    choice(
      "Function applied to the product",
      ACTIVATIONS.map((name) => [name, name === "none" ? "nothing" : name] as const),
      activation,
      (chosen) => change(scene, { activation: chosen === "none" ? undefined : chosen }),
      "activation",
    ),
  )}
  ${row(
    "",
    tick("add a bias", bias, (on) => change(scene, { bias: on ? true : undefined }), "bias"),
  )}`;
}

const SCALES = [
  ["auto", "1/√"],
  ["1", "none"],
  ["0.25", "0.25"],
  ["1.5", "1.5"],
] as const;

function attentionOptions(scene: Scene): TemplateResult {
  const { causal = false, softcap } = scene.bench.operation.options;
  const heads = keyHeads(scene.bench);
  return html`${row(
    "mask",
    choice(
      "Mask",
      [
        ["causal", "causal"],
        ["none", "none"],
      ] as const,
      causal ? "causal" : "none",
      (mask) => change(scene, { causal: mask === "causal" }),
      "mask",
    ),
  )}
  ${furtherMask(scene)} ${scale(scene)}
  ${row(
    "softcap",
    whole("Cap of the scores, empty for none", softcap, "softcap", (n) =>
      change(scene, { softcap: n === 0 ? undefined : n }),
    ),
  )}
  ${
    heads === undefined || heads.options.length < 2
      ? nothing
      : row(
          "key heads",
          choice(
            "Heads of keys and values",
            heads.options.map((n, i) => [String(n), headWords(n, i, heads.options.length)] as const),
            String(heads.chosen),
            (chosen) => scene.act.compute((bench) => withKeyHeads(bench, Number(chosen))),
            "key-heads",
          ),
        )
  }`;
}

const headWords = (n: number, at: number, of: number): string =>
  at === 0 ? `${n}, one each` : at === of - 1 ? "1, for all" : `${n}, in groups`;

/** A window, padding or distance, beside causality; the number stands beside its word. */
function furtherMask(scene: Scene): TemplateResult {
  const { window, padding, distance = false } = scene.bench.operation.options;
  const kind = window !== undefined ? "window" : padding !== undefined ? "padding" : distance ? "distance" : "none";
  const control = choice(
    "Further mask",
    [
      ["none", "nothing"],
      ["window", "window"],
      ["padding", "padding"],
      ["distance", "distance (ALiBi)"],
    ] as const,
    kind,
    (chosen) =>
      change(scene, {
        window: chosen === "window" ? 3 : undefined,
        padding: chosen === "padding" ? 4 : undefined,
        distance: chosen === "distance" ? true : undefined,
      }),
    "further-mask",
  );
  const field =
    kind === "window"
      ? whole("Width of the window to each side", window, "window", (n) =>
          change(scene, { window: Math.round(n ?? 0) }),
        )
      : kind === "padding"
        ? whole("Keys at the end that are padding", padding, "padding", (n) =>
            change(scene, { padding: Math.round(n ?? 0) }),
          )
        : nothing;
  return row("and", field === nothing ? control : html`<span class="pair">${control}${field}</span>`);
}

function scale(scene: Scene): TemplateResult {
  const { bench, layout } = scene;
  const own = bench.operation.options.scale === undefined ? "auto" : String(bench.operation.options.scale);
  const inner = layout.inner.axis === 1 ? "D" : layout.inner.axis;
  const words = SCALES.map(
    ([key, text]) =>
      [key as string, key === "auto" ? `1/√${/^\w+$/.test(inner) ? inner : `(${inner})`}` : text] as const,
  );
  const known = words.some(([key]) => key === own) ? words : [...words, [own, own] as const];
  const set = (chosen: string): void => change(scene, { scale: chosen === "auto" ? undefined : Number(chosen) });
  return row("scale", choice("Scale", known, own, set, "scale"));
}
