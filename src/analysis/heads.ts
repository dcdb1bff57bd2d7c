/**
 * What is known at the head of a loop for every turn at once. It joins states, and runs nothing.
 */
import {
  add,
  asNumber,
  constant,
  type Dim,
  freshSymbol,
  intersectFacts,
  maximum,
  ofSymbol,
  multiply,
  subtract,
  type Sym,
  symbolCount,
  symbolsOf,
  entryOf,
} from "../shapes/index.ts";
import { freshSize } from "./fresh.ts";
import {
  type Path,
  isContent,
  isCore,
  isValue,
  joinCell,
  joinPaths,
  lengthOf,
  sameQuotient,
  sameStrides,
} from "./join.ts";
import type { Machine } from "./machine.ts";
import { ABSENT, isNewer, mapsMade } from "./trail.ts";
import { FORGOTTEN, type ListContent, type Parts, SOME_FLOAT, UNKNOWN, type Value } from "./value.ts";

/**
 * The state at the head of one loop. Each size that changes from turn to turn gets a symbol of its own
 * place (cell and position inside), which stands for its value at the present turn. A value of the turn
 * before that mentions such a symbol at another place would mix two turns: it gets its own symbol too.
 */
export class Heads {
  readonly #anew: ReadonlySet<string>;
  readonly #symbols = new Map<Map<unknown, unknown>, Map<unknown, Map<string, Sym>>>();
  readonly #all = new Set<Sym>();
  readonly #leads = new Set<number>();
  /** How long each list was at first, and by how much a turn makes it longer. */
  readonly #growth = new Map<Map<unknown, unknown>, { readonly start: Dim; by: number | null }>();
  readonly #start = symbolCount();
  readonly #made = mapsMade();

  constructor(anew: ReadonlySet<string>) {
    this.#anew = anew;
  }

  /** Joins the state after a turn into the head. False if that changed nothing. */
  merge(m: Machine, ends: readonly Path[], last: boolean): boolean {
    if (ends.length === 0) return false;
    const base = m.solver.facts;
    const mark = m.trail.mark();
    joinPaths(m, ends);
    m.solver.facts = intersectFacts(base, m.solver.facts, base);
    const after = m.trail.undo(mark);
    for (const growth of this.#growth.values()) growth.by = null;
    let changed = false;
    for (const [map, cells] of after) {
      for (const [key, value] of cells) {
        const before = map.has(key) ? map.get(key) : ABSENT;
        if (before === value) continue;
        if (isContent(key, before) && isContent(key, value) && !isNewer(map, this.#made))
          this.#measure(map, before, value);
        const joined = this.#join(map, key, before, value, last);
        if (joined === before || sameCell(joined, before) || this.#onlyLeadDiffers(joined, before)) continue;
        // Scopes of calls, and lists, that a turn makes are others at every turn.
        const matters = !isNewer(map, this.#made) && !(map === m.frame.variables && this.#anew.has(key as string));
        if (matters) changed = true;
        if (joined === ABSENT) m.trail.delete(map, key);
        else m.trail.set(map, key, joined);
      }
    }
    return changed;
  }

  #measure(map: Map<unknown, unknown>, before: ListContent, after: ListContent): void {
    const [from, to] = [lengthOf(before), lengthOf(after)];
    const growth = entryOf(this.#growth, map, () => ({ start: from, by: null }));
    growth.by = asNumber(subtract(to, from));
  }

  /** After all turns, a list to which every turn has appended as many items is as long as they make it. */
  count(m: Machine, turns: Dim): void {
    for (const [map, { start, by }] of this.#growth) {
      const content = map.get("content");
      if (by === null || !isContent("content", content) || "items" in content) continue;
      // No turns at all, as `range(-1)` has, leave what the list had.
      const surely =
        asNumber(start) === 0 || m.solver.atLeast(turns, 0) === "yes" ? turns : maximum(turns, constant(0));
      m.trail.set(map, "content", { ...content, length: add(start, multiply(surely, constant(by))) });
    }
  }

  #join(map: Map<unknown, unknown>, key: unknown, before: unknown, after: unknown, last: boolean): unknown {
    if (last && sameCell(after, before)) return before;
    if (last && isCore(key, after)) return FORGOTTEN;
    if (last && isContent(key, after)) return { element: UNKNOWN, length: freshSize("/#") };
    if (last && isValue(after)) return before === ABSENT ? { kind: "maybe", value: UNKNOWN } : UNKNOWN;
    const fresh = (path: string): Dim => ofSymbol(this.#symbolFor(map, key, path));
    const own = isValue(after) ? renamed(after, (symbol) => this.#changesByTurn(symbol), fresh) : after;
    if (before === ABSENT) return joinCell(key, ABSENT, own, fresh);
    return joinCell(key, before, own, fresh);
  }

  /** A symbol of this head, or one for a size that came up in the body and is another one at every turn. */
  #changesByTurn(symbol: Sym): boolean {
    return this.#all.has(symbol) || (symbol.kind === "unknown" && symbol.id >= this.#start);
  }

  /** An unknown number of leading dimensions that already stands for every turn need not be renewed. */
  #onlyLeadDiffers(joined: unknown, before: unknown): boolean {
    if (!isValue(joined) || joined.kind !== "tensor" || joined.shape.lead === null) return false;
    const lead = isValue(before) && before.kind === "tensor" ? before.shape.lead : null;
    const own = lead !== null && this.#leads.has(lead.id);
    if (own && sameCell({ ...joined, shape: { ...joined.shape, lead } }, before)) return true;
    this.#leads.add(joined.shape.lead.id);
    return false;
  }

  #symbolFor(map: Map<unknown, unknown>, key: unknown, path: string): Sym {
    const keys = entryOf(this.#symbols, map, () => new Map<unknown, Map<string, Sym>>());
    const paths = entryOf(keys, key, () => new Map<string, Sym>());
    const symbol = entryOf(paths, path, () => freshSymbol("?", "unknown", { min: path.includes("/") ? 0 : null }));
    this.#all.add(symbol);
    return symbol;
  }
}

/** Replaces sizes that mention a symbol of this loop's head, unless it is the one of their own place. */
function renamed(value: Value, changes: (symbol: Sym) => boolean, fresh: (path: string) => Dim, path = ""): Value {
  const dim = (d: Dim, at: string): Dim => {
    const mentioned = [...symbolsOf(d)].some(changes);
    if (!mentioned) return d;
    const own = fresh(at);
    return own.key === d.key ? d : own;
  };
  switch (value.kind) {
    case "tensor": {
      const dims = value.shape.dims.map((d, axis) => dim(d, `${path}/${axis}`));
      const same = dims.every((d, i) => d === value.shape.dims[i]);
      return same
        ? value
        : {
            kind: "tensor",
            shape: { lead: value.shape.lead, dims },
            dtype: value.dtype,
            library: value.library,
            ...(value.weak === true ? { weak: true } : {}),
          };
    }
    case "int": {
      const own = dim(value.value, path);
      return own === value.value ? value : { kind: "int", value: own };
    }
    case "float": {
      const dims = value.quotient === undefined ? [] : [value.quotient.dividend, value.quotient.divisor];
      return dims.some((d) => [...symbolsOf(d)].some(changes)) ? SOME_FLOAT : value;
    }
    case "tuple":
      return { kind: "tuple", items: value.items.map((item, i) => renamed(item, changes, fresh, `${path}.${i}`)) };
    case "maybe":
      return { kind: "maybe", value: renamed(value.value, changes, fresh, path) };
    case "union":
      return { kind: "union", options: value.options.map((option) => renamed(option, changes, fresh, path)) };
    default:
      return value;
  }
}

/** What a list holds that is known by one element for all. */
function isSummary(cell: unknown): cell is Extract<ListContent, { element: Value }> {
  return typeof cell === "object" && cell !== null && "element" in cell && "length" in cell && !("kind" in cell);
}

function sameParts(a: Parts | undefined, b: Parts | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.first.length === b.first.length && sameCell(a.rest, b.rest);
}

/** Whether two cells hold the same abstract value, though not the same object. */
function sameCell(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isSummary(a) && isSummary(b))
    return a.length.key === b.length.key && sameCell(a.element, b.element) && sameParts(a.parts, b.parts);
  if (!isValue(a) || !isValue(b) || a.kind !== b.kind) return false;
  switch (a.kind) {
    case "tensor":
      return (
        b.kind === "tensor" &&
        a.dtype === b.dtype &&
        a.library === b.library &&
        a.weak === b.weak &&
        a.shape.lead?.id === b.shape.lead?.id &&
        a.shape.dims.length === b.shape.dims.length &&
        a.shape.dims.every((d, i) => d.key === b.shape.dims[i]?.key) &&
        sameStrides(a, b)
      );
    case "int":
      return b.kind === "int" && a.value.key === b.value.key;
    case "float":
      return b.kind === "float" && a.value === b.value && sameQuotient(a.quotient, b.quotient);
    case "bool":
    case "string":
      return b.kind === a.kind && a.value === b.value;
    case "tuple":
      return (
        b.kind === "tuple" &&
        a.items.length === b.items.length &&
        a.items.every((item, i) => sameCell(item, b.items[i]))
      );
    case "union":
      return (
        b.kind === "union" &&
        a.options.length === b.options.length &&
        a.options.every((option, i) => sameCell(option, b.options[i]))
      );
    case "maybe":
      return b.kind === "maybe" && sameCell(a.value, b.value);
    case "none":
    case "complex":
    case "unknown":
    case "ellipsis":
      return true;
    default:
      return false;
  }
}
