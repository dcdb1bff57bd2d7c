/**
 * The catalogue as the interpreter uses it: operators, layers, constants and attributes by name, whatever
 * way the name is spelled. It knows names and declarations, no programs.
 */
import { LAYERS, OPERATORS } from "./catalogue.ts";
import { knownHarmless, lookupConstant, MODULES } from "./constants.ts";
import type { Layer, Operator } from "./operator.ts";

export { lookupAttribute } from "./attributes.ts";
export { knownHarmless, lookupConstant } from "./constants.ts";
export type { Documentation } from "./documentation.ts";
export type { DType } from "./dtype.ts";
export { canonical } from "./dtype-jax.ts";
export type {
  Bound,
  Call,
  Cost,
  Layer,
  Operator,
  OperatorParameter,
  Outcome,
  ParameterKind,
  Problem,
} from "./operator.ts";
export { arrayOf } from "./datum.ts";
export { declareOperator } from "./declared.ts";
export type { Mistake } from "./declaration.ts";
export { bindArguments } from "./signature.ts";
export { asQuotient, quotientOperation, type Rounding, rounded } from "./quotient.ts";
export type { Datum, Float, Library, Tensor } from "./value.ts";

const operators = byName(OPERATORS);
const layers = byName(LAYERS);

function byName<T extends { readonly names: readonly string[] }>(entries: readonly T[]): ReadonlyMap<string, T> {
  return new Map(entries.flatMap((entry) => entry.names.map((name): [string, T] => [name, entry])));
}

/** Modules that hold functions of another module under the same or nearly the same name. */
const ALIASES: readonly (readonly [string, string])[] = [
  ["torch.functional.", "torch."],
  ["torch._C._nn.", "torch.nn.functional."],
  ["torch.special.", "torch."],
  ["torch.linalg.", "torch."],
  ["torch.random.", "torch."],
  ["torch.nn.functional.", "torch."],
  ["torch.nn.modules.", "torch.nn."],
  ["torch.nn.parameter.", "torch.nn."],
  ["einops.einops.", "einops."],
  ["numpy.core.", "numpy."],
  ["numpy.linalg.", "numpy."],
  ["numpy.matlib.", "numpy."],
  ["numpy.random.mtrand.", "numpy.random."],
  ["numpy.random.Generator.", "numpy.random."],
];

function resolve<T>(table: ReadonlyMap<string, T>, name: string): T | null {
  const found = table.get(name);
  if (found !== undefined) return found;
  for (const [prefix, target] of ALIASES) {
    if (!name.startsWith(prefix)) continue;
    const other = table.get(target + name.slice(prefix.length));
    if (other !== undefined) return other;
    // `torch.nn.modules.linear.Linear` stands in a module of its own.
    const last = table.get(target + name.slice(name.lastIndexOf(".") + 1));
    if (prefix.endsWith("modules.") && last !== undefined) return last;
  }
  return null;
}

export function lookupOperator(name: string): Operator | null {
  return resolve(operators, name);
}

export function lookupLayer(name: string): Layer | null {
  return resolve(layers, name);
}

/** True for every name of the catalogue and for the modules that hold them. */
export function isKnownName(name: string): boolean {
  return (
    MODULES.includes(name) ||
    lookupOperator(name) !== null ||
    lookupLayer(name) !== null ||
    lookupConstant(name) !== null ||
    knownHarmless(name)
  );
}

export function allOperators(): readonly Operator[] {
  return OPERATORS;
}

export function allLayers(): readonly Layer[] {
  return LAYERS;
}
