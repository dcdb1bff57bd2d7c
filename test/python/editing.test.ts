/** What must hold while text is edited, whatever the text: spans, identity, survival, time. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Program } from "../../src/program/syntax.ts";
import type { PythonFrontEnd } from "../../src/python/front-end.ts";
import { isSpan, loadFrontEnd, nodesOf } from "./front-end.ts";
import { SAMPLE } from "./sample.ts";
import { showProgram, showStatement } from "./show.ts";

let python: PythonFrontEnd;

beforeAll(async () => {
  python = await loadFrontEnd();
});

/** Where a program breaks the rules: a chunk that is not the text's, a span out of range or outside its parent. */
function misplaced(program: Program): readonly string[] {
  const problems: string[] = [];
  let end = 0;
  for (const { offset, unit } of program.chunks) {
    if (offset < end) problems.push(`the chunk at ${offset} overlaps`);
    if (!program.text.startsWith(unit.text, offset)) problems.push(`the chunk at ${offset} is other text`);
    end = offset + unit.text.length;
    problems.push(...outside(unit.body, 0, unit.text.length));
  }
  return problems;
}

function outside(value: unknown, start: number, end: number): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => outside(item, start, end));
  if (typeof value !== "object" || value === null) return [];
  const span = "span" in value && isSpan(value.span) ? value.span : { start, end };
  const problems =
    span.start < start || span.end > end || span.start > span.end
      ? [`${span.start}-${span.end} outside of ${start}-${end}`]
      : [];
  for (const [key, inner] of Object.entries(value)) {
    // Comments stand outside of the statements they belong to.
    if (key === "notes" || key === "docShapes" || key === "declaration" || key === "span") continue;
    if (isSpan(inner) && (inner.start < span.start || inner.end > span.end)) problems.push(`${key} outside`);
    problems.push(...outside(inner, span.start, span.end));
  }
  return problems;
}

/** A random edit: some text replaced by a piece of code or of junk. */
const edit = fc.record({
  at: fc.nat(SAMPLE.length),
  remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
  insert: fc.oneof(
    fc.constantFrom(
      "",
      "(",
      ")",
      "[",
      '"',
      "'",
      '"""',
      "\n",
      "\n\n",
      "    ",
      "\t",
      ":",
      "#",
      "\\",
      "=",
      ".",
      ",",
      "def f(",
      "x",
      "@",
      "\r",
      "\f",
      "\0",
      "é",
      "😀",
      "{",
      "}",
      "f'{",
      "if ",
      "else:\n",
      "% ",
      "!ls\n",
    ),
    fc.string({ maxLength: 8 }),
  ),
});

function applyEdit(text: string, { at, remove, insert }: { at: number; remove: number; insert: string }): string {
  return text.slice(0, at) + insert + text.slice(at + remove);
}

/** Generous, for machines that are busy with other things. */
const SLOW = 60_000;

describe("random edits", { timeout: SLOW }, () => {
  test("never throw, and keep every span in its place", () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = SAMPLE;
        let program = python.parse(text);
        for (const next of edits) {
          text = applyEdit(text, next);
          program = python.parse(text, program);
          expect(misplaced(program)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("keep the very same units for chunks whose text did not change", () => {
    const before = python.parse(SAMPLE);
    fc.assert(
      fc.property(edit, (change) => {
        const after = python.parse(applyEdit(SAMPLE, change), before);
        const units = new Map(before.chunks.map(({ unit }) => [unit.text, unit]));
        const known = after.chunks.filter(({ unit }) => units.has(unit.text));
        for (const { unit } of known) expect(unit).toBe(units.get(unit.text));
      }),
      { numRuns: 80 },
    );
  });

  test("read any text at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        expect(misplaced(python.parse(text))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

test("the sample has no errors, and each name's span is its text", () => {
  const program = python.parse(SAMPLE);
  expect(misplaced(program)).toEqual([]);
  expect(program.chunks.filter(({ unit }) => unit.broken)).toEqual([]);
  const names = nodesOf(program).filter(({ kind }) => kind === "name");
  expect(names.length).toBeGreaterThan(150);
  for (const { text, node } of names) expect(text).toBe(node["id"]);
});

test("an expression's text alone is read as the same expression", () => {
  const program = python.parse(SAMPLE);
  const kinds = new Set(["binary", "call", "attribute", "index", "compare", "dictionary", "comprehension", "unary"]);
  const picked = nodesOf(program).filter(({ kind }) => kinds.has(kind));
  expect(picked.length).toBeGreaterThan(80);
  for (const { text, kind } of picked) {
    const [alone] = nodesOf(python.parse(`(${text})`)).slice(1);
    expect([kind, text]).toEqual([alone?.kind, alone?.text]);
  }
});

describe("unchanged chunks", () => {
  test("keep their unit when text is put before them", () => {
    const before = python.parse(SAMPLE);
    const after = python.parse(`import os\n\n\n${SAMPLE}`, before);
    expect(after.chunks.slice(1).map(({ unit }) => unit)).toEqual(before.chunks.map(({ unit }) => unit));
    after.chunks.slice(1).forEach(({ unit, offset }, index) => {
      expect(unit).toBe(before.chunks[index]?.unit);
      expect(offset).toBe((before.chunks[index]?.offset ?? 0) + 12);
    });
  });

  test("keep their unit when only blank lines around them change", () => {
    const before = python.parse("a = 1\nb = 2");
    const after = python.parse("\n\na = 1\n\n\nb = 2\n\n", before);
    expect(after.chunks.map(({ unit }) => unit)).toEqual(before.chunks.map(({ unit }) => unit));
    expect(after.chunks[0]?.unit).toBe(before.chunks[0]?.unit);
  });
});

describe("while a statement is being typed", () => {
  /** Types `statement` between others, character by character; tells which of them lost their meaning, and when. */
  function lostWhileTyping(before: string, statement: string, after: string): readonly string[] {
    const context = [...showAll(python.parse(before)), ...showAll(python.parse(after))];
    let program = python.parse(`${before}\n${after}`);
    return Array.from(statement).flatMap((_, index) => {
      const typed = statement.slice(0, index + 1);
      program = python.parse(`${before}\n${typed}\n${after}`, program);
      const shown = showAll(program);
      return context.filter((form) => !shown.includes(form)).map((form) => `${form} at ${typed}`);
    });
  }

  function showAll(program: Program): readonly string[] {
    return program.chunks.flatMap(({ unit }) => unit.body.map(showStatement));
  }

  test.each([
    "z = torch.randn(3, [4, (5)])",
    "z = x @ y.T[:, None] + foo(a=1, *b)",
    "z = {'a': [1, 2], **d}",
    'z = f"{x.shape} and {y!r}"',
    "for i, row in enumerate(x): print(row)",
    "if x.shape[0] == 3 and not y: z = 1",
    "with torch.no_grad() as g: pass",
    "import torch.nn.functional as F",
    "from torch import nn",
    "@torch.no_grad()",
    "assert x.shape == (3, 4), 'message'",
    "z = [i for i in range(3) if i]",
    "z = lambda a, b=1: a + b",
    "return x.view(-1)",
  ])("at the top level: %s", (statement) => {
    const after = "y = g(x)\n\ndef h(a, b):\n    return a @ b\n\nprint(y)";
    expect(lostWhileTyping("x = f(1)\nw = x @ x", statement, after)).toEqual([]);
  });

  test.each([
    "z = torch.randn(3, [4, (5)])",
    "z = x @ y.T[:, None] + foo(a=1)",
    "if x.shape[0] == 3:",
    "for i in range(3):",
    "z = self.linear(x.",
    "return x.view(-1, x.size(0))",
  ])("inside a method: %s", (statement) => {
    const method = "class A(B):\n    def f(self, x):\n        a = x + 1\n";
    const rest = "        b = a @ x\n        return b\n\n    def g(self):\n        return self.f(1)\n";
    for (let length = 1; length <= statement.length; length += 1) {
      const shown = showProgram(python.parse(`${method}        ${statement.slice(0, length)}\n${rest}`));
      for (const part of ["a = (x + 1)", "b = (a @ x)", "return b", "def g(self) [] {return self.f(1)}"]) {
        expect(shown, statement.slice(0, length)).toContain(part);
      }
    }
  });

  test("an open call has no value yet, but its parts are read", () => {
    expect(showProgram(python.parse("x = f(a, g(b)"))).toBe("x = ?(f, a, g(b))");
    expect(showProgram(python.parse("x = y @"))).toBe("x = ?(y, ?())");
    expect(showProgram(python.parse("x = y."))).toBe("x = ?(y, ?())");
    expect(python.parse("x = f(a").chunks[0]?.unit.broken).toBe(true);
  });

  test("a header that cannot be read keeps what was last read of the function", () => {
    const whole = python.parse(
      "class A:\n    def f(self, x):\n        y = x @ x\n        return y\n\n    def g(self): pass\n",
    );
    const open = python.parse(
      'class A:\n    """\n    def f(self, x):\n        y = x @ x\n        return y\n\n    def g(self): pass\n',
      whole,
    );
    expect(open.chunks[0]?.unit.broken).toBe(true);
    expect(misplaced(open)).toEqual([]);
    const returned = nodesOf(open).find(({ node }) => node["kind"] === "return");
    expect(returned?.text).toBe("return y");
    const again = python.parse(`z = 1\n${open.text}`, open);
    expect(again.chunks[1]?.unit).toBe(open.chunks[0]?.unit);
  });

  test("a name that an unreadable statement may bind is named", () => {
    const binds = (source: string): readonly string[] =>
      python
        .parse(source)
        .chunks.flatMap(({ unit }) => unit.body.flatMap((s) => (s.kind === "unreadable" ? s.binds : [])));
    expect(binds("x = = 3")).toContain("x");
    expect(binds("a, b = 1 2 3 =")).toEqual(expect.arrayContaining(["a", "b"]));
    expect(binds("y x = 3")).toContain("x");
  });
});

describe("text in any form", { timeout: SLOW }, () => {
  test("line breaks of every kind give the same program", () => {
    const expected = showProgram(python.parse(SAMPLE));
    expect(showProgram(python.parse(SAMPLE.replaceAll("\n", "\r\n")))).toBe(expected);
    expect(showProgram(python.parse(SAMPLE.replaceAll("\n", "\r")))).toBe(expected);
    let count = 0;
    const mixed = SAMPLE.replace(/\n/g, () => ["\n", "\r\n", "\r"][(count += 1) % 3] ?? "\n");
    expect(showProgram(python.parse(mixed))).toBe(expected);
    expect(misplaced(python.parse(mixed))).toEqual([]);
  });

  test("a byte order mark, form feeds, tabs and NUL bytes do no harm", () => {
    expect(showProgram(python.parse("\ufeffx = 1\n\f\ny = 2\0\n\fz = 3\nif x:\n\ty = 4\n"))).toBe(
      "x = 1; y = 2; z = 3; if x {y = 4}",
    );
  });

  test("positions are UTF-16, also behind characters outside the basic plane", () => {
    const source = 'x = "😀é"; größe = x + "𝔘"  # 😀\ny = größe';
    const names = nodesOf(python.parse(source)).filter(({ kind }) => kind === "name");
    expect(names.map(({ text }) => text)).toEqual(["x", "größe", "x", "y", "größe"]);
  });

  test("identifiers are compared in their normal form", () => {
    expect(showProgram(python.parse("ﬁ = 1"))).toBe("fi = 1");
  });

  test("a line of 100,000 characters is read", () => {
    const program = python.parse(`x = [${"1, ".repeat(33_000)}]\ny = 2`);
    expect(program.chunks.length).toBe(2);
    expect(misplaced(program)).toEqual([]);
  });

  test.each([
    ["parentheses", `x = ${"(".repeat(5000)}1${")".repeat(5000)}`],
    ["open brackets", `x = ${"[".repeat(5000)}`],
    ["a long sum", `x = ${"1 + ".repeat(5000)}1`],
    ["unary minus", `x = ${"-".repeat(5000)}1`],
    ["attributes", `x = a${".b".repeat(5000)}`],
    ["nested blocks", Array.from({ length: 90 }, (_, depth) => `${" ".repeat(depth)}if a:`).join("\n")],
    ["elif", `if a: pass\n${"elif b: pass\n".repeat(3000)}`],
    ["lambdas", `x = ${"lambda: ".repeat(3000)}1`],
    ["f-strings", `x = ${'f"{'.repeat(300)}`],
  ])("deep nesting (%s) neither throws nor hides what follows", (_, source) => {
    const program = python.parse(`${source}\ny = 2`);
    expect(misplaced(program)).toEqual([]);
    expect(showProgram(program)).toContain("y = 2");
    JSON.stringify(program);
  });

  test("a file of 50,000 lines is read within seconds", () => {
    const started = process.cpuUsage();
    const program = python.parse(Array.from({ length: 50_000 }, (_, line) => `x${line} = f(x${line}, 1)`).join("\n"));
    expect(program.chunks.length).toBe(50_000);
    expect(process.cpuUsage(started).user).toBeLessThan(10_000_000);
  });

  test("an open bracket on every line does not take quadratic time", () => {
    const started = process.cpuUsage();
    python.parse(Array.from({ length: 5000 }, (_, line) => `x${line} = f(1,`).join("\n"));
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
  });
});
