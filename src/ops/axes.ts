/**
 * What people call the dimensions of images, signals and sequences where their code does not, and that they come in
 * batches. It only proposes; the solver knows whether a view goes by customs.
 */
import type { Shape } from "../shapes/index.ts";
import type { Call } from "./operator.ts";

const SPATIAL: Readonly<Record<number, readonly string[]>> = { 1: ["L"], 2: ["H", "W"], 3: ["D", "H", "W"] };

/** Batch, channels and the `spatial` dimensions behind them. Of a shape whose rank is not known the batch may be taken for granted. */
export function callAxes(call: Call, shape: Shape, spatial: number): void {
  const names = ["B", "C", ...(SPATIAL[spatial] ?? [])];
  call.solver.supposeRank(shape, names.length);
  const { lead, dims } = call.solver.shape(shape);
  if (lead === null && dims.length === names.length) call.solver.suggest(dims, names);
}

/** A batch of sequences. */
export function callSequence(call: Call, shape: Shape): void {
  const { lead, dims } = call.solver.shape(shape);
  if (lead === null && dims.length === 2) call.solver.suggest(dims, ["B", "T"]);
}
