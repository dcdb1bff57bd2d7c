/** Built-in functions over sequences: what they give, element by element where the elements are known. */
import type { Expr } from "../program/syntax.ts";
import { asNumber, constant, type Dim, unknownDim } from "../shapes/index.ts";
import { binaryOperation } from "./arithmetic.ts";
import { type CallArguments, callUnknown, callValue, plainArguments } from "./calls.ts";
import { anyInteger } from "./fresh.ts";
import { iterate, type Iteration } from "./iteration.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { contentOf, type ListValue, listOf, manyOf, SOME_FLOAT, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

export function asTuple(m: Machine, value: Value): Value {
  const all = iterate(m, value);
  return all !== null && all.exact ? tupleOf(all.elements) : UNKNOWN;
}

export function asList(m: Machine, value: Value, flavour: ListValue["flavour"]): Value {
  const all = iterate(m, value);
  if (all === null || (flavour === "set" && !all.exact)) return manyOf(UNKNOWN, unknownDim(), flavour);
  if (flavour === "set")
    return manyOf(
      all.elements.reduce((a, b) => joinValues(a, b), all.elements[0] ?? UNKNOWN),
      unknownDim(),
      "set",
    );
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
  return manyOf(
    all.elements.reduce((a, b) => joinValues(a, b)),
    all.length ?? unknownDim(),
  );
}

/** Taking from a generator moves it on: what it gives next is no longer known one by one. */
export function havocIterator(m: Machine, value: Value): void {
  const seen = follow(value);
  if (seen.kind !== "list" || seen.flavour !== "generator") return;
  const content = contentOf(seen);
  const elements = "items" in content ? content.items : [content.element];
  m.trail.set(seen.cell, "content", {
    element: elements.reduce((a, b) => joinValues(a, b), elements[0] ?? UNKNOWN),
    length: unknownDim(),
  });
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
  const row = all.map((one) =>
    one === null || one.elements.length === 0 ? UNKNOWN : one.elements.reduce((a, b) => joinValues(a, b)),
  );
  return manyOf(args.open ? UNKNOWN : tupleOf(row), unknownDim(), "generator");
}

export function mapped(m: Machine, args: CallArguments, expr: Expr): Value {
  const [callee, value, other] = args.positional;
  const all = value === undefined ? null : iterate(m, value);
  if (callee === undefined || all === null || other !== undefined) return callUnknown(m, args);
  const results = all.elements.map((element) => callValue(m, callee, plainArguments(element), expr));
  return all.exact
    ? listOf(results, "generator")
    : manyOf(results[0] ?? UNKNOWN, all.length ?? unknownDim(), "generator");
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

export function extreme(m: Machine, args: CallArguments, pick: (a: Dim, b: Dim) => Dim): Value {
  const [only] = args.positional;
  const all =
    args.positional.length === 1 && only !== undefined
      ? iterate(m, only)
      : { elements: args.positional, exact: true, length: null };
  if (all === null || !all.exact || all.elements.length === 0 || args.named.size > 0) return UNKNOWN;
  const ints = all.elements.map((element) => asIntegerIfSure(element));
  if (ints.every((dim) => dim !== null))
    return { kind: "int", value: m.solver.dim(ints.map((dim) => m.solver.dim(dim)).reduce((a, b) => pick(a, b))) };
  return all.elements.every((element) => element.kind === "float" || element.kind === "int") ? SOME_FLOAT : UNKNOWN;
}

function asIntegerIfSure(value: Value): Dim | null {
  const seen = follow(value);
  return seen.kind === "int" ? seen.value : null;
}
