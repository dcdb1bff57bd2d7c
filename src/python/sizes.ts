/**
 * Tells names of sizes from names of things: `[text, mel_normalized]` and `(input_ids, attention_mask)` list what a
 * batch holds. It knows words, and not where they stand.
 */
import type { Notation } from "./notation.ts";

/** Whether every name, or some dimension, in brackets is what people call a size. */
export function namesSizes({ dims }: Notation, how: "every" | "some"): boolean {
  const counts = dims.map((dim) => dim.kind !== "name" || isSizeName(dim.name));
  return how === "every" ? counts.every(Boolean) : counts.some(Boolean);
}

/** Names of sizes are short, or say what they count. */
function isSizeName(name: string): boolean {
  return name.length <= 3 || !/[a-z]/.test(name) || COUNTED.test(name);
}

const COUNTED =
  /\d$|batch|size|len|dim|num|channel|head|seq|time|frame|height|width|depth|row|col|feature|feat|hidden|embed|vocab|class|sample|token|step|node|edge|point|layer|patch|word|char|level|anchor|box|query|quer|key|group|block|chunk|window|kernel|length|count|max|total|model|unit|filter|expert|beam|bins?$|ctx|context|rank|atom|residue|pixel|voxel|rays?$|views?$|mels?$|^n_|^d_|^[nd][A-Z]|_n$/i;
