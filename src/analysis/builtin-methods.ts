/**
 * Methods of built-in values (lists, dicts, strings, tuples) and of library objects such as modules.
 */
import type { Expr } from "../program/syntax.ts";
import { asNumber, constant, product, subtract, unknownDim } from "../shapes/index.ts";
import { lookupOperator } from "../ops/index.ts";
import { type CallArguments, callUnknown, callValue, plainArguments } from "./calls.ts";
import { callLibraryBase } from "./classes.ts";
import { appendItem, extendItems, keyOf, setContent } from "./containers.ts";
import { havoc } from "./havoc.ts";
import { anyInteger, renew } from "./fresh.ts";
import { keyValue, iterate } from "./iteration.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { assignPlainly, setAttribute } from "./attributes.ts";
import { childrenOf, containerMethod } from "./nn.ts";
import {
  contentOf,
  type DictValue,
  type InstanceValue,
  type ListValue,
  listOf,
  manyOf,
  NONE,
  SOME_BOOL,
  SOME_STRING,
  stringOf,
  tupleOf,
  UNKNOWN,
  type Value,
} from "./value.ts";

export function callBuiltinMethod(m: Machine, self: Value, name: string, args: CallArguments, expr: Expr): Value {
  switch (self.kind) {
    case "list":
      return listMethod(m, self, name, args);
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
  return callLibraryBase(m, self, path.slice(0, dot), path.slice(dot + 1), args, expr);
}

function listMethod(m: Machine, list: ListValue, name: string, args: CallArguments): Value {
  const [first, second] = args.positional;
  const content = contentOf(list);
  const forget = (): Value => {
    const elements = "items" in content ? content.items : [content.element];
    const all = [...elements, ...(first === undefined ? [] : [first])];
    setContent(m, list, { element: all.reduce((a, b) => joinValues(a, b), all[0] ?? UNKNOWN), length: unknownDim() });
    return UNKNOWN;
  };
  switch (name) {
    case "append":
    case "add":
      if (first === undefined) return NONE;
      if (list.flavour === "set") forget();
      else appendItem(m, list, first);
      return NONE;
    case "extend":
    case "update": {
      const more = first === undefined ? null : iterate(m, first);
      if (more === null) setContent(m, list, { element: UNKNOWN, length: unknownDim() });
      else
        extendItems(
          m,
          list,
          more.exact
            ? { items: more.elements }
            : { element: more.elements[0] ?? UNKNOWN, length: more.length ?? unknownDim() },
        );
      return NONE;
    }
    case "insert": {
      const at = first?.kind === "int" ? asNumber(m.solver.dim(first.value)) : null;
      if (at === null || !("items" in content) || second === undefined) return forget();
      setContent(m, list, { items: content.items.toSpliced(at, 0, second) });
      return NONE;
    }
    case "pop": {
      const at = first === undefined ? -1 : first.kind === "int" ? asNumber(m.solver.dim(first.value)) : null;
      if (!("items" in content)) {
        setContent(m, list, { ...content, length: subtract(content.length, constant(1)) });
        return renew(content.element);
      }
      if (at === null) return forget();
      const popped = content.items.at(at);
      setContent(m, list, { items: content.items.toSpliced(at, 1) });
      return popped ?? UNKNOWN;
    }
    case "reverse":
      if ("items" in content) setContent(m, list, { items: content.items.toReversed() });
      return NONE;
    case "clear":
      setContent(m, list, { items: [] });
      return NONE;
    case "copy":
      return "items" in content
        ? listOf(content.items, list.flavour)
        : manyOf(content.element, content.length, list.flavour);
    case "index":
    case "count":
      return anyInteger();
    case "union":
      return UNKNOWN;
    default:
      forget();
      return NONE;
  }
}

function dictMethod(m: Machine, dict: DictValue, name: string, args: CallArguments): Value {
  const [first, second] = args.positional;
  const exact = [...dict.entries].every(([key, value]) => key !== "*" && value.kind !== "maybe");
  const key = first === undefined ? null : keyOf(first);
  const found = key === null ? undefined : dict.entries.get(key);
  switch (name) {
    case "keys":
      return exact ? listOf([...dict.entries.keys()].map(keyValue)) : manyOf(UNKNOWN, unknownDim());
    case "values":
      return exact ? listOf([...dict.entries.values()]) : manyOf(UNKNOWN, unknownDim());
    case "items":
      return exact
        ? listOf([...dict.entries].map(([k, v]) => tupleOf([keyValue(k), v])))
        : manyOf(tupleOf([UNKNOWN, UNKNOWN]), unknownDim());
    case "get":
    case "pop":
    case "setdefault": {
      const fallback = second ?? args.named.get("default") ?? NONE;
      const absent = found === undefined && key !== null && !dict.entries.has("*");
      if (name === "pop") {
        if (key !== null) m.trail.delete(dict.entries, key);
        else for (const known of dict.entries.keys()) m.trail.set(dict.entries, known, UNKNOWN);
      }
      if (name === "setdefault" && absent && key !== null) m.trail.set(dict.entries, key, fallback);
      if (absent) return fallback;
      if (found === undefined) return UNKNOWN;
      return found.kind === "maybe" ? joinValues(found.value, fallback) : found;
    }
    case "update": {
      const other = first?.kind === "dict" ? first.entries : first === undefined ? new Map<string, Value>() : null;
      if (other === null || args.open) {
        for (const known of dict.entries.keys()) m.trail.set(dict.entries, known, UNKNOWN);
        m.trail.set(dict.entries, "*", UNKNOWN);
        return NONE;
      }
      for (const [k, v] of other) m.trail.set(dict.entries, k, v);
      for (const [k, v] of args.named) m.trail.set(dict.entries, `s:${k}`, v);
      return NONE;
    }
    case "copy":
      return { kind: "dict", entries: new Map(dict.entries) };
    case "clear":
      for (const known of dict.entries.keys()) m.trail.delete(dict.entries, known);
      return NONE;
    default:
      return callUnknown(m, plainArguments(dict));
  }
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
  if (self.kind === "record" && name === "_replace" && !args.open) {
    return { ...self, fields: new Map([...self.fields, ...args.named]) };
  }
  return name === "index" || name === "count" ? anyInteger() : UNKNOWN;
}

/** Methods of `nn.Module` that give the module itself back. */
const SELF_METHODS: ReadonlySet<string> = new Set([
  "to",
  "cuda",
  "cpu",
  "train",
  "eval",
  "half",
  "float",
  "double",
  "bfloat16",
  "requires_grad_",
  "apply",
  "type",
  "share_memory",
  "compile",
  "xpu",
  "to_empty",
]);

/** Methods that only look, or change what has no shape. */
const QUIET_METHODS: ReadonlySet<string> = new Set([
  "parameters",
  "named_parameters",
  "modules",
  "named_modules",
  "buffers",
  "named_buffers",
  "state_dict",
  "load_state_dict",
  "zero_grad",
  "extra_repr",
  "reset_parameters",
  "flatten_parameters",
  "size",
  "step",
  "backward",
  "save_hyperparameters",
  "log",
  "log_dict",
  "get_parameter",
]);

const REGISTERS_HOOK = /^_?register_\w*hook$/;

function moduleMethod(m: Machine, self: InstanceValue, name: string, args: CallArguments, expr: Expr): Value {
  const [first, second] = args.positional;
  const fromContainer = containerMethod(m, self, name, args);
  if (fromContainer !== null) return fromContainer;
  if (name === "forward" || name === "__call__") return callValue(m, self, args, expr);
  if (name === "children" || name === "named_children") return childList(self, name === "children");
  if (SELF_METHODS.has(name)) {
    if (args.named.has("memory_format")) m.otherMemoryFormat = true;
    return self;
  }
  if (
    name === "register_buffer" ||
    name === "register_parameter" ||
    name === "add_module" ||
    name === "register_module"
  ) {
    const key = first ?? args.named.get("name");
    const value = second ?? args.named.get("tensor") ?? args.named.get("param") ?? args.named.get("module") ?? UNKNOWN;
    if (key?.kind === "string" && key.value !== null) {
      setAttribute(m, self, key.value, value);
      if (expr.kind === "call" && expr.args[0] !== undefined) m.record(expr.args[0].value.span, "binding", value);
    } else m.trail.set(self.state, "open", true);
    return NONE;
  }
  if (QUIET_METHODS.has(name) || REGISTERS_HOOK.test(name) || lookupOperator(`torch.nn.Module.${name}`) !== null)
    return UNKNOWN;
  return self.library?.startsWith("torch.optim") === true
    ? UNKNOWN
    : callUnknown(m, { ...args, positional: [self, ...args.positional] });
}

function childList(self: InstanceValue, plain: boolean): Value {
  const children = childrenOf(self);
  if (children === null) return UNKNOWN;
  return listOf(
    children.map(([name, child]) => (plain ? child : tupleOf([stringOf(name), child]))),
    "generator",
  );
}
