/** Grouped queries: fewer heads of keys and values than of queries, each serving several of them. */

import { benchOf } from "./bench.ts";
import type { Dimension, Operation } from "./operation.ts";
import { planOf, sizeOf } from "./plan.ts";
import type { Bench } from "./state.ts";

type Attention = Extract<Operation, { operator: "attention" }>;

export type HeadChoice = { readonly chosen: number; readonly options: readonly number[] };

/** How many key heads there are and could be; nothing where the operation has no heads, or is the code's own matter. */
export function keyHeads(bench: Bench): HeadChoice | undefined {
  const { operation } = bench;
  const [q, k, v] = operation.operands;
  if (operation.operator !== "attention" || v === undefined) return undefined;
  if (q.dims.length < 3 || k.dims.length < 3 || k.dims.at(-3) !== v.dims.at(-3)) return undefined;
  const plan = planOf(operation);
  const sizeAt = (operand: number): number => {
    const axis = plan.operands[operand]?.at(-3) ?? 1;
    return sizeOf(plan, bench.sizes, axis);
  };
  const heads = sizeAt(0);
  const options = Array.from({ length: heads }, (_, i) => heads - i).filter((n) => heads % n === 0);
  return { chosen: sizeAt(1), options };
}

/** The bench with this many heads of keys and values. */
export function withKeyHeads(bench: Bench, count: number): Bench {
  const { operation } = bench;
  const choice = keyHeads(bench);
  if (operation.operator !== "attention" || choice === undefined) return bench;
  const [q, k, v] = operation.operands;
  const own = q.dims.at(-3) ?? 1;
  const name = count === choice.options[0] ? own : groupName(operation);
  const operands: Attention["operands"] = [q, withHeads(k, name), withHeads(v, name)];
  const changed = { ...operation, operands };
  const fresh = benchOf(changed);
  if ("problem" in fresh) return bench;
  const sizes = {
    ...fresh.sizes,
    ...bench.sizes,
    ...(typeof name === "string" && name !== own ? { [name]: count } : {}),
  };
  const names = new Set(planOf(changed).dimensions.map((dimension) => dimension.name));
  return {
    ...bench,
    operation: changed,
    sizes: Object.fromEntries(Object.entries(sizes).filter(([key]) => names.has(key))),
  };
}

/** The name that the code has for them already, or a letter that nothing else has. */
function groupName({ operands: [q, k, v] }: Attention): string {
  const own = k.dims.at(-3);
  if (typeof own === "string" && own !== q.dims.at(-3)) return own;
  const taken = new Set([...q.dims, ...k.dims, ...v.dims]);
  let name = "G";
  while (taken.has(name)) name += "′";
  return name;
}

const withHeads = (operand: Attention["operands"][1], heads: Dimension): Attention["operands"][1] => ({
  ...operand,
  dims: operand.dims.map((dim, i) => (i === operand.dims.length - 3 ? heads : dim)),
});
