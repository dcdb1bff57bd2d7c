/**
 * The names that `from module import *` binds, as the text of the module tells them. It runs nothing, and says null
 * where only running the module would tell.
 */
import type { Expr, Program, Stmt } from "../program/syntax.ts";
import { eachExpression, eachStatement } from "../program/walk.ts";
import { namesIn } from "./dependencies.ts";
import type { Machine } from "./machine.ts";

const known = new WeakMap<Program, readonly string[] | null>();

export function namesGiven(m: Machine, path: string): readonly string[] | null {
  return namesOf(m, path, new Set());
}

function namesOf(m: Machine, path: string, around: Set<string>): readonly string[] | null {
  const program = m.host.program(path);
  if (program === null) return null;
  const before = known.get(program);
  if (before !== undefined) return before;
  if (around.has(path)) return [];
  around.add(path);
  const listed = listedNames(program);
  const names = listed === undefined ? boundNames(m, path, program, around) : listed;
  around.delete(path);
  if (around.size === 0) known.set(program, names);
  return names;
}

/** What is bound under a name that is not private, by the module or by what it takes in in the same way. */
function boundNames(m: Machine, path: string, program: Program, around: Set<string>): readonly string[] | null {
  const names = new Set(program.chunks.flatMap(({ unit }) => [...namesIn(unit).binds]));
  for (const { name, level } of program.chunks.flatMap(({ unit }) => starsIn(unit.body))) {
    const from = m.host.resolve(path, name, level);
    const more = from === null ? null : namesOf(m, from, around);
    if (more === null) return null;
    for (const one of more) names.add(one);
  }
  return [...names].filter((name) => !name.startsWith("_"));
}

function starsIn(body: readonly Stmt[]): { readonly name: string; readonly level: number }[] {
  const stars: { name: string; level: number }[] = [];
  eachStatement(body, (statement) => {
    if (statement.kind === "import-from" && statement.names === "*")
      stars.push({ name: statement.module, level: statement.level });
  });
  return stars;
}

/** The names in the module's own list; undefined where there is none. */
function listedNames(program: Program): readonly string[] | null | undefined {
  const lists = program.chunks.flatMap(({ unit }) => unit.body.map(listIn)).filter((list) => list !== null);
  const mentions = program.chunks.reduce((count, { unit }) => count + mentionsOfList(unit.body), 0);
  if (mentions === 0) return undefined;
  const [list] = lists;
  return mentions === 1 && list !== undefined ? list : null;
}

const LIST = "__all__";

function listIn(statement: Stmt): readonly string[] | null {
  if (statement.kind !== "assign" || statement.targets.length !== 1) return null;
  const [target] = statement.targets;
  if (target?.kind !== "name" || target.id !== LIST || statement.value.kind !== "sequence") return null;
  const names = statement.value.items.flatMap((item: Expr) =>
    item.kind === "literal" && item.value.type === "string" ? [item.value.value] : [],
  );
  return names.length === statement.value.items.length ? names : null;
}

function mentionsOfList(body: readonly Stmt[]): number {
  let count = 0;
  eachExpression(body, (expr) => {
    if (expr.kind === "name" && expr.id === LIST) count++;
  });
  return count;
}
