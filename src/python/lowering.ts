/**
 * What every part of the lowering shares: the text, the scope whose names are being collected, and small
 * questions about syntax nodes. It must not know any construct of the language.
 */
import type { Expr, Span, Stmt } from "../program/syntax.ts";
import type { CommentNotes } from "./comments.ts";
import type { SyntaxNode } from "./tree.ts";

export interface Lowering {
  /** The chunk's text; the positions of all nodes are offsets in it. */
  readonly text: string;
  readonly comments: CommentNotes;
  readonly expression: (node: SyntaxNode) => Expr;
  readonly block: (node: SyntaxNode | null) => readonly Stmt[];
  /** The innermost function, class or module that is being lowered. */
  scope: Scope;
}

export interface Scope {
  readonly names: Set<string>;
  /** Names that `global` or `nonlocal` takes away from this scope. */
  readonly elsewhere: Set<string>;
  generator: boolean;
}

export function newScope(): Scope {
  return { names: new Set(), elsewhere: new Set(), generator: false };
}

/** Runs `work` in a scope of its own. */
export function inScope<T>(lower: Lowering, scope: Scope, work: () => T): T {
  const outer = lower.scope;
  lower.scope = scope;
  try {
    return work();
  } finally {
    lower.scope = outer;
  }
}

export function bind(lower: Lowering, name: string): void {
  if (name !== "") lower.scope.names.add(name);
}

export function spanOf(node: SyntaxNode): Span {
  return { start: node.start, end: node.end };
}

export function textOf(lower: Lowering, node: SyntaxNode): string {
  return lower.text.slice(node.start, node.end);
}

/** Python compares identifiers in their normal form NFKC. */
export function nameOf(lower: Lowering, node: SyntaxNode): string {
  const text = textOf(lower, node);
  return /[^ -~]/.test(text) ? text.normalize("NFKC") : text;
}

export function fieldOf(node: SyntaxNode, field: string): SyntaxNode | null {
  return node.children.find((child) => child.field === field) ?? null;
}

export function fieldsOf(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === field && child.named);
}

export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.named);
}

export function childOfType(node: SyntaxNode, type: string): SyntaxNode | null {
  return node.children.find((child) => child.type === type) ?? null;
}

/**
 * Something that is not punctuation went wrong directly in this node, or a repair had to end it: a call
 * whose bracket is not closed yet may still get arguments, so its value must not be claimed.
 */
export function isDamaged(node: SyntaxNode): boolean {
  const last = node.children.at(-1);
  if (last !== undefined && last.start === last.end) return true;
  return node.hasError && (node.bad || node.children.some((child) => child.bad && child.named));
}
