/**
 * The files that a program imports, in an order in which each comes after what it imports itself. It reads programs
 * and runs nothing.
 */
import type { Dialect } from "../program/dialect.ts";
import type { Expr, Program, Stmt } from "../program/syntax.ts";
import { eachStatement } from "../program/walk.ts";
import type { Machine } from "./machine.ts";

/** A program of so many characters, with all that it imports, is run as a whole. */
const WHOLE = 500_000;

export interface Order {
  /** Whether all that is imported has been read. */
  readonly isWhole: boolean;
  /** All of it in order; where that is too much, what the entries import themselves. */
  readonly files: readonly string[];
}

/** Of files that import each other, only the one that is come to first. It pauses after each file that was read. */
export function* importOrder(m: Machine, entries: readonly string[]): Generator<void, Order> {
  const visits = new Map<string, number>();
  const open: string[] = [];
  const files: string[] = [];
  let left = WHOLE;
  function* visit(path: string, isEntry: boolean): Generator<void, number> {
    const index = visits.size;
    let low = index;
    if (!isEntry) {
      visits.set(path, index);
      open.push(path);
    }
    const program = m.host.program(path);
    if (!isEntry) left -= program?.text.length ?? 0;
    yield;
    for (const next of program === null ? [] : importsOf(m, path, program, isEntry)) {
      const known = visits.get(next);
      if (known === undefined && left > 0) low = Math.min(low, yield* visit(next, false));
      else if (known !== undefined && open.includes(next)) low = Math.min(low, known);
    }
    if (isEntry || low < index) return low;
    open.length = open.indexOf(path);
    files.push(path);
    return low;
  }
  for (const path of entries) yield* visit(path, true);
  if (left > 0) return { isWhole: true, files };
  const direct = entries.flatMap((path) => {
    const program = m.host.program(path);
    return program === null ? [] : [...importsOf(m, path, program, true)];
  });
  return { isWhole: false, files: [...new Set(direct)] };
}

export function isTypesOnly(dialect: Dialect, test: Expr): boolean {
  const name = test.kind === "name" ? test.id : test.kind === "attribute" ? test.name : null;
  return name === dialect.typesOnly;
}

function importsOf(m: Machine, path: string, program: Program, isEntry: boolean): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (name: string, level: number): void => {
    const file = m.host.resolve(path, name, level);
    if (file !== null) found.add(file);
  };
  const skips = (one: Stmt): boolean =>
    !isEntry && (one.kind === "function" || (one.kind === "if" && isTypesOnly(m.dialect, one.test)));
  const visit = (statement: Stmt): void => {
    if (statement.kind === "import") for (const { name } of statement.names) add(name, 0);
    if (statement.kind === "import-from") add(statement.module, statement.level);
    if (statement.kind === "if" && skips(statement)) walk(statement.otherwise);
  };
  const walk = (body: readonly Stmt[]): void => eachStatement(body, visit, (one) => !skips(one));
  for (const { unit } of program.chunks) walk(unit.body);
  return found;
}
