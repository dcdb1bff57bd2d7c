// A function as a graph of its operations: real Python, analysed, with the shapes that the editor shows.
import { safeParse } from "valibot";
import { expect, test } from "vitest";
import { graphAt, linesOf, playgroundAt, type View } from "../../src/editor/index.ts";
import { graph as schema } from "../../src/playground/graph.ts";
import { analyse } from "../fixtures/engine.ts";

const PATH = "/attention.py";

function viewOf(text: string): View {
  const { program, result } = analyse(PATH, text);
  const sources = {
    lines: () => linesOf(text),
    program: () => program,
    name: () => "attention.py",
    link: () => null,
  };
  const statistics = { shapes: 0, unknown: 0, steps: 0, exhausted: null };
  return { result: { files: new Map([[PATH, result]]), statistics }, sources };
}

const graphIn = (text: string, at: string): ReturnType<typeof graphAt> => graphAt(viewOf(text), PATH, text.indexOf(at));

/** What opens at the first occurrence of a text. */
function openedAt(text: string, at: string): ReturnType<typeof playgroundAt> {
  const start = text.indexOf(at);
  return playgroundAt(viewOf(text), PATH, start, start + at.length);
}

/** Each node in one line: its name, its operator, its shape and what it is given. */
function printed(text: string, at: string): readonly string[] {
  const graph = graphIn(text, at);
  const given = (value: NonNullable<typeof graph>["nodes"][number]["args"][number]["value"]): string =>
    value.kind === "node"
      ? `#${value.node}`
      : value.kind === "power"
        ? `${value.text}^${value.power}`
        : JSON.stringify(value);
  return (graph?.nodes ?? []).map(
    ({ name, operator, dims, args }, i) =>
      `#${i} ${name ?? "·"} = ${operator ?? "input"}(${args.map(({ name: own, value }) => (own === null ? "" : `${own}=`) + given(value)).join(", ")}) (${dims.join(", ")})`,
  );
}

const ATTENTION = `import math
import torch
import torch.nn.functional as F

def scaled_dot_product_attention(
    Q: torch.Tensor,    # queries:  (batch, n_heads, seq_q, d_k)
    K: torch.Tensor,    # keys:     (batch, n_heads, seq_k, d_k)
    V: torch.Tensor,    # values:   (batch, n_heads, seq_k, d_v)
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    d_k = Q.size(-1)
    scores = Q @ K.transpose(-2, -1) / math.sqrt(d_k)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, float("-inf"))
    weights = F.softmax(scores, dim=-1)
    output = weights @ V
    return output, weights
`;

test("attention opens whole, without the mask that nobody gave", () => {
  expect(printed(ATTENTION, "weights @ V")).toEqual([
    "#0 Q = input() (batch, n_heads, seq_q, d_k)",
    "#1 K = input() (batch, n_heads, seq_k, d_k)",
    "#2 V = input() (batch, n_heads, seq_k, d_v)",
    '#3 · = torch.transpose(#1, {"kind":"number","value":-2}, {"kind":"number","value":-1}) (batch, n_heads, d_k, seq_k)',
    "#4 · = operator.@(#0, #3) (batch, n_heads, seq_q, seq_k)",
    "#5 scores = operator./(#4, d_k^0.5) (batch, n_heads, seq_q, seq_k)",
    '#6 weights = torch.nn.functional.softmax(#5, dim={"kind":"number","value":-1}) (batch, n_heads, seq_q, seq_k)',
    "#7 output = operator.@(#6, #2) (batch, n_heads, seq_q, d_v)",
  ]);
  const graph = graphIn(ATTENTION, "weights @ V");
  expect(graph?.returned).toEqual([7, 6]);
  expect(graph?.notes).toEqual(["Without `mask`, so the code under line 13 does not run."]);
  expect(safeParse(schema, JSON.parse(JSON.stringify(graph))).success).toBe(true);
});

test("a loop, or a question that has no answer, is no straight line", () => {
  const loop = `import torch
def f(x: torch.Tensor):  # (B, T)
    for _ in range(3):
        x = x @ x.T
    return x
`;
  expect(graphIn(loop, "x @ x")).toBeNull();
  const branch = loop.replace("for _ in range(3):", "if x.sum() > 0:");
  expect(graphIn(branch, "x @ x")).toBeNull();
  expect(graphIn("x = 1\n", "x")).toBeNull();
});

test("a changed name is a new value, and what follows uses it", () => {
  const text = `import torch
def f(
    x: torch.Tensor,  # (B, D)
    w: torch.Tensor,  # (D, D)
):
    h = x @ w
    h += x
    h = torch.relu(h)
    return h
`;
  expect(printed(text, "x @ w").slice(2)).toEqual([
    "#2 h = operator.@(#0, #1) (B, D)",
    "#3 h = operator.+(#2, #0) (B, D)",
    "#4 h = torch.relu(#3) (B, D)",
  ]);
});

test("attention that is written out opens as attention, its first product as a product", () => {
  expect(openedAt(ATTENTION, "weights @ V")).toMatchObject({
    operator: "attention",
    operands: [
      { name: "Q", dims: ["batch", "n_heads", "seq_q", "d_k"] },
      { name: "K", dims: ["batch", "n_heads", "seq_k", "d_k"] },
      { name: "V", dims: ["batch", "n_heads", "seq_k", "d_v"] },
    ],
    result: "output",
    options: {},
  });
  expect(openedAt(ATTENTION, "F.softmax(scores, dim=-1)")).toMatchObject({ operator: "attention" });
  expect(openedAt(ATTENTION, "Q @ K.transpose(-2, -1)")).toMatchObject({ operator: "matmul" });
});

test("one expression, a causal mask and a scale of one's own are seen; what is not the pattern is a product", () => {
  const short = (body: string): string => `import torch
def f(
    q: torch.Tensor,  # (B, T, D)
    k: torch.Tensor,  # (B, T, D)
    v: torch.Tensor,  # (B, T, D)
):
    ${body}
    return y
`;
  const one = "y = torch.softmax(q @ k.mT * 0.125, dim=-1) @ v";
  expect(openedAt(short(one), one.slice(4))).toMatchObject({ operator: "attention", options: { scale: 0.125 } });
  expect(openedAt(short(one), "q @ k.mT")).toMatchObject({ operator: "matmul" });
  const causal = `s = q @ k.transpose(1, 2) * k.size(-1) ** -0.5
    hidden = torch.ones(q.size(1), q.size(1)).triu(1) == 1
    s = s.masked_fill(hidden, float("-inf"))
    y = s.softmax(-1) @ v`;
  expect(openedAt(short(causal), "s.softmax(-1) @ v")).toMatchObject({
    operator: "attention",
    options: { causal: true },
  });
  const masked = `s = (q @ k.mT / 8).masked_fill(q @ k.mT == 0, float("-inf"))
    y = s.softmax(-1) @ v`;
  expect(openedAt(short(masked), "s.softmax(-1) @ v")?.title).toMatch(/^attention without its mask — /);
  const given = "y = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=q @ k.mT > 0)";
  expect(openedAt(short(given), given.slice(4))?.title).toMatch(/^attention without its mask — /);
  for (const other of [
    "y = torch.softmax(q @ k.mT, dim=1) @ v",
    "y = torch.relu(q @ k.mT) @ v",
    "y = torch.softmax(q @ k.mT + 1, dim=-1) @ v",
  ])
    expect(openedAt(short(other), other.slice(4))).toMatchObject({ operator: "matmul" });
});
