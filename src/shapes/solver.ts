/**
 * What an analysis learns of sizes while a program runs on. A solver holds immutable facts and replaces them,
 * so whoever explores a branch saves `facts` and puts them back. It knows no programs and no operators.
 */
import { subtract } from "./algebra.ts";
import { broadcastDims } from "./broadcast.ts";
import {
  type Cause,
  type Dim,
  type Sym,
  asNumber,
  asSymbol,
  constant,
  freshSymbol,
  isNameless,
  ofSymbol,
  symbolsOf,
  unknownDim,
} from "./dim.ts";
import { modulo } from "./divide.ts";
import {
  type Learnt,
  type Verdict,
  assume,
  clash,
  learnDivisibility,
  learnEqual,
  learnMinimum,
  maybe,
  withBind,
  yes,
} from "./learn.ts";
import { type Bind, type Facts, isNeverZero, isStated, rangeUnder, read } from "./facts.ts";
import { type Lead, type Shape, freshLead } from "./shape.ts";

export type Answer = "yes" | "no" | "maybe";

export interface BroadcastShape {
  readonly shape: Shape;
  readonly verdict: Verdict;
  /** The first axis from the right that clashes, negative; null where none does. */
  readonly axis: number | null;
}

/** A name that stands for a size in the present view, with the nameless size that was given it. */
export type TakenName = { readonly of: Sym; readonly as: Sym } | null;

/** What a view of a function goes by that nobody calls: inputs are batches, as is customary. */
export interface Customs {
  /** Why, as the origin of the batch dimension. */
  readonly cause: Cause;
  /** The batch dimensions that were taken for granted. */
  readonly batches: Set<Sym>;
  used: boolean;
}

export class Solver {
  facts: Facts;
  /** Null where nothing is taken for granted. */
  customs: Customs | null = null;
  /** Names of sizes in the present view, so that two different sizes are never shown under one name. */
  names = new Map<string, TakenName>();
  /** Names that sizes get by convention if nothing names them, by the nameless symbol. */
  conventions = new Map<Sym, string>();

  constructor(facts: Facts) {
    this.facts = facts;
  }

  /** The dimension under all facts, assumptions included. */
  dim(d: Dim): Dim {
    return read(this.facts, d, "assumed");
  }

  shape(s: Shape): Shape {
    const expanded = this.expand(s);
    const dims = expanded.dims.map((dim) => this.dim(dim));
    return dims.every((dim, i) => dim === expanded.dims[i]) ? expanded : { lead: expanded.lead, dims };
  }

  /** Whether two sizes are equal. An assumption can make the answer "yes", never "no". */
  compare(a: Dim, b: Dim): Answer {
    if (a.key === b.key) return "yes";
    const difference = this.strongly(subtract(a, b));
    if (difference.terms.length === 0 || isStated(this.facts, difference)) return "yes";
    if (isNeverZero(this.facts, difference)) return "no";
    return this.dim(difference).terms.length === 0 ? "yes" : "maybe";
  }

  less(a: Dim, b: Dim): Answer {
    return this.atLeast(subtract(b, a), 1);
  }

  atLeast(d: Dim, n: number): Answer {
    const { low, high } = rangeUnder(this.facts, this.strongly(d));
    if (low >= n) return "yes";
    if (high < n) return "no";
    const number = asNumber(this.dim(d));
    return number !== null && number >= n ? "yes" : "maybe";
  }

  divides(divisor: Dim, d: Dim): Answer {
    const rest = this.strongly(modulo(this.strongly(d), this.strongly(divisor)));
    if (rest.terms.length === 0) return "yes";
    if (isNeverZero(this.facts, rest)) return "no";
    return this.dim(rest).terms.length === 0 ? "yes" : "maybe";
  }

  /** What fixed a symbol, if anything did: of symbols bound one to the other, the last word. */
  cause(s: Sym): Cause | null {
    let cause: Cause | null = null;
    for (let symbol: Sym | null = s; symbol !== null;) {
      const bind: Bind | undefined = this.facts.binds.get(symbol.id) ?? this.facts.assumed.get(symbol.id);
      cause = bind?.cause ?? cause;
      symbol = bind === undefined ? null : asSymbol(bind.value);
    }
    return cause;
  }

  /** The symbol that a name stands for, given to a nameless size; null where another size has that name. */
  symbolNamed(of: Sym, name: string, cause: Cause | null): Sym | null {
    const known = this.names.get(name);
    if (known !== undefined) return known?.of === of ? known.as : null;
    const as = freshSymbol(name, "inferred", { cause, min: of.min });
    this.names.set(name, { of, as });
    return as;
  }

  /** Proposes names for dimensions that nobody may name. */
  suggest(dims: readonly Dim[], names: readonly string[]): void {
    for (const [i, name] of names.entries()) {
      const dim = dims[i];
      const symbol = dim === undefined ? null : asSymbol(this.dim(dim));
      if (symbol === null || symbol.kind !== "inferred" || !isNameless(symbol) || this.conventions.has(symbol))
        continue;
      this.conventions.set(symbol, name);
    }
  }

  /** Two sizes must agree for the program to go on. */
  require(a: Dim, b: Dim, cause: Cause | null): Verdict {
    return this.learn(learnEqual(this.facts, a, b, cause, "clash"));
  }

  /** Somebody says that two sizes agree: they read as one, and no error follows from that alone. */
  suppose(a: Dim, b: Dim, cause: Cause | null): void {
    this.facts = assume(this.facts, { left: a, right: b, cause }) ?? this.facts;
  }

  /** The shape with exactly n dimensions; null where it certainly has another number of them. */
  requireRank(s: Shape, n: number): Shape | null {
    const shape = this.shape(s);
    const missing = n - shape.dims.length;
    if (shape.lead === null) return missing === 0 ? shape : null;
    if (missing < 0) return null;
    const rest = this.peel(shape.lead, missing);
    this.bindLead(rest, { lead: null, dims: [] });
    return this.shape(shape);
  }

  /** An unknown number of leading dimensions is what makes it `n` altogether, where this view goes by customs. */
  supposeRank(s: Shape, n: number): void {
    const shape = this.shape(s);
    if (this.customs === null || shape.lead === null || shape.lead.name !== null || shape.dims.length > n) return;
    const [first] = this.requireRank(shape, n)?.dims ?? [];
    const batch = first === undefined ? null : asSymbol(first);
    if (batch !== null) this.customs.batches.add(batch);
    this.customs.used = true;
  }

  /** The last `n` dimensions can be named. Null if there are certainly fewer. */
  requireAtLeast(s: Shape, n: number): Shape | null {
    const shape = this.shape(s);
    const missing = n - shape.dims.length;
    if (missing <= 0) return shape;
    if (shape.lead === null) return null;
    this.peel(shape.lead, missing);
    return this.shape(shape);
  }

  /** Takes dimensions off the end of an unknown list; what is left of it. */
  private peel(lead: Lead, count: number): Lead {
    let rest = lead;
    for (let i = 0; i < count; i++) {
      const { lead: shorter, dim } = lastOf(rest);
      this.bindLead(rest, { lead: shorter, dims: [dim] });
      rest = shorter;
    }
    return rest;
  }

  /** Two shapes must have the same rank and the same dimensions. Where they can't, nothing is learnt. */
  requireShapes(a: Shape, b: Shape, cause: Cause | null): Verdict {
    const before = this.facts;
    const verdict = this.requireDims(a, b, cause);
    if (verdict.answer === "no") this.facts = before;
    return verdict;
  }

  private requireDims(a: Shape, b: Shape, cause: Cause | null): Verdict {
    const aligned = this.align(a, b);
    if (aligned === null) return clash(constant(this.shape(a).dims.length), constant(this.shape(b).dims.length));
    const [left, right] = aligned;
    let verdict: Verdict = yes;
    for (let i = left.dims.length - 1; i >= 0; i--) {
      const next = this.require(left.dims[i] ?? constant(1), right.dims[i] ?? constant(1), cause);
      if (next.answer === "no") return next;
      if (next.answer === "maybe") verdict = maybe;
    }
    return verdict;
  }

  /** Fixes what an unknown number of leading dimensions is. */
  bindLead(lead: Lead, shape: Shape): void {
    const value = this.expand(shape);
    if (value.lead?.id === lead.id || this.facts.leads.has(lead.id)) return;
    this.facts = { ...this.facts, leads: new Map(this.facts.leads).set(lead.id, value) };
  }

  broadcastDim(a: Dim, b: Dim, cause: Cause | null): { readonly dim: Dim; readonly verdict: Verdict } {
    const { facts, dim, verdict } = broadcastDims(this.facts, a, b, cause);
    this.facts = facts;
    return { dim, verdict };
  }

  /** The shape of an elementwise operation. Where two dimensions clash, nothing is learnt. */
  broadcast(a: Shape, b: Shape, cause: Cause | null): BroadcastShape {
    const before = this.facts;
    const [left, right] = [this.expand(a), this.expand(b)];
    const dims: Dim[] = [];
    let verdict: Verdict = yes;
    let axis: number | null = null;
    for (let i = 1; i <= Math.max(left.dims.length, right.dims.length); i++) {
      const [x, y] = [left.dims.at(-i), right.dims.at(-i)];
      if (x === undefined || y === undefined) {
        const other = x === undefined ? left : right;
        dims.unshift(againstLead(other, x ?? y ?? constant(1)));
        continue;
      }
      const each = this.broadcastDim(x, y, cause);
      dims.unshift(each.dim);
      if (verdict.answer === "no" || each.verdict.answer === "yes") continue;
      verdict = each.verdict;
      if (verdict.answer === "no") axis = -i;
    }
    if (verdict.answer === "no") this.facts = before;
    return { shape: this.shape({ lead: broadcastLead(left, right), dims }), verdict, axis };
  }

  /** From a condition that holds here. Two declared names that are tested to be equal become one. */
  assumeEqual(a: Dim, b: Dim, cause: Cause | null): Verdict {
    return this.learn(learnEqual(this.facts, a, b, cause, "unite"));
  }

  assumeDivisible(d: Dim, divisor: Dim, cause: Cause | null): Verdict {
    return this.learn(learnDivisibility(this.facts, d, divisor, cause));
  }

  assumeAtLeast(d: Dim, n: number): Verdict {
    return this.learn(learnMinimum(this.facts, d, n));
  }

  /** An author's name for a size: a nameless size takes it; of another size a free declared name becomes the name. */
  name(d: Dim, s: Sym): void {
    const value = this.strongly(d);
    const named = this.strongly(ofSymbol(s));
    const symbol = asSymbol(value);
    if (symbol !== null && isNameless(symbol)) {
      if (!symbolsOf(named).has(symbol)) this.facts = withBind(this.facts, { symbol, value: named, cause: s.cause });
    } else if (s.kind === "declared" && asSymbol(named) === s && !symbolsOf(value).has(s)) {
      this.facts = withBind(this.facts, { symbol: s, value, cause: s.cause });
    }
  }

  private strongly(d: Dim): Dim {
    return read(this.facts, d, "strong");
  }

  private learn({ facts, verdict }: Learnt): Verdict {
    this.facts = facts;
    return verdict;
  }

  private expand(s: Shape): Shape {
    let shape = s;
    for (let lead = s.lead; lead !== null; lead = shape.lead) {
      const value = this.facts.leads.get(lead.id);
      if (value === undefined) return shape;
      shape = { lead: value.lead, dims: [...value.dims, ...shape.dims] };
    }
    return shape;
  }

  /** Both shapes with the same lead and the same number of dimensions; null where that cannot be. */
  private align(a: Shape, b: Shape): readonly [Shape, Shape] | null {
    const most = Math.max(this.shape(a).dims.length, this.shape(b).dims.length);
    const left = this.requireAtLeast(a, most);
    const right = this.requireAtLeast(b, most);
    if (left === null || right === null) return null;
    if (left.lead !== null) this.bindLead(left.lead, { lead: right.lead, dims: [] });
    else if (right.lead !== null) this.bindLead(right.lead, { lead: null, dims: [] });
    const [x, y] = [this.shape(left), this.shape(right)];
    return x.lead?.id === y.lead?.id && x.dims.length === y.dims.length ? [x, y] : null;
  }
}

/**
 * The last dimension of an unknown list, and the list before it. They are the same whoever asks, so that two
 * branches that both look at the end of a shape mean the same sizes.
 */
function lastOf(lead: Lead): { readonly lead: Lead; readonly dim: Dim } {
  const known = lasts.get(lead);
  if (known !== undefined) return known;
  const made = { lead: freshLead(lead.name), dim: ofSymbol(freshSymbol("?", "inferred")) };
  lasts.set(lead, made);
  return made;
}

const lasts = new WeakMap<Lead, { readonly lead: Lead; readonly dim: Dim }>();

/** A dimension that meets none, or one in the unknown part of the other shape: only a size that stretches it is sure. */
function againstLead(other: Shape, d: Dim): Dim {
  if (other.lead === null) return d;
  const symbol = asSymbol(d);
  const isSize = symbol === null ? (asNumber(d) ?? 1) !== 1 : symbol.kind !== "unknown";
  return isSize ? d : unknownDim();
}

function broadcastLead(a: Shape, b: Shape): Lead | null {
  if (a.lead === null && b.lead === null) return null;
  if (a.lead === null) return a.dims.length <= b.dims.length ? b.lead : freshLead();
  if (b.lead === null) return b.dims.length <= a.dims.length ? a.lead : freshLead();
  return a.lead.id === b.lead.id && a.dims.length === b.dims.length ? a.lead : freshLead();
}
