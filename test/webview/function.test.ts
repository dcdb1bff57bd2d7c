// A whole function on the kernels: each operation gives what the plain computation gives, and what is not covered is told.
import { expect, test } from "vitest";
import { createCpuKernels } from "../../kernels/index.ts";
import { firstGraphSizes, symbolsIn, type Graph, type GraphNode } from "../../src/playground/graph.ts";
import { runGraph, type Step } from "../../webview/engine/graph.ts";
import { ATTENTION } from "./graphs.ts";

const cpu = createCpuKernels();

type Argument = GraphNode["args"][number]["value"];
const node = (n: number): Argument => ({ kind: "node", node: n });
const number = (value: number): Argument => ({ kind: "number", value });
const input = (name: string, dims: GraphNode["dims"]): GraphNode => ({
  operator: null,
  name,
  code: name,
  line: 0,
  dims,
  args: [],
});
const step = (
  operator: string,
  dims: GraphNode["dims"],
  args: readonly Argument[],
  named: Readonly<Record<string, Argument>> = {},
): GraphNode => ({
  operator,
  name: null,
  code: operator,
  line: 0,
  dims,
  args: [
    ...args.map((value) => ({ name: null, value })),
    ...Object.entries(named).map(([name, value]) => ({ name, value })),
  ],
});

const graphOf = (...nodes: GraphNode[]): Graph => ({
  name: "f",
  uri: "file:///f.py",
  file: "f.py",
  line: 0,
  nodes,
  returned: [nodes.length - 1],
  notes: [],
});

async function run(graph: Graph): Promise<readonly Step[]> {
  return runGraph(graph, firstGraphSizes(graph), 0, cpu);
}

function dataOf(found: Step | undefined): readonly number[] {
  if (found === undefined || "problem" in found) throw new Error(found?.problem ?? "There is no such step.");
  return [...found.data];
}

test("attention, operation by operation, is attention", async () => {
  expect(symbolsIn(ATTENTION)).toEqual(["batch", "n_heads", "seq_q", "d_k", "seq_k", "d_v"]);
  const steps = await run(ATTENTION);
  const [q, k, v] = steps;
  if (q === undefined || k === undefined || v === undefined) throw new Error("Three tensors go in.");
  if ("problem" in q || "problem" in k || "problem" in v) throw new Error("What goes in is given.");
  const whole = await cpu.attention({
    q: q.data,
    qShape: q.shape,
    k: k.data,
    kShape: k.shape,
    v: v.data,
    vShape: v.shape,
  });
  dataOf(steps[7]).forEach((x, i) => expect(x).toBeCloseTo(whole.data[i] ?? NaN, 4));
  expect(steps.slice(3).map((each) => ("how" in each ? each.how.kind : each.problem))).toEqual([
    "kernel",
    "kernel",
    "kernel",
    "kernel",
    "kernel",
  ]);
});

test("what has no kernel is computed the plain way, and labelled so", async () => {
  const steps = await run(
    graphOf(
      input("x", [2, 3]),
      step("operator.>", [2, 3], [node(0), number(0)]),
      step("torch.Tensor.masked_fill", [2, 3], [node(0), node(1), { kind: "word", text: "-Infinity" }]),
      step("torch.softmax", [2, 3], [node(0)], { dim: number(0) }),
      step("torch.Tensor.tril", [2, 3], [node(0)]),
      step("operator.-", [2, 3], [number(1), node(0)]),
      step("torch.Tensor.view", [3, 2], [node(0), number(3), number(2)]),
      step("torch.Tensor.permute", [3, 2], [node(0), number(1), number(0)]),
      step("torch.Tensor.mean", [2], [node(0)], { dim: number(-1) }),
    ),
  );
  const x = dataOf(steps[0]);
  const near = (at: number, expected: readonly number[]): void => {
    expect(dataOf(steps[at]).length).toBe(expected.length);
    dataOf(steps[at]).forEach((found, i) => expect(found).toBeCloseTo(expected[i] ?? NaN, 5));
  };
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = x;
  near(
    1,
    x.map((value) => (value > 0 ? 1 : 0)),
  );
  expect(dataOf(steps[2])).toEqual(x.map((value) => (value > 0 ? -Infinity : value)));
  const down = (top: number, bottom: number): number => Math.exp(top) / (Math.exp(top) + Math.exp(bottom));
  near(3, [down(a, d), down(b, e), down(c, f), down(d, a), down(e, b), down(f, c)]);
  near(4, [a, 0, 0, d, e, 0]);
  near(
    5,
    x.map((value) => 1 - value),
  );
  near(6, x);
  near(7, [a, d, b, e, c, f]);
  near(8, [(a + b + c) / 3, (d + e + f) / 3]);
  expect(steps[3]).toMatchObject({ how: { kind: "reference" } });
  expect(steps[6]).toMatchObject({ how: { kind: "same" } });
});

test("what is not known is told, and whatever needs it stays open", async () => {
  const steps = await run(
    graphOf(
      input("x", ["B", 4]),
      step("torch.fft.fft", ["B", 4], [node(0)]),
      step("torch.relu", ["B", 4], [node(1)]),
      step("operator./", ["B", 4], [node(0), { kind: "open", text: "self.temperature" }]),
      step("torch.relu", ["B", 4], [node(0)]),
    ),
  );
  expect(steps[1]).toEqual({ problem: "torch.fft.fft has neither a kernel nor a reference here." });
  expect(steps[2]).toEqual({ problem: "It needs a value that could not be computed." });
  expect(steps[3]).toHaveProperty("problem");
  expect(dataOf(steps[4])).toEqual(dataOf(steps[0]).map((x) => Math.max(0, x)));
});
