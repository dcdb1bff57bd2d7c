/** Turns what was recorded and found into the result of an analysis, file by file. */
import { type Shape, symbolsOf } from "../shapes/index.ts";
import { FactTable, type Offsets, summed } from "./fact-table.ts";
import { mergedFindings } from "./findings.ts";
import type { Machine, View } from "./machine.ts";
import type { FileResult, FileSpan, Result, SymbolOrigin } from "./result.ts";

export function resultsOf(m: Machine, entries: readonly string[], views: readonly View[]): Result {
  const offsets = offsetsOf(m);
  const table = new FactTable(offsets, [...m.sights, ...views.map((view) => view.sights)]);
  const findings = mergedFindings(m, [...m.findings, ...views.flatMap((view) => view.findings)]);
  const files = new Map<string, FileResult>();
  for (const path of new Set([...entries, ...table.paths, ...findings.map(({ span }) => span.path)])) {
    files.set(path, {
      path,
      get facts() {
        return table.all(path);
      },
      factsNear: (start, end) => table.near(path, start, end),
      tally: table.tally(path),
      findings: findings.filter((finding) => finding.span.path === path),
      origins: (shape) => originsOf(offsets, shape),
    });
  }
  const { shapes, unknown } = summed([...files.values()].map(({ tally }) => tally));
  return { files, statistics: { shapes, unknown, steps: m.steps, exhausted: m.exhausted } };
}

function offsetsOf(m: Machine): Offsets {
  const offsets = new Map<object, FileSpan>();
  for (const chunk of m.entered) offsets.set(chunk, m.fileSpan({ start: 0, end: 0 }, chunk));
  return offsets;
}

function originsOf(offsets: Offsets, shape: Shape): readonly SymbolOrigin[] {
  const origins = new Map<string, SymbolOrigin>();
  for (const dim of shape.dims) {
    for (const symbol of symbolsOf(dim)) {
      const { cause } = symbol;
      if (cause === null || symbol.name === "?" || origins.has(symbol.name)) continue;
      const { place } = cause;
      const from = place === null ? undefined : offsets.get(place.owner);
      const span =
        place === null || from === undefined
          ? null
          : { path: from.path, start: from.start + place.start, end: from.start + place.end };
      origins.set(symbol.name, { name: symbol.name, cause, span });
    }
  }
  return [...origins.values()];
}
