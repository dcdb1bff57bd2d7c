/** From a request to the rows of a norm. Shared by every device. */

import { checkTensor, product, RequestError } from "../shapes.ts";
import type { NormRequest } from "../types.ts";

export interface NormPlan {
  readonly rows: number;
  readonly columns: number;
  readonly epsilon: number;
  /** False for an RMS norm. */
  readonly centred: boolean;
}

export function planNorm({ x, xShape, weight, bias, epsilon = 1e-5, kind = "layer" }: NormRequest): NormPlan {
  checkTensor("x", x, xShape);
  const columns = xShape.at(-1);
  if (columns === undefined) throw new RequestError("x has no axes; a norm runs along the last one.");
  if (kind !== "layer" && kind !== "rms")
    throw new RequestError(`There is no norm named ${String(kind)}; there is layer and rms.`);
  if (!(epsilon >= 0 && epsilon < Infinity))
    throw new RequestError(`epsilon is ${String(epsilon)}; it must be 0 or more.`);
  if (weight !== undefined) checkTensor("weight", weight, [columns]);
  if (bias !== undefined) checkTensor("bias", bias, [columns]);
  return { rows: product(xShape.slice(0, -1)), columns, epsilon, centred: kind === "layer" };
}
