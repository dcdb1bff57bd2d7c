/**
 * Lists, dicts, tuples and strings: making, changing and asking them. Their contents are written only
 * through the trail.
 */
import type { BinaryOperator } from "../program/syntax.ts";
import { add, type Answer, asNumber, constant, type Dim, multiply, unknownDim } from "../shapes/index.ts";
import { equalValues } from "./equality.ts";
import { havoc } from "./havoc.ts";
import { iterate } from "./iteration.ts";
import { concatenated, elementsOf, joinAll, joinValues, lengthOf } from "./join.ts";
import type { Machine } from "./machine.ts";
import { containsModule, extendWith } from "./module-methods.ts";
import { newMap } from "./trail.ts";
import {
  contentOf,
  coreOf,
  type DictValue,
  type ListContent,
  listOf,
  type ListValue,
  manyOf,
  tupleOf,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { follow } from "./variable.ts";

const MAX_ITEMS = 1024;

/** The key of a dict entry for a value that is a known string or integer. */
export function keyOf(value: Value): string | null {
  const seen = follow(value);
  if (seen.kind === "string") return seen.value === null ? null : `s:${seen.value}`;
  if (seen.kind === "int") {
    const number = asNumber(seen.value);
    return number === null ? null : `i:${number}`;
  }
  // Numbers that are equal are one key.
  if (seen.kind === "bool" && seen.value !== null) return `i:${seen.value ? 1 : 0}`;
  if (seen.kind === "float" && Number.isInteger(seen.value)) return `i:${seen.value}`;
  if (seen.kind === "float" && seen.value !== null) return `f:${seen.value}`;
  if (seen.kind === "none") return "n:";
  if (seen.kind === "class" || (seen.kind === "instance" && seen.class?.form === "enum")) return objectKey(seen);
  if (seen.kind === "library" || seen.kind === "builtin") return `l:${seen.name}`;
  if (seen.kind === "tuple") {
    const keys = seen.items.map(keyOf);
    return keys.includes(null) ? null : `t:${JSON.stringify(keys)}`;
  }
  return null;
}

const objects = new WeakMap<object, number>();
let keyed = 0;

/** A key for what is equal to itself alone. */
function objectKey(value: Extract<Value, { kind: "class" | "instance" }>): string {
  const identity = value.kind === "class" ? value.definition : value.attributes;
  const known = objects.get(identity) ?? ++keyed;
  objects.set(identity, known);
  return `o:${known}`;
}

export function makeDict(m: Machine, parts: readonly { key: Value | null; value: Value }[]): DictValue {
  const entries = newMap(new Map<string, Value>());
  for (const { key, value } of parts) {
    if (key === null) mergeEntries(m, entries, value, write);
    else setEntry(entries, key, value, write);
  }
  return { kind: "dict", entries };
}

type Write = (map: Map<string, Value>, key: string, value: Value) => void;

/** A dict that is being made is no state yet that could be taken back. */
const write: Write = (map, key, value) => void map.set(key, value);

function setEntry(entries: Map<string, Value>, index: Value, value: Value, put: Write): void {
  const key = keyOf(index);
  if (key !== null) return put(entries, key, value);
  for (const [known, old] of entries) put(entries, known, joinValues(old, value));
  put(entries, "*", UNKNOWN);
}

/** `dict.update(other)`: what may be in the other may take the place of what is here. */
export function updateDict(m: Machine, dict: DictValue, other: Value): void {
  mergeEntries(m, dict.entries, other, (map, key, value) => m.trail.set(map, key, value));
}

function mergeEntries(m: Machine, entries: Map<string, Value>, other: Value, put: Write): void {
  const seen = follow(other);
  const more = seen.kind === "dict" ? seen.entries : pairEntries(m, seen);
  if (more === null || more.has("*")) {
    for (const [key, old] of entries) if (more?.has(key) !== true) put(entries, key, joinValues(old, UNKNOWN));
    put(entries, "*", UNKNOWN);
  }
  for (const [key, value] of more ?? []) {
    const before = entries.get(key);
    put(entries, key, value.kind === "maybe" && before !== undefined ? over(before, value.value) : value);
  }
}

function over(before: Value, value: Value): Value {
  return before.kind === "maybe" ? joinValues(before, { kind: "maybe", value }) : joinValues(before, value);
}

/** The entries of a sequence of pairs with known keys. */
function pairEntries(m: Machine, value: Value): Map<string, Value> | null {
  const all = iterate(m, value);
  if (all === null || !all.exact) return null;
  const made = newMap(new Map<string, Value>());
  for (const pair of all.elements) {
    const spread = iterate(m, pair);
    const [key, entry] = spread?.elements ?? [];
    if (key === undefined || entry === undefined || spread?.elements.length !== 2) return null;
    setEntry(made, key, entry, write);
  }
  return made;
}

export function setContent(m: Machine, list: ListValue, content: ListContent): void {
  m.trail.set(list.cell, "content", content);
}

export function appendItem(m: Machine, list: ListValue, item: Value): void {
  extendItems(m, list, { items: [item] });
}

export function extendItems(m: Machine, list: ListValue, more: ListContent): void {
  const content = contentOf(list);
  if ("items" in content && "items" in more && content.items.length >= MAX_ITEMS) {
    const element = joinAll([...content.items, ...more.items]);
    setContent(m, list, { element, length: add(lengthOf(content), lengthOf(more)) });
  } else setContent(m, list, concatenated(content, more));
}

/** The content of a set of these items, each of which counts once. */
export function distinct(items: readonly Value[]): ListContent {
  const keys = items.map(keyOf);
  if (items.length < 2 || !keys.includes(null))
    return { items: items.filter((_, i) => keys.indexOf(keys[i] ?? null) === i) };
  return { element: joinAll(items), length: unknownDim() };
}

export function setOf(items: readonly Value[]): ListValue {
  return { kind: "list", flavour: "set", cell: newMap(new Map([["content", distinct(items)]])) };
}

/** `object[index] = value` for what is no tensor. */
export function setItem(m: Machine, object: Value, index: Value, value: Value): void {
  const target = follow(object);
  switch (target.kind) {
    case "dict":
      setEntry(target.entries, index, value, (map, key, item) => m.trail.set(map, key, item));
      return;
    case "list":
      setListItem(m, target, index, value);
      return;
    case "union":
    case "instance":
      havoc(m, [target]);
      return;
    case "variable": {
      const key = keyOf(index);
      if (key !== null) m.trail.set(target.children, `[${key}]`, value);
      else havoc(m, [target]);
      return;
    }
    default:
      return;
  }
}

function setListItem(m: Machine, list: ListValue, index: Value, value: Value): void {
  const content = contentOf(list);
  const number = index.kind === "int" ? asNumber(m.solver.dim(index.value)) : null;
  if ("items" in content && number !== null) {
    const at = number < 0 ? number + content.items.length : number;
    if (content.items[at] !== undefined) setContent(m, list, { items: content.items.with(at, value) });
    return;
  }
  if (index.kind === "slice") setContent(m, list, { element: UNKNOWN, length: unknownDim() });
  else if ("items" in content) setContent(m, list, { items: content.items.map((item) => joinValues(item, value)) });
  else setContent(m, list, { element: joinValues(content.element, value), length: content.length });
}

/** `list += other` and the like, which change the list itself. Null where the operator makes a new value. */
export function setOperation(m: Machine, target: Value, operator: BinaryOperator, value: Value): Value | null {
  if (target.kind === "list" && operator === "+") {
    const more = iterate(m, value);
    if (more === null) setContent(m, target, { element: UNKNOWN, length: unknownDim() });
    else
      extendItems(
        m,
        target,
        more.exact
          ? { items: more.elements }
          : { element: more.elements[0] ?? UNKNOWN, length: more.length ?? unknownDim() },
      );
    return target;
  }
  const core = target.kind === "instance" && operator === "+" ? coreOf(target) : undefined;
  if (target.kind === "instance" && (core?.kind === "module-list" || core?.kind === "sequential"))
    return extendWith(m, target, core, value);
  if (target.kind === "dict" && operator === "|") {
    updateDict(m, target, value);
    return target;
  }
  return null;
}

/** `sequence * count`. */
export function repeatSequence(m: Machine, value: Value, count: Dim): Value | null {
  if (value.kind !== "tuple" && value.kind !== "list") return null;
  const number = asNumber(m.solver.dim(count));
  const content: ListContent = value.kind === "tuple" ? { items: value.items } : contentOf(value);
  if (number === null) {
    const elements = elementsOf(content);
    const element = joinAll(elements);
    const length =
      "items" in content ? multiply(constant(content.items.length), count) : multiply(content.length, count);
    return value.kind === "tuple" ? UNKNOWN : manyOf(element, length);
  }
  if (!("items" in content) || content.items.length * Math.max(0, number) > MAX_ITEMS) return UNKNOWN;
  const items = Array.from({ length: Math.max(0, number) }, () => content.items).flat();
  return value.kind === "tuple" ? tupleOf(items) : listOf(items);
}

export function containsItem(m: Machine, container: Value, item: Value): Answer {
  const seen = follow(container);
  if (seen.kind === "instance") return containsModule(seen, item);
  if (seen.kind === "dict") {
    const key = keyOf(item);
    const found = key === null ? undefined : seen.entries.get(key);
    if (key === null || found?.kind === "maybe") return "maybe";
    return found !== undefined ? "yes" : seen.entries.has("*") ? "maybe" : "no";
  }
  if (seen.kind === "string" && item.kind === "string") {
    return seen.value === null || item.value === null ? "maybe" : seen.value.includes(item.value) ? "yes" : "no";
  }
  if (seen.kind !== "tuple" && seen.kind !== "list") return "maybe";
  const content: ListContent = seen.kind === "tuple" ? { items: seen.items } : contentOf(seen);
  if (!("items" in content)) return "maybe";
  const answers = content.items.map((one) => equalValues(m, follow(one), item));
  return answers.includes("yes") ? "yes" : answers.every((answer) => answer === "no") ? "no" : "maybe";
}

const METHODS: Partial<Record<Value["kind"], ReadonlySet<string>>> = {
  tuple: new Set(["index", "count", "numel", "_asdict", "_replace"]),
  int: new Set(["bit_length", "item"]),
  float: new Set(["is_integer", "item"]),
};

export function isBuiltinMethod(kind: Value["kind"], name: string): boolean {
  return kind === "string" || kind === "list" || kind === "dict" || METHODS[kind]?.has(name) === true;
}
