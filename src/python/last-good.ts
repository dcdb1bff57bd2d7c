/**
 * Keeps what was last read of a chunk while its text is unreadable, so that typing a header or an open
 * string does not take everything below with it. It compares program forms and moves spans, no syntax.
 */
import type { Chunk, Stmt, Unit } from "../program/syntax.ts";

/**
 * Replaces chunks that lost definitions by their previous form. A chunk which is as it was keeps its
 * previous unit, so that it stays the same object while other chunks are edited.
 */
export function keepLastGood(chunks: readonly Chunk[], previous: readonly Chunk[]): readonly Chunk[] {
  if (!chunks.some(({ unit }) => unit.broken)) return chunks;
  const earlier = new Map(previous.map(({ unit }) => [unit.text, unit]));
  const definitions = definitionsByName(previous);
  return chunks.map((chunk) => {
    if (!chunk.unit.broken) return chunk;
    const same = earlier.get(chunk.unit.text);
    if (same !== undefined) return { offset: chunk.offset, unit: same };
    const before = definitions.get(definedName(chunk.unit.text) ?? "");
    return before !== undefined && lostDefinitions(chunk.unit, before)
      ? { offset: chunk.offset, unit: moved(before, chunk.unit) }
      : chunk;
  });
}

/** A name that is defined more than once tells nothing. */
function definitionsByName(chunks: readonly Chunk[]): ReadonlyMap<string, Unit> {
  const definitions = new Map<string, Unit>();
  const ambiguous = new Set<string>();
  for (const { unit } of chunks) {
    const name = definedName(unit.text);
    if (name === null) continue;
    if (definitions.has(name)) ambiguous.add(name);
    definitions.set(name, unit);
  }
  for (const name of ambiguous) definitions.delete(name);
  return definitions;
}

const DEFINITION = /^(?:[@#][^\n]*\n\s*)*(?:async[ \t]+)?(def|class)[ \t]+(\w+)/u;

/** `def name` or `class name` if the chunk's text starts with that. */
function definedName(text: string): string | null {
  const found = DEFINITION.exec(text);
  return found === null ? null : `${found[1] ?? ""} ${found[2] ?? ""}`;
}

/** Functions and classes that are still written in the text, but can no longer be read from it. */
function lostDefinitions(now: Unit, before: Unit): boolean {
  const readable = new Set(definitionsIn(now.body));
  const missing = definitionsIn(before.body).filter((name) => !readable.has(name));
  if (missing.some((name) => new RegExp(`(?:def|class)[ \\t]+${name}\\b`, "u").test(now.text))) return true;
  return readable.size > 0 && countStatements(now.body) * 2 < countStatements(before.body) && isCloseTo(now, before);
}

/** Nothing was deleted: the text has about the length it had. */
function isCloseTo(now: Unit, before: Unit): boolean {
  return now.text.length * 10 > before.text.length * 9;
}

function definitionsIn(body: readonly Stmt[]): readonly string[] {
  return body.flatMap((statement) =>
    statement.kind === "function" || statement.kind === "class"
      ? [statement.name, ...definitionsIn(statement.body)]
      : blocksOf(statement).flatMap(definitionsIn),
  );
}

function countStatements(body: readonly Stmt[]): number {
  return body.reduce((count, statement) => {
    const inner = blocksOf(statement).reduce((sum, block) => sum + countStatements(block), 0);
    return count + inner + (statement.kind === "unreadable" ? 0 : 1);
  }, 0);
}

function blocksOf(statement: Stmt): readonly (readonly Stmt[])[] {
  switch (statement.kind) {
    case "function":
    case "class":
    case "with":
      return [statement.body];
    case "if":
      return [statement.then, statement.otherwise];
    case "while":
    case "for":
      return [statement.body, statement.otherwise];
    case "try":
      return [statement.body, ...statement.handlers.map(({ body }) => body), statement.otherwise, statement.finally];
    case "match":
      return statement.cases.map(({ body }) => body);
    default:
      return [];
  }
}

/** The earlier form on the new text: spans behind the edited region move, those across it stretch. */
function moved(before: Unit, now: Unit): Unit {
  const place = placeAfterEdit(before.text, now.text);
  // Moving spans keeps the structure of what is moved.
  const body = moveSpans(before.body, place) as readonly Stmt[];
  return { text: now.text, body, broken: true, directives: now.directives };
}

type Place = (offset: number, isEnd: boolean) => number;

/** Where an offset of the old text lies in the new one, taking what differs as one edit. */
function placeAfterEdit(old: string, text: string): Place {
  const limit = Math.min(old.length, text.length);
  let head = 0;
  while (head < limit && old.charCodeAt(head) === text.charCodeAt(head)) head += 1;
  let tail = 0;
  while (tail < limit - head && old.charCodeAt(old.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)) {
    tail += 1;
  }
  return (offset, isEnd) => {
    if (offset <= head) return offset;
    if (offset >= old.length - tail) return offset + text.length - old.length;
    return isEnd ? text.length - tail : head;
  };
}

function moveSpans(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((item) => moveSpans(item, place));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key === "start" && typeof inner === "number") return [key, place(inner, false)];
    if (key === "end" && typeof inner === "number") return [key, place(inner, true)];
    return [key, moveSpans(inner, place)];
  });
  return Object.fromEntries(entries);
}
