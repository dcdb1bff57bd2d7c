/** Whether two values are equal, or one and the same, as far as that can be told. */
import { lookupOperator } from "../ops/index.ts";
import { type Answer, asNumber } from "../shapes/index.ts";
import type { Machine } from "./machine.ts";
import { isModuleClass } from "./nn.ts";
import { contentOf, UNKNOWN, type Value } from "./value.ts";
import { follow } from "./variable.ts";

export function isSame(a: Value, b: Value): Answer {
  if (a.kind === "union") return agree(a.options.map((option) => isSame(option, b)));
  if (b.kind === "union") return agree(b.options.map((option) => isSame(a, option)));
  if (a.kind === "none" && b.kind === "none") return "yes";
  if (a.kind === "none" || b.kind === "none") return isCertain(a) && isCertain(b) ? "no" : "maybe";
  if (a.kind === "bool" && b.kind === "bool")
    return a.value === null || b.value === null ? "maybe" : a.value === b.value ? "yes" : "no";
  if (a.kind === "class" && b.kind === "class") return a.definition === b.definition ? "yes" : "no";
  if (a.kind === "builtin" && b.kind === "builtin") return a.name === b.name ? "yes" : "no";
  // Two names of a library may be one thing.
  if (a.kind === "library" && b.kind === "library") return a.name === b.name ? "yes" : "maybe";
  if (a.kind === "instance" && b.kind === "instance") {
    if (a.id === b.id) return a.class?.form === "enum" ? "yes" : "maybe";
    return a.class?.form === "enum" && b.class?.form === "enum" ? "no" : "maybe";
  }
  return "maybe";
}

/** Whether a value is surely something else than None. */
function isCertain(value: Value): boolean {
  if (value.kind === "builtin-method") return value.self.kind !== "instance";
  if (value.kind === "library")
    return isModuleClass(value.name) || lookupOperator(value.name) !== null || /(?:^|\.)[A-Z]\w*$/.test(value.name);
  return value.kind !== "unknown" && value.kind !== "variable" && value.kind !== "maybe";
}

function agree(answers: readonly Answer[]): Answer {
  const [first] = answers;
  return first !== undefined && answers.every((answer) => answer === first) ? first : "maybe";
}

const PLAIN: readonly Value["kind"][] = ["string", "int", "tuple", "list", "dict"];

export function equalValues(m: Machine, left: Value, right: Value): Answer {
  const [a, b] = [follow(left), follow(right)];
  if (a.kind === "string" && b.kind === "string")
    return a.value === null || b.value === null ? "maybe" : a.value === b.value ? "yes" : "no";
  if (a.kind === "int" && b.kind === "int") return m.solver.compare(a.value, b.value);
  const [x, y] = [numberOf(m, a), numberOf(m, b)];
  if (x !== undefined && y !== undefined && (a.kind === "float" || b.kind === "float"))
    return x === null || y === null ? "maybe" : x === y ? "yes" : "no";
  if (a.kind === "dtype" && b.kind === "dtype") return a.dtype === b.dtype ? "yes" : "no";
  if (a.kind === "tuple" && b.kind === "tuple") return equalItems(m, a.items, b.items);
  if (a.kind === "list" && b.kind === "list" && a.flavour === "list" && b.flavour === "list") {
    const [p, q] = [contentOf(a), contentOf(b)];
    return "items" in p && "items" in q ? equalItems(m, p.items, q.items) : "maybe";
  }
  if (PLAIN.includes(a.kind) && PLAIN.includes(b.kind) && a.kind !== b.kind) return "no";
  return isSame(a, b);
}

/** The number, null for one that is not known, undefined for what is no number. */
export function numberOf(m: Machine, value: Value): number | null | undefined {
  if (value.kind === "int") return asNumber(m.solver.dim(value.value));
  if (value.kind === "float") return value.value;
  return undefined;
}

function equalItems(m: Machine, a: readonly Value[], b: readonly Value[]): Answer {
  if (a.length !== b.length) return "no";
  const answers = a.map((item, i) => equalValues(m, item, b[i] ?? UNKNOWN));
  return answers.includes("no") ? "no" : answers.every((answer) => answer === "yes") ? "yes" : "maybe";
}
