/**
 * The findings of a file as an editor shows them: severities as the user set them, silenced ones left out, and
 * silencing comments that silence nothing pointed out. It knows results and programs.
 */
import type { Finding } from "../analysis/result.ts";
import type { ProjectSettings } from "./declarations.ts";
import { ignoresIn, type Ignore } from "./ignore.ts";
import { linesOf, positionAt, type Lines } from "./lines.ts";
import type { View } from "./sources.ts";

export type Severity = Finding["severity"];

/** Severities by code; what is not named keeps its own. */
export type Severities = ReadonlyMap<string, Severity | "off">;

export function findingsOf(view: View, path: string, severities: Severities): readonly Finding[] {
  const found = view.result.files.get(path)?.findings ?? [];
  const program = view.sources.program(path);
  const lines = view.sources.lines(path) ?? linesOf("");
  const ignores = program === null ? [] : ignoresIn(path, program, lines);
  const used = new Set<Ignore>();
  const kept = found.filter((finding) => {
    const silencing = ignores.filter((ignore) => silences(ignore, finding, lines));
    silencing.forEach((ignore) => used.add(ignore));
    return silencing.length === 0;
  });
  // What was not analysed to the end, or could not be read, may still hold what the comment silences.
  const whole = view.result.statistics.exhausted === null && program?.chunks.every(({ unit }) => !unit.broken) === true;
  const unused = whole ? ignores.filter((ignore) => !used.has(ignore)).map(unusedIgnore) : [];
  return [...kept, ...unused].flatMap((finding) => withSeverity(finding, severities));
}

function silences({ line, codes }: Ignore, { span, code }: Finding, lines: Lines): boolean {
  if (codes !== null && !codes.includes(code)) return false;
  return positionAt(lines, span.start).line <= line && line <= positionAt(lines, span.end).line;
}

function unusedIgnore({ span, codes }: Ignore): Finding {
  const what = codes === null ? "nothing here" : `no ${codes.map((code) => `\`${code}\``).join(" or ")} here`;
  return {
    span,
    code: "unused-ignore",
    severity: "hint",
    message: `There is ${what} to ignore: this comment can go.`,
    shapes: [],
    related: [],
    unnecessary: true,
  };
}

/** What is wrong with the settings of a project. */
export function settingsFindings({ findings }: ProjectSettings, severities: Severities): readonly Finding[] {
  return findings.flatMap((finding) => withSeverity(finding, severities));
}

function withSeverity(finding: Finding, severities: Severities): readonly Finding[] {
  const severity = severities.get(finding.code) ?? finding.severity;
  return severity === "off" ? [] : [{ ...finding, severity }];
}
