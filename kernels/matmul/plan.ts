/**
 * From a request to the sizes of a matrix product: which axes are multiplied, which are broadcast, and what the
 * result looks like. Shared by every device; it allocates nothing that grows with the result.
 */

import { activationCode } from "../elementwise/activation.ts";
import { checkedStorage } from "../storage/check.ts";
import { broadcast, broadcastIndices, checkTensor, printShape, product, RequestError } from "../shapes.ts";
import type { Cost, MatmulRequest, Shape, Storage } from "../types.ts";

export interface MatmulPlan {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly aBatch: Shape;
  readonly bBatch: Shape;
  /** The broadcast leading axes. */
  readonly batch: Shape;
  readonly batches: number;
  readonly storage: Storage;
  /** The shape of the result. */
  readonly shape: Shape;
}

export function planMatmul(request: MatmulRequest): MatmulPlan {
  const { a, aShape, b, bShape } = request;
  checkTensor("a", a, aShape);
  checkTensor("b", b, bShape);
  const left = matrixSides("a", aShape, request.transposeA === true, "row");
  const right = matrixSides("b", bShape, request.transposeB === true, "column");
  if (left.columns !== right.rows) throw new RequestError(innerSentence(request, left.columns, right.rows));
  const batch = broadcast(left.batch, right.batch);
  if (batch === undefined) {
    throw new RequestError(
      `The leading axes of a ${printShape(aShape)} and b ${printShape(bShape)} do not broadcast: ` +
        `${printShape(left.batch)} against ${printShape(right.batch)}.`,
    );
  }
  checkBias(request.bias, right.columns);
  activationCode(request.activation);
  return {
    m: left.rows,
    n: right.columns,
    k: left.columns,
    transposeA: request.transposeA === true,
    transposeB: request.transposeB === true,
    aBatch: left.batch,
    bBatch: right.batch,
    batch,
    batches: product(batch),
    storage: checkedStorage(request.storage),
    shape: [...batch, ...(aShape.length === 1 ? [] : [left.rows]), ...(bShape.length === 1 ? [] : [right.columns])],
  };
}

/** The matrices of `a` and `b` that each matrix of the result reads, two numbers for each. */
export function matmulPairs(plan: MatmulPlan): Uint32Array {
  const a = broadcastIndices(plan.aBatch, plan.batch);
  const b = broadcastIndices(plan.bBatch, plan.batch);
  const pairs = new Uint32Array(2 * plan.batches);
  for (let i = 0; i < plan.batches; i++) {
    pairs[2 * i] = a[i] ?? 0;
    pairs[2 * i + 1] = b[i] ?? 0;
  }
  return pairs;
}

export function matmulCost(plan: MatmulPlan): Cost {
  const { m, n, k, batches } = plan;
  const each = plan.storage === "float16" ? 2 : 4;
  const numbers = product(plan.aBatch) * m * k + product(plan.bBatch) * k * n + batches * m * n;
  return { flops: 2 * m * n * k * batches, bytes: each * numbers, shape: plan.shape };
}

interface Sides {
  readonly batch: Shape;
  readonly rows: number;
  readonly columns: number;
}

/** A one-axis operand is one row on the left and one column on the right, as in `numpy.matmul`. */
function matrixSides(name: string, shape: Shape, transpose: boolean, vector: "row" | "column"): Sides {
  const [first, second] = [shape.at(-2), shape.at(-1)];
  if (second === undefined) throw new RequestError(`${name} has no axes; a matrix product needs at least one.`);
  if (first === undefined) {
    if (transpose) throw new RequestError(`${name} has one axis, ${printShape(shape)}; transposing it needs two.`);
    return vector === "row" ? { batch: [], rows: 1, columns: second } : { batch: [], rows: second, columns: 1 };
  }
  const batch = shape.slice(0, -2);
  return transpose ? { batch, rows: second, columns: first } : { batch, rows: first, columns: second };
}

function checkBias(bias: Float32Array | undefined, columns: number): void {
  if (bias === undefined) return;
  if (!(bias instanceof Float32Array)) throw new RequestError("bias must be a Float32Array.");
  if (bias.length === columns || bias.length === 1) return;
  throw new RequestError(
    `bias has ${bias.length} numbers; it needs one for each of the ${columns} columns of the result, or one for all.`,
  );
}

function innerSentence(request: MatmulRequest, left: number, right: number): string {
  const a = `a ${printShape(request.aShape)}${request.transposeA === true ? " transposed" : ""}`;
  const b = `b ${printShape(request.bShape)}${request.transposeB === true ? " transposed" : ""}`;
  return `The inner sizes differ: ${a} has ${left} columns and ${b} has ${right} rows.`;
}
