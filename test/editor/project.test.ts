// What a project hands to the analysis, and which files an answer depends on.
import { expect, test } from "vitest";
import type { Host } from "../../src/analysis/index.ts";
import type { Result } from "../../src/analysis/result.ts";
import { Project, type Engine, type Files } from "../../src/editor/index.ts";

const empty: Result = { files: new Map(), statistics: { shapes: 0, unknown: 0, steps: 0, exhausted: null } };

/** Files in memory, and an engine that follows the imports of each line `import name`. */
function made(texts: Map<string, string>) {
  let parses = 0;
  const files: Files = {
    text: (path) => texts.get(path) ?? null,
    isFile: (path) => texts.has(path),
    rootOf: () => "/repo",
    segment: (name) => name,
    link: (path, line) => `${path}#${line}`,
  };
  const engine: Engine = {
    parse: (text) => {
      parses += 1;
      return { text, chunks: [] };
    },
    begin: (entries, host) => {
      entries.forEach((entry) => follow(entry, host));
      return { next: () => false, prefer: () => undefined, isReady: () => true, result: () => empty };
    },
  };
  return { project: new Project(files, engine), parses: () => parses };
}

function follow(path: string, host: Host): void {
  const imports = host.program(path)?.text.matchAll(/^import (\w+)$/gm) ?? [];
  for (const [, name = ""] of imports) {
    const found = host.resolve(path, name, 0);
    if (found !== null) follow(found, host);
  }
}

test("an unchanged file is parsed once", () => {
  const texts = new Map([["/repo/a.py", "x"]]);
  const { project, parses } = made(texts);
  project.analyze(["/repo/a.py"]);
  project.analyze(["/repo/a.py"]);
  expect(parses()).toBe(1);
  texts.set("/repo/a.py", "y");
  project.analyze(["/repo/a.py"]);
  expect(parses()).toBe(2);
});

test("an answer depends on what its entry imports, and on where imports looked in vain", () => {
  const texts = new Map([
    ["/repo/a.py", "import b"],
    ["/repo/b.py", "import c"],
    ["/repo/z.py", ""],
  ]);
  const { project } = made(texts);
  const dependencies = project.analyze(["/repo/a.py", "/repo/z.py"])?.dependencies;
  const ofA = [...(dependencies?.get("/repo/a.py") ?? [])];
  expect(ofA).toEqual(expect.arrayContaining(["/repo/a.py", "/repo/b.py", "/repo/c.py"]));
  expect(ofA).not.toContain("/repo/z.py");
  expect([...(dependencies?.get("/repo/z.py") ?? [])]).toEqual(["/repo/z.py"]);
});

test("offsets stay those of the text that was analysed", () => {
  const texts = new Map([["/repo/a.py", "one\ntwo"]]);
  const { project } = made(texts);
  const view = project.analyze(["/repo/a.py"])?.view;
  texts.set("/repo/a.py", "other");
  project.analyze(["/repo/a.py"]);
  expect(view?.sources.lines("/repo/a.py")?.text).toBe("one\ntwo");
});

test("a file is known by its name", () => {
  const { project } = made(new Map());
  const sources = project.analyze([])?.view.sources;
  expect(sources?.name("file:///repo/my%20model.py")).toBe("my model.py");
  expect(sources?.name("untitled:Untitled-1")).toBe("untitled:Untitled-1");
});
