/**
 * What only a docstring says. Docstrings go stale more than code does, so a number of dimensions that comes from
 * one of them makes a warning and never an error. It knows shapes, not how they came about.
 */
import { type Shape, symbolsOf } from "../shapes/index.ts";

/** Problems that say how many dimensions there are. */
const ABOUT_RANK: ReadonlySet<string> = new Set([
  "unpack-count",
  "dim-range",
  "index-rank",
  "input-rank",
  "matmul-rank",
  "permute-rank",
  "einsum-rank",
  "not-scalar",
]);

/** The severity of a problem with these shapes. */
export function severityOf<S extends string>(code: string, severity: S, shapes: readonly Shape[]): S | "warning" {
  return ABOUT_RANK.has(code) && shapes.some(isHearsay) ? "warning" : severity;
}

/** Whether a shape is only what a comment or a docstring says. */
export function isHearsay(shape: Shape): boolean {
  return shape.dims.some((dim) => [...symbolsOf(dim)].some((symbol) => symbol.declaredBy === "comment"));
}
