import type { Parameter, ShapeNote, Stmt } from "../program/syntax.ts";
export function classDocstring(body: readonly Stmt[]): string | null {
  const first = body[0];
  if (first?.kind !== "expression" || first.value.kind !== "literal") return null;
  return first.value.value.type === "string" ? first.value.value.value : null;
}
export function docstringOf(
  body: readonly Stmt[],
  _p: readonly Parameter[],
  _t: string,
): { docstring: string | null; docShapes: readonly ShapeNote[] } {
  return { docstring: classDocstring(body), docShapes: [] };
}
