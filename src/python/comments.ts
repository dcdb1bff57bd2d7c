/**
 * Decides to which statement or parameter a shape comment belongs, and collects our directives.
 * What a comment says is `notes.ts`'s business; here it is only about where it stands.
 */
import type { Expr, Parameter, ShapeNote, Span, Unit } from "../program/syntax.ts";
import { describesOther, holdsSizes, resolveSubject } from "./claims.ts";
import { freshState, scanLine } from "./lines.ts";
import type { Line } from "./lines.ts";
import { readShapeComment } from "./notes.ts";
import type { ShapeClaim } from "./notes.ts";

export interface CommentNotes {
  readonly directives: Unit["directives"];
  /** The notes of a simple statement; `targets` are what it assigns to. */
  statementNotes(span: Span, value: Expr | null, targets: readonly Expr[]): readonly ShapeNote[];
  /**
   * The parameters with the notes that stand beside or above them, or that name them before the first statement;
   * `header` spans from `def` to the body, `entry` is where the first statement begins that is no docstring.
   */
  annotateParameters(parameters: readonly Parameter[], header: Span, entry: number): readonly Parameter[];
  /** What the comment behind a header says of the function's result. */
  headerNotes(header: Span): readonly ShapeNote[];
  /** What a comment above, behind or below a header declares of the whole function; the first statement starts at `entry`. */
  declaration(header: Span, whole: Span, entry: number): Declaration | null;
}

type Declaration = { readonly text: string; readonly span: Span };

export function readComments(source: string): CommentNotes {
  if (!source.includes("#")) return NO_COMMENTS;
  const lines = readLines(source);
  const comments: Comments = { source, lines, claims: new Map() };
  return {
    directives: findDirectives(comments),
    statementNotes: (span, value, targets) => statementNotes(comments, span, value, targets),
    annotateParameters: (parameters, header, entry) => annotateParameters(comments, parameters, header, entry),
    headerNotes: (header) => headerNotes(comments, header),
    declaration: (header, whole, entry) => declarationOf(comments, header, whole, entry),
  };
}

const NO_COMMENTS: CommentNotes = {
  directives: [],
  statementNotes: () => [],
  annotateParameters: (parameters) => parameters,
  headerNotes: () => [],
  declaration: () => null,
};

interface Comments {
  readonly source: string;
  readonly lines: readonly Line[];
  /** By line number, read when first asked for. */
  readonly claims: Map<number, readonly ShapeClaim[]>;
}

function readLines(source: string): readonly Line[] {
  const lines: Line[] = [];
  const state = freshState();
  for (let position = 0; position < source.length;) {
    const line = scanLine(source, position, state);
    lines.push(line);
    position = line.next;
  }
  return lines;
}

function findDirectives({ source, lines }: Comments): Unit["directives"] {
  if (!source.includes("shapesight")) return [];
  return lines.flatMap(({ comment, end }, line) => {
    const text = comment < 0 ? "" : source.slice(comment, end).trimEnd();
    if (!/#\s*shapesight\s*:/i.test(text)) return [];
    return [{ line, span: { start: comment, end: comment + text.length }, text }];
  });
}

function lineAt({ lines }: Comments, offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function claimsOn(comments: Comments, number: number): readonly ShapeClaim[] {
  const line = comments.lines[number];
  if (line === undefined || line.comment < 0) return [];
  const known = comments.claims.get(number);
  if (known !== undefined) return known;
  const claims = readShapeComment(comments.source.slice(line.comment, line.end).trimEnd(), line.comment);
  comments.claims.set(number, claims);
  return claims;
}

function statementNotes(
  comments: Comments,
  span: Span,
  value: Expr | null,
  targets: readonly Expr[],
): readonly ShapeNote[] {
  const first = lineAt(comments, span.start);
  const last = lineAt(comments, span.end);
  const claims = trailingClaims(comments, span, first, last);
  const ownLine = startsLine(comments, span, first) ? [...claimsBelow(comments, span, first, last)] : [];
  const above =
    targets.length > 0 && startsLine(comments, span, first) ? claimsAbove(comments, targets, value, first) : [];
  const all = [...above, ...claims, ...ownLine];
  if (all.length === 0) return [];
  const words = comments.source.slice(span.start, span.end);
  const notes = all.flatMap((claim) => resolveSubject(claim, words) ?? []);
  return isPrint(value) ? notes.filter((note) => note.subject !== null) : notes;
}

/** What `print` returns has no shape; the comment beside it tells what it prints. */
function isPrint(value: Expr | null): boolean {
  return value?.kind === "call" && value.callee.kind === "name" && value.callee.id === "print";
}

function startsLine({ lines }: Comments, span: Span, number: number): boolean {
  return lines[number]?.content === span.start;
}

/** The comment on the statement's last line, or behind the bracket that ends its first line. */
function trailingClaims(comments: Comments, span: Span, first: number, last: number): readonly ShapeClaim[] {
  const { source, lines } = comments;
  const ending = lines[last];
  const closes = ending !== undefined && ending.comment >= span.end;
  if (closes && /^[\s;]*$/.test(source.slice(span.end, ending.comment))) {
    const claims = claimsOn(comments, last);
    if (claims.length > 0) return claims;
  }
  const opening = lines[first];
  if (first === last || opening === undefined || opening.comment < 0) return [];
  return /[([{]\s*$/.test(source.slice(opening.start, opening.comment)) ? claimsOn(comments, first) : [];
}

function isOwnLine(line: Line | undefined): boolean {
  return line !== undefined && line.comment >= 0 && line.comment === line.content;
}

function isBlank(line: Line | undefined): boolean {
  return line === undefined || line.content === line.end;
}

const SAYS_SHAPE = /^#+:?\s*shapes?\b/i;

/** A comment on a line of its own that begins with the word "shape". */
function saysShape({ source }: Comments, line: Line | undefined): boolean {
  return line !== undefined && isOwnLine(line) && SAYS_SHAPE.test(source.slice(line.comment, line.end));
}

/** A comment such as `# shape: (B, T)` directly below a statement speaks of that statement. */
function claimsBelow(comments: Comments, span: Span, first: number, last: number): readonly ShapeClaim[] {
  const { lines, source } = comments;
  const line = lines[last + 1];
  const indent = lines[first]?.indent;
  if (line === undefined || line.indent !== indent || !saysShape(comments, line)) return [];
  const rest = source.slice(span.end, lines[last]?.end);
  if (/^[\s;]*[^\s;#]/.test(rest)) return [];
  return speaksOfLineAbove(comments, last + 1) ? claimsOn(comments, last + 1) : [];
}

/** No paragraph is longer, which bounds the work on a text that is all comments. */
const PARAGRAPH = 50;

/**
 * A comment between two statements without a blank line could belong to either. The paragraph decides:
 * one that ends with such a comment, and does not start with one, puts them below.
 */
function speaksOfLineAbove(comments: Comments, number: number): boolean {
  const { lines } = comments;
  const indent = lines[number]?.indent ?? 0;
  const next = lines[number + 1];
  if (next === undefined || isBlank(next) || next.indent < indent || isOwnLine(next)) return true;
  let top = number;
  while (top > number - PARAGRAPH && !isBlank(lines[top - 1]) && (lines[top - 1]?.indent ?? 0) >= indent) top -= 1;
  let bottom = number;
  while (bottom < number + PARAGRAPH && !isBlank(lines[bottom + 1]) && (lines[bottom + 1]?.indent ?? 0) >= indent)
    bottom += 1;
  const opens = lines[top];
  const ends = lines[bottom];
  return saysShape(comments, ends) && !saysShape(comments, opens);
}

/** A comment above belongs to an assignment if it names the target, or stands alone at the start of a paragraph. */
function claimsAbove(
  comments: Comments,
  targets: readonly Expr[],
  value: Expr | null,
  first: number,
): readonly ShapeClaim[] {
  const { lines, source } = comments;
  const line = lines[first - 1];
  const indent = lines[first]?.indent;
  if (line === undefined || !isOwnLine(line) || line.indent !== indent) return [];
  const names = new Set(targets.map((target) => source.slice(target.span.start, target.span.end)));
  const read = value === null ? "" : source.slice(value.span.start, value.span.end);
  return claimsOn(comments, first - 1).filter(({ lead, note, sure }) => {
    // Above `x = f(x)` it may speak of what goes in or of what comes out.
    const isRead = (name: string): boolean => read.split(/[^\w.]+/).includes(name);
    if (lead !== "") return names.has(lead) && !isRead(lead);
    if ([...names].some(isRead)) return false;
    const text = source.slice(line.comment, line.end);
    // The last line of a block of comments may say what comes of the statement below.
    const result = sure && RESULTS.test(text);
    const before = lines[result ? blockAbove(comments, first - 1) - 1 : first - 2];
    const opens = isBlank(before) || (before?.indent ?? 0) < indent;
    // A block that starts otherwise is no remark on the line above.
    if (result) return opens || blockAbove(comments, first - 1) < first - 1;
    const alone = SAYS_SHAPE.test(text) || /^#+:?\s*(?:[-=]>|→)?\s*$/.test(source.slice(line.comment, note.span.start));
    return opens && alone;
  });
}

const RESULTS = /^#+:?\s*(?:(?:this|it|which|and)\s+)?(?:results?\s+in|gives?|produces?|(?:the\s+)?result(?:ing)?\s)/i;

/** The first line of a block of comments that ends on a line. */
function blockAbove({ lines }: Comments, number: number): number {
  let top = number;
  while (top > number - PARAGRAPH && isOwnLine(lines[top - 1]) && lines[top - 1]?.indent === lines[number]?.indent)
    top -= 1;
  return top;
}

function annotateParameters(
  comments: Comments,
  parameters: readonly Parameter[],
  header: Span,
  entry: number,
): readonly Parameter[] {
  const notes = new Map<Parameter, ShapeNote[]>();
  const { from, to } = headerLines(comments, header);
  for (let number = from; number <= to; number += 1) {
    const claims = claimsOn(comments, number);
    if (claims.length === 0) continue;
    const subject = parameterBeside(comments, parameters, number, to);
    for (const { lead, arrow, sure, note } of claims) {
      const named = parameters.find(({ name }) => name === lead);
      const parameter = named ?? (arrow || describesOther(lead) ? undefined : subject);
      if (parameter === undefined || (!sure && holdsSizes(parameter.name))) continue;
      const stated = { ...note, subject: named === undefined ? null : lead };
      notes.set(parameter, [...(notes.get(parameter) ?? []), stated]);
    }
  }
  addInputs(comments, parameters, to, notes);
  const below = lineAt(comments, entry);
  for (let number = to + 1; number < below; number += 1) {
    const claims = isOwnLine(comments.lines[number]) ? claimsOn(comments, number) : [];
    const isTarget = (name: string): boolean => mentions(comments, below, name, "=");
    // `# x: (B, T)` above `x = f(x)` may speak of what goes in or of what comes out; beside other parameters, of what goes in.
    const ofParameters = claims.some(({ lead }) => parameters.some(({ name }) => name === lead) && !isTarget(lead));
    for (const { lead, note } of claims) {
      const named = parameters.find(({ name }) => name === lead);
      if (named === undefined || (!ofParameters && isTarget(lead))) continue;
      notes.set(named, [...(notes.get(named) ?? []), { ...note, subject: lead }]);
    }
  }
  if (notes.size === 0) return parameters;
  return parameters.map((parameter) => ({ ...parameter, notes: notes.get(parameter) ?? parameter.notes }));
}

/** `def f(x, y):  # (B, T), (B,) -> (B, T)` states the shapes of all parameters, where there are as many. */
function addInputs(
  comments: Comments,
  parameters: readonly Parameter[],
  header: number,
  notes: Map<Parameter, ShapeNote[]>,
): void {
  const own = parameters[0]?.name === "self" || parameters[0]?.name === "cls" ? parameters.slice(1) : parameters;
  const inputs = claimsOn(comments, header).flatMap((claim) => claim.inputs);
  if (inputs.length === 0 || inputs.length !== own.length) return;
  own.forEach((parameter, i) => {
    const input = inputs[i];
    if (input !== undefined && !holdsSizes(parameter.name) && !notes.has(parameter)) notes.set(parameter, [input]);
  });
}

/** Whether a line names a variable, before the given sign. */
function mentions({ source, lines }: Comments, number: number, name: string, before: string): boolean {
  const line = lines[number];
  const [text = "", ...rest] = source.slice(line?.content, line?.end).split(before);
  return rest.length > 0 && text.split(/[^\w.]+/).includes(name);
}

/** The lines of a header, without comments that stand above the first line of the body. */
function headerLines(comments: Comments, header: Span): { from: number; to: number } {
  const from = lineAt(comments, header.start);
  let to = lineAt(comments, Math.max(header.start, header.end - 1));
  while (to > from && isBelowHeader(comments.lines[to], header)) to -= 1;
  const body = comments.lines[to];
  // A body on the line of its header takes the comment for itself.
  if (body !== undefined && header.end < body.end && body.comment > header.end) to -= 1;
  return { from, to };
}

function isBelowHeader(line: Line | undefined, header: Span): boolean {
  return isOwnLine(line) || isBlank(line) || (line !== undefined && line.content >= header.end);
}

/** The only parameter on a line; for a comment on a line of its own, that of the line below. */
function parameterBeside(
  comments: Comments,
  parameters: readonly Parameter[],
  number: number,
  last: number,
): Parameter | undefined {
  const line = isOwnLine(comments.lines[number]) ? number + 1 : number;
  // Behind the closing line of a header a comment may as well speak of the result.
  if (line >= last) return undefined;
  const beside = parameters.filter(({ nameSpan }) => lineAt(comments, nameSpan.start) === line);
  return beside.length === 1 ? beside[0] : undefined;
}

function headerNotes(comments: Comments, header: Span): readonly ShapeNote[] {
  const { to } = headerLines(comments, header);
  return claimsOn(comments, to).flatMap(({ arrow, lead, note }) =>
    arrow || /^(?:returns?|outputs?|out|results?)$/i.test(lead) ? [note] : [],
  );
}

const DECLARES = /^#+:?\s*shapes?\s*:\s*(?=.*->)/i;

/** The first of the comments that belong to a definition which begins with the word "shape" and a colon. */
function declarationOf(comments: Comments, header: Span, whole: Span, entry: number): Declaration | null {
  const { lines, source } = comments;
  const [above, from, to] = [
    lineAt(comments, whole.start) - 1,
    lineAt(comments, header.start),
    lineAt(comments, entry),
  ];
  const own = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  for (const number of isOwnLine(lines[above]) ? [above, ...own] : own) {
    const line = lines[number];
    if (line === undefined || line.comment < 0) continue;
    const text = source.slice(line.comment, line.end).trimEnd();
    const head = DECLARES.exec(text)?.[0].length;
    if (head === undefined) continue;
    return { text: text.slice(head), span: { start: line.comment + head, end: line.comment + text.length } };
  }
  return null;
}
