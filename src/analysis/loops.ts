/**
 * Loops: unrolled over few known elements, otherwise run until the state at their head no longer
 * changes. What changes from one turn to the next is generalised, so that it holds for every turn.
 */
import type { Expr, Stmt } from "../program/syntax.ts";
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
} from "../shapes/index.ts";
import { assignTarget } from "./assign.ts";
import { assume, truthOf } from "./conditions.ts";
import { evaluate } from "./expressions.ts";
import { leaveThrough } from "./finals.ts";
import { freshSize, renew } from "./fresh.ts";
import { iterate } from "./iteration.ts";
import {
  type Path,
  isContent,
  isCore,
  isValue,
  joinCell,
  joinPaths,
  joinValues,
  lengthOf,
  sameQuotient,
  sameStrides,
} from "./join.ts";
import type { Completion, LoopActivation, Machine } from "./machine.ts";
import { entryOf } from "./maps.ts";
import { resolveRecords } from "./records.ts";
import { executeBlock } from "./statements.ts";
import { ABSENT, type Delta, isNewer, mapsMade } from "./trail.ts";
import { FORGOTTEN, type ListContent, SOME_FLOAT, UNKNOWN, type Value } from "./value.ts";

type Of<K extends Stmt["kind"]> = Extract<Stmt, { kind: K }>;

/** Turns of a loop that are run one by one: fewer for loops inside loops, and only where work allows it. */
const MAX_TURNS = 24;
const MAX_NESTED_TURNS = 6;
const MAX_OBJECT_TURNS = 256;
const MAX_ROUNDS = 8;

export function executeFor(m: Machine, statement: Of<"for">): Completion {
  const iterable = evaluate(m, statement.iterable);
  const iteration = iterate(m, iterable);
  if (iteration !== null && iteration.exact && iteration.elements.length <= allowedTurns(m, iteration.elements)) {
    return unroll(m, statement, iteration.elements);
  }
  const element = elementOf(iteration?.elements ?? null);
  const enter = (): boolean => {
    assignTarget(m, statement.target, element());
    return true;
  };
  return generalise(m, {
    enter,
    exit: () => true,
    body: statement.body,
    otherwise: statement.otherwise,
    endless: false,
    turns: iteration?.length ?? null,
  });
}

/** What stands for an element: another one at every turn. */
function elementOf(elements: readonly Value[] | null): () => Value {
  const [first, ...rest] = elements ?? [];
  if (first === undefined) return () => UNKNOWN;
  const all = rest.reduce((a, b) => joinValues(a, b), first);
  return () => renew(all);
}

function allowedTurns(m: Machine, elements: readonly Value[]): number {
  if (elements.some((element) => holdsObject(element))) return MAX_OBJECT_TURNS;
  return m.loops.length === 0 ? MAX_TURNS : MAX_NESTED_TURNS;
}

function holdsObject(value: Value): boolean {
  return (
    value.kind === "instance" ||
    value.kind === "class" ||
    value.kind === "function" ||
    (value.kind === "tuple" && value.items.some(holdsObject))
  );
}

export function executeWhile(m: Machine, statement: Of<"while">): Completion {
  const test = statement.test;
  const endless = truthOf(m, evaluate(m, test)) === "yes" && isConstant(test);
  const enter = (): boolean => truthOf(m, evaluate(m, test)) !== "no" && assume(m, test, true);
  const exit = (): boolean => !endless && truthOf(m, evaluate(m, test)) !== "yes" && assume(m, test, false);
  return generalise(m, { enter, exit, body: statement.body, otherwise: statement.otherwise, endless, turns: null });
}

function isConstant(test: Expr): boolean {
  return test.kind === "literal";
}

export function leaveLoop(m: Machine, kind: "break" | "continue"): void {
  const loop = m.loop();
  if (loop === null) return;
  const paths = kind === "break" ? loop.breaks : loop.continues;
  leaveThrough(m, "loop", () => paths.push({ delta: m.trail.since(loop.mark), facts: m.solver.facts }));
}

function enterLoop(m: Machine): LoopActivation {
  const loop: LoopActivation = { breaks: [], continues: [], mark: m.trail.mark() };
  m.loops.push(loop);
  return loop;
}

/** Runs the body once from the present state; the paths that reach its end, `continue` included. */
function turn(m: Machine, enter: () => boolean, body: readonly Stmt[]): { ends: Path[]; breaks: Path[] } {
  const facts = m.solver.facts;
  const loop = enterLoop(m);
  const first = m.records.length;
  const completion = enter() ? executeBlock(m, body) : "left";
  m.loops.pop();
  m.thrown = false;
  resolveRecords(m, first);
  const path = { delta: m.trail.undo(loop.mark), facts: m.solver.facts };
  m.solver.facts = facts;
  return { ends: completion === "normal" ? [path, ...loop.continues] : loop.continues, breaks: loop.breaks };
}

function unroll(m: Machine, statement: Of<"for">, elements: readonly Value[]): Completion {
  const start = m.trail.mark();
  const facts = m.solver.facts;
  const breaks: Path[] = [];
  let alive = true;
  for (const element of elements) {
    if (!m.step()) break;
    const { ends, breaks: left } = turn(m, () => (assignTarget(m, statement.target, element), true), statement.body);
    // The ways out by `break` start from the state before this turn: make them relative to the loop.
    const before = m.trail.since(start);
    breaks.push(...left.map((path) => ({ delta: compose(before, path.delta), facts: path.facts })));
    if (ends.length === 0) {
      alive = false;
      break;
    }
    joinPaths(m, ends);
  }
  if (alive && executeBlock(m, statement.otherwise) === "left") alive = false;
  if (breaks.length === 0) return alive ? "normal" : "left";
  const end = { delta: m.trail.undo(start), facts: m.solver.facts };
  m.solver.facts = facts;
  joinPaths(m, alive ? [end, ...breaks] : breaks);
  return "normal";
}

function compose(first: Delta, second: Delta): Delta {
  const all = new Map([...first].map(([map, cells]) => [map, new Map(cells)] as const));
  for (const [map, cells] of second) {
    const into = all.get(map);
    if (into === undefined) all.set(map, new Map(cells));
    else for (const [key, value] of cells) into.set(key, value);
  }
  return all;
}

interface Loop {
  /** Enters a turn: binds the target, takes the test to hold. False if there is no further turn. */
  readonly enter: () => boolean;
  /** Leaves at the head; false if control cannot leave there. */
  readonly exit: () => boolean;
  readonly body: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
  readonly endless: boolean;
  /** How many turns there are if none breaks off; null where that is not known. */
  readonly turns: Dim | null;
}

function generalise(m: Machine, loop: Loop): Completion {
  const heads = new Heads();
  const start = m.trail.mark();
  let breaks: Path[] = [];
  m.turning++;
  const { allocations } = m;
  m.allocations ??= new Map();
  for (let round = 0; round < MAX_ROUNDS && m.step(); round++) {
    const { ends, breaks: left } = turn(m, loop.enter, loop.body);
    const before = m.trail.since(start);
    breaks = left.map((path) => ({ delta: compose(before, path.delta), facts: path.facts }));
    if (heads.merge(m, ends, round >= MAX_ROUNDS - 2)) continue;
    if (loop.turns !== null && ends.length > 0) heads.count(m, loop.turns);
    break;
  }
  m.turning--;
  m.allocations = allocations;
  const facts = m.solver.facts;
  const path = ((): Path | null => {
    const alive = loop.exit() && executeBlock(m, loop.otherwise) === "normal";
    const end = { delta: m.trail.undo(start), facts: m.solver.facts };
    m.solver.facts = facts;
    return alive ? end : null;
  })();
  const paths = path === null ? breaks : [path, ...breaks];
  joinPaths(m, paths);
  return paths.length > 0 ? "normal" : "left";
}

/**
 * The state at the head of one loop. Each size that changes from turn to turn gets a symbol of its own
 * place (cell and position inside), which stands for its value at the present turn. A value of the turn
 * before that mentions such a symbol at another place would mix two turns: it gets its own symbol too.
 */
class Heads {
  readonly #symbols = new Map<Map<unknown, unknown>, Map<unknown, Map<string, Sym>>>();
  readonly #all = new Set<Sym>();
  readonly #leads = new Set<number>();
  /** How long each list was at first, and by how much a turn makes it longer. */
  readonly #growth = new Map<Map<unknown, unknown>, { readonly start: Dim; by: number | null }>();
  readonly #start = symbolCount();
  readonly #made = mapsMade();

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
        if (!isNewer(map, this.#made)) changed = true;
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

/** Whether two cells hold the same abstract value, though not the same object. */
function sameCell(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isSummary(a) && isSummary(b)) return a.length.key === b.length.key && sameCell(a.element, b.element);
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
