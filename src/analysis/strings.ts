/**
 * What programs do with strings to name layers, settings and operators: methods, `%`, `str.format`. A text is
 * known in whole or not at all. It knows nothing of the names that are made.
 */
import { asNumber, unknownDim } from "../shapes/index.ts";
import type { CallArguments } from "./calls.ts";
import { anyInteger } from "./fresh.ts";
import { iterate } from "./iteration.ts";
import type { Machine } from "./machine.ts";
import { listOf, manyOf, SOME_BOOL, SOME_STRING, stringOf, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

const STRING_TESTS: ReadonlySet<string> = new Set([
  "startswith",
  "endswith",
  "isdigit",
  "isalpha",
  "isalnum",
  "isupper",
  "islower",
  "isspace",
  "isidentifier",
]);

export function stringMethod(m: Machine, text: string | null, name: string, args: CallArguments): Value {
  if (STRING_TESTS.has(name)) return stringTest(text, name, args);
  switch (name) {
    case "index":
    case "find":
    case "rfind":
    case "rindex":
    case "count":
      return anyInteger();
    case "encode":
      return UNKNOWN;
    case "split":
    case "rsplit":
    case "splitlines":
      return knownMethod(text, name, args) ?? manyOf(SOME_STRING, unknownDim());
    case "partition":
    case "rpartition":
      return knownMethod(text, name, args) ?? tupleOf([SOME_STRING, SOME_STRING, SOME_STRING]);
    case "format":
      return (text === null || args.open ? null : format(m, text, args.positional, args.named)) ?? SOME_STRING;
    case "join":
      return joinTexts(m, text, args.positional[0] ?? UNKNOWN);
    default:
      return knownMethod(text, name, args) ?? SOME_STRING;
  }
}

function stringTest(text: string | null, name: string, args: CallArguments): Value {
  const [first] = args.positional;
  if (text === null || first?.kind !== "string" || first.value === null || args.positional.length > 1) return SOME_BOOL;
  if (name === "startswith") return { kind: "bool", value: text.startsWith(first.value) };
  if (name === "endswith") return { kind: "bool", value: text.endsWith(first.value) };
  return SOME_BOOL;
}

/** What a method gives for a known text and known arguments; null for others, and where Python's ways differ. */
function knownMethod(text: string | null, name: string, args: CallArguments): Value | null {
  const given = args.positional.map((each) => (each.kind === "string" ? each.value : null));
  if (text === null || args.open || args.named.size > 0 || given.includes(null)) return null;
  const [first, second] = given;
  switch (name) {
    case "lower":
      return stringOf(text.toLowerCase());
    case "upper":
      return stringOf(text.toUpperCase());
    case "strip":
    case "lstrip":
    case "rstrip":
      return stringOf(stripped(text, name, first ?? " \t\n\r\f\v"));
    case "replace":
      return typeof first === "string" && first !== "" && typeof second === "string"
        ? stringOf(text.replaceAll(first, () => second))
        : null;
    case "split":
    case "rsplit":
      return typeof first === "string" && first !== "" ? listOf(text.split(first).map(stringOf)) : null;
    case "partition":
    case "rpartition":
      return typeof first === "string" && first !== "" ? partition(text, first, name === "rpartition") : null;
    case "removeprefix":
      return typeof first === "string" ? stringOf(text.startsWith(first) ? text.slice(first.length) : text) : null;
    case "removesuffix":
      return typeof first === "string" && first !== ""
        ? stringOf(text.endsWith(first) ? text.slice(0, -first.length) : text)
        : null;
    default:
      return null;
  }
}

function stripped(text: string, name: string, characters: string): string {
  const all = Array.from(text);
  const from = name === "rstrip" ? 0 : all.findIndex((each) => !characters.includes(each));
  const to = name === "lstrip" ? all.length - 1 : all.findLastIndex((each) => !characters.includes(each));
  return from < 0 || to < 0 ? "" : all.slice(from, to + 1).join("");
}

function partition(text: string, separator: string, last: boolean): Value {
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return tupleOf((last ? ["", "", text] : [text, "", ""]).map(stringOf));
  return tupleOf([text.slice(0, at), separator, text.slice(at + separator.length)].map(stringOf));
}

function joinTexts(m: Machine, separator: string | null, values: Value): Value {
  const spread = iterate(m, values);
  if (separator === null || spread === null || !spread.exact) return SOME_STRING;
  const texts = spread.elements.map((each) => (each.kind === "string" ? each.value : null));
  return texts.includes(null) ? SOME_STRING : stringOf(texts.join(separator));
}

/** Fields without attributes, conversions and formats, other than a width for a number. */
const FIELD = /\{\{|\}\}|\{(\w*)(?::(0\d+)?d?)?\}|[{}]/g;

function format(
  m: Machine,
  text: string,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Value | null {
  let next = 0;
  return filled(m, text, FIELD, ([whole, key, width]) => {
    if (whole === "{{" || whole === "}}") return { text: whole.slice(1) };
    if (key === undefined) return null;
    const value = /^\d*$/.test(key) ? positional[key === "" ? next++ : Number(key)] : named.get(key);
    return value === undefined ? null : { value, width };
  });
}

const PERCENT = /%%|%(0\d+)?([ds])|%/g;

/** `text % values`, where the text has only `%d` and `%s`; null where what comes out is not known. */
export function percentFormat(m: Machine, text: string | null, operand: Value): Value | null {
  if (text === null) return null;
  const seen = follow(operand);
  const values = seen.kind === "tuple" ? seen.items : [seen];
  let next = 0;
  return filled(m, text, PERCENT, ([whole, width, conversion]) => {
    if (whole === "%%") return { text: "%" };
    const value = conversion === undefined ? undefined : values[next++];
    return value === undefined ? null : { value, width };
  });
}

type Filling = { readonly text: string } | { readonly value: Value; readonly width: string | undefined };

/** The text with each match of the pattern replaced; null if one of them is not known. */
function filled(
  m: Machine,
  text: string,
  pattern: RegExp,
  fill: (match: readonly (string | undefined)[]) => Filling | null,
): Value | null {
  let result = "";
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const filling = fill(match);
    const part = filling === null ? null : "text" in filling ? filling.text : shown(m, filling.value, filling.width);
    if (part === null) return null;
    result += text.slice(at, match.index) + part;
    at = match.index + match[0].length;
  }
  return stringOf(result + text.slice(at));
}

/** What `str` makes of a value, to the width that starts with a zero. */
function shown(m: Machine, value: Value, width: string | undefined): string | null {
  const seen = follow(value);
  if (seen.kind === "string") return width === undefined ? seen.value : null;
  const number = seen.kind === "int" ? asNumber(m.solver.dim(seen.value)) : null;
  if (number === null || (width !== undefined && number < 0)) return null;
  return String(number).padStart(Number(width ?? 0), "0");
}
