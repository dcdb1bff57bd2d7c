// The server in a process of its own, over its standard streams, the way an editor starts it.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { PLAYGROUND_AT, PYTHON } from "../../src/server/protocol.ts";
import { bundle } from "../cli/bundle.ts";
import { Client } from "./client.ts";

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
