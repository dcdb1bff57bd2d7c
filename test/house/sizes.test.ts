// A file is something that one can hold in the head, and says first what it is.
import { expect, test } from "vitest";
import { projectFiles } from "./files.ts";

const code = projectFiles((path) => /\.(ts|mjs|wgsl|css|html)$/.test(path));

test("no file is longer than 400 lines", () => {
  const lengths = code.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }));
  expect(lengths.filter(({ lines }) => lines > 400)).toEqual([]);
});

test("every file opens by saying what it knows", () => {
  const silent = code.filter(({ text }) => !/^(#![^\n]*\n)?\s*(\/\/|\/\*|<!--)/.test(text));
  expect(silent.map(({ path }) => path)).toEqual([]);
});
