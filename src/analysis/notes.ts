/**
 * Names of sizes as authors write them: what a name in a shape comment means in the present scope.
 * A local integer, an attribute of `self`, a size named before; otherwise a new declared symbol.
 */
import type { DimNote, Expr } from "../program/syntax.ts";
import {
  add,
  asNumber,
  type Cause,
  constant,
  type Dim,
  floorDivide,
  freshSymbol,
  modulo,
  multiply,
  ofSymbol,
  subtract,
  type Sym,
} from "../shapes/index.ts";
import type { Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

/** What a name already stands for here, if anything. */
export function namedSize(m: Machine, name: string): Dim | null {
  for (let frame: Frame | null = m.frame; frame !== null; frame = frame.parent) {
    const known = frame.symbols.get(name) ?? integerOf(frame.variables.get(name)) ?? attributeOf(frame.self, name);
    if (known !== null) return m.solver.dim(known);
  }
  return null;
}

function integerOf(value: Value | undefined): Dim | null {
  if (value === undefined) return null;
  const seen = follow(value);
  return seen.kind === "int" ? seen.value : null;
}

function attributeOf(self: Value | null, name: string): Dim | null {
  const seen = self === null ? null : follow(self);
  return seen?.kind === "instance" ? integerOf(seen.attributes.get(name)) : null;
}

export function declareSize(m: Machine, name: string, by: NonNullable<Sym["declaredBy"]>, cause: Cause): Dim {
  // Seen from a call, the names of a signature stand for sizes of the caller's: they are not shown as its own.
  const symbol =
    m.context === null ? declared(m, name, by, cause) : freshSymbol("?", "unknown", { cause, declaredBy: by, min: 0 });
  const dim = ofSymbol(symbol);
  nameSize(m, name, dim);
  return dim;
}

/** One name is one size in a view: where another size has it, this one is called after the function as well. */
function declared(m: Machine, name: string, declaredBy: NonNullable<Sym["declaredBy"]>, cause: Cause): Sym {
  const known = m.solver.names.get(name);
  if (known?.as.kind === "declared") return known.as;
  const owner = m.frame.function?.definition;
  const shown = known === undefined || owner?.kind !== "function" ? name : `${owner.name}.${name}`;
  const symbol = freshSymbol(shown, "declared", { cause, declaredBy, min: 0 });
  m.solver.names.set(shown, { of: symbol, as: symbol });
  return symbol;
}

export function nameSize(m: Machine, name: string, dim: Dim): void {
  m.trail.set(m.frame.symbols, name, dim);
}

/** A number that only hearsay states is shown, and not reasoned with. A 1 says more: how an array is laid out. */
export function supposedSize(m: Machine, size: Dim, note: DimNote, cause: Cause): Dim {
  const number = asNumber(size);
  if (number === null || number < 2) return size;
  const name = note.kind === "name" ? note.name : "?";
  const key = `${name}=${number}`;
  const known = m.frame.symbols.get(key);
  if (known !== undefined) return known;
  const dim = ofSymbol(freshSymbol(name, "inferred", { cause, declaredBy: "comment", supposed: number }));
  nameSize(m, key, dim);
  return dim;
}

/** The size that a note states, with names declared as needed; null for one it leaves open. */
export function sizeOfNote(m: Machine, note: DimNote, by: NonNullable<Sym["declaredBy"]>, cause: Cause): Dim | null {
  switch (note.kind) {
    case "size":
      return constant(note.value);
    case "name":
      return namedSize(m, note.name) ?? declareSize(m, note.name, by, cause);
    case "expression":
      return sizeOfExpression(note.value, (name) => namedSize(m, name) ?? declareSize(m, name, by, cause));
    case "any":
    case "many":
      return null;
    default:
      return note satisfies never;
  }
}

const OPERATORS: Readonly<Record<string, (a: Dim, b: Dim) => Dim>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "//": floorDivide,
  "/": floorDivide,
  "%": modulo,
};

function sizeOfExpression(expr: Expr, lookup: (name: string) => Dim | null): Dim | null {
  if (expr.kind === "literal") return expr.value.type === "int" ? constant(expr.value.value) : null;
  if (expr.kind === "name") return lookup(expr.id);
  if (expr.kind !== "binary") return null;
  const apply = OPERATORS[expr.operator];
  const left = sizeOfExpression(expr.left, lookup);
  const right = sizeOfExpression(expr.right, lookup);
  return apply === undefined || left === null || right === null ? null : apply(left, right);
}
