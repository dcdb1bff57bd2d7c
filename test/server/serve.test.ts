// The server's behaviour, message by message, with an engine that understands a toy language at once.
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createConnection } from "vscode-languageserver/node";
import type { Host } from "../../src/analysis/index.ts";
import type { Fact, FileResult, Finding, Result } from "../../src/analysis/result.ts";
import type { Engine } from "../../src/editor/index.ts";
import { PLAYGROUND_AT, READ_FILES, SHAPE_AT, type ReadFilesParams } from "../../src/server/protocol.ts";
import { serve, type Platform } from "../../src/server/serve.ts";
import { shapeOf } from "../../src/shapes/index.ts";
import { factsOf, tensor } from "../editor/made.ts";
import { Client, wire } from "./client.ts";

const A = "file:///repo/a.py";
const B = "file:///repo/b.py";
const SETTINGS = "file:///repo/pyproject.toml";

let client: Client;
let analysed: (readonly string[])[];
let fails: boolean;

/** `name = 3` binds a tensor of shape (3,), `bad` is a finding, `import b` imports. */
const engine: Engine = {
  parse: (text) => ({ text, chunks: [{ offset: 0, unit: { text, body: [], broken: false, directives: [] } }] }),
  begin(entries, host) {
    if (fails) throw new Error("the engine is broken");
    analysed.push(entries);
    return { next: () => false, prefer: () => undefined, isReady: () => true, result: () => resultOf(entries, host) };
  },
};

function resultOf(entries: readonly string[], host: Host): Result {
  const files = new Map<string, FileResult>();
  const visit = (path: string): void => {
    const text = host.program(path)?.text;
    if (text === undefined || files.has(path)) return;
    const { facts, findings } = read(path, text);
    files.set(path, { path, ...factsOf(facts), findings, origins: () => [] });
    host.settings?.declarations(path);
    for (const [, name = ""] of text.matchAll(/^import (\w+)$/gm)) {
      const found = host.resolve(path, name, 0);
      if (found !== null) visit(found);
    }
  };
  entries.forEach(visit);
  return { files, statistics: { shapes: 1, unknown: 0, steps: 1, exhausted: null } };
}

function read(path: string, text: string): { facts: readonly Fact[]; findings: readonly Finding[] } {
  const facts = [...text.matchAll(/^(\w+) = (\d+)$/gm)].map((match) => {
    const span = { path, start: match.index, end: match.index + (match[1] ?? "").length };
    return tensor(span, shapeOf(Number(match[2])), { role: "binding" });
  });
  const findings = [...text.matchAll(/bad/g)].map(({ index }): Finding => {
    const span = { path, start: index, end: index + 3 };
    const related = [{ span, message: "It comes from `here`." }];
    return {
      span,
      code: "broken",
      severity: "error",
      message: "`bad` is bad.",
      shapes: [],
      related,
      unnecessary: false,
    };
  });
  return { facts, findings };
}

function connect(platform: Partial<Platform> = {}): void {
  const { near, far } = wire(new PassThrough(), new PassThrough());
  const given = { disk: null, rules: null, engine: () => Promise.resolve(() => engine), ...platform };
  serve(createConnection(near.readable, near.writable), given);
  client = new Client(far);
}

beforeEach(() => {
  analysed = [];
  fails = false;
  connect();
});
afterEach(() => client.connection.dispose());

test("a hover answers about the newest text, without waiting for anything", async () => {
  await client.start();
  await client.open(A, "x = 3\n");
  expect(await client.hoverText(A, 0, 0)).toContain("`(3,)`");
  await client.edit(A, 0, 4, 5, "5");
  expect(await client.hoverText(A, 0, 0)).toContain("`(5,)`");
});

test("edits that arrive together are analysed once", async () => {
  await client.start();
  await client.open(A, "x = 1\n");
  await client.diagnosed(A, () => true);
  const before = analysed.length;
  await Promise.all(Array.from({ length: 30 }, () => client.edit(A, 0, 4, 5, "7")));
  expect(await client.hoverText(A, 0, 0)).toContain("`(7,)`");
  expect(analysed.length - before).toBeLessThanOrEqual(2);
});

test("hints wait until typing has paused, and not when a file is opened", async () => {
  await client.start();
  await client.open(A, "x = 3\n");
  const opened = performance.now();
  expect(await client.hints(A)).toEqual([": (3,)"]);
  expect(performance.now() - opened).toBeLessThan(140);
  await client.edit(A, 0, 4, 5, "5");
  const edited = performance.now();
  expect(await client.hints(A)).toEqual([": (5,)"]);
  expect(performance.now() - edited).toBeGreaterThan(120);
});

test("diagnostics have a code, a source, a link to the rule and what is related", async () => {
  await client.start({ initializationOptions: { rules: "https://example.org/rules" } });
  await client.open(A, "x = 1\n bad\n");
  const [found] = await client.diagnosed(A, ({ length }) => length > 0);
  expect(found).toMatchObject({
    range: { start: { line: 1, character: 1 }, end: { line: 1, character: 4 } },
    severity: 1,
    code: "broken",
    source: "shapesight",
    codeDescription: { href: "https://example.org/rules/broken.md" },
    message: "bad is bad.",
    relatedInformation: [{ location: { uri: A }, message: "It comes from here." }],
  });
  await client.edit(A, 1, 1, 4, "good");
  expect(await client.diagnosed(A, ({ length }) => length === 0)).toEqual([]);
});

test("closing a document clears its diagnostics", async () => {
  await client.start();
  await client.open(A, "bad\n");
  await client.diagnosed(A, ({ length }) => length > 0);
  await client.close(A);
  expect(await client.diagnosed(A, ({ length }) => length === 0)).toEqual([]);
  expect(await client.hover(A, 0, 0)).toBeNull();
});

test("settings turn each service off, and severities apply at once", async () => {
  await client.start({ settings: { diagnostics: { severity: { broken: "information" } }, hover: { enabled: false } } });
  await client.open(A, "x = 3\nbad\n");
  const [found] = await client.diagnosed(A, ({ length }) => length > 0);
  expect(found?.severity).toBe(3);
  expect(await client.hover(A, 0, 0)).toBeNull();
  client.settings = { diagnostics: { enabled: false }, inlayHints: { enabled: false } };
  await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
  await client.diagnosed(A, ({ length }) => length === 0);
  expect(await client.hints(A)).toEqual([]);
  expect(await client.hoverText(A, 0, 0)).toContain("`(3,)`");
});

test("an open document that imports the edited one is analysed with it", async () => {
  await client.start({ workspaceFolders: ["file:///repo"] });
  await client.open(B, "y = 1\n");
  await client.open(A, "import b\n");
  await client.diagnosed(A, () => true);
  await client.diagnosed(B, () => true);
  analysed = [];
  await client.edit(B, 0, 4, 5, "2");
  expect(await client.hoverText(B, 0, 0)).toContain("`(2,)`");
  expect(analysed).toEqual([[B, A]]);
});

test("files that only the client can read are asked for, and the answer is used", async () => {
  await client.start({ initializationOptions: { files: true }, workspaceFolders: ["vscode-vfs://host/repo"] });
  const asked: string[] = [];
  client.connection.onRequest(READ_FILES, ({ uris }: ReadFilesParams) => {
    asked.push(...uris);
    return uris.map((uri) => (uri === "vscode-vfs://host/repo/b.py" ? "z = 4\n" : null));
  });
  const main = "vscode-vfs://host/repo/main.py";
  await client.open(main, "import b\n");
  while (client.refreshes === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(asked).toContain("vscode-vfs://host/repo/b.py");
  expect(analysed.length).toBe(2);
});

test("a wrong declaration is told at its place in pyproject.toml until it is right", async () => {
  client.connection.dispose();
  const texts = new Map([[SETTINGS, '[tool.shapesight.functions]\n"a.b" = "(n)"\n']]);
  connect({
    disk: {
      text: (uri) => texts.get(uri) ?? null,
      isFile: (uri) => texts.has(uri),
      names: () => [],
      located: (path) => path,
      environment: null,
    },
  });
  await client.start();
  await client.open(A, "x = 1\n");
  const [found] = await client.diagnosed(SETTINGS, ({ length }) => length > 0);
  expect(found).toMatchObject({
    range: { start: { line: 1, character: 9 }, end: { line: 1, character: 12 } },
    code: "declaration",
    source: "shapesight",
  });
  const saved = async (text: string): Promise<void> => {
    texts.set(SETTINGS, text);
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: SETTINGS, type: 2 }],
    });
  };
  await saved('[tool.shapesight.functions]\n"a.b" = "(n)->(n)"\n');
  await client.diagnosed(SETTINGS, ({ length }) => length === 0);
  await saved('[tool.shapesight.functions]\n"a.b" = 3\n');
  await client.diagnosed(SETTINGS, ({ length }) => length === 1);
  await saved("[project]\n");
  expect(await client.diagnosed(SETTINGS, ({ length }) => length === 0)).toEqual([]);
});

test("a failing engine is reported in the status, and answers are empty", async () => {
  await client.start();
  fails = true;
  await client.open(A, "x = 3\n");
  expect(await client.hover(A, 0, 0)).toBeNull();
  expect(await client.hints(A)).toEqual([]);
  expect(client.statuses.at(-1)?.problem).toMatch(/could not be analysed/);
  fails = false;
  await client.edit(A, 0, 4, 5, "5");
  expect(await client.hoverText(A, 0, 0)).toContain("`(5,)`");
});

test("the status counts what is known", async () => {
  await client.start();
  await client.open(A, "x = 3\ny = 4\n");
  while (client.statuses.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(client.statuses[0]).toMatchObject({ uri: A, version: 1, shapes: 2, open: 0, findings: 0, problem: null });
});

test("a client that can do next to nothing is served as well", async () => {
  const logged: unknown[] = [];
  client.connection.onNotification("window/logMessage", (message) => void logged.push(message));
  await client.connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  await client.connection.sendNotification("initialized", {});
  await client.open(A, "x = 3\nbad\n");
  await client.diagnosed(A, ({ length }) => length > 0);
  expect(await client.hoverText(A, 0, 0)).toContain("`(3,)`");
  expect(await client.hints(A)).toEqual([": (3,)"]);
  expect(client.statuses).toEqual([]);
  expect(logged).toEqual([]);
});

test("questions about documents that are not open are answered with nothing", async () => {
  await client.start();
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  expect(await client.hover(A, 0, 0)).toBeNull();
  expect(await client.hints(A)).toEqual([]);
  expect(await client.connection.sendRequest(PLAYGROUND_AT, { uri: A, range })).toBeNull();
  expect(await client.connection.sendRequest(SHAPE_AT, { uri: A, position: range.start })).toBeNull();
});

test("others may ask for a shape", async () => {
  await client.start();
  await client.open(A, "x = 3\n");
  expect(await client.connection.sendRequest(SHAPE_AT, { uri: A, position: { line: 0, character: 0 } })).toEqual({
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
    kind: "tensor",
    text: "(3,)",
    shape: [3],
    dtype: "float32",
  });
});
