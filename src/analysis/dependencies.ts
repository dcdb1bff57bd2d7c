/**
 * Which chunks of a file the general view of a function can depend on: those that bind a name it
 * mentions, and those that may change what such a name stands for, and so on. It errs on the side of more.
 */
import type { Chunk, Expr, Program, Stmt, Unit } from "../program/syntax.ts";
import { eachExpression, eachStatement } from "../program/walk.ts";
import { handingCalls } from "./handed.ts";

export interface Dependencies {
  /** The chunks that a view of something in `chunk` depends on, itself included, in the file's order. */
  of(chunk: Chunk): readonly Chunk[];
}

interface Names {
  readonly binds: ReadonlySet<string>;
  readonly mentions: ReadonlySet<string>;
  /** Names whose meaning it may change: all it mentions, where it runs code when the file is run. */
  readonly changes: ReadonlySet<string>;
  /** Names whose attributes or items it assigns. */
  readonly assigns: ReadonlySet<string>;
  /** It only imports: what it binds changes only where its attributes are assigned. */
  readonly imports: boolean;
  /** It reaches out of its own scope in a way that names do not tell. */
  readonly everywhere: boolean;
}

const known = new WeakMap<Unit, Names>();

export function dependenciesIn(program: Program): Dependencies {
  const binding = new Map<string, Chunk[]>();
  const changing = new Map<string, Chunk[]>();
  const assigning = new Map<string, Chunk[]>();
  const handing = new Map<string, Chunk[]>();
  const everywhere: Chunk[] = [];
  const add = (map: Map<string, Chunk[]>, name: string, chunk: Chunk): void => {
    const list = map.get(name);
    if (list === undefined) map.set(name, [chunk]);
    else list.push(chunk);
  };
  for (const chunk of program.chunks) {
    const names = namesIn(chunk.unit);
    for (const name of names.binds) add(binding, name, chunk);
    for (const name of names.changes) add(changing, name, chunk);
    for (const name of names.assigns) add(assigning, name, chunk);
    for (const name of handingCalls(chunk.unit).keys()) add(handing, name, chunk);
    if (names.everywhere) everywhere.push(chunk);
  }
  const found = new Map<Chunk, readonly Chunk[]>();
  return {
    of: (chunk) => {
      const before = found.get(chunk);
      if (before !== undefined) return before;
      const reached = closure([chunk, ...everywhere], binding, changing, assigning, handing);
      const ordered = program.chunks.filter((one) => reached.has(one));
      found.set(chunk, ordered);
      return ordered;
    },
  };
}

function closure(
  start: readonly Chunk[],
  binding: ReadonlyMap<string, readonly Chunk[]>,
  changing: ReadonlyMap<string, readonly Chunk[]>,
  assigning: ReadonlyMap<string, readonly Chunk[]>,
  handing: ReadonlyMap<string, readonly Chunk[]>,
): ReadonlySet<Chunk> {
  const reached = new Set(start);
  for (const chunk of reached) {
    const names = namesIn(chunk.unit);
    for (const name of names.mentions) for (const binder of binding.get(name) ?? []) reached.add(binder);
    const changers = names.imports ? assigning : changing;
    for (const name of names.binds) {
      for (const changer of changers.get(name) ?? []) reached.add(changer);
      for (const caller of handing.get(name) ?? []) reached.add(caller);
    }
  }
  return reached;
}

/** The names that a chunk binds and mentions, and how far it reaches. */
export function namesIn(unit: Unit): Names {
  const before = known.get(unit);
  if (before !== undefined) return before;
  const mentions = mentionedIn(unit.body);
  const names: Names = {
    binds: boundIn(unit.body),
    mentions,
    changes: changedBy(unit.body, mentions),
    assigns: assignedIn(unit.body),
    imports: unit.body.every((statement) => statement.kind === "import" || statement.kind === "import-from"),
    everywhere: reachesOut(unit.body),
  };
  known.set(unit, names);
  return names;
}

function mentionedIn(body: readonly Stmt[]): ReadonlySet<string> {
  const names = new Set<string>();
  eachExpression(body, (expr) => {
    if (expr.kind === "name") names.add(expr.id);
    // Annotations and `getattr` name things in strings.
    if (expr.kind === "literal" && expr.value.type === "string" && /^[A-Za-z_]\w{0,60}$/.test(expr.value.value))
      names.add(expr.value.value);
  });
  return names;
}

function boundIn(body: readonly Stmt[]): ReadonlySet<string> {
  const names = new Set<string>();
  const bind = (target: Expr | null): void => {
    if (target === null) return;
    if (target.kind === "name") names.add(target.id);
    else if (target.kind === "sequence") target.items.forEach(bind);
    else if (target.kind === "spread") bind(target.value);
  };
  eachOwnStatement(body, (statement) => {
    switch (statement.kind) {
      case "function":
      case "class":
        names.add(statement.name);
        return;
      case "assign":
        statement.targets.forEach(bind);
        return;
      case "augmented-assign":
      case "for":
      case "declare":
        bind(statement.target);
        return;
      case "with":
        statement.items.forEach((item) => bind(item.target));
        return;
      case "import":
        for (const one of statement.names) names.add(one.alias ?? one.name.split(".")[0] ?? one.name);
        return;
      case "import-from":
        if (statement.names !== "*") for (const one of statement.names) names.add(one.alias ?? one.name);
        return;
      case "unreadable":
        for (const name of statement.binds) names.add(name);
        return;
      default:
        return;
    }
  });
  return names;
}

/** Statements that run in the scope of the file itself. */
function eachOwnStatement(body: readonly Stmt[], visit: (statement: Stmt) => void): void {
  eachStatement(body, visit, (statement) => statement.kind !== "function" && statement.kind !== "class");
}

/** A definition changes its base classes (what they leave open) and what its decorators are given; other code all that it mentions. */
function changedBy(body: readonly Stmt[], mentions: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of body) {
    if (statement.kind === "import" || statement.kind === "import-from") continue;
    if (statement.kind !== "function" && statement.kind !== "class") return mentions;
    const parts = [
      ...statement.decorators,
      ...(statement.kind === "class" ? statement.bases.map((base) => base.value) : []),
    ];
    for (const name of mentionedIn(
      parts.map((value): Stmt => ({ kind: "expression", value, span: value.span, notes: [] })),
    ))
      names.add(name);
  }
  return names;
}

function assignedIn(body: readonly Stmt[]): ReadonlySet<string> {
  const names = new Set<string>();
  eachOwnStatement(body, (statement) => {
    const targets =
      statement.kind === "assign" ? statement.targets : statement.kind === "augmented-assign" ? [statement.target] : [];
    for (const target of targets) {
      const root = rootOf(target);
      if (root !== null) names.add(root);
    }
  });
  return names;
}

/** The name whose attribute or item a target is. */
function rootOf(target: Expr): string | null {
  let root: Expr = target;
  if (root.kind !== "attribute" && root.kind !== "index") return null;
  while (root.kind === "attribute" || root.kind === "index") root = root.object;
  return root.kind === "name" ? root.id : null;
}

/** Methods and functions that assign attributes or items of names that are not theirs, rebind globals, or run text. */
function reachesOut(body: readonly Stmt[]): boolean {
  let out = body.some((statement) => statement.kind === "import-from" && statement.names === "*");
  eachStatement(body, (statement) => {
    if (statement.kind === "global") out = true;
    if (statement.kind !== "function") return;
    const own = new Set([...statement.locals, ...statement.parameters.map((parameter) => parameter.name)]);
    eachStatement(statement.body, (inner) => {
      const targets = inner.kind === "assign" ? inner.targets : inner.kind === "augmented-assign" ? [inner.target] : [];
      if (targets.some((target) => isForeign(target, own))) out = true;
    });
  });
  eachExpression(body, (expr) => {
    if (expr.kind === "call" && expr.callee.kind === "name" && RUNS_TEXT.has(expr.callee.id)) out = true;
  });
  return out;
}

const RUNS_TEXT: ReadonlySet<string> = new Set(["exec", "eval", "setattr", "globals", "__import__"]);

function isForeign(target: Expr, own: ReadonlySet<string>): boolean {
  const root = rootOf(target);
  return root !== null && !own.has(root);
}
