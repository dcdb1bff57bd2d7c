/**
 * Remedies that move, add or take away dimensions of one operand. They know how Python writes this, and leave it to the
 * trial whether it helps.
 */
import type { Call, Expr } from "../program/syntax.ts";
import { quoted, replaced, suffixed, type Candidate, type Rewrite } from "./candidate.ts";
import { textOfNode } from "./tree.ts";

const HIGHEST_RANK = 6;

/** Other orders of the dimensions: the last two first, then channels from behind to the front and back, then any two. */
export const transposed: Rewrite = (place) => {
  const { tree, node, dims, near } = place;
  const rank = dims?.length ?? 0;
  if (rank < 2 || rank > HIGHEST_RANK || isLayoutCall(node.expr)) return [];
  const title = `Transpose ${quoted(tree, node)}`;
  const add = (suffix: string, cost: number): Candidate => ({
    edits: suffixed(place, suffix),
    title,
    cost,
    probe: node,
  });
  if (rank === 2) return [add(".T", 1)];
  const swap = place.library === "torch" ? "transpose" : "swapaxes";
  const all = pairs(rank).map(([i, j]) => add(`.${swap}(${i}, ${j})`, near ? 1.8 : 2.6));
  const moves = [
    [0, rank - 1, ...range(1, rank - 1)],
    [0, ...range(2, rank), 1],
    [rank - 1, ...range(0, rank - 1)],
    [...range(1, rank), 0],
  ].map((order) => add(`.${place.library === "torch" ? "permute" : "transpose"}(${order.join(", ")})`, 2.2));
  return [add(`.${swap}(-2, -1)`, 1), ...all, ...(rank > 3 || near ? moves : [])];
};

function pairs(rank: number): readonly (readonly [number, number])[] {
  const all = range(0, rank).flatMap((i) => range(i + 1, rank).map((j) => [i, j] as const));
  return all.filter(([, j]) => j !== rank - 1 || rank > 2).filter(([i, j]) => !(i === rank - 2 && j === rank - 1));
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** A dimension of size 1 more, at any place. */
export const unsqueezed: Rewrite = (place) => {
  const { tree, node, dims, library } = place;
  if (dims === null || dims.length >= HIGHEST_RANK) return [];
  return range(0, dims.length + 1).map((at) => {
    const suffix = library === "torch" ? `.unsqueeze(${at})` : newAxis(at, dims.length);
    const ends = at === 0 || at === dims.length;
    const what = library === "torch" ? `Insert \`unsqueeze(${at})\` after` : "Add a dimension to";
    return {
      edits: suffixed(place, suffix),
      title: `${what} ${quoted(tree, node)}`,
      cost: ends ? 1.5 : 1.9,
      probe: node,
    };
  });
};

function newAxis(at: number, rank: number): string {
  const before = Array.from({ length: at }, () => ":");
  return at === rank && rank > 1 ? "[..., None]" : `[${[...before, "None"].join(", ")}]`;
}

/** One dimension of size 1 less. */
export const squeezed: Rewrite = (place) => {
  const { tree, node, dims } = place;
  const ones = (dims ?? []).flatMap((dim, i) => (dim === "1" ? [i] : []));
  return ones.map((at) => ({
    edits: suffixed(place, `.squeeze(${at})`),
    title: `Squeeze ${quoted(tree, node)}`,
    cost: 1.6,
    probe: node,
  }));
};

/** Neighbouring dimensions merged. */
export const flattened: Rewrite = (place) => {
  const { tree, node, dims, library } = place;
  const rank = dims?.length ?? 0;
  if (rank < 2 || rank > HIGHEST_RANK) return [];
  if (library === "numpy") return [];
  const spans = [
    ["1", rank > 2],
    ["0, 1", rank > 2],
    ["1, 2", rank > 3],
    ["2", rank > 3],
    ["0", rank === 2],
  ] as const;
  return spans
    .filter(([, fits]) => fits)
    .map(([args]) => ({
      edits: suffixed(place, `.flatten(${args})`),
      title: `Insert \`flatten(${args})\` after ${quoted(tree, node)}`,
      cost: 2,
      probe: node,
    }));
};

const LAYOUT_METHODS = new Set(
  "transpose permute swapaxes moveaxis movedim t unsqueeze squeeze flatten expand_dims reshape view expand repeat".split(
    " ",
  ),
);

function isLayoutCall(expr: Expr): boolean {
  if (expr.kind === "attribute") return expr.name === "T" || expr.name === "mT";
  return expr.kind === "call" && expr.callee.kind === "attribute" && LAYOUT_METHODS.has(expr.callee.name);
}

/** The operand without the step that changed its layout: `k` for `k.transpose(1, 2)`, `x` for `x[None]`. */
export const withoutStep: Rewrite = ({ tree, node, near, code, kindOf }) => {
  const { expr } = node;
  const drop = (kept: Expr, step: string, cost: number): readonly Candidate[] => {
    const inner = tree.byExpr.get(kept);
    if (inner === undefined || kindOf(inner) !== "tensor") return [];
    const title = `Remove \`${step.length > 40 ? `${step.slice(0, 39)}…` : step}\``;
    return [{ edits: replaced(node, textOfNode(tree, inner)), title, cost }];
  };
  if (expr.kind === "index")
    return drop(expr.object, textOfNode(tree, { start: node.place.offset + expr.object.span.end, end: node.end }), 2.6);
  if (!isLayoutCall(expr)) return [];
  const kept = stepBehind(expr);
  if (kept === null) return [];
  const step = textOfNode(tree, { start: node.place.offset + kept.span.end, end: node.end }).trim();
  return drop(kept, step, near && code === "reshape-count" ? 3 : 1.7);
};

function stepBehind(expr: Expr): Expr | null {
  if (expr.kind === "attribute") return expr.object;
  if (expr.kind !== "call" || expr.callee.kind !== "attribute") return null;
  return isLibrary(expr.callee.object) ? null : expr.callee.object;
}

function isLibrary(expr: Expr): boolean {
  return expr.kind === "name" && /^(torch|np|numpy|jnp|jax|F|nn|einops)$/.test(expr.id);
}

const REDUCTIONS = new Set(
  "sum mean max min amax amin prod norm std var logsumexp argmax argmin any all median nansum nanmean".split(" "),
);

/** The reduced dimension stays, with size 1. */
export const keptDimension: Rewrite = ({ tree, node, library, kindOf }) => {
  const { expr } = node;
  if (expr.kind !== "call" || !REDUCTIONS.has(calleeName(expr))) return [];
  const owner = expr.callee.kind === "attribute" ? tree.byExpr.get(expr.callee.object) : undefined;
  if (owner === undefined || (kindOf(owner) !== "tensor" && !isLibrary(owner.expr))) return [];
  const word = library === "torch" ? "keepdim" : "keepdims";
  const given = expr.args.find(({ name }) => name === "keepdim" || name === "keepdims");
  const title = `Keep the reduced dimension (\`${given?.name ?? word}=True\`)`;
  if (given !== undefined) {
    const value = tree.byExpr.get(given.value);
    return value === undefined || textOfNode(tree, value) === "True"
      ? []
      : [{ edits: replaced(value, "True"), title, cost: 1 }];
  }
  const at = node.end - 1;
  const text = `${expr.args.length === 0 ? "" : ", "}${word}=True`;
  return expr.args.length === 0 ? [] : [{ edits: [{ path: node.path, start: at, end: at, text }], title, cost: 1.2 }];
};

export function calleeName({ callee }: Call): string {
  return callee.kind === "attribute" ? callee.name : callee.kind === "name" ? callee.id : "";
}

/** A slice that takes as many elements as the other side has. */
export const cropped: Rewrite = (place) => {
  const { tree, node, dims, wanted, near, code } = place;
  if (!near || dims === null || !["cat-sizes", "broadcast", "loss-sizes", "expand"].includes(code)) return [];
  return dims.flatMap((dim, i) =>
    wanted
      .filter((size) => /^\d+$/.test(dim) && /^\d+$/.test(size) && Number(size) < Number(dim) && Number(size) > 1)
      .map((size) => {
        const items = [...Array.from({ length: i }, () => ":"), `:${size}`];
        const title = `Take the first ${size} of dimension ${i} of ${quoted(tree, node)}`;
        return { edits: suffixed(place, `[${items.join(", ")}]`), title, cost: 3.5, probe: node };
      }),
  );
};
