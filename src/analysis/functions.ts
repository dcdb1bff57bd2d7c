/**
 * Function values: making them, the scope of a call, and binding arguments to parameters.
 */
import type { FunctionDefinition, Lambda, Parameter } from "../program/syntax.ts";
import { unknownDim } from "../shapes/index.ts";
import type { CallArguments } from "./calls.ts";
import { contractForParameter } from "./contracts.ts";
import { evaluate } from "./expressions.ts";
import { type Frame, hold, newScope } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { generalParameter } from "./types.ts";
import { type ClassValue, type FunctionValue, manyOf, tupleOf, UNKNOWN, type Value } from "./value.ts";

export function makeFunction(
  m: Machine,
  definition: FunctionDefinition | Lambda,
  binding: FunctionValue["binding"],
  definedIn: ClassValue | null = null,
): FunctionValue {
  const defaults = new Map<string, Value>();
  for (const parameter of definition.parameters) {
    if (parameter.default !== null) defaults.set(parameter.name, evaluate(m, parameter.default));
  }
  hold(m.frame);
  return { kind: "function", definition, owner: m.chunk, closure: m.frame, defaults, definedIn, binding };
}

export function frameFor(target: FunctionValue, self: Value | null): Frame {
  const { definition, closure } = target;
  const names = definition.parameters.map((parameter) => parameter.name);
  const own = definition.kind === "function" ? definition.locals : [];
  return {
    variables: newScope(),
    locals: new Set([...names, ...own]),
    parent: closure,
    module: closure.module,
    isClassBody: false,
    symbols: new Map(),
    function: target,
    self: target.definedIn === null ? null : self,
  };
}

/** Binds the arguments of a call in the present frame. False where they do not fit the parameters. */
export function bindParameters(m: Machine, target: FunctionValue, args: CallArguments): boolean {
  const { parameters } = target.definition;
  const named = new Map(args.named);
  const positional = [...args.positional];
  const bound: [Parameter, Value][] = [];
  for (const parameter of parameters) {
    const value = argumentFor(parameter, positional, named, target, args.open);
    if (value === null) return false;
    bound.push([parameter, value]);
  }
  const takesKeywords = parameters.some((parameter) => parameter.kind === "keywords");
  if (positional.length > 0 || (named.size > 0 && !takesKeywords)) return false;
  for (const [parameter, value] of bound) {
    const given =
      parameter.kind === "rest" || parameter.kind === "keywords"
        ? value
        : contractForParameter(m, target.definition, parameter, value);
    m.frame.variables.set(parameter.name, given);
    m.record(parameter.nameSpan, "parameter", given);
  }
  return true;
}

function argumentFor(
  parameter: Parameter,
  positional: Value[],
  named: Map<string, Value>,
  target: FunctionValue,
  open: boolean,
): Value | null {
  switch (parameter.kind) {
    case "rest": {
      const rest = positional.splice(0);
      return open ? manyOf(UNKNOWN, unknownDim()) : tupleOf(rest);
    }
    case "keywords": {
      const entries = new Map<string, Value>([...named].map(([name, value]) => [`s:${name}`, value] as const));
      named.clear();
      if (open) entries.set("*", UNKNOWN);
      return { kind: "dict", entries };
    }
    case "positional-only":
    case "normal":
    case "keyword-only": {
      if (parameter.kind !== "keyword-only") {
        const next = positional.shift();
        if (next !== undefined) return next;
      }
      const byName = parameter.kind === "positional-only" ? undefined : named.get(parameter.name);
      if (byName !== undefined) {
        named.delete(parameter.name);
        return byName;
      }
      if (open) return UNKNOWN;
      return target.defaults.get(parameter.name) ?? null;
    }
    default:
      return parameter.kind satisfies never;
  }
}

/** The default of a parameter, unless a caller of a compiled function that gives another number makes it an array. */
function usualValue(target: FunctionValue, name: string): Value | undefined {
  const value = target.defaults.get(name);
  const number = value?.kind === "float" || (value?.kind === "int" && target.traced === "all");
  return target.traced !== undefined && number ? undefined : value;
}

/** Binds open values to all parameters of the present frame; the first is `self` where there is one. */
export function bindOpenParameters(m: Machine, target: FunctionValue, self: Value | null): boolean {
  target.definition.parameters.forEach((parameter, i) => {
    const value =
      i === 0 && self !== null
        ? self
        : generalParameter(m, target.definition, parameter, usualValue(target, parameter.name));
    m.frame.variables.set(parameter.name, value);
    m.record(parameter.nameSpan, "parameter", value);
  });
  return true;
}
