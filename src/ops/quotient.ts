/**
 * Floats that are exactly known as the quotient of two integers, such as `T / 2`, so that rounding one gives an
 * integer again. It follows Python's float arithmetic only where its rounding cannot cross an integer.
 */
import {
  type Dim,
  add,
  asNumber,
  ceilDivide,
  constant,
  floorDivide,
  multiply,
  negate,
  rangeOf,
  subtract,
} from "../shapes/index.ts";
import type { Datum, Quotient } from "./value.ts";

/** An integer, a quotient, or a number such as 0.5 that a float holds exactly as a fraction. */
export function asQuotient(value: Datum): Quotient | null {
  if (value.kind === "int") return { dividend: value.value, divisor: constant(1) };
  if (value.kind !== "float") return null;
  return value.quotient ?? (value.value === null ? null : dyadic(value.value));
}

/** Floats are fractions over powers of two; those that people write, such as 0.75, have a small one. */
function dyadic(value: number): Quotient | null {
  for (let divisor = 1; divisor <= 64; divisor *= 2) {
    const dividend = value * divisor;
    if (Number.isInteger(dividend) && Math.abs(dividend) <= 4096)
      return { dividend: constant(dividend), divisor: constant(divisor) };
  }
  return null;
}

/** a `operator` b; null where rounding could change the integer that comes out in the end. */
export function quotientOperation(operator: string, a: Quotient, b: Quotient): Quotient | null {
  const whole = asNumber(b.divisor) === 1;
  switch (operator) {
    case "/":
      return whole ? { dividend: a.dividend, divisor: multiply(a.divisor, b.dividend) } : null;
    case "*":
      return isExact(a) && isExact(b)
        ? { dividend: multiply(a.dividend, b.dividend), divisor: multiply(a.divisor, b.divisor) }
        : null;
    case "+":
    case "-": {
      const [x, y] = [multiply(a.dividend, b.divisor), multiply(b.dividend, a.divisor)];
      const dividend = operator === "+" ? add(x, y) : subtract(x, y);
      return isExact(a) && isExact(b) ? { dividend, divisor: multiply(a.divisor, b.divisor) } : null;
    }
    default:
      return null;
  }
}

/** Whether a float holds the quotient without rounding: its divisor is a power of two. */
function isExact({ divisor }: Quotient): boolean {
  const number = asNumber(divisor);
  return number !== null && number > 0 && Number.isInteger(Math.log2(number));
}

export type Rounding = "floor" | "ceil" | "trunc";

/** What `math.floor`, `math.ceil` and `int` make of it; null where `int` depends on a sign that is not known. */
export function rounded(
  how: Rounding,
  { dividend, divisor }: Quotient,
  isPositive: (d: Dim) => boolean = (d) => rangeOf(d).low >= 0,
): Dim | null {
  if (how === "floor") return floorDivide(dividend, divisor);
  if (how === "ceil") return ceilDivide(dividend, divisor);
  const [up, down] = [isPositive(dividend), isPositive(negate(dividend))];
  const [over, under] = [isPositive(divisor), isPositive(negate(divisor))];
  if ((up && over) || (down && under)) return floorDivide(dividend, divisor);
  return (up && under) || (down && over) ? ceilDivide(dividend, divisor) : null;
}
