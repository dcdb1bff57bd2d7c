/**
 * Where the value of an expression comes from, as far as the text shows it: assignments of its names, arguments of the
 * calls that lead here, constructors of its layers. It knows programs and calls, and no remedies.
 */
import type { Expr, Target } from "../program/syntax.ts";
import { treeAt, type Case } from "./case.ts";
import { namesIn } from "./names.ts";
import { childrenOf, functionAround, type Node, type StatementPlace, type Tree } from "./tree.ts";

export interface Source {
  readonly node: Node;
  /** How far away: 0 for the operation at fault, 1 for each step from a name to what it was bound to. */
  readonly distance: number;
}

const MOST = 300;
/** A part of an expression is a little further away than the whole. */
const PART = 0.2;
const STEP = 1;
const FARTHEST = 7;

/** What flows into the operation at fault, nearest first. */
export function sourcesOf(c: Case, from: readonly Node[]): readonly Source[] {
  const found = new Map<Node, number>();
  const queue: Source[] = from.map((node) => ({ node, distance: 0 }));
  while (queue.length > 0 && found.size < MOST) {
    const nearest = queue.reduce((best, { distance }, i) => (distance < (queue[best]?.distance ?? 0) ? i : best), 0);
    const [source] = queue.splice(nearest, 1);
    if (source === undefined || found.has(source.node) || source.distance > FARTHEST) continue;
    found.set(source.node, source.distance);
    const tree = treeAt(c, source.node.path);
    if (tree === null) continue;
    for (const node of childrenOf(tree, source.node)) queue.push({ node, distance: source.distance + PART });
    for (const node of originsOf(c, tree, source.node)) queue.push({ node, distance: source.distance + STEP });
  }
  return [...found].map(([node, distance]) => ({ node, distance })).toSorted((a, b) => a.distance - b.distance);
}

function originsOf(c: Case, tree: Tree, node: Node): readonly Node[] {
  const { expr } = node;
  if (expr.kind === "name") return [...boundTo(tree, node, expr.id), ...argumentsFor(c, node, expr.id)];
  if (expr.kind === "attribute") return c.trees.flatMap((each) => attributesNamed(each, expr.name));
  return [];
}

/** What was assigned to a name in the function of the node, or else around it. */
function boundTo(tree: Tree, node: Node, name: string): readonly Node[] {
  const own = functionAround(node.place.scope);
  const bound = tree.statements.filter(({ statement }) => targetsOf(statement).some((target) => binds(target, name)));
  const near = bound.filter(({ scope }) => functionAround(scope) === own);
  const before = near.filter(({ statement, offset }) => offset + statement.span.start <= node.start);
  const places = before.length > 0 ? before : near.length > 0 ? near : bound;
  const definitions = tree.statements.filter(({ statement }) => "name" in statement && statement.name === name);
  return [
    ...places.slice(-4).flatMap((place) => valueOf(tree, place)),
    ...definitions.flatMap((p) => resultsOf(tree, p)),
  ];
}

function targetsOf(statement: StatementPlace["statement"]): readonly Target[] {
  switch (statement.kind) {
    case "assign":
      return statement.targets;
    case "augmented-assign":
    case "for":
      return [statement.target];
    case "with":
      return statement.items.flatMap(({ target }) => (target === null ? [] : [target]));
    default:
      return [];
  }
}

function binds(target: Target, name: string): boolean {
  return namesIn(target).includes(name);
}

/** What a statement assigns; with what stands left of it, where that unpacks. */
function valueOf(tree: Tree, { statement }: StatementPlace): readonly Node[] {
  const node = (expr: Expr): readonly Node[] => [tree.byExpr.get(expr) ?? []].flat();
  switch (statement.kind) {
    case "assign":
      return [statement.value, ...statement.targets.filter(({ kind }) => kind === "sequence")].flatMap(node);
    case "augmented-assign":
      return [...node(statement.value), ...node(statement.target)];
    case "for":
      return node(statement.iterable);
    case "with":
      return statement.items.flatMap(({ value }) => node(value));
    default:
      return [];
  }
}

/** What a function of the file gives back, or calling an object of a class. */
function resultsOf(tree: Tree, { statement }: StatementPlace): readonly Node[] {
  if (statement.kind === "class") {
    const methods = tree.statements.filter(({ scope }) => scope.definition === statement);
    return methods.filter((place) => isCalled(place.statement)).flatMap((place) => resultsOf(tree, place));
  }
  if (statement.kind !== "function") return [];
  const returns = tree.statements.flatMap((place) =>
    place.statement.kind === "return" && functionAround(place.scope) === statement ? [place.statement.value] : [],
  );
  return returns.flatMap((value) => (value === null ? [] : (tree.byExpr.get(value) ?? [])));
}

function isCalled(statement: StatementPlace["statement"]): boolean {
  return statement.kind === "function" && ["forward", "__call__"].includes(statement.name);
}

/** What a call on the way here gives for a parameter, and its default. */
function argumentsFor(c: Case, node: Node, name: string): readonly Node[] {
  const definition = functionAround(node.place.scope);
  const at = definition?.parameters.findIndex((parameter) => parameter.name === name) ?? -1;
  const parameter = definition?.parameters[at];
  if (definition === null || parameter === undefined) return [];
  const own = treeAt(c, node.path);
  const ifAbsent = parameter.default === null ? [] : [own?.byExpr.get(parameter.default) ?? []].flat();
  const isMethod = ["self", "cls"].includes(definition.parameters[0]?.name ?? "");
  const given = callsOf(c, definition.name).flatMap((call) => {
    const { expr } = call;
    if (expr.kind !== "call") return [];
    const byName = expr.args.find((argument) => argument.name === name);
    const positional = expr.args.filter((argument) => argument.name === null);
    const argument = byName ?? positional[at - (isMethod ? 1 : 0)];
    return argument === undefined ? [] : (treeAt(c, call.path)?.byExpr.get(argument.value) ?? []);
  });
  return [...given, ...ifAbsent];
}

/** The calls on the way to the finding, and those that name the function or, for a constructor, its class. */
function callsOf(c: Case, name: string): readonly Node[] {
  const leading = c.calls.flatMap(
    ({ path, start, end }) =>
      treeAt(c, path)?.nodes.filter((node) => node.start === start && node.end === end && node.expr.kind === "call") ??
      [],
  );
  const naming = c.trees.flatMap(({ nodes }) =>
    nodes.filter(({ expr }) => {
      if (expr.kind !== "call") return false;
      const called =
        expr.callee.kind === "name" ? expr.callee.id : expr.callee.kind === "attribute" ? expr.callee.name : "";
      return called === name || (name === "__init__" && isClass(c, called));
    }),
  );
  return [...new Set([...leading, ...naming])].slice(0, 12);
}

function isClass(c: Case, name: string): boolean {
  return c.trees.some(({ statements }) =>
    statements.some(({ statement }) => statement.kind === "class" && statement.name === name),
  );
}

/** What is assigned to attributes of a name, given for them in calls, or stands for them in the bodies of classes. */
function attributesNamed(tree: Tree, name: string): readonly Node[] {
  const assigned = tree.statements.filter(({ statement, scope }) =>
    targetsOf(statement).some((target) =>
      target.kind === "attribute" ? target.name === name : scope.definition?.kind === "class" && binds(target, name),
    ),
  );
  const given = tree.nodes.flatMap(({ expr }) => {
    const argument = expr.kind === "call" ? expr.args.find((each) => each.name === name) : undefined;
    return argument === undefined ? [] : (tree.byExpr.get(argument.value) ?? []);
  });
  return [...assigned.slice(0, 6).flatMap((place) => valueOf(tree, place)), ...given.slice(0, 6)];
}
