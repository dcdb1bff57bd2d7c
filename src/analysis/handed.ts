/**
 * Which classes a file's own code hands to a parameter that nothing else describes: `ResNet(BasicBlock, [2, 2])` says
 * what `block` stands for. It reads calls as they are written and runs nothing.
 */
import type { Call, Parameter, Unit } from "../program/syntax.ts";
import { eachExpression } from "../program/walk.ts";
import { joinAll } from "./join.ts";
import type { Machine } from "./machine.ts";
import { entryOf } from "../shapes/index.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

/** The classes that calls in this file give to a parameter of the function being run; null where there are none. */
export function classesHanded(m: Machine, parameter: Parameter): Value | null {
  const target = m.frame.function;
  if (target?.definition.kind !== "function") return null;
  const { definition, definedIn } = target;
  const isConstructor = definition.name === m.dialect.constructorMethod;
  if (definedIn !== null && !isConstructor) return null;
  const at = definition.parameters.indexOf(parameter) - (definedIn === null ? 0 : 1);
  const calls = (m.host.program(m.frame.module.path)?.chunks ?? []).flatMap(
    ({ unit }) => handingCalls(unit).get(definedIn?.name ?? definition.name) ?? [],
  );
  const classes = calls.flatMap((call) => classGiven(m, call, parameter.name, at) ?? []);
  const all = classes.length === 0 ? null : joinAll(classes);
  return all?.kind === "union" ? { ...all, shared: new Map() } : all;
}

function classGiven(m: Machine, { args }: Call, name: string, at: number): Value | null {
  const given = args.find((arg) => arg.name === name) ?? args[at];
  if (given === undefined || given.spread !== null || (given.name !== null && given.name !== name)) return null;
  const value = given.value.kind === "name" ? m.frame.module.variables.get(given.value.id) : undefined;
  const seen = value === undefined ? null : follow(value);
  return seen?.kind === "class" ? seen : null;
}

const known = new WeakMap<Unit, ReadonlyMap<string, readonly Call[]>>();

/** The calls in a chunk that hand over something which is named like a class, by what they call. */
export function handingCalls(unit: Unit): ReadonlyMap<string, readonly Call[]> {
  const before = known.get(unit);
  if (before !== undefined) return before;
  const calls = new Map<string, Call[]>();
  eachExpression(unit.body, (expr) => {
    if (expr.kind !== "call" || expr.callee.kind !== "name") return;
    if (expr.args.some(({ value }) => value.kind === "name" && /^_*[A-Z]/.test(value.id)))
      entryOf(calls, expr.callee.id, (): Call[] => []).push(expr);
  });
  known.set(unit, calls);
  return calls;
}
