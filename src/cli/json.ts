/**
 * The form in which other programs read shapes and findings. It is fixed: fields may be added, none changes.
 */
import type { Fact, FileSpan, Finding } from "../analysis/result.ts";
import {
  findingsOf,
  linesOf,
  placeInCell,
  positionAt,
  textOf,
  type Position,
  type Severities,
  type View,
} from "../editor/index.ts";
import { shapeToJson } from "../shapes/index.ts";
import { notebookAt } from "./files.ts";
import type { Fixer, Fix } from "../fixes/index.ts";
import type { Named } from "./paths.ts";

interface JsonRange {
  readonly start: Position;
  readonly end: Position;
  /** In a notebook: the cell, counted from one, in which the lines are counted. */
  readonly cell?: number;
}

const NONE: Severities = new Map();

export function fileToJson(view: View, fixer: Fixer, file: Named, shown: (path: string) => string): object {
  const facts = view.result.files.get(file.path)?.facts ?? [];
  return {
    path: file.shown,
    facts: facts.toSorted(byPlace).map((fact) => factToJson(view, fact, shown)),
    findings: findingsOf(view, file.path, NONE).map((finding) =>
      findingToJson(view, finding, fixer.fixesFor(finding), shown),
    ),
  };
}

function factToJson(view: View, fact: Fact, shown: (path: string) => string): object {
  return {
    range: rangeOf(view, fact.span),
    text: textOf(view.sources, fact.span),
    kind: fact.kind,
    shape: fact.kind === "tensor" && fact.shape !== null ? shapeToJson(fact.shape) : null,
    dtype: fact.dtype,
    context: fact.context === null ? null : fact.context.map((span) => placeOf(view, span, shown)).join(" > "),
    role: fact.role,
    value: fact.text,
  };
}

export function findingToJson(
  view: View,
  finding: Finding,
  fixes: readonly Fix[],
  shown: (path: string) => string,
): object {
  return {
    range: rangeOf(view, finding.span),
    code: finding.code,
    severity: finding.severity,
    message: finding.message,
    shapes: finding.shapes,
    related: finding.related.map(({ span, message }) => ({
      path: shown(span.path),
      range: rangeOf(view, span),
      message,
    })),
    fixes: fixes.map(({ title, edits }, i) => ({
      title,
      preferred: i === 0,
      edits: edits.map(({ path, start, end, text }) => ({
        path: shown(path),
        range: rangeOf(view, { path, start, end }),
        text,
      })),
    })),
  };
}

function rangeOf({ sources }: View, { path, start, end }: FileSpan): JsonRange {
  const lines = sources.lines(path) ?? linesOf("");
  const range = { start: positionAt(lines, start), end: positionAt(lines, end) };
  const notebook = notebookAt(path);
  if (notebook === null) return range;
  const first = placeInCell(notebook, range.start.line);
  const moved = (position: Position): Position => {
    return { ...position, line: position.line - range.start.line + first.line - 1 };
  };
  return { start: moved(range.start), end: moved(range.end), cell: first.cell };
}

/** `model.py:88:5`, and `train.ipynb:cell 3:2:5`, counted from one as in every compiler's messages. */
export function placeOf(view: View, span: FileSpan, shown: (path: string) => string): string {
  const { line, character } = positionAt(view.sources.lines(span.path) ?? linesOf(""), span.start);
  const notebook = notebookAt(span.path);
  if (notebook === null) return `${shown(span.path)}:${line + 1}:${character + 1}`;
  const place = placeInCell(notebook, line);
  return `${shown(span.path)}:cell ${place.cell}:${place.line}:${character + 1}`;
}

function byPlace(a: Fact, b: Fact): number {
  return a.span.start - b.span.start || b.span.end - a.span.end;
}
