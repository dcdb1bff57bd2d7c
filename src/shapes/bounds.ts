/**
 * Between which numbers a dimension lies, from the least values of its symbols, by interval arithmetic.
 * It knows no equations between symbols, but what rounding down takes away at most.
 */
import { add, divideTerm, multiply, scale, subtract } from "./algebra.ts";
import { type Atom, type Dim, type Opaque, type Sym, type Term, asNumber, ofAtom, ofTerms } from "./dim.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The range of values of a symbol. */
export type SymbolRange = (s: Sym) => Interval;

const everything: Interval = { low: -Infinity, high: Infinity };

export const declaredRange: SymbolRange = (s) => ({ low: s.min ?? -Infinity, high: Infinity });

export function rangeOf(d: Dim, ofSymbol: SymbolRange = declaredRange): Interval {
  if (d.terms.length < 2) return rangeOfSum(d, ofSymbol);
  let ranges = known.get(ofSymbol);
  if (ranges === undefined) known.set(ofSymbol, (ranges = new WeakMap()));
  let range = ranges.get(d);
  if (range === undefined) {
    range = rangeOfSum(d, ofSymbol);
    if (range.low < 0 || range.high === Infinity)
      range = d.terms.reduce((sofar, term) => narrowed(sofar, d, term, ofSymbol), range);
    ranges.set(d, range);
  }
  return range;
}

/** Quotients of quotients ask for the same ranges over and over. */
const known = new WeakMap<SymbolRange, WeakMap<Dim, Interval>>();

/** Replaces a quotient in one term by what it is without rounding: in C - 2*(C // 2) only the rounding is left. */
function narrowed(range: Interval, d: Dim, term: Term, ofSymbol: SymbolRange): Interval {
  const remainder = term.factors.find(({ atom }) => atom.type === "opaque" && atom.function === "%")?.atom;
  if (remainder?.type === "opaque") return withoutRemainder(range, d, term, remainder, ofSymbol);
  const atom = term.factors.find(({ atom }) => atom.type === "opaque" && atom.function === "//")?.atom;
  const [a, b] = atom?.type === "opaque" ? atom.args : [];
  if (atom === undefined || a === undefined || b === undefined) return range;
  const [rest, divisor] = [subtract(d, ofTerms([term])), rangeOfSum(b, ofSymbol)];
  const [only] = b.terms;
  const [own] = ofAtom(atom).terms;
  if (divisor.low < 0 || only === undefined || b.terms.length > 1 || own === undefined) return range;
  const times = divideTerm(term, own);
  if (times === null) return range;
  const number = asNumber(b);
  const without = number === null ? divideTerm(times, only) : times;
  if (without === null) return between(range, rest, times, a, ofSymbol);
  const factor = number ?? 1;
  // factor · d = factor · rest + without · (a - a % b)
  const whole = rangeOfSum(add(scale(rest, factor), multiply(ofTerms([without]), a)), ofSymbol);
  const lost = timesRange(rangeOfTerm(without, ofSymbol), { low: 0, high: Math.max(0, divisor.high - 1) });
  return {
    low: Math.max(range.low, Math.ceil((whole.low - lost.high) / factor)),
    high: Math.min(range.high, Math.floor((whole.high - lost.low) / factor)),
  };
}

/** T - T % 4 is 4·(T // 4). */
function withoutRemainder(range: Interval, d: Dim, term: Term, atom: Opaque, ofSymbol: SymbolRange): Interval {
  const [x, b] = atom.args;
  const [own] = ofAtom(atom).terms;
  const times = own === undefined ? null : divideTerm(term, own);
  if (x === undefined || b === undefined || times === null) return range;
  const rest = rangeOfSum(add(subtract(d, ofTerms([term])), multiply(ofTerms([times]), x)), ofSymbol);
  const by = rangeOfSum(b, ofSymbol);
  const taken = timesRange(rangeOfTerm(times, ofSymbol), timesRange(by, quotient(rangeOfSum(x, ofSymbol), by)));
  return { low: Math.max(range.low, rest.low - taken.high), high: Math.min(range.high, rest.high - taken.low) };
}

/** The quotient of something that is not negative lies between 0 and it. */
function between(range: Interval, rest: Dim, times: Term, a: Dim, ofSymbol: SymbolRange): Interval {
  if (rangeOfSum(a, ofSymbol).low < 0) return range;
  const ends = [rangeOfSum(rest, ofSymbol), rangeOfSum(add(rest, multiply(ofTerms([times]), a)), ofSymbol)];
  const sign = rangeOfTerm(times, ofSymbol);
  if (sign.low < 0 && sign.high > 0) return range;
  return {
    low: Math.max(range.low, Math.min(...ends.map(({ low }) => low))),
    high: Math.min(range.high, Math.max(...ends.map(({ high }) => high))),
  };
}

function rangeOfSum(d: Dim, ofSymbol: SymbolRange): Interval {
  let low = 0;
  let high = 0;
  for (const term of d.terms) {
    const range = rangeOfTerm(term, ofSymbol);
    low += range.low;
    high += range.high;
    ({ low, high } = trusted(low, high));
  }
  return { low, high };
}

/** Beyond the safe integers floating-point numbers round; a bound there is given up or drawn in, so that it stays true. */
function trusted(low: number, high: number): Interval {
  const most = Number.MAX_SAFE_INTEGER;
  return {
    low: low < -most ? -Infinity : Math.min(low, most),
    high: high > most ? Infinity : Math.max(high, -most),
  };
}

function rangeOfTerm(term: Term, ofSymbol: SymbolRange): Interval {
  let range: Interval = { low: term.coefficient, high: term.coefficient };
  for (const { atom, power } of term.factors) {
    range = timesRange(range, raised(rangeOfAtom(atom, ofSymbol), power));
  }
  return range;
}

function rangeOfAtom(atom: Atom, ofSymbol: SymbolRange): Interval {
  return atom.type === "symbol" ? ofSymbol(atom) : rangeOfOpaque(atom, ofSymbol);
}

function rangeOfOpaque(atom: Opaque, ofSymbol: SymbolRange): Interval {
  const ranges = atom.args.map((arg) => rangeOf(arg, ofSymbol));
  const [a = everything, b = everything] = ranges;
  switch (atom.function) {
    case "//":
      return quotient(a, b);
    case "%":
      return remainder(a, b);
    case "min":
      return { low: Math.min(...ranges.map((r) => r.low)), high: Math.min(...ranges.map((r) => r.high)) };
    case "max":
      return { low: Math.max(...ranges.map((r) => r.low)), high: Math.max(...ranges.map((r) => r.high)) };
    case "abs":
      return { low: Math.max(0, a.low, -a.high), high: Math.max(-a.low, a.high) };
    case "product":
      return ranges.reduce(timesRange, { low: 1, high: 1 });
    default:
      return atom.function satisfies never;
  }
}

function timesRange(a: Interval, b: Interval): Interval {
  const corners = [by(a.low, b.low), by(a.low, b.high), by(a.high, b.low), by(a.high, b.high)];
  return trusted(Math.min(...corners), Math.max(...corners));
}

/** Zero times an unlimited bound is zero: the bound is a number that is merely not known. */
function by(x: number, y: number): number {
  return x === 0 || y === 0 ? 0 : x * y;
}

function raised(range: Interval, power: number): Interval {
  if (power === 1) return range;
  if (power % 2 === 1 || range.low >= 0) return trusted(range.low ** power, range.high ** power);
  const most = Math.max(Math.abs(range.low), Math.abs(range.high)) ** power;
  return trusted(range.high < 0 ? Math.abs(range.high) ** power : 0, most);
}

/** The divisor is never 0 (Python would have raised), so a divisor that is not negative is at least 1. */
function quotient(a: Interval, b: Interval): Interval {
  const least = Math.max(b.low, 1);
  if (b.low < 0) return b.high > 0 ? everything : quotient(flipped(a), flipped(b));
  const low = a.low >= 0 ? a.low / b.high : a.low / least;
  const high = a.high >= 0 ? a.high / least : a.high / b.high;
  return { low: Math.floor(low), high: a.high < 0 ? Math.min(-1, Math.floor(high)) : Math.floor(high) };
}

function remainder(a: Interval, b: Interval): Interval {
  if (b.low < 0) return b.high > 0 ? everything : flipped(remainder(flipped(a), flipped(b)));
  return { low: 0, high: a.low >= 0 ? Math.min(a.high, b.high - 1) : b.high - 1 };
}

function flipped(range: Interval): Interval {
  return { low: -range.high, high: -range.low };
}
