/**
 * Some rows and columns of a product: a request of its own, whose operands are cut to what they need. It serves results
 * that are too large for a device or a screen, and knows requests only.
 */

import { product, RequestError } from "../shapes.ts";
import type { MatmulRequest, Shape } from "../types.ts";
import { planMatmul } from "./plan.ts";

/** From the first to before the last. */
type Range = readonly [from: number, to: number];

export interface MatmulPart {
  readonly rows?: Range | undefined;
  readonly columns?: Range | undefined;
}

/** The product of this request is that part of the product of the given one, for every matrix of a stack. */
export function partOfMatmul(request: MatmulRequest, { rows, columns }: MatmulPart): MatmulRequest {
  const { m, n, transposeA, transposeB } = planMatmul(request);
  const [aVector, bVector] = [request.aShape.length === 1, request.bShape.length === 1];
  const rowsOf = checked("rows", aVector ? undefined : rows, m);
  const columnsOf = checked("columns", bVector ? undefined : columns, n);
  const a = aVector ? whole(request.a, request.aShape) : cut(request.a, request.aShape, transposeA ? 1 : 2, rowsOf);
  const b = bVector ? whole(request.b, request.bShape) : cut(request.b, request.bShape, transposeB ? 2 : 1, columnsOf);
  const bias = request.bias?.length === n && n > 1 ? request.bias.subarray(...columnsOf) : request.bias;
  return { ...request, a: a.data, aShape: a.shape, b: b.data, bShape: b.shape, bias };
}

function checked(what: string, range: Range | undefined, size: number): Range {
  const [from, to] = range ?? [0, size];
  const makesSense = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= size;
  if (makesSense) return [from, to];
  throw new RequestError(`The result has ${size} ${what}; there are none from ${from} to ${to}.`);
}

interface Cut {
  readonly data: Float32Array;
  readonly shape: Shape;
}

const whole = (data: Float32Array, shape: Shape): Cut => ({ data, shape });

/** The places of a range along an axis, which is counted from the end: 1 is the last. */
function cut(data: Float32Array, shape: Shape, axis: 1 | 2, [from, to]: Range): Cut {
  const at = shape.length - axis;
  const size = shape[at] ?? 1;
  if (from === 0 && to === size) return { data, shape };
  const inner = product(shape.slice(at + 1));
  const outer = product(shape.slice(0, at));
  const kept = new Float32Array(outer * (to - from) * inner);
  for (let i = 0; i < outer; i++) {
    kept.set(data.subarray((i * size + from) * inner, (i * size + to) * inner), i * (to - from) * inner);
  }
  return { data: kept, shape: shape.with(at, to - from) };
}
