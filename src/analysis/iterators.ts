/**
 * Iterators over iterators (`itertools`, `functools.reduce`): what they give, item by item where the items
 * that they are given are known.
 */
import type { Expr } from "../program/syntax.ts";
import { asNumber, type Dim, unknownDim } from "../shapes/index.ts";
import { binaryOperation } from "./arithmetic.ts";
import { type CallArguments, callUnknown, callValue, plainArguments } from "./calls.ts";
import { truthOf } from "./conditions.ts";
import { anyInteger } from "./fresh.ts";
import { iterate, type Iteration } from "./iteration.ts";
import { joinAll, joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { listOf, manyOf, NONE, tupleOf, UNKNOWN, type Value } from "./value.ts";

type IteratorCall = (m: Machine, args: CallArguments, expr: Expr) => Value;

/** More items than this are known by one that stands for all. */
const MAX_ITEMS = 512;

export const ITERATORS: Readonly<Record<string, IteratorCall>> = {
  "functools.reduce": (m, args, expr) => reduce(m, args, expr),
  "itertools.accumulate": (m, args, expr) => accumulate(m, args, expr),
  "itertools.chain": (m, args) =>
    chain(
      args.positional.map((value) => iterate(m, value)),
      args.open,
    ),
  "itertools.chain.from_iterable": (m, args) => {
    const all = iterate(m, args.positional[0] ?? UNKNOWN);
    return chain(
      (all?.elements ?? [UNKNOWN]).map((value) => iterate(m, value)),
      all?.exact !== true,
    );
  },
  "itertools.combinations": chosen((n, r) => choices(n, r, (last) => last + 1)),
  "itertools.combinations_with_replacement": chosen((n, r) => choices(n, r, (last) => last)),
  "itertools.permutations": chosen((n, r) => choices(n, r, () => 0).filter((row) => new Set(row).size === r)),
  "itertools.count": () => manyOf(anyInteger(), unknownDim(), "generator"),
  "itertools.cycle": (m, args) => summary(iterate(m, args.positional[0] ?? UNKNOWN)?.elements ?? [], unknownDim()),
  "itertools.islice": (m, args) => slice(m, args),
  "itertools.pairwise": (m, args) => {
    const all = iterate(m, args.positional[0] ?? UNKNOWN);
    if (all?.exact === true)
      return listOf(
        all.elements.slice(1).map((b, i) => tupleOf([all.elements[i] ?? UNKNOWN, b])),
        "generator",
      );
    return manyOf(tupleOf([UNKNOWN, UNKNOWN]), unknownDim(), "generator");
  },
  "itertools.product": (m, args) => product(m, args),
  "itertools.repeat": (m, args) => repeat(m, args),
  "itertools.starmap": (m, args, expr) => {
    const [callee = UNKNOWN, rows = UNKNOWN] = args.positional;
    const all = iterate(m, rows)?.elements.map((row) => iterate(m, row)) ?? null;
    if (all === null || all.some((row) => row?.exact !== true)) return callUnknown(m, args);
    return listOf(
      all.map((row) => callValue(m, callee, plainArguments(...(row?.elements ?? [])), expr)),
      "generator",
    );
  },
  "itertools.takewhile": (m, args, expr) => asLongAs(m, args, expr, (items, count) => items.slice(0, count)),
  "itertools.dropwhile": (m, args, expr) => asLongAs(m, args, expr, (items, count) => items.slice(count)),
  "itertools.zip_longest": (m, args) => zipLongest(m, args),
};

function summary(elements: readonly Value[], length: Dim): Value {
  return manyOf(joinAll(elements), length, "generator");
}

function reduce(m: Machine, args: CallArguments, expr: Expr): Value {
  const [callee = UNKNOWN, items = UNKNOWN, start] = args.positional;
  const all = iterate(m, items);
  if (all === null || !all.exact) return callUnknown(m, args);
  const [first, ...rest] = start === undefined ? all.elements : [start, ...all.elements];
  if (first === undefined) return UNKNOWN;
  return rest.reduce((a, b) => callValue(m, callee, plainArguments(a, b), expr), first);
}

function accumulate(m: Machine, args: CallArguments, expr: Expr): Value {
  const [items = UNKNOWN, given] = args.positional;
  const callee = given ?? args.named.get("func") ?? NONE;
  const initial = args.named.get("initial") ?? NONE;
  const all = iterate(m, items);
  if (all === null || !all.exact || args.open) return manyOf(UNKNOWN, unknownDim(), "generator");
  const sums: Value[] = [];
  for (const item of initial.kind === "none" ? all.elements : [initial, ...all.elements]) {
    const last = sums.at(-1);
    if (last === undefined) sums.push(item);
    else if (callee.kind === "none") sums.push(binaryOperation(m, "+", last, item, expr, [expr, expr]));
    else sums.push(callValue(m, callee, plainArguments(last, item), expr));
  }
  return listOf(sums, "generator");
}

function chain(all: readonly (Iteration | null)[], open: boolean): Value {
  const elements = all.flatMap((one) => one?.elements ?? [UNKNOWN]);
  if (!open && all.every((one) => one?.exact === true) && elements.length <= MAX_ITEMS)
    return listOf(elements, "generator");
  return summary(open ? [...elements, UNKNOWN] : elements, unknownDim());
}

/** Rows of items picked by their places. */
function chosen(pick: (count: number, size: number) => readonly (readonly number[])[]): IteratorCall {
  return (m, args) => {
    const [items = UNKNOWN, size] = args.positional;
    const all = iterate(m, items);
    const given = size ?? args.named.get("r");
    const r =
      given === undefined
        ? (all?.elements.length ?? null)
        : given.kind === "int"
          ? asNumber(m.solver.dim(given.value))
          : null;
    if (all === null || !all.exact || r === null || r < 0 || all.elements.length ** r > MAX_ITEMS)
      return manyOf(UNKNOWN, unknownDim(), "generator");
    return listOf(
      pick(all.elements.length, r).map((row) => tupleOf(row.map((i) => all.elements[i] ?? UNKNOWN))),
      "generator",
    );
  };
}

/** All rows of `size` numbers below `count`, of which each is at least what its predecessor asks for. */
function choices(count: number, size: number, least: (last: number) => number): number[][] {
  let rows: number[][] = [[]];
  for (let i = 0; i < size; i++)
    rows = rows.flatMap((row) => {
      const last = row.at(-1);
      const from = last === undefined ? 0 : least(last);
      return Array.from({ length: Math.max(0, count - from) }, (_, k) => [...row, from + k]);
    });
  return rows;
}

function product(m: Machine, args: CallArguments): Value {
  const repeated = args.named.get("repeat");
  const times = repeated === undefined ? 1 : repeated.kind === "int" ? asNumber(m.solver.dim(repeated.value)) : null;
  const given = args.positional.map((value) => iterate(m, value));
  if (args.open || times === null || given.some((one) => one === null)) return UNKNOWN;
  const all = Array.from({ length: Math.max(0, times) }, () => given).flat();
  const count = all.reduce((n, one) => n * (one?.elements.length ?? 0), 1);
  if (all.every((one) => one?.exact === true) && count <= MAX_ITEMS) {
    const rows = all.reduce<Value[][]>(
      (done, one) => done.flatMap((row) => (one?.elements ?? []).map((item) => [...row, item])),
      [[]],
    );
    return listOf(rows.map(tupleOf), "generator");
  }
  const row = all.map((one) => (one?.elements ?? []).reduce((a, b) => joinValues(a, b), one?.elements[0] ?? UNKNOWN));
  return manyOf(tupleOf(row), unknownDim(), "generator");
}

function repeat(m: Machine, args: CallArguments): Value {
  const [value = UNKNOWN, times = args.named.get("times")] = args.positional;
  const count = times?.kind === "int" ? m.solver.dim(times.value) : null;
  const number = count === null ? null : asNumber(count);
  if (number !== null && number <= MAX_ITEMS)
    return listOf(
      Array.from({ length: Math.max(0, number) }, () => value),
      "generator",
    );
  return manyOf(value, count ?? unknownDim(), "generator");
}

function slice(m: Machine, args: CallArguments): Value {
  const [items = UNKNOWN, ...bounds] = args.positional;
  const all = iterate(m, items);
  const numbers = bounds.map((bound) =>
    bound.kind === "none" ? undefined : bound.kind === "int" ? asNumber(m.solver.dim(bound.value)) : null,
  );
  const [start, stop, step = 1] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  if (all === null || !all.exact || start === null || stop === null || step === null || args.open)
    return manyOf(all?.elements[0] ?? UNKNOWN, unknownDim(), "generator");
  const from = start ?? 0;
  const kept = all.elements.filter((_, i) => i >= from && (stop === undefined || i < stop) && (i - from) % step === 0);
  return listOf(kept, "generator");
}

function asLongAs(
  m: Machine,
  args: CallArguments,
  expr: Expr,
  part: (items: readonly Value[], count: number) => readonly Value[],
): Value {
  const [test = UNKNOWN, items = UNKNOWN] = args.positional;
  const all = iterate(m, items);
  const elements = all?.elements ?? [UNKNOWN];
  for (const [count, element] of elements.entries()) {
    const truth = truthOf(m, callValue(m, test, plainArguments(element), expr));
    if (truth === "no" && all?.exact === true) return listOf(part(elements, count), "generator");
    if (truth !== "yes" || all?.exact !== true) return summary(elements, unknownDim());
  }
  return listOf(part(elements, elements.length), "generator");
}

function zipLongest(m: Machine, args: CallArguments): Value {
  const fill = args.named.get("fillvalue") ?? NONE;
  const all = args.positional.map((value) => iterate(m, value));
  if (args.open || all.some((one) => one?.exact !== true)) return manyOf(UNKNOWN, unknownDim(), "generator");
  const count = Math.max(0, ...all.map((one) => one?.elements.length ?? 0));
  return listOf(
    Array.from({ length: count }, (_, i) => tupleOf(all.map((one) => one?.elements[i] ?? fill))),
    "generator",
  );
}
