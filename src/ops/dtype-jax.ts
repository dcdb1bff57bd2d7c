/**
 * How JAX promotes element types. It has 32 bits where NumPy has 64, floating-point types never give way to integers,
 * and Python numbers are weak: they, and arrays made of nothing else, take the type of what they meet. It knows types
 * only. A program that turns 64 bits on is the interpreter's business.
 */
import { category, promoteIntegers, itemSize, type Category, type DType, type PromotionOperand } from "./dtype.ts";

const NARROWER: Readonly<Partial<Record<DType, DType>>> = {
  int64: "int32",
  uint64: "uint32",
  float64: "float32",
  complex128: "complex64",
};

/** The type that JAX really gives to whom asks for this one. */
export function canonical(dtype: DType | null): DType | null {
  return dtype === null ? null : (NARROWER[dtype] ?? dtype);
}

export function promoteJax(a: DType, b: DType): DType | null {
  if (a === b) return a;
  const [x, y] = [category(a), category(b)];
  if (x === "bool" || y === "bool") return x === "bool" ? b : a;
  if (x === "complex" || y === "complex") return "complex64";
  if (x === "integer" && y === "integer") {
    const joined = promoteIntegers(a, b);
    return joined === "beyond" ? null : canonical(joined);
  }
  if (x !== y) return x === "float" ? a : b;
  if (a.startsWith("float8") || b.startsWith("float8")) return null;
  return itemSize(a) === itemSize(b) ? "float32" : itemSize(a) > itemSize(b) ? a : b;
}

/** The type of the result of combining arrays and Python numbers. */
export function jaxResult(operands: readonly PromotionOperand[]): DType | null {
  // An array that may be weak is taken both ways; what is certain is what both agree on.
  const unsure = operands.findIndex((operand) => operand.kind === "array" && operand.weak === true);
  const given = operands[unsure];
  if (given?.kind === "array") {
    if (given.dtype === null) return null;
    const strong = jaxResult(operands.with(unsure, { ...given, weak: false }));
    const weak = jaxResult(operands.with(unsure, { kind: "scalar", type: scalarType(given.dtype) }));
    return strong === weak ? strong : null;
  }
  let joined: DType | null = null;
  for (const operand of operands) {
    if (operand.kind !== "array") continue;
    const dtype = canonical(operand.dtype);
    if (dtype === null) return null;
    joined = joined === null ? dtype : promoteJax(joined, dtype);
    if (joined === null) return null;
  }
  return operands.reduce<DType | null>(
    (result, operand) => (operand.kind === "scalar" ? withScalar(result, operand.type) : result),
    joined,
  );
}

type Scalar = Extract<PromotionOperand, { kind: "scalar" }>["type"];

function scalarType(dtype: DType): Scalar {
  const kind = category(dtype);
  return kind === "integer" ? "int" : kind;
}

const ALONE = { bool: "bool", int: "int32", float: "float32", complex: "complex64" } as const;
const ORDER: readonly Category[] = ["bool", "integer", "float", "complex"];

function withScalar(dtype: DType | null, type: Scalar): DType | null {
  const wanted = ORDER.indexOf(type === "int" ? "integer" : type);
  return dtype !== null && ORDER.indexOf(category(dtype)) >= wanted ? dtype : ALONE[type];
}
