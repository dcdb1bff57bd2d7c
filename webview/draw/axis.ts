/** A dimension line as in an engineering drawing, |—— T 16 ——|, with the index that is looked at standing on it. */

import type { Extent } from "../../src/playground/axes.ts";
import type { Span } from "../../src/playground/zoom.ts";
import { count } from "../../src/playground/words.ts";

export interface AxisLine {
  readonly node: HTMLElement;
  /** `span` is the part that the line stands for. */
  show(extent: Extent, hue: string, length: number, span: Span): void;
  /** Puts an index on the line, or takes it off. */
  point(index: number | undefined): void;
}

/** A label this short of room is hidden. */
const LEAST = 14;

export function axisLine(side: "x" | "y"): AxisLine {
  const node = document.createElement("div");
  node.className = `axis ${side}`;
  node.ariaHidden = "true";
  const label = document.createElement("b");
  const name = document.createElement("span");
  const size = document.createElement("i");
  label.append(name, size);
  const here = document.createElement("em");
  here.hidden = true;
  node.append(label, here);
  let length = 0;
  let cells = 1;
  let first = 0;
  return {
    node,
    show(extent, hue, pixels, span) {
      [length, cells, first] = [pixels, span.count, span.from];
      node.dataset["hue"] = hue;
      if (extent.axis === 1) delete node.dataset["dim"];
      else node.dataset["dim"] = extent.axis;
      node.style.setProperty(side === "x" ? "width" : "height", `${pixels}px`);
      const text = extent.axis === 1 ? "" : extent.axis;
      node.classList.toggle(
        "long",
        side === "y" && (span.count < extent.size || extent.size >= 1000 || text.length > 3),
      );
      const roomForName = side === "y" ? pixels >= text.length * 7 + 12 : pixels >= text.length * 7 + 30;
      name.textContent = roomForName || text.length <= 2 ? text : `${text.slice(0, 1)}…`;
      const part = span.count < extent.size;
      const range = `${count(span.from)}–${count(span.from + span.count - 1)}`;
      size.textContent = pixels < 40 ? "" : `${text === "" ? "" : " "}${part ? range : count(extent.size)}`;
      label.hidden = pixels < LEAST;
    },
    point(index) {
      if (index !== undefined && (index < first || index >= first + cells)) index = undefined;
      here.hidden = index === undefined;
      label.style.removeProperty(side === "x" ? "left" : "top");
      label.hidden = length < LEAST;
      if (index === undefined) return;
      const at = (index - first + 0.5) * (length / cells);
      here.textContent = String(index);
      here.style.setProperty(side === "x" ? "left" : "top", `${at}px`);
      stepAside(label, side, at, length);
    },
  };
}

/** The label moves to the freer half of the line, or off a line too short for both. */
function stepAside(label: HTMLElement, side: "x" | "y", at: number, length: number): void {
  const half = halfOf(label, side);
  if (Math.abs(at - length / 2) > half + 12) return;
  const room = Math.max(at, length - at) - 10;
  if (room < 2 * half) {
    label.hidden = true;
    return;
  }
  const place = at < length / 2 ? (at + 10 + length) / 2 : (at - 10) / 2;
  label.style.setProperty(side === "x" ? "left" : "top", `${place}px`);
}

/** Half of the label's length along its line, told from its text: measuring it would lay out the page in every frame. */
function halfOf(label: HTMLElement, side: "x" | "y"): number {
  const letters = label.textContent.length;
  const along = side === "x" || label.parentElement?.classList.contains("long") === true;
  return along ? (letters * 6.7 + 12) / 2 : letters > 3 ? 18 : 11;
}
