/**
 * Branches: `if`, `match`, `try`, `with`. A decided condition takes one side; otherwise every side is
 * run from the same state, and those that come to their end are joined.
 */
import type { Expr, MatchCase, Pattern, Stmt } from "../program/syntax.ts";

import { eachStatement } from "../program/walk.ts";
import { assignTarget } from "./assign.ts";
import { classLookup } from "./attributes.ts";
import { equalValues } from "./arithmetic.ts";
import { underManagers } from "./autocast.ts";
import { callMethodIfAny } from "./calls.ts";
import { assume, fork, isInstance, truthOf } from "./conditions.ts";
import { evaluate } from "./expressions.ts";
import { freshSize } from "./fresh.ts";
import { iterate } from "./iteration.ts";
import { joinCell } from "./join.ts";
import type { Completion, Machine } from "./machine.ts";
import { bindName } from "./scope.ts";
import { ABSENT } from "./trail.ts";
import { executeBlock } from "./statements.ts";
import { UNKNOWN, type Value } from "./value.ts";
import { type Answer } from "../shapes/index.ts";

type Of<K extends Stmt["kind"]> = Extract<Stmt, { kind: K }>;

/** Runs the sides; control goes on if any of them comes to its end. */
export function branches(m: Machine, sides: readonly (() => Completion)[]): Completion {
  const ended = fork(
    m,
    sides.map((side) => () => (side() === "normal" ? true : null)),
  );
  return ended.length > 0 ? "normal" : "left";
}

export function executeIf(m: Machine, statement: Of<"if">): Completion {
  const truth = truthOf(m, evaluate(m, statement.test));
  if (truth === "yes") return assume(m, statement.test, true) ? executeBlock(m, statement.then) : "left";
  if (truth === "no") return executeBlock(m, statement.otherwise);
  return branches(m, [
    () => (assume(m, statement.test, true) ? executeBlock(m, statement.then) : "left"),
    () => (assume(m, statement.test, false) ? executeBlock(m, statement.otherwise) : "left"),
  ]);
}

/**
 * An exception may leave the body anywhere: a handler starts from every state that the body went
 * through. What fails inside a body with handlers is expected to, so it is no finding.
 */
export function executeTry(m: Machine, statement: Of<"try">): Completion {
  const handlers = statement.handlers.map((handler) => (): Completion => {
    if (handler.type !== null) evaluate(m, handler.type);
    if (handler.name !== null) bindName(m, handler.name, UNKNOWN);
    return executeBlock(m, handler.body);
  });
  const body = (): Completion => executeBlock(m, statement.body);
  const completion =
    handlers.length > 0 ? guarded(m, body, () => executeBlock(m, statement.otherwise), handlers) : body();
  const cleaned = executeBlock(m, statement.finally);
  return cleaned === "left" ? "left" : completion;
}

/** Runs a body that may end anywhere, after which one of the handlers goes on. */
function guarded(
  m: Machine,
  body: () => Completion,
  otherwise: () => Completion,
  handlers: readonly (() => Completion)[],
): Completion {
  const mark = m.trail.mark();
  const facts = m.solver.facts;
  m.tolerant++;
  const completion = body();
  m.tolerant--;
  m.thrown = false;
  const states = [...m.trail.history(mark)];
  const end = { delta: m.trail.undo(mark), facts: m.solver.facts };
  m.solver.facts = facts;
  const sides = handlers.map((handler) => (): Completion => {
    for (const { map, key, values } of states) {
      const joined = values.reduce((a, b) => joinCell(key, a, b, freshSize));
      if (joined === ABSENT) m.trail.delete(map, key);
      else m.trail.set(map, key, joined);
    }
    return handler();
  });
  const finished = (): Completion => {
    m.trail.apply(end.delta);
    m.solver.facts = end.facts;
    return completion === "left" ? "left" : otherwise();
  };
  return branches(m, [finished, ...sides]);
}

export function executeWith(m: Machine, statement: Of<"with">): Completion {
  let swallows = false;
  const managers: { value: Value; expr: Expr }[] = [];
  for (const item of statement.items) {
    const manager = evaluate(m, item.value);
    managers.push({ value: manager, expr: item.value });
    const callee = item.value.kind === "call" ? m.text(item.value.callee.span) : "";
    swallows ||= /(^|\.)(raises|assertRaises|assertRaisesRegex|suppress)$/.test(callee) || maySwallow(manager);
    const entered = callMethodIfAny(m, manager, "__enter__", [], item.value) ?? UNKNOWN;
    if (item.target !== null) assignTarget(m, item.target, entered);
  }
  const body = (): Completion => underManagers(m, managers, () => executeBlock(m, statement.body));
  return swallows ? guarded(m, body, () => "normal", [() => "normal"]) : body();
}

/** A context manager of the program's own may swallow what its body raises by returning something true. */
function maySwallow(manager: Value): boolean {
  if (manager.kind !== "instance") return false;
  const exit = classLookup(manager.class, "__exit__", (value) => value);
  if (exit?.kind !== "function" || exit.definition.kind !== "function") return exit !== null;
  let returns = false;
  eachStatement(exit.definition.body, (inner) => {
    if (inner.kind === "return" && inner.value !== null && !isFalse(inner.value)) returns = true;
  });
  return returns;
}

function isFalse(expr: Expr): boolean {
  return expr.kind === "literal" && (expr.value.type === "none" || (expr.value.type === "bool" && !expr.value.value));
}

export function executeMatch(m: Machine, statement: Of<"match">): Completion {
  const subject = evaluate(m, statement.subject);
  const sides: (() => Completion)[] = [];
  for (const one of statement.cases) {
    const answer = matches(m, one.pattern, subject);
    if (answer === "no") continue;
    sides.push(() => runCase(m, one, subject));
    if (answer === "yes" && one.guard === null)
      return sides.length === 1 ? runCase(m, one, subject) : branches(m, sides);
  }
  return branches(m, [...sides, () => "normal"]);
}

function runCase(m: Machine, one: MatchCase, subject: Value): Completion {
  capture(m, one.pattern, subject);
  if (one.guard !== null) {
    if (truthOf(m, evaluate(m, one.guard)) === "no") return "left";
    assume(m, one.guard, true);
  }
  return executeBlock(m, one.body);
}

function matches(m: Machine, pattern: Pattern, subject: Value): Answer {
  switch (pattern.kind) {
    case "capture":
    case "star":
      return "yes";
    case "as":
      return matches(m, pattern.pattern, subject);
    case "value":
      return equalValues(m, subject, evaluate(m, pattern.value));
    case "or": {
      const answers = pattern.alternatives.map((alternative) => matches(m, alternative, subject));
      return answers.includes("yes") ? "yes" : answers.every((answer) => answer === "no") ? "no" : "maybe";
    }
    case "sequence": {
      const items = subject.kind === "tuple" ? subject.items : null;
      if (items === null) return "maybe";
      const open = pattern.items.some((item) => item.kind === "star");
      if (open ? items.length < pattern.items.length - 1 : items.length !== pattern.items.length) return "no";
      if (open) return "maybe";
      const answers = pattern.items.map((item, i) => matches(m, item, items[i] ?? UNKNOWN));
      return answers.includes("no") ? "no" : answers.every((answer) => answer === "yes") ? "yes" : "maybe";
    }
    case "class": {
      const answer = isInstance(subject, evaluate(m, pattern.type));
      return answer === "yes" && (pattern.positional.length > 0 || pattern.named.length > 0) ? "maybe" : answer;
    }
    case "mapping":
      return "maybe";
    default:
      return pattern satisfies never;
  }
}

function capture(m: Machine, pattern: Pattern, subject: Value): void {
  switch (pattern.kind) {
    case "capture":
      if (pattern.name !== null) assignTarget(m, pattern.name, subject);
      return;
    case "star":
      if (pattern.name !== null) assignTarget(m, pattern.name, UNKNOWN);
      return;
    case "as":
      capture(m, pattern.pattern, subject);
      assignTarget(m, pattern.name, subject);
      return;
    case "or":
      for (const alternative of pattern.alternatives) capture(m, alternative, UNKNOWN);
      return;
    case "sequence": {
      const spread = iterate(m, subject);
      const exact = spread !== null && spread.exact && pattern.items.every((item) => item.kind !== "star");
      pattern.items.forEach((item, i) => capture(m, item, exact ? (spread.elements[i] ?? UNKNOWN) : UNKNOWN));
      return;
    }
    case "class":
      for (const part of pattern.positional) capture(m, part, UNKNOWN);
      for (const part of pattern.named) capture(m, part.value, UNKNOWN);
      return;
    case "mapping":
      for (const entry of pattern.entries) capture(m, entry.value, UNKNOWN);
      if (pattern.rest !== null) assignTarget(m, pattern.rest, UNKNOWN);
      return;
    case "value":
      return;
    default:
      pattern satisfies never;
  }
}
