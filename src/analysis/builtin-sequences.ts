/** Built-in functions over sequences: what they give, element by element where the elements are known. */
import type { Expr } from "../program/syntax.ts";
import { asNumber, constant, type Dim, unknownDim } from "../shapes/index.ts";
import { classLookup } from "./attributes.ts";
import { binaryOperation } from "./arithmetic.ts";
import { type CallArguments, callFunction, callUnknown, callValue, plainArguments } from "./calls.ts";
import { anyInteger } from "./fresh.ts";
import { iterate, type Iteration } from "./iteration.ts";
import { joinAll, joinValues } from "./join.ts";
import { truthOf } from "./conditions.ts";
import { setOf } from "./containers.ts";
import { takeSome } from "./lazies.ts";
import { foremost } from "./ordering.ts";
import type { Machine } from "./machine.ts";
import { newMap } from "./trail.ts";
import {
  boolOf,
  contentOf,
  SOME_BOOL,
  type ListValue,
  listOf,
  manyOf,
  SOME_FLOAT,
  tupleOf,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { follow } from "./variable.ts";

export function asTuple(m: Machine, value: Value): Value {
  const all = iterate(m, value);
  return all !== null && all.exact ? tupleOf(all.elements) : UNKNOWN;
}

export function asList(m: Machine, value: Value, flavour: ListValue["flavour"]): Value {
  const seen = follow(value);
  if (flavour === "set" && seen.kind === "list" && seen.flavour === "set")
    return { ...seen, cell: newMap(new Map(seen.cell)) };
  const all = iterate(m, value);
  if (all === null || (flavour === "set" && !all.exact)) return manyOf(UNKNOWN, unknownDim(), flavour);
  if (flavour === "set") return setOf(all.elements);
  return all.exact
    ? listOf(all.elements, flavour)
    : manyOf(all.elements[0] ?? UNKNOWN, all.length ?? unknownDim(), flavour);
}

export function anyOf(all: Iteration | null): Value {
  return manyOf(all?.elements[0] ?? UNKNOWN, all?.length ?? unknownDim(), "generator");
}

/** The same elements in an order, or in a number, that is not known. */
export function shuffled(all: Iteration | null): Value {
  if (all === null || all.elements.length === 0) return manyOf(UNKNOWN, unknownDim());
  return manyOf(joinAll(all.elements), all.length ?? unknownDim());
}

/** `next(generator)` takes one item from it. */
export function takeNext(m: Machine, value: Value, fallback: Value | undefined): Value {
  const seen = follow(value);
  if (seen.kind === "lazy") {
    const rest = takeSome(m, seen);
    return rest === null ? UNKNOWN : takeNext(m, rest, fallback);
  }
  if (seen.kind === "union") return UNKNOWN;
  if (seen.kind === "instance") {
    const method = classLookup(seen.class, m.dialect.nextMethod, (found) => found);
    if (method?.kind === "function") return callFunction(m, method, plainArguments(seen), null);
    return callUnknown(m, plainArguments(seen));
  }
  const content = seen.kind === "list" && seen.flavour === "generator" ? contentOf(seen) : null;
  if (seen.kind === "list" && content !== null && "items" in content) {
    const [first, ...rest] = content.items;
    if (first !== undefined) m.trail.set(seen.cell, "content", { items: rest });
    return first ?? fallback ?? UNKNOWN;
  }
  const all = iterate(m, seen);
  const element = all === null ? UNKNOWN : joinAll(all.elements);
  return fallback === undefined ? element : joinValues(element, fallback);
}

export function enumerated(m: Machine, args: CallArguments): Value {
  const [value] = args.positional;
  const start = args.positional[1] ?? args.named.get("start");
  const first = start === undefined ? 0 : start.kind === "int" ? asNumber(m.solver.dim(start.value)) : null;
  const all = value === undefined ? null : iterate(m, value);
  const anyIndex: Value = { kind: "int", value: unknownDim() };
  if (all === null || !all.exact || first === null)
    return manyOf(tupleOf([anyIndex, all?.elements[0] ?? UNKNOWN]), all?.length ?? unknownDim(), "generator");
  return listOf(
    all.elements.map((element, i) => tupleOf([{ kind: "int", value: constant(first + i) }, element])),
    "generator",
  );
}

export function zipped(m: Machine, args: CallArguments): Value {
  const all = args.positional.map((value) => iterate(m, value));
  if (!args.open && all.every((one) => one !== null && one.exact)) {
    const lengths = all.map((one) => one?.elements.length ?? 0);
    const rows = Array.from({ length: lengths.length === 0 ? 0 : Math.min(...lengths) }, (_, i) =>
      tupleOf(all.map((one) => one?.elements[i] ?? UNKNOWN)),
    );
    return listOf(rows, "generator");
  }
  const row = all.map((one) => (one === null ? UNKNOWN : joinAll(one.elements)));
  return manyOf(args.open ? UNKNOWN : tupleOf(row), unknownDim(), "generator");
}

export function mapped(m: Machine, args: CallArguments, expr: Expr): Value {
  const [callee, ...values] = args.positional;
  const rows = zippedRows(m, values);
  if (callee === undefined || rows === null || args.open) return callUnknown(m, args);
  const results = rows.elements.map((row) => callValue(m, callee, plainArguments(...row), expr));
  return rows.exact ? listOf(results, "generator") : manyOf(results[0] ?? UNKNOWN, rows.length, "generator");
}

/** The items of several sequences side by side, as far as the shortest goes. */
function zippedRows(m: Machine, values: readonly Value[]): { elements: Value[][]; exact: boolean; length: Dim } | null {
  const all = values.map((value) => iterate(m, value));
  const sure = all.flatMap((one) => (one === null || (one.elements.length === 0 && !one.exact) ? [] : [one]));
  if (sure.length < all.length || all.length === 0) return null;
  const exact = sure.filter((one) => one.exact);
  if (exact.length === sure.length) {
    const count = Math.min(...sure.map((one) => one.elements.length));
    const elements = Array.from({ length: count }, (_, i) => sure.map((one) => one.elements[i] ?? UNKNOWN));
    return { elements, exact: true, length: constant(count) };
  }
  const row = sure.map((one) => joinAll(one.elements));
  return { elements: [row], exact: false, length: (sure.length === 1 ? sure[0]?.length : null) ?? unknownDim() };
}

/** `filter(test, items)`; without a test, what is true of the items. */
export function filtered(m: Machine, args: CallArguments, expr: Expr): Value {
  const [test = UNKNOWN, value = UNKNOWN] = args.positional;
  const all = iterate(m, value);
  const elements = all?.elements ?? [UNKNOWN];
  const kept: Value[] = [];
  let exact = all?.exact === true && !args.open;
  for (const element of elements) {
    const truth = truthOf(m, test.kind === "none" ? element : callValue(m, test, plainArguments(element), expr));
    if (truth !== "no") kept.push(element);
    if (truth === "maybe") exact = false;
  }
  if (exact) return listOf(kept, "generator");
  return manyOf(joinAll(kept), unknownDim(), "generator");
}

/** `any(items)` for "yes" and `all(items)` for "no": one such item decides, and what comes after it is not asked. */
export function anyTrue(m: Machine, value: Value, wanted: "yes" | "no"): Value {
  const { thrown } = m;
  m.tolerant++;
  const all = iterate(m, value);
  m.tolerant--;
  const failed = m.thrown;
  m.thrown = thrown;
  const answers = (all?.elements ?? []).map((element) => truthOf(m, element));
  if (all?.exact !== true || failed) return SOME_BOOL;
  const first = answers.find((answer) => answer === wanted || answer === "maybe");
  return first === "maybe" ? SOME_BOOL : boolOf((first === wanted) === (wanted === "yes"));
}

export function summed(m: Machine, args: CallArguments, expr: Expr): Value {
  const [value, start] = args.positional;
  const all = value === undefined ? null : iterate(m, value);
  if (all === null || !all.exact) {
    const element = all?.elements[0];
    return element?.kind === "int" ? anyInteger() : UNKNOWN;
  }
  const zero: Value = start ?? { kind: "int", value: constant(0) };
  const [first, ...rest] = start === undefined && all.elements.length > 0 ? all.elements : [zero, ...all.elements];
  return rest.reduce((a, b) => binaryOperation(m, "+", a, b, expr, [expr, expr]), first ?? zero);
}

export function extreme(
  m: Machine,
  args: CallArguments,
  pick: (a: Dim, b: Dim) => Dim,
  sign: 1 | -1,
  expr: Expr,
): Value {
  const [only] = args.positional;
  const all =
    args.positional.length === 1 && only !== undefined
      ? iterate(m, only)
      : { elements: args.positional, exact: true, length: null };
  if (all === null || !all.exact || args.open) return UNKNOWN;
  if (all.elements.length === 0) return args.named.get("default") ?? UNKNOWN;
  const ints = args.named.has("key") ? [null] : all.elements.map((element) => asIntegerIfSure(element));
  if (ints.every((dim) => dim !== null))
    return { kind: "int", value: m.solver.dim(ints.map((dim) => m.solver.dim(dim)).reduce((a, b) => pick(a, b))) };
  const best = foremost(m, all.elements, args, sign, expr);
  if (best !== null) return best;
  return all.elements.every((element) => element.kind === "float" || element.kind === "int") ? SOME_FLOAT : UNKNOWN;
}

function asIntegerIfSure(value: Value): Dim | null {
  const seen = follow(value);
  return seen.kind === "int" ? seen.value : null;
}
