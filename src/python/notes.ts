/**
 * Decides which comments state a shape, and whose. It works on the text of one comment alone; prose in
 * parentheses is not a shape, so in doubt there is none. Where comments attach is `comments.ts`'s business.
 */
import type { DimNote, ShapeNote } from "../program/syntax.ts";
import { readBareList, readNotation } from "./notation.ts";
import type { Notation } from "./notation.ts";

export interface ShapeClaim {
  /** The word or words before the shape (`x` in `x: (B, T)`), or an empty string. */
  readonly lead: string;
  /** The shape stands behind an arrow, so it is what the line results in. */
  readonly arrow: boolean;
  /** The word "shape", an arrow or the form of the notation says that a shape is meant. */
  readonly sure: boolean;
  readonly note: ShapeNote;
}

/** Reads a comment that starts with `#` at the offset `at` of its chunk. */
export function readShapeComment(comment: string, at: number): readonly ShapeClaim[] {
  if (comment.length > 400 || /\^\^|shapesight:/.test(comment)) return [];
  const start = /^#+:?\s*/.exec(comment)?.[0].length ?? 0;
  const text: Text = { text: comment, at, start };
  const arrow = lastArrow(comment);
  if (arrow !== -1) return behindArrow(text, arrow);
  const found = namedShapes(text);
  if (found.length > 0) return found;
  return besideShapeWord(text) ?? leading(text) ?? [];
}

interface Text {
  readonly text: string;
  readonly at: number;
  /** Where the comment's words start. */
  readonly start: number;
}

function lastArrow(comment: string): number {
  let end = -1;
  for (const found of comment.matchAll(/[-=]>|[→⟶⇒➔]/gu)) end = found.index + found[0].length;
  return end;
}

function behindArrow(text: Text, arrow: number): readonly ShapeClaim[] {
  const lead = /\s*(?:of\s+)?(?:shape:?\s*)?/y;
  lead.lastIndex = arrow;
  lead.exec(text.text);
  const shapes = readShapes(text, lead.lastIndex);
  if (shapes !== null && tailAllows(text.text.slice(shapes.end))) return [claim(text, "", shapes, true, true)];
  const bare = readBareList(text.text, lead.lastIndex, text.at, false);
  return bare === null ? [] : [claim(text, "", { first: bare, others: [], end: bare.end }, true, true)];
}

/** `q: (B, H, T, D)  k: (B, H, S, D)`, or one shape behind a few words and a colon. */
function namedShapes(text: Text): readonly ShapeClaim[] {
  const claims: ShapeClaim[] = [];
  let position = text.start;
  while (position < text.text.length) {
    const head = /\s*((?:[\w'/.-]+ ){0,3}[\w'.-]+)\s*:\s*/uy;
    head.lastIndex = position;
    const lead = head.exec(text.text)?.[1];
    if (lead === undefined || /\bshapes?\b/i.test(lead)) break;
    const shapes = readShapes(text, head.lastIndex);
    if (shapes === null || !isCredible(shapes.first)) break;
    claims.push(claim(text, lead, shapes, false, shapes.first.sure));
    position = shapes.end;
    const gap = /\s*[,;]?\s+(?=[\w.]+\s*:)/y;
    gap.lastIndex = position;
    if (!gap.test(text.text)) return tailAllows(text.text.slice(position)) ? claims : [];
    position = gap.lastIndex;
  }
  return [];
}

/** Words before "shape" which say that it is not the shape of what the line makes. */
const OTHER_SHAPE =
  /\b(?:from|inputs?|expects?|expected|before|originally|original|old|not|if|same|any|was|need|needs|require[sd]?)\b/i;

/** `shape: (B, T)`, `x.shape = (B, T)`, `embeddings of shape (b, t)`, `shape of x: (B, T)`. */
function besideShapeWord(text: Text): readonly ShapeClaim[] | null {
  const { text: comment } = text;
  const pattern =
    /(?:([^\W\d][\w.]*?)(?:\.|'s\s+|\s+))?\bshapes?\b(?:\s+of\s+([^\W\d]\w*))?\s*(?:is\s+now\s+|is\s+|becomes\s+|will\s+be\s+|==?\s*|:\s*)?/giu;
  pattern.lastIndex = text.start;
  const found = pattern.exec(comment);
  if (found === null) return null;
  if (OTHER_SHAPE.test(comment.slice(0, pattern.lastIndex))) return [];
  const colon = /[:=]\s*$/.test(found[0]);
  const lead = found[2] ?? (ownerOf(found[1] ?? "") || ownerOf(withShape(comment, text.start)));
  const shapes = readShapes(text, pattern.lastIndex);
  if (shapes !== null) return tailAllows(comment.slice(shapes.end)) ? [claim(text, lead, shapes, false, true)] : [];
  const bare = colon ? readBareList(comment, pattern.lastIndex, text.at, true) : null;
  return bare === null ? [] : [claim(text, lead, { first: bare, others: [], end: bare.end }, false, true)];
}

/** `qkv with shape (…)` and `x has shape (…)` name their owner first. */
function withShape(comment: string, start: number): string {
  const pattern = /([^\W\d]\w*)\s+(?:with|has|of)\s+shape\b/uy;
  pattern.lastIndex = start;
  return pattern.exec(comment)?.[1] ?? "";
}

/** In `tensor of shape` the word before says nothing, in `x.shape` and `x shape` it is the owner. */
function ownerOf(word: string): string {
  return /^(?:of|with|has|have|in|to|the|a|an|its|new|final|full|tensor|array|matrix|resulting|result)$/i.test(word)
    ? ""
    : word;
}

/** The comment starts with the shape, or is nothing but dimensions. */
function leading(text: Text): readonly ShapeClaim[] | null {
  const shapes = readShapes(text, text.start);
  if (shapes !== null) {
    const accepted = isCredible(shapes.first) && tailAllows(text.text.slice(shapes.end));
    return accepted ? [claim(text, "", shapes, false, shapes.first.sure)] : null;
  }
  const bare = readBareList(text.text, text.start, text.at, false);
  if (bare === null || !isCredible(bare)) return null;
  return [claim(text, "", { first: bare, others: [], end: bare.end }, false, false)];
}

interface Shapes {
  readonly first: Notation;
  readonly others: readonly Notation[];
  readonly end: number;
}

/** One shape, or several with commas between them. */
function readShapes(text: Text, position: number): Shapes | null {
  const first = readNotation(text.text, position, text.at);
  if (first === null) return null;
  const others: Notation[] = [];
  let end = first.end;
  for (;;) {
    const gap = /\s*,\s*(?=[([])/y;
    gap.lastIndex = end;
    const next = gap.test(text.text) ? readNotation(text.text, gap.lastIndex, text.at) : null;
    if (next === null) return { first, others, end };
    others.push(next);
    end = next.end;
  }
}

/** Tuples that are written in parentheses everywhere without being shapes. */
const VALUE_WORDS = new Set(
  (
    "min max key val value name x y z x1 y1 x2 y2 x0 y0 lat lon left right top bottom start stop end step mean std var " +
    "low high lower upper optional default required none true false see note etc i e g j k loss acc accuracy input " +
    "inputs output outputs target targets label labels logits hidden cell h c h_n c_n h0 c0 train test q query v u r " +
    "src tgt mask pos neg real imag fn args kwargs self cls todo row col width height index idx id type state action reward"
  ).split(" "),
);

/** A single capital is how dimensions are named, whatever the small letter means. */
function isValueWord(name: string): boolean {
  return !/^[A-Z]$/.test(name) && VALUE_WORDS.has(name.toLowerCase());
}

/** Whether a bare bracket can be taken for a shape though nothing else says so. */
function isCredible(shape: Notation): boolean {
  if (shape.sure) return true;
  const { dims } = shape;
  const only = dims[0];
  if (dims.length === 0) return !shape.square;
  if (dims.length === 1 && only !== undefined && !credibleAlone(only, shape)) return false;
  const numbers = dims.every((dim) => dim.kind === "size");
  if (numbers && shape.square) return false;
  if (dims.some((dim) => dim.kind === "size" && dim.value === 0)) return false;
  if (dims.every((dim) => dim.kind === "name" && isValueWord(dim.name))) return false;
  return !isCitation(dims);
}

function credibleAlone(dim: DimNote, shape: Notation): boolean {
  if (shape.trailingComma) return dim.kind !== "many";
  return dim.kind === "name" && /^[A-Z]$/.test(dim.name) && !shape.square;
}

/** `(Vaswani, 2017)`. */
function isCitation(dims: readonly DimNote[]): boolean {
  const [author, year] = dims;
  if (dims.length !== 2 || author?.kind !== "name" || year?.kind !== "size") return false;
  return /^[A-Z][a-z]{2,}/.test(author.name) && year.value >= 1900 && year.value < 2100;
}

const DOUBT = /^\W*(?:or|and|then|not|but|except|unless|if|when|to|instead|vs)\b/i;

/** What follows a shape: nothing, a clause set apart by punctuation, or a single noun. */
function tailAllows(tail: string): boolean {
  // `NCHW -> (HW)NC` is another notation.
  if (/^[\w([]/.test(tail)) return false;
  const rest = tail.trim();
  if (rest === "") return true;
  if (DOUBT.test(rest) || /\bor\s*[([]/.test(rest)) return false;
  if (/^(?:[—–;.:]|where\s+\w+\s*=)/.test(rest) || /^-{1,2}\s/.test(rest) || /^,\s*(?![([])/.test(rest)) return true;
  if (/^\([^()]*\)$/.test(rest)) return !/,/.test(rest);
  return /^[A-Za-z][\w.]*$/.test(rest) && !/^(?:is|are|was|were|for|x|in|of|by|as|with|per)\.?$/i.test(rest);
}

function claim(text: Text, lead: string, shapes: Shapes, arrow: boolean, sure: boolean): ShapeClaim {
  const { first, others } = shapes;
  const span = { start: text.at + first.start, end: text.at + shapes.end };
  const note: ShapeNote = {
    span,
    subject: null,
    dims: first.dims,
    others: others.map((other) => other.dims),
    source: "comment",
    text: text.text.slice(first.start, shapes.end),
  };
  return { lead, arrow, sure, note };
}
