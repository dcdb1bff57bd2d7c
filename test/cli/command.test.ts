// The command in a process of its own: its output, its exit codes, and the sentences for what it can't do.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Command } from "./command.ts";

const command = new Command();

const correct = `import torch

x = torch.randn(3, 4)
y = torch.randn(4, 5)
z = x @ y
`;
const broken = correct.replace("(4, 5)", "(6, 5)");

beforeAll(async () => {
  await command.build();
  command.file("correct.py", correct);
  command.file("broken.py", broken);
  command.file("deep/nested/also_broken.py", broken);
  command.file("deep/venv/lib/theirs.py", broken);
  command.file("deep/.hidden/theirs.py", broken);
}, 60_000);
afterAll(() => command.remove());

interface Json {
  readonly version: number;
  readonly files: readonly { path: string; facts: readonly Fact[]; findings: readonly Record<string, unknown>[] }[];
}
interface Fact {
  readonly range: { start: { line: number; character: number }; end: { line: number; character: number } };
  readonly text: string;
  readonly kind: string;
  readonly shape: readonly (number | string)[] | null;
  readonly dtype: string | null;
  readonly context: string | null;
}

function json(...files: readonly string[]): Json {
  const { stdout, stderr, code } = command.run("shapes", ...files, "--json");
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  return JSON.parse(stdout) as Json;
}

test("the JSON names every expression and every bound name with its range", () => {
  const { version, files } = json("correct.py");
  expect(version).toBe(1);
  expect(files.map(({ path }) => path)).toEqual(["correct.py"]);
  const facts = files[0]?.facts ?? [];
  const z = facts.find(({ text }) => text === "z");
  expect(z).toMatchObject({
    range: { start: { line: 4, character: 0 }, end: { line: 4, character: 1 } },
    kind: "tensor",
    shape: [3, 5],
    dtype: "float32",
    context: null,
  });
  expect(facts.find(({ text }) => text === "x @ y")?.shape).toEqual([3, 5]);
  expect(facts.find(({ text }) => text === "3")).toMatchObject({ kind: "int", shape: null });
});

test("a finding has its place, its code, both shapes and its message", () => {
  const [finding] = json("broken.py").files[0]?.findings ?? [];
  expect(finding).toMatchObject({
    range: { start: { line: 4, character: 4 }, end: { line: 4, character: 9 } },
    code: "matmul-inner",
    severity: "error",
    shapes: ["(3, 4)", "(6, 5)"],
  });
  const fixes = finding?.["fixes"] as readonly Record<string, unknown>[] | undefined;
  expect(fixes?.[0]).toEqual({
    title: "Use 4 instead of `6`: (3, 5)",
    preferred: true,
    edits: [
      {
        path: "broken.py",
        range: { start: { line: 3, character: 16 }, end: { line: 3, character: 17 } },
        text: "4",
      },
    ],
  });
  expect(finding?.["related"]).toBeInstanceOf(Array);
});

test("files given together are one program: a call in one is a view of the function in the other", () => {
  command.file("ops.py", "def scale(t):\n    u = t * 2\n    return u\n");
  command.file("use.py", "import torch\nfrom ops import scale\n\nv = scale(torch.zeros(7, 11))\n");
  const { files } = json("ops.py", "use.py");
  const views = files[0]?.facts.filter(({ text, context }) => text === "u" && context !== null) ?? [];
  expect(views).toContainEqual(expect.objectContaining({ shape: [7, 11], context: "use.py:4:5" }));
});

test("characters beyond the basic plane count two units", () => {
  command.file("astral.py", 'import torch\nname = "𝛼𝛽"; w = torch.zeros(2)\n');
  const w = json("astral.py").files[0]?.facts.find(({ text }) => text === "w");
  expect(w?.range.start).toEqual({ line: 1, character: 15 });
});

test("a byte order mark moves nothing, and Windows' line ends count once", () => {
  command.file("windows.py", `\uFEFF${correct.replaceAll("\n", "\r\n")}`);
  const z = json("windows.py").files[0]?.facts.find(({ text }) => text === "z");
  expect(z?.range.start).toEqual({ line: 4, character: 0 });
});

test("check prints one line for each problem and exits 1", () => {
  const { stdout, code } = command.run("check", "broken.py", "correct.py");
  expect(stdout).toMatch(/^broken\.py:5:5: error\[matmul-inner\] .*\(3, 4\).*\(6, 5\).*\n$/);
  expect(code).toBe(1);
});

test("check is silent and exits 0 where all is well", () => {
  expect(command.run("check", "correct.py")).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("folders are walked, but not what belongs to others", () => {
  const { stdout, code } = command.run("check", "deep");
  expect(stdout.trim().split("\n")).toHaveLength(1);
  expect(stdout).toContain("deep/nested/also_broken.py:5:5: error[matmul-inner]");
  expect(code).toBe(1);
});

test("without --json, shapes stand beside the lines as comments", () => {
  const { stdout, code } = command.run("shapes", "correct.py");
  expect(code).toBe(0);
  const lines = stdout.split("\n");
  expect(lines[4]).toMatch(/^z = x @ y +# z: \(3, 5\)$/);
  expect(lines.slice(0, 5).map((line) => line.replace(/ *#.*/, ""))).toEqual(correct.trimEnd().split("\n"));
});

test("what is wrong stands below its line", () => {
  const { stdout } = command.run("shapes", "broken.py");
  expect(stdout).toMatch(/z = x @ y.*\n# {3}\^{5} error\[matmul-inner\] .*\(3, 4\)/);
});

test.each([
  [["shapes", "missing.py"], "There is no file `missing.py`.\n"],
  [["shapes", "deep"], "`deep` is a folder; `shapes` takes files.\n"],
  [["check", "missing"], "There is no file or folder `missing`.\n"],
  [["check", "--fast", "a.py"], "There is no option `--fast` here. `shapesight --help` lists what there is.\n"],
])("%j is refused with a sentence and exit code 2", (words, sentence) => {
  expect(command.run(...words)).toEqual({ code: 2, stdout: "", stderr: sentence });
});

test("a file that is no text is refused, and in a folder it is reported and passed over", () => {
  command.file("odd/latin.py", new Uint8Array([0x78, 0x20, 0x3d, 0x20, 0xe9, 0x0a]));
  expect(command.run("shapes", "odd/latin.py")).toMatchObject({
    code: 2,
    stderr: "`odd/latin.py` is not encoded in UTF-8.\n",
  });
  expect(command.run("check", "odd")).toMatchObject({
    code: 0,
    stdout: "odd/latin.py:1:1: warning[unreadable] This file is not encoded in UTF-8.\n",
  });
});

test("help and version", () => {
  expect(command.run("--help")).toMatchObject({ code: 0, stderr: "" });
  expect(command.run("--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("what is wrong with a declaration is told at its line of pyproject.toml, once", () => {
  command.file(
    "declared/pyproject.toml",
    '[tool.shapesight.functions]\n"ops.good" = "(n,d)->(d,n)"\n"ops.bad" = "(n,d)"\n',
  );
  command.file(
    "declared/pkg/a.py",
    "import ops\nimport torch\n\ny = ops.good(torch.zeros(3, 4)) @ torch.zeros(4, 5)\n",
  );
  command.file("declared/pkg/b.py", "import ops\n\nz = ops.good\n");
  const { stdout, code } = command.run("check", "declared");
  expect(code).toBe(1);
  const [first, second, ...more] = stdout.trim().split("\n");
  expect(first).toMatch(/^declared\/pyproject\.toml:3:14: error\[declaration\] The declaration has no `->`/);
  expect(second).toMatch(/^declared\/pkg\/a\.py:4:5: error\[matmul-inner\]/);
  expect(more).toEqual([]);
});

test("a stub file beside a compiled module declares what is in it", () => {
  command.file("stubs/fast.pyi", "# shape: (n,d),(m,d)->(n,m)\ndef pairs(a, b): ...\n");
  command.file(
    "stubs/main.py",
    "import torch\nfrom fast import pairs\n\ny = pairs(torch.zeros(3, 4), torch.zeros(5, 4))\n",
  );
  const y = json("stubs/main.py").files[0]?.facts.find(({ text }) => text === "y");
  expect(y?.shape).toEqual([3, 5]);
});

test("what is installed beside the program is read, and a notebook is one program", () => {
  const site = "installed/.venv/lib/python3.11/site-packages";
  command.file("installed/.venv/pyvenv.cfg", "home = /usr/bin\n");
  command.file(`${site}/nets/__init__.py`, "from .parts import Half\n");
  command.file(`${site}/nets/parts.py`, "class Half:\n    def __call__(self, x):\n        return x[: len(x) // 2]\n");
  command.file(`${site}/nets-1.dist-info/METADATA`, "Name: nets\nRequires-Dist: torch\n");
  command.file(`${site}/nets-1.dist-info/RECORD`, "nets/__init__.py,,\n");
  command.file("installed/pyproject.toml", "");
  const cells = ["%pip install nets\nimport torch", "from nets import Half\ny = Half()(torch.zeros(8, 3))\ny @ y"];
  const made = cells.map((source) => ({ cell_type: "code", source }));
  command.file("installed/try.ipynb", JSON.stringify({ cells: made, metadata: {} }));
  const { stdout, code } = command.run("check", "installed");
  expect(stdout).toContain("try.ipynb:cell 2:3:1: error[matmul-inner]");
  expect(code).toBe(1);
  expect(command.run("shapes", "installed/try.ipynb", "--python", "nowhere").stdout).not.toContain("(4, 3)");
}, 20_000);
