// Programs of several files in one project: what one analysis leaves of the imported modules must not show in another.
import { describe, expect, test } from "vitest";
import { Analyzer } from "../../src/analysis/index.ts";
import { Project, type Files } from "../../src/editor/index.ts";
import { pythonDialect } from "../../src/python/dialect.ts";
import { frontEnd } from "../fixtures/engine.ts";

function projectOf(texts: ReadonlyMap<string, string>): Project {
  const files: Files = {
    text: (path) => texts.get(path) ?? null,
    isFile: (path) => texts.has(path),
    rootOf: () => "/repo",
    segment: (name) => name,
    link: () => null,
  };
  const analyzer = new Analyzer(pythonDialect);
  return new Project(files, {
    parse: (text, previous) => frontEnd.parse(text, previous ?? undefined),
    begin: (entries, host, options) => analyzer.begin(entries, host, options),
  });
}

function filesOf(texts: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(texts).map(([name, text]) => [`/repo/${name}`, `import torch\n${text}`]));
}

/** What is known of every tensor and integer bound in a file, and its findings. */
function toldOf(project: Project, path: string): readonly string[] {
  const view = project.analyze([path])?.view;
  const file = view?.result.files.get(path);
  const text = view?.sources.lines(path)?.text ?? "";
  const facts = (file?.facts ?? [])
    .filter(({ role, kind }) => role === "binding" && (kind === "tensor" || kind === "int"))
    .map(({ span, text: told }) => `${text.slice(span.start, span.end)}: ${told}`);
  return [...facts, ...(file?.findings ?? []).map(({ code }) => code)];
}

const programs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a setting that one program changes before an import": {
    "config.py": "size = 4",
    "model.py": "import config\nwide = config.size * 2\nx = torch.zeros(wide)",
    "small.py": "import model\ny = torch.zeros(model.wide)",
    "large.py": "import config\nconfig.size = 100\nimport model\ny = torch.zeros(model.wide)",
    "again.py": "import config\nimport model\ny = torch.zeros(config.size)",
  },
  "a registry that modules fill": {
    "registry.py": "KNOWN = {}\ndef register(f):\n    KNOWN[f.__name__] = f\n    return f",
    "one.py": "from registry import register\n@register\ndef one():\n    return torch.zeros(1)",
    "two.py": "from registry import register\n@register\ndef two():\n    return torch.zeros(2)",
    "both.py": "import one\nimport two\nfrom registry import KNOWN\nn = len(KNOWN)\nx = KNOWN['two']()",
    "alone.py": "import one\nfrom registry import KNOWN\nn = len(KNOWN)\nx = KNOWN['one']()",
    "swapped.py": "import two\nimport one\nfrom registry import KNOWN\nn = len(KNOWN)\nx = KNOWN['one']()",
  },
  "a list that modules append to": {
    "sizes.py": "SIZES = []",
    "one.py": "from sizes import SIZES\nSIZES.append(1)",
    "two.py": "from sizes import SIZES\nSIZES.append(2)\nx = torch.zeros(SIZES[0])",
    "both.py": "import one\nimport two\nfrom sizes import SIZES\nn = len(SIZES)\ny = two.x",
    "alone.py": "import two\nfrom sizes import SIZES\nn = len(SIZES)\ny = two.x",
  },
  "modules that import each other": {
    "a.py": "import b\nA = 3\ndef f():\n    return torch.zeros(A, b.B)",
    "b.py": "import a\nB = 5\ndef g():\n    return torch.zeros(a.A, B)",
    "main.py": "import a\nimport b\nx = a.f()\ny = b.g()",
    "other.py": "from b import g\ny = g()",
  },
  "a method that one module replaces": {
    "base.py": "class Net:\n    def size(self):\n        return 2",
    "patch.py": "from base import Net\nNet.size = lambda self: 7",
    "patched.py": "import patch\nfrom base import Net\nx = torch.zeros(Net().size())",
    "plain.py": "from base import Net\nx = torch.zeros(Net().size())",
  },
  "a type that one module makes the default": {
    "double.py": "torch.set_default_dtype(torch.float64)",
    "made.py": "x = torch.zeros(3)",
    "one.py": "import double\nimport made\ny = made.x",
    "two.py": "import made\ny = made.x",
  },
};

/** What is peculiar to programs of which only what is needed is run. */
const large: typeof programs = {
  "names that are handed on": {
    "pkg/__init__.py": "from .inner import *\nfrom .other import LATE as late",
    "pkg/inner.py": "from .deep import width\n__all__ = ['width', 'net']\ndef net():\n    return torch.zeros(width)",
    "pkg/deep.py": "width = 6\n_hidden = 1",
    "pkg/other.py": "import pkg\nLATE = 9\ndef made():\n    return torch.zeros(pkg.width, LATE)",
    "main.py": "import pkg\nfrom pkg.other import made\nx = pkg.net()\nn = pkg.late\ny = made()",
    "star.py": "from pkg import *\nx = net()\nn = width",
  },
  "names that lead in a circle": {
    "a.py": "from b import x",
    "b.py": "from a import x",
    "main.py": "from a import x\ny = x",
  },
  "a registry that modules fill which are not run": {
    "registry.py":
      "KNOWN = {}\ndef register(f):\n    KNOWN[f.__name__] = f\n    return f\ndef make(name):\n    if name not in KNOWN:\n        raise KeyError(name)\n    return KNOWN[name]()",
    "one.py": "from registry import register\n@register\ndef one():\n    return torch.zeros(1)",
    "zoo.py": "import one\nfrom registry import make\nSIZE = 3",
    "main.py": "import zoo\nx = zoo.make('one')\ny = torch.zeros(zoo.SIZE)",
  },
  "a table in a class that modules fill which are not run": {
    "registry.py":
      "class Table:\n    shared = {}\n    def __init__(self):\n        self.own = {}\n    def add(self, name, f):\n        self.own[name] = f\n        self.shared[name] = f\nTABLE = Table()",
    "one.py": "from registry import TABLE\nTABLE.add('one', 1)",
    "zoo.py": "import one\nfrom registry import TABLE",
    "main.py": "import zoo\nassert 'one' in zoo.TABLE.own\nassert 'one' in zoo.TABLE.shared\nx = torch.zeros(2)",
  },
  "a decorator that writes documentation": {
    "doc.py":
      "def describe(obj):\n    text = ''\n    for i in range(100000):\n        text += str(i)\n    obj.__doc__ = text\n    return obj\ndef change(cls):\n    cls.size = 7\n    return cls",
    "net.py":
      "from doc import describe, change\n@describe\nclass Net:\n    size = 5\n@change\nclass Other:\n    size = 5",
    "main.py": "from net import Net, Other\nx = torch.zeros(Net().size)\ny = torch.zeros(Other().size)",
  },
};

/** The same as a part of a program that is too large to be run as a whole. */
function inLarge(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const parts = Object.entries(texts).map(([name, text]) => [name, `import ballast\n${text}`] as const);
  return { ...Object.fromEntries(parts), "ballast.py": `# ${"much ".repeat(120_000)}` };
}

const all = [
  ...Object.entries(programs),
  ...Object.entries({ ...programs, ...large }).map(
    ([name, texts]) => [`${name}, in a large program`, inLarge(texts)] as const,
  ),
];

describe.each(all)("%s", (_, texts) => {
  const files = filesOf(texts);
  const alone = new Map([...files.keys()].map((path) => [path, toldOf(projectOf(files), path)]));

  test.each([1, -1])("shows the same whatever was analysed before (%i)", (direction) => {
    const project = projectOf(files);
    const order = direction > 0 ? [...files.keys()] : [...files.keys()].toReversed();
    for (const path of [...order, ...order])
      expect([path, ...toldOf(project, path)]).toEqual([path, ...(alone.get(path) ?? [])]);
  });

  test("follows an edit of any file", () => {
    const edited = new Map(files);
    const project = projectOf(edited);
    for (const path of files.keys()) {
      edited.set(path, `${files.get(path)}\nx = torch.zeros(11)\n`);
      for (const other of files.keys()) expect(toldOf(project, other)).toEqual(toldOf(projectOf(edited), other));
    }
  });
});

test("each import is seen as it is when it runs", () => {
  const project = projectOf(filesOf(programs["a setting that one program changes before an import"] ?? {}));
  expect(toldOf(project, "/repo/small.py")).toEqual(["y: (8,)"]);
  expect(toldOf(project, "/repo/large.py")).toContain("y: (200,)");
  expect(toldOf(project, "/repo/small.py")).toEqual(["y: (8,)"]);
});

test("of a large program what is needed is run, and what the rest may have changed is open", () => {
  const told = (name: string, file: string): readonly string[] =>
    toldOf(projectOf(filesOf(inLarge(large[name] ?? {}))), `/repo/${file}`);
  expect(told("names that are handed on", "main.py")).toEqual(["x: (6,)", "n: 9", "y: (6, 9)"]);
  expect(told("names that are handed on", "star.py")).toEqual(["x: (6,)", "n: 6"]);
  expect(told("names that lead in a circle", "main.py")).toEqual([]);
  expect(told("a registry that modules fill which are not run", "main.py")).toEqual(["y: (3,)"]);
  expect(told("a table in a class that modules fill which are not run", "main.py")).toEqual(["x: (2,)"]);
  expect(told("a decorator that writes documentation", "main.py")).toEqual(["x: (5,)", "y: (7,)"]);
});

test.each(["exec(open('x').read())", "here = globals()", "where = globals()['__file__']"])(
  "a library keeps its meaning where a module imported beside it runs %s",
  (code) => {
    const plain = {
      "setting.py": "x = 0",
      "odd.py": `import setting\n${code}\nn = 4`,
      "main.py": "import setting\nsetting.x = None\nimport odd\nx = torch.zeros(3)",
    };
    for (const texts of [plain, inLarge(plain)])
      expect(toldOf(projectOf(filesOf(texts)), "/repo/main.py")).toEqual(["x: (3,)"]);
  },
);

describe("work that tells nothing new is not done again", () => {
  const stepsOf = (texts: Readonly<Record<string, string>>): number =>
    projectOf(filesOf(texts)).analyze(["/repo/main.py"])?.view.result.statistics.steps ?? Infinity;
  const walk = `def walk(tree):
    kept = {}
    for name, part in tree.items():
        if isinstance(part, dict):
            for key in part:
                if key in kept:
                    kept[key] = walk(part)
                elif isinstance(part[key], dict):
                    kept[key] = walk(part[key])
                else:
                    kept[name] = walk(part[key])
    return kept`;
  const slow = `from functools import lru_cache\n@lru_cache\ndef has(name):\n    found = False
    for i in range(40):\n        found = found or str(i) == name\n    return found`;

  test("a function that calls itself with what is not known goes no deeper", () => {
    expect(stepsOf({ "main.py": `import json\n${walk}\nwalk(json.load(open('x')))` })).toBeLessThan(2_000);
  });

  test("a cached function of another module is run once", () => {
    const calls = "ready = has('a')\n".repeat(50);
    expect(stepsOf({ "slow.py": slow, "main.py": `from slow import has\n${calls}` })).toBeLessThan(1_000);
  });
});
