/**
 * Knows how Python text falls into physical lines: strings, brackets, comments and continuations.
 * It knows no grammar; it only tells where a line may begin a statement, also in text that is being typed.
 */

/** What carries over from one physical line to the next. */
export interface ScanState {
  /** Character codes of the brackets that close the ones now open, innermost last. */
  readonly closers: number[];
  /** The triple quote that is open, or an empty string. */
  quote: string;
  /** The line before ended in a backslash. */
  continued: boolean;
}

export interface Line {
  readonly start: number;
  /** The end of the line without its line break. */
  readonly end: number;
  /** The start of the next line; past the text's end for the last line. */
  readonly next: number;
  /** The first character that is not blank (`end` if there is none). */
  readonly content: number;
  readonly indent: number;
  /** Where the comment starts, or -1. */
  readonly comment: number;
  /** The quote character of a string that the line leaves open, or an empty string. */
  readonly unclosed: string;
  /** A colon stands outside of brackets. */
  readonly colon: boolean;
}

export function freshState(): ScanState {
  return { closers: [], quote: "", continued: false };
}

/** Whether a line that starts in this state starts a statement (if it is not blank or a comment). */
export function startsStatement(state: ScanState): boolean {
  return state.closers.length === 0 && state.quote === "" && !state.continued;
}

const TAB = 9;
const LF = 10;
const FORM_FEED = 12;
const CR = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const BACKSLASH = 92;
const BOM = 0xfeff;

/** Reads the line at `start` and moves `state` to the beginning of the next one. */
export function scanLine(text: string, start: number, state: ScanState): Line {
  const { content, indent } = measureIndent(text, start);
  let position = content;
  let comment = -1;
  let unclosed = "";
  let colon = false;
  state.continued = false;
  if (state.quote !== "") position = leaveTripleQuote(text, start, state);
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === LF || code === CR) break;
    if (code === HASH) {
      comment = position;
      position = lineEnd(text, position);
      break;
    }
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      const after = skipString(text, position, state);
      if (after.unclosed) unclosed = String.fromCharCode(code);
      position = after.end;
      continue;
    }
    if (code === BACKSLASH) {
      const following = text.charCodeAt(position + 1);
      state.continued = following === LF || following === CR;
    } else if (code === 58 && state.closers.length === 0) colon = true;
    else trackBracket(code, state.closers);
    position += 1;
  }
  const end = Math.min(position, text.length);
  return { start, end, next: afterBreak(text, end), content: Math.min(content, end), indent, comment, unclosed, colon };
}

function trackBracket(code: number, closers: number[]): void {
  if (code === 40) closers.push(41);
  else if (code === 91) closers.push(93);
  else if (code === 123) closers.push(125);
  else if ((code === 41 || code === 93 || code === 125) && closers.length > 0) closers.pop();
}

function measureIndent(text: string, start: number): { content: number; indent: number } {
  let indent = 0;
  let position = start;
  for (; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code === SPACE) indent += 1;
    else if (code === TAB) indent += 8 - (indent % 8);
    else if (code === FORM_FEED) indent = 0;
    else if (code !== BOM) break;
  }
  return { content: position, indent };
}

function lineEnd(text: string, position: number): number {
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === LF || code === CR) break;
    position += 1;
  }
  return position;
}

function afterBreak(text: string, end: number): number {
  return text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF ? end + 2 : end + 1;
}

/** Moves past the end of the open triple quote, or to the end of the line if it does not end here. */
function leaveTripleQuote(text: string, start: number, state: ScanState): number {
  const quote = state.quote.charCodeAt(0);
  let position = start;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === LF || code === CR) return position;
    if (code === quote && text.startsWith(state.quote, position)) {
      state.quote = "";
      return position + 3;
    }
    position += code === BACKSLASH ? escapeWidth(text, position) : 1;
  }
  return position;
}

/** A backslash never hides a line break from the scanner, which must see every line. */
function escapeWidth(text: string, position: number): number {
  const following = text.charCodeAt(position + 1);
  return following === LF || following === CR ? 1 : 2;
}

function skipString(text: string, start: number, state: ScanState): { end: number; unclosed: boolean } {
  const triple = text.slice(start, start + 3);
  if (triple === '"""' || triple === "'''") {
    state.quote = triple;
    return { end: leaveTripleQuote(text, start + 3, state), unclosed: false };
  }
  const nested = isFormatted(text, start) ? skipShortString(text, start, true, 0) : -1;
  const end = nested === -1 ? skipShortString(text, start, false, 0) : nested;
  return end === -1 ? { end: lineEnd(text, start), unclosed: !state.continued } : { end, unclosed: false };
}

/** The position after a one-line string, or -1 if it does not close. Since Python 3.12 f-strings may nest quotes. */
function skipShortString(text: string, start: number, mayNest: boolean, depth: number): number {
  const quote = text.charCodeAt(start);
  const nests = mayNest && depth < 50 && isFormatted(text, start);
  let braces = 0;
  let position = start + 1;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === LF || code === CR) return -1;
    if (code === BACKSLASH) {
      // A string continues over an escaped line break, and what follows is read as its rest.
      if (escapeWidth(text, position) === 1) return continueString(text, position, quote);
      position += 2;
      continue;
    }
    if (nests && code === 123) braces += text.charCodeAt(position + 1) === 123 && braces === 0 ? 0 : 1;
    else if (nests && code === 125 && braces > 0) braces -= 1;
    if (nests && code === 123 && braces === 0) position += 1;
    else if (code === quote && braces === 0) return position + 1;
    else if (braces > 0 && (code === DOUBLE_QUOTE || code === SINGLE_QUOTE)) {
      const inner = skipShortString(text, position, mayNest, depth + 1);
      if (inner === -1) return -1;
      position = inner;
      continue;
    }
    position += 1;
  }
  return -1;
}

function continueString(text: string, backslash: number, quote: number): number {
  let position = afterBreak(text, backslash + 1);
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === quote) return position + 1;
    if (code === BACKSLASH) position += escapeWidth(text, position) === 1 ? 1 + breakWidth(text, position + 1) : 2;
    else if (code === LF || code === CR) return position;
    else position += 1;
  }
  return position;
}

function breakWidth(text: string, position: number): number {
  return afterBreak(text, position) - position;
}

function isFormatted(text: string, quote: number): boolean {
  const prefix = text.slice(Math.max(0, quote - 2), quote).toLowerCase();
  return prefix.endsWith("f") || prefix.endsWith("t") || prefix === "fr" || prefix === "tr";
}
