/**
 * The texts behind a result: what an editor or a terminal needs to say "line 12 of model.py" and to link to it.
 * It knows results and texts; how a file is named or addressed is decided by who implements `Sources`.
 */
import type { FileSpan, Result } from "../analysis/result.ts";
import type { Program } from "../program/syntax.ts";
import { positionAt, type Lines } from "./lines.ts";

export interface Sources {
  /** Null for a file that is gone. */
  lines(path: string): Lines | null;
  program(path: string): Program | null;
  /** The short name that people know the file by: `model.py`. */
  name(path: string): string;
  /** An address that an editor can open at this zero-based line, or null where there is none. */
  link(path: string, line: number, character: number): string | null;
}

/** A result together with the texts it speaks of. */
export interface View {
  readonly result: Result;
  readonly sources: Sources;
}

/** The source text of a span. */
export function textOf(sources: Sources, span: FileSpan): string {
  return sources.lines(span.path)?.text.slice(span.start, span.end) ?? "";
}

/** The zero-based line on which a span starts. */
function lineOf(sources: Sources, span: FileSpan): number {
  const lines = sources.lines(span.path);
  return lines === null ? 0 : positionAt(lines, span.start).line;
}

/** `line 12`, or `model.py:12` where the span lies in another file than the reader's. */
export function placeOf(sources: Sources, span: FileSpan, from: string): string {
  const line = lineOf(sources, span) + 1;
  return span.path === from ? `line ${line}` : `${sources.name(span.path)}:${line}`;
}

/** The address of a span's start, for links. */
export function linkOf(sources: Sources, span: FileSpan): string | null {
  const lines = sources.lines(span.path);
  if (lines === null) return null;
  const { line, character } = positionAt(lines, span.start);
  return sources.link(span.path, line, character);
}
