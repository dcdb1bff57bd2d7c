/** Operands and options: what is multiplied, what fills it, how it is turned, and what is wrong with the sizes. */

import { html, nothing, type TemplateResult } from "lit";
import type { SizedOperand } from "../../src/playground/axes.ts";
import { FILLS, type Bench, type Fill, type GivenValues } from "../../src/playground/state.ts";
import { flops } from "../../src/playground/words.ts";
import type { TensorId } from "../engine/picture.ts";
import type { Scene } from "../scene.ts";
import { givingArea } from "./giving.ts";
import { axesOf } from "./map.ts";
import { choice, sentence, shape, tick } from "./pieces.ts";

const FILL_WORDS: Readonly<Record<Fill, string>> = {
  demo: "demo: four heads",
  normal: "normal",
  uniform: "uniform",
  identity: "identity",
  arange: "arange",
  ones: "ones",
  "one-hot": "one-hot",
  causal: "causal averages",
  tokens: "words of a sentence",
  given: "given",
};

/** What the list of values offers last: it opens the place where they are given. */
const GIVE = "give";

const MATMUL: readonly TensorId[] = ["a", "b"];
const ATTENTION: readonly TensorId[] = ["q", "k", "v"];

export function operands(scene: Scene): TemplateResult {
  const { layout, bench, hueOf } = scene;
  const matmul = bench.operation.operator === "matmul";
  const axes = axesOf(scene, matmul ? "result" : "output");
  return html`<div class="group operands-group" role="group" aria-label="Operands">
    <h2>Operands</h2>
    <div class="rows">
      ${layout.operands.map((operand, i) => operandRow(scene, operand, i))}
      <div class="operand result">
        <code class="name">${scene.nameOf(matmul ? "result" : "output")}</code>
        ${
          layout.problem === undefined
            ? html`${shape(hueOf, axes, "names")}<span class="sizes">${shape(hueOf, axes, "sizes")}</span
                ><span class="cost">${flops(2 * layout.macs)}</span>`
            : html`<span class="nothing">no result with these sizes</span>`
        }
      </div>
    </div>
    ${givingArea(scene)} ${trouble(scene)}
  </div>`;
}

function operandRow(scene: Scene, operand: SizedOperand, i: number): TemplateResult {
  const { bench, act, hueOf } = scene;
  const id = (bench.operation.operator === "matmul" ? MATMUL : ATTENTION)[i] ?? "a";
  const name = scene.nameOf(id);
  const fill = bench.fills[i] ?? "normal";
  const given = bench.given[i] ?? undefined;
  const setFill = (next: Fill | typeof GIVE): void => {
    if (next === GIVE) act.give(i);
    else act.compute((old) => ({ ...old, fills: old.fills.map((kept, k) => (k === i ? next : kept)) }));
  };
  const kinds = FILLS.filter((kind) => kind !== "given").map((kind) => [kind, FILL_WORDS[kind]] as const);
  return html`<div class="operand" data-testid="operand-${name}" data-operand=${i}>
    <code class="name" title=${name}>${name}</code>
    ${shape(hueOf, operand.axes, "names")}
    <span class="sizes">${shape(hueOf, operand.axes, "sizes")}</span>
    ${choice<Fill | typeof GIVE>(
      `Values of ${name}`,
      [
        ...kinds,
        ...(given === undefined ? [] : [["given", givenWords(given)] as const]),
        [GIVE, "paste or open a file…"],
      ],
      fill,
      setFill,
      `fill-${name}`,
    )}
    ${bench.operation.operator === "matmul" ? turning(scene, operand, i) : html`<span class="flip"></span>`}
  </div>`;
}

const givenWords = ({ from, note }: GivenValues): string => (note === undefined ? from : `${from} (${note})`);

/** A matmul's operand may be transposed, and may be one for all batches instead of having its own. */
function turning(scene: Scene, operand: SizedOperand, i: number): TemplateResult {
  const { bench, act } = scene;
  const key = i === 0 ? "transposeA" : "transposeB";
  const flip = (on: boolean): void => act.compute((old) => flipped(old, key, on));
  const own = bench.operation.operands[i]?.dims.length ?? 2;
  const share = (on: boolean): void =>
    act.compute((old) => ({ ...old, shared: old.shared.map((kept, k) => (k === i ? (on ? own - 2 : 0) : kept)) }));
  return html`<span class="flip">
    ${own > 1 ? tick("transpose", operand.transposed, flip, `transpose-${operand.name}`) : nothing}
    ${own > 2 ? tick("broadcast", (bench.shared[i] ?? 0) > 0, share, `broadcast-${operand.name}`) : nothing}
  </span>`;
}

function flipped(bench: Bench, key: "transposeA" | "transposeB", on: boolean): Bench {
  if (bench.operation.operator !== "matmul") return bench;
  return { ...bench, operation: { ...bench.operation, options: { ...bench.operation.options, [key]: on } } };
}

/** What is wrong with the sizes stands with the sizes. */
function trouble({ layout, act, hueOf }: Scene): TemplateResult | typeof nothing {
  const { problem } = layout;
  if (problem === undefined) return nothing;
  const { remedy } = problem;
  return html`<p class="trouble" role="alert" data-testid="problem">
    ${sentence(hueOf, problem.says)}
    ${
      remedy === undefined
        ? nothing
        : html`<button
            type="button"
            class="button second small"
            data-testid="remedy"
            @click=${() => act.compute(remedy.change)}
          >
            ${remedy.title}
          </button>`
    }
  </p>`;
}

const SCALES = [
  ["auto", "1/√"],
  ["1", "none"],
  ["0.25", "0.25"],
  ["1.5", "1.5"],
] as const;

export function options(scene: Scene): TemplateResult {
  const { bench, act, state } = scene;
  const attention = bench.operation.operator === "attention";
  const reseed = (event: Event): void => {
    const seed = Number((event.target as HTMLInputElement).value);
    if (Number.isInteger(seed) && seed >= 0) act.compute((old) => ({ ...old, seed: Math.min(seed, 2 ** 31) }));
  };
  return html`<div class="group options-group" role="group" aria-label="Options">
    <h2>Options</h2>
    ${attention ? attentionOptions(scene) : nothing} ${dtypeNote(bench)}
    <label class="option"
      ><span>seed</span
      ><input
        class="number"
        type="number"
        min="0"
        step="1"
        aria-label="Seed of random values"
        data-testid="seed"
        .value=${String(bench.seed)}
        @input=${reseed}
    /></label>
    <label class="option"
      ><span>colours</span>${choice(
        "Colour scale",
        [
          ["tensor", "scale per tensor"],
          ["row", "scale per row"],
        ] as const,
        state.colours,
        act.colours,
        "colours",
      )}</label
    >
  </div>`;
}

/** What the code computes in, where the page computes in something else. */
function dtypeNote({ operation }: Bench): TemplateResult | typeof nothing {
  const { dtype = "float32" } = operation.options;
  if (dtype === "float32") return nothing;
  return html`<p class="option" data-testid="dtype">
    <span>dtype</span><span>${dtype} in the code, float32 here</span>
  </p>`;
}

function attentionOptions({ bench, act, layout }: Scene): TemplateResult {
  const { causal = false, scale } = bench.operation.options;
  const own = scale === undefined ? "auto" : String(scale);
  const inner = layout.inner.axis === 1 ? "D" : layout.inner.axis;
  const words = SCALES.map(
    ([key, text]) =>
      [key as string, key === "auto" ? `1/√${/^\w+$/.test(inner) ? inner : `(${inner})`}` : text] as const,
  );
  const known = words.some(([key]) => key === own) ? words : [...words, [own, own] as const];
  return html`<label class="option"
      ><span>mask</span>${choice(
        "Mask",
        [
          ["causal", "causal"],
          ["none", "none"],
        ] as const,
        causal ? "causal" : "none",
        (mask) => act.compute((old) => withOptions(old, { causal: mask === "causal" })),
        "mask",
      )}</label
    >
    <label class="option"
      ><span>scale</span
      >${choice("Scale", known, own, (chosen) => act.compute((old) => scaledBy(old, chosen)), "scale")}</label
    >`;
}

function withOptions(bench: Bench, options: Bench["operation"]["options"]): Bench {
  return { ...bench, operation: { ...bench.operation, options: { ...bench.operation.options, ...options } } };
}

function scaledBy(bench: Bench, chosen: string): Bench {
  if (chosen !== "auto") return withOptions(bench, { scale: Number(chosen) });
  const { scale: _, ...rest } = bench.operation.options;
  return { ...bench, operation: { ...bench.operation, options: rest } };
}
