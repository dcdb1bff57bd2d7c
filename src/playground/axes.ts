/**
 * The tensors of an operation with their sizes: each axis with its name, in the roles that the operation gives them.
 * Types and small questions about them; whether the sizes fit each other is not known here.
 */

import type { Axis, Plan } from "./plan.ts";
import type { Bench } from "./state.ts";

export type Extent = { readonly axis: Axis; readonly size: number };

export type SizedOperand = {
  readonly name: string;
  /** As stored, before any transpose. */
  readonly axes: readonly Extent[];
  readonly transposed: boolean;
};

/** Every size of an operation, before anything has been found wrong with it. */
export type Tensors = {
  readonly plan: Plan;
  readonly operands: readonly SizedOperand[];
  /** Leading axes of the result, in order. */
  readonly batch: readonly Extent[];
  readonly rows: Extent;
  readonly columns: Extent;
  readonly inner: Extent;
  /** Features of the output of attention; for a matmul the same as `columns`. */
  readonly values: Extent;
  readonly macs: number;
};

export const ONE: Extent = { axis: 1, size: 1 };

/** The last two axes as they are multiplied; a vector is a row on the left and a column on the right. */
export function matrixAxes(
  operand: SizedOperand,
  side: "left" | "right",
): { readonly rows: Extent; readonly columns: Extent } {
  const last = operand.axes.at(-1) ?? ONE;
  const before = operand.axes.at(-2);
  if (before === undefined) return side === "left" ? { rows: ONE, columns: last } : { rows: last, columns: ONE };
  return operand.transposed ? { rows: last, columns: before } : { rows: before, columns: last };
}

export const volume = (axes: readonly Extent[]): number => axes.reduce((n, { size }) => n * size, 1);

/** Every tensor that a run holds, largest concern first. */
export function tensorsOf(
  bench: Bench,
  layout: Tensors,
): readonly { readonly name: string; readonly axes: readonly Extent[] }[] {
  const { operands, batch, rows, columns, values } = layout;
  const result = resultName(bench);
  const scores = { name: "scores", axes: [...batch, rows, columns] };
  if (bench.operation.operator === "matmul") return [...operands, { ...scores, name: result }];
  return [...operands, scores, { name: result, axes: [...batch, rows, values] }];
}

export const resultName = (bench: Bench): string =>
  bench.operation.result ?? (bench.operation.operator === "matmul" ? "result" : "output");
