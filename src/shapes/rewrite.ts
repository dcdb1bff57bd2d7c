/**
 * Rewriting rules that facts give rise to: under `C % n == 0`, `n*(C // n)` is `C`, also inside larger products.
 */
import {
  commonFactor,
  divideExactly,
  divideFactors,
  multiply,
  multiplyTerms,
  scale,
  subtract,
  sumOfTerms,
} from "./algebra.ts";
import {
  type Dim,
  type Factor,
  type Term,
  asAtom,
  asNumber,
  asSymbol,
  constant,
  atomKeysOf,
  keyOfFactors,
} from "./dim.ts";
import { floorDivide, modulo } from "./divide.ts";
import { mapArguments, mapAtoms } from "./substitute.ts";

/** Wherever `pattern` divides a term, it is replaced by `value`. */
export interface Rule {
  readonly pattern: Term;
  readonly value: Dim;
}

/** Rules could feed each other; no chain that code gives rise to is longer than this. */
const mostRounds = 8;

export function rewrite(d: Dim, rules: readonly Rule[], rounds = mostRounds): Dim {
  if (!rules.some((rule) => mayApply(rule, d))) return d;
  let current = d;
  for (let round = 0; round < rounds; round++) {
    const inner = mapAtoms(current, (atom) =>
      atom.type === "symbol" ? null : mapArguments(atom, (arg) => rewrite(arg, rules, rounds - 1)),
    );
    const next = rules.reduce(applyRule, inner);
    if (next.key === current.key) return next;
    current = next;
  }
  return current;
}

/** A rule changes nothing in which an atom of its pattern does not occur. */
function mayApply({ pattern }: Rule, d: Dim): boolean {
  const keys = atomKeysOf(d);
  return pattern.factors.every(({ atom }) => keys.has(atom.key));
}

function applyRule(d: Dim, { pattern, value }: Rule): Dim {
  let rewritten: Dim | null = null;
  const untouched: Term[] = [];
  for (const term of d.terms) {
    const others = term.coefficient % pattern.coefficient === 0 && divideFactors(term.factors, pattern.factors);
    if (!others) {
      untouched.push(term);
      continue;
    }
    const times = sumOfTerms([
      { coefficient: term.coefficient / pattern.coefficient, factors: others, key: keyOfFactors(others) },
    ]);
    const replaced = multiply(times, value);
    rewritten = rewritten === null ? replaced : sumOfTerms([...rewritten.terms, ...replaced.terms]);
  }
  return rewritten === null ? d : sumOfTerms([...untouched, ...rewritten.terms]);
}

/** What `dividend % divisor == 0` allows: the remainder reads 0, and divisor · quotient reads dividend. */
export function rulesOfDivisibility(dividend: Dim, divisor: Dim): readonly Rule[] {
  const common = commonFactor([dividend, divisor]);
  const [a, b] = [divideExactly(dividend, common), divideExactly(divisor, common)];
  const rules: Rule[] = [];
  const remainder = opaqueFactor(modulo(a, b), "%");
  if (remainder !== null) {
    rules.push({ pattern: { coefficient: 1, factors: [remainder], key: remainder.atom.key }, value: constant(0) });
  }
  const [only] = b.terms;
  if (only === undefined || b.terms.length > 1) return rules;
  const quotient = floorDivide(a, b);
  const inexact = quotient.terms.filter((term) => term.factors.some(isQuotient));
  const [term] = inexact;
  if (term === undefined || inexact.length > 1) return rules;
  const rest = subtract(quotient, sumOfTerms([term]));
  const rule = positive(multiplyTerms(only, term), subtract(a, multiply(b, rest)));
  return isSound(rule) ? [...rules, rule] : rules;
}

/** Of an equation between a product and something shorter, the product gives way. */
export function ruleOfEquation(left: Dim, right: Dim): readonly Rule[] {
  for (const [long, short] of [
    [left, right],
    [right, left],
  ] as const) {
    const [only] = long.terms;
    if (only === undefined || long.terms.length > 1 || !isShorter(short, long)) continue;
    const rule = positive(only, short);
    if (isSound(rule)) return [rule];
  }
  return [];
}

/** B*T gives way to D, 4*C to D, and C // n to 2. */
function isShorter(short: Dim, long: Dim): boolean {
  if (asNumber(short) !== null && asAtom(long)?.type === "opaque") return true;
  const degrees = degree(long) - degree(short);
  return degree(long) > 1 ? degrees > 0 : degrees === 0 && asSymbol(short) !== null && asSymbol(long) === null;
}

function positive(pattern: Term, value: Dim): Rule {
  if (pattern.coefficient > 0) return { pattern, value };
  return { pattern: { ...pattern, coefficient: -pattern.coefficient }, value: scale(value, -1) };
}

/** A rule whose value contains its own pattern would never come to rest. */
function isSound({ pattern, value }: Rule): boolean {
  if (!Number.isSafeInteger(pattern.coefficient) || pattern.factors.length === 0) return false;
  return value.terms.every((term) => divideFactors(term.factors, pattern.factors) === null);
}

function degree(d: Dim): number {
  return Math.max(0, ...d.terms.map((term) => term.factors.reduce((total, factor) => total + factor.power, 0)));
}

function isQuotient({ atom }: Factor): boolean {
  return atom.type === "opaque" && atom.function === "//";
}

function opaqueFactor(d: Dim, name: "%"): Factor | null {
  const [term] = d.terms;
  if (term === undefined || d.terms.length > 1) return null;
  const found = term.factors.find(({ atom }) => atom.type === "opaque" && atom.function === name);
  return found === undefined || found.power > 1 ? null : found;
}
