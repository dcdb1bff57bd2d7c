/** Speed, told honestly: each kernel's time with its spread and how it was measured, the last runs, and the memory. */

import { html, nothing, svg, type TemplateResult } from "lit";
import type { KernelDescription, Timing } from "../../kernels/types.ts";
import { tensorsOf, volume } from "../../src/playground/axes.ts";
import { bytes, count, duration, flops, rate } from "../../src/playground/words.ts";
import { textsOf } from "../../src/playground/texts.ts";
import { limitsOf } from "../engine/session.ts";
import type { Scene } from "../scene.ts";
import { factor } from "./formula.ts";
import { dim, properties } from "./pieces.ts";
import { roofline, type Point } from "./roofline.ts";

export function speed(scene: Scene): TemplateResult {
  return html`<section class="speed" aria-label="Speed">
    <div class="band-head">
      <h2>Speed</h2>
      <span class="at">${work(scene)}</span>
      <span class="push"></span>
      ${wgslButtons(scene)}
      ${
        scene.live.seat.kind === "gpu"
          ? html`<button
              type="button"
              class="button second"
              data-testid="tune"
              ?disabled=${scene.live.comparing || scene.picture === undefined || scene.layout.problem !== undefined}
              @click=${() => scene.act.tune()}
            >
              Tune for this device
            </button>`
          : nothing
      }
      <button
        type="button"
        class="button second"
        data-testid="compare"
        ?disabled=${scene.live.comparing || scene.picture === undefined || scene.layout.problem !== undefined}
        @click=${() => scene.act.compare()}
      >
        ${scene.live.comparing ? "Measuring…" : "Compare all kernels"}
      </button>
    </div>
    <div class="speed-grid">
      <div class="kernel-group">${kernels(scene)}</div>
      ${roofline(scene.live.roofs, points(scene), roofWidth(scene.live.width))}
      <div class="run-group">${runs(scene)} ${memory(scene)}</div>
    </div>
  </section>`;
}

/** The kernel that runs, as it can be read and changed. */
function wgslButtons({ live, picture, act, bench }: Scene): unknown {
  if (live.seat.kind !== "gpu") return nothing;
  const own = live.seat.kernels.kernels.find(
    ({ name, operator }) => name === (picture?.kernel ?? bench.kernel) && operator === bench.operation.operator,
  );
  if (own === undefined || own.sources.length === 0) return nothing;
  const changed = textsOf(bench, own.name) !== undefined || live.broken?.kernel === own.name;
  return html`${
      changed
        ? html`<button type="button" class="link" data-testid="ours" @click=${() => act.ours(own)}>
            Back to our ${own.name}
          </button>`
        : nothing
    }<button type="button" class="button second" data-testid="wgsl" @click=${() => act.wgsl(own)}>Show WGSL</button>`;
}

function points({ live, picture }: Scene): readonly Point[] {
  return [...live.timings].flatMap(([name, timing]) =>
    "median" in timing && timing.gflopsPerSecond > 0 ? [{ name, timing, on: name === picture?.kernel }] : [],
  );
}

/** As wide as the column that it stands in. */
function roofWidth(panel: number): number {
  const room = panel - (panel <= 560 ? 32 : 48);
  if (room >= 952) return Math.floor(((room - 64) * 264) / 1088);
  return panel > 560 ? Math.floor((room - 32) / 2) : Math.max(240, room);
}

/** `2·B·H·T·S·D = 65.5 kFLOP` */
function work(scene: Scene): unknown {
  const { layout, bench, hueOf } = scene;
  const matmul = bench.operation.operator === "matmul";
  const axes = [...layout.batch, layout.rows, layout.columns, layout.inner].filter(({ axis }) => axis !== 1);
  const even = matmul || layout.values.axis === layout.inner.axis;
  const letters = axes.map(({ axis }) => html`·${factor(hueOf, axis)}`);
  const sizes = [
    ...new Map([...axes, ...(even ? [] : [layout.values])].map((extent) => [extent.axis, extent])).values(),
  ];
  return html`${even ? html`${matmul ? 2 : 4}${letters} = ` : nothing}${flops(2 * layout.macs)}
    <i>at</i> ${sizes.map(({ axis, size }) => html`${dim(hueOf, axis)} ${count(size)} `)}`;
}

type Row = {
  readonly kernel: KernelDescription;
  readonly timing: Timing | undefined;
  readonly problem: string | undefined;
};

function kernels(scene: Scene): unknown {
  const { live, bench, picture } = scene;
  if (live.seat.kind === "finding") return html`<p class="note">Asking for a GPU…</p>`;
  const list = [...live.seat.kernels.kernels, ...(live.seat.kind === "gpu" ? scene.live.plain : [])].filter(
    ({ operator }) => operator === bench.operation.operator,
  );
  const rows: readonly Row[] = list.map((kernel) => {
    const measured = live.timings.get(kernel.name);
    if (measured === undefined) return { kernel, timing: undefined, problem: undefined };
    return "median" in measured
      ? { kernel, timing: measured, problem: undefined }
      : { kernel, timing: undefined, problem: measured.problem };
  });
  const slowest = Math.max(0, ...rows.map(({ timing }) => timing?.high ?? 0));
  const chosen = picture?.kernel;
  const idea = list.find(({ name }) => name === chosen);
  return html`<div class="kernels" role="radiogroup" aria-label="Kernel">
      <div class="kernel header" aria-hidden="true">
        <span></span><span></span><span class="figure">GFLOP/s</span><span class="figure">time</span
        ><span class="figure spread">spread</span>
      </div>
      ${rows.map((row) => kernelRow(scene, row, chosen, slowest))}
    </div>
    ${yours(scene)} ${idea === undefined ? nothing : html`<p class="idea"><b>${idea.name}</b>: ${idea.description}</p>`}
    <p class="note">${method(scene, rows)}</p>`;
}

/** What became of a person's own WGSL. */
function yours({ live, bench, picture }: Scene): unknown {
  const { broken } = live;
  if (broken !== undefined) {
    const errors = broken.complaints.filter(({ severity }) => severity === "error");
    const [first] = errors;
    return html`<p class="idea" role="status" data-testid="broken">
      <b class="bad">Your ${broken.kernel} does not compile</b>:
      ${first === undefined ? "" : `line ${first.line}, ${first.message}`}. The last text that did still runs.
    </p>`;
  }
  if (textsOf(bench, picture?.kernel) === undefined) return nothing;
  return html`<p class="idea" role="status" data-testid="yours">
    <b>Your own WGSL</b> runs as ${picture?.kernel}, and is held against the same check.
  </p>`;
}

function kernelRow(
  { act }: Scene,
  { kernel, timing, problem }: Row,
  chosen: string | undefined,
  slowest: number,
): TemplateResult {
  const on = kernel.name === chosen;
  const pick = (): void => act.compute((bench) => ({ ...bench, kernel: kernel.name }));
  const spoken =
    timing === undefined
      ? (problem ?? "not measured yet")
      : `${duration(timing.median)}, ${rate(timing.gflopsPerSecond)} GFLOP/s`;
  return html`<label class="kernel ${on ? "on" : ""}" title=${kernel.description}>
    <input
      type="radio"
      class="sr"
      name="kernel"
      data-testid="kernel-${kernel.name}"
      .checked=${on}
      aria-label="${kernel.name}: ${spoken}"
      @change=${pick}
    />
    <span class="kernel-name">${kernel.name}</span>
    ${
      timing === undefined
        ? html`<span class="why ${problem === undefined ? "" : "bad"}">${problem ?? "not measured at this size"}</span>`
        : html`<span
              class="lane"
              ${properties({ "--to": timing.median / slowest / 1.04, "--low": timing.low / slowest / 1.04, "--high": timing.high / slowest / 1.04 })}
              ><i class="rate"></i><i class="whisker"></i></span
            ><span class="figure">${rate(timing.gflopsPerSecond)}</span
            ><span class="figure">${duration(timing.median)}</span
            ><span class="figure spread">±${spreadOf(timing)} %</span>`
    }
  </label>`;
}

/** Half the distance between the quarter points, in hundredths of the median. */
function spreadOf({ median, low, high }: Timing): string {
  const share = median > 0 ? (50 * (high - low)) / median : 0;
  return share >= 10 ? share.toFixed(0) : share.toFixed(1);
}

const CLOCKS = {
  "timestamp-query": "GPU time by timestamps",
  queue: "Time from submission to the end of the queue",
  cpu: "Wall time on the CPU",
} as const;

function method({ live }: Scene, rows: readonly Row[]): string {
  const timing = rows.find((row) => row.timing !== undefined)?.timing;
  if (timing === undefined) return "The kernel that runs is measured when the controls rest.";
  const soft =
    live.seat.kind === "gpu" && live.seat.found.software
      ? " This adapter is software, so the order says little about a GPU."
      : "";
  return `${CLOCKS[timing.clock]}, warm, the median over repeated runs until it is steady or 150 ms have passed; the spread is that of the middle half. Shorter bars are faster.${soft}`;
}

function runs({ live }: Scene): TemplateResult {
  const { history } = live;
  const sorted = [...history].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1];
  return html`<div class="runs">
    <h3>
      Last runs
      <span class="aside">${median === undefined ? "none at this size yet" : `median ${duration(median)}`}</span>
    </h3>
    ${median === undefined || history.length < 3 ? nothing : spark(history, median, sorted[0] ?? 0, sorted.at(-1) ?? 0)}
  </div>`;
}

function spark(history: readonly number[], median: number, low: number, high: number): TemplateResult {
  const span = Math.max(high - low, median * 0.02);
  const x = (i: number): number => 1 + ((i + 50 - history.length) * 97) / 49;
  const y = (v: number): number => 34 - ((v - low) / span) * 28;
  const path = history.map((v, i) => `${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join("L");
  return html`<svg
    class="spark"
    role="img"
    viewBox="0 0 100 40"
    preserveAspectRatio="none"
    aria-label="The last ${history.length} runs: median ${duration(median)}"
  >
    ${svg`<line class="median" x1="0" x2="100" y1=${y(median)} y2=${y(median)} />
      <path class="line" d=${`M${path}`} />
      <line class="now" x1="99" x2="99" y1=${y(history.at(-1) ?? median) - 3} y2=${y(history.at(-1) ?? median) + 3} />`}
  </svg>`;
}

function memory(scene: Scene): TemplateResult {
  const { bench, layout, live } = scene;
  const limit = limitsOf(live.seat).bufferBytes;
  const buffers = tensorsOf(bench, layout).map(({ name, axes }) => ({ name, size: 4 * volume(axes) }));
  const most = Math.max(...buffers.map(({ size }) => size));
  const total = buffers.reduce((sum, { size }) => sum + size, 0);
  return html`<div class="memory" role="group" aria-label="Memory">
    <h3>Memory <span class="aside">${bytes(total)} · limit ${bytes(limit)} a tensor</span></h3>
    ${buffers.map(
      ({ name, size }) =>
        html`<div class="buffer ${size > limit ? "over" : ""}">
          <span class="name" title=${name}>${name}</span>
          <span class="lane" ${properties({ "--to": size / most })}><i></i></span>
          <span class="figure">${bytes(size)}</span>
        </div>`,
    )}
  </div>`;
}
