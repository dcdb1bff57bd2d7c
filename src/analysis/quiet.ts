/**
 * Evaluates an expression once more without leaving a trace: no records, no findings, no effects.
 * For what a condition teaches, whose parts have been evaluated for real already.
 */
import type { Expr } from "../program/syntax.ts";
import { evaluate } from "./expressions.ts";
import type { Machine } from "./machine.ts";
import type { Value } from "./value.ts";

export function evaluateQuietly(m: Machine, expr: Expr): Value {
  const mark = m.trail.mark();
  const records = m.records.length;
  const findings = m.findings.length;
  const facts = m.solver.facts;
  const value = evaluate(m, expr);
  m.trail.undo(mark);
  m.records.length = records;
  m.findings.length = findings;
  m.solver.facts = facts;
  return value;
}
