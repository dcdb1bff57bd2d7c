/** The whole page, from top to bottom: head, tabs, banner, controls, picture, speed, export. */

import { html, nothing, type TemplateResult } from "lit";
import type { Frame } from "../scene.ts";
import { attentionView } from "./attention.ts";
import { banner } from "./banner.ts";
import { exportRow } from "./exports.ts";
import { formula } from "./formula.ts";
import { functionView } from "./function.ts";
import { head, tabs } from "./head.ts";
import { matmulView } from "./matmul.ts";
import { operands } from "./operands.ts";
import { options } from "./options.ts";
import { ranges } from "./ranges.ts";
import { sizes } from "./sizes.ts";
import { speed } from "./speed.ts";

/** Padding of the panel at both sides together. */
const roomOf = (width: number): number => width - (width <= 560 ? 32 : 48);

export function page({ controls: scene, figure }: Frame): TemplateResult {
  const { state } = scene;
  if (state.whole && state.function !== null)
    return html`${tabs(scene)} ${banner(scene)} ${functionView(scene, state.function)}`;
  const room = roomOf(scene.live.width);
  const { tab } = scene.state;
  const finding = scene.live.seat.kind === "finding";
  return html`${finding ? html`<div class="progress" role="progressbar" aria-label="Asking for a GPU"></div>` : nothing}
    ${head(scene)} ${tabs(scene)} ${banner(scene)}
    <section class="operands" aria-label="Sizes and operands">
      ${sizes(scene)} ${operands(scene)} ${options(scene)}
    </section>
    <section class="compute" id="view" role="tabpanel" aria-labelledby="tab-${tab}">
      ${formula(scene)} ${ranges(figure)}
      <div class="view-${tab}">${tab === "matmul" ? matmulView(figure, room) : attentionView(figure, room)}</div>
    </section>
    ${speed(scene)} ${exportRow(scene, figure)}`;
}
