/**
 * Trees of arrays as JAX sees them: tuples, lists, dicts and named tuples are branches, `None` holds nothing, and
 * everything else is a leaf. A tree of which not everything is known is not walked.
 */
import { canonical } from "../ops/index.ts";
import { shapeOf } from "../shapes/index.ts";
import type { Machine } from "./machine.ts";
import { newMap } from "./trail.ts";
import { contentOf, listOf, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

/** Applies a function to the leaves of a tree and those at the same places of others; null where they are not alike. */
export function mapLeaves(trees: readonly Value[], action: (leaves: readonly Value[]) => Value | null): Value | null {
  const all = trees.map(follow);
  const [first] = all;
  if (first === undefined || first.kind === "unknown" || first.kind === "variable") return null;
  if (first.kind === "none") return first;
  const parts = all.map(branchesOf);
  const [own] = parts;
  if (own === null || own === undefined) return action(all);
  const made = new Map<string, Value>();
  for (const key of own.keys()) {
    const inner = parts.map((part) => part?.get(key) ?? null);
    if (!inner.every((value) => value !== null)) return null;
    const value = mapLeaves(inner, action);
    if (value === null) return null;
    made.set(key, value);
  }
  return likeTree(first, made);
}

/** The children of a branch by their keys, null for a leaf. */
export function branchesOf(value: Value): ReadonlyMap<string, Value> | null {
  switch (value.kind) {
    case "tuple":
      return new Map(value.items.map((item, i) => [String(i), item]));
    case "record":
      return value.fields;
    case "list": {
      const content = contentOf(value);
      return "items" in content ? new Map(content.items.map((item, i) => [String(i), item])) : null;
    }
    case "dict": {
      const open = value.entries.has("*") || [...value.entries.values()].some(({ kind }) => kind === "maybe");
      return open ? null : value.entries;
    }
    default:
      return null;
  }
}

/** A tree with the branches of another and these children. */
function likeTree(tree: Value, children: ReadonlyMap<string, Value>): Value {
  switch (tree.kind) {
    case "tuple":
      return tupleOf([...children.values()]);
    case "record":
      return { ...tree, fields: children };
    case "list":
      return listOf([...children.values()]);
    case "dict":
      return { kind: "dict", entries: newMap(new Map(children)) };
    default:
      return UNKNOWN;
  }
}

/** The leaves of a tree, null where it is not known wholly. */
export function leavesOf(tree: Value): readonly Value[] | null {
  const leaves: Value[] = [];
  const all = mapLeaves([tree], ([leaf = UNKNOWN]) => {
    leaves.push(leaf);
    return leaf;
  });
  return all === null ? null : leaves;
}

/**
 * What JAX makes of a leaf that it traces: an array of its own of the same shape, whose elements are not known. A tensor
 * of PyTorch's stays one.
 */
export function tracedLeaf(m: Machine, leaf: Value): Value {
  switch (leaf.kind) {
    case "tensor": {
      const { content: _content, strides: _strides, ...plain } = leaf;
      if (leaf.library === "torch") return plain;
      return { ...plain, library: "jax", dtype: m.jaxIn64Bits ? leaf.dtype : canonical(leaf.dtype) };
    }
    case "int":
      return { kind: "tensor", shape: shapeOf(), dtype: m.jaxIn64Bits ? null : "int32", library: "jax", weak: true };
    case "float":
      return { kind: "tensor", shape: shapeOf(), dtype: m.jaxIn64Bits ? null : "float32", library: "jax", weak: true };
    case "bool":
      return { kind: "tensor", shape: shapeOf(), dtype: "bool", library: "jax" };
    default:
      return UNKNOWN;
  }
}

/** The arguments of a traced function as it sees them: arrays, and numbers too unless some may be meant as they are. */
export function tracedParts(m: Machine, tree: Value, which: "all" | "arrays"): Value {
  const isTraced = ({ kind }: Value): boolean =>
    kind === "tensor" || (which === "all" && (kind === "int" || kind === "float" || kind === "bool"));
  const part = (leaf: Value): Value =>
    isTraced(leaf) ? tracedLeaf(m, leaf) : leaf.kind === "float" && which === "arrays" ? UNKNOWN : leaf;
  return mapLeaves([tree], ([leaf = UNKNOWN]) => part(leaf)) ?? tree;
}

/** A tree in which everything is an array, numbers too: what a traced function gives, or a loop carries. */
export function tracedTree(m: Machine, tree: Value): Value {
  return mapLeaves([tree], ([leaf = UNKNOWN]) => tracedLeaf(m, leaf)) ?? UNKNOWN;
}
