// Random expressions for property tests: each is built as a dimension and calculated as Python would.
import * as fc from "fast-check";
import {
  type Dim,
  type Sym,
  absolute,
  add,
  ceilDivide,
  constant,
  floorDivide,
  freshSymbol,
  maximum,
  minimum,
  modulo,
  multiply,
  negate,
  ofSymbol,
  power,
  subtract,
} from "../../src/shapes/index.ts";

export type Operation = "+" | "-" | "*" | "//" | "%" | "min" | "max" | "ceil";

export type Expression =
  | { readonly op: "number"; readonly value: number }
  | { readonly op: "symbol"; readonly index: number }
  | { readonly op: "neg" | "abs" | "square"; readonly a: Expression }
  | { readonly op: Operation; readonly a: Expression; readonly b: Expression };

/** Two sizes, a size that is at least 1, and an integer that could be negative. */
export const symbols: readonly Sym[] = [
  freshSymbol("a", "inferred"),
  freshSymbol("b", "declared", { declaredBy: "annotation" }),
  freshSymbol("n", "inferred", { min: 1 }),
  freshSymbol("k", "inferred", { min: null }),
];

export type Values = readonly number[];

export const values: fc.Arbitrary<Values> = fc.tuple(
  fc.integer({ min: 0, max: 9 }),
  fc.integer({ min: 0, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: -9, max: 9 }),
);

export const { expression } = fc.letrec<{ expression: Expression; leaf: Expression; node: Expression }>((tie) => ({
  expression: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie("leaf"), tie("node"), tie("node")),
  leaf: fc.oneof(
    fc.record({ op: fc.constant("number" as const), value: fc.integer({ min: -3, max: 6 }) }),
    fc.record({ op: fc.constant("symbol" as const), index: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ op: fc.constant("symbol" as const), index: fc.integer({ min: 0, max: 3 }) }),
  ),
  node: fc.oneof(
    fc.record({ op: fc.constantFrom("neg" as const, "abs" as const, "square" as const), a: tie("expression") }),
    ...[0, 1, 2, 3].map(() =>
      fc.record({
        op: fc.constantFrom<Operation>("+", "-", "*", "//", "%", "//", "%", "*", "min", "max", "ceil"),
        a: tie("expression"),
        b: tie("expression"),
      }),
    ),
  ),
}));

/** Quotients and remainders of one another, where most of the identities are. */
export const { quotients } = fc.letrec<{ quotients: Expression; leaf: Expression }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ op: fc.constant("number" as const), value: fc.constantFrom(1, 2, 3, 4, 6) }),
    fc.record({ op: fc.constant("symbol" as const), index: fc.integer({ min: 0, max: 3 }) }),
  ),
  quotients: fc.oneof(
    { maxDepth: 3 },
    tie("leaf"),
    fc.record({ op: fc.constantFrom<Operation>("//", "%", "ceil"), a: tie("quotients"), b: tie("leaf") }),
    fc.record({ op: fc.constantFrom<Operation>("+", "-", "*", "//", "%"), a: tie("quotients"), b: tie("quotients") }),
  ),
}));

export function valueOf(values: Values): (s: Sym) => number {
  return (s) => values[symbols.indexOf(s)] ?? NaN;
}

export function build(e: Expression): Dim {
  switch (e.op) {
    case "number":
      return constant(e.value);
    case "symbol": {
      const symbol = symbols[e.index];
      return symbol === undefined ? constant(0) : ofSymbol(symbol);
    }
    case "neg":
      return negate(build(e.a));
    case "abs":
      return absolute(build(e.a));
    case "square":
      return power(build(e.a), 2);
    default:
      return operations[e.op](build(e.a), build(e.b));
  }
}

const operations: Record<Operation, (a: Dim, b: Dim) => Dim> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "//": floorDivide,
  "%": modulo,
  min: minimum,
  max: maximum,
  ceil: ceilDivide,
};

/** The number that Python would give; NaN where it raises. */
export function calculate(e: Expression, values: Values): number {
  switch (e.op) {
    case "number":
      return e.value;
    case "symbol":
      return values[e.index] ?? NaN;
    case "neg":
      return -calculate(e.a, values);
    case "abs":
      return Math.abs(calculate(e.a, values));
    case "square":
      return calculate(e.a, values) ** 2;
    default:
      return arithmetic[e.op](calculate(e.a, values), calculate(e.b, values));
  }
}

const arithmetic: Record<Operation, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "//": (a, b) => (b === 0 ? NaN : Math.floor(a / b)),
  "%": (a, b) => (b === 0 ? NaN : a - b * Math.floor(a / b)),
  min: Math.min,
  max: Math.max,
  ceil: (a, b) => (b === 0 ? NaN : Math.ceil(a / b)),
};

/** Reads Python arithmetic: names, numbers, + - * // % ** unary minus, min, max, abs, parentheses. */
export function evaluatePython(text: string, names: ReadonlyMap<string, number>): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|\*\*|\/\/|[-+*%(),]/g) ?? [];
  let at = 0;
  const take = (...expected: readonly string[]) => {
    const token = tokens[at];
    if (token === undefined || !expected.includes(token)) return null;
    at++;
    return token;
  };
  const sum = (): number => {
    let value = product();
    for (let op = take("+", "-"); op !== null; op = take("+", "-")) value += op === "+" ? product() : -product();
    return value;
  };
  const product = (): number => {
    let value = unary();
    for (let op = take("*", "//", "%"); op !== null; op = take("*", "//", "%")) {
      const right = unary();
      value = op === "*" ? value * right : arithmetic[op as "//" | "%"](value, right);
    }
    return value;
  };
  const unary = (): number => (take("-") === null ? raised() : -unary());
  const raised = (): number => {
    const base = atom();
    return take("**") === null ? base : base ** unary();
  };
  const atom = (): number => {
    if (take("(") !== null) {
      const value = sum();
      if (take(")") === null) throw new Error(`unclosed parenthesis in ${text}`);
      return value;
    }
    const token = tokens[at++] ?? "";
    if (/^\d/.test(token)) return Number(token);
    if (take("(") === null) {
      const value = names.get(token);
      if (value === undefined) throw new Error(`unknown name ${token} in ${text}`);
      return value;
    }
    const args = [sum()];
    while (take(",") !== null) args.push(sum());
    if (take(")") === null) throw new Error(`unclosed call in ${text}`);
    const functions: Record<string, (...n: number[]) => number> = { min: Math.min, max: Math.max, abs: Math.abs };
    return functions[token]?.(...args) ?? NaN;
  };
  const value = sum();
  if (at !== tokens.length || tokens.join("") !== text.replaceAll(" ", "")) throw new Error(`cannot read ${text}`);
  return value;
}
