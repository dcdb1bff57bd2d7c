/**
 * Hooks of modules: functions that run before or after a module and may put another value in the place of
 * what it is given or gives. One that surely gives nothing back changes nothing but what it names.
 */
import type { Expr } from "../program/syntax.ts";
import { eachStatement } from "../program/walk.ts";
import type { CallArguments } from "./calls.ts";
import { handOut, spoilOutside } from "./havoc.ts";
import type { Machine } from "./machine.ts";
import { assignedOnSelf } from "./mutators.ts";
import { type FunctionValue, type InstanceValue, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

/** Hooks of gradients and of loading see nothing of the forward pass. */
const FORWARD = /^register_forward_(?:pre_)?hook$/;

/** From now on, what a module with a hook gives may be what the hook makes of it. */
export function registerHook(m: Machine, self: InstanceValue, name: string, args: CallArguments): Value {
  const hook = follow(args.positional[0] ?? args.named.get("hook") ?? UNKNOWN);
  if (!FORWARD.test(name)) return UNKNOWN;
  const target = functionOf(hook);
  if (target === null || mayReturn(target)) m.trail.set(self.state, "hooked", true);
  if (target === null) return UNKNOWN;
  m.trail.set(self.state, "watched", true);
  m.hooks.push(hook);
  handOut(m, target);
  ranHooks(m);
  return UNKNOWN;
}

/** What the hooks of the program may have changed whenever a module that has one is called. */
export function ranHooks(m: Machine): void {
  for (const hook of m.hooks) {
    const target = functionOf(hook);
    if (target !== null) spoilOutside(m, target);
    if (hook.kind !== "method" || hook.self.kind !== "instance" || hook.function.definition.kind !== "function")
      continue;
    for (const name of assignedOnSelf(hook.function.definition)) m.trail.set(hook.self.attributes, name, UNKNOWN);
  }
}

function functionOf(value: Value): FunctionValue | null {
  const seen = follow(value);
  if (seen.kind === "method") return seen.function;
  return seen.kind === "partial" ? functionOf(seen.callee) : seen.kind === "function" ? seen : null;
}

function mayReturn({ definition }: FunctionValue): boolean {
  if (definition.kind === "lambda") return !isNone(definition.body);
  let returns = false;
  eachStatement(definition.body, (statement) => {
    if (statement.kind === "return" && statement.value !== null && !isNone(statement.value)) returns = true;
  });
  return returns;
}

function isNone(expr: Expr): boolean {
  return expr.kind === "literal" && expr.value.type === "none";
}
