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

/** A sentence where some of the program was left out, since it would take too long; null otherwise. */
export function leftOutOf({ result }: View): string | null {
  const { exhausted } = result.statistics;
  if (exhausted === null) return null;
  return exhausted === "imports"
    ? "This file imports more than is followed: some of what it imports counts as unknown."
    : "Some calls take too long to follow: what they give counts as unknown.";
}

export function statusOf(view: View, path: string): Status {
  const file = view.result.files.get(path);
  return {
    shapes: file?.tally.known ?? 0,
    open: file?.tally.open ?? 0,
    findings: file?.findings.length ?? 0,
  };
}
