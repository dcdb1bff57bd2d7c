/**
 * Joining tensors along a dimension, or along a new one. It knows shapes and the solver, no operators.
 */
import { add, asNumber, constant, rank, unknownDim, type Dim, type Shape } from "../../shapes/index.ts";
import type { Call, Problem } from "../operator.ts";
import { problem, shown, shownDim } from "../problems.ts";

/**
 * The shape after concatenation along `axis` (from the end) of tensors of one rank, whose other
 * dimensions must agree. The problem names the first two that do not.
 */
export function concatenated(call: Call, shapes: readonly Shape[], axis: number, parameter: string): Shape | Problem {
  const [first, ...others] = shapes;
  if (first === undefined) return { lead: null, dims: [] };
  const dims = [...first.dims];
  const at = dims.length + axis;
  for (const other of others) {
    for (let back = 1; back <= Math.min(dims.length, other.dims.length); back++) {
      const [mine, theirs] = [dims.at(-back), other.dims.at(-back)];
      if (-back === axis || mine === undefined || theirs === undefined) continue;
      const verdict = call.solver.require(mine, theirs, call.cause);
      if (verdict.answer !== "no") continue;
      const [a, b] = [shown(call, parameter, first), shown(call, parameter, other)];
      const place = first.lead === null ? dims.length - back : -back;
      const along = first.lead === null ? at : axis;
      const sizes = `${shownDim(call, verdict.left)} and ${shownDim(call, verdict.right)}`;
      const bare = (text: string): string => text.trim();
      return problem("cat-sizes", {
        verdict,
        parameters: [parameter],
        message: () =>
          `Concatenating along dimension ${along}: ${bare(a(() => ""))} and ${bare(b(() => ""))} differ in dimension ${place}: ${sizes}.`,
      });
    }
  }
  const sizes = shapes.map((shape) => shape.dims.at(axis) ?? unknownDim());
  dims[at] = sizes.reduce((sum, size) => add(sum, size), constant(0));
  return call.solver.shape({ lead: first.lead, dims });
}

/** One common shape of tensors to be stacked, which must agree wholly. */
export function agreeing(call: Call, shapes: readonly Shape[], parameter: string): Shape | Problem {
  const [first, ...others] = shapes;
  if (first === undefined) return { lead: null, dims: [] };
  for (const other of others) {
    const verdict = call.solver.requireShapes(first, other, call.cause);
    if (verdict.answer !== "no") continue;
    const [a, b] = [shown(call, parameter, first)(() => ""), shown(call, parameter, other)(() => "")];
    return problem("cat-sizes", {
      verdict,
      parameters: [parameter],
      message: () => `Stacking needs equal shapes; ${a.trim()} and ${b.trim()} differ.`,
    });
  }
  return call.solver.shape(first);
}

/** Legacy of PyTorch: an empty vector joins with anything. */
export function isEmptyVector(shape: Shape): boolean {
  return rank(shape) === 1 && shape.dims[0] !== undefined && asNumber(shape.dims[0]) === 0;
}

/** Puts a new dimension at `axis`, counted from the end of the result; null where that place is hidden. */
export function withAxis(shape: Shape, axis: number, size: Dim): Shape | null {
  const at = shape.dims.length + axis + 1;
  if (at < 0) return null;
  return { lead: shape.lead, dims: [...shape.dims.slice(0, at), size, ...shape.dims.slice(at)] };
}
