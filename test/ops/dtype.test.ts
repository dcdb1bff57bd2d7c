/** Promotion at its odd corners; the recordings of the libraries cover the rest. */
import { expect, test } from "vitest";
import { promote, resultType } from "../../src/ops/dtype.ts";

test("PyTorch promotes by category: a number of rank 0 does not widen a tensor", () => {
  const tensor = { kind: "array", dtype: "float16", zeroDimensional: false } as const;
  expect(resultType("torch", [tensor, { kind: "array", dtype: "float64", zeroDimensional: true }])).toBe("float16");
  expect(resultType("torch", [tensor, { kind: "array", dtype: "float64", zeroDimensional: false }])).toBe("float64");
  expect(resultType("torch", [tensor, { kind: "array", dtype: "float64", zeroDimensional: null }])).toBeNull();
  expect(promote("torch", "float16", "bfloat16")).toBe("float32");
});

test("NumPy promotes by type; Python's numbers only by category", () => {
  const array = { kind: "array", dtype: "float32", zeroDimensional: false } as const;
  expect(resultType("numpy", [array, { kind: "scalar", type: "float" }])).toBe("float32");
  expect(resultType("numpy", [array, { kind: "array", dtype: "float64", zeroDimensional: true }])).toBe("float64");
  expect(promote("numpy", "int64", "float32")).toBe("float64");
  expect(promote("numpy", "uint64", "int8")).toBe("float64");
});

test("An unknown type among the operands leaves the result unknown", () => {
  const open = { kind: "array", dtype: null, zeroDimensional: false } as const;
  expect(resultType("torch", [open, { kind: "array", dtype: "int64", zeroDimensional: false }])).toBeNull();
  expect(resultType("torch", [open, { kind: "array", dtype: "bool", zeroDimensional: null }])).toBeNull();
});
