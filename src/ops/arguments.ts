/**
 * Reads the arguments of a call by the names that a rule uses. It knows values and the solver, no
 * operators. What is not known is read as unknown, never as a mistake.
 */
import { unknownDim, unknownShape, type Dim } from "../shapes/index.ts";
import { arrayOf, boolOf, dimOf, itemsOf, none, numberOf, tensor, unknown } from "./datum.ts";
import type { DType } from "./dtype.ts";
import { dtypeNamed } from "./dtype-names.ts";
import type { Bound, Call } from "./operator.ts";
import type { Datum, Library, Tensor } from "./value.ts";

export function argument(call: Call, parameter: string): Datum {
  return call.args.get(parameter) ?? none;
}

/** True where something other than `None` was passed. */
export function isGiven(call: Call, parameter: string): boolean {
  return argument(call, parameter).kind !== "none";
}

/** The argument as a tensor under all that is known by now; of unknown shape where it is no such thing. */
export function tensorOf(call: Call, parameter: string): Tensor {
  return readTensor(call, argument(call, parameter));
}

export function readTensor(call: Call, datum: Datum): Tensor {
  const library = libraryOfName(call.name);
  const read = datum.kind === "tensor" || library !== "torch" || isNumber(datum) ? arrayOf(datum, library) : null;
  if (read === null) return tensor(unknownShape(), null, library);
  return { ...read, shape: call.solver.shape(read.shape) };
}

export function isNumber(datum: Datum): boolean {
  return datum.kind === "int" || datum.kind === "float" || datum.kind === "bool" || datum.kind === "complex";
}

/** The tensors of a list or tuple; null where its length is not known. */
export function tensorsOf(call: Call, parameter: string): readonly Tensor[] | null {
  const datum = argument(call, parameter);
  const items = itemsOf(datum);
  if (items !== null) return items.map((item) => readTensor(call, item));
  if (datum.kind !== "tensor") return null;
  const { shape, dtype, library } = tensorOf(call, parameter);
  const count =
    shape.lead === null && shape.dims[0] !== undefined ? numberOf({ kind: "int", value: shape.dims[0] }) : null;
  if (count === null || count > 64) return null;
  return Array.from({ length: count }, () => tensor({ lead: null, dims: shape.dims.slice(1) }, dtype, library));
}

export function dimArgument(args: Bound, parameter: string): Dim {
  return dimOf(args.get(parameter) ?? unknown) ?? unknownDim();
}

export function numberArgument(call: Call, parameter: string): number | null {
  return numberOf(argument(call, parameter));
}

export function boolArgument(call: Call, parameter: string): boolean | null {
  return boolOf(argument(call, parameter));
}

export function textArgument(args: Bound, parameter: string): string | null {
  const datum = args.get(parameter) ?? unknown;
  return datum.kind === "string" ? datum.value : null;
}

/** Sizes passed one by one (`view(2, 3)`) or as one sequence (`view((2, 3))`); null where not even their number is known. */
export function sizesOf(call: Call, parameter: string): readonly Datum[] | null {
  const datum = argument(call, parameter);
  const items = itemsOf(datum);
  if (items === null) return dimOf(datum) === null ? null : [datum];
  const only = items[0];
  if (items.length !== 1 || only === undefined) return items;
  const inner = itemsOf(only);
  if (inner !== null) return inner;
  return dimOf(only) === null ? null : items;
}

/** Several integers, each perhaps unknown; one integer stands for `count` equal ones (`kernel_size=3`). */
export function spreadInts(datum: Datum, count: number): readonly (Dim | null)[] | null {
  const items = itemsOf(datum);
  if (items === null) {
    const one = dimOf(datum);
    return one === null ? null : Array.from({ length: count }, () => one);
  }
  const dims = items.map(dimOf);
  const [first = null] = dims;
  return dims.length === count ? dims : dims.length === 1 ? Array.from({ length: count }, () => first) : null;
}

/** The library by the name of the operator: `torch.relu`, `numpy.ndarray.sum`; null for Python's own operators. */
export function libraryOfName(name: string): Library | null {
  const root = name.slice(0, name.indexOf("."));
  return root === "torch" || root === "numpy" || root === "jax" ? root : null;
}

/** The library of a result: that of the name, or else the one all tensors among the arguments share; JAX takes in NumPy's. */
export function libraryOf(call: Call): Library | null {
  const named = libraryOfName(call.name);
  if (named !== null) return named;
  const libraries = new Set<Library | null>();
  for (const datum of call.args.values()) if (datum.kind === "tensor") libraries.add(datum.library);
  if (libraries.has("jax")) libraries.delete("numpy");
  const [only = null] = libraries;
  return libraries.size === 1 ? only : null;
}

/** The library whose element types a result has. */
export function typesOf(call: Call): Library | null {
  return call.types ?? libraryOf(call);
}

/** The type that an argument such as `dtype=torch.long` names: undefined where it is absent, null where it is not known. */
export function dtypeArgument(args: Bound, parameter = "dtype"): DType | null | undefined {
  const datum = args.get(parameter) ?? none;
  if (datum.kind === "none") return undefined;
  if (datum.kind === "dtype") return datum.dtype;
  return datum.kind === "string" && datum.value !== null ? dtypeNamed(datum.value) : null;
}
