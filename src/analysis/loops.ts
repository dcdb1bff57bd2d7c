/**
 * Loops: unrolled over few known elements, otherwise run until the state at their head no longer
 * changes. What changes from one turn to the next is generalised, so that it holds for every turn.
 */
import type { Expr, Stmt } from "../program/syntax.ts";
import { constant, type Dim, type Facts, forgetUnknown, subtract, symbolCount } from "../shapes/index.ts";
import { assignTarget } from "./assign.ts";
import { assume, truthOf } from "./conditions.ts";
import { evaluate } from "./expressions.ts";
import { leaveThrough } from "./finals.ts";
import { renew } from "./fresh.ts";
import { Heads } from "./heads.ts";
import { type Iteration, iterate } from "./iteration.ts";
import { type Path, joinPaths, joinValues } from "./join.ts";
import { boundAnew } from "./liveness.ts";
import type { Completion, LoopActivation, Machine } from "./machine.ts";
import { evaluateQuietly } from "./quiet.ts";
import { isModule } from "./nn.ts";
import { resolveRecords } from "./records.ts";
import { executeBlock } from "./statements.ts";
import type { Delta } from "./trail.ts";
import { contentOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

type Of<K extends Stmt["kind"]> = Extract<Stmt, { kind: K }>;

/** Turns of a loop that are run one by one: fewer for loops inside loops, and only where work allows it. */
const MAX_TURNS = 24;
const MAX_NESTED_TURNS = 6;
const MAX_OBJECT_TURNS = 256;
const MAX_WHILE_TURNS = 64;
const WHILE_STEPS = 4000;
const MAX_ROUNDS = 8;

export function executeFor(m: Machine, statement: Of<"for">): Completion {
  const iterable = evaluate(m, statement.iterable);
  const iteration = iterate(m, iterable);
  if (iteration !== null && iteration.exact && iteration.elements.length <= allowedTurns(m, iteration.elements)) {
    return unroll(m, statement, iteration.elements, iterable);
  }
  const parts = iteration?.parts;
  if (iteration === null || parts === undefined) return forEach(m, statement, iterable, iteration);
  const length = iteration.length === null ? null : subtract(iteration.length, constant(parts.first.length));
  return unroll(m, statement, parts.first, iterable, { elements: [parts.rest], exact: false, length });
}

/** Runs one turn that stands for all of them. */
function forEach(
  m: Machine,
  statement: Of<"for">,
  iterable: Value,
  iteration: Iteration | null,
  comes = true,
): Completion {
  const stays = stillSo(iterable);
  const any = elementOf(iteration?.elements ?? null);
  const element = (): Value => (stays() ? any() : UNKNOWN);
  const enter = (): boolean => {
    assignTarget(m, statement.target, element());
    return true;
  };
  // A list of modules has at least one, or nobody would make it.
  const first = comes && iteration?.elements.some(holdsModule) === true && takeFirstTurn(m, enter, statement.body);
  const turns = iteration?.length ?? null;
  return generalise(m, {
    enter,
    exit: () => true,
    body: statement.body,
    otherwise: statement.otherwise,
    endless: false,
    turns: turns !== null && first ? subtract(turns, constant(1)) : turns,
    anew: namesBoundAnew(m, statement),
    stays,
  });
}

/** A generator goes on in the state that the turns leave, and a list may be changed by them: whether it is as it was. */
function stillSo(iterable: Value): () => boolean {
  const seen = follow(iterable);
  if (seen.kind === "list") {
    const content = contentOf(seen);
    return () => seen.flavour === "generator" || contentOf(seen) === content;
  }
  if (seen.kind !== "lazy") return () => true;
  const before = seen.reads();
  return () => seen.reads().every((value, i) => value === before[i]);
}

/** Runs a turn for good; false where its end may not be reached. */
function takeFirstTurn(m: Machine, enter: () => boolean, body: readonly Stmt[]): boolean {
  const [before, first] = [m.solver.facts, symbolCount()];
  const { ends, breaks } = turn(m, enter, body);
  if (breaks.length > 0 || ends.length === 0) return false;
  joinPaths(m, ends);
  // A module that stands for all of them is another one at the next turn.
  m.solver.facts = forgetUnknown(before, m.solver.facts, first);
  return true;
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

function holdsModule(value: Value): boolean {
  if (value.kind === "tuple") return value.items.some(holdsModule);
  return value.kind === "instance" && isModule(value);
}

export function executeWhile(m: Machine, statement: Of<"while">): Completion {
  const test = statement.test;
  const endless = truthOf(m, evaluate(m, test)) === "yes" && isConstant(test);
  const enter = (): boolean => truthOf(m, evaluate(m, test)) !== "no" && assume(m, test, true);
  const exit = (): boolean => !endless && truthOf(m, evaluate(m, test)) !== "yes" && assume(m, test, false);
  const { body, otherwise } = statement;
  const rest = (): Completion =>
    generalise(m, {
      enter,
      exit,
      body,
      otherwise,
      endless,
      turns: null,
      anew: namesBoundAnew(m, statement),
      stays: () => true,
    });
  return goOn(m, test, enter, statement, rest);
}

function namesBoundAnew(m: Machine, statement: Of<"for" | "while">): ReadonlySet<string> {
  const definition = m.frame.function?.definition;
  return definition?.kind === "function" && m.frame.locals !== null ? boundAnew(definition, statement) : new Set();
}

/** Turns of a `while` are run one by one for as long as it is certain that they come, and cost little. */
function goOn(
  m: Machine,
  test: Expr,
  enter: () => boolean,
  statement: Of<"while">,
  rest: () => Completion,
): Completion {
  const whole = new Unrolled(m);
  const limit = m.steps + WHILE_STEPS;
  const count = m.loops.length === 0 ? MAX_WHILE_TURNS : MAX_NESTED_TURNS;
  for (let i = 0; i < count && m.steps < limit && m.step(); i++) {
    const truth = truthOf(m, evaluateQuietly(m, test));
    if (truth === "no") {
      evaluate(m, test);
      return whole.end(executeBlock(m, statement.otherwise) === "normal");
    }
    // From where it may end on, one turn has to stand for all others.
    if (truth === "maybe" || whole.mayHaveEnded) break;
    if (!whole.turn(enter, statement.body)) return whole.end(false);
  }
  return whole.end(rest() === "normal");
}

function isConstant(test: Expr): boolean {
  return test.kind === "literal";
}

export function leaveLoop(m: Machine, kind: "break" | "continue"): void {
  const loop = m.loop();
  if (loop === null) return;
  const paths = kind === "break" ? loop.breaks : loop.continues;
  const activation = m.activation();
  if (activation !== null && m.branching > activation.branching) activation.sure = false;
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

/** Runs turns one by one, then one that stands for those behind them, of which there may be none. */
function unroll(
  m: Machine,
  statement: Of<"for">,
  elements: readonly Value[],
  iterable: Value,
  behind: Iteration | null = null,
): Completion {
  const whole = new Unrolled(m);
  const stays = stillSo(iterable);
  // A list that the turns change goes on with what it holds then.
  const changes = (): boolean => !stays() && follow(iterable).kind === "list";
  for (const known of elements) {
    if (!m.step()) break;
    const element = stays() ? known : UNKNOWN;
    if (!whole.turn(() => (assignTarget(m, statement.target, element), true), statement.body)) return whole.end(false);
    if (changes()) return whole.end(forEach(m, statement, UNKNOWN, null) === "normal");
  }
  if (behind !== null) return whole.end(forEach(m, statement, iterable, behind, false) === "normal");
  return whole.end(executeBlock(m, statement.otherwise) === "normal");
}

/** Turns of a loop run one after the other, with the ways out by `break` so far. */
class Unrolled {
  readonly #machine: Machine;
  readonly #start: number;
  readonly #facts: Facts;
  readonly #breaks: Path[] = [];

  constructor(m: Machine) {
    this.#machine = m;
    this.#start = m.trail.mark();
    this.#facts = m.solver.facts;
  }

  get mayHaveEnded(): boolean {
    return this.#breaks.length > 0;
  }

  /** Runs a turn; false if none comes after it. */
  turn(enter: () => boolean, body: readonly Stmt[]): boolean {
    const m = this.#machine;
    const { ends, breaks } = turn(m, enter, body);
    // The ways out by `break` start from the state before this turn: make them relative to the loop.
    const before = m.trail.since(this.#start);
    this.#breaks.push(...breaks.map((path) => ({ delta: compose(before, path.delta), facts: path.facts })));
    joinPaths(m, ends);
    return ends.length > 0;
  }

  /** Joins the end of the last turn, where control comes to it, with all ways out. */
  end(alive: boolean): Completion {
    const m = this.#machine;
    if (this.#breaks.length === 0) return alive ? "normal" : "left";
    const end = { delta: m.trail.undo(this.#start), facts: m.solver.facts };
    m.solver.facts = this.#facts;
    joinPaths(m, alive ? [end, ...this.#breaks] : this.#breaks);
    return "normal";
  }
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
  /** Whether what is iterated over is what it was when the loop began. */
  readonly stays: () => boolean;
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
    if (loop.turns !== null && ends.length > 0 && loop.stays()) heads.count(m, loop.turns);
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
