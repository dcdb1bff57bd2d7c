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
  readonly key: string;
  /** As the author writes it; `?` where nobody named it. */
  readonly name: string;
  readonly kind: SymbolKind;
  /** Who declared it, which decides how sure a clash of two names is. */
  readonly declaredBy: "annotation" | "signature-comment" | "comment" | null;
  readonly cause: Cause | null;
  /** The least value it can have: 0 for the size of a tensor; null for an integer that could be negative. */
  readonly min: number | null;
  /** What a comment says that it is, which is shown and never reasoned with: comments go stale. */
  readonly supposed: number | null;
}

export type OpaqueFunction = "//" | "%" | "min" | "max" | "abs" | "product";

/** An operation that polynomials cannot say. `product` stands for a product too long to multiply out. */
export interface Opaque {
  readonly type: "opaque";
  readonly function: OpaqueFunction;
  readonly args: readonly Dim[];
  readonly key: string;
}

export type Atom = Sym | Opaque;

export interface Factor {
  readonly atom: Atom;
  readonly power: number;
}

/** coefficient · Π atom^power; factors sorted by key. `key` names the factors without the coefficient. */
export interface Term {
  readonly coefficient: number;
  readonly factors: readonly Factor[];
  readonly key: string;
}

/** Terms sorted by key, no coefficient zero; no terms at all is the number 0. */
export interface Dim {
  readonly terms: readonly Term[];
  readonly key: string;
}

export interface SymbolOptions {
  readonly cause?: Cause | null;
  readonly declaredBy?: Sym["declaredBy"];
  readonly min?: number | null;
  readonly supposed?: number;
}

/** Longer expressions than this serve nobody; they become an unknown, so that no program can exhaust memory. */
const longestKey = 2000;

let nextSymbol = 0;

export function freshSymbol(name: string, kind: SymbolKind, options: SymbolOptions = {}): Sym {
  const id = nextSymbol++;
  const { cause = null, declaredBy = null, min = 0, supposed = null } = options;
  return { type: "symbol", id, key: `s${id}`, name, kind, declaredBy, cause, min, supposed };
}

/** The next symbol's id: symbols made between two readings have ids from the first up to before the second. */
export function symbolCount(): number {
  return nextSymbol;
}

const smallConstants: Dim[] = [];
const oneFactor: readonly Factor[] = [];

/** An integer. Numbers that are no safe integer cannot be calculated with and become an unknown. */
export function constant(n: number): Dim {
  if (!Number.isSafeInteger(n)) return unknownDim(null, null);
  if (n < 0 || n > 4096) return makeConstant(n);
  return (smallConstants[n] ??= makeConstant(n));
}

function makeConstant(n: number): Dim {
  const value = n === 0 ? 0 : n;
  return { terms: value === 0 ? [] : [{ coefficient: value, factors: oneFactor, key: "" }], key: String(value) };
}

const symbolDims = new WeakMap<Atom, Dim>();

export function ofSymbol(s: Sym): Dim {
  return ofAtom(s);
}

export function ofAtom(atom: Atom): Dim {
  let dim = symbolDims.get(atom);
  if (dim === undefined) {
    dim = { terms: [{ coefficient: 1, factors: [{ atom, power: 1 }], key: atom.key }], key: atom.key };
    symbolDims.set(atom, dim);
  }
  return dim;
}

/** A size of which nothing is known. Give `min` null where it stands for an integer that could be negative. */
export function unknownDim(cause: Cause | null = null, min: number | null = 0): Dim {
  return ofSymbol(freshSymbol("?", "unknown", { cause, min }));
}

/** The dimension of terms that are already sorted by key, distinct and non-zero. */
export function ofTerms(terms: readonly Term[]): Dim {
  const [first] = terms;
  if (first === undefined) return constant(0);
  if (terms.length === 1) {
    if (first.factors.length === 0) return constant(first.coefficient);
    const [factor] = first.factors;
    if (first.coefficient === 1 && first.factors.length === 1 && factor?.power === 1) return ofAtom(factor.atom);
  }
  let key = "";
  for (const term of terms) {
    if (!Number.isSafeInteger(term.coefficient)) return unknownDim(null, null);
    if (key !== "") key += "+";
    key += term.key === "" ? term.coefficient : term.coefficient === 1 ? term.key : `${term.coefficient}*${term.key}`;
  }
  return key.length > longestKey ? unknownDim(null, null) : { terms, key };
}

export function opaque(name: OpaqueFunction, args: readonly Dim[]): Dim {
  const key = `${name}(${args.map((arg) => arg.key).join(",")})`;
  if (key.length > longestKey) return unknownDim(null, null);
  return ofAtom({ type: "opaque", function: name, args, key });
}

/** The key of a product of powers. */
export function keyOfFactors(factors: readonly Factor[]): string {
  let key = "";
  for (const { atom, power } of factors) {
    if (key !== "") key += "*";
    key += power === 1 ? atom.key : `${atom.key}^${power}`;
  }
  return key;
}

export function equalDims(a: Dim, b: Dim): boolean {
  return a.key === b.key;
}

export function asNumber(d: Dim): number | null {
  const [first] = d.terms;
  if (first === undefined) return 0;
  return d.terms.length === 1 && first.factors.length === 0 ? first.coefficient : null;
}

/** The atom that this dimension is, if it is exactly one. */
export function asAtom(d: Dim): Atom | null {
  const [first] = d.terms;
  if (first === undefined || d.terms.length > 1 || first.coefficient !== 1) return null;
  const [factor] = first.factors;
  return factor !== undefined && first.factors.length === 1 && factor.power === 1 ? factor.atom : null;
}

export function asSymbol(d: Dim): Sym | null {
  const atom = asAtom(d);
  return atom?.type === "symbol" ? atom : null;
}

/** The symbol of a term such as `T` or `-2*T`. */
export function symbolOfTerm(term: Term): Sym | null {
  const [factor] = term.factors;
  return factor?.power === 1 && term.factors.length === 1 && factor.atom.type === "symbol" ? factor.atom : null;
}

const symbolSets = new WeakMap<Dim, ReadonlySet<Sym>>();

export function symbolsOf(d: Dim): ReadonlySet<Sym> {
  let symbols = symbolSets.get(d);
  if (symbols === undefined) {
    const found = new Set<Sym>();
    for (const term of d.terms) {
      for (const { atom } of term.factors) {
        if (atom.type === "symbol") found.add(atom);
        else for (const arg of atom.args) for (const s of symbolsOf(arg)) found.add(s);
      }
    }
    symbols = found;
    symbolSets.set(d, symbols);
  }
  return symbols;
}

/** Whether some symbol occurs in both. */
export function shareSymbols(a: Dim, b: Dim): boolean {
  const [few, many] = [symbolsOf(a), symbolsOf(b)];
  for (const s of few) if (many.has(s)) return true;
  return false;
}

const atomKeys = new WeakMap<Dim, ReadonlySet<string>>();

/** The keys of all atoms that occur in a dimension, those inside of others included. */
export function atomKeysOf(d: Dim): ReadonlySet<string> {
  let keys = atomKeys.get(d);
  if (keys === undefined) {
    const found = new Set<string>();
    for (const term of d.terms) {
      for (const { atom } of term.factors) {
        found.add(atom.key);
        if (atom.type === "opaque") for (const arg of atom.args) for (const key of atomKeysOf(arg)) found.add(key);
      }
    }
    keys = found;
    atomKeys.set(d, keys);
  }
  return keys;
}

/** True for a symbol that nobody can call by a name. */
export function isNameless(s: Sym): boolean {
  return s.kind === "unknown" || s.name === "?";
}

export function mentionsUnknown(d: Dim): boolean {
  for (const s of symbolsOf(d)) if (isNameless(s)) return true;
  return false;
}
