// Markdown stays what it is, whatever the user's source holds.
import { expect, test } from "vitest";
import { code, escape, link, short } from "../../src/editor/markdown.ts";

test("code with backticks gets a longer fence", () => {
  expect(code("a`b")).toBe("``a`b``");
  expect(code("`x`")).toBe("`` `x` ``");
  expect(code("a\n  @ b")).toBe("`a @ b`");
});

test("words cannot become a link or an image", () => {
  expect(escape("![x](command:y)")).toBe("\\!\\[x\\]\\(command:y\\)");
});

test("an address with brackets does not end its link early", () => {
  expect(link("a", "file:///x (1).py")).toBe("[a](file:///x%20%281%29.py)");
  expect(link("a", null)).toBe("a");
});

test("long source is cut and says so", () => {
  expect(short("x".repeat(100), 10)).toBe(`${"x".repeat(9)}…`);
});
