/**
 * NumPy's other readings of the same memory: views in another type, bits packed into bytes, arrays from buffers, files
 * and iterators. Conversions that keep the shape are in `casting.ts`.
 */
import {
  asNumber,
  ceilDivide,
  constant,
  elementCount,
  floorDivide,
  multiply,
  unknownDim,
  type Dim,
} from "../shapes/index.ts";
import { argument, dtypeArgument, isGiven, numberArgument, tensorOf } from "./arguments.ts";
import { unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { itemSize } from "./dtype.ts";
import { always, orGiven, same } from "./dtype-rules.ts";
import { inArray } from "./names.ts";
import type { Call } from "./operator.ts";
import { isProblem, problem, shown } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";

export const copies = op({
  names: [...inArray("copy"), "numpy.ndarray.__copy__", "numpy.ndarray.byteswap", "numpy.require"],
  summary: "A copy of the array.",
  call: {
    numpy: "a as input: tensor, order: any = None, subok: any = False",
    "numpy.require": "a as input: tensor, dtype: dtype = None, requirements: any = None, *, like: any = None",
  },
  shape: (call) => tensorOf(call, "input").shape,
  dtype: orGiven(same()),
});

export const view = op({
  names: ["numpy.ndarray.view"],
  summary: "The same memory; in another type the last dimension has as many elements as fit into it.",
  call: 'self as input: tensor, dtype: any = "own", type: any = None',
  shape: viewed,
  dtype: (call) => (argument(call, "dtype").kind === "string" ? same()(call) : (dtypeArgument(call.args) ?? null)),
});

function viewed(call: Call): ShapeAnswer {
  const { shape, dtype } = tensorOf(call, "input");
  const named = argument(call, "dtype");
  if (named.kind === "string" && named.value === "own") return shape;
  const given = dtypeArgument(call.args) ?? null;
  if (given === dtype) return shape;
  if (given === null || dtype === null) return { value: unknown };
  const [from, to] = [itemSize(dtype), itemSize(given)];
  if (from === to) return shape;
  const last = shape.dims.at(-1);
  if (last === undefined) return shape.lead === null ? { value: unknown } : null;
  const size = from > to ? multiply(last, constant(from / to)) : shrunk(call, last, to / from);
  return isProblem(size) ? size : { lead: shape.lead, dims: [...shape.dims.slice(0, -1), size] };
}

function shrunk(call: Call, size: Dim, factor: number) {
  const count = asNumber(size);
  if (count === null || count % factor === 0) return floorDivide(size, constant(factor));
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `The last dimension of ${told(name)} does not fill whole elements of the other type.`,
  });
}

/** Eight to one, or one to eight, along a dimension or over all elements. */
function packed(call: Call, length: (size: Dim) => Dim): ShapeAnswer {
  const { shape } = tensorOf(call, "input");
  if (!isGiven(call, "dim")) return { lead: null, dims: [length(elementCount(shape) ?? unknownDim())] };
  const axis = axisOf(call, "dim", shape, { of: "input" });
  if (axis === null || isProblem(axis)) return axis;
  const wide = call.solver.shape(shape);
  const size = -axis > wide.dims.length ? undefined : wide.dims.at(axis);
  return size === undefined ? null : { lead: wide.lead, dims: wide.dims.with(axis, length(size)) };
}

export const packBits = op({
  names: ["numpy.packbits"],
  summary: "Eight booleans packed into every byte.",
  call: "a as input: tensor, /, axis as dim: axis = None, bitorder: any = None",
  shape: (call) => packed(call, (size) => ceilDivide(size, constant(8))),
  dtype: always("uint8"),
});

export const unpackBits = op({
  names: ["numpy.unpackbits"],
  summary: "The eight bits of every byte.",
  call: "a as input: tensor, /, axis as dim: axis = None, count: any = None, bitorder: any = None",
  shape: (call) =>
    packed(call, (size) => {
      const count = numberArgument(call, "count");
      if (!isGiven(call, "count")) return multiply(size, constant(8));
      return count === null || count < 0 ? unknownDim() : constant(count);
    }),
  dtype: always("uint8"),
});

/** How many numbers a buffer, a file or an iterator holds is seen only when it is read. */
export const fromStream = op({
  names: ["frombuffer", "fromiter", "fromstring", "fromfile"].map((name) => `numpy.${name}`),
  summary: "A vector of the numbers that a buffer, an iterator, a text or a file holds.",
  call: {
    numpy:
      "buffer|string|file as source: any, dtype: dtype = None, count: any = -1, offset: any = 0, *, sep: any = None, like: any = None",
    "numpy.fromiter": "iter as source: any, dtype: dtype, count: any = -1, *, like: any = None",
    "numpy.fromfile":
      "file as source: any, dtype: dtype = None, count: any = -1, sep: any = None, offset: any = 0, *, like: any = None",
    "numpy.fromstring":
      "string as source: any, dtype: dtype = None, count: any = -1, *, sep: any = None, like: any = None",
  },
  shape: (call) => {
    const count = numberArgument(call, "count");
    const sure = count !== null && count >= 0 && call.name !== "numpy.fromfile";
    return { lead: null, dims: [sure ? constant(count) : unknownDim()] };
  },
  dtype: orGiven(always("float64")),
});

export const load = op({
  names: ["load", "loadtxt", "genfromtxt", "fromregex"].map((name) => `numpy.${name}`),
  summary: "What a file holds, which is seen only when it is read.",
  call: "file: any, *more: any, **options",
  shape: () => ({ value: unknown }),
});
