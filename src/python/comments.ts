import type { Expr, Parameter, ShapeNote, Span, Unit } from "../program/syntax.ts";
export interface CommentNotes {
  readonly directives: Unit["directives"];
  statementNotes(span: Span, value: Expr | null, targets: readonly Expr[]): readonly ShapeNote[];
  annotateParameters(parameters: readonly Parameter[], header: Span): readonly Parameter[];
  headerNotes(header: Span): readonly ShapeNote[];
}
export function readComments(_: string): CommentNotes {
  return { directives: [], statementNotes: () => [], annotateParameters: (p) => p, headerNotes: () => [] };
}
