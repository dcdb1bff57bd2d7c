/**
 * Loops: unrolled over few known elements, otherwise run until the state at their head no longer
 * changes. What changes from one turn to the next is generalised, so that it holds for every turn.
 */
import type { Expr, Stmt } from "../program/syntax.ts";
import { type Dim } from "../shapes/index.ts";
import { assignTarget } from "./assign.ts";
import { assume, truthOf } from "./conditions.ts";
import { evaluate } from "./expressions.ts";
import { leaveThrough } from "./finals.ts";
import { renew } from "./fresh.ts";
import { iterate } from "./iteration.ts";
import { type Path, joinPaths, joinValues } from "./join.ts";
import { boundAnew } from "./liveness.ts";
import type { Completion, LoopActivation, Machine } from "./machine.ts";
import { resolveRecords } from "./records.ts";
import { executeBlock } from "./statements.ts";
import { type Delta } from "./trail.ts";
import { UNKNOWN, type Value } from "./value.ts";
import { Heads } from "./heads.ts";

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
    anew: namesBoundAnew(m, statement),
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
  const { body, otherwise } = statement;
  return generalise(m, { enter, exit, body, otherwise, endless, turns: null, anew: namesBoundAnew(m, statement) });
}

function namesBoundAnew(m: Machine, statement: Of<"for" | "while">): ReadonlySet<string> {
  const definition = m.frame.function?.definition;
  return definition?.kind === "function" && m.frame.locals !== null ? boundAnew(definition, statement) : new Set();
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
  /** Names in whose values at the head no turn is interested. */
  readonly anew: ReadonlySet<string>;
}

function generalise(m: Machine, loop: Loop): Completion {
  const heads = new Heads(loop.anew);
  const start = m.trail.mark();
  let breaks: Path[] = [];
  m.turning++;
  const { allocations } = m;
  // What comes up in the body is another size at every turn.
  const conventions = new Map(m.solver.conventions);
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
  m.solver.conventions = conventions;
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
