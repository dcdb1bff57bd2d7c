/**
 * What arrays of JAX have and arrays of NumPy have not: `x.at[…].set(…)`, sizes that stand in for what only the data
 * tell, transfers between devices.
 */
import { asNumber, constant, rank, unknownDim, type Dim } from "../shapes/index.ts";
import { argument, boolArgument, dtypeArgument, isGiven, tensorOf } from "./arguments.ts";
import { dimOf, tensor, tuple, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import { always, floating, same } from "./dtype-rules.ts";
import type { Call } from "./operator.ts";
import { isProblem, shortName } from "./problems.ts";
import { fitInto } from "./verbs/broadcast.ts";
import { indexed } from "./verbs/index.ts";

/** What is written must broadcast to what the index selects. */
export const updateAt = op({
  names: ["set", "add", "subtract", "multiply", "mul", "divide", "power", "min", "max"].map(
    (name) => `jax.Array.at.${name}`,
  ),
  summary: "A copy of the array in which the selected elements are replaced, or combined with others.",
  call: "object as input: tensor, index: any, values: tensor, **options",
  shape: (call) => {
    const array = tensorOf(call, "input");
    if (array.shape.dims.some((dim) => asNumber(dim) === 0)) return array.shape;
    const place = indexed(call, "input", array, argument(call, "index"));
    if (isProblem(place)) return place;
    const values = argument(call, "values");
    const wrong =
      place !== null && values.kind === "tensor"
        ? fitInto(call, { parameter: "values", shape: values.shape }, place)
        : null;
    return wrong ?? call.solver.shape(array.shape);
  },
  dtype: (call) => (shortName(call) === "divide" ? floating()(call) : same()(call)),
  docs: { jax: "_autosummary/jax.numpy.ndarray.at.html" },
});

export const readAt = op({
  names: ["jax.Array.at.get"],
  summary: "The selected elements, with a say in what indices beyond the end give.",
  call: "object as input: tensor, index: any, **options",
  shape: (call) => {
    const array = tensorOf(call, "input");
    return indexed(call, "input", array, argument(call, "index"));
  },
  dtype: same(),
  docs: { jax: "_autosummary/jax.numpy.ndarray.at.html" },
});

export const applyAt = op({
  names: ["jax.Array.at.apply"],
  summary: "A copy of the array in which a function is applied to the selected elements.",
  call: "object as input: tensor, index: any, func: any, **options",
  shape: (call) => tensorOf(call, "input").shape,
  dtype: same(),
  docs: { jax: "_autosummary/jax.numpy.ndarray.at.html" },
});

export const sameArray = op({
  names: [
    ...["block_until_ready", "to_device", "addressable_data"].map((name) => `jax.Array.${name}`),
    "jax.device_put",
    "jax.block_until_ready",
    "jax.lax.stop_gradient",
    "jax.lax.optimization_barrier",
  ],
  summary: "The same values, elsewhere or out of sight of derivatives.",
  call: "x as input: any, *more: any, **options",
  shape: (call) => {
    const x = argument(call, "input");
    return x.kind === "tensor" ? tensorOf(call, "input").shape : { value: unknown };
  },
  dtype: (call) => tensorOf(call, "input").dtype,
});

export const converted = op({
  names: ["jax.numpy.astype", "jax.lax.convert_element_type"],
  summary: "Converts the type.",
  call: {
    "jax.lax": "operand as input: tensor, new_dtype as dtype: any",
    jax: "x as input: tensor, dtype: any, *more: any, **options",
  },
  shape: (call) => tensorOf(call, "input").shape,
  dtype: (call) => dtypeArgument(call.args) ?? null,
});

/** How many there are: the `size` that is given, since otherwise only the data tell. */
function count(call: Call): Dim {
  return dimOf(argument(call, "size")) ?? unknownDim();
}

export const jaxNonzero = op({
  names: ["jax.numpy.nonzero", "jax.numpy.flatnonzero", "jax.numpy.argwhere", "jax.Array.nonzero"],
  summary: "Where the elements are that are not zero.",
  call: "a as input: tensor, *, size: int = None, fill_value: float = None",
  shape: (call) => {
    const ranks = rank(tensorOf(call, "input").shape);
    if (call.name.endsWith("flatnonzero")) return { lead: null, dims: [count(call)] };
    if (ranks === null || ranks === 0) return { value: unknown };
    if (call.name.endsWith("argwhere")) return { lead: null, dims: [count(call), constant(ranks)] };
    const one = tensor({ lead: null, dims: [count(call)] }, indexType(call), "jax");
    return { value: tuple(Array.from({ length: ranks }, () => one)) };
  },
  dtype: indexType,
});

/** What fills up the rest may be of another type. */
function indexType(call: Call): "int32" | null {
  return isGiven(call, "fill_value") ? null : "int32";
}

export const jaxUnique = op({
  names: ["jax.numpy.unique"],
  summary: "The elements without repetition, or rows along a dimension.",
  call: "ar as input: tensor, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False, axis: axis = None, *, equal_nan: any = True, size: int = None, fill_value: any = None, sorted: any = True",
  shape: (call) => {
    const more = ["return_index", "return_inverse", "return_counts"].some((name) => boolArgument(call, name) !== false);
    if (more) return { value: unknown };
    return isGiven(call, "axis") ? null : { lead: null, dims: [count(call)] };
  },
  dtype: same(),
});

export const jaxBincount = op({
  names: ["jax.numpy.bincount"],
  summary: "How often each integer occurs.",
  call: "x as input: tensor, weights: any = None, minlength: int = 0, *, length as size: int = None",
  shape: (call) => ({ lead: null, dims: [count(call)] }),
  dtype: (call) => (isGiven(call, "weights") ? null : "int32"),
});

export const jaxAgreement = op({
  names: ["allclose", "array_equal", "array_equiv"].map((name) => `jax.numpy.${name}`),
  summary: "Whether all elements of two arrays agree.",
  call: "a as input: tensor, b as other: tensor, *more: any, **options",
  shape: () => ({ lead: null, dims: [] }),
  dtype: always("bool"),
});
