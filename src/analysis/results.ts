/** Turns what was recorded and found into the result of an analysis, file by file. */
import { type Shape, symbolsOf } from "../shapes/index.ts";
import { mergedFacts } from "./facts.ts";
import { mergedFindings } from "./findings.ts";
import type { Machine, View } from "./machine.ts";
import type { Fact, FileResult, Result, SymbolOrigin } from "./result.ts";

export function resultsOf(
  m: Machine,
  entries: readonly string[],
  views: readonly View[],
  exhausted: string | null,
): Result {
  const all = [{ records: m.records, findings: m.findings }, ...views];
  const facts = new Map<string, Fact[]>();
  let shapes = 0;
  let unknown = 0;
  for (const fact of mergedFacts(
    m,
    all.flatMap((view) => view.records),
  )) {
    const list = facts.get(fact.span.path);
    if (list === undefined) facts.set(fact.span.path, [fact]);
    else list.push(fact);
    if (fact.kind !== "tensor") continue;
    if (fact.shape !== null && fact.shape.lead === null) shapes++;
    else unknown++;
  }
  const findings = mergedFindings(
    m,
    all.flatMap((view) => view.findings),
  );
  const files = new Map<string, FileResult>();
  for (const path of new Set([...entries, ...facts.keys(), ...findings.map(({ span }) => span.path)])) {
    files.set(path, {
      path,
      facts: facts.get(path) ?? [],
      findings: findings.filter((finding) => finding.span.path === path),
      origins: (shape) => originsOf(m, shape),
    });
  }
  return { files, statistics: { shapes, unknown, steps: m.steps, exhausted } };
}

function originsOf(m: Machine, shape: Shape): readonly SymbolOrigin[] {
  const origins = new Map<string, SymbolOrigin>();
  for (const dim of shape.dims) {
    for (const symbol of symbolsOf(dim)) {
      const { cause } = symbol;
      if (cause === null || symbol.name === "?" || origins.has(symbol.name)) continue;
      const { place } = cause;
      const owner = place === null ? null : m.chunkOf(place.owner);
      const span = place === null || owner === null ? null : m.fileSpan({ start: place.start, end: place.end }, owner);
      origins.set(symbol.name, { name: symbol.name, cause, span });
    }
  }
  return [...origins.values()];
}
