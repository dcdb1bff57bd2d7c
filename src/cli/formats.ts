/**
 * Findings in the forms that other programs read: one JSON value, annotations of GitHub Actions, SARIF 2.1.0.
 * It knows these forms and nothing of how findings are made.
 */
import { RULES } from "../ops/rules.ts";
import type { Reported, Region } from "./finding.ts";

export function toJson(findings: readonly Reported[], files: number): string {
  return `${JSON.stringify({ version: 1, files, findings: findings.map(({ json }) => json) })}\n`;
}

/** Workflow commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function toGithub({ path, region, code, severity, message }: Reported): string {
  const kind = severity === "error" ? "error" : severity === "warning" ? "warning" : "notice";
  const { startLine, startColumn, endLine, endColumn } = region;
  // Columns only count on a single line.
  const columns = startLine === endLine ? `,col=${startColumn},endColumn=${endColumn}` : "";
  const where = `file=${property(path)},line=${startLine},endLine=${endLine}${columns}`;
  return `::${kind} ${where},title=${property(`shapesight(${code})`)}::${data(message)}\n`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

const LEVELS = { error: "error", warning: "warning", information: "note", hint: "note" } as const;

export function toSarif(findings: readonly Reported[], version: string): string {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const rules = codes.map((id) => ({ id, ...ruleText(id) }));
  const results = findings.map((finding) => ({
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: LEVELS[finding.severity],
    message: { text: finding.message },
    locations: [location(finding.path, finding.region)],
    partialFingerprints: { "shapesight/v1": fingerprint(finding) },
    ...(finding.related.length === 0 ? {} : { relatedLocations: finding.related.map(relatedLocation) }),
  }));
  const driver = { name: "Shapesight", version, rules };
  const run = { tool: { driver }, columnKind: "utf16CodeUnits", results };
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return `${JSON.stringify(log)}\n`;
}

function ruleText(code: string): object {
  const rule = Object.entries(RULES).find(([known]) => known === code)?.[1];
  return rule === undefined
    ? {}
    : { shortDescription: { text: rule.title }, defaultConfiguration: { level: LEVELS[rule.severity] } };
}

function location(path: string, region: Region): object {
  return { physicalLocation: { artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") }, region } };
}

function relatedLocation({ path, region, message }: Reported["related"][number], id: number): object {
  return { id, ...location(path, region), message: { text: message } };
}

/** What stays the same while lines are added above: file, rule and the text of the line. */
export function fingerprint({ path, code, line }: Reported): string {
  return `${path} ${code} ${line.trim()}`;
}
