// Remedies, each tried on the program before it is offered: what is offered for the usual mistakes, and what never is.
import { expect, test } from "vitest";
import { findingsOf, Project, type Engine, type Files, type View } from "../../src/editor/index.ts";
import { applied, Fixer, type Fix } from "../../src/fixes/index.ts";
import { Analyzer } from "../../src/analysis/index.ts";
import { pythonDialect } from "../../src/python/dialect.ts";
import { frontEnd } from "../fixtures/engine.ts";

const MAIN = "/main.py";

function filesWith(texts: Readonly<Record<string, string>>): Files {
  const text = (path: string): string | null => texts[path] ?? null;
  return { text, isFile: (path) => text(path) !== null, rootOf: () => "/", segment: (s) => s, link: () => null };
}

function engineOf(): Engine {
  const analyzer = new Analyzer(pythonDialect);
  return {
    parse: (text, previous) => frontEnd.parse(text, previous ?? undefined),
    begin: (entries, host, options) => analyzer.begin(entries, host, options),
  };
}

interface Looked {
  readonly text: string;
  readonly view: View;
  readonly fixes: readonly Fix[];
}

/** What is offered for the first finding of the program. */
function look(...lines: readonly string[]): Looked {
  const text = `${lines.join("\n")}\n`;
  const files = filesWith({ [MAIN]: text });
  const analysis = new Project(files, engineOf()).analyze([MAIN]);
  if (analysis === null) throw new Error("nobody cancelled");
  const { view } = analysis;
  const [finding] = findingsOf(view, MAIN, new Map());
  if (finding === undefined) throw new Error("the program has no finding");
  return { text, view, fixes: new Fixer(files, engineOf(), [MAIN], view).fixesFor(finding) };
}

/** The line that the best remedy changes, as it then is. */
function best({ text, fixes }: Looked): string {
  const [fix] = fixes;
  if (fix === undefined) return "no remedy";
  const after = applied(MAIN, text, fix.edits).split("\n");
  return after.filter((line, i) => line !== text.split("\n")[i]).join("\n");
}

function titles({ fixes }: Looked): readonly string[] {
  return fixes.map(({ title }) => title);
}

test("a matrix product: the other operand is transposed, and the title says what comes of it", () => {
  const found = look("import torch", "q = torch.randn(10, 64)", "k = torch.randn(12, 64)", "scores = q @ k");
  expect(best(found)).toBe("scores = q @ k.T");
  expect(titles(found)[0]).toBe("Transpose `k`: (10, 12)");
});

test("a layer: the number of features is put right where the layer is made", () => {
  const found = look(
    "import torch",
    "from torch import nn",
    "class Net(nn.Module):",
    "    def __init__(self):",
    "        super().__init__()",
    "        self.head = nn.Linear(120, 10)",
    "    def forward(self, x):",
    "        return self.head(x)",
    "y = Net()(torch.randn(64, 128))",
  );
  expect(best(found)).toBe("        self.head = nn.Linear(128, 10)");
  expect(titles(found)[0]).toBe("Set `in_features` to 128: (64, 10)");
});

test.each([
  ["x.transpose(1, 2).view(2, -1)", "y = x.transpose(1, 2).reshape(2, -1)"],
  ["x - x.mean(-1)", "y = x - x.mean(-1, keepdim=True)"],
  ["x.softmax(dim=3)", "y = x.softmax(dim=2)"],
  ["x.view(2, 3, 5)", "y = x.view(-1, 3, 5)"],
  ["torch.cat([x, x[0]])", "y = torch.cat([x, x[0].unsqueeze(0)])"],
  ["torch.nn.MultiheadAttention(512, 10)", "y = torch.nn.MultiheadAttention(512, 8)"],
])("%s", (expression, mended) => {
  expect(best(look("import torch", "x = torch.randn(2, 3, 10)", `y = ${expression}`))).toBe(mended);
});

test("the name that is used later is the one that an unpacking lacks", () => {
  const found = look(
    "import torch",
    "def heads(x):",
    "    b, t = x.shape",
    "    return x.view(b, t, 2, c // 2)",
    "y = heads(torch.randn(2, 3, 10))",
  );
  expect(best(found)).toBe("    b, t, c = x.shape");
});

test("NumPy's arrays are mended in NumPy's words", () => {
  const found = look("import numpy as np", "x = np.ones((4, 3))", "y = x - x.mean(axis=1)");
  expect(best(found)).toBe("y = x - x.mean(axis=1, keepdims=True)");
});

test("a mask is given its size in all places of its statement", () => {
  const found = look(
    "import torch",
    "scores = torch.randn(2, 512, 512)",
    "mask = torch.ones(256, 256).tril()",
    "y = scores * mask",
  );
  expect(titles(found)).toContain("Use 512 instead of 256 throughout the statement: (2, 512, 512)");
});

test("what leaves another error in the same place is not offered", () => {
  const found = look(
    "import torch",
    "def f(x):",
    "    y = x @ torch.ones(4, 2)",
    "    return y.view(7, 11)",
    "f(torch.ones(5, 3))",
  );
  for (const { edits } of found.fixes) {
    const files = filesWith({ [MAIN]: applied(MAIN, found.text, edits) });
    const view = new Project(files, engineOf()).analyze([MAIN])?.view;
    expect(view === undefined ? [] : findingsOf(view, MAIN, new Map())).toEqual([]);
  }
});

test("a product of all pairs is not offered for sizes that differ", () => {
  const found = look("import torch", "a = torch.randn(200)", "b = torch.randn(300)", "c = a + b");
  expect(titles(found).filter((title) => title.includes("unsqueeze"))).toEqual([]);
});

test("a search that is cancelled ends, and remembers nothing", () => {
  const { view } = look("import torch", "x = torch.randn(2, 3) @ torch.randn(2, 3)");
  const files = filesWith({ [MAIN]: "import torch\nx = torch.randn(2, 3) @ torch.randn(2, 3)\n" });
  const fixer = new Fixer(files, engineOf(), [MAIN], view);
  const [finding] = findingsOf(view, MAIN, new Map());
  if (finding === undefined) throw new Error("the program has no finding");
  expect([...fixer.search(finding, () => true)]).toEqual([]);
  expect(fixer.fixesFor(finding).length).toBeGreaterThan(0);
});

test("a finding in a file that was only imported is mended there, as well as what that file knows of itself", () => {
  const model = [
    "import torch",
    "from torch import nn",
    "class Net(nn.Module):",
    "    def __init__(self):",
    "        super().__init__()",
    "        self.norm = nn.LayerNorm(16)",
    "    def forward(self, x):",
    "        return self.norm(x - x.mean(1))",
  ].join("\n");
  const texts = { [MAIN]: "import torch\nfrom net import Net\nNet()(torch.randn(2, 3, 16))\n", "/net.py": model };
  const files = filesWith(texts);
  const view = new Project(files, engineOf()).analyze([MAIN])?.view;
  const finding = view?.result.files.get("/net.py")?.findings[0];
  if (view === undefined || finding === undefined) throw new Error("the imported file has no finding");
  const [fix] = new Fixer(files, engineOf(), [MAIN], view).fixesFor(finding);
  expect(
    applied("/net.py", model, fix?.edits ?? [])
      .split("\n")
      .at(-1),
  ).toBe("        return self.norm(x - x.mean(1, keepdim=True))");
});
