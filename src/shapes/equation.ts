/**
 * Solving `difference = 0`: for a symbol, for a divisibility, or by seeing that two declared names clash.
 * It reads facts and changes none.
 */
import { commonFactor, divideExactly, multiply, negate, scale, subtract, sumOfTerms } from "./algebra.ts";
import {
  type Cause,
  type Dim,
  type Sym,
  asNumber,
  asSymbol,
  isNameless,
  keyOfFactors,
  mentionsUnknown,
  ofAtom,
  ofSymbol,
  symbolOfTerm,
  symbolsOf,
} from "./dim.ts";
import { type Bind, type Divisibility, type Facts, rangeUnder } from "./facts.ts";

/**
 * How sure a clash is: *proven* holds for every value of the symbols; *declared* and *commented* clashes
 * are of names that the author keeps apart.
 */
export type Certainty = "proven" | "declared" | "commented";

/** Two declared names clash where sizes must agree, and become one where the program has tested that they do. */
export type DeclaredNames = "clash" | "unite";

/**
 * B*T*C - B*T*n is zero where C - n is: no size is taken to be 0 that the code does not write as 0. What cannot be
 * known may be 0 where it is compared with that, as the number of the first turn of a loop is.
 */
export function cancelCommon(facts: Facts, difference: Dim): Dim {
  const common = commonFactor([difference]);
  const alone = difference.terms.length === 1;
  const isSize = (s: Sym): boolean => s.min !== null && !(alone && s.kind === "unknown");
  const factors = common.factors.filter(
    ({ atom }) => atom.type === "symbol" && (isSize(atom) || rangeUnder(facts, ofSymbol(atom)).low >= 1),
  );
  return divideExactly(difference, { coefficient: common.coefficient, factors, key: keyOfFactors(factors) });
}

/** For the difference of two declared symbols, how sure it is that the author keeps them apart. */
export function clashOfNames(difference: Dim): Certainty | null {
  const [x, y, more] = difference.terms;
  if (x === undefined || y === undefined || more !== undefined || x.coefficient !== -y.coefficient) return null;
  const [s, t] = [symbolOfTerm(x), symbolOfTerm(y)];
  if (s === null || t === null || Math.abs(x.coefficient) !== 1) return null;
  if (s.kind !== "declared" || t.kind !== "declared" || s.name === t.name) return null;
  // What a comment or a docstring calls by two names may well be one size.
  if (s.declaredBy === "comment" || t.declaredBy === "comment") return null;
  return s.declaredBy === t.declaredBy ? "declared" : "commented";
}

/** Finds n*(C // n) - C, which is zero exactly where n divides C. Nothing else may take part in the difference. */
export function divisibilityIn(difference: Dim, cause: Cause | null): Divisibility | null {
  for (const term of difference.terms) {
    for (const { atom } of term.factors) {
      if (atom.type !== "opaque" || atom.function !== "//") continue;
      const [dividend, divisor] = atom.args;
      if (dividend === undefined || divisor === undefined) continue;
      const remainder = subtract(dividend, multiply(divisor, ofAtom(atom)));
      if (isMultiple(difference, remainder)) return { dividend, divisor, cause };
    }
  }
  return null;
}

/** a = m·b for a number m, which makes a zero exactly where b is. */
function isMultiple(a: Dim, b: Dim): boolean {
  const [x, y] = [a.terms[0]?.coefficient ?? 0, b.terms[0]?.coefficient ?? 0];
  return a.terms.length === b.terms.length && scale(a, y).key === scale(b, x).key;
}

/** Solves for the symbol that had best give way, among those with coefficient 1 or -1 that occur nowhere else. */
export function solveForSymbol(difference: Dim, cause: Cause | null, names: DeclaredNames): Bind | null {
  let best: Bind | null = null;
  for (const term of difference.terms) {
    const symbol = symbolOfTerm(term);
    if (symbol === null || Math.abs(term.coefficient) !== 1) continue;
    const rest = subtract(difference, sumOfTerms([term]));
    if (symbolsOf(rest).has(symbol)) continue;
    const value = term.coefficient === 1 ? negate(rest) : rest;
    if (!mayStandFor(symbol, value, names)) continue;
    if (best === null || givesWay(symbol, best.symbol)) best = { symbol, value, cause };
  }
  return best;
}

/** A name that the author gave does not give way to something that has none. */
function mayStandFor(symbol: Sym, value: Dim, names: DeclaredNames): boolean {
  if (isNameless(symbol) || asNumber(value) !== null) return true;
  if (mentionsUnknown(value)) return false;
  return symbol.kind !== "declared" || (names === "unite" && asSymbol(value) !== null);
}

/** Which of two symbols is replaced by the other: nameless before named, inferred before declared, young before old. */
function givesWay(a: Sym, b: Sym): boolean {
  const difference = standing(a) - standing(b);
  return difference === 0 ? a.id > b.id : difference < 0;
}

function standing(s: Sym): number {
  if (isNameless(s)) return 0;
  return s.kind === "declared" ? 2 : 1;
}
