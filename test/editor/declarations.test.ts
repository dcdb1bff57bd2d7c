/** What a project declares in its settings: what is read, what is wrong and where, and that the page about it is right. */
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { readSettings } from "../../src/editor/declarations.ts";
import { readToml } from "../../src/editor/toml.ts";
import { run } from "../fixtures/harness.ts";
import { readFixtures } from "../fixtures/markdown.ts";

const page = readFileSync(new URL("../../docs/declarations.md", import.meta.url), "utf8");

describe("docs/declarations.md", () => {
  it.each(readFixtures(page))("$title", (fixture) => {
    const { outcomes, unmarked } = run(fixture);
    const differing = outcomes.filter(({ expected, actual }) => expected !== actual);
    expect([...differing, ...unmarked]).toEqual([]);
  });
});

/** Each entry as `path = value`, with what stands at its places. */
function entries(text: string): readonly string[] {
  return readToml(text).map(
    ({ path, value, key, at }) =>
      `${path.join(" ")} = ${value ?? "-"} | ${text.slice(key.start, key.end)} | ${text.slice(at.start, at.end)}`,
  );
}

test("TOML: tables, dotted and quoted keys, strings, comments", () => {
  const text = `a = "x" # c = "d"
[one."two.three"] # note
'k.l' . m = 'a\\b'
n = """
long "quoted" ["]"""
[[list]]
p = "q"
[other]
r = { s = "t", "u.v" = 3, w = [1, "]", [2]] }
x = 2020-01-01
`;
  expect(entries(text)).toEqual([
    "a = x | a | x",
    "one two.three k.l m = a\\b | 'k.l' . m | a\\b",
    'one two.three n = long "quoted" ["] | n | \nlong "quoted" ["]',
    "[] p = q | p | q",
    "other r s = t | s | t",
    'other r u.v = - | "u.v" | 3',
    'other r w = - | w | [1, "]", [2]]',
    "other x = - | x | 2020-01-01",
  ]);
});

test("TOML that cannot be read is passed over", () => {
  expect(entries('= 3\n[[[\nx\n"unclosed = 1\n[t\ny = {a = \nz = "ok"\n')).toContain("t y z = ok | z | ok");
  for (const text of ["", "[", "a.", "a = [", 'a = """', "a = {", "a = {b", "[a.]", "\\u", '"\\uD800" = "\\U00FFFFFF"'])
    expect(() => readToml(text)).not.toThrow();
});

/** The messages about one declaration, each with the part of the text that it underlines. */
function wrong(line: string, table = "tool.shapesight.functions"): readonly string[] {
  const text = `[${table}]\n${line}\n`;
  const findings = readSettings("pyproject.toml", text)?.findings ?? [];
  return findings.map(({ message, span }) => `${text.slice(span.start, span.end)}: ${message}`);
}

test("right declarations", () => {
  for (const right of [
    '"a.b" = "(n,k),(k,m)->(n,m)"',
    'a.b = "x: (n, d), scale, _ -> (n, d)"',
    '"a.B.__call__" = "(...,d)->(...,2*d), int64(...)"',
    '"a.b" = "(b,(h//2)*2)  ,(h) -> ()"',
    '"a.b" = "->(3, 4)"',
    '"a.b" = "(n?,k),(k,m?)->(n?,m?)"',
    '"a.b" = "(b,n,)->(b,_),_"',
  ])
    expect(wrong(right)).toEqual([]);
});

test("wrong declarations say what is wrong at the part that is", () => {
  expect(wrong('"a.b" = "(n,k),(k,m)"')[0]).toMatch(/^\(n,k\),\(k,m\): The declaration has no `->`\. .* `\(b,n,d\)/);
  expect(wrong('"a.b" = "(n,k->(n)"')[0]).toBe("(n,k: A parenthesis is not closed.");
  expect(wrong('"a.b" = "(n,3x)->(n)"')[0]).toMatch(/^3x: `3x` is no size/);
  expect(wrong('"a.b" = "(n)->(n,k)"')[0]).toMatch(/^k: `k` stands in the result and is the size of no operand/);
  expect(wrong('"a.b" = "(n//2)->(n)"')[0]).toMatch(/^n: `n` stands in the result|cannot be told/);
  expect(wrong('"a.b" = "(n)->flaot32(n)"')[0]).toBe(
    "flaot32: `flaot32` is no element type, such as `float32` or `int64`.",
  );
  expect(wrong('"a.b" = "(n)->"')[0]).toMatch(/^->: Nothing stands behind the arrow/);
  expect(wrong('"a.b" = "(n),,(n)->(n)"')[0]).toMatch(/An operand is missing between two commas/);
  expect(wrong('"a.b" = "(n)->(n)->(n)"')[0]).toMatch(/two arrows/);
  expect(wrong('"a.b" = "x: (n), x: (n)->(n)"')[0]).toBe("x: Two operands are called `x`.");
  expect(wrong('"a.b" = "[n]->(n)"')[0]).toMatch(/^\[n\]: `\[n\]` is no shape: sizes stand in parentheses/);
  expect(wrong('"a.b" = 3')[0]).toMatch(/^3: A declaration is a string/);
  expect(wrong('fused = "(n)->(n)"')[0]).toMatch(/^fused: `fused` is no name of a function in a module/);
  expect(wrong('"torch.matmul" = "(n)->(n)"')[0]).toMatch(/is known to Shapesight/);
  expect(wrong('x = "(n)->(n)"', "tool.shapesight.function")[0]).toMatch(/^x: Shapesight reads/);
});

test("other tools' tables are none of our business", () => {
  expect(readSettings("p", '[tool.other]\n"a.b" = "shapesight"\n')).toBeNull();
});
