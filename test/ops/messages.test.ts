/** What a person reads: one sentence with both shapes, in the form that the product promises. */
import { expect, test } from "vitest";
import { scope, tuple } from "./harness.ts";

test("products", () => {
  const { t, call } = scope();
  expect(call("operator.@", [t("B 8 T 64"), t("B 8 32 T")])).toBe(
    "matmul-inner: Cannot multiply `left` (B, 8, T, 64) by `right` (B, 8, 32, T): the inner sizes are 64 and 32.",
  );
  expect(call("torch.matmul", [t("6 12 35 64"), t("18 12 64 577")])).toBe(
    "matmul-batch: Cannot multiply `input` (6, 12, 35, 64) by `other` (18, 12, 64, 577): the batch sizes are 6 and 18.",
  );
  expect(call("torch.Tensor.bmm", [t("4 10 20"), t("20 8")])).toBe(
    "matmul-rank: `bmm` needs exactly 3 dimensions; `mat2` (20, 8) has 2.",
  );
});

test("broadcasting", () => {
  const { t, call } = scope();
  expect(call("operator.-", [t("32 10"), t("32 12")])).toBe(
    "broadcast: `left` (32, 10) and `right` (32, 12) cannot be broadcast together: 10 against 12 in dimension 1.",
  );
  expect(call("torch.nn.functional.mse_loss", [t("32 1"), t("32")])).toBe(
    "() silent-broadcast: `mse_loss`: `input` (32, 1) against `target` (32,) broadcasts to (32, 32).",
  );
});

test("reshapes", () => {
  const { t, call, dim } = scope();
  expect(call("torch.Tensor.view", [t("2 10 500"), 2, 10, 8, 62])).toBe(
    "reshape-count: `self` (2, 10, 500) has 10,000 elements; (2, 10, 8, 62) needs 9,920.",
  );
  expect(call("torch.Tensor.view", [t("B T 500"), dim("B"), dim("T"), 8, 62])).toBe(
    "reshape-count: `self` (B, T, 500) cannot become (B, T, 8, 62): 500 against 8·62 = 496 for each of B·T.",
  );
});

test("joins, dimensions, subscripts", () => {
  const { t, n, call } = scope();
  expect(call("torch.cat", [[t("2 64 111 80"), t("2 64 110 80")]], { dim: 1 })).toBe(
    "cat-sizes: Concatenating along dimension 1: (2, 64, 111, 80) and (2, 64, 110, 80) differ in dimension 2: 111 and 110.",
  );
  expect(call("torch.Tensor.max", [t("32 10")], { dim: 2 })).toBe(
    "dim-range: `max(dim=2)`: `input` (32, 10) has dimensions 0 and 1.",
  );
  expect(call("numpy.sum", [n("32 10")], { axis: 2 })).toBe(
    "dim-range: `sum(axis=2)`: `a` (32, 10) has dimensions 0 and 1.",
  );
  expect(call("operator.[]", [t("32 96"), tuple(0, 0, 0)])).toBe(
    "index-rank: `object` (32, 96) has no dimension 2 to index.",
  );
  expect(call("torch.einsum", ["bhid,bhjd->bhij", t("2 8 10 64"), t("2 8 10 32")])).toBe(
    "einsum-size: In `bhid,bhjd->bhij`, `d` is 64 in the first operand and 32 in the second.",
  );
});

test("layers", () => {
  const { t, layer } = scope();
  expect(layer("Linear", [120, 10], [t("64 128")])).toBe(
    "linear-features: `self` takes (…, 120) but gets `input` (64, 128).",
  );
  expect(layer("Conv2d", [3, 64, 3], [t("1 4 40 64")])).toBe(
    "conv-channels: `self` takes 3 channels but gets `input` (1, 4, 40, 64).",
  );
  expect(layer("Conv2d", [8, 16, 4], [t("1 8 3 3")])).toBe(
    "window-too-large: A 4×4 kernel does not fit into 3×3: the input is `input` (1, 8, 3, 3).",
  );
  expect(layer("Embedding", [100, 16], [t("4 10")])).toBe(
    "dtype: `nn.Embedding` looks up integers; `input` is float32.",
  );
  expect(layer("MultiheadAttention", [512, 10], [t("1 1 512"), t("1 1 512"), t("1 1 512")])).toBe(
    "attention: `embed_dim` 512 must be divisible by `num_heads` 10.",
  );
});
