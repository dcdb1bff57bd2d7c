// What must not stand in the sources: marks of unfinished work, holes in the types, tests that are switched off, names
// that say nothing, and traces of the machine they were written on.
import { expect, test } from "vitest";
import { linesMatching, projectFiles } from "./files.ts";

// This file, and the test beside it that checks the same of tests, have to spell what they look for.
const own = "test/house/words.test.ts";
const code = projectFiles((path) => /\.(ts|mjs|wgsl|css)$/.test(path) && path !== own);
const all = projectFiles((path) => !/\.(png|wasm|json|jsonl|gz)$/.test(path) && path !== own && path !== ".gitignore");
const tests = code.filter(({ path }) => path.startsWith("test/"));

test("nothing is left for later", () => {
  expect(linesMatching(all, /\b(TODO|FIXME|XXX|HACK)\b|not implemented/)).toEqual([]);
});

test("no check is switched off", () => {
  expect(
    linesMatching(code, /\bas any\b|<any>|@ts-ignore|@ts-nocheck|@ts-expect-error|(eslint|oxlint)-disable/),
  ).toEqual([]);
});

test("no test is skipped or runs alone", () => {
  expect(linesMatching(tests, /\b(it|test|describe|suite)\.(skip|only|todo|fails)\b/)).toEqual([]);
});

test("no name says nothing", () => {
  const vague = /^\s*(?:export )?(?:class|interface|type|enum)\s+\w*(?:Manager|Helper|Util|Utils|Info|Data)\b/;
  expect(linesMatching(code, vague)).toEqual([]);
  const files = code.filter(({ path }) => /(^|[/-])(manager|helpers?|utils?|info|misc|common)\.ts$/.test(path));
  expect(files.map(({ path }) => path)).toEqual([]);
});

test("no path of a machine and no registry is written down", () => {
  const traces = /(?<![\w.])\/(work|farm|home|Users)\/[a-z]|registry\.(npmjs|yarnpkg)|pypi\.org\/simple|\bC:\\Users\b/;
  expect(linesMatching(all, traces)).toEqual([]);
});
