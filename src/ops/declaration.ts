/**
 * Reads what a user declares of a function that nobody can follow: `q: (b,h,q,d), (b,h,k,d) -> (b,h,q,k), int64(b,q)`,
 * the catalogue's notation with names, types, sums and products. It says what is wrong with a declaration, and where.
 */
import { dtypeNamed } from "./dtype-names.ts";
import type { DType } from "./dtype.ts";

/** One size as it is declared. */
export type Size =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "letter"; readonly name: string }
  /** Any size, nobody says which. */
  | { readonly kind: "any" }
  | {
      readonly kind: "arithmetic";
      readonly operator: "+" | "-" | "*" | "//";
      readonly left: Size;
      readonly right: Size;
    };

export interface Core {
  readonly size: Size;
  /** `n?`: the dimension can be missing. */
  readonly optional: boolean;
  readonly text: string;
}

export interface DeclaredOperand {
  /** Null where the declaration does not name it. */
  readonly name: string | null;
  /** Null for an argument of which nothing is said. */
  readonly dims: readonly Core[] | null;
}

export interface DeclaredResult {
  readonly dims: readonly Core[] | null;
  readonly dtype: DType | null;
}

export interface Declaration {
  readonly text: string;
  readonly operands: readonly DeclaredOperand[];
  readonly results: readonly DeclaredResult[];
}

/** What is wrong, and with which part of the text. */
export interface Mistake {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

const EXAMPLE = "Write the operands, an arrow and the result, such as `(b,n,d),(b,m,d)->(b,n,m)`.";

export function readDeclaration(text: string): Declaration | Mistake {
  const whole = { start: 0, end: Math.max(1, text.length) };
  const arrow = text.indexOf("->");
  if (arrow < 0) return { message: `The declaration has no \`->\`. ${EXAMPLE}`, ...whole };
  const second = text.indexOf("->", arrow + 2);
  if (second >= 0) return { message: `The declaration has two arrows. ${EXAMPLE}`, start: second, end: second + 2 };
  const operands = itemsOf(text, 0, arrow, readOperand);
  if ("message" in operands) return operands;
  const results = itemsOf(text, arrow + 2, text.length, readResult);
  if ("message" in results) return results;
  if (results.items.length === 0)
    return { message: `Nothing stands behind the arrow. ${EXAMPLE}`, start: arrow, end: arrow + 2 };
  const read = { text: text.trim(), operands: operands.items, results: results.items };
  return unboundLetter(read, text, arrow) ?? sameName(read, text) ?? read;
}

/** A letter of the result that no operand has, and one of an operand that only a sum or product mentions. */
function unboundLetter({ operands, results }: Declaration, text: string, arrow: number): Mistake | null {
  const sizes = operands.flatMap(({ dims }) => dims ?? []).map(({ size }) => size);
  const bound = new Set(sizes.flatMap((size) => (size.kind === "letter" ? size.name : [])));
  for (const size of sizes) {
    const [only, more] = lettersOf(size).filter((letter) => !bound.has(letter));
    if (only !== undefined && more === undefined && canBeSolved(size, only)) bound.add(only);
  }
  const wanted = (dims: readonly Core[] | null): readonly string[] =>
    (dims ?? []).flatMap(({ size }) => lettersOf(size));
  const inResult = results.flatMap(({ dims }) => wanted(dims)).find((letter) => !bound.has(letter));
  if (inResult !== undefined) {
    const message = `\`${inResult}\` stands in the result and is the size of no operand. Write \`_\` for a size that nobody knows before the call.`;
    return { message, ...placeOf(inResult, text, arrow + 2) };
  }
  const inOperand = operands.flatMap(({ dims }) => wanted(dims)).find((letter) => !bound.has(letter));
  if (inOperand === undefined) return null;
  return {
    message: `What \`${inOperand}\` is cannot be told: some operand must have it as a size of its own.`,
    ...placeOf(inOperand, text, 0),
  };
}

/** From `2*d` and `n+1` follows what the letter is; from `h//2` it does not. */
function canBeSolved(size: Size, letter: string): boolean {
  if (size.kind !== "arithmetic") return size.kind === "letter";
  const inside = [size.left, size.right].filter((part) => lettersOf(part).includes(letter));
  return size.operator !== "//" && inside.length === 1 && inside.every((part) => canBeSolved(part, letter));
}

function sameName({ operands }: Declaration, text: string): Mistake | null {
  const names = operands.flatMap(({ name }) => name ?? []);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return null;
  return { message: `Two operands are called \`${twice}\`.`, ...placeOf(twice, text, 0) };
}

function placeOf(word: string, text: string, from: number): { readonly start: number; readonly end: number } {
  const pattern = new RegExp(`(?<!\\w)${word}(?!\\w)`, "g");
  pattern.lastIndex = from;
  const start = pattern.exec(text)?.index ?? from;
  return { start, end: start + word.length };
}

function lettersOf(size: Size): readonly string[] {
  if (size.kind === "letter") return [size.name];
  return size.kind === "arithmetic" ? [...lettersOf(size.left), ...lettersOf(size.right)] : [];
}

type Reader<T> = (part: string, at: number) => T | Mistake;

/** What stands between the commas outside of parentheses. */
function itemsOf<T>(
  text: string,
  from: number,
  to: number,
  read: Reader<T>,
): { readonly items: readonly T[] } | Mistake {
  const items: T[] = [];
  for (const { part, at } of partsOf(text, from, to)) {
    if (part === "") {
      const nothing = text.slice(from, to).trim() === "";
      if (nothing) return { items: [] };
      return { message: `An operand is missing between two commas. ${EXAMPLE}`, start: at, end: at + 1 };
    }
    const opens = part.split("(").length - part.split(")").length;
    if (opens !== 0)
      return { message: `A parenthesis is not ${opens > 0 ? "closed" : "opened"}.`, start: at, end: at + part.length };
    const item = read(part, at);
    if (typeof item === "object" && item !== null && "message" in item) return item;
    items.push(item);
  }
  return { items };
}

function partsOf(text: string, from: number, to: number): readonly { readonly part: string; readonly at: number }[] {
  const parts: { part: string; at: number }[] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i <= to; i++) {
    const character = text.charAt(i);
    if (i < to && character === "(") depth++;
    if (i < to && character === ")") depth--;
    if (i < to && (character !== "," || depth > 0)) continue;
    const raw = text.slice(start, i);
    parts.push({ part: raw.trim(), at: start + raw.length - raw.trimStart().length });
    start = i + 1;
  }
  return parts;
}

function readOperand(part: string, at: number): DeclaredOperand | Mistake {
  const head = /^(?:([A-Za-z_]\w*)\s*:\s*)?/.exec(part);
  const name = head?.[1] ?? null;
  const rest = part.slice(head?.[0].length ?? 0);
  const start = at + part.length - rest.length;
  if (rest === "_") return { name, dims: null };
  if (name === null && /^[A-Za-z_]\w*$/.test(rest)) return { name: rest, dims: null };
  const dims = readGroup(rest, start);
  return "message" in dims ? dims : { name, dims: dims.dims };
}

function readResult(part: string, at: number): DeclaredResult | Mistake {
  if (part === "_") return { dims: null, dtype: null };
  const word = /^([A-Za-z_][\w.]*)\s*(?=\()/.exec(part);
  const name = word?.[1] ?? null;
  const dtype = name === null ? null : dtypeNamed(name.replace(/^\w+\./, ""));
  if (name !== null && dtype === null)
    return {
      message: `\`${name}\` is no element type, such as \`float32\` or \`int64\`.`,
      start: at,
      end: at + name.length,
    };
  const skipped = word?.[0].length ?? 0;
  const dims = readGroup(part.slice(skipped), at + skipped);
  return "message" in dims ? dims : { dims: dims.dims, dtype };
}

function readGroup(part: string, at: number): { readonly dims: readonly Core[] } | Mistake {
  const inner = /^\((.*)\)$/s.exec(part)?.[1];
  if (inner === undefined || /^[^(]*\)/.test(inner))
    return {
      message: `\`${part}\` is no shape: sizes stand in parentheses, such as \`(b,n,d)\`, and \`_\` for an argument without a shape.`,
      start: at,
      end: at + part.length,
    };
  const dims: Core[] = [];
  const parts = partsOf(inner, 0, inner.length).filter(({ part: size }, i, all) => size !== "" || i < all.length - 1);
  for (const [i, one] of parts.entries()) {
    // All dimensions in front are broadcast anyway.
    if (i === 0 && (one.part === "..." || one.part === "…")) continue;
    const core = readCore(one.part);
    if (core === null) return notASize(one.part, at + 1 + one.at);
    dims.push(core);
  }
  return { dims };
}

function notASize(part: string, at: number): Mistake {
  const what = part === "" ? "A size is missing between two commas" : `\`${part}\` is no size`;
  const hint = /^\.\.\.|^…|^\*/.test(part)
    ? "`...` can only stand first"
    : "a size is a name (`b`), a number (`3`), a sum or product of these (`2*d`), or `_`";
  return { message: `${what}: ${hint}.`, start: at, end: at + Math.max(1, part.length) };
}

function readCore(text: string): Core | null {
  const optional = /^[A-Za-z]\w*\?$/.test(text);
  const size = readSize(optional ? text.slice(0, -1) : text);
  return size === null ? null : { size, optional, text };
}

function readSize(text: string): Size | null {
  if (text === "_" || text === "?") return { kind: "any" };
  if (/^[A-Za-z_]\w*$/.test(text)) return { kind: "letter", name: text };
  if (/^\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? { kind: "number", value: Number(text) } : null;
  if (text.length > 80) return null;
  const tokens = text.match(/[A-Za-z_]\w*|\d+|\/\/|[-+*/()]|\S/g) ?? [];
  const parser = { tokens, next: 0 };
  const size = readSum(parser, 0);
  return parser.next === tokens.length ? size : null;
}

interface Tokens {
  readonly tokens: readonly string[];
  next: number;
}

type Arithmetic = Extract<Size, { kind: "arithmetic" }>["operator"];

const STRENGTH: ReadonlyMap<string, readonly [Arithmetic, number]> = new Map([
  ["+", ["+", 1]],
  ["-", ["-", 1]],
  ["*", ["*", 2]],
  ["/", ["//", 2]],
  ["//", ["//", 2]],
]);

function readSum(tokens: Tokens, weakest: number): Size | null {
  let left = readAtom(tokens);
  while (left !== null) {
    const found = STRENGTH.get(tokens.tokens[tokens.next] ?? "");
    if (found === undefined || found[1] < weakest) return left;
    tokens.next++;
    const right = readSum(tokens, found[1] + 1);
    if (right === null) return null;
    left = { kind: "arithmetic", operator: found[0], left, right };
  }
  return null;
}

function readAtom(tokens: Tokens): Size | null {
  const token = tokens.tokens[tokens.next++];
  if (token === undefined) return null;
  if (token !== "(") return /^\w+$/.test(token) && token !== "_" ? readSize(token) : null;
  const inner = readSum(tokens, 0);
  return tokens.tokens[tokens.next++] === ")" ? inner : null;
}
