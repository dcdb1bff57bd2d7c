/**
 * What NumPy says about element types and arrays without computing: promotions, casts, descriptions in words.
 */
import { argument } from "./arguments.ts";
import { itemsOf, tensor, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import { category } from "./dtype.ts";
import { dtypeNamed } from "./dtype-names.ts";
import { promoteData } from "./dtype-rules.ts";
import { inNumpy } from "./names.ts";
import type { Datum } from "./value.ts";

const scalar = { lead: null, dims: [] };

/** Types count as arrays of that type. */
function asArray(datum: Datum): Datum {
  if (datum.kind === "dtype") return tensor(scalar, datum.dtype, "numpy");
  if (datum.kind === "string") return tensor(scalar, datum.value === null ? null : dtypeNamed(datum.value), "numpy");
  return datum;
}

export const resultType = op({
  names: inNumpy("result_type", "promote_types"),
  summary: "The type that several types or arrays promote to.",
  call: "*types: any",
  shape: (call) => {
    const items = itemsOf(argument(call, "types"));
    const dtype = items === null ? null : promoteData(call, items.map(asArray));
    return { value: dtype === null ? unknown : { kind: "dtype", dtype } };
  },
});

export const typeItself = op({
  names: ["numpy.dtype"],
  summary: "An element type by its name.",
  call: "dtype: any, *more: any, **options",
  shape: (call) => {
    const named = argument(call, "dtype");
    const dtype = named.kind === "string" && named.value !== null ? dtypeNamed(named.value) : null;
    return { value: named.kind === "dtype" ? named : dtype === null ? unknown : { kind: "dtype", dtype } };
  },
});

export const commonType = op({
  names: inNumpy("common_type"),
  summary: "The inexact type that several arrays have in common.",
  call: "*arrays: tensor",
  shape: (call) => {
    const dtype = promoteData(call, itemsOf(argument(call, "arrays")) ?? [unknown]);
    if (dtype === null || category(dtype) === "bool") return { value: unknown };
    return { value: { kind: "dtype", dtype: category(dtype) === "integer" ? "float64" : dtype } };
  },
});

export const someType = op({
  names: inNumpy("min_scalar_type"),
  summary: "A type that holds the given values.",
  call: "*values: any",
  shape: () => ({ value: unknown }),
});

export const typeQuestions = op({
  names: inNumpy("can_cast", "issubdtype", "isdtype", "isfortran", "iterable", "shares_memory", "may_share_memory"),
  summary: "Whether something holds of a type or an array.",
  call: "*values: any, **options",
  shape: () => ({ value: { kind: "bool", value: null } }),
});

export const descriptions = op({
  names: [
    ...inNumpy("array2string", "array_repr", "array_str", "base_repr", "binary_repr", "typename"),
    ...inNumpy("format_float_positional", "format_float_scientific"),
  ],
  summary: "The array or number as text.",
  call: "*values: any, **options",
  shape: () => ({ value: { kind: "string", value: null } }),
});

export const rawBytes = op({
  names: ["tobytes", "dumps", "getfield", "to_device"].map((name) => `numpy.ndarray.${name}`),
  summary: "The memory of the array, or a part of it.",
  call: "self: tensor, *more: any, **options",
  shape: () => ({ value: unknown }),
});

export const applied = op({
  names: inNumpy("apply_along_axis", "apply_over_axes", "fromfunction", "einsum_path", "mask_indices", "nested_iters"),
  summary: "What a function makes of an array, which only a run shows.",
  call: "*values: any, **options",
  shape: () => ({ value: unknown }),
});
