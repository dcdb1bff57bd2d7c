/**
 * New objects. Inside the body of a loop that is run once for all its turns, the objects that one place
 * makes at every turn are one abstract object, so that a list of them has one kind of element.
 */
import type { Expr } from "../program/syntax.ts";
import type { Machine } from "./machine.ts";
import type { InstanceValue } from "./value.ts";

export function allocate(m: Machine, expr: Expr | null, name: string, make: () => InstanceValue): InstanceValue {
  if (m.allocations === null || expr === null) return make();
  const key = `${name}@${m.siteName(expr.span)}${callsOf(m)}`;
  const known = m.allocations.get(key);
  const instance = known ?? make();
  m.allocations.set(key, instance);
  return instance;
}

function callsOf(m: Machine): string {
  let text = "";
  for (let at = m.context; at !== null; at = at.parent) text += `<${at.call.span.start}:${at.call.span.end}`;
  return text;
}
