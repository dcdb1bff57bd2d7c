/**
 * The files that a program imports, in an order in which each comes after what it imports itself. It reads programs
 * and runs nothing.
 */
import type { Program, Stmt } from "../program/syntax.ts";
import { eachStatement } from "../program/walk.ts";
import type { Host } from "./machine.ts";

/** Characters of text that are read ahead for one analysis. */
const READ_AHEAD = 4_000_000;

/**
 * Of files that import each other, only the one that is come to first. A null stands for a file that was read, so
 * that whoever asks can pause.
 */
export function* importOrder(host: Host, entries: readonly string[]): Generator<string | null> {
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
    const program = host.program(path);
    left -= program?.text.length ?? 0;
    yield null;
    for (const next of program === null ? [] : importsOf(host, path, program, isEntry)) {
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

function importsOf(host: Host, path: string, program: Program, inFunctions: boolean): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (name: string, level: number): string | null => {
    const file = host.resolve(path, name, level);
    if (file !== null) found.add(file);
    return file;
  };
  const visit = (statement: Stmt): void => {
    if (statement.kind === "import") for (const { name } of statement.names) add(name, 0);
    if (statement.kind !== "import-from") return;
    add(statement.module, statement.level);
  };
  for (const { unit } of program.chunks)
    eachStatement(unit.body, visit, (one) => inFunctions || one.kind !== "function");
  return found;
}
