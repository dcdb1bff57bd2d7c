/**
 * NumPy's functions and methods that write into an array and give back nothing. They check that what is written fits.
 */
import { asNumber, elementCount, rank, unknownShape, type Shape } from "../shapes/index.ts";
import { argument, sizesOf, tensorOf } from "./arguments.ts";
import { dimOf, none } from "./datum.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import type { Call, Operator } from "./operator.ts";
import { isProblem, otherRank, problem } from "./problems.ts";
import type { Tensor } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll, fitInto } from "./verbs/broadcast.ts";
import { indexed } from "./verbs/index.ts";

/** An operator that writes, where `check` finds what cannot be written. */
function writes(
  names: readonly string[],
  summary: string,
  call: OperatorSpec["call"],
  check: (call: Call) => ShapeAnswer = () => null,
): readonly Operator[] {
  return op({
    names: names.map((name) => `numpy.${name}`),
    summary,
    call,
    shape: (made) => {
      const found = check(made);
      return isProblem(found) ? found : { value: none, becomes: changed(made) };
    },
  });
}

/** The array keeps its shape and type; which elements it has now is not known. */
function changed(call: Call): Tensor {
  const { content: _content, ...rest } = tensorOf(call, "input");
  return rest;
}

const shapeOf = (call: Call, parameter: string): Shape => tensorOf(call, parameter).shape;

export const copyto = writes(
  ["copyto"],
  "Copies an array into another one, where a mask allows it.",
  "dst as input: tensor, src: any, casting: any = None, where: any = True",
  (call) =>
    fitInto(call, { parameter: "src", shape: shapeOf(call, "src") }, shapeOf(call, "input"), "broadcast", {
      extraOnes: true,
    }),
);

export const putmask = writes(
  ["putmask", "place"],
  "Writes values where a mask of the same size is true, and starts over where they run out.",
  {
    "numpy.putmask": "a as input: tensor, /, mask: any, values: any",
    "numpy.place": "arr as input: tensor, mask: any, vals as values: any",
  },
  (call) => {
    const [input, mask] = ["input", "mask"].map((parameter) => elementCount(shapeOf(call, parameter)));
    if (input === null || input === undefined || mask === null || mask === undefined) return null;
    if (call.solver.require(input, mask, call.cause).answer !== "no") return null;
    return problem("index-sizes", {
      parameters: ["input", "mask"],
      message: (name) => `${name("mask")} does not have as many elements as ${name("input")}.`,
    });
  },
);

export const put = writes(["put", "ndarray.put"], "Writes values at flat indices.", {
  "numpy.put": "a as input: tensor, ind: any, v: any, mode: any = None",
  "numpy.ndarray": "self as input: tensor, indices as ind: any, values as v: any, mode: any = None",
});

export const putAlong = writes(
  ["put_along_axis"],
  "Writes values at indices along a dimension; the other dimensions broadcast.",
  "arr as input: tensor, indices: tensor, values: any, axis as dim: axis",
  (call) => {
    const [input, indices] = [shapeOf(call, "input"), shapeOf(call, "indices")];
    if (argument(call, "dim").kind === "none") return null;
    const axis = axisOf(call, "dim", input, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    const [n, m] = [rank(input), rank(indices)];
    if (n !== null && m !== null && n !== m) return otherRank(call, "indices", indices, `${n} dimensions`);
    const size = indices.dims.at(axis);
    if (n === null || m === null || size === undefined) return null;
    const place = broadcastAll(
      call,
      [
        { parameter: "input", shape: { lead: null, dims: input.dims.with(axis, size) } },
        { parameter: "indices", shape: indices },
      ],
      "index-sizes",
    );
    const values = { parameter: "values", shape: shapeOf(call, "values") };
    return isProblem(place) ? place : fitInto(call, values, place, "broadcast", { extraOnes: true });
  },
);

export const fillDiagonal = writes(
  ["fill_diagonal"],
  "Writes into the diagonal of an array whose dimensions are equal, or of a matrix.",
  "a as input: tensor, val: any, wrap: any = False",
  (call) => {
    const shape = shapeOf(call, "input");
    const count = rank(shape);
    if (count !== null && count < 2) return otherRank(call, "input", shape, "at least 2 dimensions");
    const [first] = shape.dims;
    if (count === null || count === 2 || first === undefined) return null;
    const equal = shape.dims.every((dim) => call.solver.require(first, dim, call.cause).answer !== "no");
    return equal ? null : otherRank(call, "input", shape, "dimensions of one size");
  },
);

export const addAt = writes(
  ["add", "subtract", "multiply", "divide", "maximum", "minimum", "logical_and", "logical_or", "bitwise_or"].map(
    (name) => `${name}.at`,
  ),
  "Combines elements at indices with others, as often as an index occurs.",
  "a as input: tensor, indices: any, b as values: any = None, /",
  (call) => {
    const place = indexed(call, "input", tensorOf(call, "input"), argument(call, "indices"));
    if (place === null || isProblem(place) || argument(call, "values").kind === "none") return place;
    return fitInto(call, { parameter: "values", shape: shapeOf(call, "values") }, place);
  },
);

export const sortInPlace = writes(
  ["ndarray.sort", "ndarray.partition"],
  "Puts the elements of the array itself in order.",
  {
    "numpy.ndarray.sort":
      "self as input: tensor, axis as dim: axis = -1, kind: any = None, order: any = None, *, stable: any = None",
    "numpy.ndarray.partition":
      "self as input: tensor, kth: any, axis as dim: axis = -1, kind: any = None, order: any = None",
  },
  (call) => {
    const axis = axisOf(call, "dim", shapeOf(call, "input"), { of: "input" });
    return isProblem(axis) ? axis : null;
  },
);

export const fill = writes(
  ["ndarray.fill"],
  "Writes one value everywhere.",
  "self as input: tensor, value: any",
  (call) => {
    const { dims } = shapeOf(call, "value");
    return argument(call, "value").kind === "tensor" && dims.length > 0
      ? otherRank(call, "value", shapeOf(call, "value"), "one number")
      : null;
  },
);

export const notes = op({
  names: [
    ...["setflags", "setfield", "tofile", "dump"].map((name) => `numpy.ndarray.${name}`),
    ...["save", "savez", "savez_compressed", "savetxt"].map((name) => `numpy.${name}`),
  ],
  summary: "Writes to a file, or notes something about the array.",
  call: "file: any, *more: any, **options",
  shape: () => ({ value: none }),
});

export const resizeInPlace = op({
  names: ["numpy.ndarray.resize"],
  summary: "Gives the array itself other sizes; new elements are zeros.",
  call: "self as input: tensor, *new_shape: ints, refcheck: any = True",
  shape: (call) => {
    const sizes = sizesOf(call, "new_shape");
    if (sizes === null || sizes.some((size) => dimOf(size) === null))
      return { value: none, becomes: { ...changed(call), shape: unknownShape() } };
    const dims = sizes.flatMap((size) => dimOf(size) ?? []);
    if (dims.some((dim) => (asNumber(dim) ?? 0) < 0))
      return problem("argument", { message: () => "A size cannot be negative." });
    return { value: none, becomes: { ...changed(call), shape: { lead: null, dims } } };
  },
});
