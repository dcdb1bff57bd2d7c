/** From a request to the rows of a softmax. Shared by every device. */

import { checkTensor, product, RequestError } from "../shapes.ts";
import type { SoftmaxRequest } from "../types.ts";

export interface SoftmaxPlan {
  readonly rows: number;
  readonly columns: number;
}

export function planSoftmax({ x, xShape }: SoftmaxRequest): SoftmaxPlan {
  checkTensor("x", x, xShape);
  const columns = xShape.at(-1);
  if (columns === undefined) throw new RequestError("x has no axes; a softmax runs along the last one.");
  return { rows: product(xShape.slice(0, -1)), columns };
}
