/**
 * Sums, products and powers of dimensions, which stay polynomials. It knows neither division nor facts.
 */
import {
  type Atom,
  type Dim,
  type Factor,
  type Term,
  asNumber,
  constant,
  keyOfFactors,
  ofTerms,
  opaque,
  unknownDim,
} from "./dim.ts";

/** Products of polynomials with more terms than this are kept as they are written. */
const mostTerms = 48;

export function add(a: Dim, b: Dim): Dim {
  if (a.terms.length === 0) return b;
  if (b.terms.length === 0) return a;
  return combine(a, b, 1);
}

export function subtract(a: Dim, b: Dim): Dim {
  if (b.terms.length === 0) return a;
  if (a.key === b.key) return constant(0);
  return combine(a, b, -1);
}

export function negate(a: Dim): Dim {
  return scale(a, -1);
}

/** a · n for a number n. */
export function scale(a: Dim, n: number): Dim {
  if (n === 1) return a;
  if (n === 0) return constant(0);
  return ofTerms(a.terms.map((term) => ({ ...term, coefficient: term.coefficient * n })));
}

/** a + sign · b, by merging two sorted lists of terms. */
function combine(a: Dim, b: Dim, sign: 1 | -1): Dim {
  const terms: Term[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const x = a.terms[i];
    const y = b.terms[j];
    if (x !== undefined && (y === undefined || x.key < y.key)) {
      terms.push(x);
      i++;
    } else if (y !== undefined && (x === undefined || y.key < x.key)) {
      terms.push(sign === 1 ? y : { ...y, coefficient: -y.coefficient });
      j++;
    } else if (x !== undefined && y !== undefined) {
      const coefficient = x.coefficient + sign * y.coefficient;
      if (coefficient !== 0) terms.push({ coefficient, factors: x.factors, key: x.key });
      i++;
      j++;
    } else {
      return ofTerms(terms);
    }
  }
}

export function multiply(a: Dim, b: Dim): Dim {
  const m = asNumber(a);
  if (m !== null) return scale(b, m);
  const n = asNumber(b);
  if (n !== null) return scale(a, n);
  const [x, y] = [a.terms[0], b.terms[0]];
  if (a.terms.length === 1 && b.terms.length === 1 && x && y) return ofTerms([multiplyTerms(x, y)]);
  if (a.terms.length * b.terms.length > mostTerms) {
    return opaque(
      "product",
      [a, b].sort((x, y) => (x.key < y.key ? -1 : 1)),
    );
  }
  return sumOfTerms(a.terms.flatMap((x) => b.terms.map((y) => multiplyTerms(x, y))));
}

/** The dimension of terms in any order, with repetitions. */
export function sumOfTerms(terms: readonly Term[]): Dim {
  if (terms.length === 1) return ofTerms(terms);
  const byKey = new Map<string, Term>();
  for (const term of terms) {
    const before = byKey.get(term.key);
    const coefficient = term.coefficient + (before?.coefficient ?? 0);
    byKey.set(term.key, before === undefined ? term : { ...term, coefficient });
  }
  const sorted = [...byKey.values()].filter((term) => term.coefficient !== 0);
  return ofTerms(sorted.sort((x, y) => (x.key < y.key ? -1 : 1)));
}

export function multiplyTerms(x: Term, y: Term): Term {
  const coefficient = x.coefficient * y.coefficient;
  if (x.factors.length === 0) return { ...y, coefficient };
  if (y.factors.length === 0) return { ...x, coefficient };
  const factors = multiplyFactors(x.factors, y.factors);
  return { coefficient, factors, key: keyOfFactors(factors) };
}

function multiplyFactors(x: readonly Factor[], y: readonly Factor[]): readonly Factor[] {
  const factors: Factor[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const p = x[i];
    const q = y[j];
    if (p !== undefined && (q === undefined || p.atom.key < q.atom.key)) {
      factors.push(p);
      i++;
    } else if (q !== undefined && (p === undefined || q.atom.key < p.atom.key)) {
      factors.push(q);
      j++;
    } else if (p !== undefined && q !== undefined) {
      factors.push({ atom: p.atom, power: p.power + q.power });
      i++;
      j++;
    } else {
      return factors;
    }
  }
}

/** a ** n. A negative n gives no integer in Python, so nothing is known of it here. */
export function power(a: Dim, n: number): Dim {
  if (n < 0 || !Number.isInteger(n)) return unknownDim(null, null);
  if (n === 0) return constant(1);
  const base = asNumber(a);
  if (base !== null) return constant(base ** n);
  if (n > 32) return unknownDim(null, null);
  let result = a;
  for (let i = 1; i < n; i++) result = multiply(result, a);
  return result;
}

export function product(dims: readonly Dim[]): Dim {
  return dims.reduce(multiply, constant(1));
}

/** x / y where y divides x, factors and coefficient; null where it does not. */
export function divideTerm(x: Term, y: Term): Term | null {
  if (x.coefficient % y.coefficient !== 0) return null;
  const factors = divideFactors(x.factors, y.factors);
  return factors && { coefficient: x.coefficient / y.coefficient, factors, key: keyOfFactors(factors) };
}

export function divideFactors(x: readonly Factor[], y: readonly Factor[]): readonly Factor[] | null {
  if (y.length === 0) return x;
  if (y.length > x.length) return null;
  const left = new Map<Atom["key"], Factor>(x.map((factor) => [factor.atom.key, factor]));
  for (const { atom, power } of y) {
    const held = left.get(atom.key);
    if (held === undefined || held.power < power) return null;
    if (held.power === power) left.delete(atom.key);
    else left.set(atom.key, { atom, power: held.power - power });
  }
  return [...left.values()];
}

/** The greatest term that divides every term of the given dimensions (coefficient positive). */
export function commonFactor(dims: readonly Dim[]): Term {
  let coefficient = 0;
  let factors: readonly Factor[] | null = null;
  for (const dim of dims) {
    for (const term of dim.terms) {
      coefficient = gcd(coefficient, term.coefficient);
      factors = factors === null ? term.factors : sharedFactors(factors, term.factors);
    }
  }
  return { coefficient: coefficient || 1, factors: factors ?? [], key: keyOfFactors(factors ?? []) };
}

function sharedFactors(x: readonly Factor[], y: readonly Factor[]): readonly Factor[] {
  return x.flatMap(({ atom, power }) => {
    const other = y.find((factor) => factor.atom.key === atom.key);
    return other === undefined ? [] : [{ atom, power: Math.min(power, other.power) }];
  });
}

export function gcd(a: number, b: number): number {
  let x = Math.abs(a);
  let y = Math.abs(b);
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** d / term, which must divide every term of d. */
export function divideExactly(d: Dim, term: Term): Dim {
  if (term.coefficient === 1 && term.factors.length === 0) return d;
  const quotients = d.terms.map((each) => divideTerm(each, term));
  return sumOfTerms(quotients.filter((each) => each !== null));
}
