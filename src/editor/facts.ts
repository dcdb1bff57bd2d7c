/**
 * Which fact an editor means at a place: the smallest expression under the pointer, its general view, and the
 * views from its callers. It knows results, and nothing of how they are shown.
 */
import type { Fact, FileResult, FileSpan } from "../analysis/result.ts";
import type { View } from "./sources.ts";

/** Everything that is known of one span. */
export interface Spot {
  readonly span: FileSpan;
  /** Views without a caller. More than one only where the place is passed several times, as in an unrolled loop. */
  readonly general: readonly Fact[];
  /** One for each chain of calls. */
  readonly called: readonly Fact[];
}

/** The smallest place at `offset` of which something is known, or null. */
export function spotAt(view: View, path: string, offset: number): Spot | null {
  const file = view.result.files.get(path);
  if (file === undefined) return null;
  const facts = factsAt(file, offset, offset);
  const within = facts.filter(({ span }) => span.start <= offset && offset < span.end);
  // A caret right behind a name means that name.
  const around = within.length > 0 ? within : facts.filter(({ span }) => span.end === offset);
  const smallest = smallestOf(around);
  if (smallest === null) return null;
  const spot = spotOf(file, smallest);
  const text = view.sources.lines(path)?.text ?? "";
  const call = isMereCallee(spot) ? callOf(around, smallest, text) : null;
  return call === null ? spot : spotOf(file, call);
}

/** A function or a name of a library says less than what calling it gives. */
function isMereCallee({ general, called }: Spot): boolean {
  const kinds = new Set(["function", "class", "module", "unknown"]);
  return [...general, ...called].every(({ kind, role }) => kinds.has(kind) && role === "expression");
}

/** The facts of one span, split by whether a caller is known. */
export function spotOf(file: FileResult, span: FileSpan): Spot {
  const facts = factsOn(file, span);
  const bound = facts.some(({ role }) => role !== "expression");
  // A name that is bound and read at one place, such as `x` of `x += 1`, is meant as bound.
  const meant = bound ? facts.filter(({ role }) => role !== "expression") : facts;
  return {
    span,
    general: distinct(meant.filter(({ context }) => context === null)),
    called: meant.filter(({ context }) => context !== null),
  };
}

/** The facts of the statements at module level that a range of offsets touches. */
export function factsAt(file: FileResult, start: number, end: number): readonly Fact[] {
  return file.factsNear(start, end).flat();
}

/** Everything that is known of one span, in the order in which it was seen. */
export function factsOn(file: FileResult, span: FileSpan): readonly Fact[] {
  const key = keyOf(span);
  return file.factsNear(span.start, span.end).flatMap((near) => bySpan(near).get(key) ?? []);
}

const indexes = new WeakMap<readonly Fact[], ReadonlyMap<string, readonly Fact[]>>();

/** Made once for each statement: hints ask for every bound name. */
function bySpan(facts: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
  const known = indexes.get(facts);
  if (known !== undefined) return known;
  const index = new Map<string, Fact[]>();
  for (const fact of facts) {
    const key = keyOf(fact.span);
    const same = index.get(key);
    if (same === undefined) index.set(key, [fact]);
    else same.push(fact);
  }
  indexes.set(facts, index);
  return index;
}

function keyOf({ start, end }: FileSpan): string {
  return `${start}:${end}`;
}

export function sameSpan(a: FileSpan, b: FileSpan): boolean {
  return a.start === b.start && a.end === b.end && a.path === b.path;
}

/** Whether anything at all is known of a value. */
export function informs(fact: Fact): boolean {
  if (fact.kind !== "tensor") return fact.kind !== "unknown";
  return fact.shape !== null && (!isAnything(fact) || fact.dtype !== null);
}

/** A tensor of which no dimension is known. */
export function isAnything({ shape }: Fact): boolean {
  return shape !== null && shape.dims.length === 0 && shape.lead !== null;
}

/** The fact that speaks for a place: the general view if there is just one, else what all callers agree on. */
export function leadingFact(spot: Spot): Fact | null {
  const general = spot.general.filter(informs);
  if (general.length > 0) return general.length === 1 ? (general[0] ?? null) : null;
  const called = distinct(spot.called.filter(informs));
  return called.length === 1 ? (called[0] ?? null) : null;
}

/** Facts that say different things, each once. */
export function distinct(facts: readonly Fact[]): readonly Fact[] {
  const seen = new Set<string>();
  return facts.filter((fact) => {
    const key = `${fact.kind} ${fact.text} ${fact.dtype ?? ""}`;
    return !seen.has(key) && seen.add(key);
  });
}

function smallestOf(facts: readonly Fact[]): FileSpan | null {
  let best: FileSpan | null = null;
  for (const { span } of facts) {
    if (best === null || span.end - span.start < best.end - best.start) best = span;
  }
  return best;
}

/** Pointing at the name of a call, as in `K.transpose(…)`, asks for the call. */
function callOf(around: readonly Fact[], callee: FileSpan, text: string): FileSpan | null {
  if (!/^\s*\(/.test(text.slice(callee.end, callee.end + 40))) return null;
  const calls = around.filter(({ span }) => span.start === callee.start && span.end > callee.end);
  const call = smallestOf(calls);
  return call !== null && text[call.end - 1] === ")" ? call : null;
}

/** The expression whose value a binding receives: what stands behind its `=`. */
export function assignedTo(view: View, binding: FileSpan): readonly Fact[] {
  const file = view.result.files.get(binding.path);
  const text = view.sources.lines(binding.path)?.text ?? "";
  if (file === undefined) return [];
  const equals = /^\s*(?::[^=\n]*)?:?=\s*\(?\s*/.exec(text.slice(binding.end, binding.end + 200));
  if (equals === null || !equals[0].includes("=")) return [];
  const start = binding.end + equals[0].length;
  const behind = factsAt(file, start, start).filter(
    ({ span, role }) => role === "expression" && span.start <= start && span.end > start,
  );
  const starting = behind.filter(({ span }) => span.start > binding.end);
  const end = Math.max(...starting.map(({ span }) => span.end));
  return starting.filter(({ span }) => span.end === end);
}
