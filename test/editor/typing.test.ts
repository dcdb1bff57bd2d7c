// While a file is typed, cut and pasted, what is known of it is what a fresh start would know: nothing stale is kept,
// nothing throws, and every place lies inside the text.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Analyzer } from "../../src/analysis/index.ts";
import { hintsIn, hoverAt, Project, type Engine, type Files, type View } from "../../src/editor/index.ts";
import type { Program } from "../../src/program/syntax.ts";
import { pythonDialect } from "../../src/python/dialect.ts";
import { createPythonFrontEnd } from "../../src/python/front-end.ts";

const resolve = createRequire(import.meta.url).resolve;
const frontEnd = await createPythonFrontEnd({
  runtime: readFileSync(resolve("web-tree-sitter/web-tree-sitter.wasm")),
  grammar: readFileSync(resolve("tree-sitter-python/tree-sitter-python.wasm")),
});

const PATH = "file:///repo/model.py";
const examples = ["gpt", "seed_attention", "mlp", "cnn"].map((name) => readFileSync(`examples/${name}.py`, "utf8"));

const typed = fc.constantFrom(
  ...Array.from("x @()[]:.,'\"=\n#\\"),
  "    ",
  "768",
  ".view(",
  "# (B, T)",
  "def f(x):\n",
  "return ",
  '"""',
  "𝛼",
  "\r\n",
);
/** Where in the text, as a share of it; how much is removed there; what is put in its place. */
const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), gone: fc.nat(12), put: fc.option(typed) });

function files(text: () => string): Files {
  return {
    text: (path) => (path === PATH ? text() : null),
    isFile: (path) => path === PATH,
    rootOf: () => "file:///repo",
    segment: (name) => name,
    link: () => null,
  };
}

/** Everything that a view knows, with places. */
function known({ result }: View): readonly string[] {
  const file = result.files.get(PATH);
  const facts = (file?.facts ?? []).map((fact) => {
    const calls = fact.context?.map(({ start }) => start) ?? null;
    return JSON.stringify([fact.span, fact.role, fact.kind, fact.text, fact.dtype, calls, fact.operation?.name]);
  });
  return [...facts, ...(file?.findings ?? []).map(({ span, code, message }) => JSON.stringify([span, code, message]))];
}

/** What a view knows in general of the statement at a place. */
function generalNear(view: View | undefined, at: number): readonly string[] {
  const facts = view?.result.files.get(PATH)?.factsNear(at, at).flat() ?? [];
  const general = facts.filter(({ context, kind }) => context === null && kind === "tensor");
  return general.map(({ span, text }) => `${span.start}:${span.end} ${text}`).toSorted();
}

test("what is kept from edit to edit equals what a fresh start finds", () => {
  const session = fc.tuple(fc.constantFrom(...examples), fc.array(edit, { minLength: 5, maxLength: 12 }));
  fc.assert(
    fc.property(session, ([original, edits]) => {
      let text = original;
      let parsed: Program = frontEnd.parse(text);
      const kept = new Analyzer(pythonDialect);
      const engine = (analyzer: Analyzer): Engine => ({
        parse: () => parsed,
        begin: (entries, host, options) => analyzer.begin(entries, host, options),
      });
      const project = new Project(
        files(() => text),
        engine(kept),
      );
      for (const { at, gone, put } of edits) {
        const start = Math.floor(at * text.length);
        text = text.slice(0, start) + (put ?? "") + text.slice(start + gone);
        parsed = frontEnd.parse(text, parsed);
        const steps = project.begin([PATH]);
        const place = { path: PATH, start, end: start };
        steps.prefer(place);
        while (!steps.isReady(place) && steps.next());
        const near = generalNear(steps.analysis()?.view, start);
        while (steps.next());
        const view = steps.analysis()?.view;
        const fresh = new Project(
          files(() => text),
          engine(new Analyzer(pythonDialect)),
        ).analyze([PATH])?.view;
        if (view === undefined || fresh === undefined) throw new Error("nobody cancelled the analysis");
        expect(known(view).toSorted()).toEqual(known(fresh).toSorted());
        // Where somebody waits, all is known in general before the rest of the file has been looked at.
        expect(near).toEqual(generalNear(fresh, start));
        expectShowable(view, text, start);
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
}, 120_000);

function expectShowable(view: View, text: string, caret: number): void {
  for (const { span } of view.result.files.get(PATH)?.facts ?? []) {
    expect(span.start >= 0 && span.start <= span.end && span.end <= text.length).toBe(true);
  }
  hoverAt(view, PATH, caret, { commands: true });
  hintsIn(view, PATH, 0, text.length);
}
