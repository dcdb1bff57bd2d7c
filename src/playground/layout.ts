/**
 * A bench with its sizes filled in: the shape of every tensor, the work and the memory, and what is wrong before
 * anything runs. All problems of size are found here, so that nothing downstream has to expect them.
 */

import { matrixAxes, ONE, volume, type Extent, type SizedOperand, type Tensors } from "./axes.ts";
import { givenProblem } from "./given.ts";
import { planOf, sizeOf, type Axis, type Plan } from "./plan.ts";
import type { Bench } from "./state.ts";
import {
  attentionProblem,
  broadcastProblem,
  emptyProblem,
  innerProblem,
  tooLarge,
  type Clash,
  type Limits,
  type Problem,
} from "./problems.ts";

export type Layout = Tensors & { readonly problem: Problem | undefined };

export function layOut(bench: Bench, limits: Limits): Layout {
  const plan = planOf(bench.operation);
  const extent = (axis: Axis): Extent => ({ axis, size: sizeOf(plan, bench.sizes, axis) });
  const { options } = bench.operation;
  const flips = [options.transposeA === true, options.transposeB === true];
  const operands = bench.operation.operands.map((operand, i) => ({
    name: operand.name,
    axes: (plan.operands[i] ?? []).slice(sharedOf(bench, i)).map(extent),
    transposed: bench.operation.operator === "matmul" && flips[i] === true,
  }));
  return bench.operation.operator === "matmul"
    ? matmulLayout(bench, plan, operands, limits)
    : attentionLayout(bench, plan, operands, limits);
}

/** How many leading axes the operand gives up; never its last two, nor the heads of attention. */
function sharedOf(bench: Bench, operand: number): number {
  const rank = bench.operation.operands[operand]?.dims.length ?? 0;
  return Math.max(0, Math.min(bench.shared[operand] ?? 0, rank - 2));
}

function matmulLayout(bench: Bench, plan: Plan, operands: readonly SizedOperand[], limits: Limits): Layout {
  const [a, b] = operands;
  if (a === undefined || b === undefined) throw new Error("A matmul has two operands.");
  const left = matrixAxes(a, "left");
  const right = matrixAxes(b, "right");
  const { batch, clash } = broadcast([a.axes.slice(0, -2), b.axes.slice(0, -2)]);
  const shape = {
    plan,
    operands,
    batch,
    rows: left.rows,
    columns: right.columns,
    inner: left.columns,
    values: right.columns,
  };
  const macs = volume([...batch, left.rows, left.columns, right.columns]);
  const problem =
    emptyProblem(plan, bench) ??
    givenProblem(bench, operands) ??
    (left.columns.size === right.rows.size ? undefined : innerProblem(bench, a, b)) ??
    (clash === undefined ? undefined : broadcastProblem(a, b, clash)) ??
    tooLarge(bench, { ...shape, macs }, limits);
  return { ...shape, macs, problem };
}

function attentionLayout(bench: Bench, plan: Plan, operands: readonly SizedOperand[], limits: Limits): Layout {
  const [q, k, v] = operands;
  if (q === undefined || k === undefined || v === undefined) throw new Error("Attention has three operands.");
  const at = (operand: SizedOperand, fromEnd: number): Extent => operand.axes.at(fromEnd) ?? ONE;
  const headless = (operand: SizedOperand): readonly Extent[] => operand.axes.slice(0, -3);
  const { batch, clash } = broadcast([headless(q), headless(k), headless(v)]);
  const heads = q.axes.length > 2 ? [at(q, -3)] : k.axes.length > 2 ? [at(k, -3)] : [];
  const all = [...batch, ...heads];
  const shape = {
    plan,
    operands,
    batch: all,
    rows: at(q, -2),
    columns: at(k, -2),
    inner: at(q, -1),
    values: at(v, -1),
  };
  const macs = volume([...all, shape.rows, shape.columns]) * (shape.inner.size + shape.values.size);
  const problem =
    emptyProblem(plan, bench) ??
    givenProblem(bench, operands) ??
    attentionProblem(q, k, v) ??
    (clash === undefined ? undefined : broadcastProblem(clash.left === 0 ? q : k, clash.right === 1 ? k : v, clash)) ??
    tooLarge(bench, { ...shape, macs }, limits);
  return { ...shape, macs, problem };
}

/** NumPy's rule, aligned at the end. The first axis that does not fit is told. */
function broadcast(lists: readonly (readonly Extent[])[]): {
  readonly batch: readonly Extent[];
  readonly clash: Clash | undefined;
} {
  const rank = Math.max(0, ...lists.map((list) => list.length));
  let clash: Clash | undefined;
  const batch = Array.from({ length: rank }, (_, i) => {
    let chosen: { readonly extent: Extent; readonly from: number } = { extent: ONE, from: 0 };
    lists.forEach((list, from) => {
      const extent = list.at(i - rank);
      if (extent === undefined || list.length < rank - i || extent.axis === 1) return;
      if (chosen.extent.axis === 1 || chosen.extent.size === 1) chosen = { extent, from };
      else if (extent.size !== 1 && extent.size !== chosen.extent.size)
        clash ??= { left: chosen.from, right: from, sizes: [chosen.extent, extent] };
    });
    return chosen.extent;
  });
  return { batch, clash };
}
