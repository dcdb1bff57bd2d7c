/**
 * `<value-legend>`: the scale of a heat map and the histogram of its values as one small picture. Bars stand on the
 * strip of colours that they are counted by.
 */

import { value } from "../../src/playground/words.ts";
import type { Matrix } from "../engine/picture.ts";
import { prepared } from "./cells.ts";
import { colourOf, css, type Domain, type Palette } from "./palette.ts";
import { domainOf, histogram } from "./statistics.ts";

export type LegendView = {
  readonly matrix: Matrix;
  readonly width: number;
  readonly palette: Palette;
  /** A value to point out on the scale. */
  readonly value: number | undefined;
};

const BARS = 15;
const STRIP = 5;

export class ValueLegend extends HTMLElement {
  readonly #canvas = document.createElement("canvas");
  readonly #numbers = document.createElement("div");
  #drawn: LegendView | undefined;

  /** Without a view there are no values to show yet. */
  set view(view: LegendView | undefined) {
    this.hidden = view === undefined;
    if (view === undefined) return;
    if (!this.#canvas.isConnected) {
      this.#canvas.ariaHidden = "true";
      this.#numbers.className = "numbers";
      this.append(this.#canvas, this.#numbers);
    }
    const drawn = this.#drawn;
    const same = drawn !== undefined && drawn.matrix === view.matrix && drawn.width === view.width;
    if (same && drawn.palette === view.palette && drawn.value === view.value) return;
    this.#drawn = view;
    const domain = domainOf(view.matrix);
    this.style.width = `${view.width}px`;
    draw(this.#canvas, view, domain);
    const middle = domain.low < 0 && view.width >= 80 ? "0" : "";
    this.#numbers.replaceChildren(...[short(domain.low), middle, short(domain.high)].map(span));
  }
}

const short = (x: number): string =>
  value(x, Math.abs(x) < 1 ? 2 : 1)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");

function span(text: string): HTMLElement {
  const node = document.createElement("span");
  node.textContent = text;
  return node;
}

function draw(canvas: HTMLCanvasElement, { matrix, width, palette, value: pointed }: LegendView, domain: Domain): void {
  const context = prepared(canvas, { width, height: BARS + STRIP + 1 });
  if (context === undefined) return;
  const { low, high } = domain;
  const bins = Math.max(12, Math.min(48, Math.floor(width / 4)));
  const counts = histogram(matrix, domain, bins);
  const most = Math.max(...counts, 1);
  counts.forEach((count, k) => {
    const left = Math.round((k * width) / bins);
    const right = Math.round(((k + 1) * width) / bins);
    // Square roots keep rare values visible beside a heap of zeros.
    const tall = count === 0 ? 0 : Math.max(1, Math.round(Math.sqrt(count / most) * BARS));
    context.globalAlpha = 0.55;
    context.fillStyle = palette.soft;
    context.fillRect(left, BARS - tall, Math.max(1, right - left - 1), tall);
    context.globalAlpha = 1;
    context.fillStyle = css(colourOf(low + ((k + 0.5) / bins) * (high - low), domain, palette));
    context.fillRect(left, BARS + 1, right - left, STRIP);
  });
  if (pointed === undefined || !Number.isFinite(pointed)) return;
  const x = Math.min(width - 2, Math.max(0, ((pointed - low) / (high - low)) * width - 1));
  context.fillStyle = palette.ink;
  context.fillRect(x, 0, 2, BARS + STRIP + 1);
}
