// Findings as the user sees them: severities, silencing comments, and comments that silence nothing.
import { expect, test } from "vitest";
import type { Finding, FileSpan } from "../../src/analysis/result.ts";
import { findingsOf, type Severities } from "../../src/editor/index.ts";
import { MODEL, programOf, spanOf, viewOf } from "./made.ts";

function clash(span: FileSpan): Finding {
  const rest = { severity: "error", message: "They differ.", shapes: [], related: [], unnecessary: false } as const;
  return { span, code: "matmul-inner", ...rest };
}

function codes(text: string, severities: Severities = new Map()): readonly string[] {
  const view = viewOf(text, { findings: [clash(spanOf(text, "a @ b"))] });
  return findingsOf(view, MODEL, severities).map(({ code, severity }) => `${severity} ${code}`);
}

test("a finding is shown as it is", () => {
  expect(codes("a @ b\n")).toEqual(["error matmul-inner"]);
});

test("the user's severity wins, and `off` hides", () => {
  expect(codes("a @ b\n", new Map([["matmul-inner", "warning"]]))).toEqual(["warning matmul-inner"]);
  expect(codes("a @ b\n", new Map([["matmul-inner", "off"]]))).toEqual([]);
});

test("a comment behind the code silences its line, one above it the next", () => {
  expect(codes("a @ b  # shapesight: ignore\n")).toEqual([]);
  expect(codes("a @ b  # shapesight: ignore[broadcast, matmul-inner]\n")).toEqual([]);
  expect(codes("# shapesight: ignore[matmul-inner]\na @ b\n")).toEqual([]);
});

test("a comment for another code silences nothing and is reported as unused", () => {
  expect(codes("a @ b  # shapesight: ignore[broadcast]\n")).toEqual(["error matmul-inner", "hint unused-ignore"]);
});

test("the unused comment itself is what is marked", () => {
  const text = "x = 1  # shapesight: ignore[matmul-inner] since it is fine\na @ b\n";
  const [, unused] = findingsOf(viewOf(text, { findings: [clash(spanOf(text, "a @ b"))] }), MODEL, new Map());
  expect(text.slice(unused?.span.start, unused?.span.end)).toBe("# shapesight: ignore[matmul-inner]");
  expect(unused?.unnecessary).toBe(true);
});

test("in code that can't be read, no comment counts as unused", () => {
  const text = "x = (  # shapesight: ignore\n";
  const { chunks } = programOf(text);
  const program = { text, chunks: chunks.map((chunk) => ({ ...chunk, unit: { ...chunk.unit, broken: true } })) };
  expect(findingsOf(viewOf(text, { program }), MODEL, new Map())).toEqual([]);
});
