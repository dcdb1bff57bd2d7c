/**
 * Lowers what the grammar reads as types (annotations) to ordinary expressions, since Python evaluates
 * them as such. It knows the grammar's type nodes, not what an annotation says about shapes.
 */
import type { Expr } from "../program/syntax.ts";
import type { Lowering } from "./lowering.ts";
import { childOfType, nameOf, namedChildren, spanOf } from "./lowering.ts";
import type { SyntaxNode } from "./tree.ts";

/** `Float[Tensor, "b c"]` is an index expression. */
export function lowerGenericType(lower: Lowering, node: SyntaxNode): Expr {
  const name = node.children[0];
  const list = childOfType(node, "type_parameter");
  const parts = list === null ? [] : namedChildren(list);
  const first = parts[0];
  const last = parts.at(-1);
  if (name === undefined || list === null || first === undefined || last === undefined) return unreadableType(node);
  const items = parts.map(lower.expression);
  const several = childOfType(list, ",") !== null;
  const index: Expr = several
    ? { kind: "sequence", type: "tuple", span: { start: first.start, end: last.end }, items }
    : (items[0] ?? unreadableType(node));
  const object: Expr = { kind: "name", span: spanOf(name), id: nameOf(lower, name) };
  return { kind: "index", span: spanOf(node), object, index };
}

export function lowerUnionType(lower: Lowering, node: SyntaxNode): Expr {
  const [left, right] = namedChildren(node);
  if (left === undefined || right === undefined) return unreadableType(node);
  return {
    kind: "binary",
    span: spanOf(node),
    operator: "|",
    left: lower.expression(left),
    right: lower.expression(right),
  };
}

export function lowerMemberType(lower: Lowering, node: SyntaxNode): Expr {
  const [object, name] = namedChildren(node);
  if (object === undefined || name === undefined) return unreadableType(node);
  return {
    kind: "attribute",
    span: spanOf(node),
    object: lower.expression(object),
    name: nameOf(lower, name),
    nameSpan: spanOf(name),
  };
}

function unreadableType(node: SyntaxNode): Expr {
  return { kind: "unreadable", span: spanOf(node), children: [] };
}
