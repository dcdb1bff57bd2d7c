/** What the whole page needs to say, in place and one at a time: what is so, why, and what one can do about it. */

import { html, nothing, type TemplateResult } from "lit";
import { tell, type Told } from "../engine/reason.ts";
import type { Scene } from "../scene.ts";
import { sentence } from "./pieces.ts";

export function banner(scene: Scene): TemplateResult | typeof nothing {
  const { seat, failure } = scene.live;
  if (failure !== undefined) return failed(scene, failure);
  switch (seat.kind) {
    case "finding":
      return nothing;
    case "cpu":
      return onCpu(
        scene,
        seat.reason.kind === "lost" ? "error" : seat.reason.kind === "chosen" ? "info" : "warn",
        tell(seat.reason),
      );
    case "gpu":
      if (scene.picture?.check.ok === false && scene.picture.onGpu) return wrong(scene, scene.picture.kernel);
      if (seat.again)
        return say(
          "info",
          "The GPU was lost and is back",
          "The driver reset it. Everything you chose is kept, and the picture is computed again.",
        );
      if (seat.found.software) return software(scene);
      return scene.bench.operation.source === undefined ? EXAMPLE : nothing;
  }
}

type Weight = "info" | "warn" | "error";

const say = (weight: Weight, title: string, text: unknown, ...actions: readonly unknown[]): TemplateResult =>
  html`<div class="banner ${weight}" role="status" data-testid="banner">
    <b>${title}</b><span>${text}</span>${actions}
  </div>`;

const button = (text: string, press: () => void): TemplateResult =>
  html`<button type="button" class="button second small" @click=${press}>${text}</button>`;

const EXAMPLE = say(
  "info",
  "An example",
  html`Nothing came from your code yet. Point at a matmul or an attention in it and choose <b>Open in Playground</b>;
    its sizes then appear here.`,
);

function onCpu({ act, hueOf, live }: Scene, weight: Weight, { title, says, command }: Told): TemplateResult {
  const copied = live.said?.about === "command" ? live.said.text : "Copy command";
  return html`<div class="banner ${weight}" role="status" data-testid="reason">
    <b>${title}</b><span>${sentence(hueOf, says)}</span>
    ${command === undefined ? nothing : button(copied, () => act.copy("command", command))}
    ${button(weight === "info" || weight === "error" ? "Use the GPU again" : "Try again", () => act.tryAgain())}
  </div>`;
}

const software = ({ act }: Scene): TemplateResult =>
  say(
    "info",
    "A GPU made of software",
    "No hardware GPU was found, so shaders run on the CPU. Results are right; times are not those of a GPU.",
    button("Use the CPU directly", () => act.useCpu()),
  );

const wrong = ({ act }: Scene, kernel: string): TemplateResult =>
  say(
    "warn",
    "A kernel is wrong here",
    html`<b>${kernel}</b> differs from the same computation in double precision by more than rounding explains. Choose
      another kernel below, or compute on the CPU.`,
    button("Use the CPU", () => act.useCpu()),
  );

const failed = ({ act, live }: Scene, sentence: string): TemplateResult =>
  say(
    "error",
    "That did not work",
    sentence,
    button("Run again", () => act.run()),
    live.seat.kind === "gpu" ? button("Use the CPU", () => act.useCpu()) : nothing,
  );
