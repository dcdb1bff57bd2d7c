/**
 * Dimensions: integer expressions over symbols in a normal form, a polynomial with integer
 * coefficients over atoms. It knows no shapes and no facts; what is known about symbols is in `solver.ts`.
 *
 * Two dimensions with the same `key` are equal for all values of their symbols.
 */

/** A place in a source text. `owner` is whatever object stands for that text (shapes never looks into it). */
export interface Place {
  readonly owner: object;
  readonly start: number;
  readonly end: number;
}

/** Why something is so, in words a hover can show, such as "`x.shape[0]`". */
export interface Cause {
  readonly text: string;
  readonly place: Place | null;
}

/**
 * - `declared`: the user named it. Different declared names are different sizes unless proven equal.
 * - `inferred`: a size that the code has not fixed yet; using it may bind it.
 * - `unknown`: a size that cannot be known (data-dependent, or several paths met). Prints as `?`.
 */
export type SymbolKind = "declared" | "inferred" | "unknown";

export interface Sym {
  readonly type: "symbol";
  readonly id: number;
  /** As the author writes it; `?` where nobody named it. */
  readonly name: string;
  readonly kind: SymbolKind;
  /** Who declared it, which decides how sure a clash of two names is. */
  readonly declaredBy: "annotation" | "signature-comment" | "comment" | null;
  readonly cause: Cause | null;
}

export type OpaqueFunction = "//" | "%" | "min" | "max" | "ceil-div" | "abs" | "product";

export interface Opaque {
  readonly type: "opaque";
  readonly function: OpaqueFunction;
  readonly args: readonly Dim[];
  readonly key: string;
}

export type Atom = Sym | Opaque;

/** coefficient · Π atom^power; factors sorted by key. */
export interface Term {
  readonly coefficient: number;
  readonly factors: readonly { readonly atom: Atom; readonly power: number }[];
}

export interface Dim {
  readonly terms: readonly Term[];
  readonly key: string;
}
