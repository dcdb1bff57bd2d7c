/**
 * Putting dimensions in place of symbols, and numbers in place of all of them. Results are normal forms again.
 */
import { add, multiply, power, product, sumOfTerms } from "./algebra.ts";
import { floorDivide, modulo } from "./divide.ts";
import {
  type Atom,
  type Dim,
  type Opaque,
  type OpaqueFunction,
  type Sym,
  type Term,
  constant,
  ofAtom,
  unknownDim,
} from "./dim.ts";
import { absolute, maximum, minimum } from "./extremes.ts";

/** `f` gives what stands for a symbol, or null to leave it. */
export function substitute(d: Dim, f: (s: Sym) => Dim | null): Dim {
  return mapAtoms(d, (atom) => {
    return atom.type === "symbol" ? f(atom) : mapArguments(atom, (arg) => substitute(arg, f));
  });
}

/** The node with other arguments in normal form; null where none changes. */
export function mapArguments(atom: Opaque, f: (arg: Dim) => Dim): Dim | null {
  const args = atom.args.map(f);
  return args.every((arg, i) => arg === atom.args[i]) ? null : apply(atom.function, args);
}

/** Replaces atoms by dimensions; null leaves an atom. Gives `d` itself where nothing changes. */
export function mapAtoms(d: Dim, f: (atom: Atom) => Dim | null): Dim {
  const untouched: Term[] = [];
  let changed: Dim | null = null;
  for (const term of d.terms) {
    const replaced = replaceInTerm(term, f);
    if (replaced === null) untouched.push(term);
    else changed = changed === null ? replaced : add(changed, replaced);
  }
  return changed === null ? d : add(sumOfTerms(untouched), changed);
}

function replaceInTerm(term: Term, f: (atom: Atom) => Dim | null): Dim | null {
  const replacements = term.factors.map(({ atom }) => f(atom));
  if (replacements.every((each) => each === null)) return null;
  return term.factors.reduce(
    (result, factor, i) => multiply(result, power(replacements[i] ?? ofAtom(factor.atom), factor.power)),
    constant(term.coefficient),
  );
}

function apply(name: OpaqueFunction, args: readonly Dim[]): Dim {
  const [a = unknownDim(null, null), b = a] = args;
  switch (name) {
    case "//":
      return floorDivide(a, b);
    case "%":
      return modulo(a, b);
    case "min":
      return minimum(...args);
    case "max":
      return maximum(...args);
    case "abs":
      return absolute(a);
    case "product":
      return product(args);
    default:
      return name satisfies never;
  }
}

/** The number that a dimension is, once every symbol is one. Dividing by zero gives NaN. */
export function evaluate(d: Dim, f: (s: Sym) => number): number {
  let total = 0;
  for (const term of d.terms) {
    let value = term.coefficient;
    for (const factor of term.factors) value *= evaluateAtom(factor.atom, f) ** factor.power;
    total += value;
  }
  return total;
}

function evaluateAtom(atom: Atom, f: (s: Sym) => number): number {
  if (atom.type === "symbol") return f(atom);
  const args = atom.args.map((arg) => evaluate(arg, f));
  const [a = NaN, b = NaN] = args;
  switch (atom.function) {
    case "//":
      return b === 0 ? NaN : Math.floor(a / b);
    case "%":
      return b === 0 ? NaN : a - b * Math.floor(a / b);
    case "min":
      return Math.min(...args);
    case "max":
      return Math.max(...args);
    case "abs":
      return Math.abs(a);
    case "product":
      return args.reduce((x, y) => x * y, 1);
    default:
      return atom.function satisfies never;
  }
}
