/**
 * Values of which nothing is known yet, and how their uses bind them. Reading a value always goes
 * through `follow`, which sees through what has been bound.
 */
import type { Library, Tensor } from "../ops/index.ts";
import {
  add,
  asNumber,
  constant,
  type Dim,
  floorDivide,
  freshSymbol,
  modulo,
  multiply,
  ofSymbol,
  type Place,
  power,
  subtract,
  unknownShape,
} from "../shapes/index.ts";
import type { BinaryOperator } from "../program/syntax.ts";
import type { Machine } from "./machine.ts";
import { type ProspectValue, UNKNOWN, type Value, type VariableValue } from "./value.ts";

export function freshVariable(
  m: Machine,
  name: string,
  place: Place | null,
  library: Library | null = null,
): VariableValue {
  const cause = { text: `\`${name}\``, place };
  return {
    kind: "variable",
    id: m.nextVariable(),
    name,
    place,
    bound: new Map(),
    children: new Map(),
    symbol: freshSymbol(uniqueName(m, name), "inferred", { cause, min: null }),
    library,
  };
}

/** Sees through a bound variable and through arithmetic over variables that turned out integers. */
export function follow(value: Value): Value {
  if (value.kind === "variable") {
    const bound = value.bound.get("value");
    return bound === undefined || bound.kind === "maybe" ? value : follow(bound);
  }
  if (value.kind === "prospect" && value.sources.every((source) => follow(source).kind === "int")) {
    return { kind: "int", value: value.dim };
  }
  if (value.kind === "maybe") return follow(value.value);
  return value;
}

/** An attribute or item of a variable: the same variable at every reading. */
export function childOf(m: Machine, parent: VariableValue, key: string, name: string, place: Place | null): Value {
  const known = parent.children.get(key);
  if (known !== undefined) return follow(known);
  const shared = parent.children.get(ORIGIN);
  const child = shared?.kind === "variable" ? originalChild(m, shared, key, name, place) : null;
  const made = child ?? freshVariable(m, name, place ?? parent.place);
  m.trail.set(parent.children, key, made);
  return made;
}

/** The variable whose parts a copy and its original had in common when the copy was made. */
const ORIGIN = "#origin";

function originalChild(m: Machine, origin: VariableValue, key: string, name: string, place: Place | null): Value {
  const child = childOf(m, origin, key, name, place);
  return child.kind === "variable" ? copyVariable(m, child) : child;
}

/** A copy has the same parts, until one of both is given another. */
export function copyVariable(m: Machine, variable: VariableValue): VariableValue {
  const origin: VariableValue = { ...variable, id: m.nextVariable(), children: new Map(variable.children) };
  m.trail.set(variable.children, ORIGIN, origin);
  return { ...variable, id: m.nextVariable(), children: new Map(origin.children).set(ORIGIN, origin) };
}

export function bindVariable(m: Machine, variable: VariableValue, value: Value): Value {
  m.trail.set(variable.bound, "value", value);
  return value;
}

/** Reads a value where an array is needed: a variable becomes an array of unknown shape. */
export function asTensor(m: Machine, value: Value, library: Library | null): Value {
  const seen = follow(value);
  if (seen.kind !== "variable") return seen;
  const tensor: Tensor = { kind: "tensor", shape: unknownShape(), dtype: null, library: library ?? seen.library };
  return bindVariable(m, seen, tensor);
}

/** Reads a value where an integer is needed: a variable becomes the integer named after it. */
export function asInteger(m: Machine, value: Value): Value {
  const seen = follow(value);
  if (seen.kind === "variable") return bindVariable(m, seen, { kind: "int", value: ofSymbol(seen.symbol) });
  if (seen.kind === "prospect") {
    for (const source of seen.sources) {
      const bound = asInteger(m, source);
      if (bound.kind !== "int") return UNKNOWN;
    }
    return { kind: "int", value: seen.dim };
  }
  return seen;
}

/** The integer that a value is or may turn out to be. */
export function prospectOf(value: Value): { dim: Dim; sources: readonly VariableValue[] } | null {
  const seen = follow(value);
  switch (seen.kind) {
    case "int":
      return { dim: seen.value, sources: [] };
    case "variable":
      return { dim: ofSymbol(seen.symbol), sources: [seen] };
    case "prospect":
      return { dim: seen.dim, sources: seen.sources };
    default:
      return null;
  }
}

/** Arithmetic where at least one side is a variable: an integer in prospect, or null if it cannot be one. */
export function prospectArithmetic(operator: BinaryOperator, left: Value, right: Value): ProspectValue | null {
  const a = prospectOf(left);
  const b = prospectOf(right);
  if (a === null || b === null) return null;
  const sources = [...new Set([...a.sources, ...b.sources])];
  const dim = DIM_OPERATORS[operator]?.(a.dim, b.dim) ?? powerOf(operator, a.dim, b.dim);
  return dim === null ? null : { kind: "prospect", dim, sources };
}

/** x ** 2, and x >> 1, for a number on the right. */
export function powerOf(operator: BinaryOperator, a: Dim, b: Dim): Dim | null {
  const n = asNumber(b);
  if (n === null || n < 0 || n > 30) return null;
  if (operator === "**") return power(a, n);
  if (operator === ">>") return floorDivide(a, constant(2 ** n));
  return operator === "<<" ? multiply(a, constant(2 ** n)) : null;
}

export const DIM_OPERATORS: Partial<Record<BinaryOperator, (a: Dim, b: Dim) => Dim>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "//": floorDivide,
  "%": modulo,
};

/** `n_embd` for `config.n_embd`, or the whole path where another size has that name already. */
function uniqueName(m: Machine, path: string): string {
  const short = lastPart(path);
  return m.takeName(short) || !m.takeName(path) ? short : path;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).replace(/^_+|_+$/g, "") || name;
}
