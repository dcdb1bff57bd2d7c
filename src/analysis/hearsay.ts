/**
 * What only a docstring says. Docstrings go stale more than code does, so what follows from one of them makes a
 * warning and never an error. What a comment says that
 * a size is, is shown and not reasoned with. It knows values, not how they came about.
 */
import { asNumber, constant, type Dim, type Shape, substitute, symbolsOf } from "../shapes/index.ts";
import type { Value } from "./value.ts";

/** The severity of a problem with these shapes; null where a docstring only tells of other callers. */
export function severityOf<S extends string>(
  severity: S,
  shapes: readonly Shape[],
  called: boolean,
): S | "warning" | null {
  if (!shapes.some(isHearsay)) return severity;
  return called ? null : "warning";
}

/** A value as the program's comments state it, to be shown. */
export function asStated(value: Value): Value {
  switch (value.kind) {
    case "tensor": {
      const dims = value.shape.dims.map(statedDim);
      if (dims.every((dim, i) => dim === value.shape.dims[i])) return value;
      return { ...value, shape: { lead: value.shape.lead, dims } };
    }
    case "int": {
      const dim = statedDim(value.value);
      return dim === value.value ? value : { kind: "int", value: dim };
    }
    case "tuple":
      return { kind: "tuple", items: value.items.map(asStated) };
    default:
      return value;
  }
}

function statedDim(dim: Dim): Dim {
  if (asNumber(dim) !== null) return dim;
  return substitute(dim, ({ supposed }) => (supposed === null ? null : constant(supposed)));
}

/** Whether a shape is only what a comment or a docstring says. */
export function isHearsay(shape: Shape): boolean {
  return shape.dims.some((dim) => [...symbolsOf(dim)].some((symbol) => symbol.declaredBy === "comment"));
}
