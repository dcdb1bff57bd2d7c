/** The roofline of this very device: its measured roofs, and each kernel as a point under them. Labels stand at things. */

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Roofs, Timing } from "../../kernels/types.ts";
import { rate } from "../../src/playground/words.ts";

const TALL = 208;
const LEFT = 44;
const TOP = 16;
const BOTTOM = TALL - 28;
/** FLOP for each byte, from left to right. */
const INTENSITY = [0.25, 4096] as const;

export type Point = { readonly name: string; readonly timing: Timing; readonly on: boolean };

export function roofline(
  roofs: Roofs | undefined,
  points: readonly Point[],
  width: number,
): TemplateResult | typeof nothing {
  if (roofs === undefined) return nothing;
  const { gflopsPerSecond: top, gigabytesPerSecond: slope } = roofs;
  const spoken = points.map(({ name, timing }) => `${name} ${rate(timing.gflopsPerSecond)}`).join(", ");
  const rates = points.map(({ timing }) => timing.gflopsPerSecond);
  const scale = scales(width, Math.min(top / 1000, ...rates.map((x) => x / 2)), Math.max(top, ...rates) * 1.6);
  return html`<figure class="roof-group" data-testid="roofline">
    <svg
      role="img"
      class="roofline"
      width=${width}
      height=${TALL}
      viewBox="0 0 ${width} ${TALL}"
      aria-label="Roofline in GFLOP/s: at most ${rate(top)} by arithmetic, ${rate(slope)} gigabytes a second by memory; ${spoken}"
    >
      ${axes(scale, width)} ${roof(scale, top, slope, width)} ${named(scale, points, width)}
    </svg>
    <figcaption class="note">Roofs measured on this device.</figcaption>
  </figure>`;
}

type Scale = {
  readonly x: (intensity: number) => number;
  readonly y: (rate: number) => number;
  readonly low: number;
  readonly high: number;
};

function scales(width: number, low: number, high: number): Scale {
  const share = (v: number, from: number, to: number): number =>
    Math.log(Math.min(to, Math.max(from, v)) / from) / Math.log(to / from);
  return {
    low,
    high,
    x: (v) => LEFT + share(v, INTENSITY[0], INTENSITY[1]) * (width - 8 - LEFT),
    y: (v) => BOTTOM - share(v, low, high) * (BOTTOM - TOP),
  };
}

function axes({ x, y, low, high }: Scale, width: number): SVGTemplateResult {
  const powers = Array.from({ length: 12 }, (_, i) => 10 ** (i - 4)).filter((v) => v >= low && v <= high);
  return svg`${powers.map(
    (v) => svg`<line class="axis-tick" x1=${LEFT - 4} x2=${LEFT} y1=${y(v)} y2=${y(v)} />
      <text class="end" x=${LEFT - 8} y=${y(v) + 4}>${flops(v)}</text>`,
  )}${[1, 10, 100, 1000].map(
    (v) => svg`<line class="axis-tick" x1=${x(v)} x2=${x(v)} y1=${BOTTOM} y2=${BOTTOM + 4} />
      <text class="tick" x=${x(v)} y=${BOTTOM + 15}>${v}</text>`,
  )}
    <text class="end" x=${width - 8} y=${TALL - 2}>FLOP per byte moved</text>
    <text class="start" x="0" y="10">FLOP/s</text>`;
}

/** `1 T`, `100 G`, `10 M`. */
const flops = (gigaflops: number): string =>
  gigaflops >= 1000 ? `${gigaflops / 1000} T` : gigaflops >= 1 ? `${gigaflops} G` : `${Math.round(gigaflops * 1000)} M`;

function roof({ x, y, low }: Scale, top: number, slope: number, width: number): SVGTemplateResult {
  const start = Math.max(INTENSITY[0], low / slope);
  const ridge = Math.min(INTENSITY[1], top / slope);
  const [x0, y0, x1, y1] = [x(start), y(start * slope), x(ridge), y(top)];
  const angle = (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
  const [middleX, middleY] = [(x0 + x1) / 2, (y0 + y1) / 2];
  // A short slope has no room for its name.
  const label =
    Math.hypot(x1 - x0, y1 - y0) < 72
      ? nothing
      : svg`<text class="tick" transform="translate(${middleX - 5} ${middleY - 5}) rotate(${angle})">${rate(slope)} GB/s</text>`;
  return svg`<path class="roof" d="M${x0} ${y0}L${x1} ${y1}L${width - 8} ${y1}" />${label}
    <text class="end" x=${width - 8} y=${y1 - 5}>${top >= 1000 ? `${(top / 1000).toPrecision(2)} TFLOP/s` : `${rate(top)} GFLOP/s`}</text>`;
}

/** Names that would touch are pushed apart, and a hairline leads back to the point. */
function named({ x, y }: Scale, points: readonly Point[], width: number): readonly SVGTemplateResult[] {
  const placed = points
    .map((point) => ({
      point,
      px: x(point.timing.flops / Math.max(1, point.timing.bytes)),
      py: y(point.timing.gflopsPerSecond),
    }))
    .sort((a, b) => a.py - b.py);
  let last = -Infinity;
  return placed.map(({ point, px, py }) => {
    const left = px > width - 120;
    const ly = Math.max(py + 4, last + 12);
    last = ly;
    const lx = left ? px - 10 : px + 10;
    const lead =
      Math.abs(ly - py - 4) > 3
        ? svg`<path class="lead" d="M${px} ${py}L${left ? lx + 2 : lx - 2} ${ly - 4}" />`
        : nothing;
    const on = point.on ? "on" : "";
    return svg`${lead}<circle class="point ${on}" cx=${px} cy=${py} r=${point.on ? 4 : 3} />
      <text class="point-name ${on} ${left ? "end" : ""}" x=${lx} y=${ly}>${point.name}</text>`;
  });
}
