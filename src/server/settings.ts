/**
 * The user's settings, read from whatever the client sends: what is absent or wrong counts as its default.
 */
import type { Severities, Severity } from "../editor/index.ts";

export interface Settings {
  readonly hints: boolean;
  readonly hovers: boolean;
  readonly diagnostics: boolean;
  readonly severities: Severities;
}

export const defaultSettings: Settings = { hints: true, hovers: true, diagnostics: true, severities: new Map() };

/** `raw` is what stands below `shapesight`. */
export function settingsFrom(raw: unknown): Settings {
  const diagnostics = field(raw, "diagnostics");
  return {
    hints: enabled(field(raw, "inlayHints")),
    hovers: enabled(field(raw, "hover")),
    diagnostics: enabled(diagnostics),
    severities: severitiesFrom(field(diagnostics, "severity")),
  };
}

export function field(raw: unknown, name: string): unknown {
  return typeof raw === "object" && raw !== null ? (raw as Readonly<Record<string, unknown>>)[name] : undefined;
}

function enabled(section: unknown): boolean {
  return field(section, "enabled") !== false;
}

function severitiesFrom(raw: unknown): Severities {
  if (typeof raw !== "object" || raw === null) return new Map();
  return new Map(
    Object.entries(raw).flatMap(([code, value]: [string, unknown]) => {
      const severity = severityFrom(value);
      return severity === null ? [] : [[code, severity] as const];
    }),
  );
}

function severityFrom(value: unknown): Severity | "off" | null {
  const known = ["error", "warning", "information", "hint", "off"] as const;
  return known.find((severity) => severity === value) ?? null;
}
