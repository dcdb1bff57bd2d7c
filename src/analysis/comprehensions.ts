/**
 * Comprehensions: run like loops over a scope of their own. Over few known elements they give a list
 * of known items; otherwise a list of which one element stands for all.
 */
import type { Comprehension, ComprehensionClause, Expr } from "../program/syntax.ts";
import { type Answer, type Dim, type Facts, multiply, constant, unknownDim } from "../shapes/index.ts";
import { assignTarget } from "./assign.ts";
import { assume, truthOf } from "./conditions.ts";
import { keyOf, setOf } from "./containers.ts";
import { evaluate } from "./expressions.ts";
import { type Frame, newScope } from "./frame.ts";
import { iterate } from "./iteration.ts";
import { joinAll, joinValues } from "./join.ts";
import { makeLazy, returning } from "./lazies.ts";
import { inside, type Machine } from "./machine.ts";
import { resolveRecords, resolveValue } from "./records.ts";
import { listOf, manyOf, UNKNOWN, type Value } from "./value.ts";

interface Produced {
  readonly items: { readonly key: Value; readonly value: Value }[];
  exact: boolean;
  length: Dim | null;
}

const MAX_ITEMS = 256;

export function comprehend(m: Machine, expr: Comprehension): Value {
  const locals = new Set(targetsOf(expr.clauses));
  const frame: Frame = {
    variables: newScope(),
    locals,
    parent: m.frame,
    module: m.frame.module,
    isClassBody: false,
    symbols: m.frame.symbols,
    function: m.frame.function,
    self: m.frame.self,
  };
  const first = expr.clauses[0];
  // The first iterable is evaluated in the enclosing scope.
  const outer = first === undefined ? null : evaluate(m, first.iterable);
  const { chunk, context } = m;
  const produce = (now: Machine): Value => {
    const produced: Produced = { items: [], exact: true, length: constant(1) };
    const asked = now.context;
    now.context = context;
    inside(now, frame, chunk, () => run(now, expr, 0, outer, produced));
    now.context = asked;
    return collect(expr, produced);
  };
  return expr.type === "generator"
    ? makeLazy(produce, returning(expr), locals, m.frame, outer === null ? [] : [outer])
    : produce(m);
}

function targetsOf(clauses: readonly ComprehensionClause[]): string[] {
  const names = (target: Expr): string[] =>
    target.kind === "name"
      ? [target.id]
      : target.kind === "sequence"
        ? target.items.flatMap(names)
        : target.kind === "spread"
          ? names(target.value)
          : [];
  return clauses.flatMap((clause) => names(clause.target));
}

function run(m: Machine, expr: Comprehension, depth: number, given: Value | null, produced: Produced): void {
  const clause = expr.clauses[depth];
  if (clause === undefined) {
    const key = evaluate(m, expr.element);
    produced.items.push({ key, value: expr.value === null ? key : evaluate(m, expr.value) });
    return;
  }
  const iteration = iterate(m, given ?? evaluate(m, clause.iterable));
  const exact =
    iteration !== null &&
    iteration.exact &&
    iteration.elements.length <= MAX_ITEMS &&
    produced.items.length < MAX_ITEMS;
  const elements = exact ? iteration.elements : summary(iteration?.elements ?? []);
  if (!exact) {
    produced.exact = false;
    const length = iteration?.length ?? null;
    produced.length = produced.length === null || length === null ? null : multiply(produced.length, length);
  } else if (produced.length !== null && !produced.exact)
    produced.length = multiply(produced.length, constant(iteration.elements.length));
  if (!exact) m.turning++;
  for (const element of elements) {
    if (!m.step()) break;
    assignTarget(m, clause.target, element);
    const [facts, items] = [m.solver.facts, produced.items.length];
    const passed = passes(m, clause.conditions, produced);
    const learnt = m.solver.facts;
    const first = m.records.length;
    if (passed !== "no") run(m, expr, depth + 1, null, produced);
    if (passed === "maybe" && learnt !== facts) forget(m, facts, first, produced, items);
  }
  if (!exact) m.turning--;
}

function summary(elements: readonly Value[]): readonly Value[] {
  return [joinAll(elements)];
}

/** What a test teaches holds for the elements that pass it and no others. */
function forget(m: Machine, facts: Facts, first: number, produced: Produced, from: number): void {
  resolveRecords(m, first);
  for (let i = from; i < produced.items.length; i++) {
    const item = produced.items[i];
    if (item !== undefined) produced.items[i] = { key: resolveValue(m, item.key), value: resolveValue(m, item.value) };
  }
  m.solver.facts = facts;
}

/** Whether an element may pass the conditions; one that only may makes the length unknown. */
function passes(m: Machine, conditions: readonly Expr[], produced: Produced): Answer {
  let sure: Answer = "yes";
  for (const condition of conditions) {
    const first = m.records.length;
    const truth = truthOf(m, evaluate(m, condition));
    if (truth === "no") {
      if (!produced.exact) produced.length = null;
      return "no";
    }
    if (truth === "maybe") {
      produced.exact = false;
      produced.length = null;
      sure = "maybe";
      resolveRecords(m, first);
      assume(m, condition, true);
    }
  }
  return sure;
}

function collect(expr: Comprehension, produced: Produced): Value {
  const { items, exact } = produced;
  if (expr.type === "dict") {
    const entries = new Map<string, Value>();
    for (const item of items) {
      const key = keyOf(item.key) ?? "*";
      const known = entries.get(key);
      entries.set(
        key,
        exact && key !== "*" ? item.value : known === undefined ? item.value : joinValues(known, item.value),
      );
    }
    if (!exact) return { kind: "dict", entries: new Map([["*", UNKNOWN]]) };
    return { kind: "dict", entries };
  }
  const flavour = expr.type;
  if (exact && flavour === "set") return setOf(items.map((item) => item.value));
  if (exact)
    return listOf(
      items.map((item) => item.value),
      flavour,
    );
  const values = items.map((item) => item.value);
  if (flavour === "set") produced.length = null;
  const element = joinAll(values);
  return manyOf(element, produced.length ?? unknownDim(), flavour);
}
