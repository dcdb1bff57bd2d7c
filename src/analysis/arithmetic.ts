/**
 * Operators between values: integers as dimensions, other scalars, sequences, objects with methods,
 * and tensors, which go to the catalogue.
 */
import { asQuotient, type Float, type Library, quotientOperation } from "../ops/index.ts";
import type { BinaryOperator, Compare, Comparator, Expr, Unary } from "../program/syntax.ts";
import { type Answer, asNumber, constant, type Dim, floorDivide, modulo, negate, power } from "../shapes/index.ts";
import { callMethodIfAny } from "./calls.ts";
import { equalValues, isSame, numberOf } from "./equality.ts";
import { truthOf } from "./conditions.ts";
import { repeatSequence, containsItem } from "./containers.ts";
import { evaluate } from "./expressions.ts";
import { concatenated, lengthOf } from "./join.ts";
import { applyOperator, type Argument } from "./library.ts";
import type { Machine } from "./machine.ts";
import { mapOptions } from "./options.ts";
import {
  boolOf,
  COMPLEX,
  contentOf,
  listWith,
  SOME_BOOL,
  SOME_FLOAT,
  SOME_STRING,
  stringOf,
  tupleOf,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { percentFormat } from "./strings.ts";
import { asInteger, asTensor, DIM_OPERATORS, follow, powerOf, prospectArithmetic } from "./variable.ts";

export function binaryOperation(
  m: Machine,
  operator: BinaryOperator,
  left: Value,
  right: Value,
  expr: Expr,
  parts?: readonly [Expr, Expr],
): Value {
  const a = follow(left);
  const b = follow(right);
  const operands = parts ?? (expr.kind === "binary" ? [expr.left, expr.right] : [expr, expr]);
  if (a.kind === "union") return mapOptions(m, a, (option) => binaryOperation(m, operator, option, b, expr, operands));
  if (b.kind === "union") return mapOptions(m, b, (option) => binaryOperation(m, operator, a, option, expr, operands));
  const methods = m.dialect.operatorMethods[operator];
  const called = callMethodIfAny(m, a, methods[0], [b], expr) ?? callMethodIfAny(m, b, methods[1], [a], expr);
  if (called !== null) return called;
  if (isArrayLike(a, b, operator)) return arrayOperation(m, operator, a, b, expr, operands);
  return (
    scalarOperation(m, operator, a, b) ??
    sequenceOperation(m, operator, a, b) ??
    prospectArithmetic(operator, a, b) ??
    UNKNOWN
  );
}

/** A tensor on one side makes it an array operation; so does `@` between values that could be tensors. */
function isArrayLike(a: Value, b: Value, operator: BinaryOperator): boolean {
  if (a.kind === "tensor" || b.kind === "tensor") return a.kind !== "unknown" && b.kind !== "unknown";
  return operator === "@" && a.kind === "variable" && b.kind === "variable";
}

function arrayOperation(
  m: Machine,
  operator: BinaryOperator,
  a: Value,
  b: Value,
  expr: Expr,
  parts: readonly [Expr, Expr],
): Value {
  const args: Argument[] = [
    { value: operator === "@" ? asTensor(m, a, libraryOf(b)) : a, expr: parts[0] },
    { value: operator === "@" ? asTensor(m, b, libraryOf(a)) : b, expr: parts[1] },
  ];
  return applyOperator(m, `operator.${operator}`, args, new Map(), expr);
}

function libraryOf(value: Value): Library | null {
  return value.kind === "tensor" ? value.library : null;
}

function scalarOperation(m: Machine, operator: BinaryOperator, a: Value, b: Value): Value | null {
  if (a.kind === "complex" || b.kind === "complex") return isPlainNumber(a) && isPlainNumber(b) ? COMPLEX : null;
  const x = asInt(a);
  const y = asInt(b);
  if (x !== null && y !== null) return integerOperation(m, operator, x, y);
  const p = numberOf(m, a);
  const q = numberOf(m, b);
  if (p === undefined || q === undefined) return null;
  if (p === null || q === null) return quotientOf(operator, a, b);
  const result = floatOperation(operator, p, q);
  return { kind: "float", value: result !== null && Number.isFinite(result) ? result : null };
}

function isPlainNumber({ kind }: Value): boolean {
  return kind === "int" || kind === "float" || kind === "bool" || kind === "complex";
}

function quotientOf(operator: BinaryOperator, a: Value, b: Value): Value {
  const [x, y] = [a, b].map((value) => (value.kind === "int" || value.kind === "float" ? asQuotient(value) : null));
  const quotient = !x || !y ? null : quotientOperation(operator, x, y);
  return quotient === null ? SOME_FLOAT : { kind: "float", value: null, quotient };
}

function asInt(value: Value): Extract<Value, { kind: "int" }> | null {
  if (value.kind === "int") return value;
  if (value.kind === "bool" && value.value !== null) return { kind: "int", value: constant(value.value ? 1 : 0) };
  return null;
}

function integerOperation(
  m: Machine,
  operator: BinaryOperator,
  a: Extract<Value, { kind: "int" }>,
  b: Extract<Value, { kind: "int" }>,
): Value {
  const x = m.solver.dim(a.value);
  const y = m.solver.dim(b.value);
  const zero = asNumber(y) === 0;
  if ((operator === "//" || operator === "%") && zero) return UNKNOWN;
  if (operator === "//") return { kind: "int", value: m.solver.dim(floorDivide(x, y)) };
  if (operator === "%") return { kind: "int", value: m.solver.dim(modulo(x, y)) };
  const apply = DIM_OPERATORS[operator];
  if (apply !== undefined) return { kind: "int", value: m.solver.dim(apply(x, y)) };
  const p = asNumber(x);
  const q = asNumber(y);
  if (operator === "/" && (p === null || q === null)) return quotientOf(operator, a, b);
  if (operator === "/") return { kind: "float", value: p !== null && q !== null && q !== 0 ? p / q : null };
  if (operator === "**" && q !== null && q >= 0) return { kind: "int", value: power(x, q) };
  const raised = p === null ? powerOf(operator, x, y) : null;
  if (raised !== null) return { kind: "int", value: raised };
  if (p === null || q === null) return UNKNOWN;
  const bits = bitOperation(operator, p, q);
  return bits === null ? UNKNOWN : { kind: "int", value: constant(bits) };
}

function bitOperation(operator: BinaryOperator, p: number, q: number): number | null {
  const small = (n: number): boolean => n >= 0 && n < 2 ** 30;
  if (!small(p) || !small(q)) return null;
  switch (operator) {
    case "&":
      return p & q;
    case "|":
      return p | q;
    case "^":
      return p ^ q;
    case "<<":
      return q < 22 ? p * 2 ** q : null;
    case ">>":
      return Math.floor(p / 2 ** q);
    default:
      return null;
  }
}

function floatOperation(operator: BinaryOperator, p: number, q: number): number | null {
  switch (operator) {
    case "+":
      return p + q;
    case "-":
      return p - q;
    case "*":
      return p * q;
    case "/":
      return q === 0 ? null : p / q;
    case "//":
      return q === 0 ? null : Math.floor(p / q);
    case "**":
      return p ** q;
    default:
      return null;
  }
}

function sequenceOperation(m: Machine, operator: BinaryOperator, a: Value, b: Value): Value | null {
  if (operator === "+") {
    if (a.kind === "tuple" && b.kind === "tuple") return tupleOf([...a.items, ...b.items]);
    if (a.kind === "string" && b.kind === "string") {
      return a.value === null || b.value === null ? SOME_STRING : stringOf(a.value + b.value);
    }
    if (a.kind === "list" && b.kind === "list") {
      return listWith(concatenated(contentOf(a), contentOf(b)));
    }
  }
  if (operator === "*") {
    const [times, count] = [repetitions(m, a, b), repetitions(m, b, a)];
    if (times !== null) return repeatSequence(m, a, times);
    if (count !== null) return repeatSequence(m, b, count);
  }
  if (operator === "%" && a.kind === "string") return percentFormat(m, a.value, b) ?? SOME_STRING;
  return null;
}

/** How often a sequence is repeated. What one item is multiplied by is a number, though nothing else says so. */
function repetitions(m: Machine, sequence: Value, by: Value): Dim | null {
  if (by.kind === "int") return by.value;
  if (sequence.kind !== "list" || (by.kind !== "prospect" && by.kind !== "variable")) return null;
  if (asNumber(lengthOf(contentOf(sequence))) !== 1) return null;
  const number = asInteger(m, by);
  return number.kind === "int" ? number.value : null;
}

export function unaryOperation(m: Machine, operator: Unary["operator"], value: Value, expr: Expr): Value {
  const seen = follow(value);
  if (operator === "not") {
    const truth = truthOf(m, seen);
    return seen.kind === "tensor" ? SOME_BOOL : boolOf(truth === "maybe" ? null : truth === "no");
  }
  if (seen.kind === "union") return mapOptions(m, seen, (option) => unaryOperation(m, operator, option, expr));
  const operand = expr.kind === "unary" ? expr.operand : expr;
  if (seen.kind === "tensor") {
    const name = operator === "~" ? "operator.~" : `operator.unary${operator}`;
    return applyOperator(m, name, [{ value: seen, expr: operand }], new Map(), expr);
  }
  if (operator === "+") return seen.kind === "int" || seen.kind === "float" ? seen : UNKNOWN;
  if (operator === "-" && seen.kind === "complex") return COMPLEX;
  if (operator === "-") {
    if (seen.kind === "int") return { kind: "int", value: negate(seen.value) };
    if (seen.kind === "float") return negated(seen);
    const prospect = prospectArithmetic("-", { kind: "int", value: constant(0) }, seen);
    if (prospect !== null) return prospect;
  }
  return UNKNOWN;
}

function negated({ value, quotient }: Float): Value {
  if (quotient === undefined) return { kind: "float", value: value === null ? null : -value };
  return { kind: "float", value: null, quotient: { ...quotient, dividend: negate(quotient.dividend) } };
}

/** A chain of comparisons; between tensors it is an elementwise operator. */
export function compareOperation(m: Machine, expr: Compare): Value {
  let left = evaluate(m, expr.first);
  let leftExpr = expr.first;
  let result: Value | null = null;
  for (const { comparator, operand } of expr.rest) {
    const right = evaluate(m, operand);
    const value = compareValues(m, comparator, left, right, expr, [leftExpr, operand]);
    result = result === null ? value : bothTrue(m, result, value);
    left = right;
    leftExpr = operand;
  }
  return result ?? SOME_BOOL;
}

function bothTrue(m: Machine, a: Value, b: Value): Value {
  const answers = [truthOf(m, a), truthOf(m, b)];
  return answers.includes("no")
    ? boolOf(false)
    : answers.every((answer) => answer === "yes")
      ? boolOf(true)
      : SOME_BOOL;
}

function compareValues(
  m: Machine,
  comparator: Comparator,
  left: Value,
  right: Value,
  expr: Expr,
  parts: readonly [Expr, Expr],
): Value {
  const a = follow(left);
  const b = follow(right);
  if (comparator === "is" || comparator === "is not") return identity(a, b, comparator === "is");
  if (comparator === "in" || comparator === "not in") {
    const answer = containsItem(m, b, a);
    return boolOf(answer === "maybe" ? null : (answer === "yes") === (comparator === "in"));
  }
  if (a.kind === "union") return mapOptions(m, a, (option) => compareValues(m, comparator, option, b, expr, parts));
  if ((a.kind === "tensor" && b.kind !== "unknown") || (b.kind === "tensor" && a.kind !== "unknown")) {
    if (a.kind === "none" || b.kind === "none") return SOME_BOOL;
    return applyOperator(
      m,
      `operator.${comparator}`,
      [
        { value: a, expr: parts[0] },
        { value: b, expr: parts[1] },
      ],
      new Map(),
      expr,
    );
  }
  const answer = order(m, comparator, a, b);
  if (answer === "maybe" && mayBeArray(a, b)) return UNKNOWN;
  return boolOf(answer === "maybe" ? null : answer === "yes");
}

function mayBeArray(a: Value, b: Value): boolean {
  const open = (value: Value): boolean =>
    value.kind === "variable" || value.kind === "unknown" || value.kind === "prospect";
  return open(a) || open(b);
}

function identity(a: Value, b: Value, positive: boolean): Value {
  const answer = isSame(a, b);
  return boolOf(answer === "maybe" ? null : (answer === "yes") === positive);
}

/** Compares values that are no tensors. */
function order(m: Machine, comparator: Comparator, a: Value, b: Value): Answer {
  const x = asInt(a);
  const y = asInt(b);
  if (x !== null && y !== null) {
    switch (comparator) {
      case "==":
        return m.solver.compare(x.value, y.value);
      case "!=":
        return flip(m.solver.compare(x.value, y.value));
      case "<":
        return m.solver.less(x.value, y.value);
      case ">":
        return m.solver.less(y.value, x.value);
      case "<=":
        return flip(m.solver.less(y.value, x.value));
      case ">=":
        return flip(m.solver.less(x.value, y.value));
      default:
        return "maybe";
    }
  }
  if (comparator === "==" || comparator === "!=") {
    const equal = equalValues(m, a, b);
    return comparator === "==" ? equal : flip(equal);
  }
  const p = numberOf(m, a);
  const q = numberOf(m, b);
  if (typeof p !== "number" || typeof q !== "number") return "maybe";
  const holds = comparator === "<" ? p < q : comparator === "<=" ? p <= q : comparator === ">" ? p > q : p >= q;
  return holds ? "yes" : "no";
}

function flip(answer: Answer): Answer {
  return answer === "yes" ? "no" : answer === "no" ? "yes" : "maybe";
}
