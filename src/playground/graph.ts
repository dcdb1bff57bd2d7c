/**
 * A function over tensors as a graph: what goes in, and each operation in the order of the code, with the shape that the
 * editor shows for it. Plain data that crosses from the extension to the page; it knows no operator's meaning.
 */

import * as v from "valibot";
import { evaluate, parseExpression, symbolsOf } from "./expression.ts";

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(400));

/** What an operation is given: the value of another node, or numbers and words as the code has them. */
const argument = v.variant("kind", [
  v.object({ kind: v.literal("node"), node: index }),
  v.object({ kind: v.literal("number"), value: v.number() }),
  /** A size or a sum of sizes, printed. */
  v.object({ kind: v.literal("size"), text }),
  /** A root or a reciprocal of sizes, as attention divides by: `value` of `text`, to this power. */
  v.object({ kind: v.literal("power"), text, power: v.number() }),
  v.object({ kind: v.literal("list"), items: v.pipe(v.array(v.union([v.number(), text])), v.maxLength(16)) }),
  v.object({ kind: v.literal("word"), text }),
  /** Something that is not followed. */
  v.object({ kind: v.literal("open"), text }),
]);

const node = v.object({
  /** `torch.nn.functional.softmax`, `operator.@`; null for what goes in. */
  operator: v.nullable(text),
  /** The name in the code that holds the value, where it has one. */
  name: v.nullable(text),
  /** The expression as written, on one line. */
  code: text,
  line: index,
  dims: v.pipe(v.array(v.union([index, text])), v.maxLength(8)),
  args: v.pipe(v.array(v.object({ name: v.nullable(text), value: argument })), v.maxLength(16)),
});

export const graph = v.object({
  name: text,
  uri: v.pipe(v.string(), v.maxLength(4096)),
  file: text,
  line: index,
  nodes: v.pipe(v.array(node), v.minLength(1), v.maxLength(80)),
  /** The nodes that the function returns. */
  returned: v.pipe(v.array(index), v.maxLength(16)),
  /** What of the code was left out, in sentences. */
  notes: v.pipe(v.array(text), v.maxLength(8)),
});

export type Graph = v.InferOutput<typeof graph>;
export type GraphNode = v.InferOutput<typeof node>;
export type GraphArgument = v.InferOutput<typeof argument>;

/** Sizes to start with: small enough that every intermediate is seen whole, and different enough to tell axes apart. */
const FIRST = [2, 4, 8, 6, 12, 5, 10];

/** Every name that the shapes leave open, in the order in which they appear. */
export function symbolsIn({ nodes }: Graph): readonly string[] {
  const names = nodes.flatMap(({ dims }) =>
    dims.flatMap((dim) => {
      const expression = typeof dim === "string" ? parseExpression(dim) : undefined;
      return expression === undefined ? [] : symbolsOf(expression);
    }),
  );
  return [...new Set(names)];
}

export const firstGraphSizes = (whole: Graph): Readonly<Record<string, number>> =>
  Object.fromEntries(symbolsIn(whole).map((name, i) => [name, FIRST[i % FIRST.length] ?? 4]));

/** The sizes of a node's axes; nothing where one of them has no value. */
export function sizesOf(
  dims: GraphNode["dims"],
  sizes: Readonly<Record<string, number>>,
): readonly number[] | undefined {
  const all = dims.map((dim) => sizeOfText(dim, sizes));
  return all.every((size) => size !== undefined && size >= 1) ? (all as number[]) : undefined;
}

export function sizeOfText(dim: number | string, sizes: Readonly<Record<string, number>>): number | undefined {
  if (typeof dim === "number") return dim;
  const expression = parseExpression(dim);
  return expression === undefined ? undefined : evaluate(expression, sizes);
}
