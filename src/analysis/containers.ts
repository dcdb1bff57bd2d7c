/**
 * Lists, dicts, tuples and strings: making, changing and asking them. Their contents are written only
 * through the trail.
 */
import type { BinaryOperator } from "../program/syntax.ts";
import { add, type Answer, asNumber, constant, type Dim, multiply, unknownDim } from "../shapes/index.ts";
import { equalValues } from "./arithmetic.ts";
import { havoc } from "./havoc.ts";
import { iterate } from "./iteration.ts";
import { elementsOf, joinValues, lengthOf } from "./join.ts";
import type { Machine } from "./machine.ts";
import {
  contentOf,
  type DictValue,
  type ListContent,
  type ListValue,
  listOf,
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
  if (seen.kind === "tuple") {
    const keys = seen.items.map(keyOf);
    return keys.includes(null) ? null : `t:${JSON.stringify(keys)}`;
  }
  return null;
}

export function makeDict(_m: Machine, parts: readonly { key: Value | null; value: Value }[]): DictValue {
  const entries = new Map<string, Value>();
  for (const { key, value } of parts) {
    if (key === null) {
      if (value.kind !== "dict") entries.set("*", UNKNOWN);
      else for (const [k, v] of value.entries) entries.set(k, v);
      continue;
    }
    const known = keyOf(key);
    if (known === null) entries.set("*", UNKNOWN);
    else entries.set(known, value);
  }
  return { kind: "dict", entries };
}

export function setContent(m: Machine, list: ListValue, content: ListContent): void {
  m.trail.set(list.cell, "content", content);
}

export function appendItem(m: Machine, list: ListValue, item: Value): void {
  extendItems(m, list, { items: [item] });
}

export function extendItems(m: Machine, list: ListValue, more: ListContent): void {
  const content = contentOf(list);
  if ("items" in content && "items" in more && content.items.length < MAX_ITEMS) {
    setContent(m, list, { items: [...content.items, ...more.items] });
    return;
  }
  const elements = [...elementsOf(content), ...elementsOf(more)];
  setContent(m, list, {
    element: elements.reduce((a, b) => joinValues(a, b), elements[0] ?? UNKNOWN),
    length: add(lengthOf(content), lengthOf(more)),
  });
}

/** `object[index] = value` for what is no tensor. */
export function setItem(m: Machine, object: Value, index: Value, value: Value): void {
  const target = follow(object);
  switch (target.kind) {
    case "dict": {
      const key = keyOf(index);
      if (key !== null) m.trail.set(target.entries, key, value);
      else {
        for (const [known, old] of target.entries) m.trail.set(target.entries, known, joinValues(old, value));
        m.trail.set(target.entries, "*", UNKNOWN);
      }
      return;
    }
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
  if (target.kind === "dict" && operator === "|") {
    havoc(m, [target]);
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
    const element = elements.reduce((a, b) => joinValues(a, b), elements[0] ?? UNKNOWN);
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
  list: new Set([
    "append",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "index",
    "count",
    "sort",
    "reverse",
    "copy",
    "add",
    "update",
    "discard",
    "union",
  ]),
  dict: new Set(["get", "keys", "values", "items", "pop", "setdefault", "update", "copy", "clear", "popitem"]),
  tuple: new Set(["index", "count", "numel", "_asdict", "_replace"]),
  int: new Set(["bit_length", "item"]),
  float: new Set(["is_integer", "item"]),
};

export function isBuiltinMethod(kind: Value["kind"], name: string): boolean {
  return kind === "string" || METHODS[kind]?.has(name) === true;
}
