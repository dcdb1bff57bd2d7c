/**
 * Which names a turn of a loop binds before it reads them, so that what the turn before left in them does not
 * matter. It reads programs and knows no values; where it is in doubt, a name counts as read.
 */
import type { Expr, FunctionDefinition, Stmt } from "../program/syntax.ts";
import { eachExpression, eachPart, eachStatement, partsOfStatement } from "../program/walk.ts";

type Loop = Extract<Stmt, { kind: "for" | "while" }>;

const NONE: ReadonlySet<string> = new Set();
const known = new WeakMap<Loop, ReadonlySet<string>>();

/** Names of the function's own that every turn of a loop in it binds anew, before reading them and before any `break`. */
export function boundAnew(definition: FunctionDefinition, loop: Loop): ReadonlySet<string> {
  const before = known.get(loop);
  if (before !== undefined) return before;
  const turn = new Turn();
  const bound = new Set<string>();
  if (loop.kind === "while") turn.reads(loop.test, bound);
  else turn.binds(loop.target, bound);
  turn.block(loop.body, bound, true);
  const shared = namesOfInnerCode(definition);
  const names = [...turn.surely].filter((name) => !turn.read.has(name) && !shared.has(name));
  const anew = turn.unclear ? NONE : new Set(names);
  known.set(loop, anew);
  return anew;
}

class Turn {
  /** Names that may be read as the turn before left them. */
  readonly read = new Set<string>();
  /** Names that are bound wherever the turn goes on or breaks off. */
  readonly surely = new Set<string>();
  unclear = false;
  #broken = false;

  reads(expr: Expr, bound: ReadonlySet<string>): void {
    eachPart(expr, (part) => {
      if (part.kind === "name" && !bound.has(part.id)) this.read.add(part.id);
    });
  }

  binds(target: Expr, bound: Set<string>, always = true): void {
    if (target.kind === "sequence") for (const item of target.items) this.binds(item, bound, always);
    else if (target.kind === "spread") this.binds(target.value, bound, always);
    else if (target.kind !== "name") this.reads(target, bound);
    else {
      bound.add(target.id);
      if (always && !this.#broken) this.surely.add(target.id);
    }
  }

  /** `always` where control cannot go around the block; `own` where a `break` in it leaves the loop in question. */
  block(body: readonly Stmt[], bound: Set<string>, always: boolean, own = true): void {
    for (const statement of body) this.#statement(statement, bound, always, own);
  }

  #statement(statement: Stmt, bound: Set<string>, always: boolean, own: boolean): void {
    switch (statement.kind) {
      case "assign":
        this.reads(statement.value, bound);
        for (const target of statement.targets) this.binds(target, bound, always);
        return;
      case "if":
        this.reads(statement.test, bound);
        this.#sides([statement.then, statement.otherwise], bound, always, own);
        return;
      case "for": {
        this.reads(statement.iterable, bound);
        const inside = new Set(bound);
        this.binds(statement.target, inside, false);
        this.block(statement.body, inside, false, false);
        this.block(statement.otherwise, new Set(bound), false, own);
        return;
      }
      case "while":
        this.reads(statement.test, bound);
        this.block(statement.body, new Set(bound), false, false);
        this.block(statement.otherwise, new Set(bound), false, own);
        return;
      case "with":
        this.#managed(statement, bound, always, own);
        return;
      case "try": {
        const blocks = [statement.body, ...statement.handlers.map((handler) => handler.body), statement.otherwise];
        for (const handler of statement.handlers) if (handler.type !== null) this.reads(handler.type, bound);
        for (const block of blocks) this.block(block, new Set(bound), false, own);
        this.block(statement.finally, new Set(bound), false, own);
        return;
      }
      case "break":
        if (own) this.#broken = true;
        return;
      case "match":
      case "unreadable":
        this.unclear = true;
        return;
      default:
        for (const part of partsOfStatement(statement)) this.reads(part, bound);
    }
  }

  /** What both sides bind is bound after them. */
  #sides(sides: readonly (readonly Stmt[])[], bound: Set<string>, always: boolean, own: boolean): void {
    const ends = sides.map((side) => {
      const end = new Set(bound);
      this.block(side, end, false, own);
      return end;
    });
    for (const name of ends[0] ?? []) {
      if (!ends.every((end) => end.has(name))) continue;
      bound.add(name);
      if (always && !this.#broken) this.surely.add(name);
    }
  }

  /** What a manager may swallow leaves its body anywhere. */
  #managed(statement: Extract<Stmt, { kind: "with" }>, bound: Set<string>, always: boolean, own: boolean): void {
    for (const { value, target } of statement.items) {
      this.reads(value, bound);
      if (target !== null) this.binds(target, bound, always);
    }
    const whole = statement.items.every(({ value }) => swallowsNothing(value));
    this.block(statement.body, whole ? bound : new Set(bound), always && whole, own);
  }
}

const HARMLESS = /^(?:no_grad|inference_mode|enable_grad|set_grad_enabled|autocast|open)$/;

function swallowsNothing(manager: Expr): boolean {
  if (manager.kind !== "call") return false;
  const { callee } = manager;
  return HARMLESS.test(callee.kind === "attribute" ? callee.name : callee.kind === "name" ? callee.id : "");
}

const inner = new WeakMap<FunctionDefinition, ReadonlySet<string>>();

/** Names that code inside a function mentions which may run at another time: functions, classes and generators. */
function namesOfInnerCode(definition: FunctionDefinition): ReadonlySet<string> {
  const before = inner.get(definition);
  if (before !== undefined) return before;
  const names = new Set<string>();
  const add = (expr: Expr): void => {
    if (expr.kind === "name") names.add(expr.id);
  };
  eachStatement(definition.body, (statement) => {
    if (statement.kind === "function" || statement.kind === "class") eachExpression(statement.body, add);
  });
  eachExpression(definition.body, (expr) => {
    if (expr.kind === "lambda" || (expr.kind === "comprehension" && expr.type === "generator")) eachPart(expr, add);
  });
  inner.set(definition, names);
  return names;
}
