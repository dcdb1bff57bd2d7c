/**
 * Facts of several paths: what holds on both of two branches, what one stretch of code has added,
 * and a key for remembering results that depend on facts.
 */
import { subtract } from "./algebra.ts";
import { type Dim, type Sym, ofSymbol, symbolsOf } from "./dim.ts";

import { type Divisibility, type Equation, type Facts, type Minimum, read } from "./facts.ts";
import { assume, learnDivisibility, learnEqual, learnMinimum } from "./learn.ts";
import { type Shape, equalShapes } from "./shape.ts";
import { Solver } from "./solver.ts";

/** What was learnt between two points of a program. */
export interface Bindings {
  readonly equations: readonly Equation[];
  readonly assumptions: readonly Equation[];
  readonly divisibilities: readonly Divisibility[];
  readonly minima: readonly Minimum[];
  readonly leads: readonly (readonly [id: number, shape: Shape])[];
}

export function bindingsSince(base: Facts, now: Facts): Bindings {
  const binds = [...now.binds.values()].filter(({ symbol, value }) => base.binds.get(symbol.id)?.value !== value);
  return {
    equations: [
      ...binds.map(({ symbol, value, cause }) => ({ left: ofSymbol(symbol), right: value, cause })),
      ...added(base.equations, now.equations),
    ],
    assumptions: added(base.assumptions, now.assumptions),
    divisibilities: added(base.divisibilities, now.divisibilities),
    minima: added(base.minima, now.minima),
    leads: [...now.leads].filter(([id]) => !base.leads.has(id)),
  };
}

function added<T>(base: readonly T[], now: readonly T[]): readonly T[] {
  const before = new Set(base);
  return now.filter((each) => !before.has(each));
}

/** Learns again what was learnt elsewhere. What cannot hold here is left out. */
export function applyBindings(facts: Facts, bindings: Bindings): Facts {
  let result = facts;
  for (const { left, right, cause } of bindings.equations) {
    result = learnEqual(result, left, right, cause, "unite").facts;
  }
  for (const { dividend, divisor, cause } of bindings.divisibilities) {
    result = learnDivisibility(result, dividend, divisor, cause).facts;
  }
  for (const { dim, min } of bindings.minima) result = learnMinimum(result, dim, min).facts;
  for (const assumption of bindings.assumptions) result = assume(result, assumption) ?? result;
  if (bindings.leads.length === 0) return result;
  const leads = new Map(result.leads);
  for (const [id, shape] of bindings.leads) if (!leads.has(id)) leads.set(id, shape);
  return { ...result, leads };
}

/** What a stretch of code taught, less what it says of sizes that were unknown before it (symbols up to `first`), save some. */
export function forgetUnknown(base: Facts, now: Facts, first: number, save?: ReadonlySet<Sym>): Facts {
  if (now === base) return now;
  const learnt = bindingsSince(base, now);
  const speaks = (...dims: readonly Dim[]) =>
    dims.some((dim) => [...symbolsOf(dim)].some((s) => s.kind === "unknown" && s.id < first && save?.has(s) !== true));
  return applyBindings(base, {
    equations: learnt.equations.filter(({ left, right }) => !speaks(left, right)),
    assumptions: learnt.assumptions.filter(({ left, right }) => !speaks(left, right)),
    divisibilities: learnt.divisibilities.filter(({ dividend, divisor }) => !speaks(dividend, divisor)),
    minima: learnt.minima.filter(({ dim }) => !speaks(dim)),
    leads: learnt.leads,
  });
}

/** What holds on both of two paths that started from `base`. */
export function intersectFacts(a: Facts, b: Facts, base: Facts): Facts {
  if (a === b) return a;
  const [fromA, fromB] = [bindingsSince(base, a), bindingsSince(base, b)];
  const [inA, inB] = [new Solver(a), new Solver(b)];
  // A bound is a strong fact, and must not rest on what one of the paths only assumed.
  const [surelyA, surelyB] = [withoutAssumptions(a), withoutAssumptions(b)];
  const agreed = (path: Solver) => (each: Equation) => path.compare(each.left, each.right) === "yes";
  return applyBindings(base, {
    equations: [...fromA.equations.filter(holds(b)), ...fromB.equations.filter(holds(a))],
    assumptions: [...fromA.assumptions.filter(agreed(inB)), ...fromB.assumptions.filter(agreed(inA))],
    divisibilities: [
      ...fromA.divisibilities.filter((each) => surelyB.divides(each.divisor, each.dividend) === "yes"),
      ...fromB.divisibilities.filter((each) => surelyA.divides(each.divisor, each.dividend) === "yes"),
    ],
    minima: [
      ...fromA.minima.filter(({ dim, min }) => surelyB.atLeast(dim, min) === "yes"),
      ...fromB.minima.filter(({ dim, min }) => surelyA.atLeast(dim, min) === "yes"),
    ],
    leads: fromA.leads.filter(([id, shape]) => {
      const other = b.leads.get(id);
      return other !== undefined && equalShapes(inA.shape(shape), inB.shape(other));
    }),
  });
}

function withoutAssumptions(facts: Facts): Solver {
  return new Solver({ ...facts, assumed: new Map(), assumptions: [] });
}

/** Whether two sizes are equal under facts without any assumption. */
export function agreeUnder(facts: Facts, a: Dim, b: Dim): boolean {
  return read(facts, subtract(a, b), "strong").terms.length === 0;
}

function holds(facts: Facts): (each: Equation) => boolean {
  return ({ left, right }) => agreeUnder(facts, left, right);
}

/** The part of the facts that concerns these symbols, as a key: equal keys, equal readings of them. */
export function factsKey(facts: Facts, symbols: Iterable<Sym>): string {
  const parts: string[] = [];
  const concerned = new Set<Sym>();
  for (const s of [...symbols].sort((x, y) => x.id - y.id)) {
    const dim = ofSymbol(s);
    const [strong, assumed] = [read(facts, dim, "strong"), read(facts, dim, "assumed")];
    for (const each of [s, ...symbolsOf(strong), ...symbolsOf(assumed)]) concerned.add(each);
    if (strong !== dim || assumed !== dim) parts.push(`${s.key}=${strong.key}|${assumed.key}`);
  }
  const concerns = (...dims: readonly Dim[]) => dims.some((dim) => [...symbolsOf(dim)].some((s) => concerned.has(s)));
  const strongKey = (dim: Dim) => read(facts, dim, "strong").key;
  for (const { dim, min } of facts.minima) {
    if (concerns(dim, read(facts, dim, "strong"))) parts.push(`${strongKey(dim)}>=${min}`);
  }
  for (const { dividend, divisor } of facts.divisibilities) {
    if (concerns(dividend, divisor)) parts.push(`${dividend.key}%${divisor.key}`);
  }
  for (const { left, right } of facts.equations) {
    if (concerns(left, right)) parts.push(`${left.key}==${right.key}`);
  }
  return parts.join(";");
}
