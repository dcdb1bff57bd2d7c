/**
 * What is known about symbols at one point of a program, as immutable data, and how a dimension reads under it.
 * It does not decide what may be learnt; `learn.ts` does.
 *
 * A bind is *strong* where the program cannot go on without it. An *assumption* is an equation that holds
 * unless a size is 0 or 1; what follows from assumptions is kept apart and worked out anew with every strong fact.
 */
import { add, gcd, negate, subtract, sumOfTerms } from "./algebra.ts";
import { type Interval, type SymbolRange, rangeOf } from "./bounds.ts";
import {
  type Cause,
  type Dim,
  type Sym,
  asAtom,
  asNumber,
  asSymbol,
  atomKeysOf,
  shareSymbols,
  symbolOfTerm,
  symbolsOf,
} from "./dim.ts";
import { withoutRemainders } from "./divide.ts";
import { maximum, minimum } from "./extremes.ts";
import { entryOf } from "./maps.ts";
import { type Rule, rewrite, ruleOfEquation, rulesOfDivisibility } from "./rewrite.ts";
import type { Shape } from "./shape.ts";
import { mapArguments, mapAtoms, substitute } from "./substitute.ts";

export interface Bind {
  readonly symbol: Sym;
  readonly value: Dim;
  readonly cause: Cause | null;
}

export interface Equation {
  readonly left: Dim;
  readonly right: Dim;
  readonly cause: Cause | null;
}

export interface Divisibility {
  readonly dividend: Dim;
  readonly divisor: Dim;
  readonly cause: Cause | null;
}

export interface Minimum {
  readonly dim: Dim;
  readonly min: number;
}

export interface Facts {
  /** Strong binds by symbol id. Their values never lead back to the symbol. */
  readonly binds: ReadonlyMap<number, Bind>;
  /** What follows from `assumptions` beyond the strong binds. */
  readonly assumed: ReadonlyMap<number, Bind>;
  readonly assumptions: readonly Equation[];
  readonly leads: ReadonlyMap<number, Shape>;
  readonly minima: readonly Minimum[];
  readonly divisibilities: readonly Divisibility[];
  /** Equations that no bind expresses, such as `D = H*K` between declared sizes. */
  readonly equations: readonly Equation[];
}

export const noFacts: Facts = {
  binds: new Map(),
  assumed: new Map(),
  assumptions: [],
  leads: new Map(),
  minima: [],
  divisibilities: [],
  equations: [],
};

/** Whether a reading uses what only assumptions say. */
export type Trust = "strong" | "assumed";

/** What is worked out once under the same binds, by the keys of dimensions; facts that share their binds share it. */
type Bound = Map<string, Dim>;

/** What is worked out once under the same binds, divisibilities and equations. */
interface Ruled {
  readonly rules: readonly Rule[];
  readonly read: Map<string, Dim>;
  readonly bounds: WeakMap<readonly Minimum[], Bounds>;
}

/** What is worked out once when minima come to that. */
interface Bounds {
  minima: Minima | null;
  readonly read: Map<string, Dim>;
}

interface Minima {
  readonly ofSymbol: SymbolRange;
  readonly ofSums: readonly Minimum[];
}

const boundStrongly = new WeakMap<Facts["binds"], Bound>();
const boundByAssumption = new WeakMap<Facts["binds"], WeakMap<Facts["assumed"], Bound>>();
const ruled = new WeakMap<Bound, WeakMap<Facts["divisibilities"], WeakMap<Facts["equations"], Ruled>>>();

function boundUnder({ binds, assumed }: Facts, trust: Trust): Bound {
  if (trust === "strong" || assumed.size === 0) return entryOf(boundStrongly, binds, () => new Map());
  return entryOf(
    entryOf(boundByAssumption, binds, () => new WeakMap()),
    assumed,
    () => new Map(),
  );
}

function ruledUnder(facts: Facts, trust: Trust): Ruled {
  const byDivisibilities = entryOf(ruled, boundUnder(facts, trust), () => new WeakMap());
  const byEquations = entryOf(byDivisibilities, facts.divisibilities, () => new WeakMap());
  return entryOf(byEquations, facts.equations, () => ({
    rules: rulesOf(facts, trust),
    read: new Map(),
    bounds: new WeakMap(),
  }));
}

function boundsUnder(facts: Facts, trust: Trust): Bounds {
  return entryOf(ruledUnder(facts, trust).bounds, facts.minima, () => ({ minima: null, read: new Map() }));
}

/** The dimension under all facts. */
export function read(facts: Facts, d: Dim, trust: Trust): Dim {
  if (asNumber(d) !== null) return d;
  const plain = readByRules(facts, d, trust);
  if (facts.minima.length === 0 || !mentionsExtremes(plain)) return plain;
  return entryOf(boundsUnder(facts, trust).read, plain.key, () => settleExtremes(facts, plain));
}

function readByRules(facts: Facts, d: Dim, trust: Trust): Dim {
  const bound = readBinds(facts, d, trust);
  if (facts.divisibilities.length === 0 && facts.equations.length === 0) return bound;
  const { rules, read: known } = ruledUnder(facts, trust);
  return entryOf(known, bound.key, () => rewrite(bound, rules));
}

function mentionsExtremes(d: Dim): boolean {
  for (const key of atomKeysOf(d)) if (key.startsWith("min(") || key.startsWith("max(")) return true;
  return false;
}

/** Under `T <= block_size`, `min(T, block_size)` is `T`. */
function settleExtremes(facts: Facts, d: Dim): Dim {
  return mapAtoms(d, (atom) => {
    if (atom.type === "symbol") return null;
    const inner = mapArguments(atom, (arg) => settleExtremes(facts, arg));
    const settled = inner === null ? atom : asAtom(inner);
    if (settled?.type !== "opaque" || (settled.function !== "min" && settled.function !== "max")) return inner;
    const kept = withoutBeaten(facts, settled.function, settled.args);
    if (kept.length === settled.args.length) return inner;
    return settled.function === "min" ? minimum(...kept) : maximum(...kept);
  });
}

/** Leaves out what is never the least, or never the greatest. */
function withoutBeaten(facts: Facts, extreme: "min" | "max", dims: readonly Dim[]): readonly Dim[] {
  let kept = dims;
  for (const dim of dims) {
    const others = kept.filter((other) => other !== dim);
    const isBeaten = others.some((other) => {
      const lead = extreme === "min" ? subtract(dim, other) : subtract(other, dim);
      return rangeUnder(facts, lead).low >= 0;
    });
    if (isBeaten) kept = others;
  }
  return kept;
}

/** The dimension with bound symbols replaced and no rule applied. */
export function readBinds(facts: Facts, d: Dim, trust: Trust): Dim {
  if (facts.binds.size === 0 && (trust === "strong" || facts.assumed.size === 0)) return d;
  return entryOf(boundUnder(facts, trust), d.key, () =>
    substitute(d, (s) => {
      const bind = facts.binds.get(s.id) ?? (trust === "assumed" ? facts.assumed.get(s.id) : undefined);
      return bind === undefined ? null : readBinds(facts, bind.value, trust);
    }),
  );
}

function rulesOf(facts: Facts, trust: Trust): readonly Rule[] {
  const divisions = facts.divisibilities.flatMap(({ dividend, divisor }) =>
    rulesOfDivisibility(readBinds(facts, dividend, trust), readBinds(facts, divisor, trust)),
  );
  const equations = facts.equations.flatMap(({ left, right }) =>
    ruleOfEquation(readBinds(facts, left, trust), readBinds(facts, right, trust)),
  );
  return [...divisions, ...equations];
}

/** Between which numbers a dimension lies that has been read strongly. */
export function rangeUnder(facts: Facts, d: Dim): Interval {
  if (facts.minima.length === 0) return rangeOf(d);
  const bounds = boundsUnder(facts, "strong");
  const { ofSymbol, ofSums } = (bounds.minima ??= minimaOf(facts));
  let { low, high } = rangeOf(d, ofSymbol);
  for (const { dim, min } of ofSums) {
    // A sum bounds nothing that it has no symbol in common with.
    if (!shareSymbols(dim, d)) continue;
    low = Math.max(low, min + rangeOf(subtract(d, dim), ofSymbol).low);
    high = Math.min(high, rangeOf(add(d, dim), ofSymbol).high - min);
  }
  return { low, high };
}

function minimaOf(facts: Facts): Minima {
  const ofSymbols = new Map<number, number>();
  const ofSums: Minimum[] = [];
  for (const { dim, min } of facts.minima) {
    const value = readByRules(facts, dim, "strong");
    const symbol = asSymbol(value);
    if (symbol !== null) ofSymbols.set(symbol.id, Math.max(min, ofSymbols.get(symbol.id) ?? -Infinity));
    else if (asNumber(value) === null) ofSums.push({ dim: value, min });
  }
  const ofSymbol: SymbolRange = (s) => ({
    low: Math.max(s.min ?? -Infinity, ofSymbols.get(s.id) ?? -Infinity),
    high: Infinity,
  });
  return { ofSymbol, ofSums };
}

/** True where what a remainder is, or the equations that are kept, say that this dimension, which has been read strongly, is 0. */
export function isStated(facts: Facts, difference: Dim): boolean {
  if (withoutRemainders(difference).terms.length === 0) return true;
  let current = difference;
  for (const { left, right } of facts.equations) {
    const stated = readBinds(facts, subtract(left, right), "strong");
    if (stated.key === current.key || negate(stated).key === current.key) return true;
    current = eliminate(current, stated);
    if (current.terms.length === 0) return true;
  }
  return false;
}

/** Uses `stated = 0` to get rid of a symbol of d. Unlike a bind, this decides nothing about which name is shown. */
function eliminate(d: Dim, stated: Dim): Dim {
  for (const term of stated.terms) {
    const symbol = symbolOfTerm(term);
    if (symbol === null || Math.abs(term.coefficient) !== 1 || !symbolsOf(d).has(symbol)) continue;
    const rest = subtract(stated, sumOfTerms([term]));
    if (symbolsOf(rest).has(symbol)) continue;
    const value = term.coefficient === 1 ? negate(rest) : rest;
    return substitute(d, (s) => (s === symbol ? value : null));
  }
  return d;
}

/** True where a dimension that has been read strongly can have no value but others than 0. */
export function isNeverZero(facts: Facts, d: Dim): boolean {
  if (d.terms.length === 0) return false;
  const { low, high } = rangeUnder(facts, d);
  if (low > 0 || high < 0) return true;
  return parityForbidsZero(d);
}

/** 2*a - 2*b - 1 is odd whatever a and b are. */
function parityForbidsZero(d: Dim): boolean {
  let divisor = 0;
  let number = 0;
  for (const term of d.terms) {
    if (term.factors.length === 0) number = term.coefficient;
    else divisor = gcd(divisor, term.coefficient);
  }
  return divisor === 0 ? number !== 0 : number % divisor !== 0;
}
