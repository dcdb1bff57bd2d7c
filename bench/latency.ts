// How long a person waits for shapes: the first result for a file of 1,000 lines, and the result after an edit.
// Engine alone, and through the language server from the edit to the hover, as an editor sees it.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Project, type Files } from "../src/editor/index.ts";
import { loadEngine } from "../src/server/engine.ts";
import { programOf } from "./latency/program.ts";
import { Client } from "../test/server/client.ts";

const LINES = 1000;
const EDITS = 60;
/** Files of their own that are opened one after the other. */
const FILES = 9;
const PATH = "file:///bench/model.py";

interface Row {
  readonly what: string;
  readonly milliseconds: number;
  /** Of it, what this process worked; on a machine that others use, the rest was waiting for them. */
  readonly busy: number | null;
  readonly limit: number | null;
}

interface Time {
  readonly wall: number;
  readonly busy: number;
}

const text = programOf(LINES);
const rows: readonly Row[] = [...(await engineAlone()), ...(existsSync("dist/server.js") ? await throughServer() : [])];
for (const { what, milliseconds, busy, limit } of rows) {
  const judged = limit === null ? "" : milliseconds <= limit ? `within ${limit} ms` : `OVER ${limit} ms`;
  const worked = busy === null ? "" : `${busy.toFixed(1).padStart(8)} ms of work`;
  console.log(`  ${what.padEnd(54)} ${milliseconds.toFixed(1).padStart(8)} ms ${worked.padEnd(20)}  ${judged}`);
}
if (rows.some(({ milliseconds, limit }) => limit !== null && milliseconds > limit)) process.exitCode = 1;

async function engineAlone(): Promise<readonly Row[]> {
  const wasm = (name: string): Uint8Array => readFileSync(createRequire(import.meta.url).resolve(name));
  const start = performance.now();
  const engines = await loadEngine(
    wasm("web-tree-sitter/web-tree-sitter.wasm"),
    wasm("tree-sitter-python/tree-sitter-python.wasm"),
  );
  const engine = engines();
  const loaded = performance.now();
  let current = text;
  const project = new Project(
    filesOf(() => current),
    engine,
  );
  const first = measured(() => project.analyze([PATH]));
  const opened = Array.from({ length: FILES }, (_, i) => {
    current = programOf(LINES, 1000 * (i + 1));
    return measured(() => project.analyze([PATH]));
  });
  current = text;
  project.analyze([PATH]);
  const times = edits(text).map((edited) => {
    current = edited;
    return measured(() => project.analyze([PATH]));
  });
  return [
    { what: "engine: loading", milliseconds: loaded - start, busy: null, limit: null },
    {
      what: `engine: first file of a fresh process, ${LINES} lines`,
      milliseconds: first.wall,
      busy: first.busy,
      limit: null,
    },
    { what: `engine: first result of a file, ${LINES} lines, median`, ...quantile(opened, 0.5), limit: 300 },
    { what: "engine: after an edit, median", ...quantile(times, 0.5), limit: 50 },
    { what: "engine: after an edit, 95th percentile", ...quantile(times, 0.95), limit: null },
  ];
}

/** A fresh server process: what it takes from opening the file to its diagnostics, and from an edit to a hover. */
async function throughServer(): Promise<readonly Row[]> {
  const server = spawn(process.execPath, ["dist/server.js", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const client = new Client({ readable: server.stdout, writable: server.stdin });
  await client.start();
  const opened = performance.now();
  await client.open(PATH, text);
  await client.diagnosed(PATH, () => true);
  const first = performance.now() - opened;
  const others: Time[] = [];
  for (let i = 1; i <= FILES; i++) {
    const path = PATH.replace("model", `model${i}`);
    const start = performance.now();
    await client.open(path, programOf(LINES, 1000 * i));
    await client.diagnosed(path, () => true);
    others.push({ wall: performance.now() - start, busy: Number.NaN });
  }
  const times: Time[] = [];
  for (const line of editedLines(text)) {
    const start = performance.now();
    await client.edit(PATH, line, 999, 999, "  ");
    await client.hover(PATH, line, indentOf(text, line));
    times.push({ wall: performance.now() - start, busy: Number.NaN });
  }
  await client.stop();
  return [
    { what: "server: opening the first file to its diagnostics", milliseconds: first, busy: null, limit: null },
    { what: "server: opening a file to its diagnostics, median", ...quantile(others, 0.5), busy: null, limit: 300 },
    { what: "server: edit to hover, median", ...quantile(times, 0.5), busy: null, limit: 50 },
    { what: "server: edit to hover, 95th percentile", ...quantile(times, 0.95), busy: null, limit: null },
  ];
}

function filesOf(current: () => string): Files {
  return {
    text: (path) => (path === PATH ? current() : null),
    isFile: (path) => path === PATH,
    rootOf: () => "file:///bench",
    segment: (name) => name,
    link: () => null,
  };
}

/** The file with one number in it changed, again and again at other places: what a person changes changes shapes. */
function edits(source: string): readonly string[] {
  const numbers = [...source.matchAll(/\b\d{2,}\b/g)];
  return Array.from({ length: EDITS }, (_, i) => {
    const { index, 0: number } = numbers[Math.floor((i * numbers.length) / EDITS)] ?? { index: 0, 0: "" };
    return `${source.slice(0, index)}${Number(number) + i}${source.slice(index + number.length)}`;
  });
}

function editedLines(source: string): readonly number[] {
  const lines = source.split("\n");
  const code = lines.flatMap((line, i) => (/^\s+\w+ = /.test(line) ? [i] : []));
  return Array.from({ length: EDITS }, (_, i) => code[Math.floor((i * code.length) / EDITS)] ?? 0);
}

function indentOf(source: string, line: number): number {
  return /^\s*/.exec(source.split("\n")[line] ?? "")?.[0].length ?? 0;
}

function measured(work: () => unknown): Time {
  const start = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - start, busy: (user + system) / 1000 };
}

function quantile(times: readonly Time[], part: number): Pick<Row, "milliseconds" | "busy"> {
  const at = Math.min(times.length - 1, Math.floor(part * times.length));
  const sorted = (of: (time: Time) => number): number => times.map(of).toSorted((a, b) => a - b)[at] ?? 0;
  return { milliseconds: sorted(({ wall }) => wall), busy: sorted(({ busy }) => busy) };
}
