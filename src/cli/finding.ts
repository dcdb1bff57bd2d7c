/**
 * A finding as the terminal reports it, in plain data: it can be printed in any format, and kept from run to run.
 */
import type { Finding, FileSpan } from "../analysis/result.ts";
import { lineText, linesOf, positionAt, type View } from "../editor/index.ts";
import type { Fix } from "../fixes/index.ts";
import { findingToJson, placeOf } from "./json.ts";
import { underline } from "./listing.ts";

export interface Reported {
  /** `model.py:88:5`. */
  readonly place: string;
  readonly path: string;
  /** Counted from one; columns in UTF-16 units. */
  readonly region: Region;
  readonly code: string;
  readonly severity: Finding["severity"];
  readonly message: string;
  readonly related: readonly { readonly path: string; readonly region: Region; readonly message: string }[];
  /** The line in question, and carets below what is at fault. */
  readonly line: string;
  readonly marker: string;
  /** As `--format json` prints it. */
  readonly json: object;
}

export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function reported(
  view: View,
  finding: Finding,
  fixes: readonly Fix[],
  shown: (path: string) => string,
): Reported {
  const { span, code, severity, message } = finding;
  const lines = view.sources.lines(span.path) ?? linesOf("");
  const { line } = positionAt(lines, span.start);
  return {
    place: placeOf(view, span, shown),
    path: shown(span.path),
    region: regionOf(view, span),
    code,
    severity,
    message,
    related: finding.related.map((each) => ({
      path: shown(each.span.path),
      region: regionOf(view, each.span),
      message: each.message,
    })),
    line: lineText(lines, line),
    marker: underline(finding, lines, line),
    json: { path: shown(span.path), ...findingToJson(view, finding, fixes, shown) },
  };
}

/** A file that could not be read, as a finding at its beginning. */
export function unreadable(path: string, problem: string): Reported {
  const region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  const what = { code: "unreadable", severity: "warning", message: `This file ${problem}.` } as const;
  return { place: `${path}:1:1`, path, region, ...what, related: [], line: "", marker: "", json: { path, ...what } };
}

function regionOf({ sources }: View, { path, start, end }: FileSpan): Region {
  const lines = sources.lines(path) ?? linesOf("");
  const from = positionAt(lines, start);
  const to = positionAt(lines, end);
  return {
    startLine: from.line + 1,
    startColumn: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
  };
}
