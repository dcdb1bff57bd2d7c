/**
 * What declarations say about element types: `same("input")`, `promoted("a", "b")`, `always("bool")`.
 * It joins arguments with the promotion tables and knows no shapes beyond whether a rank is 0.
 */
import { rank } from "../shapes/index.ts";
import { argument, dtypeArgument, readTensor, tensorOf, typesOf } from "./arguments.ts";
import { category, floatHolding, isFloating, resultType, type DType, type PromotionOperand } from "./dtype.ts";
import { jaxResult } from "./dtype-jax.ts";
import type { Call } from "./operator.ts";
import type { Datum, Library } from "./value.ts";

export type DTypeRule = (call: Call) => DType | null;

export function same(parameter = "input"): DTypeRule {
  return (call) => tensorOf(call, parameter).dtype;
}

export function always(dtype: DType | null): DTypeRule {
  return () => dtype;
}

export function promoted(...parameters: readonly string[]): DTypeRule {
  return (call) =>
    promoteData(
      call,
      parameters.map((parameter) => argument(call, parameter)),
    );
}

/** What comparisons and tests give. */
export const truth: DTypeRule = always("bool");

/** `dtype=` where it is given, else the other rule. */
export function orGiven(fallback: DTypeRule): DTypeRule {
  return (call) => {
    const given = dtypeArgument(call.args);
    return given === undefined ? fallback(call) : given;
  };
}

/** Integers become floating-point numbers, as under division, roots and exponentials. */
export function floating(rule: DTypeRule = same()): DTypeRule {
  return (call) => floatOf(rule(call), typesOf(call));
}

/** What sums do: booleans and small integers become int64 (unsigned ones uint64 in NumPy). */
export function accumulated(rule: DTypeRule = same()): DTypeRule {
  return (call) => {
    const dtype = rule(call);
    if (dtype === null || isFloating(dtype) || category(dtype) === "complex") return dtype;
    const library = typesOf(call);
    if (library === null) return null;
    return library !== "torch" && dtype.startsWith("uint") ? "uint64" : "int64";
  };
}

/** The real type of the parts of a complex one; others stay. */
export function realPart(rule: DTypeRule = same()): DTypeRule {
  return (call) => realPartOf(rule(call));
}

export function realPartOf(dtype: DType | null): DType | null {
  if (dtype === "complex64") return "float32";
  return dtype === "complex128" ? "float64" : dtype === "complex32" ? "float16" : dtype;
}

/** The type for results that the library makes floating: the default type of the library where `rule` gives no other. */
export function defaultFloat(call: Call): DType | null {
  const library = typesOf(call);
  return library === null ? null : library === "numpy" ? "float64" : "float32";
}

function floatOf(dtype: DType | null, library: Library | null): DType | null {
  if (dtype === null || isFloating(dtype) || category(dtype) === "complex") return dtype;
  return library === null ? null : library === "numpy" ? floatHolding(dtype) : "float32";
}

export function promoteData(call: Call, data: readonly Datum[]): DType | null {
  const [library, operands] = [typesOf(call), data.map((datum) => promotionOperand(call, datum))];
  return library === "jax" ? jaxResult(operands) : resultType(library, operands);
}

function promotionOperand(call: Call, datum: Datum): PromotionOperand {
  if (datum.kind === "int" || datum.kind === "float" || datum.kind === "bool" || datum.kind === "complex") {
    return { kind: "scalar", type: datum.kind };
  }
  const { shape, dtype, weak = false } = readTensor(call, datum);
  const ranks = rank(shape);
  const zeroDimensional = shape.dims.length > 0 ? false : ranks === null ? null : ranks === 0;
  return { kind: "array", dtype, zeroDimensional, weak };
}
