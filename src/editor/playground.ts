/**
 * The operation at a place, in the form in which the playground is asked to show it: plain data with names, sizes and
 * the place in the code. It knows results and texts, not the playground.
 */
import type { Fact, FileSpan, PlaygroundCall } from "../analysis/result.ts";
import { asNumber, mentionsUnknown, printDim, type Shape } from "../shapes/index.ts";
import { composedAt, type Composed } from "./composed.ts";
import { assignedTo, factsAt, sameSpan } from "./facts.ts";
import { lineText, offsetAt, positionAt, type Lines } from "./lines.ts";
import { short } from "./markdown.ts";
import type { View } from "./sources.ts";

interface PlaygroundOperation {
  readonly operator: PlaygroundCall["operator"];
  readonly operands: readonly { readonly name: string; readonly dims: readonly (number | string)[] }[];
  readonly title: string;
  readonly source: { uri: string; file: string; line: number; character: number; code: string };
  readonly result?: string;
  readonly options: { readonly causal?: boolean; readonly scale?: number; readonly dtype?: string };
}

/** The operation that fills exactly this range, or else the smallest around it, or else the first on its line. */
export function playgroundAt(view: View, path: string, start: number, end: number): PlaygroundOperation | null {
  const file = view.result.files.get(path);
  const lines = view.sources.lines(path);
  if (file === undefined || lines === null) return null;
  const composed = composedAt(view, path, start, end);
  if (composed !== null) return composedOperation(view, lines, composed);
  const meant = { path, start, end };
  const { line } = positionAt(lines, start);
  const lineEnd = offsetAt(lines, { line: line + 1, character: 0 });
  const facts = factsAt(file, offsetAt(lines, { line, character: 0 }), Math.max(end, lineEnd));
  const playable = facts.filter(isPlayable);
  const fact = exactly(view, playable, facts, meant) ?? around(playable, meant) ?? onLine(playable, lines, start);
  const call = fact?.operation?.playground ?? null;
  return fact === undefined || call === null ? null : operationOf(view, lines, fact, call);
}

/** Attention that is written out, as if it were one call. */
function composedOperation(view: View, lines: Lines, composed: Composed): PlaygroundOperation {
  const { q, k, v, output, span, scale, causal, masked } = composed;
  const { line, character } = positionAt(lines, span.start);
  const file = view.sources.name(span.path);
  return {
    operator: "attention",
    operands: [q, k, v].map(({ name, code, dims }) => ({ name: short(name ?? code, 80), dims })),
    title: titleOf("attention", masked, file, line),
    source: { uri: span.path, file, line, character, code: short(lineText(lines, line), 2000) },
    ...(output.name === null ? {} : { result: short(output.name, 80) }),
    options: { ...(causal ? { causal: true } : {}), ...(scale === null ? {} : { scale }) },
  };
}

/** What the values of a mask are is known to the running program alone: the playground says that it goes without. */
function titleOf(operator: string, masked: boolean, file: string, line: number): string {
  return `${operator}${masked ? " without its mask" : ""} — ${file}:${line + 1}`;
}

function exactly(view: View, playable: readonly Fact[], facts: readonly Fact[], meant: FileSpan): Fact | undefined {
  const here = playable.find(({ span }) => sameSpan(span, meant));
  if (here !== undefined || !facts.some(({ role, span }) => role === "binding" && sameSpan(span, meant))) {
    return here;
  }
  return assignedTo(view, meant).find(isPlayable);
}

function isPlayable({ operation }: Fact): boolean {
  return operation !== null && operation.playground !== null;
}

function around(playable: readonly Fact[], meant: FileSpan): Fact | undefined {
  const holding = playable.filter(({ span }) => span.start <= meant.start && meant.end <= span.end);
  return holding.toSorted((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start))[0];
}

function onLine(playable: readonly Fact[], lines: Lines, offset: number): Fact | undefined {
  const { line } = positionAt(lines, offset);
  return playable.find(({ span }) => positionAt(lines, span.start).line === line);
}

function operationOf(view: View, lines: Lines, fact: Fact, call: PlaygroundCall): PlaygroundOperation {
  const { path, start } = fact.span;
  const { line, character } = positionAt(lines, start);
  const file = view.sources.name(path);
  const result = resultName(view, lines, fact);
  return {
    operator: call.operator,
    operands: namedOperands(call),
    title: titleOf(call.operator, call.masked, file, line),
    source: { uri: path, file, line, character, code: short(lineText(lines, line), 2000) },
    ...(result === null ? {} : { result }),
    options: {
      ...(call.causal ? { causal: true } : {}),
      ...(call.scale === null ? {} : { scale: call.scale }),
      ...(call.dtype === null ? {} : { dtype: call.dtype }),
    },
  };
}

/** A size that nobody named gets a name of its own: two of them need not be equal. */
function namedOperands(call: PlaygroundCall): PlaygroundOperation["operands"] {
  const names = new Map<string, string>();
  const dimOf = (dim: Shape["dims"][number]): number | string => {
    const n = asNumber(dim);
    if (n !== null) return n;
    if (!mentionsUnknown(dim)) return printDim(dim);
    const name = names.get(dim.key) ?? `n${names.size + 1}`;
    names.set(dim.key, name);
    return name;
  };
  return call.operands.map(({ name, shape }) => ({ name: short(name, 80), dims: shape.dims.slice(-8).map(dimOf) }));
}

/** The name that the value is bound to, where the statement is nothing but that. */
function resultName(view: View, lines: Lines, fact: Fact): string | null {
  const file = view.result.files.get(fact.span.path);
  const facts = file === undefined ? [] : factsAt(file, fact.span.start, fact.span.end);
  const bound = facts.find(
    ({ role, span }) =>
      role === "binding" &&
      span.end <= fact.span.start &&
      fact.span.start - span.end < 40 &&
      assignedTo(view, span).some((assigned) => sameSpan(assigned.span, fact.span)),
  );
  return bound === undefined ? null : short(lines.text.slice(bound.span.start, bound.span.end), 80);
}
