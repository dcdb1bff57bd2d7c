/**
 * Branches: `if`, `match`, `try`, `with`. A decided condition takes one side; otherwise every side is
 * run from the same state, and those that come to their end are joined.
 */
import type { Expr, MatchCase, Stmt } from "../program/syntax.ts";
import { eachStatement } from "../program/walk.ts";
import { assignTarget } from "./assign.ts";
import { classLookup } from "./attributes.ts";
import { underManagers } from "./autocast.ts";
import { callMethodIfAny } from "./calls.ts";
import { assume, fork, truthOf } from "./conditions.ts";
import { evaluate } from "./expressions.ts";
import { withFinal } from "./finals.ts";
import { freshSize } from "./fresh.ts";
import { iterate } from "./iteration.ts";
import { isContent, isCore, joinCell } from "./join.ts";
import type { Completion, Machine } from "./machine.ts";
import { type Match, matchPattern } from "./matching.ts";
import { evaluateQuietly } from "./quiet.ts";
import { bindName } from "./scope.ts";
import { ABSENT } from "./trail.ts";
import { isTypesOnly } from "./import-order.ts";
import { executeBlock } from "./statements.ts";
import { FORGOTTEN, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";
import { type Answer, unknownDim } from "../shapes/index.ts";

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
  if (isTypesOnly(m.dialect, statement.test)) {
    // What is imported there stands in annotations, which are read where the file is shown.
    if (m.recording) executeBlock(m, statement.then);
    return executeBlock(m, statement.otherwise);
  }
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
  const tried = (): Completion =>
    handlers.length > 0 ? guarded(m, body, () => executeBlock(m, statement.otherwise), handlers) : body();
  if (statement.finally.length === 0) return tried();
  const last = (): Completion => executeBlock(m, statement.finally);
  const completion = withFinal(m, last, tried);
  return last() === "left" ? "left" : completion;
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
  const exits: (() => void)[] = [];
  const leave = (): Completion => {
    for (const exit of exits) exit();
    return "normal";
  };
  for (const item of statement.items) {
    const manager = evaluate(m, item.value);
    managers.push({ value: manager, expr: item.value });
    const callee = item.value.kind === "call" ? m.text(item.value.callee.span) : "";
    swallows ||= /(^|\.)(raises|assertRaises|assertRaisesRegex|suppress)$/.test(callee) || maySwallow(manager);
    const { value, exit } = enter(m, manager, item.value);
    if (exit !== null) exits.unshift(exit);
    if (item.target !== null) assignTarget(m, item.target, value);
  }
  const body = (): Completion => underManagers(m, managers, () => executeBlock(m, statement.body));
  if (swallows && exits.length === 0) return guarded(m, body, () => "normal", [() => "normal"]);
  const completion = withFinal(m, leave, () =>
    swallows ? guarded(m, body, () => "normal", [() => "normal"]) : body(),
  );
  leave();
  return completion;
}

/** What a context manager gives, and what leaving it does. */
function enter(m: Machine, manager: Value, expr: Expr): { value: Value; exit: (() => void) | null } {
  const seen = follow(manager);
  if (seen.kind === "record" && seen.name === NULL_CONTEXT)
    return { value: seen.fields.get("enter_result") ?? UNKNOWN, exit: null };
  if (seen.kind === "lazy") return enterGenerator(m, seen);
  if (seen.kind !== "instance") return { value: UNKNOWN, exit: null };
  const value = callMethodIfAny(m, seen, "__enter__", [], expr) ?? UNKNOWN;
  return { value, exit: () => void callMethodIfAny(m, seen, "__exit__", [UNKNOWN, UNKNOWN, UNKNOWN], expr) };
}

/** `contextlib.nullcontext(x)` gives `x`. */
export const NULL_CONTEXT = "contextlib.nullcontext";

/**
 * A generator as a context manager runs up to its `yield` before the body, and on after it. Whatever it
 * changes has one value before, perhaps another one inside, and another one after.
 */
function enterGenerator(m: Machine, manager: Extract<Value, { kind: "lazy" }>): { value: Value; exit: () => void } {
  const mark = m.trail.mark();
  const given = iterate(m, manager);
  const changed = [...m.trail.undo(mark)];
  const spoil = (): void => {
    for (const [map, cells] of changed)
      for (const key of cells.keys()) {
        const old = map.get(key);
        if (isCore(key, old)) m.trail.set(map, key, FORGOTTEN);
        else if (isContent(key, old)) m.trail.set(map, key, { element: UNKNOWN, length: unknownDim() });
        else if (key !== "done") m.trail.set(map, key, UNKNOWN);
      }
  };
  spoil();
  m.trail.set(manager.state, "done", UNKNOWN);
  return { value: given?.elements.length === 1 ? (given.elements[0] ?? UNKNOWN) : UNKNOWN, exit: spoil };
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
    const match = matchPattern(m, one.pattern, subject);
    const guard = one.guard === null ? "yes" : guardOf(m, match, one.guard);
    if (match.answer === "no" || guard === "no") continue;
    sides.push(() => runCase(m, one, match));
    if (match.answer === "yes" && guard === "yes")
      return sides.length === 1 ? runCase(m, one, match) : branches(m, sides);
  }
  return branches(m, [...sides, () => "normal"]);
}

/** What the guard says where the pattern fits. */
function guardOf(m: Machine, match: Match, guard: Expr): Answer {
  const mark = m.trail.mark();
  const records = m.records.length;
  match.bind();
  const answer = truthOf(m, evaluateQuietly(m, guard));
  m.trail.undo(mark);
  m.records.length = records;
  return answer;
}

function runCase(m: Machine, one: MatchCase, match: Match): Completion {
  match.bind();
  if (one.guard !== null) {
    evaluate(m, one.guard);
    if (!assume(m, one.guard, true)) return "left";
  }
  return executeBlock(m, one.body);
}
