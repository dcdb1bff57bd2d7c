/**
 * The files that a program imports, in an order in which each comes after what it imports itself. It reads programs
 * and runs nothing.
 */
import type { Dialect } from "../program/dialect.ts";
import type { Expr, Program, Stmt } from "../program/syntax.ts";
import { eachStatement } from "../program/walk.ts";
import type { Machine } from "./machine.ts";

/** Characters of text that are read ahead for one analysis. */
const READ_AHEAD = 1_500_000;

/**
 * Of files that import each other, only the one that is come to first. A null stands for a file that was read, so
 * that whoever asks can pause.
 */
export function* importOrder(m: Machine, entries: readonly string[]): Generator<string | null> {
  const visits = new Map<string, number>();
  const open: string[] = [];
  let left = READ_AHEAD;
  function* visit(path: string, isEntry: boolean): Generator<string | null, number> {
    const index = visits.size;
    let low = index;
    if (!isEntry) {
      visits.set(path, index);
      open.push(path);
    }
    const program = m.host.program(path);
    left -= program?.text.length ?? 0;
    yield null;
    for (const next of program === null ? [] : importsOf(m, path, program, isEntry)) {
      const known = visits.get(next);
      if (known === undefined && left > 0) low = Math.min(low, yield* visit(next, false));
      else if (known !== undefined && open.includes(next)) low = Math.min(low, known);
    }
    if (isEntry || low < index) return low;
    open.length = open.indexOf(path);
    yield path;
    return low;
  }
  for (const path of entries) yield* visit(path, true);
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
