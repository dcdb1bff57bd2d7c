/**
 * Names: looking them up through the scopes and binding them. It follows Python's rules of scope,
 * which the languages we lower share.
 */
import { isKnownName } from "../ops/index.ts";
import { libraryAttribute } from "./attributes.ts";
import { demanded } from "./demand.ts";
import type { Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { reboundNames } from "./rebinding.ts";
import { UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

export function lookupName(m: Machine, id: string): Value {
  let frame: Frame | null = m.frame;
  const start = frame;
  while (frame !== null) {
    const visible = frame === start || !frame.isClassBody;
    const value = visible ? frame.variables.get(id) : undefined;
    if (value !== undefined) return seenFrom(m, frame, id, value);
    const imported = frame === frame.module ? demanded(m, frame.module, id) : null;
    if (imported !== null) return seenFrom(m, frame, id, imported);
    if (visible && frame.locals?.has(id) === true) return UNKNOWN;
    frame = frame.parent;
  }
  return lookupBuiltin(m, id);
}

/** The value of a module's variable is only known inside a function if nothing else is ever bound to it. */
function seenFrom(m: Machine, frame: Frame, id: string, value: Value): Value {
  const seen = follow(value);
  if (!m.general || !changes(m, frame, id)) return seen;
  return seen.kind === "function" || seen.kind === "class" || seen.kind === "module" || seen.kind === "library"
    ? seen
    : UNKNOWN;
}

/** Whether a variable may have another value whenever a function that sees it is called. */
function changes(m: Machine, frame: Frame, id: string): boolean {
  if (frame === frame.module) return frame.module.volatile.has(id);
  const definition = m.endedFrames.has(frame) ? frame.function?.definition : undefined;
  return definition?.kind === "function" && reboundNames(definition).has(id);
}

function lookupBuiltin(m: Machine, id: string): Value {
  if (id === m.dialect.mainGuard.name) return { kind: "string", value: m.frame.module.name };
  const starred = m.frame.module.variables.get("*");
  if (starred?.kind === "library" && isKnownName(`${starred.name}.${id}`))
    return libraryAttribute(m, `${starred.name}.${id}`);
  if (starred !== undefined && starred.kind !== "library") return UNKNOWN;
  return m.dialect.builtins.has(id) ? { kind: "builtin", name: id } : UNKNOWN;
}

export function bindName(m: Machine, id: string, value: Value): void {
  m.trail.set(scopeOf(m, id).variables, id, value);
}

export function unbindName(m: Machine, id: string): void {
  m.trail.delete(scopeOf(m, id).variables, id);
}

/** The scope that an assignment to `id` writes: the present one, or the one that `global`/`nonlocal` named. */
function scopeOf(m: Machine, id: string): Frame {
  const here = m.frame;
  if (here.locals === null || here.locals.has(id)) return here;
  for (let frame = here.parent; frame !== null; frame = frame.parent) {
    if (frame.isClassBody) continue;
    if (frame === frame.module || frame.locals?.has(id) === true) return frame;
  }
  return here.module;
}
