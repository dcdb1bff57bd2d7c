/** Operands: what is multiplied, what fills it, how it is turned, and what is wrong with the sizes. */

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
