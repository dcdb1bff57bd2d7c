/**
 * Broadcasting: shapes aligned at their last dimension, each pair equal or one of them 1. It asks the
 * solver and words what cannot be; it knows no operators.
 */
import {
  asNumber,
  constant,
  mentionsUnknown,
  printShape,
  rank,
  type Dim,
  type Shape,
  type Verdict,
} from "../../shapes/index.ts";
import type { Call, Problem } from "../operator.ts";
import { problem, shown, shownDim, type OperatorRule } from "../problems.ts";

export interface Operand {
  readonly parameter: string;
  readonly shape: Shape;
}

/** The common shape of all operands; the code of the problem can be given where a broadcast serves a purpose of its own. */
export function broadcastAll(
  call: Call,
  operands: readonly Operand[],
  code: OperatorRule = "broadcast",
): Shape | Problem {
  let joined: Operand | null = null;
  for (const operand of operands) {
    if (joined === null) {
      joined = { ...operand, shape: call.solver.shape(operand.shape) };
      continue;
    }
    const { shape, verdict, axis } = call.solver.broadcast(joined.shape, operand.shape, call.cause);
    if (verdict.answer === "no") return clash(call, joined, operand, verdict, axis, code);
    joined = { parameter: joined.parameter, shape };
  }
  return joined?.shape ?? { lead: null, dims: [] };
}

function clash(call: Call, a: Operand, b: Operand, verdict: Verdict, axis: number | null, code: OperatorRule): Problem {
  const [left, right] =
    verdict.answer === "no" ? [shownDim(call, verdict.left), shownDim(call, verdict.right)] : ["", ""];
  const [first, second] = [shown(call, a.parameter, a.shape), shown(call, b.parameter, b.shape)];
  const ranks = [rank(a.shape), rank(b.shape)];
  const size =
    ranks[0] === null || ranks[0] === undefined || ranks[1] === null || ranks[1] === undefined
      ? null
      : Math.max(ranks[0], ranks[1]);
  const place = axis === null ? "" : ` in dimension ${size === null ? axis : size + axis}`;
  return problem(code, {
    verdict,
    parameters: [a.parameter, b.parameter],
    message: (name) =>
      `${first(name)} and ${second(name)} cannot be broadcast together: ${left} against ${right}${place}.`,
  });
}

/**
 * Whether `source` can be written into, or stretched to, the shape `target`: only dimensions of size 1
 * stretch and only new ones may stand in front. Null where it can or might.
 */
export function fitInto(
  call: Call,
  source: Operand,
  target: Shape,
  code: OperatorRule = "broadcast",
  options: { readonly extraOnes?: boolean } = {},
): Problem | null {
  const { solver, cause } = call;
  let dims = solver.shape(source.shape).dims;
  const room = rank(target);
  const into = printShape(solver.shape(target));
  const told = shown(call, source.parameter, source.shape);
  const refuse = (verdict: Verdict | null, sizes: string): Problem =>
    problem(code, {
      verdict,
      parameters: [source.parameter],
      message: (name) => `${told(name)} does not fit into ${into}${sizes}.`,
    });
  if (options.extraOnes === true && room !== null) {
    while (dims.length > room && dims[0] !== undefined && asNumber(dims[0]) === 1) dims = dims.slice(1);
    if (dims.length > room && dims.slice(0, dims.length - room).some((dim) => asNumber(dim) === null)) return null;
  }
  if (room !== null && dims.length > room) return refuse(null, `: it has ${dims.length} dimensions`);
  for (let back = 1; back <= Math.min(dims.length, target.dims.length); back++) {
    const [from, to] = [dims.at(-back), target.dims.at(-back)];
    if (from === undefined || to === undefined || asNumber(from) === 1) continue;
    if (!certainlyNotOne(call, from) || (asNumber(from) === 0 && mentionsUnknown(to))) continue;
    const verdict = solver.require(from, to, cause);
    if (verdict.answer === "no") {
      const place = room === null ? -back : room - back;
      return refuse(verdict, `: ${shownDim(call, from)} against ${shownDim(call, to)} in dimension ${place}`);
    }
  }
  return null;
}

function certainlyNotOne(call: Call, dim: Dim): boolean {
  return call.solver.compare(dim, constant(1)) === "no";
}
