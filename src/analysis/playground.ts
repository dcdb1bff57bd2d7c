/**
 * Which operations the playground can run, with their own dimensions: contractions that are one matrix
 * product, and attention. It knows the words of the catalogue's parameters, nothing of the panel.
 */
import type { Bound, Datum, Operator } from "../ops/index.ts";
import type { OperandFact, PlaygroundCall } from "./result.ts";
import type { Value } from "./value.ts";

export function playgroundCall(
  kind: Operator["playground"],
  operands: readonly OperandFact[],
  bound: Bound,
  value: Value,
): PlaygroundCall | null {
  if (kind === null || value.kind !== "tensor") return null;
  const wanted = kind === "matmul" ? 2 : 3;
  const chosen = operands.slice(0, wanted);
  if (chosen.length < wanted || chosen.some((operand) => operand.shape.lead !== null || operand.shape.dims.length < 2))
    return null;
  return {
    operator: kind,
    operands: chosen.map((operand) => ({ name: operand.text, shape: operand.shape })),
    causal: isTrue(bound.get("is_causal")),
    scale: numberOf(bound.get("scale")),
    dtype: value.dtype,
    masked: MASKS.some((name) => isGiven(bound.get(name))),
  };
}

function isTrue(datum: Datum | undefined): boolean {
  return datum?.kind === "bool" && datum.value === true;
}

/** What functions of attention call their masks. */
const MASKS = ["attn_mask", "key_padding_mask", "mask"];

function isGiven(datum: Datum | undefined): boolean {
  return datum !== undefined && datum.kind !== "none";
}

function numberOf(datum: Datum | undefined): number | null {
  return datum?.kind === "float" ? datum.value : null;
}
