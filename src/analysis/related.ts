/**
 * Where the operands of a failing operation got their shapes, and the calls that lead there: the
 * related information of a finding.
 */
import type { Expr } from "../program/syntax.ts";
import { printShape } from "../shapes/index.ts";
import type { Context, Machine, PendingFinding } from "./machine.ts";
import { resolveValue } from "./records.ts";

const LOOK_BACK = 4000;

type Related = PendingFinding["related"];

export function relatedPlaces(m: Machine, operands: readonly Expr[]): Related {
  return [...operands.flatMap((operand) => bindingOf(m, operand)), ...callChain(m.context)];
}

/** The last place that bound the name of an operand. */
function bindingOf(m: Machine, operand: Expr): Related {
  if (operand.kind !== "name" && operand.kind !== "attribute") return [];
  const text = m.text(operand.span);
  for (let i = m.records.length - 1; i >= Math.max(0, m.records.length - LOOK_BACK); i--) {
    const record = m.records[i];
    if (
      record === undefined ||
      record.context !== m.context ||
      (record.role !== "binding" && record.role !== "parameter")
    )
      continue;
    if (record.owner.unit.text.slice(record.span.start, record.span.end) !== text) continue;
    const value = resolveValue(m, record.value);
    if (value.kind !== "tensor") return [];
    return [{ owner: record.owner, span: record.span, message: `\`${text}\` is ${printShape(value.shape)} from here` }];
  }
  return [];
}

function callChain(context: Context | null): Related {
  const chain: Related[number][] = [];
  for (let at = context; at !== null; at = at.parent) chain.push({ ...at.call, message: "called from here" });
  return chain.toReversed();
}
