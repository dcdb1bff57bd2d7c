/**
 * How facts grow: by what an equation, a divisibility or a bound teaches, or not at all where it can never hold.
 * Facts that say nothing new stay the same object, so that whoever runs a loop sees when it has come to rest.
 */
import { negate, subtract, sumOfTerms } from "./algebra.ts";
import { type Cause, type Dim, asNumber, constant, shareSymbols } from "./dim.ts";
import { modulo } from "./divide.ts";
import {
  type Certainty,
  type DeclaredNames,
  cancelCommon,
  clashOfNames,
  divisibilityIn,
  solveForSymbol,
} from "./equation.ts";
import {
  type Bind,
  type Divisibility,
  type Equation,
  type Facts,
  type Minimum,
  isNeverZero,
  isStated,
  rangeUnder,
  read,
  readBinds,
} from "./facts.ts";

export type Verdict =
  | { readonly answer: "yes" | "maybe" }
  | { readonly answer: "no"; readonly certainty: Certainty; readonly left: Dim; readonly right: Dim };

export interface Learnt {
  readonly facts: Facts;
  readonly verdict: Verdict;
}

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
  if (difference.terms.length === 0 || isStated(facts, difference)) return { facts, verdict: yes };
  const impossible: Learnt = { facts, verdict: clash(left, right) };
  if (isNeverZero(facts, difference)) return impossible;
  const reduced = cancelCommon(facts, difference);
  if (asNumber(reduced) !== null) return impossible;
  const certainty = names === "clash" ? clashOfNames(reduced) : null;
  if (certainty !== null) return { facts, verdict: clash(left, right, certainty) };
  const learnt = settle(solve(facts, reduced, cause, names), names);
  return isConsistent(facts, learnt, reduced) ? { facts: reassume(learnt), verdict: maybe } : impossible;
}

/** Keeps what difference = 0 says in the form that helps most. */
function solve(facts: Facts, difference: Dim, cause: Cause | null, names: DeclaredNames): Facts {
  const known = solveFully(facts, difference, cause, names);
  if (known !== null) return known;
  return { ...facts, equations: recent([...facts.equations, balanced(difference, cause)]) };
}

function solveFully(facts: Facts, difference: Dim, cause: Cause | null, names: DeclaredNames): Facts | null {
  const division = divisibilityIn(difference, cause);
  if (division !== null) return addDivisibility(facts, division);
  const bind = solveForSymbol(difference, cause, names);
  return bind && addBind(facts, bind);
}

/** Positive terms on the left and negative ones on the right, so that both sides read as sizes. */
function balanced(difference: Dim, cause: Cause | null): Equation {
  const left = sumOfTerms(difference.terms.filter((term) => term.coefficient > 0));
  const right = negate(sumOfTerms(difference.terms.filter((term) => term.coefficient < 0)));
  return { left, right, cause };
}

/** Solves kept equations that newer binds have made solvable. */
function settle(facts: Facts, names: DeclaredNames): Facts {
  let current = facts;
  for (const equation of facts.equations) {
    const stated = subtract(equation.left, equation.right);
    const now = readBinds(current, stated, "strong");
    if (now === stated) continue;
    const others = current.equations.filter((each) => each !== equation);
    const without: Facts = { ...current, equations: others };
    const rest = read(without, now, "strong");
    if (rest.terms.length === 0) current = without;
    else current = solveFully(without, cancelCommon(without, rest), equation.cause, names) ?? current;
  }
  return current;
}

/** Binds strongly. `bind.value` must have been read strongly, so that binds never run in a circle. */
export function withBind(facts: Facts, bind: Bind): Facts {
  return reassume(settle(addBind(facts, bind), "clash"));
}

function addBind(facts: Facts, bind: Bind): Facts {
  const bound: Facts = { ...facts, binds: new Map(facts.binds).set(bind.symbol.id, bind) };
  const { min } = bind.symbol;
  if (min === null || rangeUnder(facts, bind.value).low >= min) return bound;
  return addMinimum(bound, { dim: bind.value, min });
}

function addMinimum(facts: Facts, minimum: Minimum): Facts {
  return { ...facts, minima: [...facts.minima, minimum] };
}

function addDivisibility(facts: Facts, division: Divisibility): Facts {
  return { ...facts, divisibilities: recent([...facts.divisibilities, division]) };
}

/** Learns d >= n. */
export function learnMinimum(facts: Facts, d: Dim, n: number): Learnt {
  const dim = read(facts, d, "strong");
  const { low, high } = rangeUnder(facts, dim);
  if (low >= n) return { facts, verdict: yes };
  const learnt = addMinimum(facts, { dim: d, min: n });
  if (high < n || !isConsistent(facts, learnt, dim)) return { facts, verdict: clash(dim, constant(n)) };
  return { facts: learnt, verdict: maybe };
}

/** Learns dividend % divisor = 0. */
export function learnDivisibility(facts: Facts, dividend: Dim, divisor: Dim, cause: Cause | null): Learnt {
  const [a, b] = [read(facts, dividend, "strong"), read(facts, divisor, "strong")];
  const rest = read(facts, modulo(a, b), "strong");
  if (rest.terms.length === 0 || isKnownToDivide(facts, a, b)) return { facts, verdict: yes };
  if (isNeverZero(facts, cancelCommon(facts, rest))) return { facts, verdict: clash(a, b) };
  const learnt = addDivisibility(facts, { dividend: a, divisor: b, cause });
  const holds = isConsistent(facts, learnt, a, b);
  return holds ? { facts: reassume(learnt), verdict: maybe } : { facts, verdict: clash(a, b) };
}

function isKnownToDivide(facts: Facts, a: Dim, b: Dim): boolean {
  return facts.divisibilities.some(
    ({ dividend, divisor }) =>
      read(facts, dividend, "strong").key === a.key && read(facts, divisor, "strong").key === b.key,
  );
}

/** Whatever is learnt is tried against all that was; what lies far back is forgotten, which only says less. */
const REMEMBERED = 16;

function recent<T>(all: readonly T[]): readonly T[] {
  return all.length > REMEMBERED ? all.slice(all.length - REMEMBERED) : all;
}

/** Works out again what the assumptions say under changed strong facts; those that cannot hold any more go. */
function reassume(facts: Facts): Facts {
  if (facts.assumptions.length === 0) return facts;
  const bare: Facts = { ...facts, assumptions: [], assumed: new Map() };
  return facts.assumptions.reduce((sofar, assumption) => assume(sofar, assumption) ?? sofar, bare);
}

/**
 * Adds an assumption; null where it contradicts what is known or assumed. A size that has been found to be 0 or 1
 * is not one of those that assumptions are about.
 */
export function assume(facts: Facts, assumption: Equation): Facts | null {
  const sides = [assumption.left, assumption.right];
  if (sides.some((side) => (asNumber(read(facts, side, "strong")) ?? 2) < 2)) return null;
  const left = read(facts, assumption.left, "assumed");
  const right = read(facts, assumption.right, "assumed");
  const difference = read(facts, subtract(left, right), "assumed");
  if (difference.terms.length === 0) return facts;
  if (isNeverZero(facts, difference)) return null;
  const bind = solveForSymbol(difference, assumption.cause, "clash");
  if (bind === null) return facts;
  if ((asNumber(bind.value) ?? 2) < 2) return null;
  const assumptions = recent([...facts.assumptions, assumption]);
  return { ...facts, assumptions, assumed: new Map(facts.assumed).set(bind.symbol.id, bind) };
}

/**
 * False where facts that were learnt earlier can no longer hold with those that have been learnt `about` some
 * dimensions. What has no symbol in common with them holds as before.
 */
function isConsistent(before: Facts, now: Facts, ...about: readonly Dim[]): boolean {
  const isConcerned = (...dims: readonly Dim[]): boolean =>
    dims.some((d) => about.some((other) => shareSymbols(d, other) || shareSymbols(read(before, d, "strong"), other)));
  return (
    now.minima.every(({ dim, min }) => !isConcerned(dim) || rangeUnder(now, read(now, dim, "strong")).high >= min) &&
    now.divisibilities.every(({ dividend, divisor }) => {
      if (!isConcerned(dividend, divisor)) return true;
      const rest = modulo(read(now, dividend, "strong"), read(now, divisor, "strong"));
      return !isNeverZero(now, rest);
    }) &&
    now.equations.every(({ left, right }) => {
      return !isConcerned(left, right) || !isNeverZero(now, readBinds(now, subtract(left, right), "strong"));
    })
  );
}
