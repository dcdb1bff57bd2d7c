/**
 * Names and attributes that code binds more than once, so that their value at the time of some later call
 * is not known from one place alone. It reads programs and knows no values.
 */
import type { Expr, FunctionDefinition, Program, Stmt, Unit } from "../program/syntax.ts";
import { eachStatement } from "../program/walk.ts";

/** Names that are bound more than once in a module, by its own statements or through `global`. */
export function volatileNames(program: Program): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const chunk of program.chunks) {
    for (const statement of chunk.unit.body) {
      if (statement.kind === "function" || statement.kind === "class") {
        eachStatement(statement.body, (inner) => {
          if (inner.kind === "global") for (const name of inner.names) counts.set(name, 2);
        });
      } else eachStatement([statement], (inner) => count(inner, counts));
    }
  }
  return repeated(counts);
}

const rebound = new WeakMap<FunctionDefinition, ReadonlySet<string>>();

/** Names that a function binds more than once, or that functions inside it rebind. */
export function reboundNames(definition: FunctionDefinition): ReadonlySet<string> {
  const known = rebound.get(definition);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  eachStatement(definition.body, (statement) => {
    count(statement, counts);
    if (statement.kind === "nonlocal") for (const name of statement.names) counts.set(name, 2);
  });
  const names = repeated(counts);
  rebound.set(definition, names);
  return names;
}

function repeated(counts: ReadonlyMap<string, number>): ReadonlySet<string> {
  return new Set([...counts].filter(([, times]) => times > 1).map(([name]) => name));
}

/** Counts what a statement binds; a loop and an augmented assignment bind again and again. */
function count(statement: Stmt, counts: Map<string, number>): void {
  const bind = (target: Expr, times: number): void => {
    if (target.kind === "name") counts.set(target.id, (counts.get(target.id) ?? 0) + times);
    else if (target.kind === "sequence") for (const item of target.items) bind(item, times);
    else if (target.kind === "spread") bind(target.value, times);
  };
  if (statement.kind === "assign") for (const target of statement.targets) bind(target, 1);
  else if (statement.kind === "augmented-assign" || statement.kind === "for") bind(statement.target, 2);
  else if (statement.kind === "with") {
    for (const item of statement.items) if (item.target !== null) bind(item.target, 1);
  } else if (statement.kind === "global") for (const name of statement.names) counts.set(name, 2);
}

const assigned = new WeakMap<Unit, ReadonlySet<string>>();

/** Names of attributes that are assigned on anything but the first parameter of a method. */
export function assignedAttributes(program: Program): ReadonlySet<string> {
  return new Set(program.chunks.flatMap((chunk) => [...assignedIn(chunk.unit)]));
}

function assignedIn(unit: Unit): ReadonlySet<string> {
  const known = assigned.get(unit);
  if (known !== undefined) return known;
  const names = new Set<string>();
  collect(unit.body, null, names);
  assigned.set(unit, names);
  return names;
}

function collect(body: readonly Stmt[], self: string | null, names: Set<string>): void {
  const visit = (target: Expr): void => {
    if (target.kind === "attribute" && !(target.object.kind === "name" && target.object.id === self))
      names.add(target.name);
    if (target.kind === "sequence") target.items.forEach(visit);
    if (target.kind === "spread") visit(target.value);
  };
  eachStatement(
    body,
    (statement) => {
      if (statement.kind === "assign") statement.targets.forEach(visit);
      else if (statement.kind === "augmented-assign" || statement.kind === "for") visit(statement.target);
      else if (statement.kind === "function") collect(statement.body, statement.parameters[0]?.name ?? null, names);
    },
    (statement) => statement.kind !== "function",
  );
}
