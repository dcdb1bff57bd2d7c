/**
 * PyTorch's distinct elements, and the places of values in sorted sequences. How many distinct elements there are
 * depends on the data, so that their number stays open.
 */
import { asNumber, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, isGiven, isNumber, tensorOf } from "./arguments.ts";
import { itemsOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import type { DTypeRule } from "./dtype-rules.ts";
import { inTorch } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";

export const unique = op({
  names: inTorch("unique", "unique_consecutive"),
  summary:
    "The distinct elements, or slices; if asked for, with the place of each element among them and their counts.",
  call: {
    "*": "input: tensor, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, dim: axis = None",
    // Given by position, the function's flags do not do what they say.
    "torch.unique_consecutive":
      "input: tensor, *flags: any, return_inverse: bool = False, return_counts: bool = False, dim: axis = None",
    "torch.Tensor.unique_consecutive":
      "input: tensor, return_inverse: bool = False, return_counts: bool = False, dim: axis = None",
  },
  shape: (call) => {
    if ((itemsOf(argument(call, "flags"))?.length ?? 0) > 0) return { value: unknown };
    const parts = isGiven(call, "dim") ? slices(call) : elements(call);
    if (isProblem(parts)) return parts;
    const asked = ["return_inverse", "return_counts"].map((option) => boolArgument(call, option));
    if (parts === null || asked.includes(null)) return { value: unknown };
    const [values, ...more] = parts;
    const wanted = more.filter((_, i) => asked[i]);
    return { value: wanted.length === 0 ? values : tuple([values, ...wanted]) };
  },
});

type Parts = readonly [values: Datum, inverse: Datum, counts: Datum];

function elements(call: Call): Parts {
  const { shape, dtype } = tensorOf(call, "input");
  const found: Shape = { lead: null, dims: [unknownDim()] };
  return [tensor(found, dtype, "torch"), tensor(shape, "int64", "torch"), tensor(found, "int64", "torch")];
}

function slices(call: Call): Parts | Problem | null {
  const { shape, dtype } = tensorOf(call, "input");
  const axis = axisOf(call, "dim", shape, { of: "input" });
  if (axis === null || isProblem(axis)) return axis;
  const wide = call.solver.shape(shape);
  const size = wide.dims.at(axis);
  const empty = wide.dims.some((dim, i) => i - wide.dims.length !== axis && asNumber(dim) === 0);
  if (size === undefined || -axis > wide.dims.length || empty) return null;
  const count = unknownDim();
  const vector = (dim: Dim): Datum => tensor({ lead: null, dims: [dim] }, "int64", "torch");
  return [tensor({ lead: wide.lead, dims: wide.dims.with(axis, count) }, dtype, "torch"), vector(size), vector(count)];
}

/** Positions are int64, or int32 where that is asked for. */
const positions: DTypeRule = (call) => {
  const narrow = boolArgument(call, "out_int32");
  return narrow === null ? null : narrow ? "int32" : "int64";
};

export const searchsorted = op({
  names: ["torch.searchsorted"],
  summary: "Positions at which values keep sorted sequences sorted; the shape is that of the values.",
  call: "sorted_sequence as edges: tensor, input|self as input: any, *, out_int32: bool = False, right: bool = False, side: any = None, sorter: any = None, out: any = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "edges");
    const datum = argument(call, "input");
    const values = tensorOf(call, "input").shape;
    if (rank(shape) === 0) return otherRank(call, "edges", shape, "at least 1 dimension");
    const sorter = argument(call, "sorter");
    if (sorter.kind === "tensor" && call.solver.requireShapes(sorter.shape, shape, call.cause).answer === "no")
      return apart(call, "sorter");
    if (rank(shape) !== null && shape.dims.length > 1 && datum.kind !== "unknown") {
      const wrong = otherSequences(call, shape, values);
      if (wrong !== null) return wrong;
    }
    return datum.kind === "tensor" || isNumber(datum) ? values : null;
  },
  dtype: positions,
});

/** Several sequences are searched one by one: all dimensions but the last agree. */
function otherSequences(call: Call, edges: Shape, values: Shape): Problem | null {
  if (rank(values) === null) return null;
  if (values.dims.length !== edges.dims.length) return apart(call, "input");
  const clash = edges.dims.slice(0, -1).some((dim, i) => {
    const other = values.dims[i];
    return other !== undefined && call.solver.require(dim, other, call.cause).answer === "no";
  });
  return clash ? apart(call, "input") : null;
}

function apart(call: Call, parameter: string): Problem {
  const told = [shown(call, "edges", tensorOf(call, "edges")), shown(call, parameter, tensorOf(call, parameter))];
  return problem("index-sizes", {
    parameters: ["edges", parameter],
    message: (name) => `\`${shortName(call)}\` cannot match ${told.map((one) => one(name)).join(" with ")}.`,
  });
}

export const bucketize = op({
  names: ["torch.bucketize"],
  summary: "The buckets into which values fall; the shape is that of the values.",
  call: "input: any, boundaries as edges: tensor, *, out_int32: bool = False, right: bool = False, out: any = None",
  shape: (call): ShapeAnswer => {
    const { shape } = tensorOf(call, "edges");
    if (call.solver.requireRank(shape, 1) === null) return otherRank(call, "edges", shape, "1 dimension");
    const datum = argument(call, "input");
    return datum.kind === "tensor" || isNumber(datum) ? tensorOf(call, "input").shape : null;
  },
  dtype: positions,
});
