/**
 * Names for sizes that the code never names: at the end of a general view, what an operator calls its dimensions
 * (`B, C, H, W`), or where a parameter has them (`x.shape[0]`). It knows no operators, and decides no shapes.
 */
import { asSymbol, type Facts, isNameless, ofSymbol, type Sym } from "../shapes/index.ts";
import { onlyTensor } from "./describe.ts";
import type { Activation, Machine } from "./machine.ts";
import type { Value } from "./value.ts";
import { follow } from "./variable.ts";

type Parameters = readonly (readonly [name: string, value: Value])[];

/** Gives the sizes of a view that has ended the names that nobody gave them. */
export function nameByConvention(m: Machine, activation: Activation, parameters: Parameters): void {
  for (const [i, exit] of activation.exits.entries()) {
    const facts = named(m, exit.facts, parameters);
    if (facts !== exit.facts) activation.exits[i] = { ...exit, facts };
  }
}

function named(m: Machine, facts: Facts, parameters: Parameters): Facts {
  const before = m.solver.facts;
  m.solver.facts = facts;
  for (const [symbol, name] of m.solver.conventions) give(m, symbol, name);
  for (const [name, value] of parameters) {
    const seen = value.kind === "union" ? onlyTensor(value) : value;
    const shape = seen.kind === "tensor" ? m.solver.shape(seen.shape) : null;
    if (shape === null || shape.lead !== null) continue;
    for (const [axis, dim] of shape.dims.entries()) {
      const symbol = asSymbol(dim);
      if (symbol !== null) give(m, symbol, `${name}.shape[${axis}]`);
    }
  }
  const after = m.solver.facts;
  m.solver.facts = before;
  return after;
}

function give(m: Machine, symbol: Sym, name: string): void {
  const now = m.solver.dim(ofSymbol(symbol));
  const free = asSymbol(now);
  if (free === null || free.kind !== "inferred" || !isNameless(free)) return;
  const { customs } = m.solver;
  const as = m.solver.symbolNamed(free, name, customs?.batches.has(symbol) === true ? customs.cause : symbol.cause);
  if (as !== null) m.solver.name(now, as);
}

/** The parameters of the function that is being viewed, as its end knows them. Its records start at `first`. */
export function parametersFrom(m: Machine, first: number): Parameters {
  const found: [string, Value][] = [];
  for (let i = first; i < m.records.length; i++) {
    const record = m.records[i];
    if (record === undefined || record.role !== "parameter" || record.context !== null) break;
    found.push([record.owner.unit.text.slice(record.span.start, record.span.end), follow(record.value)]);
  }
  return found;
}
