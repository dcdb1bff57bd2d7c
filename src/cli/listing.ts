/**
 * A file printed for people: its source, and beside each line the shapes that come about there, as comments, so that
 * the listing stays a program. Findings stand below their lines.
 */
import type { Fact, Finding } from "../analysis/result.ts";
import {
  findingsOf,
  isNews,
  lineText,
  positionAt,
  textOf,
  type Lines,
  type Notebook,
  type View,
} from "../editor/index.ts";
import { printShape } from "../shapes/index.ts";
import type { Paint } from "./output.ts";

/** Shapes start in this column or before; longer lines have theirs right behind. */
const COLUMN = 60;

export function listing(view: View, path: string, paint: Paint, notebook: Notebook | null = null): string {
  const lines = view.sources.lines(path);
  if (lines === null) return "";
  const notes = notesByLine(view, path, lines);
  const findings = findingsOf(view, path, new Map());
  const onLine = (line: number): readonly Finding[] =>
    findings.filter(({ span }) => positionAt(lines, span.start).line === line);
  const count = lines.text.endsWith("\n") ? lines.starts.length - 1 : lines.starts.length;
  const noted = [...notes.keys()].map((line) => lineText(lines, line).length).filter((length) => length < COLUMN);
  const column = Math.max(0, ...noted);
  return Array.from({ length: count }, (_, line) => {
    const source = lineText(lines, line);
    const note = notes.get(line);
    const shown = note === undefined ? source : `${source.padEnd(column)}  ${paint.shape(`# ${note}`)}`;
    const cell = notebook?.cells.find((one) => one.line === line);
    const title = cell === undefined ? [] : [paint.dim(`# cell ${cell.number}`)];
    return [...title, shown, ...onLine(line).map((finding) => below(finding, lines, line, paint))].join("\n");
  }).join("\n");
}

/** What is said of each line: the names that are bound there, or else its whole expression. */
function notesByLine(view: View, path: string, lines: Lines): ReadonlyMap<number, string> {
  const tensors = (view.result.files.get(path)?.facts ?? []).filter((fact) => isTold(fact, lines));
  const bound = tensors.filter(({ role }) => role === "binding" || role === "parameter");
  const notes = new Map<number, string[]>();
  for (const fact of bound.toSorted((a, b) => a.span.start - b.span.start)) {
    add(notes, positionAt(lines, fact.span.end).line, `${textOf(view.sources, fact.span)}: ${valueText(fact)}`);
  }
  const expressions = tensors.filter(({ role, operation }) => role === "expression" && operation !== null);
  for (const fact of outermost(expressions, lines)) {
    const line = positionAt(lines, fact.span.end).line;
    if (!notes.has(line) && isStatement(fact, lines)) add(notes, line, valueText(fact));
  }
  return new Map([...notes].map(([line, texts]) => [line, [...new Set(texts)].join(", ")]));
}

function add(notes: Map<number, string[]>, line: number, text: string): void {
  const texts = notes.get(line) ?? [];
  texts.push(text);
  notes.set(line, texts);
}

function isTold(fact: Fact, lines: Lines): boolean {
  return fact.context === null && isNews(fact, lines);
}

function valueText({ shape, dtype }: Fact): string {
  return `${shape === null ? "" : printShape(shape)}${dtype === null || dtype === "float32" ? "" : ` ${dtype}`}`;
}

/** Of the expressions that end on one line, the longest. */
function outermost(facts: readonly Fact[], lines: Lines): readonly Fact[] {
  const longest = new Map<number, Fact>();
  for (const fact of facts) {
    const line = positionAt(lines, fact.span.end).line;
    const best = longest.get(line);
    if (best === undefined || fact.span.end - fact.span.start > best.span.end - best.span.start)
      longest.set(line, fact);
  }
  return [...longest.values()];
}

/** A value that is returned, or computed by a line of its own. */
function isStatement({ span }: Fact, lines: Lines): boolean {
  const { line, character } = positionAt(lines, span.start);
  return /^\s*(?:return\s|yield\s)?\s*\(?$/.test(lineText(lines, line).slice(0, character));
}

function below(finding: Finding, lines: Lines, line: number, paint: Paint): string {
  const { severity, code, message } = finding;
  const colour = severity === "error" ? paint.error : paint.warning;
  return `${colour(`#${underline(finding, lines, line).slice(1)} ${severity}[${code}]`)} ${message}`;
}

/** Carets below the part of the line that a finding covers. */
export function underline({ span }: Finding, lines: Lines, line: number): string {
  const { character } = positionAt(lines, span.start);
  const end = positionAt(lines, span.end);
  const text = lineText(lines, line);
  const last = end.line === line ? end.character : text.length;
  const before = text.slice(0, character).replace(/[^\t]/g, " ");
  return before + "^".repeat(Math.max(1, last - character));
}
