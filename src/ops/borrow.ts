/**
 * JAX goes by NumPy's declarations: `jax.numpy.sum` is declared where `numpy.sum` is. This file says how a call of one
 * is read as a call of the other, and what JAX makes of the types. It knows no operators.
 */
import { rank } from "../shapes/index.ts";
import { canonical } from "./dtype-jax.ts";
import { none } from "./datum.ts";
import type { Call, Outcome } from "./operator.ts";
import type { Datum, Tensor } from "./value.ts";

/** What NumPy has and JAX has not. */
const LACKING: readonly RegExp[] = [
  /^numpy\.(?:random|testing|lib)\./,
  /^numpy\.(?:ascontiguousarray|asanyarray|asfortranarray|asarray_chkfinite|row_stack|fix|require|real_if_close)$/,
  /^numpy\.(?:loadtxt|genfromtxt|fromregex|savez_compressed|savetxt|nested_iters|copyto|putmask)$/,
  /^numpy\.(?:isnat|common_type|min_scalar_type|isfortran|shares_memory|may_share_memory|typename)$/,
  /^numpy\.(?:array2string|base_repr|binary_repr|format_float_positional|format_float_scientific)$/,
  /^numpy\.ndarray\.(?:fill|setflags|setfield|getfield|tofile|dumps?|put|resize|partition|sort)$/,
  /^numpy\.(?:divide\.at|fm(?:ax|in)\.(?:accumulate|reduce))$/,
  /^numpy\.(?:divide|power|floor_divide|arctan2|hypot|(?:not_)?equal|less(?:_equal)?|greater(?:_equal)?)\.outer$/,
];

/** `jax.numpy.sum` and `jax.Array.sum` for `numpy.sum` and `numpy.ndarray.sum`. */
export function jaxSpellings(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => name.startsWith("numpy.") && !LACKING.some((some) => some.test(name)))
    .map((name) => (name.startsWith("numpy.ndarray.") ? name.replace("numpy.ndarray.", "jax.Array.") : `jax.${name}`));
}

/** The name of NumPy's that a name of JAX's repeats. */
export function numpyName(name: string): string {
  return name.startsWith("jax.Array.") ? name.replace("jax.Array.", "numpy.ndarray.") : name.slice("jax.".length);
}

/** A call of JAX's function as NumPy's rule reads it; null where JAX takes no lists in place of arrays. */
export function asNumpyCall(call: Call, arrays: readonly string[]): Call | null {
  const isList = (name: string): boolean => ["list", "tuple", "many"].includes(call.args.get(name)?.kind ?? "none");
  return arrays.some(isList) ? null : { ...call, name: numpyName(call.name), types: "jax" };
}

/** Of an array without dimensions JAX takes no axis, though NumPy does. */
export function namesNoDimension(call: Call, first: string | undefined): boolean {
  const array = call.args.get(first ?? "");
  const axis = call.args.get("axis") ?? none;
  const fresh = call.name.endsWith("expand_dims");
  return !fresh && array?.kind === "tensor" && rank(array.shape) === 0 && axis.kind !== "none";
}

/**
 * What JAX makes of the tensors of an outcome: narrower types, and weak ones where nothing but Python numbers, or
 * weak arrays, had that type. `values` are the parameters that take them.
 */
export function asJaxOutcome(call: Call, outcome: Outcome, values: ReadonlySet<string>): Outcome {
  if ("problem" in outcome) return outcome;
  const strong = new Set<Tensor["dtype"]>();
  let weak = false;
  const given = call.args.get("dtype") ?? none;
  if (given.kind !== "none") return { ...outcome, value: onTensors(outcome.value, (one) => ofJax(one, false, strong)) };
  for (const [name, datum] of call.args) {
    if (!values.has(name)) continue;
    if (datum.kind === "int" || datum.kind === "float" || datum.kind === "complex") weak = true;
    else if (datum.kind === "unknown" || datum.kind === "record") weak = true;
    else if (datum.kind === "tensor" && datum.weak === true) weak = true;
    else if (datum.kind === "tensor") strong.add(canonical(datum.dtype));
  }
  return { ...outcome, value: onTensors(outcome.value, (one) => ofJax(one, weak, strong)) };
}

/** Some functions of NumPy hand an array of JAX over to its own method, others convert it. */
export function takesJax(call: Call): boolean {
  return call.name.startsWith("numpy.") && call.types === undefined && [...call.args.values()].some(isOfJax);
}

function isOfJax(datum: Datum): boolean {
  if (datum.kind === "tuple" || datum.kind === "list") return datum.items.some(isOfJax);
  return datum.kind === "tensor" && datum.library === "jax";
}

/** What a function of NumPy makes of an array of JAX is one of either library, of a type that is not known. */
export function ofEither(outcome: Outcome): Outcome {
  if ("problem" in outcome) return outcome;
  return { ...outcome, value: onTensors(outcome.value, (one) => ({ ...one, dtype: null, library: null })) };
}

function ofJax(one: Tensor, weak: boolean, strong: ReadonlySet<Tensor["dtype"]>): Tensor {
  const dtype = canonical(one.dtype);
  const { weak: _weak, ...plain } = one;
  const made: Tensor = { ...plain, dtype, library: "jax" };
  return weak && dtype !== null && dtype !== "bool" && !strong.has(dtype) ? { ...made, weak } : made;
}

function onTensors(datum: Datum, change: (tensor: Tensor) => Tensor): Datum {
  const inner = (item: Datum): Datum => onTensors(item, change);
  switch (datum.kind) {
    case "tensor":
      return change(datum);
    case "tuple":
    case "list":
      return { ...datum, items: datum.items.map(inner) };
    case "many":
      return { ...datum, element: inner(datum.element) };
    case "record":
      return { ...datum, fields: new Map([...datum.fields].map(([name, value]) => [name, inner(value)])) };
    default:
      return datum;
  }
}
