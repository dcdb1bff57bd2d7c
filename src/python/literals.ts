/**
 * Lowers numbers and strings: prefixes, escapes, implicit concatenation, f-strings and template strings.
 */
import type { Expr, Interpolation } from "../program/syntax.ts";
import type { Lowering } from "./lowering.ts";
import { childOfType, fieldOf, namedChildren, spanOf, textOf } from "./lowering.ts";
import type { SyntaxNode } from "./tree.ts";

export function lowerNumber(lower: Lowering, node: SyntaxNode): Expr {
  const span = spanOf(node);
  const text = textOf(lower, node).replaceAll("_", "");
  if (text === "") return { kind: "unreadable", span, children: [] };
  if (/[jJ]$/.test(text)) return { kind: "literal", span, value: { type: "complex" } };
  const value = Number(text);
  if (Number.isNaN(value)) return { kind: "literal", span, value: { type: "opaque" } };
  if (node.type === "float") return { kind: "literal", span, value: { type: "float", value } };
  // An octal of Python 2 such as `0777` is no number of Python 3.
  const readable = Number.isSafeInteger(value) && !/^0+[1-9]/.test(text);
  return { kind: "literal", span, value: readable ? { type: "int", value } : { type: "opaque" } };
}

type Part = Interpolation["parts"][number];

/** A string that has been read: its bytes do not matter, its text and the values in it do. */
type StringParts = { readonly bytes: true } | { readonly bytes: false; readonly parts: readonly Part[] };

export function lowerString(lower: Lowering, node: SyntaxNode): Expr {
  return finishString(node, [readString(lower, node)]);
}

export function lowerConcatenation(lower: Lowering, node: SyntaxNode): Expr {
  return finishString(
    node,
    namedChildren(node).map((child) => readString(lower, child)),
  );
}

function finishString(node: SyntaxNode, strings: readonly StringParts[]): Expr {
  const span = spanOf(node);
  const parts: Part[] = [];
  for (const string of strings) {
    if (string.bytes) return { kind: "literal", span, value: { type: "bytes" } };
    for (const part of string.parts) append(parts, part);
  }
  const only = parts[0];
  if (parts.length > 1 || (only !== undefined && "value" in only)) return { kind: "interpolation", span, parts };
  return { kind: "literal", span, value: { type: "string", value: only === undefined ? "" : only.text } };
}

function append(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (last !== undefined && "text" in last && "text" in part) parts[parts.length - 1] = { text: last.text + part.text };
  else if (!("text" in part) || part.text !== "") parts.push(part);
}

function readString(lower: Lowering, node: SyntaxNode): StringParts {
  const start = childOfType(node, "string_start");
  const prefix =
    start === null
      ? ""
      : textOf(lower, start)
          .replace(/['"]+$/, "")
          .toLowerCase();
  if (prefix.includes("b")) return { bytes: true };
  const raw = prefix.includes("r");
  const formatted = prefix.includes("f") || prefix.includes("t");
  const parts = node.children.flatMap((child): readonly Part[] => {
    if (child.type === "interpolation") return [{ value: lowerInterpolated(lower, child) }];
    if (child.type !== "string_content") return [];
    return [{ text: decode(textOf(lower, child), raw, formatted) }];
  });
  return { bytes: false, parts };
}

/** A value with a format, conversion or `=` becomes other text than its own, so it is wrapped as unreadable. */
function lowerInterpolated(lower: Lowering, node: SyntaxNode): Expr {
  const expression = fieldOf(node, "expression");
  const specifier = fieldOf(node, "format_specifier");
  const value: readonly Expr[] = expression === null ? [] : [lower.expression(expression)];
  const plain =
    specifier === null &&
    fieldOf(node, "type_conversion") === null &&
    childOfType(node, "=") === null &&
    !node.children.some((child) => child.bad);
  const only = value[0];
  if (plain && only !== undefined) return only;
  const nested = specifier === null ? [] : namedChildren(specifier).map((child) => lowerInterpolated(lower, child));
  return { kind: "unreadable", span: spanOf(node), children: [...value, ...nested] };
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["\n", ""],
]);

function decode(source: string, raw: boolean, formatted: boolean): string {
  let text = source.includes("\r") ? source.replace(/\r\n?/g, "\n") : source;
  if (formatted && /[{}]/.test(text)) text = text.replaceAll("{{", "{").replaceAll("}}", "}");
  if (raw || !text.includes("\\")) return text;
  const escape = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|N\{[^}]*\}|([0-7]{1,3})|([^]))/g;
  return text.replace(escape, (whole: string, ...groups: readonly (string | undefined)[]) => {
    const [byte, short, long, octal, character] = groups;
    const hex = byte ?? short ?? long;
    if (hex !== undefined) return fromCodePoint(Number.parseInt(hex, 16));
    if (octal !== undefined) return fromCodePoint(Number.parseInt(octal, 8));
    return character === undefined ? "\ufffd" : (SIMPLE_ESCAPES.get(character) ?? whole);
  });
}

function fromCodePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
