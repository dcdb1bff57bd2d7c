/**
 * Broadcasting of two dimensions. A symbol stands for a size that is neither 0 nor 1 here (a size known to be 1
 * is written 1), so two different symbols are assumed to be equal. Such an assumption never makes a clash by itself.
 */
import { subtract } from "./algebra.ts";
import { type Cause, type Dim, asNumber, asSymbol, constant, symbolsOf, unknownDim } from "./dim.ts";
import { clashOfNames } from "./equation.ts";
import { type Facts, isNeverZero, isStated, read } from "./facts.ts";
import { type Verdict, assume, clash, maybe, yes } from "./learn.ts";

export interface BroadcastDim {
  readonly facts: Facts;
  readonly dim: Dim;
  readonly verdict: Verdict;
}

export function broadcastDims(facts: Facts, a: Dim, b: Dim, cause: Cause | null): BroadcastDim {
  const left = read(facts, a, "strong");
  const right = read(facts, b, "strong");
  const difference = read(facts, subtract(left, right), "strong");
  if (difference.terms.length === 0 || isStated(facts, difference))
    return { facts, dim: read(facts, left, "assumed"), verdict: yes };
  if (asNumber(left) === 1) return { facts, dim: read(facts, right, "assumed"), verdict: yes };
  if (asNumber(right) === 1) return { facts, dim: read(facts, left, "assumed"), verdict: yes };
  const clashed = clashOf(facts, left, right, difference);
  if (clashed !== null) return { facts, dim: unknownDim(cause), verdict: clashed };
  return { ...stretch(facts, left, right, cause), verdict: maybe };
}

function clashOf(facts: Facts, left: Dim, right: Dim, difference: Dim): Verdict | null {
  const certainty = asSymbol(left) !== null && asSymbol(right) !== null ? clashOfNames(difference) : null;
  if (certainty !== null) return clash(left, right, certainty);
  const differ = isNeverZero(facts, difference) && neverOne(facts, left) && neverOne(facts, right);
  return differ ? clash(left, right) : null;
}

function neverOne(facts: Facts, d: Dim): boolean {
  return isNeverZero(facts, subtract(d, constant(1)));
}

/** The result for two dimensions of which either may be 1, and what it takes for granted. */
function stretch(
  facts: Facts,
  left: Dim,
  right: Dim,
  cause: Cause | null,
): { readonly facts: Facts; readonly dim: Dim } {
  const number = asNumber(left) ?? asNumber(right);
  const sizes = [left, right].filter(isSize);
  const assumed = sizes.length === 2 ? assume(facts, { left, right, cause }) : null;
  if (assumed !== null)
    return { facts: assumed, dim: read(assumed, number === null ? left : constant(number), "assumed") };
  if (number !== null) return { facts, dim: constant(number) };
  const [only, other] = sizes.length > 0 ? sizes : [left, right].filter(isDetermined);
  if (only === undefined || other !== undefined || isNeverZero(facts, subtract(left, right))) {
    return { facts, dim: unknownDim(cause) };
  }
  return { facts, dim: read(facts, only, "assumed") };
}

/** A size that is worked out from sizes that the code will name or fix. */
function isDetermined(d: Dim): boolean {
  return [...symbolsOf(d)].every((s) => s.kind !== "unknown");
}

/** A number other than 0 and 1, or a symbol that names a size. */
function isSize(d: Dim): boolean {
  const symbol = asSymbol(d);
  return symbol === null ? (asNumber(d) ?? 0) > 1 : symbol.kind !== "unknown";
}
