/**
 * How long a slice is. Bounds may be negative, beyond the end or symbolic; Python clamps them. It knows
 * integers and the solver, no tensors.
 */
import {
  add,
  asNumber,
  ceilDivide,
  constant,
  maximum,
  mentionsUnknown,
  minimum,
  negate,
  subtract,
  unknownDim,
  type Dim,
} from "../../shapes/index.ts";
import { dimOf } from "../datum.ts";
import type { Call } from "../operator.ts";
import type { Datum } from "../value.ts";

const zero = constant(0);

/** The number of elements that `lower:upper:step` selects of `size`. */
export function sliceLength(call: Call, size: Dim, slice: Extract<Datum, { kind: "slice" }>): Dim {
  const step = slice.step.kind === "none" ? 1 : stepOf(slice.step);
  if (step === null || step === 0) return unknownDim();
  if (step < 0) return backwards(size, slice, step);
  const lower = bound(call, size, slice.lower, zero);
  const end = bound(call, size, slice.upper, size);
  if (lower === null || end === null) return unknownDim();
  // A start beyond the end needs no clamping: nothing is left then, as `notNegative` says.
  const upper = smaller(call, end, size);
  const span = notNegative(call, subtract(upper, lower));
  return step === 1 ? span : ceilDivide(span, constant(step));
}

function stepOf(datum: Datum): number | null {
  const dim = dimOf(datum);
  return dim === null ? null : asNumber(dim);
}

/** A bound as a position from 0 on. */
function bound(call: Call, size: Dim, datum: Datum, fallback: Dim): Dim | null {
  if (datum.kind === "none") return fallback;
  const given = dimOf(datum);
  if (given === null) return null;
  const dim = call.solver.dim(given);
  const sign = signOf(call, dim);
  if (sign === null) return null;
  return sign < 0 ? notNegative(call, add(size, dim)) : dim;
}

/** An unknown integer has no sign; a symbol stands for a size, so -T counts from the end. What may be 0 counts from the start. */
function signOf(call: Call, dim: Dim): 1 | -1 | null {
  const number = asNumber(dim);
  if (number !== null) return number < 0 ? -1 : 1;
  if (mentionsUnknown(dim)) return null;
  if (call.solver.atLeast(dim, 0) === "yes" || isCount(add(dim, constant(1)))) return 1;
  return call.solver.atLeast(negate(dim), 1) === "yes" || isCount(negate(dim)) ? -1 : null;
}

function smaller(call: Call, dim: Dim, size: Dim): Dim {
  if (asNumber(dim) === 1 && isCount(size) && asNumber(size) === null) return dim;
  const less = call.solver.less(size, dim);
  if (less === "no") return dim;
  return less === "yes" ? size : minimum(dim, size);
}

/** A size is at least 1 unless it is known to be 0, so that `x[1:]` of T has T - 1. */
function notNegative(call: Call, dim: Dim): Dim {
  const number = asNumber(dim);
  if (number !== null) return constant(Math.max(0, number));
  if (call.solver.atLeast(dim, 0) === "yes" || isCount(add(dim, constant(1)))) return dim;
  return maximum(dim, zero);
}

/** A product of sizes, or a sum of such: at least 1 where no size is 0. */
function isCount({ terms }: Dim): boolean {
  const plain = terms.every(
    ({ coefficient, factors }) =>
      coefficient > 0 && factors.every(({ atom }) => atom.type === "symbol" && atom.min !== null),
  );
  return plain && terms.length > 0;
}

function backwards(size: Dim, slice: Extract<Datum, { kind: "slice" }>, step: number): Dim {
  if (slice.lower.kind === "none" && slice.upper.kind === "none") return ceilDivide(size, constant(-step));
  const numbers = [size, dimOf(slice.lower) ?? null, dimOf(slice.upper) ?? null].map((dim) => dim && asNumber(dim));
  const [length, from, to] = numbers;
  if (length === null || length === undefined) return unknownDim();
  const clamp = (value: number): number => Math.min(Math.max(value < 0 ? value + length : value, -1), length - 1);
  if (
    (slice.lower.kind !== "none" && from === null) ||
    from === undefined ||
    (slice.upper.kind !== "none" && to === null) ||
    to === undefined
  )
    return unknownDim();
  const first = from === null || from === undefined ? length - 1 : clamp(from);
  const last = to === null || to === undefined ? -1 : clamp(to);
  return constant(Math.max(0, Math.ceil((first - last) / -step)));
}
