/**
 * Methods of built-in values (lists, dicts, strings, tuples) and of library objects such as modules.
 */
import type { Expr } from "../program/syntax.ts";
import { product, unknownDim } from "../shapes/index.ts";
import { type CallArguments, callUnknown } from "./calls.ts";
import { callLibraryBase } from "./classes.ts";
import { recordFromItems } from "./fields.ts";
import { havoc } from "./havoc.ts";
import { anyInteger } from "./fresh.ts";
import { iterate } from "./iteration.ts";
import type { Machine } from "./machine.ts";
import { assignPlainly } from "./attributes.ts";
import { dictFromKeys, dictMethod } from "./dict-methods.ts";
import { listMethod } from "./list-methods.ts";
import { baseMethod, moduleMethod } from "./module-methods.ts";
import { callCore, isModuleClass } from "./nn.ts";
import {
  type InstanceValue,
  listOf,
  manyOf,
  NONE,
  SOME_BOOL,
  SOME_STRING,
  stringOf,
  UNKNOWN,
  type Value,
} from "./value.ts";

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
      return moduleMethod(m, self, name, args, expr);
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

const STRING_TESTS: ReadonlySet<string> = new Set([
  "startswith",
  "endswith",
  "isdigit",
  "isalpha",
  "isalnum",
  "isupper",
  "islower",
  "isspace",
  "isidentifier",
]);

function stringMethod(m: Machine, text: string | null, name: string, args: CallArguments): Value {
  const [first] = args.positional;
  if (STRING_TESTS.has(name)) {
    if (text === null || first?.kind !== "string" || first.value === null) return SOME_BOOL;
    if (name === "startswith") return { kind: "bool", value: text.startsWith(first.value) };
    if (name === "endswith") return { kind: "bool", value: text.endsWith(first.value) };
    return SOME_BOOL;
  }
  switch (name) {
    case "lower":
      return text === null ? SOME_STRING : stringOf(text.toLowerCase());
    case "upper":
      return text === null ? SOME_STRING : stringOf(text.toUpperCase());
    case "split":
    case "splitlines":
    case "rsplit":
    case "partition":
      if (
        name === "split" &&
        text !== null &&
        first?.kind === "string" &&
        first.value !== null &&
        first.value !== "" &&
        args.positional.length === 1
      ) {
        return listOf(text.split(first.value).map(stringOf));
      }
      return manyOf(SOME_STRING, unknownDim());
    case "index":
    case "find":
    case "count":
      return anyInteger();
    case "encode":
      return UNKNOWN;
    case "join":
    case "format":
    case "strip":
    case "replace":
      for (const argument of args.positional) iterate(m, argument);
      return SOME_STRING;
    default:
      return SOME_STRING;
  }
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
