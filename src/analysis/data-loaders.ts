/**
 * `torch.utils.data`: what a `DataLoader` gives, from the items of its dataset. A dataset is a list of tensors
 * or an object with `__getitem__`; a loader is a list of batches. It knows how items are put together, no
 * operators.
 */
import type { Expr } from "../program/syntax.ts";
import { asNumber, ceilDivide, constant, type Dim, floorDivide, freshLead, unknownDim } from "../shapes/index.ts";
import { callMethodIfAny, type CallArguments } from "./calls.ts";
import { anyInteger } from "./fresh.ts";
import { iterate } from "./iteration.ts";
import { joinAll } from "./join.ts";
import type { Machine } from "./machine.ts";
import { listOf, manyOf, SOME_STRING, tupleOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

/** One item that stands for all of them, and their number. */
interface Items {
  readonly item: Value;
  readonly count: Dim | null;
}

/** `TensorDataset(x, y)`: a tuple of rows for every index. */
export function tensorDataset(m: Machine, args: CallArguments): Value {
  if (args.open || args.positional.length === 0) return UNKNOWN;
  const rows = args.positional.map((tensor) => itemsOfSequence(m, tensor));
  const [first] = rows;
  return manyOf(tupleOf(rows.map((row) => row?.item ?? UNKNOWN)), first?.count ?? unknownDim());
}

/** `random_split(dataset, lengths)`: a dataset for each length. */
export function randomSplit(m: Machine, args: CallArguments, expr: Expr): Value {
  const items = itemsOf(m, argumentAt(args, 0, "dataset"), expr);
  const lengths = iterate(m, argumentAt(args, 1, "lengths") ?? UNKNOWN);
  if (args.open || items === null || lengths === null || !lengths.exact) return UNKNOWN;
  return listOf(
    lengths.elements.map((length) => manyOf(items.item, length.kind === "int" ? length.value : unknownDim())),
  );
}

export function subset(m: Machine, args: CallArguments, expr: Expr): Value {
  const items = itemsOf(m, argumentAt(args, 0, "dataset"), expr);
  const indices = iterate(m, argumentAt(args, 1, "indices") ?? UNKNOWN);
  return args.open || items === null ? UNKNOWN : manyOf(items.item, indices?.length ?? unknownDim());
}

export function dataLoader(m: Machine, args: CallArguments, expr: Expr): Value {
  const items = itemsOf(m, argumentAt(args, 0, "dataset"), expr);
  const own = ["collate_fn", "batch_sampler"].some(
    (name) => args.named.has(name) && args.named.get(name)?.kind !== "none",
  );
  if (args.open || items === null || own || args.positional.length > 4) return UNKNOWN;
  const size = argumentAt(args, 1, "batch_size") ?? { kind: "int", value: constant(1) };
  const count = args.positional.length > 3 || args.named.has("sampler") ? null : items.count;
  if (size.kind === "none") return manyOf(collated(items.item, null), count ?? unknownDim());
  const last = args.named.get("drop_last") ?? { kind: "bool", value: false };
  if (size.kind !== "int" || last.kind !== "bool" || last.value === null)
    return manyOf(collated(items.item, unknownDim()), unknownDim());
  const batch = m.solver.dim(size.value);
  return manyOf(
    collated(items.item, batchOf(m, count, batch, last.value)),
    count === null ? unknownDim() : last.value ? floorDivide(count, batch) : ceilDivide(count, batch),
  );
}

/** The last batch is smaller where the items do not come out even, so that only then the size is known. */
function batchOf(m: Machine, count: Dim | null, size: Dim, dropsLast: boolean): Dim {
  if (dropsLast) return size;
  const [n, k] = [count === null ? null : asNumber(m.solver.dim(count)), asNumber(size)];
  if (n === null || k === null) return unknownDim();
  return n <= k ? constant(n) : n % k === 0 ? size : unknownDim();
}

function argumentAt(args: CallArguments, at: number, name: string): Value | undefined {
  return args.positional[at] ?? args.named.get(name);
}

function itemsOf(m: Machine, dataset: Value | undefined, expr: Expr): Items | null {
  const seen = dataset === undefined ? UNKNOWN : follow(dataset);
  if (seen.kind !== "instance") return itemsOfSequence(m, seen);
  const item = quietly(m, () => callMethodIfAny(m, seen, "__getitem__", [anyInteger()], expr));
  const count = quietly(m, () => callMethodIfAny(m, seen, "__len__", [], expr));
  return item === null ? null : { item, count: count?.kind === "int" ? count.value : null };
}

function itemsOfSequence(m: Machine, value: Value): Items | null {
  if (value.kind !== "list" && value.kind !== "tuple" && value.kind !== "tensor") return null;
  const all = iterate(m, value);
  const [first] = all?.elements ?? [];
  if (all === null || first === undefined) return null;
  return { item: joinAll(all.elements), count: all.length };
}

/** Items are made when the loader is asked for them, so that here they leave no findings and no effects. */
function quietly<T>(m: Machine, action: () => T): T {
  const [mark, records, findings, facts, crashed] = [
    m.trail.mark(),
    m.records.length,
    m.findings.length,
    m.solver.facts,
    m.crashed,
  ];
  const value = action();
  m.trail.undo(mark);
  m.records.length = records;
  m.findings.length = findings;
  m.solver.facts = facts;
  m.crashed = crashed;
  return value;
}

/** A batch of such items: tensors are stacked, numbers become tensors, tuples and dicts are taken apart. */
function collated(item: Value, batch: Dim | null): Value {
  const front = batch === null ? [] : [batch];
  switch (item.kind) {
    case "tensor": {
      const { lead, dims } = item.shape;
      const shape = lead === null ? { lead, dims: [...front, ...dims] } : { lead: freshLead(), dims };
      return { kind: "tensor", shape, dtype: item.dtype, library: "torch" };
    }
    case "int":
    case "float":
    case "bool": {
      if (batch === null) return item;
      const dtype = item.kind === "int" ? "int64" : item.kind === "float" ? "float64" : "bool";
      return { kind: "tensor", shape: { lead: null, dims: front }, dtype, library: "torch" };
    }
    case "string":
      return batch === null ? item : manyOf(SOME_STRING, batch);
    case "tuple":
      return listOf(item.items.map((part) => collated(follow(part), batch)));
    case "dict":
      return {
        kind: "dict",
        entries: new Map([...item.entries].map(([key, value]) => [key, collated(follow(value), batch)])),
      };
    default:
      return UNKNOWN;
  }
}
