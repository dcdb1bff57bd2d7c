/**
 * Tensors are values here, but arrays in the program: an operation that changes one in place changes
 * it under every name. Identity of the abstract tensor stands for identity of the array.
 */
import type { Tensor } from "../ops/index.ts";
import type { Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import type { Value } from "./value.ts";

/** Puts `now` wherever `before` can be reached from a live scope. */
export function replaceTensor(m: Machine, before: Tensor, now: Value): void {
  const seen = new Set<object>();
  const visitMap = (map: Map<string, Value>): void => {
    if (seen.has(map)) return;
    seen.add(map);
    for (const [key, value] of map) {
      const changed = replaced(value);
      if (changed !== value) m.trail.set(map, key, changed);
    }
  };
  const replaced = (value: Value): Value => {
    if (value === before) return now;
    switch (value.kind) {
      case "tuple": {
        const items = value.items.map(replaced);
        return items.every((item, i) => item === value.items[i]) ? value : { kind: "tuple", items };
      }
      case "union": {
        const options = value.options.map(replaced);
        return options.every((option, i) => option === value.options[i]) ? value : { kind: "union", options };
      }
      case "maybe": {
        const inner = replaced(value.value);
        return inner === value.value ? value : { kind: "maybe", value: inner };
      }
      case "list": {
        const content = value.cell.get("content");
        if (content === undefined || seen.has(value.cell)) return value;
        seen.add(value.cell);
        if ("items" in content) {
          const items = content.items.map(replaced);
          if (items.some((item, i) => item !== content.items[i])) m.trail.set(value.cell, "content", { items });
        }
        return value;
      }
      case "dict":
        visitMap(value.entries);
        return value;
      case "instance":
        visitMap(value.attributes);
        return value;
      case "variable": {
        const bound = value.bound.get("value");
        if (bound !== undefined && replaced(bound) !== bound) m.trail.set(value.bound, "value", replaced(bound));
        return value;
      }
      case "method":
        replaced(value.self);
        return value;
      default:
        return value;
    }
  };
  for (const live of m.frames) {
    for (let frame: Frame | null = live; frame !== null; frame = frame.parent) visitMap(frame.variables);
  }
}
