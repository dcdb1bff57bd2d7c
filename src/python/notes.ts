/**
 * Decides which comments state a shape, and whose. It works on the text of one comment alone; prose in
 * parentheses is not a shape, so in doubt there is none. Where comments attach is `comments.ts`'s business.
 */
import type { DimNote, ShapeNote } from "../program/syntax.ts";
import { readBareList, readNotation, readSpacedArrow } from "./notation.ts";
import { namesSizes } from "./sizes.ts";
import type { Notation } from "./notation.ts";

export interface ShapeClaim {
  /** The word or words before the shape (`x` in `x: (B, T)`), or an empty string. */
  readonly lead: string;
  /** The shape stands behind an arrow, so it is what the line results in. */
  readonly arrow: boolean;
  /** The word "shape", an arrow or the form of the notation says that a shape is meant. */
  readonly sure: boolean;
  /** The lead owns the shape by a verb, as in `norm has shape (B, T)`: it speaks of nothing else. */
  readonly owned: boolean;
  readonly note: ShapeNote;
  /** The shapes in front of the arrow, where nothing else stands there. */
  readonly inputs: readonly ShapeNote[];
}

/** Reads a comment that starts with `#` at the offset `at` of its chunk. */
export function readShapeComment(comment: string, at: number): readonly ShapeClaim[] {
  if (comment.length > 400 || /\^\^|shapesight:/.test(comment)) return [];
  // Quotation marks around names and shapes say nothing; what stands where must not change.
  const plain = comment.replace(/`/g, " ");
  const start = /^#+:?\s*/.exec(plain)?.[0].length ?? 0;
  const text: Text = { text: plain, at, start };
  const arrow = lastArrow(plain);
  if (arrow !== -1) return behindArrow(text, arrow);
  const found = namedShapes(text);
  if (found.length > 0) return found;
  return besideShapeWord(text) ?? leading(text) ?? ending(text) ?? [];
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
  const inputs = beforeArrow(text);
  const shapes = readShapes(text, lead.lastIndex);
  if (shapes !== null && isRange(shapes.first)) return [];
  if (shapes !== null && tailAllows(text.text.slice(shapes.end), true))
    return [{ ...claim(text, "", shapes, true, true), inputs }];
  const bare =
    readBareList(text.text, lead.lastIndex, text.at, false) ??
    readSpacedArrow(text.text, text.start, lead.lastIndex, text.at);
  return bare === null ? [] : [{ ...claim(text, "", { first: bare, others: [], end: bare.end }, true, true), inputs }];
}

/** `(B, T), (B, T, C) -> …` takes two arrays of these shapes, where nothing else stands before the one arrow. */
function beforeArrow(text: Text): readonly ShapeNote[] {
  const shapes = readShapes(text, text.start);
  if (shapes === null || !/^\s*(?:-+>|=>|[→⟶⇒➔])/u.test(text.text.slice(shapes.end))) return [];
  if (lastArrow(text.text.slice(0, shapes.end)) !== -1 || /(?:-+>|=>|[→⟶⇒➔]).*(?:-+>|=>|[→⟶⇒➔])/u.test(text.text))
    return [];
  return [shapes.first, ...shapes.others].map((one) => noteOf(text, { first: one, others: [], end: one.end }));
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
    const shapes =
      readShapes(text, head.lastIndex) ?? (claims.length === 0 ? bareShapes(text, lead, head.lastIndex) : null);
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

/** `x: B x T x C`. */
function bareShapes(text: Text, lead: string, position: number): Shapes | null {
  const bare = /^\w+$/.test(lead) ? readBareList(text.text, position, text.at, false) : null;
  return bare === null ? null : { first: bare, others: [], end: bare.end };
}

/** Words before "shape" which say that it is not the shape of what the line makes. */
const OTHER_SHAPE =
  /\b(?:from|inputs?|expects?|expected|before|originally|original|old|not|if|same|any|was|need|needs|require[sd]?)\b/i;

/** `shape: (B, T)`, `x.shape = (B, T)`, `embeddings of shape (b, t)`, `shape of x: (B, T)`. */
function besideShapeWord(text: Text): readonly ShapeClaim[] | null {
  const { text: comment } = text;
  const pattern =
    /(?:([^\W\d][\w.]*?)(?:\.|'s\s+|\s+))?\bshapes?\b(?!\[)(?:\s+of\s+([^\W\d]\w*))?\s*(?:is\s+now\s+|is\s+|becomes\s+|will\s+be\s+|==?\s*|:\s*)?/giu;
  pattern.lastIndex = text.start;
  const found = pattern.exec(comment);
  if (found === null) return null;
  if (OTHER_SHAPE.test(comment.slice(0, pattern.lastIndex))) return [];
  const colon = /[:=]\s*$/.test(found[0]);
  const owner = ownerOf(withShape(comment, text.start));
  const lead = found[2] ?? (ownerOf(found[1] ?? "") || owner);
  const owned = lead !== "" && lead === owner;
  const shapes = readShapes(text, pattern.lastIndex);
  if (shapes !== null)
    return tailAllows(comment.slice(shapes.end), true) ? [{ ...claim(text, lead, shapes, false, true), owned }] : [];
  const bare = colon ? readBareList(comment, pattern.lastIndex, text.at, true) : null;
  return bare === null
    ? []
    : [{ ...claim(text, lead, { first: bare, others: [], end: bare.end }, false, true), owned }];
}

/** `qkv with shape (…)` and `x will have shape (…)` name their owner first. */
function withShape(comment: string, start: number): string {
  const pattern =
    /\s*(?:the\s+)?([^\W\d][\w.]*)\s+(?:(?:will|should)\s+)?(?:with|has|have|of|is|are|be)\s+(?:now\s+)?(?:the\s+|of\s+)?shape\b/iuy;
  pattern.lastIndex = start;
  return pattern.exec(comment)?.[1] ?? "";
}

/** In `tensor of shape` the word before says nothing, in `x.shape` and `x shape` it is the owner. */
function ownerOf(word: string): string {
  return /^(?:of|with|has|have|is|are|be|now|in|to|the|a|an|its|this|it|these|that|new|final|full|tensor|array|matrix|resulting|result)$/i.test(
    word,
  )
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

/** Words that say whose shape it is, or that it is another one. */
const OTHERS =
  /\b(?:from|before|inputs?|expects?|expected|was|were|lists?|tuples?|each|all|of|like|same|than|not|if|or|and|per|for|with|between|by|in|at|via|over|using|takes?|given|assum\w+|should|must|needs?|supports?|eg|ie|is|are|todo|fixme|note|instead|when|where|either|both|only|range|kernel|stride|padding|size|position|index|indices|axis|axes|dims?|order|grid)\b/i;
const FIRST = /^(?:[BNTCHWDLSMKPQRE]|bs|bsz|b|n|batch\w*|num_\w+|n_\w+|seq\w*|time\w*|frames?|tokens?)$/;

/** A few words and then a shape, which ends the comment: `add a batch dimension (B, C, H, W)`, `x (B, N, C)`. */
function ending(text: Text): readonly ShapeClaim[] | null {
  const head = /((?:[A-Za-z][\w-]* ){1,5})\s*(?=[([]|\w+\[)/y;
  head.lastIndex = text.start;
  const lead = head.exec(text.text)?.[1]?.trim();
  if (lead === undefined || OTHERS.test(lead)) return null;
  const shapes = readShapes(text, head.lastIndex);
  const dims = shapes?.first.dims ?? [];
  const [first] = dims;
  if (shapes === null || first === undefined || dims.length < 2 || shapes.others.length > 0) return null;
  const begins = (first.kind === "name" && FIRST.test(first.name)) || (first.kind === "size" && dims.length > 2);
  if (!begins || !isCredible(shapes.first) || dims.every(({ kind }) => kind === "size")) return null;
  return /^[\s.]*$/.test(text.text.slice(shapes.end)) ? [claim(text, lead, shapes, false, false)] : null;
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

/** `[-1, 1] -> [0, 1]` tells of values. */
function isRange({ sure, square, dims }: Notation): boolean {
  const numbers = dims.every(({ kind }) => kind === "size");
  return !sure && numbers && (square || dims.some((dim) => dim.kind === "size" && dim.value === 0));
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
  // `[len1, len2, ...]` lists values.
  const goesOn = shape.square && dims.length > 1 && dims.at(-1)?.kind === "many";
  if (goesOn && !dims.some((dim) => dim.kind === "name" && /^[A-Z]/.test(dim.name))) return false;
  return !isCitation(dims) && (shape.trailingComma || namesSizes(shape, "some"));
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
function tailAllows(tail: string, said = false): boolean {
  // `NCHW -> (HW)NC` is another notation.
  if (/^[\w([]/.test(tail)) return false;
  const rest = tail.trim();
  if (rest === "") return true;
  // Where the comment says that it is a shape, what it is for may follow.
  if (said && /^(?:to|for|with|so|in|as|where|since|because)\b/i.test(rest)) return !/[([][^)\]]*,/.test(rest);
  if (/^,\s*not\s[^([]*$/.test(rest)) return true;
  if (DOUBT.test(rest) || /\bor\s*[([]/.test(rest)) return false;
  if (/^(?:[—–;.:]|where\s+\w+\s*=)/.test(rest) || /^-{1,2}\s/.test(rest) || /^,\s*(?![([])/.test(rest)) return true;
  if (/^\([^()]*\)$/.test(rest)) return !/,/.test(rest);
  return /^[A-Za-z][\w.]*$/.test(rest) && !/^(?:is|are|was|were|for|x|in|of|by|as|with|per)\.?$/i.test(rest);
}

function claim(text: Text, lead: string, shapes: Shapes, arrow: boolean, sure: boolean): ShapeClaim {
  return { lead, arrow, sure, owned: false, note: noteOf(text, shapes), inputs: [] };
}

function noteOf(text: Text, { first, others, end }: Shapes): ShapeNote {
  return {
    span: { start: text.at + first.start, end: text.at + end },
    subject: null,
    dims: first.dims,
    others: others.map((other) => other.dims),
    source: "comment",
    text: text.text.slice(first.start, end),
  };
}
