/**
 * A remedy that may be worth a trial: the edits, and how far they are from the program as it is. It knows edits and
 * texts of Python.
 */
import type { FactKind } from "../analysis/result.ts";
import type { Edit } from "./edits.ts";
import { textOfNode, type Node, type Tree } from "./tree.ts";

export interface Candidate {
  readonly edits: readonly Edit[];
  /** "Transpose `k`", without what comes of it. */
  readonly title: string;
  /** Low for a small change that is often meant. */
  readonly cost: number;
  /** An expression that must be a known tensor once it is edited. */
  readonly probe?: Node;
}

/** Looks for remedies at one expression. */
export type Rewrite = (place: RewritePlace) => readonly Candidate[];

export interface RewritePlace {
  readonly tree: Tree;
  readonly node: Node;
  /** The sizes of the tensor that the expression is; null for other values, and where the rank is not known. */
  readonly dims: readonly string[] | null;
  /** The whole number that the expression is. */
  readonly int: string | null;
  /** Sizes that the finding speaks of, the likeliest first. */
  readonly wanted: readonly string[];
  /** How the program may write a size at this place, by the size. */
  readonly spellings: ReadonlyMap<string, readonly string[]>;
  /** True for the operation at fault and for its operands. */
  readonly near: boolean;
  /** The rule that was broken. */
  readonly code: string;
  readonly library: "torch" | "numpy";
  /** What is known of another expression of the file. */
  readonly kindOf: (node: Node) => FactKind | null;
  /** Whether the file defines a function or class of this name. */
  readonly defines: (name: string) => boolean;
}

/** Puts `text` in the place of the node. */
export function replaced(node: Pick<Node, "path" | "start" | "end">, text: string): readonly Edit[] {
  return [{ path: node.path, start: node.start, end: node.end, text }];
}

/** Adds `suffix` behind the expression, in brackets where it would bind to a part only. */
export function suffixed({ tree, node }: Pick<RewritePlace, "tree" | "node">, suffix: string): readonly Edit[] {
  const { path, start, end } = node;
  if (isAtomic(tree, node)) return [{ path, start: end, end, text: suffix }];
  return [
    { path, start, end: start, text: "(" },
    { path, start: end, end, text: `)${suffix}` },
  ];
}

function isAtomic(tree: Tree, { expr, start, end }: Node): boolean {
  switch (expr.kind) {
    case "name":
    case "attribute":
    case "call":
    case "index":
      return true;
    case "literal":
    case "sequence":
      return /^[[({"']/.test(textOfNode(tree, { start, end }));
    default:
      return false;
  }
}

/** The text of an expression in a title, cut where it is long. */
export function quoted(tree: Tree, node: Pick<Node, "start" | "end">): string {
  const text = textOfNode(tree, node).replaceAll(/\s+/g, " ");
  return `\`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``;
}
