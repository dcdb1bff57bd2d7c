/**
 * The methods of NumPy's elementwise functions, such as `np.add.reduce` and `np.subtract.outer`, and NumPy's
 * ways to choose elements by conditions or along open meshes.
 */
import { asNumber, constant, rank, unknownDim, type Shape } from "../shapes/index.ts";
import { argument, isGiven, readTensor, tensorOf, tensorsOf, typesOf } from "./arguments.ts";
import { itemsOf, tensor, tuple, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import { category, isFloating } from "./dtype.ts";
import { accumulated, always, orGiven, promoteData, same, type DTypeRule } from "./dtype-rules.ts";
import type { Call } from "./operator.ts";
import { isProblem } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";
import { broadcastAll } from "./verbs/broadcast.ts";
import { reduce } from "./verbs/reduce.ts";

const methods = (method: string, ...names: readonly string[]): readonly string[] =>
  names.map((name) => `numpy.${name}.${method}`);

const REDUCED = [
  "add",
  "multiply",
  "maximum",
  "minimum",
  "fmax",
  "fmin",
  "logical_and",
  "logical_or",
  "logical_xor",
  "bitwise_and",
  "bitwise_or",
  "bitwise_xor",
];

const totals: DTypeRule = (call) => {
  if (call.name.startsWith("numpy.logical")) return "bool";
  return /maximum|minimum|fm|bitwise/.test(call.name) ? same()(call) : accumulated()(call);
};

export const reduceMethod = op({
  names: methods("reduce", ...REDUCED),
  summary: "Combines the elements along dimensions, by default the first.",
  call: "array as input: tensor, axis as dim: axes = 0, dtype: dtype = None, out: any = None, keepdims as keepdim: bool = False, initial: any = None, where: any = None",
  shape: (call) => {
    const { shape } = tensorOf(call, "input");
    const identity = isGiven(call, "initial") || !/maximum|minimum|fm/.test(call.name);
    const empty = shape.dims.some((dim) => asNumber(dim) === 0);
    return rank(shape) === 0 || isGiven(call, "where") || (empty && !identity) ? { value: unknown } : reduce(call);
  },
  dtype: orGiven(totals),
  docs: { numpy: "reference/generated/numpy.ufunc.reduce.html" },
});

export const accumulateMethod = op({
  names: methods("accumulate", ...REDUCED),
  summary: "Combines the elements one after the other along a dimension, and keeps every step.",
  call: "array as input: tensor, axis as dim: axis = 0, dtype: dtype = None, out: any = None",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    if (!isGiven(call, "dim") && rank(shape) !== 1) return { value: unknown };
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (argument(call, "dim").kind === "none") return null;
    return isProblem(axis) ? axis : call.solver.shape(shape);
  },
  dtype: orGiven(totals),
  inJax: { dtype: orGiven(always(null)) },
  docs: { numpy: "reference/generated/numpy.ufunc.accumulate.html" },
});

const COMPARED = ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or"];

export const outerMethod = op({
  names: methods(
    "outer",
    "add",
    "subtract",
    "multiply",
    "maximum",
    "minimum",
    "divide",
    "power",
    "floor_divide",
    "arctan2",
    "hypot",
    ...COMPARED,
  ),
  summary: "Every element of the first array with every element of the second.",
  call: "A as input: tensor, B as other: tensor, /, **options",
  shape: (call) => {
    if (isGiven(call, "options")) return { value: unknown };
    const [a, b] = [tensorOf(call, "input").shape, tensorOf(call, "other").shape];
    return b.lead === null ? { lead: a.lead, dims: [...a.dims, ...b.dims] } : null;
  },
  dtype: (call) => {
    if (/equal|less|greater|logical/.test(call.name)) return "bool";
    const dtype = promoteData(
      call,
      // NumPy takes numbers for arrays here, JAX does not.
      ["input", "other"].map((name) => (typesOf(call) === "jax" ? argument : tensorOf)(call, name)),
    );
    if (call.name === "numpy.divide.outer")
      return dtype === null || isFloating(dtype) || category(dtype) === "complex" ? dtype : "float64";
    if (/add|multiply|maximum|minimum/.test(call.name)) return dtype;
    if (/divide$|arctan2|hypot/.test(call.name) && !call.name.includes("floor"))
      return dtype !== null && isFloating(dtype) ? dtype : null;
    return dtype !== null && category(dtype) !== "bool" ? dtype : null;
  },
  docs: { numpy: "reference/generated/numpy.ufunc.outer.html" },
});

export const openMesh = op({
  names: ["numpy.ix_"],
  summary: "Index vectors turned so that together they select a grid.",
  call: "*args as tensors: any",
  shape: (call) => {
    const parts = tensorsOf(call, "tensors");
    if (parts === null || parts.some(({ shape }) => rank(shape) !== 1)) return { value: unknown };
    const turned = parts.map(({ shape, dtype }, i) => {
      // A mask selects as many as are true.
      const count = dtype !== null && category(dtype) === "integer" ? shape.dims[0] : undefined;
      const dims = parts.map((_, j) => (i === j ? (count ?? unknownDim()) : constant(1)));
      return tensor({ lead: null, dims }, dtype === "bool" ? "int64" : dtype, "numpy");
    });
    return { value: tuple(turned) };
  },
});

export const selectByConditions = op({
  names: ["numpy.select"],
  summary: "Elements of the first of several arrays whose condition holds.",
  call: "condlist: any, choicelist: any, default: any = 0",
  shape: (call) => {
    const lists = ["condlist", "choicelist"].map((parameter) => itemsOf(argument(call, parameter)));
    const all = [...lists, [argument(call, "default")]].map((items) => items?.map((item) => readTensor(call, item)));
    if (all.some((items) => items === undefined || items.length === 0)) return null;
    const shapes = all.flatMap((items) => items?.map(({ shape }) => shape) ?? []);
    return shapes.every(({ lead }) => lead === null) ? together(call, shapes) : null;
  },
  dtype: (call) =>
    promoteData(call, [...(itemsOf(argument(call, "choicelist")) ?? [unknown]), argument(call, "default")]),
});

function together(call: Call, shapes: readonly Shape[]) {
  return broadcastAll(
    call,
    shapes.map((shape) => ({ parameter: "choicelist", shape })),
  );
}
