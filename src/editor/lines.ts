/**
 * Where lines begin in a text: offsets to lines and characters and back, all counted in UTF-16 units.
 * It knows nothing but the text. `\n`, `\r\n` and `\r` end a line, as the language server protocol has it.
 */

/** Zero-based line and UTF-16 character. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Lines {
  readonly text: string;
  /** The offset at which each line begins; never empty. */
  readonly starts: readonly number[];
}

export function linesOf(text: string): Lines {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10) starts.push(i + 1);
    else if (unit === 13 && text.charCodeAt(i + 1) !== 10) starts.push(i + 1);
  }
  return { text, starts };
}

/** Offsets beyond the text count as its end. */
export function positionAt(lines: Lines, offset: number): Position {
  const at = Math.max(0, Math.min(offset, lines.text.length));
  let low = 0;
  let high = lines.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines.starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: at - (lines.starts[low] ?? 0) };
}

/** A character beyond its line counts as the line's end, a line beyond the text as the text's end. */
export function offsetAt(lines: Lines, position: Position): number {
  const start = lines.starts[Math.max(0, position.line)];
  if (start === undefined) return lines.text.length;
  return Math.min(start + Math.max(0, position.character), start + lineText(lines, position.line).length);
}

/** The text of a line without its end. */
export function lineText(lines: Lines, line: number): string {
  const start = lines.starts[line];
  if (start === undefined) return "";
  return lines.text.slice(start, lines.starts[line + 1] ?? lines.text.length).replace(/\r?\n$|\r$/, "");
}
