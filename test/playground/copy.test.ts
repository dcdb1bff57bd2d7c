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
