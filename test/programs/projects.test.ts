/**
 * Programs of several files, judged like the others: every file by what it held while `main.py` ran.
 */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { FileResult } from "../../src/analysis/result.ts";
import { analyseFiles } from "../fixtures/engine.ts";
import { judge } from "./judge.ts";
import { read, recorded } from "./record.ts";

const folder = new URL("correct/", import.meta.url);
const projects = readdirSync(fileURLToPath(folder), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name.startsWith("project_"))
  .map(({ name }) => name);

function filesOf(project: string): readonly string[] {
  const all = readdirSync(fileURLToPath(new URL(project, folder)), { recursive: true, encoding: "utf8" });
  return all.filter((name) => name.endsWith(".py")).map((name) => name.replaceAll("\\", "/"));
}

describe.each(projects)("%s", (project) => {
  const paths = filesOf(project);
  const texts = new Map(paths.map((path) => [path, read(`programs/correct/${project}/${path}`)]));
  let results: ((path: string) => FileResult) | null = null;

  beforeAll(() => {
    results = analyseFiles(texts);
  });

  it.each(paths)("%s: no claim is refuted, no shape is missing, and there is no finding", (path) => {
    const text = texts.get(path) ?? "";
    const result = results?.(path);
    if (result === undefined) throw new Error("There is no result.");
    const verdict = judge(text, recorded(`${project}/${path.replaceAll("/", ".")}`), result);
    const findings = result.findings.map(({ code, message }) => `${code}: ${message}`);
    expect([...verdict.wrong, ...findings].join("\n")).toBe("");
    expect(verdict.missing.length, verdict.missing.join("\n")).toBeLessThanOrEqual(unknownIn[path] ?? 0);
  });
});

/** Places whose full shape is not known: where in the data a window of it starts is drawn at random. */
const unknownIn: Readonly<Record<string, number>> = { "data.py": 11, "main.py": 6 };
