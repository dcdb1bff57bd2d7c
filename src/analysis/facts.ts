/**
 * Records as sights: one for each place and view, joined where seen often. What one run or view of a piece of code saw
 * is summed up once, and put together with what others saw, a chunk at a time.
 */
import type { Chunk } from "../program/syntax.ts";
import { calledIn } from "./customs.ts";
import { describe, kindOf, onlyTensor } from "./describe.ts";
import { asStated } from "./hearsay.ts";
import { joinValues } from "./join.ts";
import type { Context, Record } from "./machine.ts";
import { entryOf } from "../shapes/index.ts";
import type { Fact } from "./result.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

/** More views of one place than this are left out. */
const MAX_CONTEXTS = 16;

/** What was seen at one place, in one view. */
export interface Sight extends Pick<Fact, "role" | "kind" | "shape" | "dtype" | "text" | "operation" | "obvious"> {
  readonly record: Record;
  readonly value: Value;
  /** The calls that lead there: one object for equal calls. */
  readonly context: Context | null;
}

interface Slot {
  readonly record: Record;
  value: Value;
}

type Places<T> = Map<Chunk, Map<number, Map<Context | null, T>>>;

/** Sums up what was recorded together. */
export function sightsOf(records: readonly Record[]): readonly Sight[] {
  const contexts = new Contexts();
  const slots: Places<Slot> = new Map();
  for (const record of records) {
    const views = viewsAt(slots, record);
    const context = contexts.canonical(record.context);
    const known = views.get(context);
    if (known !== undefined) known.value = joinValues(known.value, record.value);
    else if (views.size <= 2 * MAX_CONTEXTS) views.set(context, { record, value: record.value });
  }
  const sights: Sight[] = [];
  for (const places of slots.values()) {
    for (const views of places.values()) {
      for (const [context, { record, value }] of views) sights.push(sightOf(record, value, context));
    }
  }
  return sights;
}

/** What several runs and views saw in one chunk. */
export function mergedSights(groups: readonly (readonly Sight[])[]): readonly Sight[] {
  const called = calledIn(groups);
  const chosen: Places<Sight> = new Map();
  for (const sights of groups) {
    for (const sight of sights) {
      const { record, context } = sight;
      // Where the program's own calls show a function, calls with open arguments add nothing.
      if (context?.open === true && called.has(record.within)) continue;
      const views = viewsAt(chosen, record);
      const known = views.get(context);
      if (known !== undefined) views.set(context, joined(known, sight));
      else if (views.size <= MAX_CONTEXTS) views.set(context, sight);
    }
  }
  return [...chosen.values()].flatMap((places) => [...places.values()].flatMap((views) => [...views.values()]));
}

function joined(a: Sight, b: Sight): Sight {
  const value = joinValues(a.value, b.value);
  return value === a.value ? a : sightOf(a.record, value, a.context);
}

function viewsAt<T>(places: Places<T>, { owner, span, role }: Record): Map<Context | null, T> {
  const inChunk = entryOf(places, owner, () => new Map<number, Map<Context | null, T>>());
  // Start, length and whether it is a binding, in one number: this is looked up for every record.
  const key = span.start * 2 ** 22 + (span.end - span.start) * 2 + (role === "expression" ? 0 : 1);
  return entryOf(inChunk, key, () => new Map<Context | null, T>());
}

/** Contexts with the same calls are one, though a loop made them anew. */
class Contexts {
  readonly #canonical = new Map<Context, Context>();
  readonly #children = new Map<Context | null, Map<Chunk, Map<number, Context>>>();

  canonical(context: Context | null): Context | null {
    if (context === null) return null;
    const known = this.#canonical.get(context);
    if (known !== undefined) return known;
    const parent = this.canonical(context.parent);
    const { owner, span } = context.call;
    const owners = entryOf(this.#children, parent, () => new Map<Chunk, Map<number, Context>>());
    const calls = entryOf(owners, owner, () => new Map<number, Context>());
    const key = span.start * 2 ** 22 + (span.end - span.start);
    const found = calls.get(key) ?? { ...context, parent };
    calls.set(key, found);
    this.#canonical.set(context, found);
    return found;
  }
}

function sightOf(record: Record, merged: Value, context: Context | null): Sight {
  const value = asStated(follow(merged));
  const tensor = value.kind === "union" ? onlyTensor(value) : value;
  const { role, operation, obvious } = record;
  const [shape, dtype] = tensor.kind === "tensor" ? [tensor.shape, tensor.dtype] : [null, null];
  const seen = { role, kind: kindOf(tensor), shape, dtype, text: describe(value), operation, obvious };
  return { ...seen, record, value: merged, context };
}
