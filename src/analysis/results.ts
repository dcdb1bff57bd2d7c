/**
 * Turns the records and findings of a run into its result: one fact for each place and view, one
 * finding for each place and code. Values seen several times at one place are joined.
 */
import { type Cause, printDim, printShape, type Shape, symbolsOf } from "../shapes/index.ts";
import type { Chunk } from "../program/syntax.ts";
import { joinValues } from "./join.ts";
import type { Context, Machine, PendingFinding, Record } from "./machine.ts";
import type { Fact, FactKind, FileResult, FileSpan, Finding, Result, SymbolOrigin } from "./result.ts";
import { contentOf, type Value } from "./value.ts";
import { follow } from "./variable.ts";

/** More views of one place than this are left out. */
const MAX_CONTEXTS = 16;

export function resultsOf(m: Machine, entries: readonly string[], exhausted: string | null): Result {
  const facts = new Map<string, Fact[]>();
  let shapes = 0;
  let unknown = 0;
  for (const fact of mergedFacts(m)) {
    const list = facts.get(fact.span.path);
    if (list === undefined) facts.set(fact.span.path, [fact]);
    else list.push(fact);
    if (fact.kind === "tensor") {
      if (fact.shape !== null && fact.shape.lead === null) shapes++;
      else unknown++;
    }
  }
  const findings = mergedFindings(m.findings);
  const files = new Map<string, FileResult>();
  for (const path of new Set([...entries, ...facts.keys()])) {
    files.set(path, {
      path,
      facts: facts.get(path) ?? [],
      findings: findings.filter((finding) => finding.span.path === path),
      origins: (shape) => originsOf(m, shape),
    });
  }
  return { files, statistics: { shapes, unknown, steps: m.steps, exhausted } };
}

function mergedFacts(m: Machine): Fact[] {
  const chains = new Map<Context, FileSpan[]>();
  const slots = new Map<Chunk, Map<string, Map<Context | null, { record: Record; value: Value }>>>();
  const called = new Set(
    m.records.flatMap((record) => (record.context !== null && !record.general ? [record.within] : [])),
  );
  for (const record of m.records) {
    // Where the program's own calls show a function, calls from general views add nothing.
    if (record.general && record.context !== null && called.has(record.within)) continue;
    let places = slots.get(record.owner);
    if (places === undefined) slots.set(record.owner, (places = new Map()));
    const binding = record.role === "expression" ? "e" : "b";
    const key = `${record.span.start}:${record.span.end}:${binding}`;
    let views = places.get(key);
    if (views === undefined) places.set(key, (views = new Map()));
    const canonical = canonicalContext(m, record.context);
    const known = views.get(canonical);
    if (known === undefined) {
      if (views.size <= MAX_CONTEXTS) views.set(canonical, { record, value: record.value });
    } else known.value = joinValues(known.value, record.value);
  }
  const facts: Fact[] = [];
  for (const places of slots.values()) {
    for (const views of places.values()) {
      for (const [context, { record, value }] of views) facts.push(factOf(m, record, value, chainOf(context, chains)));
    }
  }
  return facts;
}

/** Contexts with the same calls are one, though a loop made them anew. */
function canonicalContext(m: Machine, context: Context | null): Context | null {
  if (context === null) return null;
  const known = m.canonical.get(context);
  if (known !== undefined) return known;
  const parent = canonicalContext(m, context.parent);
  const key = `${context.call.path}:${context.call.start}:${context.call.end}`;
  let children = m.contextChildren.get(parent);
  if (children === undefined) m.contextChildren.set(parent, (children = new Map()));
  const found = children.get(key) ?? { parent, call: context.call, depth: context.depth };
  children.set(key, found);
  m.canonical.set(context, found);
  return found;
}

function chainOf(context: Context | null, chains: Map<Context, FileSpan[]>): readonly FileSpan[] | null {
  if (context === null) return null;
  const known = chains.get(context);
  if (known !== undefined) return known;
  const chain = [...(chainOf(context.parent, chains) ?? []), context.call];
  chains.set(context, chain);
  return chain;
}

function factOf(m: Machine, record: Record, merged: Value, context: readonly FileSpan[] | null): Fact {
  const value = follow(merged);
  const tensor = value.kind === "union" ? onlyTensor(value) : value;
  const shape = tensor.kind === "tensor" ? tensor.shape : null;
  return {
    span: m.fileSpan(record.span, record.owner),
    role: record.role,
    kind: kindOf(tensor),
    shape,
    dtype: tensor.kind === "tensor" ? tensor.dtype : null,
    text: describe(value),
    context,
    operation: value === record.value || record.operation === null ? record.operation : { ...record.operation },
    obvious: record.obvious,
  };
}

/** A tensor that may be None is shown as the tensor. */
function onlyTensor(value: Extract<Value, { kind: "union" }>): Value {
  const some = value.options.filter((option) => option.kind !== "none");
  const [only] = some;
  return some.length === 1 && only !== undefined ? follow(only) : value;
}

function kindOf(value: Value): FactKind {
  switch (value.kind) {
    case "tensor":
    case "int":
    case "float":
    case "bool":
    case "string":
    case "none":
    case "dict":
    case "dtype":
    case "class":
    case "module":
      return value.kind;
    case "tuple":
    case "record":
    case "range":
      return "tuple";
    case "list":
      return value.flavour === "set" ? "set" : "list";
    case "lazy":
      return "list";
    case "library":
      return "module";
    case "function":
    case "method":
    case "tensor-method":
    case "builtin":
    case "builtin-method":
    case "partial":
      return "function";
    case "instance":
      return value.core.get("core")?.kind === "layer" && value.class === null ? "layer" : "object";
    case "super":
    case "slice":
      return "object";
    case "ellipsis":
    case "variable":
    case "prospect":
    case "union":
    case "maybe":
    case "unknown":
      return "unknown";
    default:
      return value satisfies never;
  }
}

/** A value in a few words, as Python would print it where it has a print. */
export function describe(value: Value, depth = 0): string {
  const seen = follow(value);
  switch (seen.kind) {
    case "tensor":
      return printShape(seen.shape);
    case "int":
      return printDim(seen.value);
    case "float":
    case "bool":
      return seen.value === null
        ? seen.kind
        : seen.kind === "bool"
          ? seen.value
            ? "True"
            : "False"
          : String(seen.value);
    case "string":
      return seen.value === null
        ? "str"
        : JSON.stringify(seen.value.length > 40 ? `${seen.value.slice(0, 40)}…` : seen.value);
    case "none":
      return "None";
    case "tuple":
      return tupleText(seen.items, depth);
    case "record":
      return tupleText([...seen.fields.values()], depth);
    case "list": {
      const content = contentOf(seen);
      if (depth > 1 || !("items" in content) || content.items.length > 8) return "[…]";
      return `[${content.items.map((item) => describe(item, depth + 1)).join(", ")}]`;
    }
    case "range":
      return `range(${printDim(seen.start)}, ${printDim(seen.stop)})`;
    case "library":
      return seen.name;
    case "class":
      return seen.name;
    case "instance":
      return seen.class?.name ?? seen.library ?? "object";
    case "function":
      return seen.definition.kind === "function" ? seen.definition.name : "lambda";
    case "method":
      return seen.function.definition.kind === "function" ? seen.function.definition.name : "lambda";
    case "union":
      return seen.options.map((option) => describe(option, depth + 1)).join(" | ");
    case "dtype":
      return seen.dtype;
    default:
      return "?";
  }
}

function tupleText(items: readonly Value[], depth: number): string {
  if (depth > 2) return "(…)";
  const parts = items.map((item) => describe(item, depth + 1));
  return parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(", ")})`;
}

/**
 * One finding for each mistake. At one place the general view speaks for all calls; a layer at fault in
 * several places is one mistake; and where a call of a function ends in an error, what the general view
 * finds further down in it is a consequence.
 */
function mergedFindings(pending: readonly PendingFinding[]): Finding[] {
  const chosen = new Map<string, PendingFinding>();
  const sites = new Set<string>();
  for (const finding of pending) {
    const key = `${finding.span.path}:${finding.span.start}:${finding.span.end}:${finding.code}`;
    const known = chosen.get(key);
    const site = finding.site === null ? null : `${finding.site}:${finding.code}`;
    if (known === undefined && ((site !== null && sites.has(site)) || isConsequence(finding, pending))) continue;
    if (site !== null) sites.add(site);
    if (known === undefined || (!known.general && finding.general)) chosen.set(key, finding);
  }
  return [...chosen.values()].map(
    ({ context: _context, general: _general, within: _within, site: _site, ...finding }) => finding,
  );
}

function isConsequence(finding: PendingFinding, pending: readonly PendingFinding[]): boolean {
  if (!finding.general || finding.severity !== "error" || finding.within === null) return false;
  return pending.some(
    (other) =>
      !other.general &&
      other.severity === "error" &&
      other.within === finding.within &&
      other !== finding &&
      other.span.start <= finding.span.start,
  );
}

function originsOf(m: Machine, shape: Shape): readonly SymbolOrigin[] {
  const origins = new Map<string, SymbolOrigin>();
  for (const dim of shape.dims) {
    for (const symbol of symbolsOf(dim)) {
      const cause: Cause | null = symbol.cause;
      if (cause === null || symbol.name === "?" || origins.has(symbol.name)) continue;
      const { place } = cause;
      const owner = place === null ? null : m.chunkOf(place.owner);
      const span = place === null || owner === null ? null : m.fileSpan({ start: place.start, end: place.end }, owner);
      origins.set(symbol.name, { name: symbol.name, cause, span });
    }
  }
  return [...origins.values()];
}
