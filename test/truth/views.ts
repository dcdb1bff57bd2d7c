/**
 * Ways to show a recorded case to the catalogue with less than was known: sizes as symbols, or the first
 * dimensions hidden. Whatever is still claimed must agree with what the library answered.
 */
import {
  asNumber,
  evaluate,
  freshLead,
  freshSymbol,
  ofSymbol,
  symbolsOf,
  type Dim,
  type Sym,
} from "../../src/shapes/index.ts";
import type { Datum } from "../../src/ops/value.ts";

export interface View {
  readonly name: string;
  /** What the catalogue sees of an argument. */
  readonly show: (datum: Datum) => Datum;
  /** Cases in which this view rests on an assumption that does not hold for them. */
  readonly assumes: (text: string) => boolean;
  /** The number behind a dimension of the result; null where it is open. */
  readonly number: (dim: Dim) => number | null;
}

export const whole: View = { name: "whole", show: (datum) => datum, assumes: () => false, number: asNumber };

/** Every size but 0 and 1 is a symbol, the same one for the same number. */
export function symbolic(): View {
  const symbols = new Map<number, Sym>();
  const sizes = new Map<number, number>();
  const symbolFor = (size: number): Sym => {
    const known = symbols.get(size);
    if (known !== undefined) return known;
    const symbol = freshSymbol(`n${size}`, "inferred");
    symbols.set(size, symbol);
    sizes.set(symbol.id, size);
    return symbol;
  };
  const name = (dim: Dim): Dim => {
    const size = asNumber(dim);
    return size === null || size < 2 ? dim : ofSymbol(symbolFor(size));
  };
  return {
    name: "symbols",
    // A chunk of a symbol is taken to come out even.
    assumes: (text) => text.includes("chunk"),
    show: (datum) => onTensors(datum, (dims) => ({ lead: null, dims: dims.map(name) })),
    number: (dim) => {
      const open = [...symbolsOf(dim)].some(({ id }) => !sizes.has(id));
      return open ? null : evaluate(dim, ({ id }) => sizes.get(id) ?? 0);
    },
  };
}

/** Only the last dimensions are in view. */
export function hidden(count: number): View {
  return {
    name: `last ${count}`,
    // An axis that is reduced exists, joined tensors are not empty, and masks fit into what they mask.
    assumes: (text) => /\[\]|\[0\]|masked_fill|chunk/.test(text),
    show: (datum) =>
      onTensors(datum, (dims) => ({ lead: freshLead(), dims: dims.slice(Math.max(0, dims.length - count)) })),
    number: asNumber,
  };
}

function onTensors(
  datum: Datum,
  change: (dims: readonly Dim[]) => { lead: ReturnType<typeof freshLead> | null; dims: readonly Dim[] },
): Datum {
  if (datum.kind === "tensor") return { ...datum, shape: change(datum.shape.dims) };
  if (datum.kind === "tuple" || datum.kind === "list")
    return { ...datum, items: datum.items.map((item) => onTensors(item, change)) };
  return datum;
}
