/**
 * Sizes and values that stand for several: fresh symbols where paths or turns meet, and renewed ones
 * where an element that stands for all elements is taken, since two of them need not agree.
 */
import {
  type Dim,
  freshLead,
  freshSymbol,
  ofSymbol,
  type Sym,
  substitute,
  symbolsOf,
  unknownDim,
} from "../shapes/index.ts";
import type { Value } from "./value.ts";

/** The size at `path` inside a joined value. A dimension of a shape (`…/axis`) is no less than 0; an integer may be. */
export function freshSize(path: string): Dim {
  return unknownDim(null, path.includes("/") ? 0 : null);
}

/** An integer of which nothing is known, not even its sign. */
export function anyInteger(): Value {
  return { kind: "int", value: unknownDim(null, null) };
}

/** The same abstract value with new symbols for all sizes that cannot be known. */
export function renew(value: Value, symbols: Map<Sym, Dim> = new Map()): Value {
  const dim = (d: Dim): Dim => {
    let touched = false;
    for (const symbol of symbolsOf(d)) if (symbol.kind === "unknown") touched = true;
    return touched ? substitute(d, (symbol) => (symbol.kind === "unknown" ? renewed(symbol, symbols) : null)) : d;
  };
  switch (value.kind) {
    case "tensor": {
      const { strides: _strides, ...rest } = value;
      const shape = { lead: value.shape.lead === null ? null : freshLead(), dims: value.shape.dims.map(dim) };
      const same = shape.lead === null && shape.dims.every((size, i) => size === value.shape.dims[i]);
      return same ? value : { ...rest, shape };
    }
    case "int":
      return { kind: "int", value: dim(value.value) };
    case "float":
      if (value.quotient === undefined) return value;
      return {
        ...value,
        quotient: { dividend: dim(value.quotient.dividend), divisor: dim(value.quotient.divisor) },
      };
    case "tuple":
      return { kind: "tuple", items: value.items.map((item) => renew(item, symbols)) };
    case "union":
      return { kind: "union", options: value.options.map((option) => renew(option, symbols)) };
    default:
      return value;
  }
}

function renewed(symbol: Sym, symbols: Map<Sym, Dim>): Dim {
  const known = symbols.get(symbol);
  if (known !== undefined) return known;
  const made = ofSymbol(freshSymbol(symbol.name, "unknown", { cause: symbol.cause, min: symbol.min }));
  symbols.set(symbol, made);
  return made;
}
