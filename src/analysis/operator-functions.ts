/** The module `operator`: Python's operators as functions. */
import type { BinaryOperator, Expr } from "../program/syntax.ts";
import { binaryOperation, unaryOperation } from "./arithmetic.ts";
import { getAttribute } from "./attributes.ts";
import { type CallArguments, callUnknown, callValue } from "./calls.ts";
import { getIndex } from "./indexing.ts";
import type { Machine } from "./machine.ts";
import { tupleOf, UNKNOWN, type Value } from "./value.ts";

type OperatorCall = (m: Machine, args: CallArguments, expr: Expr) => Value;

const BINARY: Readonly<Record<string, BinaryOperator>> = {
  add: "+",
  concat: "+",
  sub: "-",
  mul: "*",
  truediv: "/",
  floordiv: "//",
  mod: "%",
  pow: "**",
  matmul: "@",
  and_: "&",
  or_: "|",
  xor: "^",
};

const GETTERS = ["itemgetter", "attrgetter", "methodcaller"] as const;

const GET: Readonly<Record<(typeof GETTERS)[number], OperatorCall>> = {
  itemgetter: (m, args, expr) =>
    each(args, (value, key) => getIndex(m, value, key, { kind: "index", object: expr, index: expr, span: expr.span })),
  attrgetter: (m, args) =>
    each(args, (value, path) => {
      const names = path.kind === "string" ? (path.value?.split(".") ?? null) : null;
      return names === null ? UNKNOWN : names.reduce((at, name) => getAttribute(m, at, name, null), value);
    }),
  methodcaller: (m, { positional: [given, named, value = UNKNOWN] }, expr) => {
    const [name, ...rest] = given?.kind === "tuple" ? given.items : [];
    if (name?.kind !== "string" || name.value === null || named?.kind !== "record") return UNKNOWN;
    const method = getAttribute(m, value, name.value, null);
    return callValue(m, method, { positional: rest, named: named.fields, open: false, sources: new Map() }, expr);
  },
};

export const OPERATORS: Readonly<Record<string, OperatorCall>> = Object.fromEntries<OperatorCall>([
  ...Object.entries(BINARY).map(([name, operator]): [string, OperatorCall] => [
    `operator.${name}`,
    (m, args, expr) => {
      const [a, b] = args.positional;
      if (a === undefined || b === undefined) return callUnknown(m, args);
      return binaryOperation(m, operator, a, b, expr, [expr, expr]);
    },
  ]),
  ["operator.neg", (m, args, expr) => unaryOperation(m, "-", args.positional[0] ?? UNKNOWN, expr)],
  [
    "operator.getitem",
    (m, { positional: [value = UNKNOWN, index = UNKNOWN] }, expr) =>
      getIndex(m, value, index, { kind: "index", object: expr, index: expr, span: expr.span }),
  ],
  ...GETTERS.flatMap((name): [string, OperatorCall][] => [
    [`operator.${name}`, (_m, args) => getter(name, args)],
    [`operator.${name}.call`, GET[name]],
  ]),
]);

/** `itemgetter(1)` is a function that waits for the value. */
function getter(name: string, args: CallArguments): Value {
  if (args.open) return UNKNOWN;
  const given = { kind: "record" as const, name, fields: args.named };
  const callee: Value = { kind: "library", name: `operator.${name}.call` };
  return { kind: "partial", callee, args: [tupleOf(args.positional), given], named: new Map() };
}

function each(
  { positional: [keys, , value = UNKNOWN] }: CallArguments,
  get: (value: Value, key: Value) => Value,
): Value {
  const items = keys?.kind === "tuple" ? keys.items : [];
  const [first] = items;
  if (first === undefined) return UNKNOWN;
  return items.length === 1 ? get(value, first) : tupleOf(items.map((key) => get(value, key)));
}
