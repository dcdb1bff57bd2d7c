/**
 * Lowers what can be assigned to, and tells the scope which names that binds.
 */
import type { Expr, Target } from "../program/syntax.ts";
import type { Lowering } from "./lowering.ts";
import { bind, isDamaged, namedChildren, spanOf } from "./lowering.ts";
import type { SyntaxNode } from "./tree.ts";

/** The variables of a comprehension are its own, so there `binds` is false. */
export function lowerTarget(lower: Lowering, node: SyntaxNode, binds = true): Target {
  switch (node.type) {
    case "tuple_pattern":
    case "list_pattern":
    case "pattern_list":
    case "tuple":
    case "list":
    case "expression_list":
      return lowerTargets(lower, node, binds);
    case "list_splat_pattern":
    case "list_splat":
      return lowerSpreadTarget(lower, node, binds);
    case "parenthesized_expression":
    case "as_pattern_target":
      return lowerOnly(lower, node, binds);
    default:
      return assignable(lower, node, binds);
  }
}

function lowerTargets(lower: Lowering, node: SyntaxNode, binds: boolean): Target {
  const children = namedChildren(node);
  const only = children[0];
  // The grammar calls `(a)` a tuple pattern; only a comma makes it one.
  const grouped = node.type === "tuple_pattern" && children.length === 1 && !node.children.some((c) => c.type === ",");
  if (grouped && only !== undefined) return lowerTarget(lower, only, binds);
  const type = node.type === "list_pattern" || node.type === "list" ? "list" : "tuple";
  const items: readonly Expr[] = children.map((child) => lowerTarget(lower, child, binds));
  return { kind: "sequence", type, span: spanOf(node), items };
}

function lowerSpreadTarget(lower: Lowering, node: SyntaxNode, binds: boolean): Target {
  const inner = namedChildren(node)[0];
  if (inner === undefined) return { kind: "unreadable", span: spanOf(node), children: [] };
  return { kind: "spread", span: spanOf(node), value: lowerTarget(lower, inner, binds) };
}

function lowerOnly(lower: Lowering, node: SyntaxNode, binds: boolean): Target {
  const inner = namedChildren(node)[0];
  if (inner === undefined) return { kind: "unreadable", span: spanOf(node), children: [] };
  return lowerTarget(lower, inner, binds);
}

function assignable(lower: Lowering, node: SyntaxNode, binds: boolean): Target {
  const value = lower.expression(node);
  if (value.kind === "name" && binds) bind(lower, value.id);
  if (value.kind === "name" || value.kind === "attribute" || value.kind === "index") return value;
  return { kind: "unreadable", span: spanOf(node), children: isDamaged(node) ? [] : [value] };
}
