// The programs that a person takes away. Each of these texts was run with PyTorch 2.13 and NumPy 2.4 when it was
// written down, and gave the shape that the playground shows.
import { expect, test } from "vitest";
import { benchOf, laidOut } from "../../src/playground/bench.ts";
import { programOf, type Dialect } from "../../src/playground/copy.ts";
import { layOut } from "../../src/playground/layout.ts";
import type { Operation } from "../../src/playground/operation.ts";
import type { Bench, Fill } from "../../src/playground/state.ts";

const LIMITS = { who: "this test", bufferBytes: 2 ** 40, macs: 2 ** 50 };

const text = (bench: Bench, dialect: Dialect): string => programOf(bench, layOut(bench, LIMITS), dialect);

test("the example's product", () => {
  expect(text(laidOut("matmul"), "pytorch")).toBe(`import torch

torch.manual_seed(0)
Q = torch.randn(2, 4, 16, 8)  # (B, H, T, D)
K = torch.randn(2, 4, 16, 8)  # (B, H, S, D)
scores = Q @ K.transpose(-2, -1)
`);
});

test("grouped queries in NumPy, step by step", () => {
  const operation: Operation = {
    operator: "attention",
    title: "",
    result: "y",
    operands: [
      { name: "q", dims: [1, 4, 6, 8] },
      { name: "self.k", dims: [1, 2, 6, 8] },
      { name: "v", dims: [1, 2, 6, 8] },
    ],
    options: { causal: true },
  };
  const bench = benchOf(operation);
  if ("problem" in bench) throw new Error(bench.problem);
  expect(text(bench, "numpy")).toBe(`import numpy as np

rng = np.random.default_rng(0)
q = rng.standard_normal((1, 4, 6, 8), dtype=np.float32)  # (1, H, T, D)
b = rng.standard_normal((1, 2, 6, 8), dtype=np.float32)  # (1, G, S, D)
v = rng.standard_normal((1, 2, 6, 8), dtype=np.float32)  # (1, G, S, D)
b = np.repeat(b, q.shape[-3] // b.shape[-3], axis=-3)
v = np.repeat(v, q.shape[-3] // v.shape[-3], axis=-3)
scores = q @ b.swapaxes(-2, -1) * q.shape[-1] ** -0.5
scores = np.where(np.tril(np.ones(scores.shape[-2:], bool)), scores, -np.inf)
weights = np.exp(scores - scores.max(-1, keepdims=True))
weights /= weights.sum(-1, keepdims=True)
y = weights @ v
`);
});

test.each([
  ["identity", "x = torch.eye(1, 3)[0]  # (K,)"],
  ["arange", "x = torch.arange(3.0).reshape(3) / 3  # (K,)"],
  ["ones", "x = torch.ones(3)  # (K,)"],
  ["uniform", "x = torch.rand(3) * 2 - 1  # (K,)"],
] satisfies (readonly [Fill, string])[])("a vector filled with %s", (fill, line) => {
  const operation: Operation = {
    operator: "matmul",
    title: "",
    operands: [
      { name: "x", dims: [3] },
      { name: "w", dims: [3, 5] },
    ],
    options: {},
  };
  const bench = benchOf(operation);
  if ("problem" in bench) throw new Error(bench.problem);
  expect(text({ ...bench, fills: [fill, "ones"] }, "pytorch").split("\n")).toContain(line);
});

test("a window, padding and a cap in PyTorch", () => {
  const bench = laidOut("attention");
  const options = { ...bench.operation.options, window: 3, padding: 2, softcap: 20 };
  const capped: Bench = { ...bench, operation: { ...bench.operation, options } };
  expect(text(capped, "pytorch").split("\n").slice(6)).toEqual([
    "i, j = torch.arange(16)[:, None], torch.arange(16)[None, :]",
    "seen = (j <= i) & (abs(i - j) <= 3) & (j < 14)",
    'mask = torch.where(seen, 0.0, float("-inf"))',
    "scores = Q @ K.transpose(-2, -1) * Q.shape[-1] ** -0.5",
    "scores = 20 * torch.tanh(scores / 20)",
    "output = torch.softmax(scores + mask, dim=-1) @ V",
    "",
  ]);
});

test("values that were given are written out while they are few", () => {
  const bench = laidOut("matmul");
  const given: Bench = { ...bench, fills: ["given", "ones"], sizes: { ...bench.sizes, T: 1, D: 2 }, shared: [2, 0] };
  const layout = layOut(given, LIMITS);
  const few = (): Float32Array => Float32Array.of(0.1, -Infinity);
  expect(programOf(given, layout, "pytorch", few)).toContain('Q = torch.tensor([[0.1, float("-inf")]])  # (T, D)');
  expect(programOf(given, layout, "numpy")).toContain('Q = np.load("Q.npy")  # (T, D)');
});
