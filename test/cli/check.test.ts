// `check` for machines: its formats, the baseline, parts of the files, what is kept from run to run, and remedies applied.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Command } from "./command.ts";

const command = new Command();
// Each run is a process of its own.
vi.setConfig({ testTimeout: 60_000 });
const broken = "import torch\n\nx = torch.randn(3, 4)\ny = torch.randn(6, 5)\nz = x @ y\n";
const at = (name: string): string => path.join(command.folder, "work", name);

beforeAll(async () => {
  await command.build();
  command.file("a/broken.py", broken);
  command.file("a/fine.py", broken.replace("6, 5", "4, 5"));
}, 60_000);
afterAll(() => command.remove());

test("one JSON value with every finding and its remedies", () => {
  const { stdout, code } = command.run("check", "a", "--format", "json");
  expect(code).toBe(1);
  const { version, files, findings } = JSON.parse(stdout) as Record<string, unknown>;
  expect({ version, files }).toEqual({ version: 1, files: 2 });
  expect(findings).toMatchObject([
    {
      path: "a/broken.py",
      range: { start: { line: 4, character: 4 }, end: { line: 4, character: 9 } },
      code: "matmul-inner",
      fixes: [{ preferred: true, edits: [{ path: "a/broken.py" }] }, {}],
    },
  ]);
});

test("annotations of GitHub Actions", () => {
  command.file("odd, name.py", "import torch\ntorch.zeros(2) + torch.zeros(3)  # 100%\n");
  expect(command.run("check", "odd, name.py", "--format=github")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^::error file=odd%2C name\.py,line=2,endLine=2,col=1,endColumn=32,title=shapesight\(broadcast\)::`torch\.zeros\(2\)` \(2,\) and .*\n$/,
    ) as string,
  });
});

test("SARIF names the rules and the regions", () => {
  const { stdout, code } = command.run("check", "a", "--format", "sarif");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "Shapesight", rules: [{ id: "matmul-inner", defaultConfiguration: { level: "error" } }] },
        },
        columnKind: "utf16CodeUnits",
        results: [
          {
            ruleId: "matmul-inner",
            ruleIndex: 0,
            level: "error",
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: "a/broken.py" },
                  region: { startLine: 5, startColumn: 5, endLine: 5, endColumn: 10 },
                },
              },
            ],
            relatedLocations: [{ id: 0 }, { id: 1 }],
          },
        ],
      },
    ],
  });
  expect(JSON.parse(command.run("check", "a/fine.py", "--format", "sarif").stdout)).toMatchObject({
    runs: [{ results: [] }],
  });
});

test("a baseline hides what it lists, wherever its line has moved, and nothing more", () => {
  command.file("b/known.py", broken);
  expect(command.run("check", "b", "--baseline", "known.json")).toMatchObject({ code: 2 });
  expect(command.run("check", "b", "--baseline", "known.json", "--write-baseline").code).toBe(0);
  expect(command.run("check", "b", "--baseline", "known.json")).toMatchObject({ code: 0, stdout: "" });
  command.file("b/known.py", `# moved\n${broken}w = y @ x\n`);
  expect(command.run("check", "b", "--baseline", "known.json")).toMatchObject({ code: 0, stdout: "" });
  command.file("b/known.py", broken.replace("z = x @ y", "w = y @ x"));
  expect(command.run("check", "b", "--baseline", "known.json").stdout).toContain("known.py:5:5: error[matmul-inner]");
});

test("the parts of the files are the files", () => {
  const names = ["c/1.py", "c/2.py", "c/3.py", "c/4.py", "c/5.py"];
  names.forEach((name) => command.file(name, broken));
  const found = [1, 2].map((part) => command.run("check", "c", "--shard", `${part}/2`).stdout.trim().split("\n"));
  expect(found.map(({ length }) => length)).toEqual([3, 2]);
  expect(
    found
      .flat()
      .map((each) => each.slice(0, 6))
      .toSorted(),
  ).toEqual(names);
});

test("what is kept is used until a file changes that it depends on, or comes to be", () => {
  command.file("d/main.py", "import torch\nfrom sizes import N\n\nz = torch.zeros(3, 4) @ torch.zeros(N, 5)\n");
  const run = (): string => command.run("check", "d/main.py", "--cache", "kept").stdout;
  expect(run()).toBe("");
  const entries = readdirSync(at("kept"));
  expect(entries).toHaveLength(1);
  expect(run()).toBe("");
  command.file("d/sizes.py", "N = 6\n");
  expect(run()).toContain("error[matmul-inner]");
  expect(run()).toContain("error[matmul-inner]");
  command.file("d/sizes.py", "N = 4\n");
  expect(run()).toBe("");
  command.file(`kept/${entries[0] ?? ""}`, "no entry");
  expect(run()).toBe("");
});

test("remedies are applied, and what is left is reported", () => {
  command.file("e/one.py", `${broken}b = torch.zeros(2) @ object()\n`);
  const { code, stderr } = command.run("check", "e", "--fix");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "Mended 1 finding.\n" });
  expect(readFileSync(at("e/one.py"), "utf8")).toContain("y = torch.randn(4, 5)");
});
