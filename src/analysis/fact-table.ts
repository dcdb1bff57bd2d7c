/**
 * The facts of one result, worked out a chunk at a time and when somebody asks: an edit changes what was seen in few
 * chunks, and an editor asks for few. It shows sights at their places in the text, and runs nothing.
 */
import type { Chunk, Span } from "../program/syntax.ts";
import { type Sight, mergedSights } from "./facts.ts";
import type { Context } from "./machine.ts";
import { entryOf } from "../shapes/index.ts";
import type { Fact, FileSpan, Tally } from "./result.ts";

/** Where the chunks of the files that are shown stand at the time of the result. Later edits move them. */
export type Offsets = ReadonlyMap<object, FileSpan>;

/** The sights of one run or view in one chunk. */
type Part = readonly Sight[];

interface Merged {
  readonly parts: readonly Part[];
  readonly sights: readonly Sight[];
  readonly tally: Tally;
}

interface Placed {
  readonly span: Span;
  readonly context: unknown;
}

/** What was seen together, by chunk: the same arrays come back from edit to edit. */
const partsOfGroups = new WeakMap<Part, ReadonlyMap<Chunk, Part>>();
const merged = new WeakMap<Chunk, Merged>();

export class FactTable {
  readonly #offsets: Offsets;
  readonly #chunks = new Map<string, { readonly chunk: Chunk; readonly place: FileSpan; readonly merged: Merged }[]>();
  readonly #facts = new Map<Chunk, readonly Fact[]>();
  readonly #chains = new Map<Context, readonly FileSpan[]>();

  constructor(offsets: Offsets, groups: readonly Part[]) {
    this.#offsets = offsets;
    const parts = new Map<Chunk, Part[]>();
    for (const group of groups) {
      for (const [chunk, part] of byChunk(group)) entryOf(parts, chunk, () => []).push(part);
    }
    for (const [chunk, list] of parts) {
      const place = this.#place(chunk, 0, 0);
      entryOf(this.#chunks, place.path, () => []).push({ chunk, place, merged: mergedParts(chunk, list) });
    }
    for (const list of this.#chunks.values()) list.sort((a, b) => a.place.start - b.place.start);
  }

  get paths(): Iterable<string> {
    return this.#chunks.keys();
  }

  all(path: string): readonly Fact[] {
    return (this.#chunks.get(path) ?? []).flatMap(({ chunk, merged: { sights } }) => this.#factsOf(chunk, sights));
  }

  /** The facts of the chunks that a range of offsets touches, a list for each. */
  near(path: string, start: number, end: number): readonly (readonly Fact[])[] {
    const touched = (this.#chunks.get(path) ?? []).filter(
      ({ chunk, place }) => place.start <= end && start <= place.start + chunk.unit.text.length,
    );
    return touched.map(({ chunk, merged: { sights } }) => this.#factsOf(chunk, sights));
  }

  tally(path: string): Tally {
    const tallies = (this.#chunks.get(path) ?? []).map((each) => each.merged.tally);
    return summed(tallies);
  }

  #factsOf(chunk: Chunk, sights: readonly Sight[]): readonly Fact[] {
    return entryOf(this.#facts, chunk, () => sights.map((sight) => this.#factOf(sight)));
  }

  #factOf({ record, role, kind, shape, dtype, text, operation, obvious, context }: Sight): Fact {
    const span = this.#place(record.owner, record.span.start, record.span.end);
    return { span, role, kind, shape, dtype, text, context: this.#chainOf(context), operation, obvious };
  }

  /** The calls of a context with their places. */
  #chainOf(context: Context | null): readonly FileSpan[] | null {
    if (context === null) return null;
    const known = this.#chains.get(context);
    if (known !== undefined) return known;
    const { owner, span } = context.call;
    const chain = [...(this.#chainOf(context.parent) ?? []), this.#place(owner, span.start, span.end)];
    this.#chains.set(context, chain);
    return chain;
  }

  #place(owner: object, start: number, end: number): FileSpan {
    const { path, start: offset } = this.#offsets.get(owner) ?? { path: "", start: 0 };
    return { path, start: offset + start, end: offset + end };
  }
}

function byChunk(group: Part): ReadonlyMap<Chunk, Part> {
  return entryOf(partsOfGroups, group, () => {
    const parts = new Map<Chunk, Sight[]>();
    for (const sight of group) entryOf(parts, sight.record.owner, () => []).push(sight);
    return parts;
  });
}

function mergedParts(chunk: Chunk, parts: readonly Part[]): Merged {
  const known = merged.get(chunk);
  if (known?.parts.length === parts.length && known.parts.every((part, i) => part === parts[i])) return known;
  const sights = mergedSights(parts);
  const tally = tallyOf(
    sights.map(({ record, kind, shape, context }) => ({ span: record.span, kind, shape, context })),
  );
  const made = { parts, sights, tally };
  merged.set(chunk, made);
  return made;
}

/** Counts what facts of one file say of tensors. */
export function tallyOf(facts: Iterable<Pick<Fact, "kind" | "shape"> & Placed>): Tally {
  const general = new Map<string, boolean>();
  let [shapes, unknown] = [0, 0];
  for (const { span, kind, shape, context } of facts) {
    if (kind !== "tensor") continue;
    const isKnown = shape !== null && shape.lead === null;
    if (isKnown) shapes++;
    else unknown++;
    if (context === null) general.set(`${span.start}:${span.end}`, isKnown);
  }
  const known = [...general.values()].filter((isKnown) => isKnown).length;
  return { shapes, unknown, known, open: general.size - known };
}

export function summed(tallies: readonly Tally[]): Tally {
  const total = (part: (tally: Tally) => number): number => tallies.reduce((sum, tally) => sum + part(tally), 0);
  return {
    shapes: total((tally) => tally.shapes),
    unknown: total((tally) => tally.unknown),
    known: total((tally) => tally.known),
    open: total((tally) => tally.open),
  };
}
