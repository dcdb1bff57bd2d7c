/** Shapes of programs as they are written: sizes that are names, and inputs of which only the end is known. */
import { expect, test } from "vitest";
import { scope, slice, tuple } from "./harness.ts";

test("the heads of nanoGPT", () => {
  const { t, call, dim, layer } = scope();
  expect(layer("Linear", [768, 2304], [t("B T 768")])).toBe("(B, T, 2304)");
  expect(call("torch.Tensor.split", [t("B T 2304"), 768], { dim: 2 })).toBe("(B, T, 768) (B, T, 768) (B, T, 768)");
  expect(call("torch.Tensor.view", [t("B T 768"), dim("B"), dim("T"), 12, 64])).toBe("(B, T, 12, 64)");
  expect(call("torch.Tensor.transpose", [t("B T 12 64"), 1, 2])).toBe("(B, 12, T, 64)");
  expect(call("operator.@", [t("B 12 T 64"), t("B 12 64 T")])).toBe("(B, 12, T, T)");
  expect(call("torch.nn.functional.softmax", [t("B 12 T T")], { dim: -1 })).toBe("(B, 12, T, T)");
});

test("what a layer requires becomes known", () => {
  const { t, layer, solver, dim } = scope();
  expect(layer("Linear", [768, 10], [t("B T C")])).toBe("(B, T, 10)");
  expect(solver.compare(dim("C"), dim("768"))).toBe("yes");
  expect(layer("Linear", [512, 10], [t("B T C")])).toMatch(/^linear-features/);
});

test("under unknown leading dimensions", () => {
  const { t, call, layer } = scope();
  expect(layer("Linear", [768, 10], [t("… 768")])).toBe("(…, 10)");
  expect(layer("Linear", [768, 10], [t("…")])).toBe("(…, 10)");
  expect(call("torch.relu", [t("… C")])).toBe("(…, C)");
  expect(call("operator.@", [t("… C"), t("C D")])).toBe("(…, D)");
  expect(call("torch.Tensor.transpose", [t("… T C"), -2, -1])).toBe("(…, C, T)");
  expect(call("torch.Tensor.mean", [t("… C")], { dim: -1, keepdim: true })).toBe("(…, 1)");
  expect(call("torch.Tensor.transpose", [t("… T C"), 1, 2])).toBe("(…)");
  expect(call("operator.[]", [t("… C"), tuple({ kind: "ellipsis" }, 0)])).toBe("(…)");
  expect(call("torch.cat", [[t("… C"), t("… D")]], { dim: -1 })).toBe("(…, C + D)");
});

test("sizes that cancel", () => {
  const { t, call, dim } = scope();
  expect(call("torch.Tensor.view", [t("B T 512"), -1, 512])).toBe("(B*T, 512)");
  expect(call("torch.Tensor.reshape", [t("B T C"), dim("B"), -1])).toBe("(B, T*C)");
  expect(call("torch.Tensor.flatten", [t("B C H W")], { start_dim: 1 })).toBe("(B, C*H*W)");
  expect(call("torch.Tensor.view", [t("B T 500"), dim("B"), dim("T"), 8, 62])).toMatch(/^reshape-count/);
});

test("slices", () => {
  const { t, call, dim } = scope();
  const all = slice();
  expect(call("operator.[]", [t("B T C"), tuple(all, slice(1))])).toBe("(B, T - 1, C)");
  expect(call("operator.[]", [t("B T C"), tuple(all, slice(null, -1))])).toBe("(B, T - 1, C)");
  expect(call("operator.[]", [t("B T C"), tuple(all, -1)])).toBe("(B, C)");
  expect(call("operator.[]", [t("B T C"), tuple(all, slice(-1))])).toBe("(B, 1, C)");
  expect(call("operator.[]", [t("B T C"), tuple(all, null, all)])).toBe("(B, 1, T, C)");
  expect(call("operator.[]", [t("1 1 1024 1024"), tuple(all, all, slice(null, dim("T")), slice(null, dim("T")))])).toBe(
    "(1, 1, min(T, 1024), min(T, 1024))",
  );
  expect(call("operator.[]", [t("B T 10"), tuple({ kind: "ellipsis" }, slice(null, null, 2))])).toBe("(B, T, 5)");
});

test("windows", () => {
  const { t, layer } = scope();
  expect(layer("Conv2d", [3, 8, 3], [t("N 3 H W")], { padding: 1 })).toBe("(N, 8, H, W)");
  expect(layer("Conv2d", [3, 8, 3], [t("N 3 H W")])).toBe("(N, 8, H - 2, W - 2)");
  expect(layer("MaxPool2d", [2], [t("N 8 H W")])).toBe("(N, 8, H // 2, W // 2)");
});

test("names that an annotation declares are different sizes", () => {
  const { t, call } = scope("declared");
  expect(call("operator.@", [t("B T C"), t("B T C")])).toMatch(/^matmul-inner/);
  expect(call("operator.+", [t("B T C"), t("C")])).toBe("(B, T, C)");
  expect(call("operator.+", [t("B T"), t("B C")])).toMatch(/^broadcast/);
});
