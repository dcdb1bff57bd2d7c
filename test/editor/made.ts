// Results made by hand, so that what an editor shows is tested without an analysis.
import { tallyOf } from "../../src/analysis/fact-table.ts";
import type {
  Fact,
  FileResult,
  FileSpan,
  Finding,
  Operation,
  Result,
  SymbolOrigin,
} from "../../src/analysis/result.ts";
import { linesOf, type View } from "../../src/editor/index.ts";
import type { Program } from "../../src/program/syntax.ts";
import { freshSymbol, ofSymbol, printShape, type Dim, type Shape } from "../../src/shapes/index.ts";

export const MODEL = "file:///repo/model.py";

/** The span of a text in the file; `nth` counts its occurrences from zero. */
export function spanOf(text: string, part: string, nth = 0, path = MODEL): FileSpan {
  let start = text.indexOf(part);
  for (let i = 0; i < nth; i++) start = text.indexOf(part, start + 1);
  if (start < 0) throw new Error(`the text does not hold ${part}`);
  return { path, start, end: start + part.length };
}

/** The span's first character: the name `s` of `s = …`. */
export function firstOf(span: FileSpan): FileSpan {
  return { ...span, end: span.start + 1 };
}

export function named(name: string): Dim {
  return ofSymbol(freshSymbol(name, "declared"));
}

export function tensor(span: FileSpan, shape: Shape, more: Partial<Fact> = {}): Fact {
  const fixed = { role: "expression", kind: "tensor", dtype: "float32", context: null, operation: null } as const;
  return { ...fixed, span, shape, text: printShape(shape), obvious: false, ...more };
}

export function operation(more: Partial<Operation>): Operation {
  return {
    name: "operator.@",
    operands: [],
    contracts: [],
    macs: null,
    flops: null,
    docs: {},
    notation: null,
    playground: null,
    parameterCount: null,
    ...more,
  };
}

interface Made {
  readonly facts?: readonly Fact[];
  readonly findings?: readonly Finding[];
  readonly origins?: readonly SymbolOrigin[];
  readonly program?: Program;
}

/** What a file's result says of its facts, as one list. */
export function factsOf(facts: readonly Fact[]): Pick<FileResult, "facts" | "factsNear" | "tally"> {
  return { facts, factsNear: () => [facts], tally: tallyOf(facts) };
}

/** A view of one file with these facts. */
export function viewOf(text: string, made: Made, others: Readonly<Record<string, string>> = {}): View {
  const result: Result = {
    files: new Map([
      [
        MODEL,
        {
          path: MODEL,
          ...factsOf(made.facts ?? []),
          findings: made.findings ?? [],
          origins: (shape) => (made.origins ?? []).filter(({ name }) => printShape(shape).includes(name)),
        },
      ],
    ]),
    statistics: { shapes: 0, unknown: 0, steps: 0, exhausted: null },
  };
  const texts = new Map([[MODEL, text], ...Object.entries(others)]);
  return {
    result,
    sources: {
      lines: (path) => {
        const found = texts.get(path);
        return found === undefined ? null : linesOf(found);
      },
      program: (path) => (path === MODEL ? (made.program ?? programOf(text)) : null),
      name: (path) => path.slice(path.lastIndexOf("/") + 1),
      link: (path, line) => `${path}#L${line + 1}`,
    },
  };
}

/** A program of one chunk whose comments are its directives. */
export function programOf(text: string): Program {
  const directives = [...text.matchAll(/#.*/g)].map((match) => ({
    line: linesOf(text.slice(0, match.index)).starts.length - 1,
    span: { start: match.index, end: match.index + match[0].length },
    text: match[0],
  }));
  return { text, chunks: [{ offset: 0, unit: { text, body: [], broken: false, directives } }] };
}
