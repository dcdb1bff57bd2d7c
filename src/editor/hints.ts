/**
 * The shapes shown between the words of a program: after each name that is bound to a tensor, and only where that
 * tells something which the line does not say already. It knows results and texts.
 */
import type { Fact, FileSpan } from "../analysis/result.ts";
import { printShape } from "../shapes/index.ts";
import { shapePieces } from "./brief.ts";
import { factsAt, leadingFact, spotOf } from "./facts.ts";
import { isNews } from "./news.ts";
import { originSentence, originsOf } from "./origins.ts";
import type { View } from "./sources.ts";

export interface HintPart {
  readonly text: string;
  /** Where the size was introduced. */
  readonly target: FileSpan | null;
  readonly tooltip: string | null;
}

export interface Hint {
  /** The offset behind the name. */
  readonly offset: number;
  readonly parts: readonly HintPart[];
  /** The whole shape and dtype, in plain words. */
  readonly tooltip: string;
}

/** The hints in a range of offsets, in the order of the text. */
export function hintsIn(view: View, path: string, start: number, end: number): readonly Hint[] {
  const file = view.result.files.get(path);
  const lines = view.sources.lines(path);
  if (file === undefined || lines === null) return [];
  const bound = new Map<string, FileSpan>();
  for (const { span, role } of factsAt(file, start, end)) {
    if (role !== "binding" && role !== "parameter") continue;
    if (span.end >= start && span.end <= end) bound.set(`${span.start}:${span.end}`, span);
  }
  return [...bound.values()]
    .map((span) => leadingFact(spotOf(file, span)))
    .filter((fact) => fact !== null)
    .filter((fact) => !fact.obvious && isNews(fact, lines))
    .map((fact) => hintOf(view, path, fact))
    .sort((a, b) => a.offset - b.offset);
}

function hintOf(view: View, path: string, fact: Fact): Hint {
  const shape = fact.shape;
  const origins = originsOf(view, path, shape);
  const pieces = shape === null ? [] : shapePieces(shape);
  const parts = pieces.map(({ text, symbol }) => {
    const origin = symbol === null ? undefined : origins.find(({ name }) => name === symbol);
    if (origin === undefined) return { text, target: null, tooltip: null };
    return { text, target: origin.span, tooltip: originSentence(view, path, origin) };
  });
  return { offset: fact.span.end, parts: joined([part(": "), ...parts]), tooltip: tooltipOf(fact) };
}

function tooltipOf(fact: Fact): string {
  const shape = fact.shape === null ? "" : printShape(fact.shape);
  return fact.dtype === null ? shape : `${shape} ${fact.dtype}`;
}

/** Neighbouring parts without a link become one, so that editors have little to draw. */
function joined(parts: readonly HintPart[]): readonly HintPart[] {
  const result: HintPart[] = [];
  for (const each of parts) {
    const last = result.at(-1);
    const plain = each.target === null && each.tooltip === null;
    if (last !== undefined && plain && last.target === null && last.tooltip === null) {
      result[result.length - 1] = part(last.text + each.text);
    } else result.push(each);
  }
  return result;
}

function part(text: string): HintPart {
  return { text, target: null, tooltip: null };
}
