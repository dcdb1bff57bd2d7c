/**
 * The operation that a place is about: its own, or of a name that is bound the one whose work it holds.
 * It knows results.
 */
import type { Fact, Operation } from "../analysis/result.ts";
import { assignedTo, factsAt, type Spot } from "./facts.ts";
import type { View } from "./sources.ts";

export interface Behind {
  readonly operation: Operation;
  /** The expression that the operation computed. */
  readonly fact: Fact;
}

/** Of `Z = X @ W.T + b`, asked for `Z` or for the sum, the product: what costs most says what the line is about. */
export function operationBehind(view: View, spot: Spot, leading: Fact): Behind | null {
  const whole = leading.role === "expression" ? leading : assigned(view, spot, leading);
  if (whole === null) return null;
  const own = whole.operation === null ? null : { operation: whole.operation, fact: whole };
  const looksInside =
    own === null || isSum(own.operation) || (leading.role !== "expression" && isElementwise(own.operation));
  return (looksInside ? contractionIn(view, whole) : null) ?? own;
}

function assigned(view: View, spot: Spot, leading: Fact): Fact | null {
  const facts = assignedTo(view, spot.span);
  return facts.find(({ context }) => sameContext(context, leading.context)) ?? null;
}

/** The one contraction inside an expression; null where there are several, for then none speaks for all. */
function contractionIn(view: View, whole: Fact): Behind | null {
  const file = view.result.files.get(whole.span.path);
  const facts = file === undefined ? [] : factsAt(file, whole.span.start, whole.span.end);
  const inside = facts.filter(
    ({ span, operation, context }) =>
      operation !== null &&
      operation.macs !== null &&
      sameContext(context, whole.context) &&
      whole.span.start <= span.start &&
      span.end <= whole.span.end,
  );
  const [fact] = inside;
  return fact === undefined || fact.operation === null || inside.length > 1
    ? null
    : { operation: fact.operation, fact };
}

/** `+`, `/` and their like, written between a product and something small. */
function isSum(operation: Operation): boolean {
  return operation.name.startsWith("operator.") && isElementwise(operation);
}

function isElementwise({ notation, macs }: Operation): boolean {
  return macs === null && notation !== null && !/[a-z]/i.test(notation);
}

export function sameContext(a: Fact["context"], b: Fact["context"]): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every(({ path, start }, i) => b[i]?.path === path && b[i].start === start);
}
