/**
 * How much is known of a file, counted for the status item. It knows results only.
 */
import type { View } from "./sources.ts";

export interface Status {
  /** Places with a tensor of which at least something is known. */
  readonly shapes: number;
  /** Tensors of which no dimension is known, or whose leading dimensions are open. */
  readonly open: number;
  readonly findings: number;
}

export function statusOf(view: View, path: string): Status {
  const file = view.result.files.get(path);
  const general = new Map<string, "known" | "open">();
  for (const { span, kind, shape, context } of file?.facts ?? []) {
    if (context !== null || kind !== "tensor") continue;
    general.set(`${span.start}:${span.end}`, shape === null || shape.lead !== null ? "open" : "known");
  }
  const states = [...general.values()];
  return {
    shapes: states.filter((state) => state === "known").length,
    open: states.filter((state) => state === "open").length,
    findings: file?.findings.length ?? 0,
  };
}
