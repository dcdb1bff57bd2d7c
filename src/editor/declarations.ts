/**
 * What a project declares in its `pyproject.toml`, under `[tool.shapesight.functions]`, and what is wrong with it. It
 * knows the file's form and the catalogue's notation, and not where files lie.
 */
import type { Declarations } from "../analysis/index.ts";
import type { Finding } from "../analysis/result.ts";
import { declareOperator, isKnownName } from "../ops/index.ts";
import { readToml, type TomlEntry } from "./toml.ts";

export const SETTINGS_FILE = "pyproject.toml";

export interface ProjectSettings {
  readonly declarations: Declarations;
  /** In the settings file itself. */
  readonly findings: readonly Finding[];
}

/** Null where the file says nothing of Shapesight. */
export function readSettings(path: string, text: string): ProjectSettings | null {
  if (!text.includes("shapesight")) return null;
  const entries = readToml(text).filter(({ path: [tool, name] }) => tool === "tool" && name === "shapesight");
  if (entries.length === 0) return null;
  const functions: Declarations["functions"][number][] = [];
  const findings: Finding[] = [];
  for (const entry of entries) {
    const mistake = mistakeIn(entry);
    if (mistake === null) functions.push({ name: nameOf(entry), text: entry.value ?? "", span: entry.key });
    else findings.push(finding(path, mistake));
  }
  return { declarations: { path, text, functions }, findings };
}

function nameOf({ path }: TomlEntry): string {
  return path.slice(3).join(".");
}

interface Mistake {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

const EXAMPLE = '`"my_ops.fused" = "(b,n,d),(b,m,d)->(b,n,m)"`';

function mistakeIn(entry: TomlEntry): Mistake | null {
  const { path, key, value, at } = entry;
  const [, , section = ""] = path;
  const name = nameOf(entry);
  if (section !== "functions" || path.length === 3)
    return {
      message: `Shapesight reads \`[tool.shapesight.functions]\` and no \`${section}\` here, with lines such as ${EXAMPLE}.`,
      ...key,
    };
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(name))
    return { message: `\`${name}\` is no name of a function in a module. Write both, as in ${EXAMPLE}.`, ...key };
  if (isKnownName(name))
    return { message: `\`${name}\` is known to Shapesight, and a declaration cannot change it.`, ...key };
  if (value === null) return { message: `A declaration is a string, as in ${EXAMPLE}.`, ...at };
  const made = declareOperator(name, value, null);
  if ("operator" in made) return null;
  const { message, start, end } = made.mistake;
  // Escapes move what comes after them, so that only the whole text can be shown.
  const plain = value.length === at.end - at.start;
  return { message, ...(plain && value !== "" ? { start: at.start + start, end: at.start + end } : at) };
}

function finding(path: string, { message, start, end }: Mistake): Finding {
  const span = { path, start, end };
  return { span, code: "declaration", severity: "error", message, shapes: [], related: [], unnecessary: false };
}
