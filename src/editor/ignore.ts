/**
 * Comments that silence findings: `# shapesight: ignore` and `# shapesight: ignore[code, code]`. One behind code speaks
 * of its own line, one on a line by itself of the next. It knows programs, not findings.
 */
import type { FileSpan } from "../analysis/result.ts";
import type { Program } from "../program/syntax.ts";
import { lineText, positionAt, type Lines } from "./lines.ts";

export interface Ignore {
  readonly span: FileSpan;
  /** The zero-based line that it silences. */
  readonly line: number;
  /** Null silences every code. */
  readonly codes: readonly string[] | null;
}

const DIRECTIVE = /#\s*shapesight:\s*ignore\b(?:\s*\[([^\]]*)\])?/;

export function ignoresIn(path: string, program: Program, lines: Lines): readonly Ignore[] {
  return program.chunks.flatMap(({ offset, unit }) =>
    unit.directives.flatMap(({ span, text }) => {
      const match = DIRECTIVE.exec(text);
      if (match === null) return [];
      const start = offset + span.start + match.index;
      const where = { path, start, end: start + match[0].length };
      return [{ span: where, line: silenced(lines, start), codes: codesOf(match[1]) }];
    }),
  );
}

function silenced(lines: Lines, offset: number): number {
  const { line, character } = positionAt(lines, offset);
  const alone = lineText(lines, line).slice(0, character).trim() === "";
  return alone ? line + 1 : line;
}

function codesOf(written: string | undefined): readonly string[] | null {
  const codes = written?.split(",").map((code) => code.trim());
  return codes === undefined ? null : codes.filter((code) => code !== "");
}
