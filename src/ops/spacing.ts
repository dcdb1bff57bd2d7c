/**
 * NumPy's numbers at regular distances: `linspace`, `logspace`, `geomspace`, whose ends may be arrays, and `diff`,
 * which takes distances. `arange` is in `create-from.ts`.
 */
import { asNumber, constant, maximum, rank, subtract, unknownDim, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, isGiven, isNumber, numberArgument, tensorOf } from "./arguments.ts";
import { dimOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category } from "./dtype.ts";
import { orGiven, promoteData, same, type DTypeRule } from "./dtype-rules.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { concatenated, withAxis } from "./verbs/join.ts";

/** The ends broadcast together, and a dimension for the numbers between them. */
function between(call: Call): ShapeAnswer {
  const ends = ["start", "end"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape }));
  const base = argument(call, "base");
  const bases =
    base.kind === "none" || isNumber(base) ? [] : [{ parameter: "base", shape: tensorOf(call, "base").shape }];
  const shape = broadcastAll(call, [...ends, ...bases]);
  if (isProblem(shape)) return shape;
  const count = dimOf(argument(call, "steps")) ?? unknownDim();
  if ((asNumber(count) ?? 0) < 0) return problem("argument", { message: () => "The number of samples is negative." });
  const axis = axisOf(call, "axis", shape, { of: "start", extra: 1 });
  return axis === null || isProblem(axis) ? axis : withAxis(call.solver.shape(shape), axis, count);
}

const inexact: DTypeRule = (call) => {
  const parts = ["start", "end", "base"].map((parameter) => argument(call, parameter));
  const dtype = promoteData(
    call,
    parts.filter(({ kind }) => kind !== "none"),
  );
  return dtype === null || category(dtype) === "float" || category(dtype) === "complex" ? dtype : "float64";
};

/** JAX does not look whether there is such a place for the new dimension. */
const IN_JAX = { differs: (call: Call): boolean => numberArgument(call, "axis") !== 0 };

const ENDS = "start: any, stop as end: any, num as steps: int = 50, endpoint: any = True";

export const linspace = op({
  names: ["numpy.linspace"],
  summary: "Numbers at equal distances between two ends.",
  call: `${ENDS}, retstep: bool = False, dtype: dtype = None, axis: axis = 0, *, device: any = None`,
  shape: (call) => {
    const withStep = boolArgument(call, "retstep");
    const shape = between(call);
    if (withStep === false || isProblem(shape)) return shape;
    if (withStep === null || shape === null || !("dims" in shape)) return { value: unknown };
    const count = numberArgument(call, "steps");
    const ends = ["start", "end"].map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape }));
    const step = broadcastAll(call, ends);
    // Between one sample and itself there is no distance, but a number of Python's own.
    const told = count === null || count < 2 || isProblem(step) ? unknown : tensor(step, inexact(call), "numpy");
    return { value: tuple([tensor(shape, orGiven(inexact)(call), "numpy"), told]) };
  },
  dtype: orGiven(inexact),
  inJax: IN_JAX,
});

export const logspace = op({
  names: ["numpy.logspace", "numpy.geomspace"],
  summary: "Numbers at equal ratios between two ends.",
  call: {
    "numpy.logspace": `${ENDS}, base: any = 10.0, dtype: dtype = None, axis: axis = 0`,
    "numpy.geomspace": `${ENDS}, dtype: dtype = None, axis: axis = 0`,
  },
  shape: between,
  inJax: IN_JAX,
  // Ends of different signs make `geomspace` widen single precision.
  dtype: orGiven((call) => (call.name.endsWith("geomspace") && inexact(call) === "float32" ? null : inexact(call))),
});

export const diff = op({
  names: ["numpy.diff"],
  summary: "Differences of neighbours along a dimension, taken `n` times.",
  call: "a as input: tensor, n: int = 1, axis as dim: axis = -1, prepend: any = None, append: any = None",
  shape: (call) => {
    const times = dimOf(argument(call, "n"));
    const n = times === null ? null : asNumber(times);
    const shape = extended(call);
    if (n === 0) return { value: argument(call, "input") };
    if (shape === null || isProblem(shape)) return shape;
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    const size = shape.dims.at(axis);
    if (size === undefined || -axis > shape.dims.length) return null;
    if (times === null || (n !== null && n < 0)) return null;
    const rest = subtract(size, times);
    const known = asNumber(rest);
    // A size stands for at least 1, so that one difference fewer is certain; more need not be there.
    const left = known !== null ? constant(Math.max(0, known)) : n === 1 ? rest : maximum(rest, constant(0));
    return { lead: shape.lead, dims: shape.dims.with(axis, left) };
  },
  dtype: (call) => {
    const given = ["prepend", "append"].filter((parameter) => isGiven(call, parameter));
    const parts = ["input", ...given].map((parameter) => tensorOf(call, parameter));
    return given.length === 0 ? same()(call) : promoteData(call, parts);
  },
});

/** The array with what stands before and after it; a single number stands for a slice. */
function extended(call: Call): Shape | Problem | null {
  const shape = call.solver.shape(tensorOf(call, "input").shape);
  const parts = ["prepend", "append"].filter((parameter) => isGiven(call, parameter));
  const axis = axisOf(call, "dim", shape, { of: "input" });
  if (axis === null || isProblem(axis) || parts.length === 0)
    return axis === null ? null : isProblem(axis) ? axis : call.solver.shape(shape);
  if (parts.some((parameter) => argument(call, parameter).kind === "unknown") || -axis > shape.dims.length) return null;
  const shapes = parts.map((parameter): Shape => {
    const { shape: one } = tensorOf(call, parameter);
    return rank(one) === 0 ? { lead: shape.lead, dims: shape.dims.with(axis, constant(1)) } : one;
  });
  const ranks = shapes.map(rank);
  if (rank(shape) === null || ranks.some((count) => count !== rank(shape))) return null;
  return concatenated(call, [shape, ...shapes], axis, "input");
}
