/**
 * Generators run as they are asked, in the state of that time. We run one as a whole when it is asked first;
 * what it gives later is only known where nothing that it reads has changed since.
 */
import type { Expr, Stmt } from "../program/syntax.ts";
import { eachExpression } from "../program/walk.ts";
import { type Frame, hold } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { newMap } from "./trail.ts";
import { type LazyValue, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

/** A generator of this body, with names of its own; `given` is what it has been handed. */
export function makeLazy(
  run: (m: Machine) => Value,
  body: readonly Stmt[],
  own: ReadonlySet<string>,
  closure: Frame,
  given: readonly Value[],
): LazyValue {
  hold(closure);
  const reads = (): readonly Value[] => [...given, ...valuesRead(body, own, closure)].map(follow);
  return { kind: "lazy", run, reads, state: newMap(new Map()) };
}

export function returning(value: Expr): readonly Stmt[] {
  return [{ kind: "return", value, span: value.span, notes: [] }];
}

function valuesRead(body: readonly Stmt[], own: ReadonlySet<string>, closure: Frame): Value[] {
  const names = known.get(body) ?? new Set<string>();
  if (!known.has(body)) {
    known.set(body, names);
    eachExpression(body, (expr) => {
      if (expr.kind === "name") names.add(expr.id);
    });
  }
  return [...names].flatMap((name) => {
    if (own.has(name)) return [];
    for (let at: Frame | null = closure; at !== null; at = at.parent) {
      const value = at.variables.get(name);
      if (value !== undefined) return [value];
    }
    return [];
  });
}

const known = new WeakMap<readonly Stmt[], Set<string>>();

/** All that a generator gives, for one who takes all of it; null where some of it has been taken. */
export function takeAll(m: Machine, lazy: LazyValue): Value | null {
  const rest = lazy.state.get("rest");
  if (rest !== undefined) return remaining(m, lazy, rest);
  if (lazy.state.has("done")) return null;
  m.trail.set(lazy.state, "done", UNKNOWN);
  return lazy.run(m);
}

/** What a generator still has to give, for one who takes a part of it. */
export function takeSome(m: Machine, lazy: LazyValue): Value | null {
  const reads = tupleOf(lazy.reads());
  const all = takeAll(m, lazy);
  if (all !== null && !lazy.state.has("rest")) {
    m.trail.set(lazy.state, "rest", all);
    m.trail.set(lazy.state, "reads", reads);
  }
  return all;
}

function remaining(m: Machine, lazy: LazyValue, rest: Value): Value | null {
  const before = lazy.state.get("reads");
  const now = lazy.reads();
  const items = before?.kind === "tuple" ? before.items : [];
  if (items.length === now.length && now.every((value, i) => value === items[i] && LASTING.has(value.kind)))
    return rest;
  m.trail.delete(lazy.state, "rest");
  return null;
}

/** Kinds of values that cannot change while they are bound to the same name. */
const LASTING: ReadonlySet<string> = new Set(
  "tensor int float bool string none dtype range function class module library builtin".split(" "),
);
