/**
 * Evaluates expressions to abstract values, and records what each one was. What an operator, a call or
 * an attribute means is decided in the files named after them.
 */
import { type Facts, asNumber, constant } from "../shapes/index.ts";
import type { Argument, Expr, Literal } from "../program/syntax.ts";
import { getAttribute } from "./attributes.ts";
import { binaryOperation, compareOperation, unaryOperation } from "./arithmetic.ts";
import { callValue, type CallArguments } from "./calls.ts";
import { assume, fork, truthOf } from "./conditions.ts";
import { makeDict, setOf } from "./containers.ts";
import { comprehend } from "./comprehensions.ts";
import { makeFunction } from "./functions.ts";
import { assignTarget } from "./assign.ts";
import { getIndex } from "./indexing.ts";
import { type Iteration, iterate } from "./iteration.ts";
import { joinAcross, joinAll } from "./join.ts";
import type { Machine } from "./machine.ts";
import { lookupName } from "./scope.ts";
import { COMPLEX, listOf, NONE, SOME_STRING, stringOf, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

export function evaluate(m: Machine, expr: Expr): Value {
  if (!m.step()) return UNKNOWN;
  const value = follow(compute(m, expr));
  if (expr.kind === "slice" || expr.kind === "spread") return value;
  const operation = m.operation?.expr === expr ? m.operation.operation : null;
  m.record(expr.span, "expression", value, isObvious(expr), operation);
  return value;
}

function compute(m: Machine, expr: Expr): Value {
  switch (expr.kind) {
    case "name":
      return lookupName(m, expr.id);
    case "literal":
      return literalValue(expr.value);
    case "attribute":
      return getAttribute(m, evaluate(m, expr.object), expr.name, expr);
    case "call":
      return callValue(m, evaluate(m, expr.callee), evaluateArguments(m, expr.args), expr);
    case "index":
      return getIndex(m, evaluate(m, expr.object), evaluate(m, expr.index), expr);
    case "slice": {
      const part = (e: Expr | null): Value => (e === null ? NONE : evaluate(m, e));
      return { kind: "slice", lower: part(expr.lower), upper: part(expr.upper), step: part(expr.step) };
    }
    case "binary":
      return binaryOperation(m, expr.operator, evaluate(m, expr.left), evaluate(m, expr.right), expr);
    case "unary":
      return unaryOperation(m, expr.operator, evaluate(m, expr.operand), expr);
    case "compare":
      return compareOperation(m, expr);
    case "logical":
      return logical(m, expr);
    case "conditional":
      return choose(
        m,
        expr.test,
        () => evaluate(m, expr.then),
        () => evaluate(m, expr.otherwise),
      );
    case "sequence": {
      const items = evaluateItems(m, expr.items);
      if (items === null) return UNKNOWN;
      return expr.type === "tuple" ? tupleOf(items) : expr.type === "set" ? setOf(items) : listOf(items, expr.type);
    }
    case "dictionary":
      return makeDict(
        m,
        expr.entries.map((e) => ({ key: e.key === null ? null : evaluate(m, e.key), value: evaluate(m, e.value) })),
      );
    case "comprehension":
      return comprehend(m, expr);
    case "lambda":
      return makeFunction(m, expr, "function");
    case "interpolation":
      return interpolate(m, expr.parts);
    case "spread":
    case "await":
      return evaluate(m, expr.value);
    case "assignment": {
      const value = evaluate(m, expr.value);
      assignTarget(m, expr.target, value);
      return value;
    }
    case "yield": {
      const value = expr.value === null ? NONE : evaluate(m, expr.value);
      giveOut(m, value, expr.from);
      return UNKNOWN;
    }
    case "unreadable":
      for (const child of expr.children) evaluate(m, child);
      return UNKNOWN;
    default:
      return expr satisfies never;
  }
}

/** `yield value`, and `yield from values`. */
function giveOut(m: Machine, value: Value, all: boolean): void {
  const activation = m.activation();
  if (activation === null) return;
  if (m.branching > activation.branching) activation.sure = false;
  if (!all) return void activation.yields.push(value);
  const spread = iterate(m, value);
  if (spread?.exact !== true) activation.sure = false;
  activation.yields.push(...(spread?.elements ?? [UNKNOWN]));
}

function literalValue(literal: Literal["value"]): Value {
  switch (literal.type) {
    case "int":
      return { kind: "int", value: constant(literal.value) };
    case "float":
      return { kind: "float", value: literal.value };
    case "string":
      return stringOf(literal.value);
    case "bool":
      return { kind: "bool", value: literal.value };
    case "complex":
      return COMPLEX;
    case "none":
      return NONE;
    case "ellipsis":
      return { kind: "ellipsis" };
    case "bytes":
    case "opaque":
      return UNKNOWN;
    default:
      return literal satisfies never;
  }
}

/** Evaluates the items of a container; null where a spread has a length that is not known. */
export function evaluateItems(m: Machine, items: readonly Expr[]): Value[] | null {
  const values: Value[] = [];
  let open = false;
  for (const item of items) {
    if (item.kind !== "spread") {
      values.push(evaluate(m, item));
      continue;
    }
    const spread = iterate(m, evaluate(m, item.value));
    if (spread === null || !spread.exact) open = true;
    else values.push(...spread.elements);
  }
  return open ? null : values;
}

export function evaluateArguments(m: Machine, args: readonly Argument[]): CallArguments {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  const spans = new Map<number | string, Argument>();
  let open = false;
  let all: Iteration | undefined;
  for (const argument of args) {
    const value = evaluate(m, argument.value);
    if (argument.spread === "list") {
      const spread = iterate(m, value);
      if (spread === null || !spread.exact) {
        open = true;
        if (args.length === 1 && spread !== null) all = spread;
      } else positional.push(...spread.elements);
    } else if (argument.spread === "mapping") {
      if (value.kind !== "dict" || [...value.entries].some(([key, entry]) => key === "*" || entry.kind === "maybe"))
        open = true;
      else for (const [key, entry] of value.entries) named.set(key.slice(2), entry);
    } else if (argument.name !== null) {
      named.set(argument.name, value);
      spans.set(argument.name, argument);
    } else {
      spans.set(positional.length, argument);
      positional.push(value);
    }
  }
  return { positional, named, open, sources: spans, ...(all === undefined ? {} : { all }) };
}

function logical(m: Machine, expr: Extract<Expr, { kind: "logical" }>): Value {
  const left = evaluate(m, expr.left);
  const truth = truthOf(m, left);
  const stops = expr.operator === "and" ? "no" : "yes";
  if (truth === stops) return left;
  if (truth !== "maybe") return evaluate(m, expr.right);
  const right = fork(m, [
    () => {
      assume(m, expr.left, expr.operator === "and");
      return evaluate(m, expr.right);
    },
    () => left,
  ]);
  return joinAll(right);
}

/** Evaluates the side that a test selects, or both and joins them. */
function choose(m: Machine, test: Expr, then: () => Value, otherwise: () => Value): Value {
  const truth = truthOf(m, evaluate(m, test));
  if (truth === "yes") return then();
  if (truth === "no") return otherwise();
  const side = (holds: boolean, value: () => Value) => (): { value: Value; facts: Facts } | null =>
    assume(m, test, holds) ? { value: value(), facts: m.solver.facts } : null;
  return joinAcross(fork(m, [side(true, then), side(false, otherwise)]));
}

function interpolate(m: Machine, parts: readonly ({ readonly text: string } | { readonly value: Expr })[]): Value {
  let text: string | null = "";
  for (const part of parts) {
    if ("text" in part) {
      if (text !== null) text += part.text;
      continue;
    }
    const value = evaluate(m, part.value);
    const shown =
      value.kind === "string" ? value.value : value.kind === "int" ? asNumber(m.solver.dim(value.value)) : null;
    text = text !== null && shown !== null ? text + String(shown) : null;
  }
  return text === null ? SOME_STRING : stringOf(text);
}

/** A shape needs no hint where the very same expression spells it, or where a name is merely copied. */
function isObvious(expr: Expr): boolean {
  if (expr.kind === "name" || expr.kind === "literal") return true;
  return expr.kind === "call" && expr.args.length > 0 && expr.args.every((a) => a.name !== null || isLiteral(a.value));
}

function isLiteral(expr: Expr): boolean {
  if (expr.kind === "unary") return isLiteral(expr.operand);
  if (expr.kind === "sequence") return expr.items.every((item) => item.kind === "literal");
  return expr.kind === "literal";
}
