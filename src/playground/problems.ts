/**
 * What can be wrong with sizes before anything runs, and what would put it right: one plain sentence each, with the
 * sizes that disagree, and a change of the bench where one suggests itself.
 */

import { matrixAxes, tensorsOf, volume, type Extent, type SizedOperand, type Tensors } from "./axes.ts";
import { planOf, sizeOf, type Plan } from "./plan.ts";
import type { Bench } from "./state.ts";
import { bytes, count, flops, type Sentence } from "./words.ts";

/** What the device, or the picture, can take. */
export type Limits = {
  readonly bufferBytes: number;
  /** Who sets the limit: "this adapter", "the CPU path". */
  readonly who: string;
  readonly macs: number;
};

export type Problem = {
  readonly says: Sentence;
  /** The dimension at fault, whose field is marked. */
  readonly dimension?: string;
  readonly remedy?: { readonly title: string; readonly change: (bench: Bench) => Bench };
};

export type Clash = { readonly left: number; readonly right: number; readonly sizes: readonly [Extent, Extent] };

const shapeWords = (axes: readonly Extent[], bad: Extent | undefined): Sentence => [
  "(",
  ...axes.flatMap((extent, i): Sentence => [
    ...(i === 0 ? [] : [", "]),
    extent === bad
      ? { bad: count(extent.size) }
      : extent.axis === 1
        ? "1"
        : { dim: extent.axis, text: count(extent.size) },
  ]),
  axes.length === 1 ? ",)" : ")",
];

/** A size of nothing cannot be drawn: an expression that came out below one. */
export function emptyProblem(plan: Plan, bench: Bench): Problem | undefined {
  const empty = plan.dimensions.find(({ name }) => sizeOf(plan, bench.sizes, name) < 1);
  if (empty === undefined) return undefined;
  return {
    says: [{ dim: empty.name }, " is 0 with these sizes, so there is nothing to compute."],
    dimension: empty.name,
  };
}

export function innerProblem(bench: Bench, a: SizedOperand, b: SizedOperand): Problem {
  const inner = matrixAxes(a, "left").columns;
  const other = matrixAxes(b, "right").rows;
  const flippedFits = matrixAxes(b, "right").columns.size === inner.size && b.axes.length > 1;
  const says: Sentence = [
    "Cannot multiply ",
    { code: a.name },
    " ",
    ...shapeWords(a.axes, inner),
    " by ",
    { code: b.name },
    " ",
    ...shapeWords(b.axes, other),
    ...(b.transposed ? [" transposed"] : []),
    `: the inner sizes are ${count(inner.size)} and ${count(other.size)}.`,
  ];
  const dimension = other.axis === 1 ? {} : { dimension: other.axis };
  if (flippedFits) return { says, ...dimension, remedy: { title: `Transpose ${b.name}`, change: flipB } };
  const { axis } = other;
  if (axis === 1) return { says };
  const change = (old: Bench): Bench => ({ ...old, sizes: { ...old.sizes, [axis]: inner.size } });
  const follows = planOf(bench.operation).dimensions.find(({ name }) => name === axis)?.follows !== undefined;
  return follows
    ? { says, ...dimension }
    : { says, ...dimension, remedy: { title: `Set ${axis} to ${count(inner.size)}`, change } };
}

function flipB(bench: Bench): Bench {
  if (bench.operation.operator !== "matmul") return bench;
  const { options } = bench.operation;
  return {
    ...bench,
    operation: { ...bench.operation, options: { ...options, transposeB: options.transposeB !== true } },
  };
}

export function broadcastProblem(a: SizedOperand, b: SizedOperand, { sizes: [left, right] }: Clash): Problem {
  return {
    says: [
      { code: a.name },
      " ",
      ...shapeWords(a.axes, left),
      " and ",
      { code: b.name },
      " ",
      ...shapeWords(b.axes, right),
      ` cannot be broadcast together: ${count(left.size)} against ${count(right.size)}.`,
    ],
    ...(right.axis === 1 ? {} : { dimension: right.axis }),
  };
}

export function attentionProblem(q: SizedOperand, k: SizedOperand, v: SizedOperand): Problem | undefined {
  const differ = (a: SizedOperand, b: SizedOperand, at: number, what: string): Problem | undefined => {
    const [left, right] = [a.axes.at(at), b.axes.at(at)];
    if (left === undefined || right === undefined || left.size === right.size) return undefined;
    const says: Sentence = [
      { code: a.name },
      " ",
      ...shapeWords(a.axes, left),
      " and ",
      { code: b.name },
      " ",
      ...shapeWords(b.axes, right),
      ` have different ${what}: ${count(left.size)} and ${count(right.size)}.`,
    ];
    const { axis } = right;
    if (axis === 1) return { says };
    const change = (old: Bench): Bench => ({ ...old, sizes: { ...old.sizes, [axis]: left.size } });
    return { says, dimension: axis, remedy: { title: `Set ${axis} to ${count(left.size)}`, change } };
  };
  return (
    differ(q, k, -1, "feature sizes") ?? differ(k, v, -2, "numbers of keys") ?? headProblem(q, k) ?? headProblem(q, v)
  );
}

/** Grouped queries: each key head serves the same number of query heads. */
function headProblem(q: SizedOperand, k: SizedOperand): Problem | undefined {
  const queries = q.axes.at(-3);
  const keys = k.axes.at(-3);
  if (queries === undefined || keys === undefined || keys.size === 0 || queries.size % keys.size === 0)
    return undefined;
  return {
    says: [
      `${count(queries.size)} heads of `,
      { code: q.name },
      ` cannot be shared out evenly to ${count(keys.size)} heads of `,
      { code: k.name },
      ".",
    ],
    ...(keys.axis === 1 ? {} : { dimension: keys.axis }),
  };
}

export function tooLarge(bench: Bench, layout: Tensors, limits: Limits): Problem | undefined {
  for (const { name, axes } of tensorsOf(bench, layout)) {
    const need = 4 * volume(axes);
    if (need <= limits.bufferBytes) continue;
    const says: Sentence = [
      { code: name },
      ` needs ${bytes(need)}; ${limits.who} allows ${bytes(limits.bufferBytes)} in one buffer.`,
    ];
    return shrinking(layout, axes, says, limits.bufferBytes / need);
  }
  if (layout.macs <= limits.macs) return undefined;
  const all = [...layout.batch, layout.rows, layout.columns, layout.inner];
  const says: Sentence = [
    `This is ${flops(2 * layout.macs)}; ${limits.who} takes up to ${flops(2 * limits.macs)} in one run here.`,
  ];
  return shrinking(layout, all, says, limits.macs / layout.macs);
}

/** Offers the largest size that fits for the largest dimension, the others unchanged. */
function shrinking(layout: Tensors, axes: readonly Extent[], says: Sentence, by: number): Problem {
  const named = axes.filter((extent): extent is { readonly axis: string; readonly size: number } => extent.axis !== 1);
  const free = named.filter(({ axis }) =>
    layout.plan.dimensions.some(({ name, follows }) => name === axis && follows === undefined),
  );
  const largest = free.reduce<(typeof free)[number] | undefined>(
    (a, b) => (a !== undefined && a.size >= b.size ? a : b),
    undefined,
  );
  if (largest === undefined) return { says };
  // A dimension that stands twice, as T does in (T, T), shrinks both.
  const times = axes.filter(({ axis }) => axis === largest.axis).length;
  const most = Math.max(1, Math.floor(largest.size * by ** (1 / times)));
  const others = [...new Set(named.map(({ axis }) => axis))].filter((axis) => axis !== largest.axis);
  const rest: Sentence = others.flatMap((axis, i): Sentence => [i === 0 ? "" : ", ", { dim: axis }]);
  const change = (old: Bench): Bench => ({ ...old, sizes: { ...old.sizes, [largest.axis]: most } });
  return {
    says: [
      ...says,
      " Largest ",
      { dim: largest.axis },
      ...(others.length > 0 ? [" for these ", ...rest] : []),
      `: ${count(most)}.`,
    ],
    dimension: largest.axis,
    remedy: { title: `Use ${count(most)}`, change },
  };
}
