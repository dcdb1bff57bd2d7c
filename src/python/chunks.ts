/**
 * Splits Python text at the top-level statements, so that an edit concerns one of them only.
 * It knows lines and brackets, not the grammar. Ranges leave out the blank lines between statements.
 */
import { isForeignCell } from "./clean.ts";
import { freshState, scanLine, startsStatement } from "./lines.ts";
import type { Line, ScanState } from "./lines.ts";

export interface ChunkRange {
  readonly start: number;
  readonly end: number;
}

/** After so many wrong guesses about an open bracket, every line at the margin starts a statement. */
const PATIENCE = 40;

const CONTINUES = /(?:else|elif|except|finally)(?!\w)/y;
const DECORATED = /(?:@|def\b|class\b|async\b)/y;
/** Words that start a statement and can never start a line inside brackets. */
export const STARTS_STATEMENT =
  /(?:def|class|import|return|with|while|try|raise|assert|del|pass|break|continue|global|nonlocal)(?!\w)(?!\s*=[^=])/y;
const CERTAIN_START = /(?:def|class|import|from|async\s+def|if\s+__name__|@)(?!\w)/y;
const TRAILING_SHAPE = /#:?\s*shape\b/iy;

export function splitChunks(text: string): readonly ChunkRange[] {
  const starts = isForeignCell(text) ? [0] : chunkStarts(text);
  const ranges: ChunkRange[] = [];
  starts.forEach((start, index) => {
    const range = trimRange(text, start, starts[index + 1] ?? text.length);
    if (range !== null) ranges.push(range);
  });
  return ranges;
}

interface Walk {
  readonly starts: number[];
  readonly state: ScanState;
  /** Where the comments begin that stand before the next statement, or -1. */
  comments: number;
  /** A shape comment directly below a statement, or null. */
  below: { readonly start: number; readonly next: number } | null;
  /** The line at the margin inside open brackets which may be a statement after all, or -1. */
  doubtful: number;
  /** The line on which the open triple quote began. */
  quoted: number;
  decorated: boolean;
  hasStatement: boolean;
  mistakes: number;
}

function chunkStarts(text: string): number[] {
  const walk: Walk = {
    starts: [0],
    state: freshState(),
    comments: -1,
    below: null,
    doubtful: -1,
    quoted: 0,
    decorated: false,
    hasStatement: false,
    mistakes: 0,
  };
  let position = 0;
  while (position <= text.length) {
    const again = visitLine(text, position, walk);
    if (again.next <= text.length) position = again.next;
    else position = resumeAfterMistake(text, walk) ?? text.length + 1;
  }
  return walk.starts;
}

function visitLine(text: string, position: number, walk: Walk): { next: number } {
  const { state } = walk;
  const fresh = startsStatement(state);
  const inBrackets = state.closers.length > 0 && state.quote === "" && !state.continued;
  const wasQuoted = state.quote !== "";
  const before = inBrackets ? [...state.closers] : [];
  const line = scanLine(text, position, state);
  const blank = line.content === line.end;
  // What follows a notebook's `!` or `%` is no Python, so nothing in it is open.
  if (fresh && /[%!?]/.test(text.charAt(line.content))) reset(walk);
  if (!blank && line.indent === 0 && line.comment !== line.content) {
    if (fresh) beginStatement(text, line, walk);
    else if (inBrackets && interrupts(text, line, walk)) {
      restart(text, line, walk);
      return { next: line.start };
    }
  } else if (fresh && !blank) noteOther(text, line, walk);
  if (before.length > 0 && state.closers.length === 0) walk.doubtful = -1;
  if (!wasQuoted && state.quote !== "") walk.quoted = line.start;
  return line;
}

function beginStatement(text: string, line: Line, walk: Walk): void {
  const joins = walk.hasStatement && (matches(CONTINUES, text, line.content) || decoratorJoins(text, line, walk));
  if (!joins) {
    const below = walk.below?.next === line.start ? walk.below.start : null;
    // Above a definition it speaks of that. Between two statements it may speak of either, so it goes with neither.
    const own = below !== null && matches(DECORATED, text, line.content) ? below : line.start;
    const start = walk.comments >= 0 ? walk.comments : own;
    if (below !== null) pushStart(walk, below);
    if (walk.hasStatement || start > 0) pushStart(walk, start);
  }
  walk.decorated = text.charAt(line.content) === "@";
  walk.hasStatement = true;
  walk.comments = -1;
  walk.doubtful = -1;
}

function decoratorJoins(text: string, line: Line, walk: Walk): boolean {
  return walk.decorated && matches(DECORATED, text, line.content);
}

function pushStart(walk: Walk, start: number): void {
  if (start > (walk.starts.at(-1) ?? 0)) walk.starts.push(start);
}

/** Takes note of a comment, or of an indented line that belongs to the statement above. */
function noteOther(text: string, line: Line, walk: Walk): void {
  if (line.comment !== line.content) {
    walk.comments = -1;
    return;
  }
  if (line.indent > 0 || walk.comments >= 0) return;
  const directlyBelow = walk.hasStatement && !isBlankAbove(text, line.start);
  if (directlyBelow && matches(TRAILING_SHAPE, text, line.content)) walk.below = line;
  else walk.comments = line.start;
}

function isBlankAbove(text: string, start: number): boolean {
  let position = start - 1;
  if (text.charAt(position) === "\n" && text.charAt(position - 1) === "\r") position -= 1;
  const previous = text.slice(Math.max(0, position - 200), position);
  return /(?:^|[\r\n])[ \t\f]*$/.test(previous);
}

function interrupts(text: string, line: Line, walk: Walk): boolean {
  if (/[)\]}]/.test(text.charAt(line.content))) return false;
  if (matches(STARTS_STATEMENT, text, line.content)) return true;
  if (walk.mistakes >= PATIENCE) return true;
  if (walk.doubtful < 0) walk.doubtful = line.start;
  return false;
}

/** Takes the line as the start of a statement, whatever is still open above it. */
function restart(text: string, line: Line, walk: Walk): void {
  const from = walk.doubtful >= 0 ? walk.doubtful : line.start;
  reset(walk);
  if (from < line.start) {
    walk.mistakes += 1;
    rescan(text, from, line.start, walk);
  }
}

/** Splits the lines between a doubtful line and the one that proved it a statement. */
function rescan(text: string, from: number, until: number, walk: Walk): void {
  let position = from;
  while (position < until) position = visitLine(text, position, walk).next;
  reset(walk);
}

function reset(walk: Walk): void {
  walk.state.closers.length = 0;
  walk.state.quote = "";
  walk.state.continued = false;
  walk.doubtful = -1;
}

/** At the end of the text with something still open: go back to where it probably should have closed. */
function resumeAfterMistake(text: string, walk: Walk): number | null {
  const { state } = walk;
  let from: number | null = null;
  if (walk.mistakes >= PATIENCE * 2) return null;
  if (state.quote !== "") from = nextCertainStart(text, walk.quoted);
  else if (state.closers.length > 0 && walk.doubtful >= 0) from = walk.doubtful;
  if (from === null) return null;
  walk.mistakes += 1;
  walk.comments = -1;
  reset(walk);
  return from;
}

function nextCertainStart(text: string, after: number): number | null {
  const margin = /[\r\n](?=[@a-z])/g;
  margin.lastIndex = after;
  for (let found = margin.exec(text); found !== null; found = margin.exec(text)) {
    if (matches(CERTAIN_START, text, found.index + 1)) return found.index + 1;
  }
  return null;
}

function matches(pattern: RegExp, text: string, position: number): boolean {
  pattern.lastIndex = position;
  return pattern.test(text);
}

/** Leaves out blank lines at both ends, so that they can change without touching the chunk. */
function trimRange(text: string, start: number, end: number): ChunkRange | null {
  let last = end;
  while (last > start && /[\s\uFEFF]/.test(text.charAt(last - 1))) last -= 1;
  let first = start;
  for (let position = start; position < last; position += 1) {
    const character = text.charAt(position);
    if (character === "\n" || character === "\r" || character === "\f") first = position + 1;
    else if (!/[\s\uFEFF]/.test(character)) break;
  }
  return first < last ? { start: first, end: last } : null;
}
