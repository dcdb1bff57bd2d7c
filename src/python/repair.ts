/**
 * Completes text that is being typed: closes brackets and strings that were left open, gives a dangling
 * operator an operand and a header its colon. It knows lines and keywords; it is used only on a chunk
 * which has errors, and only kept if the result has fewer.
 */
import { freshState, scanLine, startsStatement } from "./lines.ts";
import type { Line, ScanState } from "./lines.ts";
import { STARTS_STATEMENT } from "./chunks.ts";

export interface Repair {
  readonly text: string;
  /** Translates an offset of the completed text into one of the source. */
  readonly mapOffset: (offset: number) => number;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Stands for what is not typed yet. It has no width in the source, so the lowering sees an empty name. */
const PLACEHOLDER = "_";

export function repairSource(source: string): Repair | null {
  const text = blankTypeParameters(source);
  const insertions = findInsertions(text);
  if (insertions.length === 0 && text === source) return null;
  const parts: string[] = [];
  let done = 0;
  for (const { at, text: inserted } of insertions) {
    parts.push(text.slice(done, at), inserted);
    done = at;
  }
  parts.push(text.slice(done));
  return { text: parts.join(""), mapOffset: offsetMap(insertions) };
}

function offsetMap(insertions: readonly Insertion[]): (offset: number) => number {
  const ends: number[] = [];
  const totals: number[] = [];
  let total = 0;
  for (const { at, text } of insertions) {
    total += text.length;
    ends.push(at + total);
    totals.push(total);
  }
  return (offset) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const before = low > 0 ? (totals[low - 1] ?? 0) : 0;
    const next = insertions[low];
    return next === undefined ? offset - before : Math.min(offset - before, next.at);
  };
}

/** The grammar does not know defaults of type parameters (PEP 696); none of them matters for shapes. */
function blankTypeParameters(text: string): string {
  return text.replace(
    /^([ \t]*(?:async[ \t]+def|def|class)[ \t]+\w+)(\[[^\n]*?\])(?=[ \t]*[(:])/gm,
    (_, head: string, list: string) => head + " ".repeat(list.length),
  );
}

/** The statement that the scan is in. */
interface Open {
  readonly start: number;
  readonly indent: number;
  /** The end of its last token so far. */
  end: number;
  colon: boolean;
  unclosed: string;
}

function findInsertions(text: string): readonly Insertion[] {
  const insertions: Insertion[] = [];
  const state = freshState();
  let open: Open | null = null;
  let position = 0;
  while (position < text.length) {
    const fresh = startsStatement(state);
    const saved: ScanState = { closers: [...state.closers], quote: state.quote, continued: state.continued };
    const line = scanLine(text, position, state);
    const codeEnd = endOfCode(text, line);
    if (codeEnd > line.content) {
      if (open !== null && (fresh || interrupts(text, line, open, saved))) {
        insertions.push(...complete(text, open, fresh ? [] : saved.closers, ""));
        open = null;
        if (!fresh) {
          state.closers.length = 0;
          state.quote = "";
          state.continued = false;
          continue;
        }
      }
      open ??= { start: line.content, indent: line.indent, end: codeEnd, colon: false, unclosed: "" };
      open.end = codeEnd;
      open.colon ||= line.colon;
      open.unclosed = line.unclosed;
    }
    position = line.next;
  }
  if (open !== null) insertions.push(...complete(text, open, state.closers, state.quote));
  return insertions;
}

function endOfCode(text: string, line: Line): number {
  let end = line.comment >= 0 ? line.comment : line.end;
  while (end > line.start && /\s/.test(text.charAt(end - 1))) end -= 1;
  return end;
}

function interrupts(text: string, line: Line, open: Open, state: ScanState): boolean {
  if (state.quote !== "" || state.continued || state.closers.length === 0) return false;
  if (/[)\]}]/.test(text.charAt(line.content))) return false;
  STARTS_STATEMENT.lastIndex = line.content;
  return line.indent <= open.indent || STARTS_STATEMENT.test(text);
}

const DANGLING = /(?:[-+*/%@&|^<>=~!.]|\b(?:and|or|not|in|is|if|else|await|from|import|as|lambda|del|assert|for))$/;
const COMPLETE_ANYWAY = /(?:\.\.\.|(?<![\w.])\d[\d_]*\.|\bimport\s*\*)$/;
const HEADER =
  /^(?:(?:if|elif|else|for|while|def|class|with|try|except|finally)\b|async\s+(?:def|for|with)\b|case\s+[^=.([])/;

/** What must be added behind the statement for it to be one. */
function complete(text: string, open: Open, closers: readonly number[], quote: string): readonly Insertion[] {
  const source = text.slice(open.start, open.end);
  let added = open.unclosed + quote;
  if (
    added === "" &&
    !COMPLETE_ANYWAY.test(source) &&
    DANGLING.test(source) &&
    !/^(?:else|try|finally)$/.test(source)
  ) {
    added += source.endsWith(".") ? PLACEHOLDER : ` ${PLACEHOLDER}`;
  }
  added += closers
    .map((code) => String.fromCharCode(code))
    .toReversed()
    .join("");
  if (HEADER.test(source) && !open.colon) added += completeHeader(source);
  else if (/^from\s+[\w.]+$/.test(source)) added += ` import ${PLACEHOLDER}`;
  return added === "" ? [] : [{ at: open.end, text: added }];
}

function completeHeader(source: string): string {
  if (/^for\b/.test(source) && !/\bin\b/.test(source)) return ` in ${PLACEHOLDER}:`;
  if (/^(?:async\s+)?def\s+\w+$/.test(source)) return "():";
  if (/^(?:while|with|elif)$/.test(source)) return ` ${PLACEHOLDER}:`;
  return ":";
}
