/** Rounding of numbers that are known as quotients: `int(T / 2)`, `np.ceil(n / k)`. The quotients are in `ops`. */
import { rounded, type Rounding } from "../ops/index.ts";
import { type Dim, constant } from "../shapes/index.ts";
import { anyInteger } from "./fresh.ts";
import type { Machine } from "./machine.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

/** The integer that a number rounds to. */
export function roundedValue(m: Machine, how: Rounding, value: Value): Value {
  const seen = follow(value);
  if (seen.kind === "int") return seen;
  if (seen.kind !== "float") return anyInteger();
  if (seen.value !== null) return { kind: "int", value: constant(Math[how](seen.value)) };
  const isPositive = (d: Dim): boolean => m.solver.atLeast(d, 0) === "yes";
  const dim = seen.quotient === undefined ? null : rounded(how, seen.quotient, isPositive);
  return dim === null ? anyInteger() : { kind: "int", value: m.solver.dim(dim) };
}

/** NumPy rounds a float to a float, which is then a whole number; null for anything else. */
export function roundedFloat(m: Machine, how: Rounding, value: Value | undefined): Value | null {
  const seen = value === undefined ? null : follow(value);
  if (seen?.kind !== "float" || seen.quotient === undefined) return null;
  const whole = roundedValue(m, how, seen);
  if (whole.kind !== "int") return null;
  return { kind: "float", value: null, quotient: { dividend: whole.value, divisor: constant(1) } };
}
