// The graph of scaled dot-product attention, as the editor makes it of five lines of PyTorch.
import type { Graph, GraphNode } from "../../src/playground/graph.ts";

const SCORES = ["batch", "n_heads", "seq_q", "seq_k"];
const K = ["batch", "n_heads", "seq_k", "d_k"];

const input = (name: string, line: number, dims: string[]): GraphNode => ({
  operator: null,
  name,
  code: name,
  line,
  dims,
  args: [],
});

export const ATTENTION: Graph = {
  name: "scaled_dot_product_attention",
  uri: "file:///attention.py",
  file: "attention.py",
  line: 4,
  nodes: [
    input("Q", 5, ["batch", "n_heads", "seq_q", "d_k"]),
    input("K", 6, K),
    input("V", 7, ["batch", "n_heads", "seq_k", "d_v"]),
    {
      operator: "torch.transpose",
      name: null,
      code: "K.transpose(-2, -1)",
      line: 11,
      dims: ["batch", "n_heads", "d_k", "seq_k"],
      args: [
        { name: null, value: { kind: "node", node: 1 } },
        { name: null, value: { kind: "number", value: -2 } },
        { name: null, value: { kind: "number", value: -1 } },
      ],
    },
    {
      operator: "operator.@",
      name: null,
      code: "Q @ K.transpose(-2, -1)",
      line: 11,
      dims: SCORES,
      args: [
        { name: null, value: { kind: "node", node: 0 } },
        { name: null, value: { kind: "node", node: 3 } },
      ],
    },
    {
      operator: "operator./",
      name: "scores",
      code: "Q @ K.transpose(-2, -1) / math.sqrt(d_k)",
      line: 11,
      dims: SCORES,
      args: [
        { name: null, value: { kind: "node", node: 4 } },
        { name: null, value: { kind: "power", text: "d_k", power: 0.5 } },
      ],
    },
    {
      operator: "torch.nn.functional.softmax",
      name: "weights",
      code: "F.softmax(scores, dim=-1)",
      line: 14,
      dims: SCORES,
      args: [
        { name: null, value: { kind: "node", node: 5 } },
        { name: "dim", value: { kind: "number", value: -1 } },
      ],
    },
    {
      operator: "operator.@",
      name: "output",
      code: "weights @ V",
      line: 15,
      dims: ["batch", "n_heads", "seq_q", "d_v"],
      args: [
        { name: null, value: { kind: "node", node: 6 } },
        { name: null, value: { kind: "node", node: 2 } },
      ],
    },
  ],
  returned: [7, 6],
  notes: ["Without `mask`, so the code under line 13 does not run."],
};
