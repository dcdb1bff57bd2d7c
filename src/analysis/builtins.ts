/**
 * Functions that are there without an import. A function of the language that changes nothing it is
 * given and gives no shapes is simply unknown; anything else has its entry here.
 */
import type { Expr } from "../program/syntax.ts";
import { asNumber, constant, type Dim, maximum, minimum, absolute, rank, unknownDim } from "../shapes/index.ts";
import { lookupOperator } from "../ops/index.ts";
import { shapeBehind } from "./assign.ts";
import { getAttribute, setAttribute } from "./attributes.ts";
import { binaryOperation } from "./arithmetic.ts";
import { type CallArguments, callMethodIfAny, callUnknown } from "./calls.ts";
import { isInstance, truthOf } from "./conditions.ts";
import {
  anyOf,
  anyTrue,
  asList,
  asTuple,
  enumerated,
  extreme,
  filtered,
  mapped,
  shuffled,
  summed,
  takeNext,
  zipped,
} from "./builtin-sequences.ts";
import { makeDict } from "./containers.ts";
import { dictLength } from "./dict-methods.ts";
import { havoc, havocEverything } from "./havoc.ts";
import { anyInteger } from "./fresh.ts";
import { iterate, iteratorOf } from "./iteration.ts";
import { inOrder } from "./ordering.ts";
import { applyOperator } from "./library.ts";
import type { Machine } from "./machine.ts";
import { lacksMethod } from "./module-methods.ts";
import { coreLength } from "./nn.ts";
import { roundedValue } from "./quotient.ts";
import { argumentsFor } from "./sources.ts";
import {
  boolOf,
  COMPLEX,
  contentOf,
  type FunctionValue,
  listOf,
  manyOf,
  NONE,
  SOME_BOOL,
  SOME_FLOAT,
  SOME_STRING,
  stringOf,
  tupleOf,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { asInteger, follow } from "./variable.ts";

type Builtin = (m: Machine, args: CallArguments, expr: Expr) => Value;

export function callBuiltin(m: Machine, name: string, args: CallArguments, expr: Expr): Value {
  const declared = ofTensor(m, name, args, expr);
  if (declared.kind !== "unknown") return declared;
  const builtin = BUILTINS[name];
  if (builtin !== undefined) return builtin(m, args, expr);
  return HARMLESS.has(name) ? UNKNOWN : callUnknown(m, args);
}

/** What the catalogue says of `len`, `float` or `abs` of a tensor; unknown where it says nothing. */
function ofTensor(m: Machine, name: string, args: CallArguments, expr: Expr): Value {
  const [first] = args.positional;
  if (first?.kind !== "tensor" || args.open || lookupOperator(`builtins.${name}`) === null) return UNKNOWN;
  const { positional, named } = argumentsFor(args);
  return applyOperator(m, `builtins.${name}`, positional, named, expr);
}

const HARMLESS: ReadonlySet<string> = new Set([
  "print",
  "repr",
  "format",
  "hash",
  "id",
  "input",
  "open",
  "chr",
  "ord",
  "hex",
  "oct",
  "bin",
  "bytes",
  "bytearray",
  "object",
  "memoryview",
  "dir",
  "breakpoint",
  "issubclass",
  "Exception",
  "ValueError",
  "TypeError",
  "RuntimeError",
  "NotImplementedError",
  "KeyError",
  "IndexError",
  "AssertionError",
  "StopIteration",
  "AttributeError",
  "ImportError",
  "OSError",
  "FileNotFoundError",
  "ZeroDivisionError",
  "Warning",
  "DeprecationWarning",
  "UserWarning",
  "ArithmeticError",
  "OverflowError",
]);

const BUILTINS: Readonly<Record<string, Builtin>> = {
  print: () => NONE,
  len: (m, { positional: [value] }, expr) => lengthOf(m, value, expr),
  range: (m, args) => makeRange(m, args),
  int: (m, { positional: [value] }) => toInteger(m, value),
  complex: () => COMPLEX,
  float: (m, { positional: [value] }) => toFloat(m, value),
  bool: (m, { positional: [value] }) => {
    const truth = value === undefined ? "no" : truthOf(m, value);
    return boolOf(truth === "maybe" ? null : truth === "yes");
  },
  str: (m, { positional: [value] }) => textOf(m, value),
  tuple: (m, { positional: [value] }) => (value === undefined ? tupleOf([]) : asTuple(m, value)),
  list: (m, { positional: [value] }) => (value === undefined ? listOf([]) : asList(m, value, "list")),
  set: (m, { positional: [value] }) => (value === undefined ? listOf([], "set") : asList(m, value, "set")),
  frozenset: (m, { positional: [value] }) => (value === undefined ? listOf([], "set") : asList(m, value, "set")),
  dict: (m, args) => dictOf(m, args),
  enumerate: (m, args) => enumerated(m, args),
  zip: (m, args) => zipped(m, args),
  reversed: (m, { positional: [value] }) => {
    const all = value === undefined ? null : iterate(m, value);
    return all !== null && all.exact ? listOf(all.elements.toReversed(), "generator") : anyOf(all);
  },
  sorted: (m, args, expr) => {
    const given = follow(args.positional[0] ?? UNKNOWN);
    const content = given.kind === "list" && given.flavour === "set" ? contentOf(given) : null;
    const all = iterate(m, given);
    const items = content !== null && "items" in content ? content.items : all?.exact === true ? all.elements : null;
    const sorted = items === null ? null : inOrder(m, items, args, expr);
    return sorted === null ? shuffled(all) : listOf(sorted);
  },
  iter: (m, { positional: [value = UNKNOWN] }) => {
    const own = value.kind === "instance" ? iteratorOf(m, value) : null;
    return own ?? (value.kind === "lazy" ? value : asList(m, value, "generator"));
  },
  next: (m, { positional: [value, fallback] }) => takeNext(m, value ?? UNKNOWN, fallback),
  map: (m, args, expr) => mapped(m, args, expr),
  filter: (m, args, expr) => filtered(m, args, expr),
  sum: (m, args, expr) => summed(m, args, expr),
  min: (m, args, expr) => extreme(m, args, minimum, 1, expr),
  max: (m, args, expr) => extreme(m, args, maximum, -1, expr),
  abs: (_m, { positional: [value] }) => absoluteOf(value),
  round: (_m, { positional: [value, digits] }) => {
    if (value?.kind === "int") return value;
    if (value?.kind !== "float") return UNKNOWN;
    if (digits !== undefined) return SOME_FLOAT;
    return value.value === null ? anyInteger() : { kind: "int", value: constant(roundHalfEven(value.value)) };
  },
  pow: (m, { positional: [a, b] }, expr) =>
    a === undefined || b === undefined ? UNKNOWN : binaryOperation(m, "**", a, b, expr, [expr, expr]),
  divmod: (m, { positional: [a, b] }, expr) =>
    a === undefined || b === undefined
      ? UNKNOWN
      : tupleOf([
          binaryOperation(m, "//", a, b, expr, [expr, expr]),
          binaryOperation(m, "%", a, b, expr, [expr, expr]),
        ]),
  any: (m, { positional: [value] }) => anyTrue(m, value ?? UNKNOWN, "yes"),
  all: (m, { positional: [value] }) => anyTrue(m, value ?? UNKNOWN, "no"),
  callable: (_m, { positional: [value] }) => isCallable(value ?? UNKNOWN),
  isinstance: (_m, { positional: [value, type] }) => {
    const answer = value === undefined || type === undefined ? "maybe" : isInstance(value, type);
    return boolOf(answer === "maybe" ? null : answer === "yes");
  },
  hasattr: (m, { positional: [value, name] }) => hasAttribute(m, value, name),
  getattr: (m, { positional: [value, name, fallback] }) => {
    if (value === undefined || name?.kind !== "string" || name.value === null) return UNKNOWN;
    const found = getAttribute(m, value, name.value, null);
    if (fallback === undefined) return found;
    const has = hasAttribute(m, value, name);
    return has.kind === "bool" && has.value !== null ? (has.value ? found : fallback) : UNKNOWN;
  },
  setattr: (m, { positional: [object, name, value] }) => {
    if (object === undefined) return NONE;
    if (name?.kind === "string" && name.value !== null) setAttribute(m, object, name.value, value ?? UNKNOWN);
    else havoc(m, [object]);
    return NONE;
  },
  delattr: (m, { positional: [object] }) => (object === undefined ? NONE : (havoc(m, [object]), NONE)),
  type: (_m, { positional: [value] }) => typeOf(value ?? UNKNOWN),
  super: (m, args) => superOf(m, args),
  staticmethod: (_m, { positional: [value] }) => bound(value, "static"),
  classmethod: (_m, { positional: [value] }) => bound(value, "class"),
  property: (_m, { positional: [value, setter] }) => {
    const made = bound(value, "property");
    return made.kind === "function" && setter?.kind === "function" ? { ...made, setter } : made;
  },
  slice: (_m, { positional }) => {
    const [a = NONE, b = NONE, c = NONE] = positional;
    return positional.length === 1
      ? { kind: "slice", lower: NONE, upper: a, step: NONE }
      : { kind: "slice", lower: a, upper: b, step: c };
  },
  exec: (m) => (havocEverything(m), UNKNOWN),
  eval: (m) => (havocEverything(m), UNKNOWN),
  globals: (m, _args, expr) => globalNames(m, expr),
  locals: (m) => localNames(m),
  vars: (m, { positional: [value] }) => (value === undefined ? localNames(m) : attributesOf(m, value)),
  __import__: () => UNKNOWN,
};

/** Python rounds halves to the even neighbour. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

export function lengthOf(m: Machine, value: Value | undefined, expr: Expr): Value {
  if (value === undefined) return UNKNOWN;
  const seen = follow(value);
  switch (seen.kind) {
    case "tuple":
      return { kind: "int", value: constant(seen.items.length) };
    case "list": {
      const content = contentOf(seen);
      return { kind: "int", value: "items" in content ? constant(content.items.length) : content.length };
    }
    case "dict":
      return dictLength(seen);
    case "record":
      return { kind: "int", value: constant(seen.fields.size) };
    case "string":
      return { kind: "int", value: seen.value === null ? unknownDim() : constant(Array.from(seen.value).length) };
    case "tensor": {
      const shape = m.solver.shape(seen.shape);
      const [first] = shape.dims;
      return { kind: "int", value: rank(shape) !== null && first !== undefined ? first : unknownDim() };
    }
    case "class":
    case "range": {
      const all = iterate(m, seen);
      return { kind: "int", value: all?.length ?? unknownDim() };
    }
    case "instance": {
      const called = callMethodIfAny(m, seen, m.dialect.lengthMethod, [], expr) ?? coreLength(seen);
      return called ?? { kind: "int", value: unknownDim() };
    }
    default:
      return UNKNOWN;
  }
}

function makeRange(m: Machine, { positional, open }: CallArguments): Value {
  const dims = positional
    .map((value) => asInteger(m, value))
    .map((value) => (value.kind === "int" ? m.solver.dim(value.value) : null));
  if (open || dims.some((dim) => dim === null)) return manyOf(anyInteger(), unknownDim(), "generator");
  const [a, b, c] = dims as readonly Dim[];
  if (a === undefined) return UNKNOWN;
  return { kind: "range", start: b === undefined ? constant(0) : a, stop: b ?? a, step: c ?? constant(1) };
}

function toInteger(m: Machine, value: Value | undefined): Value {
  const seen = value === undefined ? UNKNOWN : follow(value);
  if (seen.kind === "int" || seen.kind === "float") return roundedValue(m, "trunc", seen);
  if (seen.kind === "bool" && seen.value !== null) return { kind: "int", value: constant(seen.value ? 1 : 0) };
  if (seen.kind === "string" && seen.value !== null && /^\s*-?\d{1,15}\s*$/.test(seen.value))
    return { kind: "int", value: constant(Number(seen.value)) };
  if (seen.kind === "tensor" && seen.content?.length === 1 && seen.content[0] !== undefined)
    return { kind: "int", value: seen.content[0] };
  return anyInteger();
}

function toFloat(m: Machine, value: Value | undefined): Value {
  if (value?.kind === "float") return value;
  if (value?.kind === "int") return { kind: "float", value: asNumber(m.solver.dim(value.value)) };
  if (value?.kind === "string" && value.value !== null && /^[+-]?inf(inity)?$/i.test(value.value))
    return { kind: "float", value: null };
  return SOME_FLOAT;
}

/** `dict(pairs, name=value)` */
export function dictOf(m: Machine, args: CallArguments): Value {
  const [first] = args.positional;
  const parts = [...args.named].map(([key, value]) => ({ key: stringOf(key), value }));
  const from = first === undefined ? [] : [{ key: null, value: first }];
  const open = args.open ? [{ key: null, value: UNKNOWN }] : [];
  return makeDict(m, [...from, ...parts, ...open]);
}

/** The type of a value, where it is one that no subclass is mistaken for. */
function typeOf(value: Value): Value {
  const seen = follow(value);
  if (seen.kind === "instance") {
    if (seen.class !== null) return seen.class;
    return seen.library === null || seen.state.has("open") ? UNKNOWN : { kind: "library", name: seen.library };
  }
  if (shapeBehind(seen) !== null) return UNKNOWN;
  const name = seen.kind === "list" ? (seen.flavour === "generator" ? undefined : seen.flavour) : TYPES[seen.kind];
  return name === undefined ? UNKNOWN : { kind: "builtin", name };
}

const TYPES: Partial<Record<Value["kind"], string>> = {
  int: "int",
  bool: "bool",
  string: "str",
  tuple: "tuple",
  dict: "dict",
  none: "NoneType",
};

/** The names of the running function; at the top of a module they are its globals. */
function localNames(m: Machine): Value {
  if (m.frame !== m.frame.module)
    return { kind: "dict", entries: new Map([...m.frame.variables].map(([name, value]) => [`s:${name}`, value])) };
  havocEverything(m);
  return UNKNOWN;
}

/** The names of the module, which whoever holds them may change; not where one of them is read on the spot. */
function globalNames(m: Machine, { span }: Expr): Value {
  const after = m.text({ start: span.end, end: span.end + 80 });
  const [, name] = /^\[["'](\w+)["']\](?!\s*(?:[^=\s]{0,2}=(?!=)|\[|\.))/.exec(after) ?? [];
  if (name !== undefined) {
    const value = m.frame.module.variables.get(name) ?? UNKNOWN;
    return { kind: "dict", entries: new Map([[`s:${name}`, value]]).set("*", UNKNOWN) };
  }
  havocEverything(m);
  return UNKNOWN;
}

function attributesOf(m: Machine, value: Value): Value {
  const seen = follow(value);
  return getAttribute(m, seen, "__dict__", null);
}

function bound(value: Value | undefined, binding: FunctionValue["binding"]): Value {
  if (value?.kind === "function") return { ...value, binding };
  return binding === "static" ? (value ?? UNKNOWN) : UNKNOWN;
}

function isCallable(value: Value): Value {
  const seen = follow(value);
  if (CALLABLE.has(seen.kind)) return boolOf(true);
  const maybe = ["unknown", "variable", "prospect", "union", "library", "instance"].includes(seen.kind);
  return maybe ? SOME_BOOL : boolOf(false);
}

const CALLABLE: ReadonlySet<string> = new Set(
  "function method class builtin builtin-method tensor-method partial dtype".split(" "),
);

function absoluteOf(value: Value | undefined): Value {
  if (value?.kind === "int") return { kind: "int", value: absolute(value.value) };
  if (value?.kind === "float") return { kind: "float", value: value.value === null ? null : Math.abs(value.value) };
  return UNKNOWN;
}

function hasAttribute(m: Machine, value: Value | undefined, name: Value | undefined): Value {
  if (value === undefined || name?.kind !== "string" || name.value === null) return SOME_BOOL;
  const seen = follow(value);
  // What a library has depends on its version: code that asks is written for several.
  if (seen.kind !== "instance") return SOME_BOOL;
  const found = getAttribute(m, seen, name.value, null);
  if (found.kind !== "unknown" && found.kind !== "builtin-method")
    return seen.attributes.get(name.value)?.kind === "maybe" ? SOME_BOOL : boolOf(true);
  const closed = seen.class !== null && !seen.class.open && !seen.state.has("open");
  const absent = found.kind === "unknown" || (found.kind === "builtin-method" && lacksMethod(seen, name.value));
  return closed && absent && !seen.attributes.has(name.value) ? boolOf(false) : SOME_BOOL;
}

function superOf(m: Machine, args: CallArguments): Value {
  const [type, self] = args.positional;
  if (type?.kind === "class" && self !== undefined) return { kind: "super", self: follow(self), after: type };
  for (let frame = m.frame; ;) {
    const definedIn = frame.function?.definedIn;
    const receiver = frame.self;
    if (definedIn !== null && definedIn !== undefined && receiver !== null)
      return { kind: "super", self: follow(receiver), after: definedIn };
    if (frame.parent === null) return UNKNOWN;
    frame = frame.parent;
  }
}

function textOf(m: Machine, value: Value | undefined): Value {
  if (value?.kind === "string") return value;
  const number = value?.kind === "int" ? asNumber(m.solver.dim(value.value)) : null;
  return number === null ? SOME_STRING : stringOf(String(number));
}
