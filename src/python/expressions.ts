/**
 * Lowers expressions. It knows Python's expression grammar as the parser names it; what an expression
 * means for shapes is the interpreter's business.
 */
import type { Argument, BinaryOperator, Comparator, Expr, Unary } from "../program/syntax.ts";
import { lowerComprehension } from "./comprehensions.ts";
import { lowerLambda } from "./functions.ts";
import { lowerConcatenation, lowerNumber, lowerString } from "./literals.ts";
import type { Lowering } from "./lowering.ts";
import { bind, childOfType, fieldOf, fieldsOf, isDamaged, nameOf, namedChildren, spanOf } from "./lowering.ts";
import type { SyntaxNode } from "./tree.ts";
import { lowerGenericType, lowerMemberType, lowerUnionType } from "./types.ts";

type Rule = (lower: Lowering, node: SyntaxNode) => Expr;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["identifier", lowerName],
  ["integer", lowerNumber],
  ["float", lowerNumber],
  ["string", lowerString],
  ["concatenated_string", lowerConcatenation],
  ["true", (_, node) => ({ kind: "literal", span: spanOf(node), value: { type: "bool", value: true } })],
  ["false", (_, node) => ({ kind: "literal", span: spanOf(node), value: { type: "bool", value: false } })],
  ["none", (_, node) => ({ kind: "literal", span: spanOf(node), value: { type: "none" } })],
  ["ellipsis", (_, node) => ({ kind: "literal", span: spanOf(node), value: { type: "ellipsis" } })],
  ["attribute", lowerAttribute],
  ["subscript", lowerSubscript],
  ["slice", lowerSlice],
  ["call", lowerCall],
  ["binary_operator", lowerBinary],
  ["unary_operator", lowerUnary],
  ["not_operator", lowerUnary],
  ["boolean_operator", lowerLogical],
  ["comparison_operator", lowerComparison],
  ["conditional_expression", lowerConditional],
  ["named_expression", lowerWalrus],
  ["lambda", lowerLambda],
  ["await", lowerAwait],
  ["yield", lowerYield],
  ["parenthesized_expression", lowerParenthesized],
  ["type", lowerParenthesized],
  ["list", sequence("list")],
  ["list_pattern", sequence("list")],
  ["set", sequence("set")],
  ["tuple", sequence("tuple")],
  ["tuple_pattern", lowerTuplePattern],
  ["expression_list", sequence("tuple")],
  ["pattern_list", sequence("tuple")],
  ["dictionary", lowerDictionary],
  ["list_splat", lowerSpread],
  ["list_splat_pattern", lowerSpread],
  ["splat_type", lowerSpread],
  ["list_comprehension", comprehension("list")],
  ["set_comprehension", comprehension("set")],
  ["generator_expression", comprehension("generator")],
  ["dictionary_comprehension", comprehension("dict")],
  ["generic_type", lowerGenericType],
  ["union_type", lowerUnionType],
  ["member_type", lowerMemberType],
]);

export function lowerExpression(lower: Lowering, node: SyntaxNode): Expr {
  const rule = RULES.get(node.type);
  if (rule === undefined || isDamaged(node)) return unreadable(lower, node);
  return rule(lower, node);
}

function unreadable(lower: Lowering, node: SyntaxNode): Expr {
  return { kind: "unreadable", span: spanOf(node), children: readableParts(lower, node) };
}

/** The expressions that can still be read inside of a node that cannot. */
export function readableParts(lower: Lowering, node: SyntaxNode): readonly Expr[] {
  return namedChildren(node).flatMap((child) =>
    RULES.has(child.type) ? [lower.expression(child)] : readableParts(lower, child),
  );
}

function lowerName(lower: Lowering, node: SyntaxNode): Expr {
  const id = nameOf(lower, node);
  // What a repair put in has no width, and no meaning either.
  return id === "" ? unreadable(lower, node) : { kind: "name", span: spanOf(node), id };
}

function lowerAttribute(lower: Lowering, node: SyntaxNode): Expr {
  const object = fieldOf(node, "object");
  const attribute = fieldOf(node, "attribute");
  if (object === null || attribute === null || attribute.start === attribute.end) return unreadable(lower, node);
  return {
    kind: "attribute",
    span: spanOf(node),
    object: lower.expression(object),
    name: nameOf(lower, attribute),
    nameSpan: spanOf(attribute),
  };
}

function lowerSubscript(lower: Lowering, node: SyntaxNode): Expr {
  const object = fieldOf(node, "value");
  const parts = fieldsOf(node, "subscript");
  const first = parts[0];
  const last = parts.at(-1);
  if (object === null || first === undefined || last === undefined) return unreadable(lower, node);
  const several = childOfType(node, ",") !== null;
  const items = parts.map(lower.expression);
  const index: Expr = several
    ? { kind: "sequence", type: "tuple", span: { start: first.start, end: last.end }, items }
    : (items[0] ?? unreadable(lower, node));
  return { kind: "index", span: spanOf(node), object: lower.expression(object), index };
}

function lowerSlice(lower: Lowering, node: SyntaxNode): Expr {
  const bounds: (Expr | null)[] = [null, null, null];
  let place = 0;
  for (const child of node.children) {
    if (child.type === ":") place += 1;
    else bounds[place] = lower.expression(child);
  }
  const [lowerBound = null, upper = null, step = null] = bounds;
  return { kind: "slice", span: spanOf(node), lower: lowerBound, upper, step };
}

function lowerCall(lower: Lowering, node: SyntaxNode): Expr {
  const callee = fieldOf(node, "function");
  const list = fieldOf(node, "arguments");
  if (callee === null || list === null || (list.type === "argument_list" && isDamaged(list))) {
    return unreadable(lower, node);
  }
  const args =
    list.type === "argument_list"
      ? lowerArguments(lower, list)
      : [{ span: spanOf(list), name: null, spread: null, value: lower.expression(list) }];
  return { kind: "call", span: spanOf(node), callee: lower.expression(callee), args };
}

export function lowerArguments(lower: Lowering, list: SyntaxNode): readonly Argument[] {
  return namedChildren(list).map((node) => lowerArgument(lower, node));
}

function lowerArgument(lower: Lowering, node: SyntaxNode): Argument {
  const span = spanOf(node);
  const inner = namedChildren(node)[0];
  if ((node.type === "list_splat" || node.type === "dictionary_splat") && inner !== undefined && !isDamaged(node)) {
    const spread = node.type === "list_splat" ? "list" : "mapping";
    return { span, name: null, spread, value: lower.expression(inner) };
  }
  const name = fieldOf(node, "name");
  const value = fieldOf(node, "value");
  if (node.type === "keyword_argument" && name !== null && value !== null && !isDamaged(node)) {
    return { span, name: nameOf(lower, name), spread: null, value: lower.expression(value) };
  }
  return { span, name: null, spread: null, value: lower.expression(node) };
}

const BINARY: ReadonlySet<string> = new Set("+ - * / // % ** @ & | ^ << >>".split(" "));

function isBinaryOperator(text: string): text is BinaryOperator {
  return BINARY.has(text);
}

/** Reads `+` as well as `+=`. */
export function binaryOperator(text: string): BinaryOperator | null {
  const operator = text.endsWith("=") ? text.slice(0, -1) : text;
  return isBinaryOperator(operator) ? operator : null;
}

function lowerBinary(lower: Lowering, node: SyntaxNode): Expr {
  const left = fieldOf(node, "left");
  const right = fieldOf(node, "right");
  const operator = binaryOperator(fieldOf(node, "operator")?.type ?? "");
  if (left === null || right === null || operator === null) return unreadable(lower, node);
  return {
    kind: "binary",
    span: spanOf(node),
    operator,
    left: lower.expression(left),
    right: lower.expression(right),
  };
}

function lowerUnary(lower: Lowering, node: SyntaxNode): Expr {
  const operand = fieldOf(node, "argument");
  if (operand === null) return unreadable(lower, node);
  const word = node.children[0]?.type;
  const operator: Unary["operator"] = word === "-" || word === "+" || word === "~" ? word : "not";
  return { kind: "unary", span: spanOf(node), operator, operand: lower.expression(operand) };
}

function lowerLogical(lower: Lowering, node: SyntaxNode): Expr {
  const left = fieldOf(node, "left");
  const right = fieldOf(node, "right");
  if (left === null || right === null) return unreadable(lower, node);
  const operator = fieldOf(node, "operator")?.type === "or" ? "or" : "and";
  return {
    kind: "logical",
    span: spanOf(node),
    operator,
    left: lower.expression(left),
    right: lower.expression(right),
  };
}

const COMPARATORS: ReadonlyMap<string, Comparator> = new Map<string, Comparator>([
  ["==", "=="],
  ["!=", "!="],
  ["<>", "!="],
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
  ["is", "is"],
  ["is not", "is not"],
  ["in", "in"],
  ["not in", "not in"],
]);

function lowerComparison(lower: Lowering, node: SyntaxNode): Expr {
  const operands = node.children.filter((child) => child.field !== "operators" && child.named);
  const comparators = node.children.flatMap((child) => COMPARATORS.get(child.type) ?? []);
  const [first, ...others] = operands;
  if (first === undefined || others.length !== comparators.length) return unreadable(lower, node);
  const rest = comparators.flatMap((comparator, index) => {
    const operand = others[index];
    return operand === undefined ? [] : [{ comparator, operand: lower.expression(operand) }];
  });
  return { kind: "compare", span: spanOf(node), first: lower.expression(first), rest };
}

function lowerConditional(lower: Lowering, node: SyntaxNode): Expr {
  const [then, test, otherwise] = namedChildren(node);
  if (then === undefined || test === undefined || otherwise === undefined) return unreadable(lower, node);
  return {
    kind: "conditional",
    span: spanOf(node),
    test: lower.expression(test),
    then: lower.expression(then),
    otherwise: lower.expression(otherwise),
  };
}

function lowerWalrus(lower: Lowering, node: SyntaxNode): Expr {
  const target = fieldOf(node, "name");
  const value = fieldOf(node, "value");
  if (target === null || value === null || target.start === target.end) return unreadable(lower, node);
  const id = nameOf(lower, target);
  bind(lower, id);
  return {
    kind: "assignment",
    span: spanOf(node),
    target: { kind: "name", span: spanOf(target), id },
    value: lower.expression(value),
  };
}

/** The grammar reads `await x ** 2` as `await (x ** 2)`; Python awaits first. */
function lowerAwait(lower: Lowering, node: SyntaxNode): Expr {
  const operand = namedChildren(node)[0];
  if (operand === undefined) return unreadable(lower, node);
  const value = lower.expression(operand);
  if (operand.type !== "binary_operator" || value.kind !== "binary") {
    return { kind: "await", span: spanOf(node), value };
  }
  const awaited: Expr = { kind: "await", span: { start: node.start, end: value.left.span.end }, value: value.left };
  return { ...value, span: spanOf(node), left: awaited };
}

function lowerYield(lower: Lowering, node: SyntaxNode): Expr {
  lower.scope.generator = true;
  const value = namedChildren(node)[0];
  return {
    kind: "yield",
    span: spanOf(node),
    value: value === undefined ? null : lower.expression(value),
    from: childOfType(node, "from") !== null,
  };
}

function lowerParenthesized(lower: Lowering, node: SyntaxNode): Expr {
  const inner = namedChildren(node)[0];
  return inner === undefined ? unreadable(lower, node) : lower.expression(inner);
}

function sequence(type: "list" | "tuple" | "set"): Rule {
  return (lower, node) => ({
    kind: "sequence",
    type,
    span: spanOf(node),
    items: namedChildren(node).map((item) => spreadWhole(lower.expression(item))),
  });
}

/** In `*x.shape, n` the grammar spreads `x` and takes the attribute of that; Python spreads `x.shape`. */
function spreadWhole(expr: Expr): Expr {
  const value = withoutSpread(expr);
  return value === null || expr.kind === "spread" ? expr : { kind: "spread", span: expr.span, value };
}

/** The expression without the star at its very left; null where there is none. */
function withoutSpread(expr: Expr): Expr | null {
  switch (expr.kind) {
    case "spread":
      return expr.value;
    case "attribute":
    case "index": {
      const object = withoutSpread(expr.object);
      return object === null ? null : { ...expr, object, span: { start: object.span.start, end: expr.span.end } };
    }
    case "call": {
      const callee = withoutSpread(expr.callee);
      return callee === null ? null : { ...expr, callee, span: { start: callee.span.start, end: expr.span.end } };
    }
    case "binary": {
      const left = withoutSpread(expr.left);
      return left === null ? null : { ...expr, left, span: { start: left.span.start, end: expr.span.end } };
    }
    default:
      return null;
  }
}

/** The grammar calls `(a)` a tuple pattern; only a comma makes it one. */
function lowerTuplePattern(lower: Lowering, node: SyntaxNode): Expr {
  const children = namedChildren(node);
  const grouped = children.length === 1 && childOfType(node, ",") === null;
  return grouped ? lowerParenthesized(lower, node) : sequence("tuple")(lower, node);
}

function comprehension(type: "list" | "set" | "generator" | "dict"): Rule {
  return (lower, node) => lowerComprehension(lower, node, type) ?? unreadable(lower, node);
}

function lowerDictionary(lower: Lowering, node: SyntaxNode): Expr {
  const entries = namedChildren(node).map((entry) => {
    const key = fieldOf(entry, "key");
    const value = fieldOf(entry, "value") ?? namedChildren(entry)[0];
    if (value === undefined || isDamaged(entry)) return { key: null, value: unreadable(lower, entry) };
    return { key: key === null ? null : lower.expression(key), value: lower.expression(value) };
  });
  return { kind: "dictionary", span: spanOf(node), entries };
}

function lowerSpread(lower: Lowering, node: SyntaxNode): Expr {
  const value = namedChildren(node)[0];
  if (value === undefined) return unreadable(lower, node);
  return { kind: "spread", span: spanOf(node), value: lower.expression(value) };
}
