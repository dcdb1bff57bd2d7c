/**
 * Lowers comprehensions and generator expressions. Their variables are their own; a walrus inside binds outside.
 */
import type { Comprehension, ComprehensionClause, Expr } from "../program/syntax.ts";
import type { Lowering } from "./lowering.ts";
import { childOfType, fieldOf, fieldsOf, namedChildren, spanOf } from "./lowering.ts";
import { lowerTarget } from "./targets.ts";
import type { SyntaxNode } from "./tree.ts";

export function lowerComprehension(
  lower: Lowering,
  node: SyntaxNode,
  type: Comprehension["type"],
): Comprehension | null {
  const body = fieldOf(node, "body");
  const element = body?.type === "pair" ? fieldOf(body, "key") : body;
  const value = body?.type === "pair" ? fieldOf(body, "value") : null;
  if (element === null || element === undefined) return null;
  return {
    kind: "comprehension",
    span: spanOf(node),
    type,
    element: lower.expression(element),
    value: value === null ? null : lower.expression(value),
    clauses: lowerClauses(lower, node),
  };
}

function lowerClauses(lower: Lowering, node: SyntaxNode): readonly ComprehensionClause[] {
  const clauses: { target: ComprehensionClause["target"]; iterable: Expr; conditions: Expr[] }[] = [];
  for (const child of node.children) {
    if (child.type === "for_in_clause") {
      const target = fieldOf(child, "left");
      const iterable = lowerIterable(lower, child);
      if (target !== null) clauses.push({ target: lowerTarget(lower, target, false), iterable, conditions: [] });
    } else if (child.type === "if_clause") {
      const condition = namedChildren(child)[0];
      if (condition !== undefined) clauses.at(-1)?.conditions.push(lower.expression(condition));
    }
  }
  return clauses;
}

function lowerIterable(lower: Lowering, clause: SyntaxNode): Expr {
  const parts = fieldsOf(clause, "right");
  const first = parts[0];
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return { kind: "unreadable", span: spanOf(clause), children: [] };
  if (childOfType(clause, ",") === null) return lower.expression(first);
  const span = { start: first.start, end: last.end };
  return { kind: "sequence", type: "tuple", span, items: parts.map(lower.expression) };
}
