// Where an operation stands after edits around it, and inside it.
import { expect, test } from "vitest";
import { followed, type Edit, type Stretch } from "../../src/extension/follow.ts";

const stretch: Stretch = { start: { line: 3, character: 4 }, end: { line: 3, character: 9 } };

function edit(from: readonly [number, number], to: readonly [number, number], text: string): Edit {
  const place = ([line, character]: readonly [number, number]) => ({ line, character });
  return { range: { start: place(from), end: place(to) }, text };
}

function after(...edits: readonly Edit[]): string {
  const { start, end } = followed(stretch, edits);
  return `${start.line}:${start.character}-${end.line}:${end.character}`;
}

test("lines above push it down or pull it up", () => {
  expect(after(edit([0, 0], [0, 0], "import torch\n\n"))).toBe("5:4-5:9");
  expect(after(edit([1, 0], [2, 0], ""))).toBe("2:4-2:9");
});

test("text before it on its line moves it along", () => {
  expect(after(edit([3, 0], [3, 0], "s = "))).toBe("3:8-3:13");
  expect(after(edit([3, 2], [3, 4], "\r\n  "))).toBe("4:2-4:7");
});

test("what is typed at its edges stays outside", () => {
  expect(after(edit([3, 4], [3, 4], "("))).toBe("3:5-3:10");
  expect(after(edit([3, 9], [3, 9], ".mean()"))).toBe("3:4-3:9");
});

test("what is typed inside belongs to it", () => {
  expect(after(edit([3, 6], [3, 7], "ab\nc"))).toBe("3:4-4:3");
});

test("an edit that swallows an edge takes its place", () => {
  expect(after(edit([3, 7], [4, 2], "x"))).toBe("3:4-3:8");
  expect(after(edit([2, 5], [3, 6], ""))).toBe("2:5-2:8");
});

test("edits of one event count from the same text", () => {
  expect(after(edit([0, 0], [0, 0], "\n"), edit([1, 0], [1, 0], "\n"), edit([3, 5], [3, 6], "xyz"))).toBe("5:4-5:11");
});

test("edits below change nothing", () => {
  expect(after(edit([4, 0], [9, 0], ""))).toBe("3:4-3:9");
});
