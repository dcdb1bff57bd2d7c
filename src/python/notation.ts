/**
 * Reads a shape notation at one place of a text: `(B, T)`, `[B, T]`, `float32[B, T]`, `Float[Tensor, "b t"]`,
 * `torch.Size([2, 3])`, and bare lists such as `B, T, C` or `B x T x C`. It decides nothing about prose around it.
 */
import type { DimNote } from "../program/syntax.ts";
import { readDim, readDims, readSpaced } from "./dims.ts";

export interface Notation {
  readonly start: number;
  readonly end: number;
  readonly dims: readonly DimNote[];
  /** The form itself says that this is a shape, as `float32[…]` does and `(a, b)` does not. */
  readonly sure: boolean;
  /** Written in square brackets, as lists of values are. */
  readonly square: boolean;
  /** `(n,)` rather than `(n)`. */
  readonly trailingComma: boolean;
}

const DTYPE =
  /(?:torch\.|np\.|numpy\.|jnp\.|tf\.)?(?:b?float\d*|u?int\d*|bool|complex\d*|long|half|double|bf16|[fiu]\d{1,2}|[Tt]ensor|(?:Float|Int|Long|Bool|Num|Shaped|Complex)(?:Tensor|\d+)?|Integer|Inexact|Real|UInt\d*|BFloat16|Array|[Nn][Dd][Aa]rray)\s?\[/y;
const SIZE = /(?:torch\.)?Size\(\[([^\][]*)\]\)/y;

/** The notation that starts exactly at `position`; `at` is the offset of `text` in its chunk. */
export function readNotation(text: string, position: number, at: number): Notation | null {
  const character = text.charAt(position);
  if (character === "(" || character === "[") return readGroup(text, position, at);
  // `<float32>[B, T]`
  const typed = character === "<" ? /^<\w+>\s?(?=[[(])/.exec(text.slice(position, position + 20)) : null;
  if (typed !== null) {
    const group = readGroup(text, position + typed[0].length, at);
    return group === null ? null : { ...group, start: position, sure: true };
  }
  SIZE.lastIndex = position;
  const size = SIZE.exec(text);
  if (size !== null) return sized(text, position, SIZE.lastIndex, size[1] ?? "", at);
  DTYPE.lastIndex = position;
  if (!DTYPE.test(text) || /[\w.]/.test(text.charAt(position - 1))) return null;
  const open = DTYPE.lastIndex - 1;
  const group = readJaxtyping(text, open) ?? readGroup(text, open, at) ?? readNested(text, open, at);
  return group === null ? null : { ...group, start: position, sure: true };
}

function sized(text: string, start: number, end: number, content: string, at: number): Notation | null {
  const dims = readDims(content, at + text.indexOf("[", start) + 1);
  return dims === null ? null : { start, end, dims, sure: true, square: true, trailingComma: false };
}

function readGroup(text: string, open: number, at: number): Notation | null {
  const close = matchingClose(text, open);
  if (close === -1) return null;
  const content = text.slice(open + 1, close);
  const dims = readDims(content, at + open + 1) ?? readTimes(content, at + open + 1);
  if (dims === null) return null;
  const trailingComma = /,\s*$/.test(content);
  return { start: open, end: close + 1, dims, sure: false, square: text.charAt(open) === "[", trailingComma };
}

/** `Tensor[[B, C]]`. */
function readNested(text: string, open: number, at: number): Notation | null {
  const inner = text.startsWith("[[", open) ? readGroup(text, open + 1, at) : null;
  return inner !== null && text.charAt(inner.end) === "]" ? { ...inner, start: open, end: inner.end + 1 } : null;
}

function matchingClose(text: string, open: number): number {
  let depth = 0;
  for (let position = open; position < text.length && position < open + 400; position += 1) {
    const character = text.charAt(position);
    if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) {
      depth -= 1;
      if (depth === 0) return position;
    }
  }
  return -1;
}

/** `[Tensor, "batch dim"]`: the string holds the dimensions, set apart by spaces. */
function readJaxtyping(text: string, open: number): Notation | null {
  const pattern = /\[[\w.\s]+,\s*(["'])([^"']*)\1\s*\]/y;
  pattern.lastIndex = open;
  const found = pattern.exec(text);
  if (found === null) return null;
  const dims = readSpaced(found[2] ?? "");
  if (dims === null) return null;
  return {
    start: open,
    end: pattern.lastIndex,
    dims,
    sure: true,
    square: true,
    trailingComma: false,
  };
}

/** `B x T x C`, also with `×`. */
function readTimes(content: string, at: number): readonly DimNote[] | null {
  const items = timesItems(content);
  if (items.length < 2) return null;
  const dims = items.map((item) => readDim(item, at));
  return dims.some((dim) => dim === null) ? null : dims.filter((dim) => dim !== null);
}

/** What stands between the crosses outside of parentheses; `(C x D)` inside of them is a product. */
function timesItems(content: string): readonly string[] {
  const items = content.trim().split(/\s+[x×]\s+(?![^(]*\))/);
  return items.map((item) =>
    item
      .trim()
      .replace(/(?<=\(.*)\s*[x×]\s*(?=.*\))/g, "*")
      .replace(/^(\d+)(?=[A-Z])/, "$1*"),
  );
}

/** Names that nobody gives to anything but a size. */
const SIZES =
  /^(?:[A-Z]_\w+|\w+_(?:len|length|size|dim|dims|heads|tokens|classes|steps|features|channels)|n_\w+|num_\w+|bsz|seqlen|srclen|tgtlen|seq_len|batch|hidden|heads|rows|cols|height|width|channels)$/;
const UPPER = /^(?:[A-Z][A-Z0-9_]*|[A-Za-z]\w*\d|[A-Z][a-z]?)$/;

/** A whole text that is nothing but dimensions: `B, T, C` or `B x T x C`. */
export function readBareList(text: string, start: number, at: number, lowerCase: boolean): Notation | null {
  const source = text.slice(start);
  const trimmed = source.trim();
  const commas = trimmed.split(/\s*,\s*/);
  const times = commas.length === 1;
  const items = times ? timesItems(trimmed) : commas;
  const word = times ? /^[\w+\-*/()']{1,20}$/ : /^\w{1,12}$/;
  if (items.length < 2 || items.length > 8 || !items.every((item) => word.test(item))) return null;
  if (!lowerCase && !plausible(items, times)) return null;
  const from = start + source.length - source.trimStart().length;
  const dims = items.map((item) => readDim(item, at + from));
  if (dims.some((dim) => dim === null)) return null;
  return {
    start: from,
    end: from + trimmed.length,
    dims: dims.filter((dim) => dim !== null),
    sure: false,
    square: false,
    trailingComma: false,
  };
}

/** `B T C -> B H T D`: letters and numbers between spaces, on both sides of the arrow that ends at `behind`. */
export function readSpacedArrow(text: string, start: number, behind: number, at: number): Notation | null {
  const before = text.slice(start, behind).replace(/\s*(?:[-=]+>|[→⟶⇒➔])\s*$/u, "");
  const letters = /^\s*(?:[A-Z]\d?|\d+)(?:\s+(?:[A-Z]\d?|\d+))+\s*$/;
  const source = text.slice(behind);
  if (!letters.test(before) || !letters.test(source)) return null;
  const from = behind + source.length - source.trimStart().length;
  const dims = source
    .trim()
    .split(/\s+/)
    .map((item) => readDim(item, at + from));
  const read = dims.filter((dim) => dim !== null);
  if (read.length < dims.length) return null;
  return { start: from, end: from + source.trim().length, dims: read, sure: true, square: false, trailingComma: false };
}

/** Without any sign that a shape is meant, only what looks like nothing else passes. */
function plausible(items: readonly string[], times: boolean): boolean {
  if (times) {
    const letters = items.flatMap((item) => item.match(/[A-Za-z]\w*'?/g) ?? []);
    const isName = (name: string): boolean => /^[A-Za-z]\w{0,2}'?$/.test(name) || UPPER.test(name) || SIZES.test(name);
    return letters.every(isName) && items.every((item) => /\w/.test(item));
  }
  return items.every((item) => UPPER.test(item) || /^\d+$/.test(item)) && items.some((item) => /^[A-Z]$/.test(item));
}
