/**
 * Copies of values: shallow ones, which share what the original holds, and deep ones, which share nothing
 * that can change. Functions, classes and modules of code are themselves everywhere.
 */
import type { Machine } from "./machine.ts";
import { newMap } from "./trail.ts";
import { type Core, coreOf, type InstanceValue, type ListContent, type Value } from "./value.ts";
import { copyVariable, follow } from "./variable.ts";

type Copier = (value: Value) => Value;

/** `copy.copy`: another object with the same parts. The modules of `nn.Module` are such parts too. */
export function shallowCopy(m: Machine, value: Value): Value {
  const seen = follow(value);
  // Copies of modules share the dict of their modules, so that what is registered in one is in the other.
  if (seen.kind === "instance" && coreOf(seen) !== undefined)
    return { ...copyInstance(m, seen, (part) => part), core: seen.core };
  return copied(m, seen, (part) => part);
}

/** `copy.deepcopy`: what was one object in the original is one object in the copy. */
export function deepCopy(m: Machine, value: Value, made = new Map<object, Value>()): Value {
  const seen = follow(value);
  const identity = identityOf(seen);
  if (identity === null) return copied(m, seen, (part) => deepCopy(m, part, made));
  const known = made.get(identity);
  if (known !== undefined) return known;
  // The copy is known before its parts are, since they may lead back to it.
  const copy = blank(m, seen);
  made.set(identity, copy);
  fill(seen, copy, (part) => deepCopy(m, part, made));
  return copy;
}

function identityOf(value: Value): object | null {
  switch (value.kind) {
    case "list":
      return value.cell;
    case "dict":
      return value.entries;
    case "instance":
      return value.attributes;
    default:
      return null;
  }
}

function copied(m: Machine, value: Value, copy: Copier): Value {
  switch (value.kind) {
    case "tensor":
      return { ...value };
    case "tuple":
      return { kind: "tuple", items: value.items.map(copy) };
    case "record":
      return { ...value, fields: new Map([...value.fields].map(([name, field]) => [name, copy(field)] as const)) };
    case "union":
      return { kind: "union", options: value.options.map(copy) };
    case "maybe":
      return { kind: "maybe", value: copy(value.value) };
    case "variable":
      return copyVariable(m, value);
    case "method":
      return { ...value, self: copy(value.self) };
    case "partial":
      return { ...value, args: value.args.map(copy) };
    case "list":
    case "dict":
    case "instance": {
      const made = blank(m, value);
      fill(value, made, copy);
      return made;
    }
    default:
      return value;
  }
}

function blank(m: Machine, value: Value): Value {
  switch (value.kind) {
    case "list":
      return { ...value, cell: newMap(new Map()) };
    case "dict":
      return { kind: "dict", entries: newMap(new Map()) };
    case "instance":
      return {
        ...value,
        id: m.nextInstance(),
        attributes: newMap(new Map()),
        core: newMap(new Map()),
        state: newMap(new Map(value.state)),
      };
    default:
      return value;
  }
}

function fill(from: Value, to: Value, copy: Copier): void {
  if (from.kind === "list" && to.kind === "list") {
    const content = from.cell.get("content");
    if (content !== undefined) to.cell.set("content", copyContent(content, copy));
  } else if (from.kind === "dict" && to.kind === "dict") fillMap(from.entries, to.entries, copy);
  else if (from.kind === "instance" && to.kind === "instance") {
    fillMap(from.attributes, to.attributes, copy);
    const core = coreOf(from);
    if (core !== undefined) to.core.set("core", copyCore(core, copy));
  }
}

function copyInstance(m: Machine, value: InstanceValue, copy: Copier): InstanceValue {
  const made = blank(m, value);
  fill(value, made, copy);
  return made.kind === "instance" ? made : value;
}

function fillMap(from: ReadonlyMap<string, Value>, to: Map<string, Value>, copy: Copier): void {
  for (const [key, value] of from)
    to.set(key, value.kind === "maybe" ? { kind: "maybe", value: copy(value.value) } : copy(value));
}

function copyContent(content: ListContent, copy: Copier): ListContent {
  return "items" in content
    ? { items: content.items.map(copy) }
    : { element: copy(content.element), length: content.length };
}

function copyCore(core: Core, copy: Copier): Core {
  switch (core.kind) {
    case "layer":
      return core;
    case "sequential":
    case "module-list":
      return { ...core, items: core.items.map(copy) };
    case "module-dict":
      return { ...core, entries: new Map([...core.entries].map(([name, value]) => [name, copy(value)] as const)) };
    case "many-modules":
      return { kind: core.kind, element: copy(core.element), length: core.length };
    default:
      return core satisfies never;
  }
}
