/**
 * Printed dimension expressions (`2*C`, `C // n_head`), read back so that a size can follow the sliders it depends on.
 * What it cannot read is no fault: the whole text then stands for one size of its own.
 */

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "binary"; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

type Operator = "+" | "-" | "*" | "//" | "%";

const TOKEN = /\s*(?:(\d+)|([\p{L}_][\p{L}\p{N}_.]*)|(\/\/|[-+*%()·]))/uy;

type Token = { readonly kind: "number" | "symbol" | "sign"; readonly text: string };

/** The expression that the text prints, or `undefined` when it is not one of ours. */
export function parseExpression(text: string): Expression | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  const cursor = { tokens, at: 0 };
  const expression = sum(cursor);
  return cursor.at === tokens.length ? expression : undefined;
}

/** The names in the expression, each once, in the order they appear. */
export function symbolsOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "number":
      return [];
    case "symbol":
      return [expression.name];
    case "binary":
      return [...new Set([...symbolsOf(expression.left), ...symbolsOf(expression.right)])];
  }
}

/** The value with these sizes; `undefined` when a name has no size or a division has no result. */
export function evaluate(expression: Expression, sizes: Readonly<Record<string, number>>): number | undefined {
  if (expression.kind === "number") return expression.value;
  if (expression.kind === "symbol") return sizes[expression.name];
  const left = evaluate(expression.left, sizes);
  const right = evaluate(expression.right, sizes);
  if (left === undefined || right === undefined) return undefined;
  switch (expression.operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "//":
      return right === 0 ? undefined : Math.floor(left / right);
    case "%":
      return right === 0 ? undefined : left - right * Math.floor(left / right);
  }
}

function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, number, symbol, sign] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
    else tokens.push({ kind: "sign", text: sign === "·" ? "*" : (sign ?? "") });
  }
  return tokens;
}

type Cursor = { readonly tokens: readonly Token[]; at: number };

/** Takes the next token when it is one of these signs. */
function take<S extends string>(cursor: Cursor, ...signs: readonly S[]): S | undefined {
  const token = cursor.tokens[cursor.at];
  const found = token?.kind === "sign" ? signs.find((sign) => sign === token.text) : undefined;
  if (found !== undefined) cursor.at++;
  return found;
}

const sum = (cursor: Cursor): Expression | undefined => chain(cursor, product, "+", "-");
const product = (cursor: Cursor): Expression | undefined => chain(cursor, atom, "*", "//", "%");

function chain(
  cursor: Cursor,
  part: (cursor: Cursor) => Expression | undefined,
  ...operators: readonly Operator[]
): Expression | undefined {
  let left = part(cursor);
  while (left !== undefined) {
    const operator = take(cursor, ...operators);
    if (operator === undefined) return left;
    const right = part(cursor);
    left = right === undefined ? undefined : { kind: "binary", operator, left, right };
  }
  return undefined;
}

function atom(cursor: Cursor): Expression | undefined {
  if (take(cursor, "(") !== undefined) {
    const inner = sum(cursor);
    return take(cursor, ")") === undefined ? undefined : inner;
  }
  const token = cursor.tokens[cursor.at];
  if (token === undefined || token.kind === "sign") return undefined;
  cursor.at++;
  return token.kind === "number" ? { kind: "number", value: Number(token.text) } : { kind: "symbol", name: token.text };
}
