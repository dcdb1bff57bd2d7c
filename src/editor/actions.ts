/**
 * Changes that an editor offers besides remedies: silence a finding, take away a silence, write a shape down as a comment,
 * an assertion or an annotation. They know results and texts, and how Python writes each of them.
 */
import type { Fact, Finding } from "../analysis/result.ts";
import type { FunctionDefinition } from "../program/syntax.ts";
import { eachStatement } from "../program/walk.ts";
import { asNumber, printDim, printShape, type Shape } from "../shapes/index.ts";
import { leadingFact, spotAt, spotOf } from "./facts.ts";
import { ignoresIn } from "./ignore.ts";
import { lineText, positionAt, type Lines } from "./lines.ts";
import type { View } from "./sources.ts";

/** A change of one file; `text` stands for what lies between the offsets. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Action {
  readonly title: string;
  readonly changes: readonly Change[];
}

/** A comment that silences the finding, at the end of its first line, or above it where nothing can stand behind it. */
export function ignoreAction(view: View, path: string, finding: Finding): Action | null {
  const lines = view.sources.lines(path);
  const program = view.sources.program(path);
  if (lines === null || program === null || finding.code === "unused-ignore") return null;
  const { line } = positionAt(lines, finding.span.start);
  const title = `Ignore \`${finding.code}\` here`;
  const known = ignoresIn(path, program, lines).find((ignore) => ignore.line === line);
  if (known !== undefined) {
    const codes = known.codes === null ? [finding.code] : [...new Set([...known.codes, finding.code])];
    return { title, changes: [{ ...known.span, text: `# shapesight: ignore[${codes.join(", ")}]` }] };
  }
  const text = lineText(lines, line);
  const start = lines.starts[line] ?? 0;
  const comment = `# shapesight: ignore[${finding.code}]`;
  if (!endsInString(text) && !text.endsWith("\\")) {
    const at = start + text.trimEnd().length;
    return { title, changes: [{ start: at, end: at, text: `  ${comment}` }] };
  }
  const indent = /^\s*/.exec(text)?.[0] ?? "";
  return { title, changes: [{ start, end: start, text: `${indent}${comment}\n` }] };
}

/** Whether a string of several lines may still be open at the end of the line. */
function endsInString(line: string): boolean {
  return (line.split('"""').length - 1) % 2 === 1 || (line.split("'''").length - 1) % 2 === 1;
}

/** Takes away a comment that silences nothing, with the blanks before it, or its whole line. */
export function removalOf(view: View, finding: Finding): Action | null {
  const lines = view.sources.lines(finding.span.path);
  if (finding.code !== "unused-ignore" || lines === null) return null;
  const { line } = positionAt(lines, finding.span.start);
  const start = lines.starts[line] ?? 0;
  const text = lineText(lines, line);
  const before = text.slice(0, finding.span.start - start);
  const alone = before.trim() === "" && finding.span.end === start + text.trimEnd().length;
  const change = alone
    ? { start, end: lines.starts[line + 1] ?? start + text.length, text: "" }
    : { start: start + before.trimEnd().length, end: finding.span.end, text: "" };
  return { title: "Remove the unused comment", changes: [change] };
}

/** What can be written down of the value at a place. */
export function writingActions(view: View, path: string, offset: number): readonly Action[] {
  const lines = view.sources.lines(path);
  const spot = spotAt(view, path, offset);
  const fact = spot === null ? null : leadingFact(spot);
  if (lines === null || fact === null) return [];
  if (fact.role === "function") return annotation(view, path, fact);
  if (fact.role !== "binding" || fact.shape === null || fact.shape.lead !== null) return [];
  return [...comment(lines, fact, fact.shape), ...assertion(view, lines, fact, fact.shape)];
}

function comment(lines: Lines, { span }: Fact, shape: Shape): readonly Action[] {
  const { line } = positionAt(lines, span.start);
  const text = lineText(lines, line);
  if (text.includes("#") || text.endsWith("\\") || endsInString(text) || /[([{,]\s*$/.test(text)) return [];
  const printed = printShape(shape);
  if (printed.includes("?")) return [];
  const at = (lines.starts[line] ?? 0) + text.trimEnd().length;
  return [
    { title: `Write the shape as a comment: ${printed}`, changes: [{ start: at, end: at, text: `  # ${printed}` }] },
  ];
}

/** Only numbers: a symbol need not be a name of the program. */
function assertion(view: View, lines: Lines, fact: Fact, shape: Shape): readonly Action[] {
  const { span } = fact;
  const statement = statementAround(view, span.path, span.start);
  if (statement === null || !shape.dims.every((dim) => asNumber(dim) !== null)) return [];
  const first = positionAt(lines, statement.start).line;
  const last = positionAt(lines, statement.end).line;
  const text = lineText(lines, first);
  const indent = text.slice(0, statement.start - (lines.starts[first] ?? 0));
  const after = lineText(lines, last).slice(statement.end - (lines.starts[last] ?? 0));
  if (indent.trim() !== "" || /;/.test(after)) return [];
  const at = (lines.starts[last] ?? 0) + lineText(lines, last).length;
  const name = lines.text.slice(span.start, span.end);
  const written = `assert ${name}.shape == ${printShape(shape)}`;
  return [
    {
      title: `Assert the shape: ${printShape(shape)}`,
      changes: [{ start: at, end: at, text: `\n${indent}${written}` }],
    },
  ];
}

function statementAround(
  view: View,
  path: string,
  offset: number,
): { readonly start: number; readonly end: number } | null {
  for (const chunk of view.sources.program(path)?.chunks ?? []) {
    let found: { readonly start: number; readonly end: number } | null = null;
    eachStatement(chunk.unit.body, ({ kind, span }) => {
      const start = chunk.offset + span.start;
      const end = chunk.offset + span.end;
      if (kind === "assign" && start <= offset && offset < end) found = { start, end };
    });
    if (found !== null) return found;
  }
  return null;
}

/** Shapes of jaxtyping for all parameters and the result of a function, as far as they are known. */
function annotation(view: View, path: string, fact: Fact): readonly Action[] {
  const found = functionAt(view, path, fact.span.start);
  const file = view.result.files.get(path);
  const lines = view.sources.lines(path);
  if (found === null || file === undefined || lines === null) return [];
  const changes = found.definition.parameters.flatMap(({ nameSpan, annotation: stated }): readonly Change[] => {
    if (stated !== null) return [];
    const span = { path, start: found.offset + nameSpan.start, end: found.offset + nameSpan.end };
    const known = leadingFact(spotOf(file, span));
    const type = known === null ? null : jaxtyping(lines.text, known);
    return type === null ? [] : [{ start: span.end, end: span.end, text: `: ${type}` }];
  });
  if (changes.length === 0) return [];
  const imported = /^from jaxtyping import .*\bFloat\b/m.test(lines.text);
  const top = imported
    ? []
    : [
        {
          start: importsEnd(view, path),
          end: importsEnd(view, path),
          text: "from jaxtyping import Bool, Float, Int\n",
        },
      ];
  return [{ title: "Annotate the signature with its shapes", changes: [...top, ...changes] }];
}

/** `Float[torch.Tensor, "B T 768"]`; null where too little is known to say it. */
function jaxtyping(text: string, { kind, shape, dtype }: Fact): string | null {
  if (kind !== "tensor" || shape === null) return null;
  const dims = shape.dims.map(printDim);
  if (!dims.every((dim) => /^\w+$/.test(dim))) return null;
  const array = /^import torch\b/m.test(text)
    ? "torch.Tensor"
    : /^import numpy as np\b/m.test(text)
      ? "np.ndarray"
      : null;
  if (array === null) return null;
  const type =
    dtype === null || dtype.includes("float")
      ? "Float"
      : dtype === "bool"
        ? "Bool"
        : dtype.includes("int")
          ? "Int"
          : null;
  const lead = shape.lead === null ? [] : ["..."];
  return type === null ? null : `${type}[${array}, "${[...lead, ...dims].join(" ")}"]`;
}

/** Behind the imports at the top of the file. */
function importsEnd(view: View, path: string): number {
  const program = view.sources.program(path);
  const text = program?.text ?? "";
  const imports =
    program?.chunks.filter(({ unit }) => unit.body.some(({ kind }) => kind === "import" || kind === "import-from")) ??
    [];
  const last = imports[0];
  if (last === undefined) return 0;
  const body = last.unit.body.at(-1);
  const end = text.indexOf("\n", last.offset + (body?.span.end ?? 0));
  return end < 0 ? text.length : end + 1;
}

function functionAt(
  view: View,
  path: string,
  offset: number,
): { readonly definition: FunctionDefinition; readonly offset: number } | null {
  for (const chunk of view.sources.program(path)?.chunks ?? []) {
    let found: FunctionDefinition | null = null;
    eachStatement(chunk.unit.body, (statement) => {
      if (statement.kind === "function" && chunk.offset + statement.nameSpan.start === offset) found = statement;
    });
    if (found !== null) return { definition: found, offset: chunk.offset };
  }
  return null;
}
