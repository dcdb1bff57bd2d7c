/** Records of all views as the facts of the result: one for each place and view, joined where seen often. */
import type { Chunk } from "../program/syntax.ts";
import { describe, kindOf, onlyTensor } from "./describe.ts";
import { asStated } from "./hearsay.ts";
import { joinValues } from "./join.ts";
import type { Context, Machine, Record } from "./machine.ts";
import { entryOf } from "./maps.ts";
import type { Fact, FileSpan } from "./result.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

/** More views of one place than this are left out. */
const MAX_CONTEXTS = 16;

interface Slot {
  readonly record: Record;
  value: Value;
}

export function mergedFacts(m: Machine, records: readonly Record[]): Fact[] {
  const called = new Set<object | null>();
  for (const { context, within } of records) if (context?.open === false) called.add(within);
  const contexts = new Contexts(m);
  const slots = new Map<Chunk, Map<number, Map<Context | null, Slot>>>();
  for (const record of records) {
    // Where the program's own calls show a function, calls with open arguments add nothing.
    if (record.context?.open === true && called.has(record.within)) continue;
    const views = viewsAt(slots, record);
    const context = contexts.canonical(record.context);
    const known = views.get(context);
    if (known !== undefined) known.value = joinValues(known.value, record.value);
    else if (views.size <= MAX_CONTEXTS) views.set(context, { record, value: record.value });
  }
  const facts: Fact[] = [];
  for (const places of slots.values()) {
    for (const views of places.values()) {
      for (const [context, slot] of views) facts.push(factOf(m, slot, contexts.chain(context)));
    }
  }
  return facts;
}

function viewsAt(slots: Map<Chunk, Map<number, Map<Context | null, Slot>>>, record: Record): Map<Context | null, Slot> {
  const { owner, span, role } = record;
  const places = entryOf(slots, owner, () => new Map<number, Map<Context | null, Slot>>());
  // Start, length and whether it is a binding, in one number: this is looked up for every record.
  const key = span.start * 2 ** 22 + (span.end - span.start) * 2 + (role === "expression" ? 0 : 1);
  return entryOf(places, key, () => new Map<Context | null, Slot>());
}

/** Contexts with the same calls are one, though a loop made them anew. */
class Contexts {
  readonly #machine: Machine;
  readonly #canonical = new Map<Context, Context>();
  readonly #children = new Map<Context | null, Map<Chunk, Map<number, Context>>>();
  readonly #chains = new Map<Context, readonly FileSpan[]>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

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

  chain(context: Context | null): readonly FileSpan[] | null {
    if (context === null) return null;
    const known = this.#chains.get(context);
    if (known !== undefined) return known;
    const { owner, span } = context.call;
    const chain = [...(this.chain(context.parent) ?? []), this.#machine.fileSpan(span, owner)];
    this.#chains.set(context, chain);
    return chain;
  }
}

function factOf(m: Machine, { record, value: merged }: Slot, context: readonly FileSpan[] | null): Fact {
  const value = asStated(follow(merged));
  const tensor = value.kind === "union" ? onlyTensor(value) : value;
  return {
    span: m.fileSpan(record.span, record.owner),
    role: record.role,
    kind: kindOf(tensor),
    shape: tensor.kind === "tensor" ? tensor.shape : null,
    dtype: tensor.kind === "tensor" ? tensor.dtype : null,
    text: describe(value),
    context,
    operation: record.operation,
    obvious: record.obvious,
  };
}
