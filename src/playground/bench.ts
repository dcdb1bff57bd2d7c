/**
 * How an operation lands on the bench: its first sizes and fills, the examples that the playground opens with, and the
 * small changes that a control makes. Pure steps from one state to the next; nothing is computed here.
 */

import { firstGraphSizes, type Graph } from "./graph.ts";
import type { Operation } from "./operation.ts";
import { layOut } from "./layout.ts";
import { firstSizes, planOf, sizesInCode } from "./plan.ts";
import type { Bench, Fill, PlaygroundState } from "./state.ts";

/** The bench of an operation, or a sentence saying why it cannot be laid out. */
export function benchOf(operation: Operation): Bench | { readonly problem: string } {
  const least = operation.operator === "matmul" ? 1 : 2;
  const short = operation.operands.find(({ dims }) => dims.length < least);
  if (short !== undefined) {
    const needs = least === 1 ? "at least one dimension" : "at least two dimensions";
    return { problem: `${operation.operator} needs ${needs}; ${short.name} has ${short.dims.length}.` };
  }
  const empty = operation.operands.find(({ dims }) => dims.includes(0));
  if (empty !== undefined) return { problem: `${empty.name} has a dimension of size 0, so there is nothing to show.` };
  const plan = planOf(operation);
  const attention = operation.operator === "attention";
  const bench: Bench = {
    operation,
    sizes: sizesInCode(plan),
    fills: operation.operands.map((_, i): Fill => (attention && i === 2 ? "normal" : "demo")),
    given: [],
    seed: 0,
    shared: operation.operands.map(() => 0),
    kernel: null,
    texts: {},
    // The second head of the demo is the one whose pattern reads at a glance.
    slice: plan.dimensions.map(({ role }) => (role === "heads" ? 1 : 0)),
    zoom: {},
    cursor: { tensor: attention ? "weights" : "result", row: 9, col: 8 },
  };
  // Sizes that do not fit each other are what the code says, and nothing will be computed: they stay as they are.
  return layOut(bench, BOUNDLESS).problem === undefined ? { ...bench, sizes: firstSizes(plan) } : bench;
}

const BOUNDLESS = { who: "", bufferBytes: Infinity, macs: Infinity };

const Q_K = [
  { name: "Q", dims: ["B", "H", "T", "D"] },
  { name: "K", dims: ["B", "H", "S", "D"] },
] as const;

const MATMUL_EXAMPLE: Operation = {
  operator: "matmul",
  title: "scores = Q @ K.transpose(-2, -1)",
  result: "scores",
  operands: [structuredDims(Q_K[0]), structuredDims(Q_K[1])],
  options: { transposeB: true },
};

const ATTENTION_EXAMPLE: Operation = {
  operator: "attention",
  title: "output = F.scaled_dot_product_attention(Q, K, V, is_causal=True)",
  result: "output",
  operands: [structuredDims(Q_K[0]), structuredDims(Q_K[1]), structuredDims({ name: "V", dims: ["B", "H", "S", "D"] })],
  options: { causal: true },
};

function structuredDims(operand: { readonly name: string; readonly dims: readonly string[] }): {
  name: string;
  dims: string[];
} {
  return { name: operand.name, dims: [...operand.dims] };
}

const exampleOf = (operator: Operation["operator"]): Operation =>
  operator === "matmul" ? MATMUL_EXAMPLE : ATTENTION_EXAMPLE;

/** What the playground shows before anything was opened: small enough to see every cell. */
export function firstState(): PlaygroundState {
  return {
    version: 1,
    tab: "matmul",
    function: null,
    whole: false,
    matmul: laidOut("matmul"),
    attention: laidOut("attention"),
    colours: "tensor",
  };
}

export function laidOut(operator: Operation["operator"]): Bench {
  const bench = benchOf(exampleOf(operator));
  if ("problem" in bench) throw new Error(bench.problem);
  return bench;
}

/** The bench of the tab in view. */
export const benchInView = (state: PlaygroundState): Bench => state[state.tab];

export const withBench = (
  state: PlaygroundState,
  bench: Bench,
  tab: PlaygroundState["tab"] = state.tab,
): PlaygroundState => ({ ...state, [tab]: bench });

/** Shows a whole function; sizes that it shares with the last one stay. */
export function openFunction(state: PlaygroundState, graph: Graph): PlaygroundState {
  const sizes = firstGraphSizes(graph);
  const known = Object.entries(state.function?.sizes ?? {}).filter(([name]) => name in sizes);
  const same = state.function?.graph.name === graph.name && state.function.graph.uri === graph.uri;
  const kept = same ? Object.fromEntries(known) : {};
  const looked = same ? state.function : null;
  const { at = {}, seed = 0, node = 0, row = 0, col = 0 } = looked ?? {};
  const shown = {
    graph,
    sizes: { ...sizes, ...kept },
    seed,
    at,
    node: Math.min(node, graph.nodes.length - 1),
    row,
    col,
  };
  return { ...state, whole: true, function: shown };
}

/** Shows the operation in its own tab; everything chosen in the other tab stays. */
export function openOperation(
  state: PlaygroundState,
  operation: Operation,
): PlaygroundState | { readonly problem: string } {
  const bench = benchOf(operation);
  if ("problem" in bench) return bench;
  return { ...state, whole: false, tab: operation.operator, [operation.operator]: bench };
}
