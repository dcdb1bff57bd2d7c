/**
 * Reductions: which dimensions go away, and whether each leaves a 1. It knows axes and shapes, no
 * operators and no types.
 */
import { constant, freshLead, rank, unknownDim, type Dim, type Shape } from "../../shapes/index.ts";
import { argument, boolArgument, tensorOf } from "../arguments.ts";
import { itemsOf, none } from "../datum.ts";
import type { Call, Problem } from "../operator.ts";
import { isProblem } from "../problems.ts";
import { axesOf } from "./axis.ts";

export interface ReduceOptions {
  readonly input?: string;
  readonly axes?: string;
  readonly keepdim?: string;
  /** PyTorch takes an empty list of dimensions as all of them; NumPy takes it at its word. */
  readonly emptyMeansAll?: boolean;
}

/** The shape that remains, null where it is not known. */
export function reduce(call: Call, options: ReduceOptions = {}): Shape | Problem | null {
  const { input = "input", axes: parameter = "dim", keepdim: keeping = "keepdim" } = options;
  const shape = tensorOf(call, input).shape;
  const keepdim = call.args.has(keeping) ? boolArgument(call, keeping) : false;
  const chosen = argument(call, parameter);
  const empty = itemsOf(chosen)?.length === 0 && chosen.kind !== "tensor";
  if (chosen.kind === none.kind || (empty && options.emptyMeansAll === true)) return reduceAll(shape, keepdim);
  // Whether NumPy takes a number to have an axis depends on the function.
  if (call.name.startsWith("numpy.") && rank(shape) === 0 && !empty) return null;
  const axes = axesOf(call, parameter, shape, { of: input, scalars: true });
  if (isProblem(axes)) return axes;
  if (axes === null) return keepdim === true ? unknownDims(shape) : null;
  // The axis of a tensor of unknown rank is taken to exist: `x.sum(-1)` says that there is a last dimension.
  const wide =
    rank(shape) === null ? call.solver.requireAtLeast(shape, Math.max(0, ...axes.map((axis) => -axis))) : shape;
  return keepdim === null || wide === null ? null : reduceAxes(wide, axes, keepdim);
}

function reduceAll(shape: Shape, keepdim: boolean | null): Shape | null {
  if (keepdim === false || rank(shape) === 0) return { lead: null, dims: [] };
  if (keepdim === null || shape.lead !== null) return null;
  return { lead: null, dims: shape.dims.map(() => constant(1)) };
}

/** Removes the axes (counted from the end), or makes them 1. */
function reduceAxes(shape: Shape, axes: readonly number[], keepdim: boolean): Shape {
  const dims = shape.dims.flatMap((dim, i): readonly Dim[] => {
    if (!axes.includes(i - shape.dims.length)) return [dim];
    return keepdim ? [constant(1)] : [];
  });
  const hidden = axes.some((axis) => -axis > shape.dims.length);
  return { lead: hidden && shape.lead !== null ? freshLead() : shape.lead, dims };
}

function unknownDims(shape: Shape): Shape | null {
  return shape.lead === null ? { lead: null, dims: shape.dims.map(() => unknownDim()) } : null;
}
