/**
 * Reads the shapes that a docstring states for parameters and results: Google, NumPy, Sphinx and
 * Hugging Face styles. It looks at the docstring's source, so that positions are those of the chunk.
 */
import type { DimNote, Parameter, ShapeNote, Stmt } from "../program/syntax.ts";
import { holdsSizes } from "./claims.ts";
import { readNotation } from "./notation.ts";
import { namesSizes } from "./sizes.ts";
import type { Notation } from "./notation.ts";

export function classDocstring(body: readonly Stmt[]): string | null {
  const first = body[0];
  if (first?.kind !== "expression" || first.value.kind !== "literal") return null;
  return first.value.value.type === "string" ? first.value.value.value : null;
}

export interface Docstring {
  readonly docstring: string | null;
  readonly docShapes: readonly ShapeNote[];
}

export function docstringOf(body: readonly Stmt[], parameters: readonly Parameter[], source: string): Docstring {
  const docstring = classDocstring(body);
  const span = body[0]?.span;
  if (docstring === null || span === undefined || !/[([]/.test(docstring)) return { docstring, docShapes: [] };
  const names = new Set(parameters.map(({ name }) => name));
  const entries = findEntries(source.slice(span.start, span.end), names);
  return { docstring, docShapes: entries.flatMap((entry) => shapeOf(entry, span.start) ?? []) };
}

/** The part of a docstring that describes one parameter or the result. */
interface Entry {
  readonly subject: string;
  readonly start: number;
  /** Where the description starts, behind the name and the colon. */
  readonly description: number;
  text: string;
}

const SECTION =
  /^(args|arguments|parameters|params|keyword args|keyword arguments|other parameters|inputs?|returns?|outputs?|yields|raises|attributes|examples?|notes?|see also|references|warnings?|shape|todo)\s*:?$/i;
const SPHINX = /^:(param|arg|argument|type|returns?|rtype)\b\s*(?:[^:]*?\s)?(\*{0,2}\w+)?\s*:\s*/;
const ITEM = /^[-*•]?\s*`{0,2}\*{0,2}(\w+)`{0,2}\s*(?:\((?:[^()]|\([^()]*\))*\))?\s*(?::|--|—|–)(?:\s+|$)/;

/** "* `query`, `key` and `value` are tensors of shape …" */
const SENTENCE = /^[-*•]?\s*((?:`{1,2}\w+`{1,2}(?:\s*,\s*(?:and\s+)?|\s+and\s+)?)+)\s+(?:is|are|has|have|of|with)\b/;

type Section = "parameters" | "result" | "other";

function findEntries(source: string, names: ReadonlySet<string>): readonly Entry[] {
  const entries: Entry[] = [];
  let section: Section = "parameters";
  let open: readonly Entry[] = [];
  for (const { text, start } of linesOf(source)) {
    const words = text.trim().replace(/^[rRuU]?(?:"""|''')\s*/, "");
    const content = start + text.indexOf(words);
    const heading = SECTION.exec(words)?.[1];
    if (heading !== undefined || words === "" || /^[-=~^]{3,}$/.test(words)) {
      if (heading !== undefined) section = sectionOf(heading);
      open = [];
      continue;
    }
    const next = startEntry(words, content, section, names, open.length > 0);
    if (next === "none") open = [];
    else if (next !== null) entries.push(...(open = next));
    else for (const one of open) one.text += source.slice(one.start + one.text.length, start + text.length);
  }
  return entries;
}

function* linesOf(source: string): Generator<{ readonly text: string; readonly start: number }> {
  for (const found of source.matchAll(/[^\r\n]+|\r?\n(?=\r?\n)/g)) yield { text: found[0], start: found.index };
}

function sectionOf(heading: string): Section {
  if (/^(?:returns?|outputs?)$/i.test(heading)) return "result";
  return /^(?:arg|param|keyword|other|input|shape)/i.test(heading) ? "parameters" : "other";
}

/** An entry that starts with this line, "none" if the line ends the entry before it, null if it continues it. */
function startEntry(
  words: string,
  start: number,
  section: Section,
  names: ReadonlySet<string>,
  continues: boolean,
): readonly Entry[] | "none" | null {
  const sphinx = SPHINX.exec(words);
  if (sphinx !== null) {
    const result = (sphinx[1] ?? "").startsWith("r");
    const subject = result ? "return" : (sphinx[2] ?? "").replace(/^\*+/, "");
    return result || names.has(subject) ? [entry(subject, words, start, sphinx[0].length)] : "none";
  }
  if (words.startsWith(":") && !words.startsWith(":math:")) return "none";
  const item = ITEM.exec(words);
  const name = item?.[1] ?? "";
  if (section === "result") return continues ? null : [entry("return", words, start, item?.[0].length ?? 0)];
  if (section === "other") return "none";
  if (item !== null && names.has(name)) return [entry(name, words, start, item[0].length)];
  const sentence = SENTENCE.exec(words);
  const subjects = [...(sentence?.[1] ?? "").matchAll(/\w+(?=`)/g)].flatMap(([each]) => (names.has(each) ? each : []));
  if (sentence !== null && subjects.length > 0)
    return subjects.map((each) => entry(each, words, start, sentence[0].length));
  // Another name and a colon starts a parameter that we do not know.
  return item !== null && name.toLowerCase() !== "shape" ? "none" : null;
}

function entry(subject: string, words: string, start: number, head: number): Entry {
  return { subject, start, description: start + head, text: words };
}

function shapeOf(entry: Entry, offset: number): ShapeNote | null {
  if (holdsSizes(entry.subject)) return null;
  const at = offset + entry.start;
  const named = namedShapes(entry.text, at);
  const found = named === null ? [] : [...named, ...typedShapes(entry.text, at)];
  const first = named === null ? null : (found[0] ?? leadingShape(entry, at));
  if (first === null || first.dims.some(isZero) || COLLECTION.test(entry.text.slice(0, first.start))) return null;
  if (found.some((other) => !sameText(entry.text, first, other))) return null;
  return {
    span: { start: at + first.start, end: at + first.end },
    subject: entry.subject,
    dims: first.dims,
    others: [],
    source: "docstring",
    text: entry.text.slice(first.start, first.end),
  };
}

/** `x.shape[0]` and a range such as `[0, pi]` are no shapes: nobody documents an array without elements. */
function isZero(dim: DimNote): boolean {
  return dim.kind === "size" && dim.value === 0;
}

/** `A list of tensors, each of shape (n,)` tells of the elements. */
const COLLECTION = /\b(?:lists?|tuples?|sequences?|iterables?|iterators?|dict(?:ionary|s)?|each|every)\b/i;

function sameText(text: string, a: Notation, b: Notation): boolean {
  return text.slice(a.start, a.end) === text.slice(b.start, b.end);
}

/** `of shape (B, T)`, ``of shape `(batch_size, sequence_length)` ``. Null if one of them is only one of several possible. */
function namedShapes(text: string, at: number): readonly Notation[] | null {
  const shapes: Notation[] = [];
  const pattern = /\bshape[ds]?\b\s*(?:is\s+|of\s+|==?\s*|:\s*)?(?::math:)?[`'"*]{0,3}\s*(?=[([])/gi;
  while (pattern.exec(text) !== null) {
    const shape = readNotation(text, pattern.lastIndex, at);
    if (shape !== null && isOneOfSeveral(text, shape)) return null;
    if (shape !== null) shapes.push(shape);
  }
  return shapes;
}

/** `Tensor[B, T]` or `Float[Tensor, "b t"]` as the type. */
function typedShapes(text: string, at: number): readonly Notation[] {
  const shapes: Notation[] = [];
  for (const found of text.matchAll(/[\w.]+\s?\[/g)) {
    const shape = readNotation(text, found.index, at);
    if (shape !== null && shape.sure && !shape.dims.every(saysNoSize)) shapes.push(shape);
  }
  return shapes;
}

/** `Tensor[float]` tells the type of the elements. */
function saysNoSize(dim: DimNote): boolean {
  return dim.kind === "many" || (dim.kind === "name" && TYPE.test(dim.name));
}

const TYPE = /^(?:b?float\d*|u?int\d*|bool|complex\d*|long|half|double|str|Any|T)$/;

/** The description starts with the shape: `x: [batch, seq, dim]`. */
function leadingShape(entry: Entry, at: number): Notation | null {
  const start = entry.description - entry.start;
  const lead = /(?::math:)?[`'"*]{0,3}/y;
  lead.lastIndex = start;
  lead.exec(entry.text);
  const shape = readNotation(entry.text, lead.lastIndex, at);
  if (shape === null || shape.dims.length < 2 || isOneOfSeveral(entry.text, shape)) return null;
  if (!shape.square) return namesSizes(shape, "some") ? shape : null;
  return shape.dims.some(({ kind }) => kind !== "size") && namesSizes(shape, "every") ? shape : null;
}

/** `(n,) or (n, d)`, `(B, T) if batch_first`. */
function isOneOfSeveral(text: string, shape: Notation): boolean {
  return /^[`'"*]*\s*(?:,?\s*(?:or|if|when|otherwise|unless|depending)\b|\/|\|)/.test(text.slice(shape.end));
}

/** What the `Shape:` section of a class's docstring says of its input and its output. */
function shapesOfClass(
  body: readonly Stmt[],
  source: string,
): { readonly input: ShapeNote | null; readonly output: ShapeNote | null } {
  const docstring = classDocstring(body);
  const span = body[0]?.span;
  if (docstring === null || span === undefined || !/^\s*Shapes?\s*:/m.test(docstring))
    return { input: null, output: null };
  const entries: Entry[] = [];
  let inside = false;
  for (const { text, start } of linesOf(source.slice(span.start, span.end))) {
    const words = text.trim();
    if (/^Shapes?\s*:$/.test(words)) inside = true;
    else if (SECTION.test(words)) inside = false;
    const item = inside ? ITEM.exec(words) : null;
    const at = start + text.indexOf(words);
    if (item !== null) entries.push(entry((item[1] ?? "").toLowerCase(), words, at, item[0].length));
  }
  const only = (name: RegExp): ShapeNote | null => {
    const found = entries.filter(({ subject }) => name.test(subject));
    const [first] = found;
    return first === undefined || found.length > 1 ? null : shapeOf(first, span.start);
  };
  return { input: only(/^(?:inputs?|x)$/), output: only(/^outputs?$/) };
}

/** A class's body in which `forward` has the shapes that the class's docstring states, if it states none itself. */
export function withShapesOfClass(body: readonly Stmt[], source: string): readonly Stmt[] {
  const { input, output } = shapesOfClass(body, source);
  if (input === null && output === null) return body;
  return body.map((statement) => {
    if (statement.kind !== "function" || statement.name !== "forward" || statement.docShapes.length > 0)
      return statement;
    const first = statement.parameters[1]?.name;
    const docShapes = [
      ...(input === null || first === undefined ? [] : [{ ...input, subject: first }]),
      ...(output === null ? [] : [{ ...output, subject: "return" }]),
    ];
    return { ...statement, docShapes };
  });
}
