/**
 * `shapes`: the shapes in the named files, which are one program, for people or for other programs.
 */
import path from "node:path";
import { Project, type Engine } from "../editor/index.ts";
import { Fixer } from "../fixes/index.ts";
import { DiskFiles, notebookAt, readSource } from "./files.ts";
import { fileToJson } from "./json.ts";
import { listing } from "./listing.ts";
import { paintFor, write } from "./output.ts";
import { absolute, kindOf, named, type Named } from "./paths.ts";

/** A sentence where a path is no file that can be read. */
export function problemWith(written: string): string | null {
  const kind = kindOf(written);
  if (kind === "missing") return `There is no file \`${written}\`.`;
  if (kind === "folder") return null;
  const read = readSource(absolute(written));
  return "problem" in read ? `\`${written}\` ${read.problem}.` : null;
}

export async function printShapes(
  engine: () => Engine,
  paths: readonly string[],
  json: boolean,
  python: string | null,
): Promise<void> {
  const files = paths.map(named);
  const disk = new DiskFiles([], python === null ? null : absolute(python));
  const project = new Project(disk, engine());
  const analysis = project.analyze(files.map((file) => file.path));
  if (analysis === null) throw new Error("The analysis was cancelled although nobody asked for that.");
  const { view } = analysis;
  if (json) {
    const shown = showing(files);
    const fixer = new Fixer(disk, engine(), [...new Set(files.map((file) => file.path))], view);
    const value = { version: 1, files: files.map((file) => fileToJson(view, fixer, file, shown)) };
    await write(`${JSON.stringify(value)}\n`);
    return;
  }
  const paint = paintFor(process.stdout);
  for (const [i, file] of files.entries()) {
    const title = files.length === 1 ? "" : `${i === 0 ? "" : "\n"}${paint.bold(`# ${file.shown}`)}\n`;
    await write(`${title}${listing(view, file.path, paint, notebookAt(file.path))}\n`);
  }
}

/** Files are shown as the user named them, others as they lie from here. */
export function showing(files: readonly Named[]): (path: string) => string {
  const names = new Map(files.map((file) => [file.path, file.shown]));
  return (absolutePath) => names.get(absolutePath) ?? path.relative(process.cwd(), absolutePath);
}
