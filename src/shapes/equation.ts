/**
 * What an equation between two dimensions teaches: binds, divisibility, or that it can never hold.
 */
import { commonFactor, divideExactly, negate, subtract, sumOfTerms } from "./algebra.ts";
import {
  type Cause,
  type Dim,
  type Sym,
  type Term,
  asNumber,
  asSymbol,
  isNameless,
  mentionsUnknown,
  ofSymbol,
  symbolsOf,
} from "./dim.ts";
import { modulo } from "./divide.ts";
import { type Bind, type Equation, type Facts, isNeverZero, rangeUnder, read } from "./facts.ts";
import { type Rule, rewrite, rulesOfDivisibility } from "./rewrite.ts";

/**
 * How sure a clash is: *proven* holds for every value of the symbols; *declared* and *commented* clashes
 * are of names that the author keeps apart.
 */
export type Certainty = "proven" | "declared" | "commented";

export type Verdict =
  | { readonly answer: "yes" | "maybe" }
  | { readonly answer: "no"; readonly certainty: Certainty; readonly left: Dim; readonly right: Dim };

export interface Learnt {
  readonly facts: Facts;
  readonly verdict: Verdict;
}

/** Two declared names clash where sizes must agree, and become one where the program has tested that they do. */
export type DeclaredNames = "clash" | "unite";

export const yes: Verdict = { answer: "yes" };
export const maybe: Verdict = { answer: "maybe" };

export function clash(left: Dim, right: Dim, certainty: Certainty = "proven"): Verdict {
  return { answer: "no", certainty, left, right };
}

/** Learns a = b, which must hold for the program to go on. */
export function learnEqual(facts: Facts, a: Dim, b: Dim, cause: Cause | null, names: DeclaredNames): Learnt {
  const left = read(facts, a, "strong");
  const right = read(facts, b, "strong");
  const difference = read(facts, subtract(left, right), "strong");
  if (difference.terms.length === 0) return { facts, verdict: yes };
  if (isNeverZero(facts, difference)) return { facts, verdict: clash(left, right) };
  const reduced = cancelCommon(facts, difference);
  const certainty = names === "clash" ? clashOfNames(reduced) : null;
  if (certainty !== null) return { facts, verdict: clash(left, right, certainty) };
  const learnt = solve(facts, reduced, cause, names);
  return isConsistent(learnt) ? { facts: learnt, verdict: maybe } : { facts, verdict: clash(left, right) };
}

/** B*T*C - B*T*n is zero where C - n is, since B and T are sizes that are not 0. */
function cancelCommon(facts: Facts, difference: Dim): Dim {
  const common = commonFactor([difference]);
  const factors = common.factors.filter(
    ({ atom }) => atom.type === "symbol" && (atom.min !== null || rangeUnder(facts, ofSymbol(atom)).low >= 1),
  );
  const key = factors.map(({ atom }) => atom.key).join("*");
  return divideExactly(difference, { coefficient: common.coefficient, factors, key });
}

/** For the difference of two declared symbols, how sure it is that the author keeps them apart. */
export function clashOfNames(difference: Dim): Certainty | null {
  const [x, y, more] = difference.terms;
  if (x === undefined || y === undefined || more !== undefined || x.coefficient !== -y.coefficient) return null;
  const [s, t] = [symbolOfTerm(x), symbolOfTerm(y)];
  if (s === null || t === null || Math.abs(x.coefficient) !== 1) return null;
  if (s.kind !== "declared" || t.kind !== "declared" || s.name === t.name) return null;
  return s.declaredBy === t.declaredBy && s.declaredBy !== "comment" ? "declared" : "commented";
}

function symbolOfTerm(term: Term): Sym | null {
  const [factor] = term.factors;
  return factor?.power === 1 && term.factors.length === 1 && factor.atom.type === "symbol" ? factor.atom : null;
}

/** Keeps what difference = 0 says in the form that helps most. */
function solve(facts: Facts, difference: Dim, cause: Cause | null, names: DeclaredNames): Facts {
  const division = divisibilityIn(difference);
  if (division !== null) return withDivisibility(facts, division.dividend, division.divisor);
  const bind = solveForSymbol(difference, cause, names);
  return bind !== null ? withBind(facts, bind) : withEquation(facts, difference, cause);
}

/** Finds n*(C // n) - C, which is zero exactly where n divides C. */
function divisibilityIn(difference: Dim): { readonly dividend: Dim; readonly divisor: Dim } | null {
  for (const term of difference.terms) {
    for (const { atom } of term.factors) {
      if (atom.type !== "opaque" || atom.function !== "//") continue;
      const [dividend, divisor] = atom.args;
      if (dividend === undefined || divisor === undefined) continue;
      const rules: readonly Rule[] = rulesOfDivisibility(dividend, divisor);
      if (rewrite(difference, rules).terms.length === 0) return { dividend, divisor };
    }
  }
  return null;
}

/** Solves for the symbol that had best give way, among those with coefficient 1 or -1 that occur nowhere else. */
function solveForSymbol(difference: Dim, cause: Cause | null, names: DeclaredNames): Bind | null {
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
export function givesWay(a: Sym, b: Sym): boolean {
  const difference = standing(a) - standing(b);
  return difference === 0 ? a.id > b.id : difference < 0;
}

function standing(s: Sym): number {
  if (isNameless(s)) return 0;
  return s.kind === "declared" ? 2 : 1;
}

/** Binds strongly. `bind.value` must have been read strongly, so that binds never run in a circle. */
export function withBind(facts: Facts, bind: Bind): Facts {
  const binds = new Map(facts.binds).set(bind.symbol.id, bind);
  let result: Facts = { ...facts, binds };
  const { min } = bind.symbol;
  if (min !== null && rangeUnder(facts, bind.value).low < min) result = withMinimum(result, bind.value, min);
  return reassume(result);
}

export function withMinimum(facts: Facts, dim: Dim, min: number): Facts {
  return { ...facts, minima: [...facts.minima, { dim, min }] };
}

export function withDivisibility(facts: Facts, dividend: Dim, divisor: Dim): Facts {
  return reassume({ ...facts, divisibilities: [...facts.divisibilities, { dividend, divisor }] });
}

/** Keeps positive terms on the left and negative ones on the right, so that both sides read as sizes. */
function withEquation(facts: Facts, difference: Dim, cause: Cause | null): Facts {
  const left = sumOfTerms(difference.terms.filter((term) => term.coefficient > 0));
  const right = negate(sumOfTerms(difference.terms.filter((term) => term.coefficient < 0)));
  return reassume({ ...facts, equations: [...facts.equations, { left, right, cause }] });
}

/** Works out again what the assumptions say under changed strong facts; those that cannot hold any more go. */
function reassume(facts: Facts): Facts {
  if (facts.assumptions.length === 0) return facts;
  const bare: Facts = { ...facts, assumptions: [], assumed: new Map() };
  return facts.assumptions.reduce((sofar, assumption) => assume(sofar, assumption) ?? sofar, bare);
}

/** Adds an assumption; null where it contradicts what is known or assumed. */
export function assume(facts: Facts, assumption: Equation): Facts | null {
  const left = read(facts, assumption.left, "assumed");
  const right = read(facts, assumption.right, "assumed");
  const assumptions = [...facts.assumptions, assumption];
  const difference = subtract(left, right);
  if (difference.terms.length === 0) return { ...facts, assumptions };
  if (isNeverZero(facts, difference)) return null;
  const bind = solveForSymbol(difference, assumption.cause, "clash");
  if (bind === null) return { ...facts, assumptions };
  return { ...facts, assumptions, assumed: new Map(facts.assumed).set(bind.symbol.id, bind) };
}

/** False where facts that were learnt earlier can no longer hold. */
export function isConsistent(facts: Facts): boolean {
  return (
    facts.minima.every(({ dim, min }) => rangeUnder(facts, read(facts, dim, "strong")).high >= min) &&
    facts.divisibilities.every(({ dividend, divisor }) => {
      const rest = modulo(read(facts, dividend, "strong"), read(facts, divisor, "strong"));
      return !isNeverZero(facts, rest);
    }) &&
    facts.equations.every(({ left, right }) => !isNeverZero(facts, read(facts, subtract(left, right), "strong")))
  );
}
