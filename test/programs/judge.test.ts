/**
 * Whole programs, judged by what real runs of them held: no claim may be wrong, no finding may stand in a
 * program that runs, and each broken twin gets exactly one error, where the library raises.
 */
import { createHash } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/analysis/result.ts";
import { analyse } from "../fixtures/engine.ts";
import { judge, type Verdict } from "./judge.ts";
import { crashes, read, recorded, twins } from "./record.ts";

const folder = new URL("./", import.meta.url);
const names = readdirSync(fileURLToPath(new URL("correct/", folder)))
  .filter((name) => name.endsWith(".py"))
  .map((name) => name.slice(0, -3));
const verdicts = new Map<string, Verdict>();
const floors = JSON.parse(read("programs/floors.json")) as Readonly<Record<string, readonly [number, number]>>;
const updating = process.env["UPDATE_FIXTURES"] === "1";
/** A file that gets every verdict in full, for reading. */
const report = process.env["JUDGE_REPORT"];
const told: string[] = [];

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function lineOf(text: string, finding: Finding): number {
  return text.slice(0, finding.span.start).split("\n").length;
}

function print(text: string, findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => `${lineOf(text, finding)}: ${finding.severity}[${finding.code}] ${finding.message}`);
}

describe.each(names)("%s", (name) => {
  const text = read(`programs/correct/${name}.py`);
  const record = recorded(name);
  let findings: readonly Finding[] = [];
  let verdict: Verdict = { wrong: [], missing: [], missingNumbers: [], places: 0, shapes: 0 };

  beforeAll(() => {
    const { result } = analyse(`${name}.py`, text);
    findings = result.findings;
    verdict = judge(text, record, result);
    verdicts.set(name, verdict);
    told.push(...print(text, findings).map((finding) => `FINDING ${name}.py:${finding}`));
    told.push(...verdict.wrong.map((line) => `WRONG ${line}`), ...verdict.missing.map((line) => `MISSING ${line}`));
    told.push(...verdict.missingNumbers.map((line) => `NUMBERS ${line}`));
  });

  it("is the program that was run", () => {
    expect(record.sha256).toBe(sha256(text));
  });

  it("has no claim that the run refutes", () => {
    expect(verdict.wrong.join("\n")).toBe("");
  });

  it("has no finding", () => {
    expect(print(text, findings).join("\n")).toBe("");
  });

  it("is known as well as it was", () => {
    const [places, shapes] = floors[name] ?? [0, 0];
    expect(verdict.places - verdict.missing.length, verdict.missing.join("\n")).toBeGreaterThanOrEqual(places);
    expect(verdict.shapes - verdict.missingNumbers.length, verdict.missingNumbers.join("\n")).toBeGreaterThanOrEqual(
      shapes,
    );
  });
});

describe.each(twins())("broken twin $file", (twin) => {
  const text = read(`programs/broken/${twin.file}`);

  it("differs from its twin in one line, and raises where we say", () => {
    const lines = text.split("\n");
    const correct = read(`programs/correct/${twin.file.replace(/(\.\w+)?\.py$/u, ".py")}`).split("\n");
    expect(lines.filter((line, index) => line !== correct[index])).toHaveLength(1);
    expect(lines).toHaveLength(correct.length);
    const crash = crashes().find(({ file }) => file === twin.file);
    expect(crash).toMatchObject({ sha256: sha256(text), crash: { line: twin.line } });
  });

  it("has exactly one error, in the right place", () => {
    const { findings } = analyse(twin.file, text).result;
    told.push(...print(text, findings).map((finding) => `TWIN ${twin.file}, expected at ${twin.line}: ${finding}`));
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(findings, print(text, findings).join("\n")).toHaveLength(1);
    expect(print(text, errors).join("\n")).toMatch(new RegExp(`^${twin.line}: error`, "u"));
    expect(twin.codes).toContain(errors[0]?.code);
  });
});

afterAll(() => {
  const rows = [...verdicts].map(([name, verdict]) => {
    const shapes = verdict.shapes - verdict.missingNumbers.length;
    return {
      name,
      known: verdict.places - verdict.missing.length,
      of: verdict.places,
      numbers: shapes,
      "of all": verdict.shapes,
    };
  });
  if (updating) {
    const lines = rows.map((row) => `  ${JSON.stringify(row.name)}: [${row.known}, ${row.numbers}]`);
    writeFileSync(fileURLToPath(new URL("floors.json", folder)), `{\n${lines.join(",\n")}\n}\n`);
  }
  if (report !== undefined) writeFileSync(report, `${told.join("\n")}\n`);
  const total = (key: "known" | "of" | "numbers" | "of all"): number => rows.reduce((sum, row) => sum + row[key], 0);
  const percent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(1);
  console.log(
    `Programs: the full shape is known at ${percent(total("known"), total("of"))} % of ${total("of")} places, ` +
      `in numbers for ${percent(total("numbers"), total("of all"))} % of ${total("of all")} shapes.`,
  );
});
