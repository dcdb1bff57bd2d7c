/**
 * Chains of modules whose number is not known: what comes out of running a module that stands for all of them once
 * or more often. It knows nothing of how such a chain is made.
 */
import type { Expr } from "../program/syntax.ts";
import { mentionsUnknown } from "../shapes/index.ts";
import { type CallArguments, callValue, plainArguments } from "./calls.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { resolveValue } from "./records.ts";
import { UNKNOWN, type Value } from "./value.ts";

const MAX_LINKS = 4;

/** Errors are no findings here: an element that stands for several modules fits none of them exactly. */
export function runChain(m: Machine, element: Value, args: CallArguments, expr: Expr): Value {
  const { thrown } = m;
  m.tolerant++;
  const value = settled(m, element, callValue(m, element, args, expr), expr);
  m.tolerant--;
  m.thrown = thrown;
  return value;
}

function settled(m: Machine, element: Value, first: Value, expr: Expr): Value {
  let value = first;
  for (let link = 0; link < MAX_LINKS; link++) {
    const next = resolveValue(m, callValue(m, element, plainArguments(value), expr));
    const joined = joinValues(resolveValue(m, value), next);
    if (isStable(value, joined)) return joined;
    value = joined;
  }
  return UNKNOWN;
}

/** Whether another link has changed nothing but sizes of which nothing was known before. */
function isStable(before: Value, after: Value): boolean {
  if (before === after) return true;
  if (before.kind !== "tensor" || after.kind !== "tensor") return false;
  if (before.dtype !== after.dtype || (before.shape.lead === null) !== (after.shape.lead === null)) return false;
  const dims = before.shape.dims;
  return (
    dims.length === after.shape.dims.length &&
    after.shape.dims.every((dim, i) => dim.key === dims[i]?.key || (dims[i] !== undefined && mentionsUnknown(dims[i])))
  );
}
