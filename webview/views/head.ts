/** The head of the page: where the operation came from, which device computes it, how the last run went, the tabs. */

import { html, nothing, type TemplateResult } from "lit";
import { count, duration, error } from "../../src/playground/words.ts";
import { tell } from "../engine/reason.ts";
import type { Scene } from "../scene.ts";

export function head(scene: Scene): TemplateResult {
  const { title, source } = scene.bench.operation;
  const reveal = (event: Event): void => {
    event.preventDefault();
    scene.act.reveal();
  };
  return html`<header class="head">
    <h1 class="source">
      ${
        source === undefined
          ? html`<span class="code">${title}</span>`
          : html`<a href="#" class="file" data-testid="source-link" title="Show in the editor" @click=${reveal}
                >${source.file}:${source.line + 1}</a
              >
              <span class="code">${source.code}</span>`
      }
    </h1>
    <p class="run" data-testid="time">${runLine(scene)}</p>
    <p class="device" data-testid="device">${deviceLine(scene)}</p>
    <p class="badge" data-testid="badge">${badge(scene)}</p>
  </header>`;
}

function runLine({ live, layout, picture, act }: Scene): unknown {
  if (layout.problem !== undefined) return "not run";
  if (live.failure !== undefined) return "failed";
  if (live.waits !== undefined) {
    const long = live.waits >= 60_000 ? "over a minute" : `about ${duration(live.waits)}`;
    return html`on request: a run takes ${long}
      <button type="button" class="button small" data-testid="run" @click=${() => act.run()}>Run</button>`;
  }
  if (picture === undefined) return live.running ? "computing" : "not run";
  const timing = live.timings.get(picture.kernel);
  const settled = timing !== undefined && "median" in timing;
  const time = settled ? timing.median : picture.milliseconds;
  return `live · run ${count(live.runs)} · ${duration(time)}`;
}

export function deviceLine({ live: { seat } }: Pick<Scene, "live">): unknown {
  switch (seat.kind) {
    case "finding":
      return "Asking for a GPU…";
    case "cpu":
      return html`<b>${tell(seat.reason).title === "The GPU was lost" ? "CPU" : tell(seat.reason).title}</b> · this
        computer`;
    case "gpu": {
      const { name, software, features } = seat.found;
      return html`<b>${name}</b>${software ? " (software)" : nothing} · WebGPU · this computer
        <span class="features">${features.length > 0 ? ` · ${features.join(" · ")}` : nothing}</span>`;
    }
  }
}

/** Whether the numbers on screen can be believed. */
function badge({ picture, layout, live }: Scene): unknown {
  if (picture === undefined || layout.problem !== undefined || live.failure !== undefined) return nothing;
  const { maxError, ok, compared, total } = picture.check;
  const where = picture.onGpu ? nothing : html`<span class="path">CPU · </span>`;
  const title =
    compared === total
      ? "Greatest difference from the same computation in double precision."
      : `Greatest difference from the same computation in double precision, on ${count(compared)} of ${count(total)} values.`;
  return html`<span title=${title}
    >${where}max error ${error(maxError)}
    ${ok ? html`<span class="ok" role="img" aria-label="right">✓</span>` : html`<b class="bad">✗ wrong on this device</b>`}</span
  >`;
}

const TABS = [
  ["matmul", "Matmul"],
  ["attention", "Attention"],
] as const;

export function tabs({ state, act }: Scene): TemplateResult {
  const move = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const other = state.tab === "matmul" ? "attention" : "matmul";
    act.tab(other);
    const list = (event.currentTarget as HTMLElement).parentElement;
    list?.querySelector<HTMLElement>(`[data-testid=tab-${other}]`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label="Operation">
    ${
      state.function === null
        ? nothing
        : html`<button
            type="button"
            role="tab"
            id="tab-function"
            data-testid="tab-function"
            aria-controls="view"
            aria-selected=${state.whole}
            @click=${() => act.whole()}
          >
            ${state.function.graph.name}
          </button>`
    }
    ${TABS.map(
      ([id, name]) =>
        html`<button
          type="button"
          role="tab"
          id="tab-${id}"
          data-testid="tab-${id}"
          aria-controls="view"
          aria-selected=${state.tab === id && !state.whole}
          tabindex=${state.tab === id ? 0 : -1}
          @click=${() => act.tab(id)}
          @keydown=${move}
        >
          ${name}
        </button>`,
    )}
  </div>`;
}
