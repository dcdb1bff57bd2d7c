/** Walks over a program: every statement, every expression, in source order. It knows only the form. */
import type { Expr, Stmt } from "./syntax.ts";

/** Every statement in a body, nested blocks included; bodies of nested functions and classes too. */
export function eachStatement(
  body: readonly Stmt[],
  visit: (statement: Stmt) => void,
  enter: (statement: Stmt) => boolean = () => true,
): void {
  for (const statement of body) {
    visit(statement);
    if (enter(statement)) for (const block of blocksOf(statement)) eachStatement(block, visit, enter);
  }
}

export function blocksOf(statement: Stmt): readonly (readonly Stmt[])[] {
  switch (statement.kind) {
    case "function":
    case "class":
    case "with":
      return [statement.body];
    case "if":
      return [statement.then, statement.otherwise];
    case "for":
    case "while":
      return [statement.body, statement.otherwise];
    case "try":
      return [
        statement.body,
        ...statement.handlers.map((handler) => handler.body),
        statement.otherwise,
        statement.finally,
      ];
    case "match":
      return statement.cases.map((one) => one.body);
    default:
      return [];
  }
}

export function eachExpression(body: readonly Stmt[], visit: (expr: Expr) => void): void {
  eachStatement(body, (statement) => {
    for (const expr of partsOfStatement(statement)) eachPart(expr, visit);
  });
}

/** An expression and everything inside it. */
export function eachPart(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const part of partsOf(expr)) eachPart(part, visit);
}

/** The expressions of a statement itself, without those of its blocks. */
export function partsOfStatement(statement: Stmt): readonly Expr[] {
  switch (statement.kind) {
    case "expression":
      return [statement.value];
    case "assign":
      return [...statement.targets, statement.value, ...present(statement.annotation)];
    case "declare":
      return [statement.target, statement.annotation];
    case "augmented-assign":
      return [statement.target, statement.value];
    case "return":
    case "raise":
      return statement.value === null ? [] : [statement.value];
    case "if":
    case "while":
      return [statement.test];
    case "for":
      return [statement.target, statement.iterable];
    case "with":
      return statement.items.flatMap((item) => (item.target === null ? [item.value] : [item.value, item.target]));
    case "match":
      return [statement.subject];
    case "assert":
      return statement.message === null ? [statement.test] : [statement.test, statement.message];
    case "delete":
      return statement.targets;
    case "function":
      return [
        ...statement.decorators,
        ...statement.parameters.flatMap((one) => [...present(one.default), ...present(one.annotation)]),
        ...present(statement.returns),
      ];
    case "class":
      return [...statement.decorators, ...statement.bases.map((base) => base.value)];
    case "unreadable":
      return statement.children;
    default:
      return [];
  }
}

function present(expr: Expr | null): readonly Expr[] {
  return expr === null ? [] : [expr];
}

/** The expressions that an expression is made of. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "name":
    case "literal":
      return [];
    case "attribute":
      return [expr.object];
    case "call":
      return [expr.callee, ...expr.args.map((argument) => argument.value)];
    case "index":
      return [expr.object, expr.index];
    case "slice":
      return [expr.lower, expr.upper, expr.step].filter((part) => part !== null);
    case "binary":
    case "logical":
      return [expr.left, expr.right];
    case "unary":
      return [expr.operand];
    case "compare":
      return [expr.first, ...expr.rest.map((link) => link.operand)];
    case "conditional":
      return [expr.test, expr.then, expr.otherwise];
    case "sequence":
      return expr.items;
    case "dictionary":
      return expr.entries.flatMap((entry) => (entry.key === null ? [entry.value] : [entry.key, entry.value]));
    case "comprehension":
      return [
        expr.element,
        ...(expr.value === null ? [] : [expr.value]),
        ...expr.clauses.flatMap((clause) => [clause.target, clause.iterable, ...clause.conditions]),
      ];
    case "lambda":
      return [expr.body];
    case "interpolation":
      return expr.parts.flatMap((part) => ("value" in part ? [part.value] : []));
    case "spread":
    case "await":
      return [expr.value];
    case "assignment":
      return [expr.target, expr.value];
    case "yield":
      return expr.value === null ? [] : [expr.value];
    case "unreadable":
      return expr.children;
    default:
      return expr satisfies never;
  }
}
