// Which shapes stand between the words of a program, and how they are shortened.
import { expect, test } from "vitest";
import type { Fact } from "../../src/analysis/result.ts";
import { hintsIn } from "../../src/editor/index.ts";
import { freshLead, known, shapeOf, unknownShape } from "../../src/shapes/index.ts";
import { firstOf, MODEL, named, spanOf, tensor, viewOf } from "./made.ts";

const [B, T, C] = [named("B"), named("T"), named("C")];

function labels(text: string, facts: readonly Fact[]): readonly string[] {
  const hints = hintsIn(viewOf(text, { facts }), MODEL, 0, text.length);
  return hints.map(({ parts }) => parts.map((part) => part.text).join(""));
}

const bound = { role: "binding" } as const;

test("a hint follows the name that is bound", () => {
  const text = "y = f(x)\n";
  const view = viewOf(text, { facts: [tensor(firstOf(spanOf(text, "y")), shapeOf(B, T, 768), bound)] });
  const [hint] = hintsIn(view, MODEL, 0, text.length);
  expect(hint?.offset).toBe(1);
  expect(hint?.parts.map((part) => part.text).join("")).toBe(": (B, T, 768)");
  expect(hint?.tooltip).toBe("(B, T, 768) float32");
});

test("an axis of one dimension keeps Python's comma", () => {
  expect(labels("y = f(x)", [tensor(firstOf(spanOf("y", "y")), shapeOf(3), bound)])).toEqual([": (3,)"]);
  expect(labels("y = f(x)", [tensor(firstOf(spanOf("y", "y")), shapeOf(), bound)])).toEqual([": ()"]);
});

test("expressions get none, and neither does what is plain to see or unknown", () => {
  const text = "y = f(x)\n";
  const span = firstOf(spanOf(text, "y"));
  expect(labels(text, [tensor(spanOf(text, "f(x)"), shapeOf(B))])).toEqual([]);
  expect(labels(text, [tensor(span, shapeOf(2, 3), { ...bound, obvious: true })])).toEqual([]);
  expect(labels(text, [tensor(span, unknownShape(), bound)])).toEqual([]);
});

test("a comment on the same line that says it already is not repeated", () => {
  const text = "y = f(x)  # (B,T, 768)\n";
  expect(labels(text, [tensor(firstOf(spanOf(text, "y")), shapeOf(B, T, 768), bound)])).toEqual([]);
});

test("a long shape keeps its first and last dimension", () => {
  const text = "y = f(x)";
  const long = ["batch", "n_heads", "queries", "keys"].map(named);
  const span = firstOf(spanOf(text, "y"));
  const [hint] = hintsIn(viewOf(text, { facts: [tensor(span, known(long), bound)] }), MODEL, 0, 9);
  expect(hint?.parts.map((part) => part.text).join("")).toBe(": (batch, …, keys)");
  expect(hint?.tooltip).toBe("(batch, n_heads, queries, keys) float32");
});

test("unknown leading dimensions are shown as such", () => {
  const text = "y = f(x)";
  const span = firstOf(spanOf(text, "y"));
  expect(labels(text, [tensor(span, { lead: freshLead(), dims: [C] }, bound)])).toEqual([": (…, C)"]);
  expect(labels(text, [tensor(span, { lead: freshLead("batch"), dims: [C] }, bound)])).toEqual([": (*batch, C)"]);
});

test("each dimension leads to where it was introduced", () => {
  const text = "def f(x):\n    y = g(x)\n";
  const origin = spanOf(text, "x");
  const origins = [{ name: "B", cause: { text: "`x.shape[0]`", place: null }, span: origin }];
  const facts = [tensor(firstOf(spanOf(text, "y =")), shapeOf(B, 768), bound)];
  const [hint] = hintsIn(viewOf(text, { facts, origins }), MODEL, 0, text.length);
  expect(hint?.parts.map((part) => part.text)).toEqual([": (", "B", ", 768)"]);
  expect(hint?.parts[1]).toEqual({ text: "B", target: origin, tooltip: "B ← x.shape[0], line 1" });
});

test("where only callers know the shape, it is shown if they agree", () => {
  const text = "y = f(x)";
  const span = firstOf(spanOf(text, "y"));
  const from = (line: number, size: number): Fact =>
    tensor(span, shapeOf(size), { ...bound, context: [{ path: MODEL, start: line, end: line + 1 }] });
  expect(labels(text, [from(1, 3), from(2, 3)])).toEqual([": (3,)"]);
  expect(labels(text, [from(1, 3), from(2, 4)])).toEqual([]);
});

test("only the range that is asked for is answered", () => {
  const text = "a = f(x)\nb = f(x)\n";
  const facts = ["a", "b"].map((name) => tensor(firstOf(spanOf(text, name)), shapeOf(B), bound));
  expect(hintsIn(viewOf(text, { facts }), MODEL, 9, text.length)).toHaveLength(1);
});
