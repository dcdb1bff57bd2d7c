/**
 * What people call the dimensions of images, signals and sequences where their code does not. It only proposes names.
 */
import type { Shape } from "../shapes/index.ts";
import type { Call } from "./operator.ts";

const SPATIAL: Readonly<Record<number, readonly string[]>> = { 1: ["L"], 2: ["H", "W"], 3: ["D", "H", "W"] };

/** Batch, channels and the `spatial` dimensions behind them, of a shape whose rank is known. */
export function callAxes(call: Call, shape: Shape, spatial: number): void {
  const { lead, dims } = call.solver.shape(shape);
  const names = ["B", "C", ...(SPATIAL[spatial] ?? [])];
  if (lead === null && dims.length === names.length) call.solver.suggest(dims, names);
}

/** A batch of sequences. */
export function callSequence(call: Call, shape: Shape): void {
  const { lead, dims } = call.solver.shape(shape);
  if (lead === null && dims.length === 2) call.solver.suggest(dims, ["B", "T"]);
}
