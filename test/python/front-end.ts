/** Loads the front end from the installed parser, and renders program forms for tests. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { DimNote, Program } from "../../src/program/syntax.ts";
import { createPythonFrontEnd } from "../../src/python/front-end.ts";
import type { PythonFrontEnd } from "../../src/python/front-end.ts";

const require = createRequire(import.meta.url);

export async function loadFrontEnd(): Promise<PythonFrontEnd> {
  return createPythonFrontEnd({
    runtime: readFileSync(require.resolve("web-tree-sitter/web-tree-sitter.wasm")),
    grammar: readFileSync(require.resolve("tree-sitter-python/tree-sitter-python.wasm")),
  });
}

/** Every object of the program form that has a span, with its kind and absolute position. */
export interface Seen {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly node: Readonly<Record<string, unknown>>;
  readonly parent: Seen | null;
}

export function nodesOf(program: Program): readonly Seen[] {
  const seen: Seen[] = [];
  for (const { offset, unit } of program.chunks) {
    const visit = (value: unknown, parent: Seen | null): void => {
      if (Array.isArray(value)) {
        for (const item of value) visit(item, parent);
        return;
      }
      if (!isRecord(value)) return;
      const span = value["span"];
      const here = isSpan(span) ? describe(value, span, offset, program.text, parent) : parent;
      if (here !== null && here !== parent) seen.push(here);
      for (const [key, inner] of Object.entries(value)) if (key !== "span") visit(inner, here);
    };
    visit(unit.body, null);
  }
  return seen;
}

function describe(
  node: Readonly<Record<string, unknown>>,
  span: { readonly start: number; readonly end: number },
  offset: number,
  text: string,
  parent: Seen | null,
): Seen {
  const start = offset + span.start;
  const end = offset + span.end;
  return {
    kind: typeof node["kind"] === "string" ? node["kind"] : "",
    start,
    end,
    text: text.slice(start, end),
    node,
    parent,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

export function isSpan(value: unknown): value is { readonly start: number; readonly end: number } {
  return isRecord(value) && typeof value["start"] === "number" && typeof value["end"] === "number";
}

/** A short text for a shape note's dimensions, such as `(B, 3, *)`. */
export function showDims(dims: readonly DimNote[]): string {
  return `(${dims.map(showDim).join(", ")})`;
}

function showDim(dim: DimNote): string {
  switch (dim.kind) {
    case "size":
      return String(dim.value);
    case "name":
      return dim.name;
    case "many":
      return `*${dim.name ?? ""}`;
    case "any":
      return "_";
    case "expression":
      return dim.text;
    default:
      dim satisfies never;
      return "";
  }
}
