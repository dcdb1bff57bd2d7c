/**
 * A file with findings that a project knows of: only what is new is reported. Findings are told by file, rule and the
 * text of their line, so that edits elsewhere move nothing.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fingerprint } from "./formats.ts";
import type { Reported } from "./finding.ts";

/** How many findings of each fingerprint are known; a sentence where the file cannot be used. */
export function readBaseline(path: string): Map<string, number> | string {
  if (!existsSync(path)) return `There is no baseline \`${path}\`; \`--write-baseline\` makes it.`;
  try {
    const raw: unknown = JSON.parse(readFileSync(path, "utf8"));
    const known = typeof raw === "object" && raw !== null && "findings" in raw ? raw.findings : null;
    if (typeof known !== "object" || known === null) return `\`${path}\` is no baseline.`;
    return new Map(
      Object.entries(known).flatMap(([key, count]: [string, unknown]) =>
        typeof count === "number" ? [[key, count] as const] : [],
      ),
    );
  } catch {
    return `\`${path}\` is no baseline.`;
  }
}

export function writeBaseline(path: string, findings: readonly Reported[]): void {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(fingerprint(finding), (counts.get(fingerprint(finding)) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(path, `${JSON.stringify({ version: 1, findings: Object.fromEntries(sorted) }, null, 2)}\n`);
}

/** Whether the finding is known; each entry counts once. */
export function isKnown(baseline: Map<string, number>, finding: Reported): boolean {
  const key = fingerprint(finding);
  const left = baseline.get(key) ?? 0;
  if (left > 0) baseline.set(key, left - 1);
  return left > 0;
}
