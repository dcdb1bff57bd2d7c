/**
 * Python's own numbers: arithmetic on integers that may be symbolic, and the `math` module. It knows no
 * tensors.
 */
import {
  add,
  asNumber,
  floorDivide,
  modulo,
  multiply,
  negate,
  power,
  product,
  subtract,
  type Dim,
} from "../shapes/index.ts";
import { argument } from "./arguments.ts";
import { bool, dimOf, float, int, itemsOf, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import type { Operator, Outcome } from "./operator.ts";
import { rounded } from "./quotient.ts";
import type { Datum } from "./value.ts";

const INTEGER: Readonly<Record<string, (a: Dim, b: Dim) => Dim>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "//": floorDivide,
  "%": modulo,
};

/** The value of an operator between values that are no tensors. */
export function pythonArithmetic(name: string, operands: readonly Datum[]): Outcome {
  const symbol = name.slice("operator.".length).replace(/(?<![=<>!])=$/, "");
  const [left, right] = operands;
  if (left === undefined || !isNumber(left)) return { value: unknown };
  if (right === undefined) return { value: onOne(symbol, left) };
  return { value: isNumber(right) ? onTwo(symbol, left, right) : unknown };
}

function isNumber(datum: Datum): boolean {
  return datum.kind === "int" || datum.kind === "float" || datum.kind === "bool";
}

function onOne(symbol: string, operand: Datum): Datum {
  const dim = dimOf(operand);
  if (dim === null) return operand.kind === "float" ? float() : unknown;
  if (symbol === "unary-") return int(negate(dim));
  return symbol === "unary+" ? int(dim) : unknown;
}

function onTwo(symbol: string, left: Datum, right: Datum): Datum {
  const [a, b] = [dimOf(left), dimOf(right)];
  if (["==", "!=", "<", "<=", ">", ">="].includes(symbol)) return bool();
  if (a === null || b === null) return left.kind === "float" || right.kind === "float" ? float() : unknown;
  const integer = INTEGER[symbol];
  const zero = (symbol === "//" || symbol === "%") && asNumber(b) === 0;
  if (integer !== undefined && !zero) return int(integer(a, b));
  if (symbol === "/") return quotient(asNumber(a), asNumber(b));
  const exponent = asNumber(b);
  return symbol === "**" && exponent !== null && exponent >= 0 && exponent < 64 ? int(power(a, exponent)) : unknown;
}

function quotient(a: number | null, b: number | null): Datum {
  return float(a === null || b === null || b === 0 ? null : a / b);
}

function mathFunction(names: readonly string[], summary: string, result: (datum: Datum) => Datum): readonly Operator[] {
  return op({
    names: names.map((name) => `math.${name}`),
    summary,
    call: "x: any, *more: any",
    shape: (call) => ({ value: result(argument(call, "x")) }),
  });
}

function valueOf(datum: Datum): number | null {
  const dim = dimOf(datum);
  return datum.kind === "float" ? datum.value : dim === null ? null : asNumber(dim);
}

function floatOf(rule: (x: number) => number): (datum: Datum) => Datum {
  return (datum) => {
    const x = valueOf(datum);
    const value = x === null ? null : rule(x);
    return float(value !== null && Number.isFinite(value) ? value : null);
  };
}

function integerOf(how: "floor" | "ceil"): (datum: Datum) => Datum {
  const rule = Math[how];
  return (datum) => {
    if (datum.kind === "int") return datum;
    const dim = datum.kind === "float" && datum.quotient !== undefined ? rounded(how, datum.quotient) : null;
    if (dim !== null) return int(dim);
    const x = valueOf(datum);
    return x !== null && Number.isSafeInteger(rule(x)) ? int(rule(x)) : unknown;
  };
}

export const squareRoot = mathFunction(["sqrt"], "Square root of a number.", floatOf(Math.sqrt));
export const naturalLog = mathFunction(["log"], "Logarithm of a number.", () => float());
export const log2 = mathFunction(["log2"], "Logarithm to base 2.", floatOf(Math.log2));
export const exponential = mathFunction(["exp"], "Exponential of a number.", floatOf(Math.exp));
export const floats = mathFunction(
  [
    "log10",
    "log1p",
    "expm1",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinh",
    "cosh",
    "tanh",
    "erf",
    "pow",
    "fabs",
    "radians",
    "degrees",
  ],
  "A floating-point number.",
  () => float(),
);
export const floor = mathFunction(["floor"], "Greatest integer that is not above.", integerOf("floor"));
export const ceil = mathFunction(["ceil"], "Smallest integer that is not below.", integerOf("ceil"));
export const isqrt = mathFunction(["isqrt"], "Integer square root.", integerRoot);

function integerRoot(datum: Datum): Datum {
  const x = valueOf(datum);
  return x === null || x < 0 || datum.kind === "float" ? unknown : int(Math.floor(Math.sqrt(x)));
}

export const mathProduct = op({
  names: ["math.prod"],
  summary: "Product of all numbers of a sequence.",
  call: "iterable: any, /, *, start: any = 1",
  shape: (call) => {
    const dims = (itemsOf(argument(call, "iterable")) ?? [unknown]).map(dimOf);
    const known = dims.every((dim) => dim !== null);
    const start = dimOf(argument(call, "start"));
    return { value: known && start !== null ? int(product([start, ...dims])) : unknown };
  },
});
