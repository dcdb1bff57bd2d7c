/**
 * What a tensor says about itself: sizes and counts, which are Python integers and not tensors.
 */
import { asNumber, elementCount, rank, unknownDim } from "../shapes/index.ts";
import { argument, isGiven, tensorOf } from "./arguments.ts";
import { int, tuple, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import { isInteger, itemSize, type DType } from "./dtype.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown } from "./problems.ts";
import { axisOf } from "./verbs/axis.ts";
import { mayHoldAnything } from "./verbs/index.ts";

export const size = op({
  names: ["torch.Tensor.size"],
  summary: "The shape, or the size of one dimension.",
  call: "self as input: tensor, dim: axis = None",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    if (!isGiven(call, "dim"))
      return { value: shape.lead === null ? tuple(shape.dims.map((dim) => int(dim))) : unknown };
    const axis = axisOf(call, "dim", shape, { of: "input" });
    if (isProblem(axis)) return axis;
    const wide = call.solver.shape(shape);
    const dim = axis === null || -axis > wide.dims.length ? undefined : wide.dims.at(axis);
    return { value: int(dim ?? unknownDim()) };
  },
});

export const dim = op({
  names: ["torch.Tensor.dim", "torch.Tensor.ndimension", "numpy.ndim"],
  summary: "The number of dimensions.",
  call: { torch: "self as input: tensor", numpy: "a as input: tensor" },
  shape: (call) => {
    const count = rank(tensorOf(call, "input").shape);
    return { value: count === null ? unknown : int(count) };
  },
});

export const numel = op({
  names: ["torch.numel", "torch.Tensor.numel", "torch.Tensor.nelement", "numpy.size"],
  summary: "The number of elements.",
  call: { torch: "input: tensor", numpy: "a as input: tensor, axis as dim: any = None" },
  shape: (call) => {
    const count = isGiven(call, "dim") ? null : elementCount(tensorOf(call, "input").shape);
    return { value: count === null ? unknown : int(count) };
  },
});

export const numpyShape = op({
  names: ["numpy.shape"],
  summary: "The shape, a tuple of integers.",
  call: "a as input: tensor",
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    return { value: shape.lead === null ? tuple(shape.dims.map((one) => int(one))) : unknown };
  },
});

export const length = op({
  names: ["builtins.len"],
  summary: "The size of the first dimension.",
  call: "obj as input: any, /",
  shape: (call) => {
    const object = argument(call, "input");
    if (object.kind === "many") return { value: int(object.length) };
    if (object.kind === "tuple" || object.kind === "list") return { value: int(object.items.length) };
    if (object.kind !== "tensor") return { value: unknown };
    const shape = tensorOf(call, "input").shape;
    if (rank(shape) === 0) return mayHoldAnything(object) ? { value: unknown } : noLength();
    const [first] = shape.dims;
    return { value: shape.lead !== null || first === undefined ? unknown : int(first) };
  },
});

function noLength(): Problem {
  return problem("index-rank", {
    parameters: ["input"],
    message: (name) => `${name("input")} has no dimensions, so it has no length.`,
  });
}

/** One number out of a tensor that has only one element. */
export const item = op({
  names: ["torch.Tensor.item", "numpy.ndarray.item"],
  summary: "The only element, as a Python number.",
  call: "self as input: tensor, *at: any",
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const indexed = argument(call, "at");
    const several = severalElements(call);
    if (several !== null && !(indexed.kind === "tuple" && indexed.items.length > 0)) return several;
    if (dtype?.startsWith("float") || dtype === "bfloat16") return { value: { kind: "float", value: null } };
    return {
      value:
        dtype === "bool" ? { kind: "bool", value: null } : (rank(shape) === 0 && contentOf(call)) || anyNumber(dtype),
    };
  },
});

function anyNumber(dtype: DType | null) {
  return dtype !== null && isInteger(dtype) ? int(unknownDim()) : unknown;
}

function contentOf(call: Call) {
  const input = argument(call, "input");
  const [only] = input.kind === "tensor" ? (input.content ?? []) : [];
  return only === undefined ? null : int(only);
}

function severalElements(call: Call): Problem | null {
  const { shape } = tensorOf(call, "input");
  const count = elementCount(shape);
  const number = count === null ? null : asNumber(count);
  if (number === null || number === 1) return null;
  const told = shown(call, "input", shape);
  return problem("not-scalar", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` needs exactly one element; ${told(name)} has ${number}.`,
  });
}

export const isNonzero = op({
  names: ["torch.is_nonzero", "torch.Tensor.is_nonzero"],
  summary: "Whether the only element is not zero.",
  call: "input: tensor",
  shape: (call) => severalElements(call) ?? { value: { kind: "bool", value: null } },
});

export const toList = op({
  names: ["torch.Tensor.tolist", "numpy.ndarray.tolist"],
  summary: "The elements as nested lists of Python numbers.",
  call: "self as input: tensor",
  shape: (call) => {
    const input = argument(call, "input");
    const content = input.kind === "tensor" && input.shape.dims.length === 1 ? input.content : undefined;
    return { value: content === undefined ? unknown : { kind: "list", items: content.map((value) => int(value)) } };
  },
});

/** Questions about a tensor that have a plain answer, which the shapes do not depend on. */
export const questions = op({
  names: [
    ...["is_floating_point", "is_complex", "is_tensor", "allclose", "equal"].map((name) => `torch.${name}`),
    ...[
      "is_floating_point",
      "is_complex",
      "is_contiguous",
      "is_cuda",
      "allclose",
      "equal",
      "is_pinned",
      "is_signed",
    ].map((name) => `torch.Tensor.${name}`),
    ...["allclose", "array_equal", "array_equiv", "iscomplexobj", "isrealobj", "isscalar"].map(
      (name) => `numpy.${name}`,
    ),
  ],
  summary: "Whether something holds of a tensor.",
  call: "input: any, *more: any, **options",
  shape: () => ({ value: { kind: "bool", value: null } }),
});

export const elementSize = op({
  names: ["torch.Tensor.element_size"],
  summary: "How many bytes an element takes.",
  call: "self as input: tensor",
  shape: (call) => {
    const { dtype } = tensorOf(call, "input");
    return { value: dtype === null ? unknown : int(itemSize(dtype)) };
  },
});

export const integers = op({
  names: ["data_ptr", "get_device", "storage_offset", "stride"].map((name) => `torch.Tensor.${name}`),
  summary: "A number that describes how a tensor lies in memory.",
  call: "self as input: tensor, *more: any",
  shape: () => ({ value: unknown }),
});
