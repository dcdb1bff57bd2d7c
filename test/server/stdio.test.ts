// The server in a process of its own, over its standard streams, the way an editor starts it.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { PLAYGROUND_AT, PYTHON } from "../../src/server/protocol.ts";
import { bundle } from "../cli/bundle.ts";
import { Client, edited } from "./client.ts";

const folder = mkdtempSync(path.join(tmpdir(), "shapesight-server-"));
const work = path.join(folder, "work");
const uriOf = (name: string): string => pathToFileURL(path.join(work, name)).href;

let program = "";
let server: ChildProcessWithoutNullStreams;
let client: Client;
let errors = "";

beforeAll(async () => {
  program = await bundle("src/server/node.ts", folder);
  mkdirSync(work);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  errors = "";
  server = spawn(process.execPath, [program, "--stdio"]);
  server.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  client = new Client({ readable: server.stdout, writable: server.stdin });
  await client.start({ workspaceFolders: [pathToFileURL(work).href] });
});
afterEach(async () => {
  await client.stop();
  await new Promise((resolve) => server.once("exit", resolve));
  if (errors !== "") throw new Error(`the server wrote to its error stream: ${errors}`);
});

const attention = `import math
import torch

def attention(
    Q: torch.Tensor,  # (batch, n_heads, seq_q, d_k)
    K: torch.Tensor,  # (batch, n_heads, seq_k, d_k)
):
    d_k = Q.size(-1)
    scores = Q @ K.transpose(-2, -1) / math.sqrt(d_k)
    return scores
`;
const line = attention.split("\n").findIndex((each) => each.includes("scores ="));
const keys = "    scores = Q @ K".length;

test("a hover on the scores of an attention names its four dimensions", async () => {
  await client.open(uriOf("a.py"), attention);
  expect(await client.hoverText(uriOf("a.py"), line, 6)).toContain("(batch, n_heads, seq_q, seq_k)");
  expect(await client.hints(uriOf("a.py"))).toContain(": (batch, n_heads, seq_q, seq_k)");
});

test("keys that are not transposed are underlined, and undoing that clears it", async () => {
  const uri = uriOf("b.py");
  await client.open(uri, attention);
  await client.edit(uri, line, keys, keys + ".transpose(-2, -1)".length, "");
  const [found] = await client.diagnosed(uri, ({ length }) => length > 0);
  expect(found).toMatchObject({
    code: "matmul-inner",
    severity: 1,
    range: { start: { line, character: 13 }, end: { line, character: 18 } },
  });
  expect(found?.message).toContain("(batch, n_heads, seq_q, d_k)");
  expect(found?.message).toContain("(batch, n_heads, seq_k, d_k)");
  await client.edit(uri, line, keys, keys, ".transpose(-2, -1)");
  expect(await client.diagnosed(uri, ({ length }) => length === 0)).toEqual([]);
});

test("the playground is told the code's own dimensions", async () => {
  const uri = uriOf("c.py");
  await client.open(uri, attention);
  const caret = { line, character: 16 };
  const operation = await client.connection.sendRequest(PLAYGROUND_AT, { uri, range: { start: caret, end: caret } });
  expect(operation).toMatchObject({
    operator: "matmul",
    operands: [{ dims: ["batch", "n_heads", "seq_q", "d_k"] }, { dims: ["batch", "n_heads", "d_k", "seq_k"] }],
  });
});

test("a function is seen with the shapes of a caller in another file", async () => {
  writeFileSync(path.join(work, "ops.py"), "def double(t):\n    u = t * 2\n    return u\n");
  await client.open(uriOf("ops.py"), "def double(t):\n    u = t * 2\n    return u\n");
  await client.open(uriOf("use.py"), "import torch\nfrom ops import double\n\nv = double(torch.zeros(7, 11))\n");
  expect(await client.hoverText(uriOf("use.py"), 3, 0)).toContain("`(7, 11)`");
  await client.edit(uriOf("ops.py"), 1, 12, 13, "3");
  expect(await client.hoverText(uriOf("ops.py"), 1, 4)).toMatch(/`\(7, 11\)`.*As called from \[use\.py:4\]/s);
});

test("an unsaved document is understood", async () => {
  await client.open("untitled:Untitled-1", "import torch\nx = torch.zeros(2, 3)\ny = x.T @ x\n");
  expect(await client.hoverText("untitled:Untitled-1", 2, 0)).toContain("`(3, 3)`");
});

test("half-written code is no reason for a complaint, nor for silence about the rest", async () => {
  const uri = uriOf("d.py");
  await client.open(uri, attention);
  await client.edit(uri, line, "    scores = Q @ K.transpose(".length, 999, "");
  expect(await client.hoverText(uri, 4, 4)).toContain("(batch, n_heads, seq_q, d_k)");
  expect(client.diagnostics.get(uri) ?? []).toEqual([]);
});

test("what is installed in the environment of the workspace is read, or in the one that is selected", async () => {
  const install = (environment: string, size: number): void => {
    const site = path.join(folder, environment, "lib/python3.11/site-packages");
    mkdirSync(path.join(site, "nets-1.dist-info"), { recursive: true });
    mkdirSync(path.join(site, "nets"));
    writeFileSync(path.join(folder, environment, "pyvenv.cfg"), "home = /usr/bin\n");
    writeFileSync(path.join(site, "nets/__init__.py"), `SIZE = ${size}\n`);
    writeFileSync(path.join(site, "nets-1.dist-info/METADATA"), "Requires-Dist: torch\n");
    writeFileSync(path.join(site, "nets-1.dist-info/RECORD"), "nets/__init__.py,,\n");
  };
  install("work/.venv", 5);
  install("elsewhere", 6);
  await client.open(uriOf("p.py"), "import nets\nimport torch\nx = torch.zeros(nets.SIZE, 2)\n");
  expect(await client.hoverText(uriOf("p.py"), 2, 0)).toContain("(5, 2)");
  await client.connection.sendNotification(PYTHON, { path: path.join(folder, "elsewhere") });
  expect(await client.hoverText(uriOf("p.py"), 2, 0)).toContain("(6, 2)");
});

test("a finding comes with remedies that were tried, and with a comment that silences it", async () => {
  const uri = uriOf("fix.py");
  await client.open(uri, "import torch\n\nq = torch.randn(10, 64)\nk = torch.randn(12, 64)\nscores = q @ k\n");
  await client.diagnosed(uri, (found) => found.length === 1);
  const actions = await client.actions(uri, 4, 11);
  expect(actions.map(({ title }) => title)).toEqual([
    "Transpose k: (10, 12)",
    "Transpose torch.randn(12, 64): (10, 12)",
    "Ignore matmul-inner here",
  ]);
  expect(actions[0]).toMatchObject({ kind: "quickfix", isPreferred: true, diagnostics: [{ code: "matmul-inner" }] });
  expect(edited(actions[0], uri)).toEqual([{ line: 4, text: ".T" }]);
  expect(edited(actions.at(-1), uri)).toEqual([{ line: 4, text: "  # shapesight: ignore[matmul-inner]" }]);
});

test("comments that are stale, or silence nothing, are put right; all of a file at once", async () => {
  const uri = uriOf("stale.py");
  const text =
    "import torch\nx = torch.randn(2, 3, 4).transpose(1, 2)  # (2, 3, 4)\ny = x + 1  # shapesight: ignore[broadcast]\n";
  await client.open(uri, text);
  await client.diagnosed(uri, (found) => found.length === 2);
  const [update] = await client.actions(uri, 1, 45, ["quickfix"]);
  expect(update?.title).toBe("Update the comment: (2, 4, 3)");
  const all = await client.actions(uri, 0, 0, ["source.fixAll"]);
  expect(all).toHaveLength(1);
  expect(edited(all[0], uri)).toEqual([
    { line: 1, text: "(2, 4, 3)" },
    { line: 2, text: "" },
  ]);
});

test("what is known is written down as a comment, an assertion, an annotation", async () => {
  const uri = uriOf("write.py");
  await client.open(uri, "import torch\nx = torch.randn(2, 3)\ny = x.T\ndef f(x):  # x: (B, T)\n    return x\n");
  expect((await client.actions(uri, 2, 0, ["refactor"])).map((action) => edited(action, uri))).toEqual([
    [{ line: 2, text: "  # (3, 2)" }],
    [{ line: 2, text: "\nassert y.shape == (3, 2)" }],
  ]);
  expect((await client.actions(uri, 3, 4, ["refactor"])).map((action) => edited(action, uri))).toEqual([
    [
      { line: 1, text: "from jaxtyping import Bool, Float, Int\n" },
      { line: 3, text: ': Float[torch.Tensor, "B T"]' },
    ],
  ]);
});

test("questions that come together are each answered, and a newer text overtakes them", async () => {
  const uri = uriOf("many.py");
  await client.open(uri, "import torch\nx = torch.randn(2, 3) @ torch.randn(2, 3)\n");
  await client.diagnosed(uri, (found) => found.length === 1);
  const [one, two] = await Promise.all([client.actions(uri, 1, 10), client.actions(uri, 1, 10)]);
  expect(one).toEqual(two);
  expect(one.length).toBeGreaterThan(1);
  const asked = client.actions(uri, 1, 10);
  await client.edit(uri, 1, 16, 17, "9");
  await client.edit(uri, 1, 37, 38, "3");
  expect(await asked).toBeInstanceOf(Array);
});
