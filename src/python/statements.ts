/**
 * Lowers simple statements and gives them the shape comments that belong to them.
 * Compound statements, functions and classes are its neighbours' business.
 */
import type { Expr, ShapeNote, Stmt, Target } from "../program/syntax.ts";
import { boundNames } from "./binds.ts";
import { binaryOperator, readableParts } from "./expressions.ts";
import { lowerImport, lowerImportFrom } from "./imports.ts";
import type { Lowering } from "./lowering.ts";
import { bind, childOfType, fieldOf, isDamaged, nameOf, namedChildren, spanOf, textOf } from "./lowering.ts";
import { lowerTarget } from "./targets.ts";
import type { SyntaxNode } from "./tree.ts";

type Rule = (lower: Lowering, node: SyntaxNode) => Stmt;

export const SIMPLE_STATEMENTS: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["expression_statement", lowerExpressionStatement],
  ["return_statement", lowerReturn],
  ["import_statement", lowerImport],
  ["import_from_statement", lowerImportFrom],
  ["future_import_statement", lowerImportFrom],
  ["assert_statement", lowerAssert],
  ["raise_statement", lowerRaise],
  ["delete_statement", lowerDelete],
  ["global_statement", lowerGlobal],
  ["nonlocal_statement", lowerGlobal],
  ["type_alias_statement", lowerTypeAlias],
  ["pass_statement", (_, node) => ({ kind: "pass", span: spanOf(node) })],
  ["break_statement", (_, node) => ({ kind: "break", span: spanOf(node) })],
  ["continue_statement", (_, node) => ({ kind: "continue", span: spanOf(node) })],
]);

/** A statement that cannot be read: whatever it may bind is unknown from here on. */
export function unreadableStatement(lower: Lowering, node: SyntaxNode): Stmt {
  const binds = boundNames(textOf(lower, node));
  for (const name of binds) bind(lower, name);
  return { kind: "unreadable", span: spanOf(node), children: readableParts(lower, node), binds };
}

function notesOf(
  lower: Lowering,
  node: SyntaxNode,
  value: Expr | null,
  targets: readonly Expr[],
): readonly ShapeNote[] {
  return lower.comments.statementNotes(spanOf(node), value, targets);
}

function lowerExpressionStatement(lower: Lowering, node: SyntaxNode): Stmt {
  const inner = namedChildren(node)[0];
  if (inner === undefined) return unreadableStatement(lower, node);
  if (inner.type === "assignment") return lowerAssignment(lower, node, inner);
  if (inner.type === "augmented_assignment") return lowerAugmented(lower, node, inner);
  const value = childOfType(node, ",") === null ? lower.expression(inner) : tupleOf(lower, node);
  return { kind: "expression", span: spanOf(node), value, notes: notesOf(lower, node, value, []) };
}

function tupleOf(lower: Lowering, node: SyntaxNode): Expr {
  return { kind: "sequence", type: "tuple", span: spanOf(node), items: namedChildren(node).map(lower.expression) };
}

/** `a = b = value` nests to the right in the grammar. */
function lowerAssignment(lower: Lowering, statement: SyntaxNode, first: SyntaxNode): Stmt {
  const left: SyntaxNode[] = [];
  let annotation: SyntaxNode | null = null;
  let right: SyntaxNode | null = first;
  while (right?.type === "assignment") {
    const target = fieldOf(right, "left");
    if (target === null || isDamaged(right)) return unreadableStatement(lower, statement);
    left.push(target);
    annotation ??= fieldOf(right, "type");
    right = fieldOf(right, "right");
  }
  if (right?.type === "augmented_assignment") return unreadableStatement(lower, statement);
  const value = right === null ? null : lower.expression(right);
  const targets: readonly Target[] = left.map((target) => lowerTarget(lower, target));
  return finishAssignment(lower, statement, targets, annotation, value);
}

function finishAssignment(
  lower: Lowering,
  node: SyntaxNode,
  targets: readonly Target[],
  annotationNode: SyntaxNode | null,
  value: Expr | null,
): Stmt {
  const span = spanOf(node);
  const annotation = annotationNode === null ? null : lower.expression(annotationNode);
  const notes = notesOf(lower, node, value, targets);
  if (value !== null) return { kind: "assign", span, targets, annotation, value, notes };
  const target = targets[0];
  if (target === undefined || annotation === null) return unreadableStatement(lower, node);
  return { kind: "declare", span, target, annotation, notes };
}

function lowerAugmented(lower: Lowering, statement: SyntaxNode, node: SyntaxNode): Stmt {
  const left = fieldOf(node, "left");
  const right = fieldOf(node, "right");
  const operator = binaryOperator(fieldOf(node, "operator")?.type ?? "");
  if (left === null || right === null || operator === null || isDamaged(node) || right.type.endsWith("assignment")) {
    return unreadableStatement(lower, statement);
  }
  const value = lower.expression(right);
  const target = lowerTarget(lower, left);
  const notes = notesOf(lower, statement, value, [target]);
  return { kind: "augmented-assign", span: spanOf(statement), target, operator, value, notes };
}

function lowerReturn(lower: Lowering, node: SyntaxNode): Stmt {
  const inner = namedChildren(node)[0];
  const value = inner === undefined ? null : lower.expression(inner);
  return { kind: "return", span: spanOf(node), value, notes: notesOf(lower, node, value, []) };
}

function lowerAssert(lower: Lowering, node: SyntaxNode): Stmt {
  const [test, message] = namedChildren(node);
  if (test === undefined) return unreadableStatement(lower, node);
  return {
    kind: "assert",
    span: spanOf(node),
    test: lower.expression(test),
    message: message === undefined ? null : lower.expression(message),
  };
}

function lowerRaise(lower: Lowering, node: SyntaxNode): Stmt {
  const value = node.children.find((child) => child.named && child.field !== "cause");
  return { kind: "raise", span: spanOf(node), value: value === undefined ? null : lower.expression(value) };
}

function lowerDelete(lower: Lowering, node: SyntaxNode): Stmt {
  const inner = namedChildren(node)[0];
  if (inner === undefined) return unreadableStatement(lower, node);
  // `del x` makes x local, as an assignment does.
  const target = lowerTarget(lower, inner);
  const targets = target.kind === "sequence" ? target.items : [target];
  return { kind: "delete", span: spanOf(node), targets };
}

function lowerGlobal(lower: Lowering, node: SyntaxNode): Stmt {
  const names = namedChildren(node).map((child) => nameOf(lower, child));
  for (const name of names) lower.scope.elsewhere.add(name);
  return { kind: node.type === "global_statement" ? "global" : "nonlocal", span: spanOf(node), names };
}

/** `type X = value` is an assignment for us; with parameters of its own it stays unread. */
function lowerTypeAlias(lower: Lowering, node: SyntaxNode): Stmt {
  const left = fieldOf(node, "left");
  const right = fieldOf(node, "right");
  const name = left === null ? undefined : namedChildren(left)[0];
  if (name === undefined || right === null) return unreadableStatement(lower, node);
  if (name.type !== "identifier") return unreadableAlias(lower, node, name);
  const value = lower.expression(right);
  const target = lowerTarget(lower, name);
  return { kind: "assign", span: spanOf(node), targets: [target], annotation: null, value, notes: [] };
}

/** The grammar also takes `type(x).attribute = value` for an alias; that one binds no name. */
function unreadableAlias(lower: Lowering, node: SyntaxNode, name: SyntaxNode): Stmt {
  const binds = /^[^\W\d]\w*/u.exec(textOf(lower, name)) ?? [];
  for (const id of binds) bind(lower, id);
  return { kind: "unreadable", span: spanOf(node), children: [], binds };
}
