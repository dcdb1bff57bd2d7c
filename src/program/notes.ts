/** What the author states about shapes, in comments and docstrings. It knows the program form, no tensors. */
import type { Expr, Span } from "./syntax.ts";

/** One dimension as written: `B`, `3`, `...`, `*batch`, `_`, or an expression such as `n * d // 2`. */
export type DimNote =
  | { readonly kind: "size"; readonly value: number }
  | { readonly kind: "name"; readonly name: string }
  /** `...`, `*batch` (named) or `*` : any number of dimensions. */
  | { readonly kind: "many"; readonly name: string | null }
  /** `_` or `?`: one dimension of any size. */
  | { readonly kind: "any" }
  /** Arithmetic over names and integers, as an expression of the program form. */
  | { readonly kind: "expression"; readonly value: Expr; readonly text: string };

/** A shape that a comment or docstring states. It is a claim of the author's, to be used and checked. */
export interface ShapeNote {
  readonly span: Span;
  /** The variable it speaks of (`# x: (B, T)`), or null for the value of its statement or parameter. */
  readonly subject: string | null;
  readonly dims: readonly DimNote[];
  /** `# (B, T), (B, T, C)` states one shape for each element of a tuple: the others follow here. */
  readonly others: readonly (readonly DimNote[])[];
  readonly source: "comment" | "docstring";
  /** The text of the notation itself, as written, for messages. */
  readonly text: string;
}
