/**
 * Axes: which dimension a number means. Axes are counted from the end here (-1 is the last), so that they
 * hold under an unknown number of leading dimensions. It knows ranks, no operators.
 */
import { asNumber, printShape, rank, type Shape } from "../../shapes/index.ts";
import { argument } from "../arguments.ts";
import { dimOf, itemsOf } from "../datum.ts";
import type { Call, Problem } from "../operator.ts";
import { problem, shortName, shown, shownAxes } from "../problems.ts";
import type { Datum } from "../value.ts";

/** `null` where it cannot be told which axis is meant. */
export type Axis = number | null;

export interface AxisOptions {
  /** The tensor whose dimensions are counted. */
  readonly of: string;
  /** How many more positions there are than dimensions: 1 for `unsqueeze` and `stack`. */
  readonly extra?: number;
  /** PyTorch lets a tensor of rank 0 have one dimension for this purpose. */
  readonly scalars?: boolean;
}

/** Reads the axis in `parameter`, of a tensor of this shape. */
export function axisOf(call: Call, parameter: string, shape: Shape, options: AxisOptions): Axis | Problem {
  return readAxis(call, parameter, argument(call, parameter), shape, options);
}

export function readAxis(
  call: Call,
  parameter: string,
  datum: Datum,
  shape: Shape,
  options: AxisOptions,
): Axis | Problem {
  const dim = dimOf(datum);
  const number = dim === null ? null : asNumber(dim);
  if (number === null) return null;
  const dims = rank(shape);
  const extra = options.extra ?? 0;
  if (dims === null) return number < 0 ? atLeast(call, parameter, number, shape, options) : null;
  const places = (options.scalars === true && dims === 0 ? 1 : dims) + extra;
  if (number < -places || number >= places) return outOfRange(call, parameter, number, shape, options);
  return number < 0 ? number : number - places;
}

/** A negative axis tells that there are at least that many dimensions. */
function atLeast(call: Call, parameter: string, number: number, shape: Shape, options: AxisOptions): Axis | Problem {
  const needed = -number - (options.extra ?? 0);
  if (needed <= 0 || (needed === 1 && options.scalars === true)) return number;
  return call.solver.requireAtLeast(shape, needed) === null
    ? outOfRange(call, parameter, number, shape, options)
    : number;
}

function outOfRange(call: Call, parameter: string, number: number, shape: Shape, options: AxisOptions): Problem {
  const told = shown(call, options.of, shape);
  const range = shownAxes(shape);
  const places = (rank(shape) ?? 0) + (options.extra ?? 0);
  const extra = options.extra ? `; the position can be ${-places} to ${places - 1}` : "";
  return problem("dim-range", {
    blame: parameter,
    parameters: [options.of],
    message: (name) =>
      `\`${shortName(call)}(${call.spelling?.get(parameter) ?? parameter}=${number})\`: ${told(name)} has ${range}${extra}.`,
  });
}

/**
 * Several axes: one integer or a sequence of them, sorted from the front. `null` where not all are known;
 * a problem where one does not exist or is named twice.
 */
export function axesOf(
  call: Call,
  parameter: string,
  shape: Shape,
  options: AxisOptions,
): readonly number[] | null | Problem {
  const datum = argument(call, parameter);
  const items = itemsOf(datum) ?? [datum];
  const axes: number[] = [];
  let unsure = false;
  for (const item of items) {
    const axis = readAxis(call, parameter, item, call.solver.shape(shape), options);
    if (axis === null) unsure = true;
    else if (typeof axis !== "number") return axis;
    else if (axes.includes(axis)) return repeated(call, parameter, shape, options);
    else axes.push(axis);
  }
  return unsure ? null : axes;
}

function repeated(call: Call, parameter: string, shape: Shape, options: AxisOptions): Problem {
  const text = printShape(call.solver.shape(shape));
  return problem("dim-repeated", {
    blame: parameter,
    parameters: [options.of],
    message: (name) => `\`${shortName(call)}\` names a dimension of ${name(options.of)} ${text} twice.`,
  });
}
