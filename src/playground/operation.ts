/**
 * The operation that the playground is asked to show, as it crosses from the extension to the page: names, shapes and
 * options exactly as the code has them. It knows nothing of how the page shows it, nor of how the editor found it.
 */

import * as v from "valibot";
import { ACTIVATIONS } from "./activation.ts";

/** A size that the code fixes, or the printed expression of one that it does not (`"T"`, `"C // n_head"`). */
const dimension = v.union([
  v.pipe(v.number(), v.integer(), v.minValue(0)),
  v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
]);

const operand = v.object({
  /** The operand's own text in the code, short: `"q"`, `"self.weight"`. */
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
  /** The shape of the operand as stored, before `transposeA` or `transposeB`. */
  dims: v.pipe(v.array(dimension), v.maxLength(8)),
});

export const sourcePlace = v.object({
  uri: v.pipe(v.string(), v.maxLength(4096)),
  /** The name that the title shows: `"model.py"`. */
  file: v.pipe(v.string(), v.maxLength(400)),
  /** Zero-based, as everywhere in the protocol; the page shows it plus one. */
  line: v.pipe(v.number(), v.integer(), v.minValue(0)),
  character: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** The statement, on one line. */
  code: v.pipe(v.string(), v.maxLength(2000)),
});

const options = v.object({
  causal: v.exactOptional(v.boolean()),
  /** A query sees keys up to this far from its own place. */
  window: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** This many keys at the end are padding. */
  padding: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Scores lose with distance, each head at its own pace. */
  distance: v.exactOptional(v.boolean()),
  /** A score s becomes c·tanh(s/c) before it is masked. */
  softcap: v.exactOptional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
  /** A number for each column is added to a product, and then a function applied. */
  bias: v.exactOptional(v.boolean()),
  activation: v.exactOptional(v.picklist(ACTIVATIONS)),
  /** What operands and results are rounded to; float32 unless told. */
  storage: v.exactOptional(v.picklist(["float32", "float16"])),
  /** What scores are multiplied by; absent means one over the square root of the feature size. */
  scale: v.exactOptional(v.pipe(v.number(), v.finite())),
  transposeA: v.exactOptional(v.boolean()),
  transposeB: v.exactOptional(v.boolean()),
  /** The dtype in the code, for display. */
  dtype: v.exactOptional(v.pipe(v.string(), v.maxLength(40))),
});

const common = {
  title: v.pipe(v.string(), v.maxLength(200)),
  source: v.exactOptional(sourcePlace),
  /** The name that the code gives to the result, if any. */
  result: v.exactOptional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80))),
  options,
};

export const operation = v.variant("operator", [
  v.object({ operator: v.literal("matmul"), operands: v.strictTuple([operand, operand]), ...common }),
  v.object({ operator: v.literal("attention"), operands: v.strictTuple([operand, operand, operand]), ...common }),
]);

export type Dimension = v.InferOutput<typeof dimension>;
export type SourcePlace = v.InferOutput<typeof sourcePlace>;
/** `operands` are `[a, b]` for a matmul and `[q, k, v]` for attention, each `(…, heads, length, features)`. */
export type Operation = v.InferOutput<typeof operation>;
export type Operator = Operation["operator"];
