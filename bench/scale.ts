// How time and memory grow with the size of a file and of a workspace, beside parsing alone. Times are of the processor,
// since the clock also counts whatever else the machine does; nothing is judged here.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Project, type Engine, type Files } from "../src/editor/index.ts";
import { loadEngine } from "../src/server/engine.ts";
import { programOf } from "./latency/program.ts";

const SIZES = [100, 300, 1000, 3000, 10_000];
const EDITS = 20;
const FILES = 1000;
const PATH = "file:///bench/model.py";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const wasm = (name: string): Uint8Array => readFileSync(createRequire(import.meta.url).resolve(name));
const load = async (): Promise<Engine> =>
  (
    await loadEngine(wasm("web-tree-sitter/web-tree-sitter.wasm"), wasm("tree-sitter-python/tree-sitter-python.wasm"))
  )();

// The first files of a process are slower, since its code is not compiled yet.
await measureFile(1000, 5000);
row("lines", "parse", "first", "per line", "to parse", "place", "place, worst", "edit", "edit, worst", "memory");
for (const lines of SIZES) {
  const { parse, first, places, edits, memory } = await measureFile(lines, 0);
  row(
    String(lines),
    ms(parse),
    ms(first),
    `${((1000 * first) / lines).toFixed(0)} µs`,
    `${(first / parse).toFixed(1)} x`,
    ms(median(places)),
    ms(Math.max(...places)),
    ms(median(edits)),
    ms(Math.max(...edits)),
    megabytes(memory),
  );
}
const whole = await measureWorkspace();
console.log(
  `\n  ${FILES} files of ${whole.lines} lines: ${ms(whole.all)} in all, of which parsing alone takes ${ms(whole.parse)}; ` +
    `${ms(whole.all / FILES)} a file; ${megabytes(whole.memory)} at the end`,
);

/**
 * A file read and analysed for the first time, and again after each of some edits, half of them inside of functions:
 * until the edited place can be answered for, and until all is known.
 */
async function measureFile(lines: number, from: number) {
  const engine = await load();
  const text = programOf(lines, from);
  const parse = busy(() => engine.parse(text, null));
  let current = text;
  const project = new Project(
    filesOf((path) => (path === PATH ? current : null)),
    await load(),
  );
  collect();
  const before = process.memoryUsage().heapUsed;
  const first = busy(() => project.analyze([PATH]));
  collect();
  const memory = process.memoryUsage().heapUsed - before;
  const places: number[] = [];
  const edits = editsOf(text).map(({ edited, at }) => {
    current = edited;
    const place = { path: PATH, start: at, end: at };
    const steps = project.begin([PATH]);
    const near = busy(() => {
      steps.prefer(place);
      while (!steps.isReady(place) && steps.next());
      steps.analysis();
    });
    places.push(near);
    const rest = busy(() => {
      while (steps.next());
      steps.analysis();
    });
    return near + rest;
  });
  return { parse, first, places, edits, memory };
}

/** Files that import each other, as a library's do, each checked as the terminal does. */
async function measureWorkspace() {
  const texts = new Map(Array.from({ length: FILES }, (_, i) => [`file:///bench/library/part_${i}.py`, partOf(i)]));
  const alone = await load();
  const parse = busy(() => texts.forEach((text) => alone.parse(text, null)));
  const engine = await load();
  const project = new Project(
    filesOf((path) => texts.get(path) ?? null),
    engine,
  );
  const all = busy(() => {
    for (const path of texts.keys()) project.analyze([path]);
  });
  collect();
  const lines = [...texts.values()].reduce((sum, text) => sum + text.split("\n").length, 0);
  return { parse, all, lines, memory: process.memoryUsage().heapUsed };
}

function partOf(i: number): string {
  const needs = i === 0 ? [] : [...new Set([i >> 1, Math.max(0, i - 7)])];
  const imports = needs.map((need) => `from library import part_${need} as base_${need}\n`).join("");
  return `${imports}${programOf(60 + ((i * 37) % 120), 11 * i)}`;
}

function filesOf(text: (path: string) => string | null): Files {
  return {
    text,
    isFile: (path) => text(path) !== null,
    rootOf: () => "file:///bench",
    segment: (name) => name,
    link: () => null,
  };
}

/** The file with one number in it changed, again and again at other places. */
function editsOf(source: string): readonly { readonly edited: string; readonly at: number }[] {
  const numbers = [...source.matchAll(/\b\d{1,}\b/g)];
  return Array.from({ length: EDITS }, (_, i) => {
    const { index, 0: number } = numbers[Math.floor(((i + 0.5) * numbers.length) / EDITS)] ?? { index: 0, 0: "" };
    const edited = `${source.slice(0, index)}${Number(number) + 1}${source.slice(index + number.length)}`;
    return { edited, at: index };
  });
}

function busy(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

function ms(time: number): string {
  return `${time.toFixed(time < 10 ? 1 : 0)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}

function row(...cells: string[]): void {
  console.log(`  ${cells.map((cell) => cell.padStart(12)).join("")}`);
}
