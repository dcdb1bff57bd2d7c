/**
 * Orders of values that are known: what `sorted`, `min` and `max` compare are numbers, strings and tuples of
 * them. Where one of them is not known, the order is not known either.
 */
import type { Expr } from "../program/syntax.ts";
import { asNumber } from "../shapes/index.ts";
import { type CallArguments, callValue, plainArguments } from "./calls.ts";
import type { Machine } from "./machine.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

type Key = number | string | readonly Key[];

/** The items in the order that `key` and `reverse` among the arguments ask for; null where it is not known. */
export function inOrder(m: Machine, items: readonly Value[], args: CallArguments, expr: Expr): Value[] | null {
  const reverse = args.named.get("reverse");
  const descends = reverse === undefined ? false : reverse.kind === "bool" ? reverse.value : null;
  const keyed = keysOf(m, items, args, expr);
  if (keyed === null || descends === null || args.open) return null;
  const sign = descends ? -1 : 1;
  return keyed.sort((a, b) => sign * compare(a.key, b.key)).map(({ item }) => item);
}

/** The first of the items that no other one is below (or above, for `sign` -1). */
export function foremost(
  m: Machine,
  items: readonly Value[],
  args: CallArguments,
  sign: 1 | -1,
  expr: Expr,
): Value | null {
  const keyed = keysOf(m, items, args, expr);
  const [first, ...rest] = keyed ?? [];
  if (first === undefined) return null;
  return rest.reduce((best, next) => (sign * compare(next.key, best.key) < 0 ? next : best), first).item;
}

function keysOf(
  m: Machine,
  items: readonly Value[],
  args: CallArguments,
  expr: Expr,
): { item: Value; key: Key }[] | null {
  const by = args.named.get("key");
  const keyed: { item: Value; key: Key }[] = [];
  for (const item of items) {
    const key = keyOf(m, by === undefined || by.kind === "none" ? item : callValue(m, by, plainArguments(item), expr));
    if (key === null) return null;
    keyed.push({ item, key });
  }
  const [first] = keyed;
  return keyed.every(({ key }) => first !== undefined && alike(first.key, key)) ? keyed : null;
}

function keyOf(m: Machine, value: Value): Key | null {
  const seen = follow(value);
  switch (seen.kind) {
    case "int":
      return asNumber(m.solver.dim(seen.value));
    case "float":
    case "string":
      return seen.value;
    case "bool":
      return seen.value === null ? null : Number(seen.value);
    case "tuple": {
      const keys = seen.items.map((item) => keyOf(m, item));
      return keys.some((key) => key === null) ? null : keys.flatMap((key) => (key === null ? [] : [key]));
    }
    default:
      return null;
  }
}

function alike(a: Key, b: Key): boolean {
  if (typeof a !== "object" || typeof b !== "object") return typeof a === typeof b;
  return a.every((key, i) => b[i] === undefined || alike(key, b[i]));
}

/** Strings are compared by the numbers of their characters, as Python does. */
function compare(a: Key, b: Key): number {
  if (typeof a === "object" && typeof b === "object") {
    const at = a.findIndex((key, i) => b[i] === undefined || compare(key, b[i]) !== 0);
    const [x, y] = [a[at], b[at]];
    return x === undefined || y === undefined ? a.length - b.length : compare(x, y);
  }
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = [Array.from(String(a)), Array.from(String(b))].map((all) => all.map((c) => c.codePointAt(0) ?? 0));
  return compare(x ?? [], y ?? []);
}
