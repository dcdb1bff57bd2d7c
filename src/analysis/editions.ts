/**
 * What of a file is the same from one edit to the next: a chunk whose text did not change stays the very same object
 * wherever it now stands, and carries a token that changes with anything it can depend on. It runs nothing.
 */
import type { Chunk, Program, Unit } from "../program/syntax.ts";
import { directDependencies } from "./dependencies.ts";

/** One state of a file's text. */
export interface Edition {
  readonly source: Program;
  /** The same program with chunks that outlive edits. */
  readonly program: Program;
  /** The same object as long as nothing has changed that the chunk, and what is defined in it, can depend on. */
  token(chunk: Chunk): object;
  /** Adds a chunk, and all that can depend on it. */
  spread(chunk: Chunk, into: Set<Chunk>): void;
}

/** A chunk that later edits move. */
interface LastingChunk extends Chunk {
  offset: number;
}

interface Standing {
  readonly direct: readonly Chunk[];
  readonly token: object;
}

/** So many files are remembered, those seen last. */
const KEPT_FILES = 16;

export class Editions {
  readonly #editions = new WeakMap<Program, Edition>();
  readonly #latest = new Map<string, { edition: Edition; standing: ReadonlyMap<Chunk, Standing> }>();

  /** The edition that a program belongs to. */
  edition(program: Program): Edition {
    return this.#editions.get(program) ?? this.of("", program);
  }

  of(path: string, source: Program): Edition {
    const before = this.#latest.get(path);
    this.#latest.delete(path);
    if (before?.edition.source === source) {
      this.#latest.set(path, before);
      return before.edition;
    }
    const program = { text: source.text, chunks: lastingChunks(source, before?.edition.program.chunks ?? []) };
    const direct = directDependencies(program);
    const dependents = dependentsOf(direct);
    const standing = standingIn(program, direct, dependents, before?.standing ?? new Map<Chunk, Standing>());
    const edition: Edition = {
      source,
      program,
      token: (chunk) => standing.get(chunk)?.token ?? chunk,
      spread: (chunk, into) => spread(dependents, chunk, into),
    };
    this.#latest.set(path, { edition, standing });
    this.#editions.set(program, edition);
    for (const oldest of this.#latest.keys()) {
      if (this.#latest.size <= KEPT_FILES) break;
      this.#latest.delete(oldest);
    }
    return edition;
  }
}

function lastingChunks(source: Program, before: readonly LastingChunk[]): readonly Chunk[] {
  const known = new Map<Unit, LastingChunk[]>();
  for (const chunk of before) {
    const same = known.get(chunk.unit);
    if (same === undefined) known.set(chunk.unit, [chunk]);
    else same.push(chunk);
  }
  return source.chunks.map(({ unit, offset }) => {
    const chunk = known.get(unit)?.shift();
    if (chunk === undefined) return { unit, offset };
    chunk.offset = offset;
    return chunk;
  });
}

type Links = ReadonlyMap<Chunk, readonly Chunk[]>;

function dependentsOf(direct: Links): Links {
  const dependents = new Map<Chunk, Chunk[]>();
  for (const [chunk, needed] of direct) {
    for (const one of needed) {
      const list = dependents.get(one);
      if (list === undefined) dependents.set(one, [chunk]);
      else list.push(chunk);
    }
  }
  return dependents;
}

function spread(dependents: Links, chunk: Chunk, into: Set<Chunk>): void {
  if (into.has(chunk)) return;
  into.add(chunk);
  const pending = [chunk];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const dependent of dependents.get(next) ?? []) {
      if (into.has(dependent)) continue;
      into.add(dependent);
      pending.push(dependent);
    }
  }
}

/** A chunk keeps its token if what it depends on is the same and has kept its own. */
function standingIn(program: Program, direct: Links, dependents: Links, before: ReadonlyMap<Chunk, Standing>) {
  const changed = new Set<Chunk>();
  for (const [chunk, needed] of direct)
    if (!sameItems(needed, before.get(chunk)?.direct ?? [])) spread(dependents, chunk, changed);
  return new Map(
    program.chunks.map((chunk) => {
      const token = (changed.has(chunk) ? undefined : before.get(chunk)?.token) ?? {};
      return [chunk, { direct: direct.get(chunk) ?? [], token }] as const;
    }),
  );
}

/** Whether two lists hold the very same objects. */
export function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
