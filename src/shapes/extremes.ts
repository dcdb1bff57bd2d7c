/**
 * The least and the greatest of several dimensions, and absolute values. It knows bounds of symbols, no facts.
 */
import { negate, subtract } from "./algebra.ts";
import { rangeOf } from "./bounds.ts";
import { type Dim, type OpaqueFunction, asAtom, opaque, unknownDim } from "./dim.ts";

export function minimum(...dims: readonly Dim[]): Dim {
  return extreme("min", dims, (a, b) => rangeOf(subtract(b, a)).low >= 0);
}

export function maximum(...dims: readonly Dim[]): Dim {
  return extreme("max", dims, (a, b) => rangeOf(subtract(a, b)).low >= 0);
}

export function absolute(d: Dim): Dim {
  const { low, high } = rangeOf(d);
  if (low >= 0) return d;
  if (high <= 0) return negate(d);
  const opposite = negate(d);
  return opaque("abs", [(d.terms.at(-1)?.coefficient ?? 0) < 0 ? opposite : d]);
}

const mostOperands = 12;

/** `beats(a, b)` says that b is of no account beside a, for every value of the symbols. */
function extreme(
  name: OpaqueFunction & ("min" | "max"),
  dims: readonly Dim[],
  beats: (a: Dim, b: Dim) => boolean,
): Dim {
  const kept: Dim[] = [];
  for (const dim of dims.flatMap((each) => operands(name, each))) {
    if (kept.some((other) => beats(other, dim))) continue;
    const survivors = kept.filter((other) => !beats(dim, other));
    kept.splice(0, kept.length, ...survivors, dim);
  }
  const [first] = kept;
  if (first === undefined || kept.length > mostOperands) return unknownDim(null, null);
  if (kept.length === 1) return first;
  return opaque(
    name,
    kept.sort((a, b) => (a.key < b.key ? -1 : 1)),
  );
}

function operands(name: OpaqueFunction, dim: Dim): readonly Dim[] {
  const atom = asAtom(dim);
  return atom?.type === "opaque" && atom.function === name ? atom.args : [dim];
}
