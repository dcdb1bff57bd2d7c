/**
 * Python's floor division and modulo on dimensions: exact where the polynomial allows it, opaque where not.
 * A divisor is never 0 where a result exists, because Python raises then; so `(C*n) // n` is `C`.
 */
import {
  add,
  commonFactor,
  divideExactly,
  divideTerm,
  multiply,
  multiplyTerms,
  negate,
  scale,
  subtract,
  sumOfTerms,
} from "./algebra.ts";
import { rangeOf } from "./bounds.ts";
import { type Atom, type Dim, type Opaque, type Term, asNumber, constant, ofAtom, opaque, unknownDim } from "./dim.ts";

/** a // b */
export function floorDivide(a: Dim, b: Dim): Dim {
  const divisor = asNumber(b);
  if (divisor === 0) return unknownDim(null, null);
  if (divisor === 1 || a.terms.length === 0) return a;
  const dividend = asNumber(a);
  if (dividend !== null && divisor !== null) {
    return constant((dividend - pythonRemainder(dividend, divisor)) / divisor);
  }
  if (a.key === b.key) return constant(1);
  return dividend === null ? remembered(quotients, a, b, divide) : divide(a, b);
}

function divide(a: Dim, b: Dim): Dim {
  if (leadsNegative(b)) return floorDivide(negate(a), negate(b));
  const common = commonFactor([a, b]);
  if (common.coefficient !== 1 || common.factors.length > 0) {
    return floorDivide(divideExactly(a, common), divideExactly(b, common));
  }
  const positive = rangeOf(b).low >= 0;
  if (positive && isNegated(a)) return negate(add(floorDivide(subtract(negate(a), constant(1)), b), constant(1)));
  const plain = withoutRemainders(a);
  if (isPlainer(plain, a, b)) return floorDivide(plain, b);
  const { quotient, rest } = split(a, b);
  if (quotient.terms.length > 0) return add(quotient, floorDivide(rest, b));
  if (positive && isBelow(a, b)) return constant(0);
  return (positive && mergeNested(a, b)) || opaque("//", [a, b]);
}

/** a % b */
export function modulo(a: Dim, b: Dim): Dim {
  const divisor = asNumber(b);
  if (divisor === 0) return unknownDim(null, null);
  if (divisor === 1 || a.terms.length === 0 || a.key === b.key) return constant(0);
  const dividend = asNumber(a);
  if (dividend !== null && divisor !== null) return constant(pythonRemainder(dividend, divisor));
  return dividend === null ? remembered(remainders, a, b, remainderOf) : remainderOf(a, b);
}

function remainderOf(a: Dim, b: Dim): Dim {
  if (leadsNegative(b)) return negate(modulo(negate(a), negate(b)));
  const common = commonFactor([a, b]);
  if (common.coefficient !== 1 || common.factors.length > 0) {
    return multiply(sumOfTerms([common]), modulo(divideExactly(a, common), divideExactly(b, common)));
  }
  const plain = withoutRemainders(a);
  if (isPlainer(plain, a, b)) return modulo(plain, b);
  const { quotient, rest } = split(a, b);
  if (quotient.terms.length > 0) return modulo(rest, b);
  const absorbed = absorbRemainders(a, b);
  if (absorbed !== null) return modulo(absorbed, b);
  return rangeOf(b).low >= 0 && isBelow(a, b) ? a : opaque("%", [a, b]);
}

/** The same dimension with `x - n*(x // n)` for every `x % n`: T - T % 4 becomes 4*(T // 4). */
export function withoutRemainders(d: Dim): Dim {
  let plain = d;
  for (const term of d.terms) {
    const atom = term.factors.find((factor) => factor.power === 1 && isRemainder(factor.atom))?.atom;
    const [x, n] = atom?.type === "opaque" ? atom.args : [];
    const times =
      atom === undefined ? null : divideTerm(term, { coefficient: 1, factors: [{ atom, power: 1 }], key: atom.key });
    if (x === undefined || n === undefined || times === null) continue;
    const whole = subtract(x, multiply(n, floorDivide(x, n)));
    plain = add(subtract(plain, sumOfTerms([term])), multiply(sumOfTerms([times]), whole));
  }
  return plain;
}

/** Whether writing out remainders has made a dividend simpler, or one that comes out whole. */
function isPlainer(plain: Dim, a: Dim, b: Dim): boolean {
  return plain !== a && (plain.terms.length < a.terms.length || split(plain, b).rest.terms.length === 0);
}

function isRemainder(atom: Atom): boolean {
  return atom.type === "opaque" && atom.function === "%";
}

type Results = WeakMap<Dim, Map<string, Dim>>;

const quotients: Results = new WeakMap();
const remainders: Results = new WeakMap();

/** The same sizes are divided over and over. Results live as long as the dividend, which for numbers would be for ever. */
function remembered(results: Results, a: Dim, b: Dim, calculate: (a: Dim, b: Dim) => Dim): Dim {
  let ofDividend = results.get(a);
  if (ofDividend === undefined) results.set(a, (ofDividend = new Map<string, Dim>()));
  let result = ofDividend.get(b.key);
  if (result === undefined) ofDividend.set(b.key, (result = calculate(a, b)));
  return result;
}

/** The least integer not below a / b. */
export function ceilDivide(a: Dim, b: Dim): Dim {
  if (rangeOf(b).low >= 0) return floorDivide(add(a, subtract(b, constant(1))), b);
  return negate(floorDivide(negate(a), b));
}

function pythonRemainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function leadsNegative(d: Dim): boolean {
  return (d.terms.at(-1)?.coefficient ?? 0) < 0;
}

/** -C, or 1 - C: what is better said as one minus the quotient of its opposite. */
function isNegated(d: Dim): boolean {
  const variable = d.terms.filter((term) => term.factors.length > 0);
  return (variable.length > 0 ? variable : d.terms).every((term) => term.coefficient < 0);
}

/** 0 <= a < b, provably. */
function isBelow(a: Dim, b: Dim): boolean {
  return rangeOf(a).low >= 0 && rangeOf(subtract(b, a)).low >= 1;
}

/** a = quotient · b + rest, taking out of a what divides. */
function split(a: Dim, b: Dim): { readonly quotient: Dim; readonly rest: Dim } {
  const [only] = b.terms;
  if (only === undefined || b.terms.length > 1) return splitByPolynomial(a, b);
  const quotients: Term[] = [];
  const rests: Term[] = [];
  for (const term of a.terms) {
    const factors = divideTerm({ ...term, coefficient: 1 }, { ...only, coefficient: 1 });
    const times = factors === null ? 0 : Math.floor(term.coefficient / only.coefficient);
    const left = term.coefficient - times * only.coefficient;
    if (factors !== null && times !== 0) quotients.push({ ...factors, coefficient: times });
    if (left !== 0) rests.push({ ...term, coefficient: left });
  }
  return { quotient: sumOfTerms(quotients), rest: sumOfTerms(rests) };
}

/** Long division by a sum. It is only worth its result where it leaves a shorter rest. */
function splitByPolynomial(a: Dim, b: Dim): { readonly quotient: Dim; readonly rest: Dim } {
  const leading = leadingTerm(b);
  let quotient = constant(0);
  let rest = a;
  for (let steps = 0; steps < 16; steps++) {
    const step = rest.terms.map((term) => divideTerm(term, leading)).find((term) => term !== null);
    if (step === undefined) break;
    quotient = add(quotient, sumOfTerms([step]));
    rest = subtract(rest, sumOfTerms(b.terms.map((term) => multiplyTerms(term, step))));
  }
  return rest.terms.length < a.terms.length ? { quotient, rest } : { quotient: constant(0), rest: a };
}

/** The term of the highest degree; of several, the last by key. */
function leadingTerm(d: Dim): Term {
  const degree = (term: Term) => term.factors.reduce((total, factor) => total + factor.power, 0);
  return d.terms.reduce((best, term) => (degree(term) >= degree(best) ? term : best));
}

/** (x // p + rest) // q = (x + p·rest) // (p·q) for q > 0, as two strides in a row make it. */
function mergeNested(a: Dim, b: Dim): Dim | null {
  const inner = a.terms.flatMap((term) => {
    const [factor] = term.factors;
    const single = factor !== undefined && term.factors.length === 1 && factor.power === 1 && term.coefficient === 1;
    return single && factor.atom.type === "opaque" && factor.atom.function === "//" ? [factor.atom] : [];
  });
  const [only] = inner;
  const [x, p] = only?.args ?? [];
  if (only === undefined || inner.length > 1 || x === undefined || p === undefined) return null;
  const rest = subtract(a, ofAtom(only));
  return floorDivide(add(x, multiply(p, rest)), multiply(p, b));
}

/** (x % n + y) % n = (x + y) % n, also where the inner divisor is a multiple of the outer one. */
function absorbRemainders(a: Dim, b: Dim): Dim | null {
  let changed = false;
  const parts = a.terms.map((term) => {
    const [factor] = term.factors;
    const atom = factor !== undefined && term.factors.length === 1 && factor.power === 1 ? factor.atom : null;
    const x = atom?.type === "opaque" ? absorbed(atom, b) : null;
    if (x === null) return sumOfTerms([term]);
    changed = true;
    return scale(x, term.coefficient);
  });
  return changed ? parts.reduce(add, constant(0)) : null;
}

function absorbed(atom: Opaque, b: Dim): Dim | null {
  const [x, inner] = atom.args;
  if (atom.function !== "%" || x === undefined || inner === undefined) return null;
  return split(inner, b).rest.terms.length === 0 ? x : null;
}
