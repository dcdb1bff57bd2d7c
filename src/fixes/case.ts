/**
 * A finding with everything that those who look for a remedy ask of it: the operation at fault, the calls that lead
 * there, and the shapes and sizes around it. It knows results and programs, and no remedies.
 */
import type { Fact, FileSpan, Finding } from "../analysis/result.ts";
import { factsOn, type View } from "../editor/index.ts";
import { printDim } from "../shapes/index.ts";
import { nodeAround, treeOf, type Node, type Tree } from "./tree.ts";

export interface Case {
  readonly view: View;
  readonly finding: Finding;
  /** The files that may be changed, the one with the finding first. */
  readonly trees: readonly Tree[];
  /** The smallest expression that the finding underlines. */
  readonly at: Node;
  /** The calls that lead to it, outermost first; none where the function was looked at by itself. */
  readonly calls: readonly FileSpan[];
}

export function caseOf(view: View, finding: Finding): Case | null {
  const paths = new Set([finding.span.path, ...view.result.files.keys()]);
  const trees = [...paths].flatMap((path) => {
    const program = view.sources.program(path);
    return program === null ? [] : [treeOf(path, program)];
  });
  const [own] = trees;
  const at = own?.path === finding.span.path ? nodeAround(own, finding.span) : null;
  if (at === null) return null;
  const calls = finding.related.filter(({ message }) => message === CALLED).map(({ span }) => span);
  return { view, finding, trees, at, calls };
}

/** How the analysis words a call that leads to a finding. */
export const CALLED = "called from here";

export function treeAt(c: Case, path: string): Tree | null {
  return c.trees.find((tree) => tree.path === path) ?? null;
}

/** What is known of an expression: as seen on the way to the finding, else in general, else by any caller. */
export function factOf(c: Case, node: Node): Fact | null {
  const file = c.view.result.files.get(node.path);
  const seen = file === undefined ? [] : factsOn(file, node);
  const facts = seen.filter(({ role }) => role === "expression" || role === "parameter");
  const own = facts.find(({ context }) => context !== null && isBeginning(context, c.calls));
  const general = facts.find(({ context }) => context === null);
  return (c.calls.length > 0 ? (own ?? general) : (general ?? own)) ?? facts[0] ?? null;
}

function isBeginning(context: readonly FileSpan[], calls: readonly FileSpan[]): boolean {
  return context.every((span, i) => calls[i]?.start === span.start && calls[i].path === span.path);
}

/** The printed sizes of a tensor whose rank is known; null for others. */
export function dimsOf(c: Case, node: Node): readonly string[] | null {
  const fact = factOf(c, node);
  if (fact?.kind !== "tensor" || fact.shape === null || fact.shape.lead !== null) return null;
  return fact.shape.dims.map(printDim);
}

export function isTensor(c: Case, node: Node): boolean {
  return factOf(c, node)?.kind === "tensor";
}

/** A whole number as it is printed; null for what is none. */
export function intOf(c: Case, node: Node): string | null {
  const { expr } = node;
  if (expr.kind === "literal") return expr.value.type === "int" ? String(expr.value.value) : null;
  const fact = factOf(c, node);
  return fact?.kind === "int" && fact.text !== "?" ? fact.text : null;
}
