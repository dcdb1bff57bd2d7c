/** Lowers dotted names such as `torch.nn` to attribute chains, and reads them as text. */
import type { Expr } from "../program/syntax.ts";
import type { Lowering } from "./lowering.ts";
import { nameOf, namedChildren, spanOf } from "./lowering.ts";
import type { SyntaxNode } from "./tree.ts";

export function lowerDottedName(lower: Lowering, node: SyntaxNode): Expr {
  const [first, ...rest] = namedChildren(node);
  if (first === undefined) return { kind: "unreadable", span: spanOf(node), children: [] };
  const start: Expr = { kind: "name", span: spanOf(first), id: nameOf(lower, first) };
  return rest.reduce<Expr>(
    (object, part) => ({
      kind: "attribute",
      span: { start: first.start, end: part.end },
      object,
      name: nameOf(lower, part),
      nameSpan: spanOf(part),
    }),
    start,
  );
}

export function dottedText(lower: Lowering, node: SyntaxNode): string {
  return namedChildren(node)
    .map((part) => nameOf(lower, part))
    .join(".");
}
