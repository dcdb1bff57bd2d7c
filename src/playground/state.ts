/**
 * Everything that a person has chosen in the playground, and nothing that is computed from it. It survives reloads
 * through VS Code's `setState`, so it is checked when it comes back: an older or foreign form is dropped, never guessed.
 */

import * as v from "valibot";
import { graph } from "./graph.ts";
import { operation } from "./operation.ts";

/** What an operand can be filled with; `given` are values from a person or a file. */
export const FILLS = [
  "demo",
  "normal",
  "uniform",
  "identity",
  "one-hot",
  "causal",
  "tokens",
  "arange",
  "ones",
  "given",
] as const;
export type Fill = (typeof FILLS)[number];

const index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Values that were given: where they come from and their shape. They are kept under the id, outside this state. */
const given = v.object({
  id: v.pipe(v.string(), v.maxLength(80)),
  from: v.pipe(v.string(), v.maxLength(400)),
  shape: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1))), v.maxLength(8)),
  note: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
});

/** One tab: an operation and how it is filled, sliced and run. */
export const bench = v.object({
  operation,
  /** The size of each named dimension. */
  sizes: v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1))),
  /** How each operand is filled, in the order of the operands. */
  fills: v.array(v.picklist(FILLS)),
  /** For each operand the values that it was given, whether they fill it now or not. */
  given: v.optional(v.array(v.nullable(given)), []),
  seed: index,
  /** For each operand, which of the leading dimensions it shares instead of having its own: 0 shares none. */
  shared: v.array(index),
  /** `null` lets the device choose. */
  kernel: v.nullable(v.pipe(v.string(), v.maxLength(80))),
  /** WGSL that a person runs in place of a kernel's own, by kernel and program. */
  texts: v.optional(v.record(v.string(), v.record(v.string(), v.pipe(v.string(), v.maxLength(60_000)))), {}),
  /** Where we look along each leading dimension of the result. */
  slice: v.array(index),
  /** For each dimension of which only a part is in view: the first index, and how many. */
  zoom: v.optional(v.record(v.string(), v.tuple([index, v.pipe(index, v.minValue(1))])), {}),
  cursor: v.object({ tensor: v.pipe(v.string(), v.maxLength(80)), row: index, col: index }),
});

/** A whole function: its graph, the sizes that its symbols have here, and where we look. */
const functionState = v.object({
  graph,
  sizes: v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(1))),
  seed: index,
  /** Which one is shown along each leading dimension. */
  at: v.record(v.string(), index),
  node: index,
  row: index,
  col: index,
});

export const playgroundState = v.object({
  version: v.literal(1),
  tab: v.picklist(["matmul", "attention"]),
  /** The whole function that was opened, and whether it is in view instead of the tab. */
  function: v.optional(v.nullable(functionState), null),
  whole: v.optional(v.boolean(), false),
  matmul: bench,
  attention: bench,
  /** One scale of colours for each tensor, or one for each row of it. */
  colours: v.picklist(["tensor", "row"]),
});

export type GivenValues = v.InferOutput<typeof given>;
export type Bench = v.InferOutput<typeof bench>;
export type FunctionState = v.InferOutput<typeof functionState>;
export type PlaygroundState = v.InferOutput<typeof playgroundState>;

/** The state that was kept, or `undefined` when it is not one of ours. */
export function restoreState(raw: unknown): PlaygroundState | undefined {
  const result = v.safeParse(playgroundState, raw);
  if (!result.success) return undefined;
  const { matmul, attention } = result.output;
  return matmul.operation.operator === "matmul" && attention.operation.operator === "attention"
    ? result.output
    : undefined;
}
