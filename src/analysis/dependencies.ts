/**
 * Which chunks of a file another one can depend on: those that bind a name it mentions, and those that
 * may change what the names that it binds stand for. It errs on the side of more.
 */
import type { Chunk, Expr, Program, Stmt, Unit } from "../program/syntax.ts";
import { eachExpression, eachStatement } from "../program/walk.ts";
import { handingCalls } from "./handed.ts";

interface Names {
  readonly binds: ReadonlySet<string>;
  readonly mentions: ReadonlySet<string>;
  /** Names whose meaning it may change: all it mentions, where it runs code when the file is run. */
  readonly changes: ReadonlySet<string>;
  /** The same without those that it only calls, as a class is called that has nothing to change in it. */
  readonly hands: ReadonlySet<string>;
  /** Names whose attributes or items it assigns. */
  readonly assigns: ReadonlySet<string>;
  /** What changes the meaning of the names that it binds. */
  readonly changedBy: "changing" | "handing" | "assigning";
  /** It reaches out of its own scope in a way that names do not tell. */
  readonly everywhere: boolean;
}

const known = new WeakMap<Unit, Names>();

/** The chunks that each chunk depends on at first hand, itself included, in the file's order. */
export function directDependencies(program: Program): ReadonlyMap<Chunk, readonly Chunk[]> {
  const tables = { binding: new Index(), changing: new Index(), handing: new Index(), assigning: new Index() };
  const calling = new Index();
  const everywhere: number[] = [];
  program.chunks.forEach((chunk, at) => {
    const names = namesIn(chunk.unit);
    tables.binding.add(names.binds, at);
    tables.changing.add(names.changes, at);
    tables.handing.add(names.hands, at);
    tables.assigning.add(names.assigns, at);
    calling.add(handingCalls(chunk.unit).keys(), at);
    if (names.everywhere) everywhere.push(at);
  });
  return new Map(
    program.chunks.map((chunk, at) => {
      const names = namesIn(chunk.unit);
      const reached = new Set([at, ...everywhere]);
      tables.binding.collect(names.mentions, reached);
      tables[names.changedBy].collect(names.binds, reached);
      calling.collect(names.binds, reached);
      const ordered = [...reached].toSorted((a, b) => a - b);
      return [chunk, ordered.flatMap((i) => program.chunks[i] ?? [])] as const;
    }),
  );
}

/** Which chunks do something with a name, by their places in the file. */
class Index {
  readonly #chunks = new Map<string, number[]>();

  add(names: Iterable<string>, at: number): void {
    for (const name of names) {
      const list = this.#chunks.get(name);
      if (list === undefined) this.#chunks.set(name, [at]);
      else list.push(at);
    }
  }

  collect(names: Iterable<string>, into: Set<number>): void {
    for (const name of names) for (const at of this.#chunks.get(name) ?? []) into.add(at);
  }
}

/** The names that a chunk binds and mentions, and how far it reaches. */
export function namesIn(unit: Unit): Names {
  const before = known.get(unit);
  if (before !== undefined) return before;
  const mentions = mentionedIn(unit.body);
  const names: Names = {
    binds: boundIn(unit.body),
    mentions,
    changes: changesOf(unit.body, mentions),
    hands: changesOf(unit.body, withoutCallees(unit.body)),
    assigns: assignedIn(unit.body),
    changedBy: changersOf(unit.body),
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
function changesOf(body: readonly Stmt[], mentions: ReadonlySet<string>): ReadonlySet<string> {
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

/** Names that stand anywhere but for what a call calls. */
function withoutCallees(body: readonly Stmt[]): ReadonlySet<string> {
  const callees = new Set<Expr>();
  const names = new Set<string>();
  eachExpression(body, (expr) => {
    if (expr.kind === "call") callees.add(expr.callee);
    if (expr.kind === "name" && !callees.has(expr)) names.add(expr.id);
  });
  return names;
}

function changersOf(body: readonly Stmt[]): Names["changedBy"] {
  if (body.every(({ kind }) => kind === "import" || kind === "import-from")) return "assigning";
  return body.every(isFixed) ? "handing" : "changing";
}

/** A definition that calling it cannot change: no default and nothing in the body of a class holds anything mutable. */
function isFixed(statement: Stmt): boolean {
  if (statement.kind === "function") return statement.parameters.every(({ default: value }) => isPlain(value));
  if (statement.kind === "assign") return isPlain(statement.value);
  if (statement.kind === "class") return statement.body.every(isFixed);
  return statement.kind === "pass" || statement.kind === "declare" || isDocumentation(statement);
}

function isDocumentation(statement: Stmt): boolean {
  return statement.kind === "expression" && statement.value.kind === "literal";
}

function isPlain(value: Expr | null): boolean {
  if (value === null) return true;
  if (value.kind === "sequence") return value.type === "tuple" && value.items.every(isPlain);
  if (value.kind === "unary") return isPlain(value.operand);
  if (value.kind === "binary") return isPlain(value.left) && isPlain(value.right);
  return value.kind === "literal" || value.kind === "name" || value.kind === "attribute" || value.kind === "lambda";
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
