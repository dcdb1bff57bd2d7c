/** Which comments state a shape, read without any program around them. */
import { describe, expect, test } from "vitest";
import { readShapeComment } from "../../src/python/notes.ts";
import { showDims } from "./front-end.ts";

function read(comment: string): string {
  return readShapeComment(comment, 0)
    .map(({ lead, note }) => {
      const shapes = [note.dims, ...note.others].map(showDims).join(" and ");
      return lead === "" ? shapes : `${lead}: ${shapes}`;
    })
    .join("; ");
}

describe("comments that state a shape", () => {
  test.each([
    ["# (B, T, C)", "(B, T, C)"],
    ["#: (B, T, C)", "(B, T, C)"],
    ["#(B,T,C)", "(B, T, C)"],
    ["# [batch, seq, dim]", "(batch, seq, dim)"],
    ["# [N,M,2]", "(N, M, 2)"],
    ["# (2, 3)", "(2, 3)"],
    ["# (N,)", "(N)"],
    ["# (B)", "(B)"],
    ["# (B, C, H', W')", "(B, C, H', W')"],
    ["# B x N_heads x N_tokens x C_per_head", "(B, N_heads, N_tokens, C_per_head)"],
    ["# B x (C x D) x T", "(B, (C*D), T)"],
    ["# 2GH x TH/2", "(2*GH, TH/2)"],
    ["# seq_len x batch", "(seq_len, batch)"],
    ["# q: B x T x C", "q: (B, T, C)"],
    ["# B T C -> B H T D", "(B, H, T, D)"],
    ["# <float32>[batch, n]", "(batch, n)"],
    ["# `mask` will have shape `[n, batch]`", "mask: (n, batch)"],
    ["# Results in a tensor of shape `[n, batch]`", "(n, batch)"],
    ["# x (B,N,C)", "x: (B, N, C)"],
    ["# flatten to f32[B, 784]", "flatten to: (B, 784)"],
    ["# Shape (1, n, n) to broadcast across heads", "(1, n, n)"],
    ["# (B, T), not one-hot", "(B, T)"],
    ["# (B, T, C // n)", "(B, T, C // n)"],
    ["# (B, 3*C, (H-1)*s + k)", "(B, 3*C, (H-1)*s + k)"],
    ["# (B, self.heads, T)", "(B, self.heads, T)"],
    ["# (n, *)", "(n, *)"],
    ["# (..., C)", "(*, C)"],
    ["# (*batch, d)", "(*batch, d)"],
    ["# (_, C)", "(_, C)"],
    ["# (None, 10)", "(_, 10)"],
    ["# shape: (batch, seq)", "(batch, seq)"],
    ["# Shape: (batch, seq)", "(batch, seq)"],
    ["# shape (3, 2)", "(3, 2)"],
    ["# shape (t)", "(t)"],
    ["# shape: B, T, C", "(B, T, C)"],
    ["# token embeddings of shape (b, t, n_embd)", "(b, t, n_embd)"],
    ["# Tensor of shape (B, C)", "(B, C)"],
    ["# qkv with shape (3, B, nHead, H * W, C)", "qkv: (3, B, nHead, H * W, C)"],
    ["# pos shape: (b, n, p) where p = pos_dim", "pos: (b, n, p)"],
    ["# x.shape = (B, T)", "x: (B, T)"],
    ["# shape of x: (B, T)", "x: (B, T)"],
    ["# torch.Size([2, 3])", "(2, 3)"],
    ["# x.shape: torch.Size([2, 3])", "x: (2, 3)"],
    ["# queries:  (batch, n_heads, seq_q, d_k)", "queries: (batch, n_heads, seq_q, d_k)"],
    ["# x: (B, T, C)", "x: (B, T, C)"],
    ["# q: (B, H, T, D)  k: (B, H, S, D)", "q: (B, H, T, D); k: (B, H, S, D)"],
    ["# q: (B, T), k: (B, S)", "q: (B, T); k: (B, S)"],
    ["# B x T x C", "(B, T, C)"],
    ["# B × T × C", "(B, T, C)"],
    ["# B, T, C", "(B, T, C)"],
    ["# -> (n, m)", "(n, m)"],
    ["# (8, 3) @ (3, 4) + (4,) → (8, 4)", "(8, 4)"],
    ["# matrix multiply: (3, 4) @ (4, 5) → (3, 5)", "(3, 5)"],
    ["# (B, nh, T, hs) x (B, nh, hs, T) -> (B, nh, T, T)", "(B, nh, T, T)"],
    ["# (32, 10, 20) — batch matmul", "(32, 10, 20)"],
    ["# (3, 2) - matrix multiply", "(3, 2)"],
    ["# (3, 3) matrix", "(3, 3)"],
    ["# (B, T), (B, T, C)", "(B, T) and (B, T, C)"],
    ["# float32[B, T, C]", "(B, T, C)"],
    ['# Float[Tensor, "b c"]', "(b, c)"],
    ['# Float[Tensor, "*batch c 3"]', "(*batch, c, 3)"],
  ])("%s", (comment, shape) => {
    expect(read(comment)).toBe(shape);
  });
});

describe("comments that state none", () => {
  test.each([
    "# [-1, 1] -> [0, 1]",
    "# [len1, len2, ...]",
    "# [7,7] -> [7,7]",
    "# as img.shape[1] says",
    "# a list of (B, C, H)",
    "# the same as (B, T)",
    "# pairs of words (batch, seq)",
    "# width times height x depth",
    "# [4, 10, 18] — element-wise product (Hadamard)",
    "# [5, 7, 9]   — element-wise addition",
    "# 8 examples, 3 features",
    "# batch=32, seq_len=10, d=64",
    "# weight matrix: 4 neurons, 3 inputs each",
    "# (optional)",
    "# (see below)",
    "# (n)",
    "# (3)",
    "# step 1 (fast)",
    "# (1) first, (2) second",
    "# or: torch.mm(x, y)    — 2D only, no batch dimension",
    "# or: torch.matmul(x, y)",
    "# or: A @ B                    — same result (broadcasting-aware)",
    "# x = foo(a, b)",
    "# (see Vaswani et al., 2017)",
    "# (Vaswani, 2017)",
    "# (a, b) are the endpoints",
    "# (min, max)",
    "# (x, y)",
    "# (h_n, c_n)",
    "# (0, 1)",
    "# (-1, C)",
    "# 32.0",
    "# Broadcasting: b is (4,) but Z is (8, 4)",
    "# Step 1: Q @ K.T → attention scores",
    "# Attention is: output = softmax(Q @ K.T / √d_k) @ V",
    "# note: using list [-1] to preserve the time dim",
    "# (B, T) or (B, C)",
    "# (B, T), if mask",
    "# (B, T, C) if mask else (B, T)",
    "# input shape (B, T)",
    "# from shape (B, T)",
    "# reshape (B, T) to (T, B)",
    "# (8, 3) @ (3, 4)",
    "# kernel (3, 3)",
    "# returns (loss, logits)",
    "# shape of things (to come)",
    "# CPU, GPU",
    "# NOQA, NOSEC",
    "# (batch, seq-len)",
    "#          ^^^^^ (B, T)",
    "# shapesight: ignore[matmul-inner] (B, T)",
    "#",
    "",
  ])("%s", (comment) => {
    expect(read(comment)).toBe("");
  });
});

test("arithmetic keeps its positions in the chunk", () => {
  const comment = "# (B, T, 3 * (C - 1))";
  const [claim] = readShapeComment(comment, 100);
  const dim = claim?.note.dims[2];
  expect(dim).toMatchObject({
    kind: "expression",
    value: { kind: "binary", operator: "*", left: { kind: "literal" }, right: { kind: "binary", operator: "-" } },
  });
  const span = dim?.kind === "expression" ? dim.value.span : { start: 0, end: 0 };
  expect(comment.slice(span.start - 100, span.end - 100)).toBe("3 * (C - 1)");
  expect(comment.slice((claim?.note.span.start ?? 0) - 100, (claim?.note.span.end ?? 0) - 100)).toBe(
    "(B, T, 3 * (C - 1))",
  );
});

test("a size that is halved is a whole quotient", () => {
  const dim = readShapeComment("# (B, H/2)", 0)[0]?.note.dims[1];
  expect(dim).toMatchObject({ kind: "expression", text: "H/2", value: { operator: "//" } });
});
