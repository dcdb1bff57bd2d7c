/**
 * NumPy's objects that make arrays from subscripts: `np.mgrid[0:5, 0:3]`, `np.ogrid`, `np.r_[1:4, 0, x]`, `np.c_[x, y]`.
 */
import { asNumber, constant, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, isNumber, readTensor } from "./arguments.ts";
import { rangeLength } from "./create-from.ts";
import { int, none, tensor, tuple, unknown } from "./datum.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import type { DType } from "./dtype.ts";
import { promoteData } from "./dtype-rules.ts";
import type { Call } from "./operator.ts";
import type { Datum, Tensor } from "./value.ts";
import { concatenated } from "./verbs/join.ts";

function byIndex(name: string, summary: string, shape: OperatorSpec["shape"]) {
  return op({ names: [`numpy.${name}`], summary, call: "index: any", shape });
}

function partsOf(call: Call): readonly Datum[] {
  const index = argument(call, "index");
  return index.kind === "tuple" ? index.items : [index];
}

/** The numbers that a slice stands for; with an imaginary step it tells how many there are. */
function spread(call: Call, slice: Extract<Datum, { kind: "slice" }>): Tensor | null {
  const parts = [slice.lower, slice.upper, slice.step];
  const known = parts.every(({ kind }) => ["none", "int", "float", "complex"].includes(kind));
  if (!known || slice.upper.kind === "none") return null;
  const whole = parts.every(({ kind }) => kind === "none" || kind === "int");
  const [lower, step] = [
    slice.lower.kind === "none" ? int(0) : slice.lower,
    slice.step.kind === "none" ? int(1) : slice.step,
  ];
  const count = step.kind === "complex" ? null : rangeLength(call, lower, slice.upper, step);
  return tensor({ lead: null, dims: [count ?? unknownDim()] }, whole ? "int64" : "float64", "numpy");
}

/** The sizes of a grid with their common type; null where a part is no slice that can be read. */
function axesOf(call: Call): { readonly sizes: readonly Dim[]; readonly dtype: DType | null } | null {
  const parts = partsOf(call).map((part) => (part.kind === "slice" ? spread(call, part) : null));
  const known = parts.flatMap((part) => (part === null ? [] : [part]));
  if (known.length < parts.length) return null;
  const whole = known.every(({ dtype }) => dtype === "int64");
  return { sizes: known.flatMap(({ shape }) => shape.dims), dtype: whole ? "int64" : "float64" };
}

export const mgrid = byIndex(
  "mgrid",
  "The coordinates of every place of a grid, in one array.",
  (call): ShapeAnswer => {
    const axes = axesOf(call);
    // Of ranges that run backwards NumPy makes nothing, or an error.
    if (axes === null || axes.sizes.some((size) => asNumber(size) === 0)) return { value: unknown };
    const count = argument(call, "index").kind === "tuple" ? [constant(axes.sizes.length)] : [];
    return { value: tensor({ lead: null, dims: [...count, ...axes.sizes] }, axes.dtype, "numpy") };
  },
);

export const ogrid = byIndex(
  "ogrid",
  "The coordinates along every side of a grid, turned so that they broadcast.",
  (call): ShapeAnswer => {
    const axes = axesOf(call);
    if (axes === null) return { value: unknown };
    const { sizes, dtype } = axes;
    const turned = sizes.map((size, i) =>
      tensor({ lead: null, dims: sizes.map((_, j) => (i === j ? size : constant(1))) }, dtype, "numpy"),
    );
    return { value: argument(call, "index").kind === "tuple" ? tuple(turned) : (turned[0] ?? unknown) };
  },
);

/** What stands between the brackets as arrays; null where something else stands there, such as a text. */
function arraysOf(call: Call): readonly Tensor[] | null {
  const arrays = partsOf(call).map((part) => {
    if (part.kind === "slice") return spread(call, part);
    const fits = part.kind === "tensor" || part.kind === "list" || part.kind === "tuple" || isNumber(part);
    const array = fits ? readTensor(call, part) : null;
    return array === null || rank(array.shape) === null ? null : array;
  });
  const known = arrays.flatMap((array) => (array === null ? [] : [array]));
  return known.length < arrays.length ? null : known;
}

function joined(call: Call, raise: (dims: readonly Dim[]) => readonly Dim[], fromEnd: boolean): ShapeAnswer {
  const arrays = arraysOf(call);
  if (arrays === null) return { value: unknown };
  const shapes = arrays.map(({ shape }): Shape => ({ lead: null, dims: raise(shape.dims) }));
  const count = shapes[0]?.dims.length ?? 0;
  if (count === 0 || shapes.some(({ dims }) => dims.length !== count)) return { value: unknown };
  const shape = concatenated(call, shapes, fromEnd ? -1 : -count, "index");
  if (!("dims" in shape)) return shape;
  const parts = partsOf(call).map((part, i) => (part.kind === "slice" ? (arrays[i] ?? none) : part));
  return { value: tensor(shape, promoteData(call, parts), "numpy") };
}

export const rows = byIndex("r_", "Slices, numbers and arrays joined along the first dimension.", (call) =>
  joined(call, (dims) => (dims.length === 0 ? [constant(1)] : dims), false),
);

export const columns = byIndex(
  "c_",
  "Slices, numbers and vectors as columns, joined along the last dimension.",
  (call) =>
    joined(call, (dims) => [...dims, ...Array.from({ length: Math.max(0, 2 - dims.length) }, () => constant(1))], true),
);
