/** Methods of dicts. A dict knows its entries by their keys, as far as the keys are known. */
import { constant, unknownDim } from "../shapes/index.ts";
import { type CallArguments, callUnknown, plainArguments } from "./calls.ts";
import { keyOf, makeDict, setItem, updateDict } from "./containers.ts";
import { iterate, keyValue } from "./iteration.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { newMap } from "./trail.ts";
import { type DictValue, listOf, manyOf, NONE, stringOf, tupleOf, UNKNOWN, type Value } from "./value.ts";

export function dictMethod(m: Machine, dict: DictValue, name: string, args: CallArguments): Value {
  const [first] = args.positional;
  const { entries } = dict;
  const exact = [...entries].every(([key, value]) => key !== "*" && value.kind !== "maybe");
  switch (name) {
    case "keys":
      return exact ? listOf([...entries.keys()].map(keyValue)) : manyOf(UNKNOWN, unknownDim());
    case "values":
      return exact ? listOf([...entries.values()]) : manyOf(UNKNOWN, unknownDim());
    case "items":
      return exact
        ? listOf([...entries].map(([k, v]) => tupleOf([keyValue(k), v])))
        : manyOf(tupleOf([UNKNOWN, UNKNOWN]), unknownDim());
    case "get":
    case "pop":
    case "setdefault":
      return lookUp(m, dict, name, args);
    case "update":
      if (first !== undefined) updateDict(m, dict, first);
      if (args.open) updateDict(m, dict, UNKNOWN);
      for (const [key, value] of args.named) setItem(m, dict, stringOf(key), value);
      return NONE;
    case "copy":
      return { kind: "dict", entries: newMap(new Map(entries)) };
    case "clear":
      for (const key of entries.keys()) m.trail.delete(entries, key);
      return NONE;
    case "popitem": {
      const last = [...entries].at(-1);
      if (!exact || last === undefined || args.named.size > 0 || first !== undefined) break;
      m.trail.delete(entries, last[0]);
      return tupleOf([keyValue(last[0]), last[1]]);
    }
    default:
  }
  return callUnknown(m, plainArguments(dict));
}

/** What `get`, `pop` and `setdefault` find under a key, or their fallback where there is nothing. */
function lookUp(m: Machine, { entries }: DictValue, name: string, args: CallArguments): Value {
  const [first, second] = args.positional;
  const key = first === undefined ? null : keyOf(first);
  const found = key === null ? undefined : entries.get(key);
  const fallback = second ?? args.named.get("default") ?? (name === "pop" ? UNKNOWN : NONE);
  const absent = found === undefined && key !== null && !entries.has("*");
  const value = absent
    ? fallback
    : found === undefined
      ? UNKNOWN
      : found.kind === "maybe"
        ? joinValues(found.value, fallback)
        : found;
  if (name === "pop") {
    if (key !== null) m.trail.delete(entries, key);
    else
      for (const [known, old] of entries)
        m.trail.set(entries, known, old.kind === "maybe" ? old : { kind: "maybe", value: old });
  } else if (name === "setdefault") {
    if (key !== null) m.trail.set(entries, key, value);
    else m.trail.set(entries, "*", UNKNOWN);
  }
  return value;
}

/** `dict.fromkeys(keys, value)` */
export function dictFromKeys(m: Machine, args: CallArguments): Value {
  const [keys = UNKNOWN, value = NONE] = args.positional;
  const all = iterate(m, keys);
  if (all === null || !all.exact) return makeDict(m, [{ key: null, value: UNKNOWN }]);
  return makeDict(
    m,
    all.elements.map((key) => ({ key, value })),
  );
}

/** How many entries there are, where each is certain. */
export function dictLength({ entries }: DictValue): Value {
  const exact = [...entries].every(([key, value]) => key !== "*" && value.kind !== "maybe");
  return { kind: "int", value: exact ? constant(entries.size) : unknownDim() };
}
