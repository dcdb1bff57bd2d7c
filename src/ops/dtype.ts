/**
 * Element types and how the libraries promote them. It knows the promotion lattices (PyTorch's by category,
 * NumPy's NEP 50; JAX's is in `dtype-jax.ts`) and no operators. Where the answer is not certain it is null.
 */
import type { Library } from "./value.ts";

export type DType =
  | "bool"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "float8_e4m3fn"
  | "float8_e5m2"
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64"
  | "complex32"
  | "complex64"
  | "complex128";

/**
 * One operand of a promotion. Python numbers are `scalar` operands; `zeroDimensional` is null where the
 * rank is unknown, which matters to PyTorch: there a tensor of rank 0 counts less than one with dimensions.
 */
export type PromotionOperand =
  | {
      readonly kind: "array";
      readonly dtype: DType | null;
      readonly zeroDimensional: boolean | null;
      /** May give way to other types, as Python numbers do in JAX. */ readonly weak?: boolean;
    }
  | { readonly kind: "scalar"; readonly type: "bool" | "int" | "float" | "complex" };

export type Category = "bool" | "integer" | "float" | "complex";

export function category(dtype: DType): Category {
  if (dtype === "bool") return "bool";
  if (dtype.startsWith("complex")) return "complex";
  return dtype.includes("float") ? "float" : "integer";
}

export function isInteger(dtype: DType): boolean {
  return category(dtype) === "integer";
}

const CATEGORIES: readonly Category[] = ["bool", "integer", "float", "complex"];

/** Whether numbers of the first type cannot hold all that those of the second say: real numbers lose to complex ones. */
export function isLowerCategory(a: DType, b: DType): boolean {
  return CATEGORIES.indexOf(category(a)) < CATEGORIES.indexOf(category(b));
}

export function isFloating(dtype: DType): boolean {
  return category(dtype) === "float";
}

export function itemSize(dtype: DType): number {
  if (dtype === "bool" || dtype.startsWith("float8")) return 1;
  return Number(/\d+$/.exec(dtype)?.[0] ?? 8) / 8;
}

/** The type of the result of combining two arrays that both have dimensions. */
export function promote(library: Library, a: DType, b: DType): DType | null {
  if (a === b) return a;
  return library === "numpy" ? promoteNumpy(a, b) : library === "torch" ? promoteTorch(a, b) : null;
}

/** The type of the result of combining arrays and Python numbers. */
export function resultType(library: Library | null, operands: readonly PromotionOperand[]): DType | null {
  if (library === "torch") return torchResult(operands);
  if (library === "numpy") return numpyResult(operands);
  const arrays = operands.flatMap((operand) => (operand.kind === "array" ? [operand.dtype] : []));
  const first = arrays[0] ?? null;
  return operands.length === arrays.length && arrays.every((dtype) => dtype === first) ? first : null;
}

const signedWidth = (dtype: DType): number => itemSize(dtype) * 8;
const isUnsigned = (dtype: DType): boolean => dtype.startsWith("uint");

export function promoteIntegers(a: DType, b: DType): DType | "beyond" {
  if (isUnsigned(a) === isUnsigned(b)) return signedWidth(a) >= signedWidth(b) ? a : b;
  const [unsigned, signed] = isUnsigned(a) ? [a, b] : [b, a];
  if (signedWidth(signed) > signedWidth(unsigned)) return signed;
  const next = { 8: "int16", 16: "int32", 32: "int64" } as const;
  return (next as Readonly<Record<number, DType>>)[signedWidth(unsigned)] ?? "beyond";
}

function complexOf(float: DType): DType | null {
  if (category(float) === "complex") return float;
  const table: Readonly<Partial<Record<DType, DType>>> = {
    float16: "complex32",
    bfloat16: "complex64",
    float32: "complex64",
    float64: "complex128",
  };
  return table[float] ?? null;
}

function promoteFloats(a: DType, b: DType): DType | null {
  if (a === b) return a;
  if (a.startsWith("float8") || b.startsWith("float8")) return null;
  if (itemSize(a) === itemSize(b)) return "float32";
  return itemSize(a) > itemSize(b) ? a : b;
}

function promoteTorch(a: DType, b: DType): DType | null {
  const [x, y] = [category(a), category(b)];
  if (x === "complex" || y === "complex") {
    const [left, right] = [x === y ? a : widenTorch(a, b), x === y ? b : widenTorch(b, a)];
    if (left === null || right === null) return null;
    return itemSize(left) >= itemSize(right) ? left : right;
  }
  if (x === "float" || y === "float") return x === y ? promoteFloats(a, b) : x === "float" ? a : b;
  if (x === "bool") return b;
  if (y === "bool") return a;
  // PyTorch promotes its wider unsigned types with nothing but themselves.
  const wide = (dtype: DType): boolean => isUnsigned(dtype) && dtype !== "uint8";
  if (wide(a) || wide(b)) return null;
  const joined = promoteIntegers(a, b);
  return joined === "beyond" ? null : joined;
}

/** The complex type that `dtype` needs beside the complex or real type `other`. */
function widenTorch(dtype: DType, other: DType): DType | null {
  return category(dtype) === "complex" || category(dtype) === "float" ? complexOf(dtype) : other;
}

function promoteNumpy(a: DType, b: DType): DType | null {
  const [x, y] = [category(a), category(b)];
  if (x === "bool") return b;
  if (y === "bool") return a;
  if (x === "complex" || y === "complex") {
    const joined = promoteNumpy(realOf(a), realOf(b));
    return joined === null ? null : joined === "float64" ? "complex128" : "complex64";
  }
  if (x === "float" && y === "float") return promoteFloats(a, b);
  if (x === "integer" && y === "integer") {
    const joined = promoteIntegers(a, b);
    return joined === "beyond" ? "float64" : joined;
  }
  const [float, integer] = x === "float" ? [a, b] : [b, a];
  return promoteFloats(float, floatHolding(integer));
}

function realOf(dtype: DType): DType {
  return dtype === "complex128" ? "float64" : dtype === "complex64" ? "float32" : dtype;
}

/** The smallest NumPy floating type that holds an integer type; bool counts as one byte. */
export function floatHolding(dtype: DType): DType {
  const size = itemSize(dtype);
  return size === 1 ? "float16" : size === 2 ? "float32" : "float64";
}

/** PyTorch: tensors with dimensions decide, then those of rank 0, then Python numbers, each only by category. */
function torchResult(operands: readonly PromotionOperand[]): DType | null {
  const unsure = operands.findIndex((operand) => operand.kind === "array" && operand.zeroDimensional === null);
  if (unsure >= 0) {
    const given = operands[unsure];
    if (given?.kind !== "array") return null;
    const [yes, no] = [true, false].map((zeroDimensional) =>
      torchResult(operands.with(unsure, { ...given, zeroDimensional })),
    );
    return yes === no ? (yes ?? null) : null;
  }
  let ranks: (DType | null | "none")[] = ["none", "none", "none"];
  for (const operand of operands) {
    const level = operand.kind === "scalar" ? 2 : operand.zeroDimensional ? 1 : 0;
    const dtype = operand.kind === "scalar" ? torchScalar(operand.type) : operand.dtype;
    // Null is a type that is not known, which the rank keeps.
    const before = ranks[level] === undefined ? "none" : ranks[level];
    const joined =
      before === "none" ? dtype : before === null || dtype === null ? null : promote("torch", before, dtype);
    ranks = ranks.with(level, joined);
  }
  const [withDimensions = "none", zero = "none", scalars = "none"] = ranks;
  const joined = combine(combine(withDimensions, zero), scalars);
  return joined === "none" ? null : joined;
}

function combine(higher: DType | null | "none", lower: DType | null | "none"): DType | null | "none" {
  if (higher === "none" || lower === "none") return higher === "none" ? lower : higher;
  if (higher === null || lower === null) return null;
  const [x, y] = [category(higher), category(lower)];
  if (x === "complex") return higher;
  if (x === "float") return y === "complex" ? complexOf(higher) : higher;
  if (x === "bool" || y === "float" || y === "complex") return promote("torch", higher, lower);
  return higher;
}

function torchScalar(type: "bool" | "int" | "float" | "complex"): DType {
  return ({ bool: "bool", int: "int64", float: "float32", complex: "complex64" } as const)[type];
}

/** NumPy (NEP 50): arrays of every rank promote by type; Python numbers only by category. */
function numpyResult(operands: readonly PromotionOperand[]): DType | null {
  let joined: DType | null = null;
  for (const operand of operands) {
    if (operand.kind !== "array") continue;
    if (operand.dtype === null) return null;
    joined = joined === null ? operand.dtype : promote("numpy", joined, operand.dtype);
    if (joined === null) return null;
  }
  for (const operand of operands) {
    if (operand.kind === "scalar") joined = numpyScalar(joined, operand.type);
    if (joined === null) return null;
  }
  return joined;
}

function numpyScalar(array: DType | null, type: "bool" | "int" | "float" | "complex"): DType | null {
  const alone = { bool: "bool", int: "int64", float: "float64", complex: "complex128" } as const;
  if (array === null) return alone[type];
  const order: readonly Category[] = ["bool", "integer", "float", "complex"];
  const wanted = order.indexOf(type === "int" ? "integer" : type);
  if (order.indexOf(category(array)) >= wanted) return array;
  if (type === "complex" && category(array) === "float") return promoteNumpy(array, "complex64");
  return alone[type];
}
