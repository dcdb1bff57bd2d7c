/**
 * Notebooks as one program: the code of all cells in their order, line for line, so that a place in the program is a
 * place in a cell. What only a notebook understands becomes a comment, or nothing.
 */

/** Where a cell of code stands in the text of the whole. */
export interface Cell {
  /** Counted from one among all cells, those that hold no code included. */
  readonly number: number;
  /** The first line, counted from zero. */
  readonly line: number;
}

export interface Notebook {
  readonly text: string;
  readonly cells: readonly Cell[];
}

/** Null for a text that is no notebook of Python. */
export function readNotebook(json: string): Notebook | null {
  const cells = field(parsed(json), "cells");
  if (!Array.isArray(cells)) return null;
  const language = field(field(field(parsed(json), "metadata"), "kernelspec"), "language");
  if (typeof language === "string" && language !== "python") return null;
  const sources = cells.map((cell: unknown) => (field(cell, "cell_type") === "code" ? sourceOf(cell) : null));
  return joined(sources);
}

/** The program of some cells; null stands for one that holds no code. */
export function joined(sources: readonly (string | null)[]): Notebook {
  const cells: Cell[] = [];
  const texts: string[] = [];
  let line = 0;
  for (const [i, source] of sources.entries()) {
    if (source === null) continue;
    const text = plain(source);
    cells.push({ number: i + 1, line });
    texts.push(text);
    line += text.split("\n").length;
  }
  return { text: texts.join("\n"), cells };
}

/** The cell that a line of the whole lies in, and the line inside of it, both counted from one. */
export function placeInCell({ cells }: Notebook, line: number): { readonly cell: number; readonly line: number } {
  const cell = cells.findLast((one) => one.line <= line);
  return { cell: cell?.number ?? 1, line: line - (cell?.line ?? 0) + 1 };
}

/** A cell without what only a notebook understands: magics, commands and questions. */
function plain(source: string): string {
  const text = source.replaceAll("\r\n", "\n");
  const first = text.split("\n").find((line) => line.trim() !== "") ?? "";
  // `%%time` and its like run the cell as it is; other languages do not concern us.
  const magic = /^\s*%%(\w+)/.exec(first)?.[1];
  if (magic !== undefined && !RUNS_PYTHON.has(magic)) return text.replaceAll(/^./gm, "#");
  // What a command gives is as little known as what any other call gives.
  return text.replaceAll(COMMAND, asNothing).replaceAll(ASSIGNED, "$1get_ipython()");
}

/** A line that is a magic, a command of the shell or a question, with the lines that continue it. */
const COMMAND = /^[ \t]*(?:[%!?](?:[^\n]*\\\n)*[^\n]*|[\w.]+\?{1,2}[ \t]*$)/gm;
/** `files = !ls` and `t = %timeit -o f()`. */
const ASSIGNED = /^([ \t]*[\w, ]+=[ \t]*)[!%][^\n]*/gm;

const RUNS_PYTHON: ReadonlySet<string> = new Set(["time", "timeit", "capture", "prun", "python", "python3"]);

/** Inside of a block something has to stand. */
function asNothing(command: string): string {
  const [first = "", ...more] = command.split("\n");
  const indent = /^[ \t]*/.exec(first)?.[0] ?? "";
  const stand = indent === "" ? "#".repeat(first.length) : `${indent}pass`;
  return [stand, ...more.map(() => "")].join("\n");
}

function sourceOf(cell: unknown): string {
  const source = field(cell, "source");
  if (typeof source === "string") return source;
  return Array.isArray(source) ? source.filter((part: unknown) => typeof part === "string").join("") : "";
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
