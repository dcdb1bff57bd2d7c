/**
 * Executes statements in order over the present scope. Branches and loops are in `flow.ts` and
 * `loops.ts`; this file holds the dispatch and the simple statements.
 */
import { lookupOperator, type Tensor } from "../ops/index.ts";
import type { BinaryOperator, Expr, FunctionDefinition, Stmt } from "../program/syntax.ts";
import { replaceTensor } from "./alias.ts";
import { binaryOperation } from "./arithmetic.ts";
import { executeAssert } from "./assertions.ts";
import { assignTarget, deleteTarget } from "./assign.ts";
import { leave } from "./calls.ts";
import { classOfBody, defineClass } from "./classes.ts";
import { claimNotes } from "./claims.ts";
import { declaredValue } from "./contracts.ts";
import { declaredFunction } from "./declared.ts";
import { decorate } from "./decorators.ts";
import { evaluate } from "./expressions.ts";
import { executeIf, executeMatch, executeTry, executeWith } from "./flow.ts";
import { makeFunction } from "./functions.ts";
import { importFrom, importModule } from "./imports.ts";
import { withoutContent } from "./iteration.ts";
import { applyOperator } from "./library.ts";
import { executeFor, executeWhile, leaveLoop } from "./loops.ts";
import type { Completion, Machine } from "./machine.ts";
import { setOperation } from "./containers.ts";
import { bindName } from "./scope.ts";
import { type FunctionValue, NONE, UNKNOWN, type Value } from "./value.ts";

export function executeBlock(m: Machine, body: readonly Stmt[]): Completion {
  for (const statement of body) {
    if (!m.step()) return "normal";
    const left = executeStatement(m, statement) === "left" || m.thrown;
    m.failing = false;
    if (left) return "left";
  }
  return "normal";
}

function executeStatement(m: Machine, statement: Stmt): Completion {
  switch (statement.kind) {
    case "expression": {
      const value = evaluate(m, statement.value);
      claimNotes(m, statement.notes, value, statement.value.span);
      return "normal";
    }
    case "assign":
      assign(m, statement);
      return "normal";
    case "augmented-assign":
      augment(m, statement);
      return "normal";
    case "declare":
      assignDeclared(m, statement);
      return "normal";
    case "return": {
      const value = statement.value === null ? NONE : evaluate(m, statement.value);
      leave(m, statement.value === null ? value : claimNotes(m, statement.notes, value, statement.value.span));
      return "left";
    }
    case "if":
      return executeIf(m, statement);
    case "while":
      return executeWhile(m, statement);
    case "for":
      return executeFor(m, statement);
    case "try":
      return executeTry(m, statement);
    case "with":
      return executeWith(m, statement);
    case "match":
      return executeMatch(m, statement);
    case "function":
      defineFunction(m, statement);
      return "normal";
    case "class": {
      const value = defineClass(m, statement);
      bindName(m, statement.name, value);
      m.record(statement.nameSpan, "class", value);
      return "normal";
    }
    case "import":
      for (const name of statement.names) importModule(m, name);
      return "normal";
    case "import-from":
      importFrom(m, statement);
      return "normal";
    case "assert":
      return executeAssert(m, statement.test, statement.message);
    case "raise":
      if (statement.value !== null) evaluate(m, statement.value);
      return "left";
    case "delete":
      for (const target of statement.targets) deleteTarget(m, target);
      return "normal";
    case "break":
    case "continue":
      leaveLoop(m, statement.kind);
      return "left";
    case "unreadable":
      for (const child of statement.children) evaluate(m, child);
      for (const name of statement.binds) bindName(m, name, UNKNOWN);
      return "normal";
    case "global":
    case "nonlocal":
    case "pass":
      return "normal";
    default:
      return statement satisfies never;
  }
}

function assign(m: Machine, statement: Extract<Stmt, { kind: "assign" }>): void {
  const evaluated = evaluate(m, statement.value);
  const annotated = statement.annotation === null ? evaluated : declaredValue(m, statement.annotation, evaluated);
  const [first = null] = statement.targets;
  const claimed = claimNotes(m, statement.notes, annotated, statement.value.span, first);
  const copied = statement.value.kind === "name" || m.records.at(-1)?.obvious === true;
  const obvious = copied && claimed === annotated;
  for (const target of statement.targets) assignTarget(m, target, claimed, { record: true, obvious });
}

function augment(m: Machine, statement: Extract<Stmt, { kind: "augmented-assign" }>): void {
  const { target, operator } = statement;
  if (target.kind !== "name" && target.kind !== "attribute" && target.kind !== "index") {
    evaluate(m, statement.value);
    return;
  }
  const old = evaluate(m, target);
  const value = evaluate(m, statement.value);
  const inPlace = setOperation(m, old, operator, value);
  const whole: Expr = { kind: "binary", operator, left: target, right: statement.value, span: statement.span };
  const result =
    inPlace ??
    augmentTensor(m, old, operator, value, target, statement) ??
    binaryOperation(m, operator, old, value, whole);
  assignTarget(m, target, claimNotes(m, statement.notes, result, statement.span, target), {
    record: true,
    obvious: false,
    augmented: true,
  });
}

/** `x += y` writes into the array `x` itself, which keeps its shape. */
function augmentTensor(
  m: Machine,
  old: Value,
  operator: BinaryOperator,
  value: Value,
  target: Expr,
  statement: Extract<Stmt, { kind: "augmented-assign" }>,
): Value | null {
  const name = `operator.${operator}=`;
  if (old.kind !== "tensor" || lookupOperator(name) === null) return null;
  // Whatever fits into a tensor of torch leaves it the shape and the type that it has.
  if (value.kind === "unknown") return old.library === "torch" ? overwritten(m, old) : null;
  const whole: Expr = { kind: "binary", operator, left: target, right: statement.value, span: statement.span };
  return applyOperator(
    m,
    name,
    [
      { value: old, expr: target },
      { value, expr: statement.value },
    ],
    new Map(),
    whole,
  );
}

function overwritten(m: Machine, tensor: Tensor): Tensor {
  const now = withoutContent(tensor);
  if (tensor.content !== undefined) replaceTensor(m, tensor, now);
  return now;
}

function assignDeclared(m: Machine, statement: Extract<Stmt, { kind: "declare" }>): void {
  if (m.frame.isClassBody) return;
  const typed = declaredValue(m, statement.annotation, UNKNOWN);
  const value = claimNotes(m, statement.notes, typed, statement.span, statement.target);
  if (value.kind !== "unknown") assignTarget(m, statement.target, value, { record: true, obvious: false });
}

function defineFunction(m: Machine, definition: FunctionDefinition): void {
  const definedIn = classOfBody(m.frame);
  const isClassMethod =
    definedIn !== null && (definition.name === "__init_subclass__" || definition.name === "__class_getitem__");
  const made = makeFunction(m, definition, isClassMethod ? "class" : "function", definedIn);
  const decorated = decorate(m, definition.decorators, made);
  const value = declaredFunction(m, definition, definedIn !== null) ?? decorated;
  bindName(m, definition.name, value);
  m.record(definition.nameSpan, "function", value);
  const bound: FunctionValue = decorated.kind === "function" && decorated.definition === definition ? decorated : made;
  if (m.collecting === m.frame.module.path && m.callStack.length === 0) m.defined.push(bound);
  else if (m.general && m.context === null && definedIn === null) m.nested.push(bound);
}
