/**
 * The names under which element types are known: attributes of the libraries, strings, NumPy's short codes,
 * and Python's own types. It knows names only.
 */
import type { DType } from "./dtype.ts";

const BASE: readonly DType[] = [
  "bool",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "int8",
  "int16",
  "int32",
  "int64",
  "float8_e4m3fn",
  "float8_e5m2",
  "float16",
  "bfloat16",
  "float32",
  "float64",
  "complex32",
  "complex64",
  "complex128",
];

const TORCH: Readonly<Record<string, DType>> = {
  half: "float16",
  float: "float32",
  double: "float64",
  short: "int16",
  int: "int32",
  long: "int64",
  cfloat: "complex64",
  cdouble: "complex128",
};

const NUMPY: Readonly<Record<string, DType>> = {
  bool_: "bool",
  half: "float16",
  single: "float32",
  double: "float64",
  float: "float64",
  float_: "float64",
  int: "int64",
  int_: "int64",
  intp: "int64",
  uint: "uint64",
  longlong: "int64",
  byte: "int8",
  ubyte: "uint8",
  short: "int16",
  ushort: "uint16",
  intc: "int32",
  uintc: "uint32",
  csingle: "complex64",
  cdouble: "complex128",
  complex: "complex128",
  complex_: "complex128",
};

const CODES: Readonly<Record<string, DType>> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  f: "float32",
  d: "float64",
  e: "float16",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  i: "int32",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  b: "int8",
  B: "uint8",
  "?": "bool",
  c8: "complex64",
  c16: "complex128",
};

const PYTHON: Readonly<Record<string, DType>> = {
  float: "float64",
  int: "int64",
  bool: "bool",
  complex: "complex128",
};

/** The type behind `torch.long`, `numpy.float32` or `builtins.float`; null where the name is none. */
export function dtypeConstant(name: string): DType | null {
  const dot = name.indexOf(".");
  const [root, rest] = [name.slice(0, dot), name.slice(dot + 1)];
  if (root === "builtins") return PYTHON[rest] ?? null;
  if (root !== "torch" && root !== "numpy" && root !== "jax") return null;
  const base = BASE.find((dtype) => dtype === rest) ?? null;
  return base ?? (root === "torch" ? TORCH[rest] : NUMPY[rest]) ?? null;
}

/** The type that NumPy reads from a string: `"float32"`, `"<f4"`, `"int"`. */
export function dtypeNamed(text: string): DType | null {
  const plain = text.replace(/^[<>=|]/, "");
  return BASE.find((dtype) => dtype === plain) ?? CODES[plain] ?? NUMPY[plain] ?? null;
}
