/**
 * A program as a tree that can be climbed: each expression with what it is part of, its statement, and the functions
 * and classes around it, at offsets of the file. It knows programs only.
 */
import type { ClassDefinition, Expr, FunctionDefinition, Program, Span, Stmt } from "../program/syntax.ts";
import { blocksOf, partsOf, partsOfStatement } from "../program/walk.ts";

export interface Scope {
  /** Null for the module. */
  readonly definition: FunctionDefinition | ClassDefinition | null;
  readonly outer: Scope | null;
}

export interface Node {
  readonly path: string;
  readonly expr: Expr;
  readonly start: number;
  readonly end: number;
  readonly parent: Node | null;
  readonly place: StatementPlace;
}

export interface StatementPlace {
  readonly statement: Stmt;
  readonly scope: Scope;
  /** Where the chunk of the statement starts in the file. */
  readonly offset: number;
}

export interface Tree {
  readonly path: string;
  readonly text: string;
  readonly statements: readonly StatementPlace[];
  /** In the order of the text, outer ones first. */
  readonly nodes: readonly Node[];
  readonly byExpr: ReadonlyMap<Expr, Node>;
}

const trees = new WeakMap<Program, Tree>();

export function treeOf(path: string, program: Program): Tree {
  const known = trees.get(program);
  if (known !== undefined) return known;
  const statements: StatementPlace[] = [];
  const nodes: Node[] = [];
  const module: Scope = { definition: null, outer: null };
  for (const { offset, unit } of program.chunks) addBody(path, unit.body, module, offset, statements, nodes);
  const byExpr = new Map(nodes.map((node) => [node.expr, node] as const));
  const tree = { path, text: program.text, statements, nodes, byExpr };
  trees.set(program, tree);
  return tree;
}

function addBody(
  path: string,
  body: readonly Stmt[],
  scope: Scope,
  offset: number,
  statements: StatementPlace[],
  nodes: Node[],
): void {
  for (const statement of body) {
    const place = { statement, scope, offset };
    statements.push(place);
    for (const expr of partsOfStatement(statement)) addNode(path, expr, null, place, nodes);
    const inner =
      statement.kind === "function" || statement.kind === "class" ? { definition: statement, outer: scope } : scope;
    for (const block of blocksOf(statement)) addBody(path, block, inner, offset, statements, nodes);
  }
}

function addNode(path: string, expr: Expr, parent: Node | null, place: StatementPlace, nodes: Node[]): void {
  const { start, end } = expr.span;
  const node = { path, expr, start: place.offset + start, end: place.offset + end, parent, place };
  nodes.push(node);
  for (const part of partsOf(expr)) addNode(path, part, node, place, nodes);
}

/** The smallest expression that fills or holds the span. */
export function nodeAround(tree: Tree, { start, end }: Span): Node | null {
  let best: Node | null = null;
  for (const node of tree.nodes) {
    if (node.start > start || node.end < end) continue;
    if (best === null || node.end - node.start <= best.end - best.start) best = node;
  }
  return best;
}

/** The expressions that a node is made of. */
export function childrenOf(tree: Tree, node: Node): readonly Node[] {
  return partsOf(node.expr).flatMap((part) => tree.byExpr.get(part) ?? []);
}

export function textOfNode(tree: Tree, node: { readonly start: number; readonly end: number }): string {
  return tree.text.slice(node.start, node.end);
}

/** The function that a scope is in, or null at the level of the module. */
export function functionAround(scope: Scope): FunctionDefinition | null {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    if (at.definition?.kind === "function") return at.definition;
  }
  return null;
}
