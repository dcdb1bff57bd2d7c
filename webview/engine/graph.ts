/**
 * Runs a function's graph: each operation in the order of the code, on the kernels where they cover it. What cannot be
 * computed is told, and whatever needs it stays open; everything else goes on.
 */

import type { Kernels } from "../../kernels/types.ts";
import { sizesOf, type Graph, type GraphNode } from "../../src/playground/graph.ts";
import { computed, scalarOf, type Computed, type Scalar, type Value } from "./functions.ts";
import { randomly } from "./fill.ts";

export type Step = Computed | { readonly problem: string };

/** Tensors of more numbers than this are no picture. */
const MOST = 2 ** 24;

export async function runGraph(
  graph: Graph,
  sizes: Readonly<Record<string, number>>,
  seed: number,
  kernels: Kernels,
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const [i, node] of graph.nodes.entries()) steps.push(await stepOf(node, i, { steps, sizes, seed, kernels }));
  return steps;
}

type Run = {
  readonly steps: readonly Step[];
  readonly sizes: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly kernels: Kernels;
};

async function stepOf(node: GraphNode, at: number, run: Run): Promise<Step> {
  const shape = sizesOf(node.dims, run.sizes);
  if (shape === undefined) return { problem: "One of its sizes has no value with these sizes." };
  const count = shape.reduce((n, size) => n * size, 1);
  if (count > MOST) return { problem: `It has ${count} numbers, which is more than a picture takes.` };
  const random = (of: readonly number[]): Float32Array => randomly(of, run.seed * 131 + at);
  if (node.operator === null) return { shape, data: random(shape), how: { kind: "given" } };
  const values = node.args.map(({ value }) => (value.kind === "node" ? run.steps[value.node] : undefined));
  if (values.some((value) => value !== undefined && "problem" in value))
    return { problem: "It needs a value that could not be computed." };
  const name = shortName(node.operator);
  const call = { name, shape, kernels: run.kernels, random, ...argumentsOf(node, values, run.sizes) };
  try {
    const value = await computed(call);
    if (value === undefined) return { problem: `${node.operator} has neither a kernel nor a reference here.` };
    return value.data.length === count
      ? { ...value, shape }
      : { problem: `It came out as (${value.shape.join(", ")}), which is not the shape in the code.` };
  } catch (error) {
    return { problem: error instanceof Error && error.message !== "" ? error.message : "It could not be computed." };
  }
}

/** The last word of a name, as `softmax` of `torch.nn.functional.softmax`; layers are lower case like functions. */
function shortName(operator: string): string {
  if (operator.startsWith("operator.")) return operator.slice("operator.".length);
  const last = operator.split(".").at(-1) ?? operator;
  return last === "T" || last === "mT" ? last : last.toLowerCase();
}

/** Says nothing of the numbers: where they lie, whether they learn, and what is off when a model is used. */
const HARMLESS = new Set([
  "dtype",
  "device",
  "inplace",
  "training",
  "p",
  "dropout_p",
  "generator",
  "requires_grad",
  "copy",
]);

function argumentsOf(
  node: GraphNode,
  values: readonly (Step | undefined)[],
  sizes: Readonly<Record<string, number>>,
): { tensors: readonly Value[]; args: readonly (Scalar | undefined)[]; named: Record<string, Scalar | Value> } {
  const tensors: Value[] = [];
  const args: (Scalar | undefined)[] = [];
  const named: Record<string, Scalar | Value> = {};
  for (const [i, { name, value }] of node.args.entries()) {
    if (name !== null && HARMLESS.has(name)) continue;
    const tensor = values[i];
    const given = tensor !== undefined && "data" in tensor ? tensor : scalarOf(value, sizes);
    if (tensor !== undefined && "data" in tensor) tensors.push(tensor);
    if (name === null) args.push(tensor === undefined ? scalarOf(value, sizes) : undefined);
    else if (given !== undefined) named[name] = given;
  }
  return { tensors, args, named };
}
