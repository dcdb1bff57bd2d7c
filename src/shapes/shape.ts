/**
 * Shapes: lists of dimensions, optionally led by an unknown number of them. It knows no facts about symbols.
 */
import { product } from "./algebra.ts";
import { type Dim, asNumber, constant, equalDims } from "./dim.ts";
import { printDim } from "./print.ts";

/** An unknown number of leading dimensions. Equal ids stand for equal lists. */
export interface Lead {
  readonly id: number;
  /** As the author writes it (`*batch`), without the star; null where nobody named it. */
  readonly name: string | null;
}

export interface Shape {
  readonly lead: Lead | null;
  readonly dims: readonly Dim[];
}

let nextLead = 0;

export function freshLead(name: string | null = null): Lead {
  return { id: nextLead++, name };
}

export function shapeOf(...dims: readonly (Dim | number)[]): Shape {
  return known(dims.map((dim) => (typeof dim === "number" ? constant(dim) : dim)));
}

export function known(dims: readonly Dim[]): Shape {
  return { lead: null, dims };
}

export function unknownShape(): Shape {
  return { lead: freshLead(), dims: [] };
}

/** The number of dimensions; null where it is not known. */
export function rank(s: Shape): number | null {
  return s.lead === null ? s.dims.length : null;
}

/** As Python prints a tuple: `(B, T, 768)`, `(3,)`, `()`; and `(…, C)`, `(*batch, C)`, `(…)`. */
export function printShape(s: Shape): string {
  const parts = s.dims.map(printDim);
  if (s.lead !== null) parts.unshift(printLead(s.lead));
  else if (parts.length === 1) return `(${parts.join()},)`;
  return `(${parts.join(", ")})`;
}

function printLead(lead: Lead): string {
  return lead.name === null ? "…" : `*${lead.name}`;
}

export function equalShapes(a: Shape, b: Shape): boolean {
  return (
    a.lead?.id === b.lead?.id &&
    a.dims.length === b.dims.length &&
    a.dims.every((dim, i) => equalDims(dim, b.dims[i] ?? dim))
  );
}

/** The number of elements; null where the rank is not known. */
export function elementCount(s: Shape): Dim | null {
  return s.lead === null ? product(s.dims) : null;
}

/** For programs that read our output; null where nothing at all is known. */
export function shapeToJson(s: Shape): (number | string)[] | null {
  const dims = s.dims.map((dim) => asNumber(dim) ?? printDim(dim));
  if (s.lead === null) return dims;
  return dims.length === 0 && s.lead.name === null ? null : [printLead(s.lead), ...dims];
}

/**
 * What two branches have in common: equal dimensions stay, others become `meet(axis, a, b)`.
 * Of shapes with different ranks only the equal last dimensions stay, behind a new lead.
 */
export function joinShapes(a: Shape, b: Shape, meet: (axis: number, a: Dim, b: Dim) => Dim): Shape {
  if (a.lead?.id === b.lead?.id && a.dims.length === b.dims.length) {
    const dims = a.dims.map((dim, axis) => {
      const other = b.dims[axis] ?? dim;
      return equalDims(dim, other) ? dim : meet(axis, dim, other);
    });
    return { lead: a.lead, dims };
  }
  const common: Dim[] = [];
  for (let i = 1; i <= Math.min(a.dims.length, b.dims.length); i++) {
    const [x, y] = [a.dims.at(-i), b.dims.at(-i)];
    if (x === undefined || y === undefined || !equalDims(x, y)) break;
    common.unshift(x);
  }
  return { lead: freshLead(), dims: common };
}
