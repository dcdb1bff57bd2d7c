/**
 * Reads a dimension as it is printed (`2*T - 1`, `C // n_head`) and computes it. It stands for whoever reads
 * our output from outside, so it knows Python's arithmetic and must not use the analyser's own dimensions.
 */

/** Sizes by name. */
export type Sizes = ReadonlyMap<string, number>;

export type Dimension =
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "call"; readonly operator: string; readonly args: readonly Dimension[] };

/** Null where the text is no arithmetic over names and integers. */
export function readDimension(text: string): Dimension | null {
  const tokens = text.match(/\d+|[^\W\d][\w.]*(?:\[[^\]]*\])*|\/\/|\*\*|[-+*%(),]|\S/gu) ?? [];
  const state = { tokens, at: 0 };
  const result = sum(state);
  return result !== null && state.at === tokens.length ? result : null;
}

/** The value, or null where a name has no size (or there is a division by zero). */
export function sizeOf(dimension: Dimension, sizes: Sizes): number | null {
  if (dimension.type === "number") return dimension.value;
  if (dimension.type === "name") return sizes.get(dimension.name) ?? null;
  const args = dimension.args.map((arg) => sizeOf(arg, sizes));
  if (!args.every((arg) => arg !== null)) return null;
  return compute(dimension.operator, args);
}

interface State {
  readonly tokens: readonly string[];
  at: number;
}

function compute(operator: string, args: readonly number[]): number | null {
  const [a = 0, b = 0] = args;
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return args.length === 1 ? -a : a - b;
    case "*":
      return a * b;
    case "**":
      return a ** b;
    case "//":
      return b === 0 ? null : Math.floor(a / b);
    case "%":
      return b === 0 ? null : a - b * Math.floor(a / b);
    case "min":
      return Math.min(...args);
    case "max":
      return Math.max(...args);
    case "abs":
      return Math.abs(a);
    case "ceil":
      return Math.ceil(a);
    default:
      return null;
  }
}

/** Operators of one level, left to right. */
function chain(state: State, operators: readonly string[], operand: (state: State) => Dimension | null) {
  let left = operand(state);
  for (;;) {
    const operator = state.tokens[state.at];
    if (left === null || operator === undefined || !operators.includes(operator)) return left;
    state.at += 1;
    const right = operand(state);
    left = right && { type: "call", operator, args: [left, right] };
  }
}

function sum(state: State): Dimension | null {
  return chain(state, ["+", "-"], (s) => chain(s, ["*", "//", "%"], unary));
}

function unary(state: State): Dimension | null {
  if (state.tokens[state.at] === "-") {
    state.at += 1;
    const operand = unary(state);
    return operand && { type: "call", operator: "-", args: [operand] };
  }
  return chain(state, ["**"], atom);
}

function atom(state: State): Dimension | null {
  const token = state.tokens[state.at] ?? "";
  state.at += 1;
  if (/^\d/u.test(token)) return { type: "number", value: Number(token) };
  if (token === "(") return closed(state, sum(state));
  if (!/^[^\W\d]/u.test(token)) return null;
  if (state.tokens[state.at] !== "(") return { type: "name", name: token };
  state.at += 1;
  const args: Dimension[] = [];
  for (;;) {
    const arg = sum(state);
    if (arg === null) return null;
    args.push(arg);
    if (state.tokens[state.at] !== ",") return closed(state, { type: "call", operator: token, args });
    state.at += 1;
  }
}

function closed(state: State, inner: Dimension | null): Dimension | null {
  if (state.tokens[state.at] !== ")") return null;
  state.at += 1;
  return inner;
}
