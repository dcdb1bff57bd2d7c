/**
 * Lowers blocks and compound statements: branches, loops, `with`, `try`, `match`, classes, decorated definitions.
 */
import type { ClassDefinition, Expr, Handler, MatchCase, Stmt, Target } from "../program/syntax.ts";
import { boundNames } from "./binds.ts";
import { classDocstring, withShapesOfClass } from "./docstrings.ts";
import { lowerArguments, readableParts } from "./expressions.ts";
import { lowerFunction } from "./functions.ts";
import type { Lowering } from "./lowering.ts";
import { bind, childOfType, fieldOf, fieldsOf, inScope, nameOf, namedChildren, newScope, spanOf } from "./lowering.ts";
import { lowerCasePatterns } from "./patterns.ts";
import { SIMPLE_STATEMENTS, unreadableStatement } from "./statements.ts";
import { lowerTarget } from "./targets.ts";
import type { SyntaxNode } from "./tree.ts";
import { DEEPEST } from "./tree.ts";

type Rule = (lower: Lowering, node: SyntaxNode) => Stmt;

const COMPOUND_STATEMENTS: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["if_statement", lowerIf],
  ["while_statement", lowerWhile],
  ["for_statement", lowerFor],
  ["with_statement", lowerWith],
  ["try_statement", lowerTry],
  ["match_statement", lowerMatch],
  ["function_definition", (lower, node) => lowerDefinition(lower, node, node, [])],
  ["class_definition", (lower, node) => lowerDefinition(lower, node, node, [])],
  ["decorated_definition", lowerDecorated],
]);

/** Lowers the statements of a block or module. */
export function lowerBlock(lower: Lowering, block: SyntaxNode | null): readonly Stmt[] {
  if (block === null) return [];
  const nodes = namedChildren(block);
  return (block.hasError ? joinErrors(lower, nodes) : nodes).map((node) => lowerStatement(lower, node));
}

/** What stands on a line with an error is no statement of its own: in `y x = 3` nothing is known to be 3. */
function joinErrors(lower: Lowering, nodes: readonly SyntaxNode[]): readonly SyntaxNode[] {
  const joined: SyntaxNode[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    const beside = last !== undefined && !/[\r\n]/.test(lower.text.slice(last.end, node.start));
    if (beside && (last.bad || node.bad) && [last, node].every((n) => n.bad || SIMPLE_STATEMENTS.has(n.type))) {
      joined[joined.length - 1] = { ...last, type: "ERROR", bad: true, end: node.end, children: [last, node] };
    } else joined.push(node);
  }
  return joined;
}

function lowerStatement(lower: Lowering, node: SyntaxNode): Stmt {
  const simple = SIMPLE_STATEMENTS.get(node.type);
  if (simple !== undefined) {
    const damaged = node.hasError && node.children.some((child) => child.bad && child.named);
    return damaged ? unreadableStatement(lower, node) : simple(lower, node);
  }
  const compound = COMPOUND_STATEMENTS.get(node.type);
  return compound === undefined ? unreadableStatement(lower, node) : compound(lower, node);
}

function expressionAt(lower: Lowering, node: SyntaxNode, field: string): Expr {
  const found = fieldOf(node, field);
  return found === null
    ? { kind: "unreadable", span: { start: node.start, end: node.start }, children: [] }
    : lower.expression(found);
}

/** `elif` is an `if` inside the `else` of the one before. */
function lowerIf(lower: Lowering, node: SyntaxNode): Stmt {
  const test = expressionAt(lower, node, "condition");
  const then = lower.block(fieldOf(node, "consequence"));
  const otherwise = lowerAlternatives(lower, fieldsOf(node, "alternative"), node.end);
  return { kind: "if", span: spanOf(node), test, then, otherwise };
}

function lowerAlternatives(lower: Lowering, clauses: readonly SyntaxNode[], end: number): readonly Stmt[] {
  // Clauses are lowered in the order of the text, then nested from the last one outwards.
  const kept = clauses.slice(0, DEEPEST).map((clause) => ({
    clause,
    test: clause.type === "elif_clause" ? expressionAt(lower, clause, "condition") : null,
    body: lower.block(fieldOf(clause, clause.type === "elif_clause" ? "consequence" : "body")),
  }));
  const beyond = clauses[DEEPEST];
  let otherwise: readonly Stmt[] = beyond === undefined ? [] : [unreadableRest(lower, beyond, end)];
  for (const { clause, test, body } of kept.toReversed()) {
    if (test === null) otherwise = body;
    else otherwise = [{ kind: "if", span: { start: clause.start, end }, test, then: body, otherwise }];
  }
  return otherwise;
}

function unreadableRest(lower: Lowering, from: SyntaxNode, end: number): Stmt {
  return unreadableStatement(lower, { ...from, end, children: [] });
}

function lowerElse(lower: Lowering, node: SyntaxNode): readonly Stmt[] {
  const clause = childOfType(node, "else_clause");
  return clause === null ? [] : lower.block(fieldOf(clause, "body"));
}

function lowerWhile(lower: Lowering, node: SyntaxNode): Stmt {
  const test = expressionAt(lower, node, "condition");
  const body = lower.block(fieldOf(node, "body"));
  return { kind: "while", span: spanOf(node), test, body, otherwise: lowerElse(lower, node) };
}

function lowerFor(lower: Lowering, node: SyntaxNode): Stmt {
  const left = fieldOf(node, "left");
  const iterable = expressionAt(lower, node, "right");
  const target: Target =
    left === null ? { kind: "unreadable", span: spanOf(node), children: [] } : lowerTarget(lower, left);
  const body = lower.block(fieldOf(node, "body"));
  const async = childOfType(node, "async") !== null;
  return { kind: "for", span: spanOf(node), target, iterable, body, otherwise: lowerElse(lower, node), async };
}

interface WithItem {
  readonly value: Expr;
  readonly target: Target | null;
}

function lowerWith(lower: Lowering, node: SyntaxNode): Stmt {
  const clause = childOfType(node, "with_clause");
  const nodes = clause === null ? [] : clause.children.filter((child) => child.type === "with_item");
  const items = nodes.flatMap((item) => lowerWithItems(lower, fieldOf(item, "value")));
  return { kind: "with", span: spanOf(node), items, body: lower.block(fieldOf(node, "body")) };
}

/** `with (a as b, c as d):` may reach us as a tuple or a parenthesised expression of `as` pairs. */
function lowerWithItems(lower: Lowering, value: SyntaxNode | null): readonly WithItem[] {
  if (value === null) return [];
  if (value.type === "as_pattern") return [lowerAsPair(lower, value)];
  const parts = namedChildren(value);
  const wraps = value.type === "parenthesized_expression" || value.type === "tuple";
  if (wraps && parts.some((part) => part.type === "as_pattern")) {
    return parts.flatMap((part) => lowerWithItems(lower, part));
  }
  return [{ value: lower.expression(value), target: null }];
}

function lowerAsPair(lower: Lowering, node: SyntaxNode): WithItem {
  const value = namedChildren(node)[0];
  const alias = fieldOf(node, "alias");
  return {
    value: value === undefined ? { kind: "unreadable", span: spanOf(node), children: [] } : lower.expression(value),
    target: alias === null ? null : lowerTarget(lower, alias),
  };
}

function lowerTry(lower: Lowering, node: SyntaxNode): Stmt {
  const body = lower.block(fieldOf(node, "body"));
  const clauses = node.children.filter((child) => child.type === "except_clause");
  const handlers = clauses.map((clause) => lowerHandler(lower, clause));
  const otherwise = lowerElse(lower, node);
  const last = childOfType(node, "finally_clause");
  const ending = last === null ? [] : lower.block(childOfType(last, "block"));
  return { kind: "try", span: spanOf(node), body, handlers, otherwise, finally: ending };
}

function lowerHandler(lower: Lowering, clause: SyntaxNode): Handler {
  const values = fieldsOf(clause, "value");
  const first = values[0];
  const pair = first?.type === "as_pattern" ? first : null;
  const alias = fieldOf(pair ?? clause, "alias");
  const type = pair === null ? lowerTypes(lower, values) : lowerAsPair(lower, pair).value;
  const name = alias === null ? null : aliasName(lower, alias);
  if (name !== null) bind(lower, name);
  return { span: spanOf(clause), type, name, body: lower.block(childOfType(clause, "block")) };
}

function aliasName(lower: Lowering, alias: SyntaxNode): string | null {
  const name = nameOf(lower, alias);
  return /^\w+$/u.test(name) ? name : null;
}

/** Since Python 3.14 several types need no parentheses. */
function lowerTypes(lower: Lowering, values: readonly SyntaxNode[]): Expr | null {
  const first = values[0];
  const last = values.at(-1);
  if (first === undefined || last === undefined) return null;
  if (values.length === 1) return lower.expression(first);
  const span = { start: first.start, end: last.end };
  return { kind: "sequence", type: "tuple", span, items: values.map(lower.expression) };
}

function lowerMatch(lower: Lowering, node: SyntaxNode): Stmt {
  const subjects = fieldsOf(node, "subject");
  const several = childOfType(node, ",") !== null;
  const subject: Expr | null = several ? lowerSubjects(lower, subjects) : lowerTypes(lower, subjects);
  if (subject === null) return unreadableStatement(lower, node);
  const block = fieldOf(node, "body");
  const clauses = block === null ? [] : block.children.filter((child) => child.type === "case_clause");
  return { kind: "match", span: spanOf(node), subject, cases: clauses.map((clause) => lowerCase(lower, clause)) };
}

function lowerSubjects(lower: Lowering, subjects: readonly SyntaxNode[]): Expr | null {
  const first = subjects[0];
  const last = subjects.at(-1);
  if (first === undefined || last === undefined) return null;
  const span = { start: first.start, end: last.end };
  return { kind: "sequence", type: "tuple", span, items: subjects.map(lower.expression) };
}

function lowerCase(lower: Lowering, clause: SyntaxNode): MatchCase {
  const pattern = lowerCasePatterns(lower, clause);
  const guardClause = fieldOf(clause, "guard");
  const guard = guardClause === null ? undefined : namedChildren(guardClause)[0];
  return {
    span: spanOf(clause),
    pattern,
    guard: guard === undefined ? null : lower.expression(guard),
    body: lower.block(fieldOf(clause, "consequence")),
  };
}

function lowerDecorated(lower: Lowering, node: SyntaxNode): Stmt {
  const definition = fieldOf(node, "definition");
  if (definition === null) return unreadableStatement(lower, node);
  const decorators = node.children
    .filter((child) => child.type === "decorator")
    .flatMap((child) => readableParts(lower, child));
  return lowerDefinition(lower, definition, node, decorators);
}

function lowerDefinition(lower: Lowering, node: SyntaxNode, whole: SyntaxNode, decorators: readonly Expr[]): Stmt {
  const lowered =
    node.type === "class_definition"
      ? lowerClass(lower, node, whole, decorators)
      : lowerFunction(lower, node, whole, decorators);
  return lowered ?? unreadableStatement(lower, whole);
}

function lowerClass(
  lower: Lowering,
  node: SyntaxNode,
  whole: SyntaxNode,
  decorators: readonly Expr[],
): ClassDefinition | null {
  const name = fieldOf(node, "name");
  if (name === null || name.start === name.end) return null;
  bind(lower, nameOf(lower, name));
  const list = fieldOf(node, "superclasses");
  const bases = list === null ? [] : lowerArguments(lower, list);
  const body = inScope(lower, newScope(), () => lower.block(fieldOf(node, "body")));
  return {
    kind: "class",
    span: spanOf(whole),
    name: nameOf(lower, name),
    nameSpan: spanOf(name),
    bases,
    decorators,
    body: withShapesOfClass(body, lower.text),
    docstring: classDocstring(body),
  };
}

/** A text that the parser gave up on: nothing is known but the names it may bind. */
export function unreadableModule(source: string, length: number): readonly Stmt[] {
  return [{ kind: "unreadable", span: { start: 0, end: length }, children: [], binds: boundNames(source) }];
}
