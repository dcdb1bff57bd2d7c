/**
 * What a module holds that code which is not run may have changed by calling what the module defines: `register`
 * puts whatever it is given into a table. Of those tables nothing is known. It runs nothing.
 */
import type { ModuleFrame } from "./frame.ts";
import { havoc, spoilOutside } from "./havoc.ts";
import type { Machine } from "./machine.ts";
import { assignedOnSelf, mutatedAttributes } from "./mutators.ts";
import { type ClassValue, type InstanceValue, UNKNOWN, type Value } from "./value.ts";

/** Forgets what the functions and the methods that a module defines change outside of what they are given. */
export function openRegistries(m: Machine, module: ModuleFrame): void {
  for (const value of module.variables.values()) {
    if (value.kind === "function" && value.closure.module === module) spoilOutside(m, value);
    if (value.kind === "class" && value.closure.module === module) openClass(m, value);
    if (value.kind === "instance" && value.class !== null) openInstance(m, value, value.class);
  }
}

function openClass(m: Machine, { attributes }: ClassValue): void {
  for (const value of attributes.values()) {
    if (value.kind !== "function" || value.definition.kind !== "function") continue;
    spoilOutside(m, value);
    for (const name of assignedOnSelf(value.definition)) {
      const held = attributes.get(name);
      if (held !== undefined && (isTable(held) || value.binding === "class")) forget(m, attributes, name, held);
    }
  }
}

function openInstance(m: Machine, { attributes }: InstanceValue, type: ClassValue): void {
  for (const name of mutatedAttributes(type)) {
    for (const each of [attributes, ...tablesOf(type)]) {
      const held = each.get(name);
      if (held !== undefined && (each === attributes || isTable(held))) forget(m, each, name, held);
    }
  }
}

function tablesOf(type: ClassValue): readonly Map<string, Value>[] {
  return [type, ...type.bases].flatMap((base) => (typeof base === "string" ? [] : [base.attributes]));
}

function isTable({ kind }: Value): boolean {
  return kind === "list" || kind === "dict";
}

function forget(m: Machine, map: Map<string, Value>, name: string, held: Value): void {
  havoc(m, [held]);
  if (!isTable(held)) m.trail.set(map, name, UNKNOWN);
}
