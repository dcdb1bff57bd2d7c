/**
 * From what an editor shows, as plain data, to the language server protocol.
 */
import {
  DiagnosticSeverity,
  DiagnosticTag,
  InlayHintKind,
  MarkupKind,
  type Diagnostic,
  type Hover,
  type InlayHint,
  type InlayHintLabelPart,
  type Location,
  type Range,
} from "vscode-languageserver";
import type { FileSpan, Finding } from "../analysis/result.ts";
import {
  linesOf,
  positionAt,
  type Hint,
  type HintPart,
  type Lines,
  type Severity,
  type View,
} from "../editor/index.ts";
import type * as editor from "../editor/index.ts";

export function rangeOf(lines: Lines, start: number, end: number): Range {
  return { start: positionAt(lines, start), end: positionAt(lines, end) };
}

export function toHover(lines: Lines, { markdown, start, end }: editor.Hover): Hover {
  return { contents: { kind: MarkupKind.Markdown, value: markdown }, range: rangeOf(lines, start, end) };
}

export function toInlayHint(view: View, lines: Lines, hint: Hint): InlayHint {
  return {
    position: positionAt(lines, hint.offset),
    label: hint.parts.map((part) => toLabelPart(view, part)),
    kind: InlayHintKind.Type,
    tooltip: hint.tooltip,
    paddingLeft: false,
  };
}

function toLabelPart(view: View, { text, target, tooltip }: HintPart): InlayHintLabelPart {
  const location = target === null ? null : locationOf(view, target);
  return {
    value: text,
    ...(tooltip === null ? {} : { tooltip }),
    ...(location === null ? {} : { location }),
  };
}

export function toDiagnostic(view: View, finding: Finding, rules: string | null): Diagnostic {
  const { span, code, severity, message, related, unnecessary } = finding;
  return {
    range: locationOf(view, span).range,
    severity: SEVERITIES[severity],
    code,
    ...(rules === null ? {} : { codeDescription: { href: `${rules}/${code}.md` } }),
    source: "shapesight",
    message: message.replaceAll("`", ""),
    ...(unnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    relatedInformation: related.map((each) => ({
      location: locationOf(view, each.span),
      message: each.message.replaceAll("`", ""),
    })),
  };
}

function locationOf({ sources }: View, { path, start, end }: FileSpan): Location {
  return { uri: path, range: rangeOf(sources.lines(path) ?? linesOf(""), start, end) };
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};
