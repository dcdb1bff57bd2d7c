/**
 * Lowers the patterns of `match` statements; a captured name is bound in the enclosing function.
 */
import type { Expr, Name, Pattern } from "../program/syntax.ts";
import type { Lowering } from "./lowering.ts";
import { bind, childOfType, nameOf, namedChildren, spanOf, textOf } from "./lowering.ts";
import { lowerDottedName } from "./names.ts";
import type { SyntaxNode } from "./tree.ts";

/** `case a, b:` comes as several pattern nodes and is a sequence. */
export function lowerCasePatterns(lower: Lowering, clause: SyntaxNode): Pattern {
  const nodes = clause.children.filter((child) => child.type === "case_pattern");
  const only = nodes[0];
  if (only !== undefined && nodes.length === 1 && childOfType(clause, ",") === null) return lowerPattern(lower, only);
  return { kind: "sequence", items: nodes.map((node) => lowerPattern(lower, node)) };
}

function lowerPattern(lower: Lowering, node: SyntaxNode): Pattern {
  const children = namedChildren(node);
  switch (node.type) {
    case "case_pattern":
      return lowerWrapped(lower, node);
    case "_":
      return { kind: "capture", name: null };
    case "dotted_name":
      return lowerNamed(lower, node);
    case "list_pattern":
      return { kind: "sequence", items: children.map((child) => lowerPattern(lower, child)) };
    case "tuple_pattern":
      return lowerTuple(lower, node, children);
    case "splat_pattern":
      return { kind: "star", name: captured(lower, children[0]) };
    case "union_pattern":
      return { kind: "or", alternatives: lowerAlternatives(lower, node) };
    case "as_pattern":
      return lowerAs(lower, node, children);
    case "class_pattern":
      return lowerClass(lower, node, children);
    case "dict_pattern":
      return lowerMapping(lower, node);
    default:
      return { kind: "value", value: lowerValue(lower, node) };
  }
}

function lowerWrapped(lower: Lowering, node: SyntaxNode): Pattern {
  const negative = childOfType(node, "-");
  const inner = namedChildren(node)[0];
  if (inner === undefined) {
    const wildcard = childOfType(node, "_") !== null || textOf(lower, node).trim() === "_";
    return wildcard ? { kind: "capture", name: null } : { kind: "value", value: unreadable(node) };
  }
  if (negative === null) return lowerPattern(lower, inner);
  return { kind: "value", value: negated(lower, negative, inner) };
}

function lowerNamed(lower: Lowering, node: SyntaxNode): Pattern {
  const parts = namedChildren(node);
  const only = parts[0];
  if (only === undefined || parts.length > 1) return { kind: "value", value: lowerDottedName(lower, node) };
  return { kind: "capture", name: captured(lower, only) };
}

function captured(lower: Lowering, node: SyntaxNode | undefined): Name | null {
  if (node === undefined || node.start === node.end) return null;
  const id = nameOf(lower, node);
  if (id === "_") return null;
  bind(lower, id);
  return { kind: "name", span: spanOf(node), id };
}

/** `(p)` groups, `(p,)` is a sequence. */
function lowerTuple(lower: Lowering, node: SyntaxNode, children: readonly SyntaxNode[]): Pattern {
  const only = children[0];
  if (only !== undefined && children.length === 1 && childOfType(node, ",") === null) return lowerPattern(lower, only);
  return { kind: "sequence", items: children.map((child) => lowerPattern(lower, child)) };
}

/** A minus sign is a token of its own before its number. */
function lowerAlternatives(lower: Lowering, node: SyntaxNode): readonly Pattern[] {
  const alternatives: Pattern[] = [];
  let minus: SyntaxNode | null = null;
  for (const child of node.children) {
    if (child.type === "-") minus = child;
    else if (child.named || child.type === "_") {
      const pattern = lowerPattern(lower, child);
      alternatives.push(minus === null ? pattern : { kind: "value", value: negated(lower, minus, child) });
      minus = null;
    }
  }
  return alternatives;
}

function negated(lower: Lowering, minus: SyntaxNode, number: SyntaxNode): Expr {
  const span = { start: minus.start, end: number.end };
  return { kind: "unary", span, operator: "-", operand: lower.expression(number) };
}

function lowerAs(lower: Lowering, node: SyntaxNode, children: readonly SyntaxNode[]): Pattern {
  const [inner, name] = children;
  if (inner === undefined) return { kind: "value", value: unreadable(node) };
  const pattern = lowerPattern(lower, inner);
  const bound = captured(lower, name);
  return bound === null ? pattern : { kind: "as", pattern, name: bound };
}

function lowerClass(lower: Lowering, node: SyntaxNode, children: readonly SyntaxNode[]): Pattern {
  const [type, ...rest] = children;
  if (type === undefined) return { kind: "value", value: unreadable(node) };
  const positional: Pattern[] = [];
  const named: { name: string; value: Pattern }[] = [];
  for (const child of rest) {
    const keyword = child.type === "keyword_pattern" ? child : childOfType(child, "keyword_pattern");
    const key = keyword === null ? undefined : namedChildren(keyword)[0];
    if (keyword === null || key === undefined) positional.push(lowerPattern(lower, child));
    else named.push({ name: nameOf(lower, key), value: lowerKeyword(lower, keyword) });
  }
  return { kind: "class", type: lowerDottedName(lower, type), positional, named };
}

/** The pattern behind `name=`. The wildcard and a minus sign are tokens without a node of their own. */
function lowerKeyword(lower: Lowering, keyword: SyntaxNode): Pattern {
  const value = namedChildren(keyword)[1];
  if (value === undefined) return { kind: "capture", name: null };
  const minus = childOfType(keyword, "-");
  return minus === null ? lowerPattern(lower, value) : { kind: "value", value: negated(lower, minus, value) };
}

function lowerMapping(lower: Lowering, node: SyntaxNode): Pattern {
  const entries: { key: Expr; value: Pattern }[] = [];
  let rest: Name | null = null;
  let key: Expr | null = null;
  let minus: SyntaxNode | null = null;
  for (const child of node.children) {
    if (child.type === "-") minus = child;
    else if (child.field === "key" && child.named) {
      key = minus === null ? lowerValue(lower, child) : negated(lower, minus, child);
      minus = null;
    } else if (child.field === "value" && key !== null) entries.push({ key, value: lowerPattern(lower, child) });
    else if (child.type === "splat_pattern") rest = captured(lower, namedChildren(child)[0]);
  }
  return { kind: "mapping", entries, rest };
}

function lowerValue(lower: Lowering, node: SyntaxNode): Expr {
  if (node.type === "dotted_name") return lowerDottedName(lower, node);
  if (node.type === "complex_pattern") return { kind: "literal", span: spanOf(node), value: { type: "opaque" } };
  return lower.expression(node);
}

function unreadable(node: SyntaxNode): Expr {
  return { kind: "unreadable", span: spanOf(node), children: [] };
}
