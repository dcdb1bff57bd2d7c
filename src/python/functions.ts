/**
 * Lowers functions, lambdas and their parameters, and finds which names are local to a function.
 */
import type { Expr, FunctionDefinition, Parameter, Stmt } from "../program/syntax.ts";
import { docstringOf } from "./docstrings.ts";
import { suffixShapes } from "./suffixes.ts";
import type { Lowering } from "./lowering.ts";
import { bind, childOfType, fieldOf, inScope, nameOf, namedChildren, newScope, spanOf } from "./lowering.ts";
import type { SyntaxNode } from "./tree.ts";

export function lowerFunction(
  lower: Lowering,
  node: SyntaxNode,
  whole: SyntaxNode,
  decorators: readonly Expr[],
): FunctionDefinition | null {
  const name = fieldOf(node, "name");
  if (name === null || name.start === name.end) return null;
  bind(lower, nameOf(lower, name));
  const list = fieldOf(node, "parameters");
  const returns = fieldOf(node, "return_type");
  const bodyNode = fieldOf(node, "body");
  const signature = list === null ? [] : lowerParameters(lower, list);
  const scope = newScope();
  const body = inScope(lower, scope, () => lower.block(bodyNode));
  const header = { start: node.start, end: bodyNode?.start ?? node.end };
  const [first, second] = body;
  const entry = isDocstring(first) ? second : first;
  const parameters = lower.comments.annotateParameters(signature, header, entry?.span.start ?? header.end);
  const locals = [...scope.names].filter((local) => !scope.elsewhere.has(local));
  const { docstring, docShapes } = docstringOf(body, parameters, lower.text);
  return {
    kind: "function",
    span: spanOf(whole),
    name: nameOf(lower, name),
    nameSpan: spanOf(name),
    parameters,
    returns: returns === null ? null : lower.expression(returns),
    decorators,
    body,
    async: childOfType(node, "async") !== null,
    generator: scope.generator,
    locals,
    docstring,
    docShapes: [...docShapes, ...suffixShapes(parameters, locals)],
    notes: lower.comments.headerNotes(header),
    declaration: lower.comments.declaration(header, spanOf(whole), entry?.span.start ?? header.end),
  };
}

function isDocstring(statement: Stmt | undefined): boolean {
  return (
    statement?.kind === "expression" && statement.value.kind === "literal" && statement.value.value.type === "string"
  );
}

export function lowerLambda(lower: Lowering, node: SyntaxNode): Expr {
  const list = fieldOf(node, "parameters");
  const bodyNode = fieldOf(node, "body");
  if (bodyNode === null) return { kind: "unreadable", span: spanOf(node), children: [] };
  const parameters = list === null ? [] : lowerParameters(lower, list);
  // A walrus or yield inside belongs to the lambda itself.
  const body = inScope(lower, newScope(), () => lower.expression(bodyNode));
  return { kind: "lambda", span: spanOf(node), parameters, body };
}

/** A `/` turns the parameters before it into positional ones, which is only known once it is seen. */
function lowerParameters(lower: Lowering, list: SyntaxNode): readonly Parameter[] {
  let parameters: Parameter[] = [];
  let keywordOnly = false;
  for (const node of namedChildren(list)) {
    if (node.type === "positional_separator") {
      parameters = parameters.map((p) => (p.kind === "normal" ? { ...p, kind: "positional-only" } : p));
    } else if (node.type === "keyword_separator") {
      keywordOnly = true;
    } else {
      const parameter = lowerParameter(lower, node, keywordOnly ? "keyword-only" : "normal");
      if (parameter?.kind === "rest") keywordOnly = true;
      if (parameter !== null) parameters.push(parameter);
    }
  }
  return parameters;
}

function lowerParameter(lower: Lowering, node: SyntaxNode, kind: Parameter["kind"]): Parameter | null {
  const named = node.type === "typed_parameter" ? (namedChildren(node)[0] ?? null) : (fieldOf(node, "name") ?? node);
  if (named === null) return null;
  const starred = named.type === "list_splat_pattern" || named.type === "dictionary_splat_pattern";
  const name = starred ? (namedChildren(named)[0] ?? null) : named;
  if (name === null || name.type !== "identifier" || name.start === name.end) return null;
  const annotation = fieldOf(node, "type");
  const value = fieldOf(node, "value");
  return {
    span: spanOf(node),
    name: nameOf(lower, name),
    nameSpan: spanOf(name),
    kind: starred ? (named.type === "list_splat_pattern" ? "rest" : "keywords") : kind,
    annotation: annotation === null ? null : lower.expression(annotation),
    default: value === null ? null : lower.expression(value),
    notes: [],
  };
}
