/**
 * Methods of built-in values (lists, dicts, strings, tuples) and of library objects such as modules.
 */
import type { Expr } from "../program/syntax.ts";
import { product } from "../shapes/index.ts";
import { type CallArguments, callUnknown } from "./calls.ts";
import { callLibraryBase } from "./classes.ts";
import { recordFromItems } from "./fields.ts";
import { havoc } from "./havoc.ts";
import { anyInteger } from "./fresh.ts";
import type { Machine } from "./machine.ts";
import { assignPlainly } from "./attributes.ts";
import { parserMethod } from "./command-line.ts";
import { dictFromKeys, dictMethod } from "./dict-methods.ts";
import { listMethod } from "./list-methods.ts";
import { baseMethod, moduleMethod } from "./module-methods.ts";
import { callCore, isModuleClass } from "./nn.ts";
import { stringMethod } from "./strings.ts";
import { type InstanceValue, NONE, UNKNOWN, type Value } from "./value.ts";

export function callBuiltinMethod(m: Machine, self: Value, name: string, args: CallArguments, expr: Expr): Value {
  switch (self.kind) {
    case "list":
      return listMethod(m, self, name, args, expr);
    case "dict":
      return dictMethod(m, self, name, args);
    case "string":
      return stringMethod(m, self.value, name, args);
    case "tuple":
    case "record":
      return tupleMethod(m, self, name, args);
    case "int":
    case "float":
      return name === "item" ? self : UNKNOWN;
    case "builtin":
      return dictFromKeys(m, args);
    case "class":
      return recordFromItems(m, self, args.positional[0] ?? UNKNOWN);
    case "instance":
      return parserMethod(m, self, name, args) ?? moduleMethod(m, self, name, args, expr);
    case "super":
      return superMethod(m, self, name, args, expr);
    default:
      return callUnknown(m, args);
  }
}

function superMethod(
  m: Machine,
  value: Extract<Value, { kind: "super" }>,
  path: string,
  args: CallArguments,
  expr: Expr,
): Value {
  const dot = path.lastIndexOf(".");
  const self = value.self;
  if (self.kind !== "instance") return callUnknown(m, args);
  if (path.endsWith(".__setattr__")) {
    const [name, assigned] = args.positional;
    if (name?.kind === "string" && name.value !== null) assignPlainly(m, self, name.value, assigned ?? UNKNOWN);
    else havoc(m, [self]);
    return NONE;
  }
  return (
    baseOfModule(m, self, path.slice(0, dot), path.slice(dot + 1), args, expr) ??
    callLibraryBase(m, self, path.slice(0, dot), path.slice(dot + 1), args, expr)
  );
}

/** `super().forward(x)` in a class that builds on a layer, and `super().train(mode)`. */
function baseOfModule(
  m: Machine,
  self: InstanceValue,
  base: string,
  name: string,
  args: CallArguments,
  expr: Expr,
): Value | null {
  if (!isModuleClass(base) || name === m.dialect.constructorMethod) return null;
  if (name === "forward" || name === m.dialect.callMethod) return callCore(m, self, args, expr);
  return baseMethod(m, self, name, args, expr);
}

function tupleMethod(
  _m: Machine,
  self: Extract<Value, { kind: "tuple" | "record" }>,
  name: string,
  args: CallArguments,
): Value {
  if (name === "numel" && self.kind === "tuple") {
    const dims = self.items.flatMap((item) => (item.kind === "int" ? [item.value] : []));
    return dims.length === self.items.length ? { kind: "int", value: product(dims) } : UNKNOWN;
  }
  if (self.kind === "record" && name === "_asdict")
    return { kind: "dict", entries: new Map([...self.fields].map(([key, value]) => [`s:${key}`, value])) };
  if (self.kind === "record" && name === "_replace" && !args.open) {
    return { ...self, fields: new Map([...self.fields, ...args.named]) };
  }
  return name === "index" || name === "count" ? anyInteger() : UNKNOWN;
}
