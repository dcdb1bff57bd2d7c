// Offsets to lines and back, counted in UTF-16 units, for every way that lines end.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lineText, linesOf, offsetAt, positionAt } from "../../src/editor/index.ts";

test("every line end counts once", () => {
  expect(linesOf("a\r\nb\rc\nd").starts).toEqual([0, 3, 5, 7]);
  expect(linesOf("").starts).toEqual([0]);
  expect(linesOf("x\n").starts).toEqual([0, 2]);
});

test("a character beyond the basic plane counts two units", () => {
  const lines = linesOf("s = '𝛼'\nt");
  expect(positionAt(lines, lines.text.indexOf("t"))).toEqual({ line: 1, character: 0 });
  expect(positionAt(lines, 7)).toEqual({ line: 0, character: 7 });
});

test("positions outside of the text are moved to its edge", () => {
  const lines = linesOf("ab\r\ncd");
  expect(offsetAt(lines, { line: 0, character: 99 })).toBe(2);
  expect(offsetAt(lines, { line: 9, character: 0 })).toBe(6);
  expect(positionAt(lines, 99)).toEqual({ line: 1, character: 2 });
  expect(positionAt(lines, -5)).toEqual({ line: 0, character: 0 });
});

test("an offset survives the way there and back", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\r\n", "𝛼", " ") });
  fc.assert(
    fc.property(texts, fc.nat(), (text, n) => {
      const lines = linesOf(text);
      const offset = text.length === 0 ? 0 : n % (text.length + 1);
      const { line } = positionAt(lines, offset);
      const end = (lines.starts[line] ?? 0) + lineText(lines, line).length;
      // Between `\r` and `\n` there is no position: it counts as the end of the line.
      expect(offsetAt(lines, positionAt(lines, offset))).toBe(Math.min(offset, end));
    }),
  );
});
