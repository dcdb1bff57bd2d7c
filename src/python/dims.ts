/**
 * Reads the dimensions that an author writes between brackets: `B, T, 3 * C, ...`. Text that is not
 * clearly a list of dimensions is null, since prose in parentheses is not a shape.
 */
import type { BinaryOperator, DimNote, Expr } from "../program/syntax.ts";

/** Reads a comma-separated list; `at` is the offset of `text` in its chunk. */
export function readDims(text: string, at: number): readonly DimNote[] | null {
  if (text.length > 300) return null;
  const dims: DimNote[] = [];
  for (const { item, offset } of splitItems(text)) {
    const dim = readDim(item, at + offset);
    if (dim === null) return null;
    dims.push(dim);
  }
  return dims.length <= 12 ? dims : null;
}

function splitItems(text: string): readonly { readonly item: string; readonly offset: number }[] {
  if (text.trim() === "") return [];
  const items: { item: string; offset: number }[] = [];
  let depth = 0;
  let start = 0;
  const take = (end: number): void => {
    const raw = text.slice(start, end);
    items.push({ item: raw.trim(), offset: start + raw.length - raw.trimStart().length });
    start = end + 1;
  };
  for (let position = 0; position < text.length; position += 1) {
    const character = text.charAt(position);
    if ("([".includes(character)) depth += 1;
    else if (")]".includes(character)) depth -= 1;
    else if (character === "," && depth === 0) take(position);
  }
  if (text.slice(start).trim() !== "") take(text.length);
  return items;
}

/** Reads one dimension; `at` is the offset of `text` in its chunk. */
export function readDim(text: string, at: number): DimNote | null {
  if (/^\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? { kind: "size", value: Number(text) } : null;
  if (text === "..." || text === "…" || text === "*") return { kind: "many", name: null };
  if (text === "_" || text === "?" || text === "None" || text === "Any") return { kind: "any" };
  const many = /^\*([^\W\d]\w*)$/u.exec(text)?.[1];
  if (many !== undefined) return { kind: "many", name: many };
  if (/^[^\W\d]\w*['′]?$/u.test(text)) return { kind: "name", name: text };
  const value = readArithmetic(text, at);
  return value === null ? null : { kind: "expression", value, text };
}

/** jaxtyping's `"*batch dim 3 d+1 _ ..."`: dimensions between spaces, with `#`, `?`, `_` and `name=` as modifiers. */
export function readSpaced(text: string): readonly DimNote[] | null {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const dims = words.map(readJaxDim);
  if (dims.some((dim) => dim === null)) return null;
  const read = dims.filter((dim) => dim !== null);
  return severalMany(read) ? null : read;
}

export function severalMany(dims: readonly DimNote[]): boolean {
  return dims.filter(({ kind }) => kind === "many").length > 1;
}

function readJaxDim(word: string): DimNote | null {
  const [, modifiers = "", rest = ""] = /^([*#?_]*(?=[^*#?_]|$))(.*)$/.exec(word) ?? [];
  const many = modifiers.includes("*") || word === "...";
  // A `#` dimension may also be 1, a `?` one may differ between leaves, and a `_` one is not looked at.
  if (many) return { kind: "many", name: /[#?_]/.test(modifiers) || !/^\w+$/.test(rest) ? null : rest };
  if (modifiers !== "") return { kind: "any" };
  const size = rest.replace(/^\w+=/, "");
  const inner = /^\{(.*)\}$/.exec(size)?.[1];
  if (inner !== undefined) return readDim(inner, 0) ?? { kind: "any" };
  return size.includes("{") ? { kind: "any" } : readDim(size, 0);
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface Tokens {
  readonly list: readonly Token[];
  next: number;
}

/** Two words joined by a hyphen or slash without spaces are a compound word, not a difference or quotient. */
const COMPOUND_WORD = /[a-z]{2,}[-/][a-z]{2,}/i;

function readArithmetic(text: string, at: number): Expr | null {
  if (text.length > 80 || COMPOUND_WORD.test(text)) return null;
  const list: Token[] = [];
  const pattern = /\s*(?:([^\W\d]\w*|\d+|\*\*|\/\/|[-+*/%().×·]))/uy;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    const token = found?.[1];
    if (token === undefined) return null;
    list.push({ text: token, start: at + pattern.lastIndex - token.length, end: at + pattern.lastIndex });
  }
  const tokens: Tokens = { list, next: 0 };
  const value = readSum(tokens, 0);
  return value !== null && tokens.next === list.length ? value : null;
}

const OPERATORS: ReadonlyMap<string, { readonly operator: BinaryOperator; readonly strength: number }> = new Map([
  ["+", { operator: "+", strength: 1 }],
  ["-", { operator: "-", strength: 1 }],
  ["*", { operator: "*", strength: 2 }],
  ["×", { operator: "*", strength: 2 }],
  ["·", { operator: "*", strength: 2 }],
  // A size is whole, so an author's `H / 2` means the whole quotient.
  ["/", { operator: "//", strength: 2 }],
  ["//", { operator: "//", strength: 2 }],
  ["%", { operator: "%", strength: 2 }],
  ["**", { operator: "**", strength: 3 }],
]);

function readSum(tokens: Tokens, weakest: number): Expr | null {
  const first = tokens.list[tokens.next];
  let left = readOperand(tokens);
  while (left !== null) {
    const known = OPERATORS.get(tokens.list[tokens.next]?.text ?? "");
    if (known === undefined || known.strength < weakest) return left;
    tokens.next += 1;
    const right = readSum(tokens, known.operator === "**" ? known.strength : known.strength + 1);
    if (right === null) return null;
    // Parentheses around an operand belong to the span of the whole.
    const span = { start: first?.start ?? 0, end: tokens.list[tokens.next - 1]?.end ?? 0 };
    left = { kind: "binary", span, operator: known.operator, left, right };
  }
  return null;
}

function readOperand(tokens: Tokens): Expr | null {
  const token = tokens.list[tokens.next];
  if (token === undefined) return null;
  tokens.next += 1;
  const span = { start: token.start, end: token.end };
  if (/^\d/.test(token.text)) return { kind: "literal", span, value: { type: "int", value: Number(token.text) } };
  if (token.text === "(") {
    const inner = readSum(tokens, 0);
    const closes = tokens.list[tokens.next]?.text === ")";
    tokens.next += 1;
    return closes ? inner : null;
  }
  if (!/^[^\W\d]/u.test(token.text)) return null;
  return readAttributes(tokens, { kind: "name", span, id: token.text });
}

/** `config.n_embd` is a name of a size too. */
function readAttributes(tokens: Tokens, start: Expr): Expr | null {
  let object = start;
  while (tokens.list[tokens.next]?.text === ".") {
    const name = tokens.list[tokens.next + 1];
    if (name === undefined || !/^[^\W\d]/u.test(name.text)) return null;
    tokens.next += 2;
    const nameSpan = { start: name.start, end: name.end };
    object = { kind: "attribute", span: { start: start.span.start, end: name.end }, object, name: name.text, nameSpan };
  }
  return object;
}
