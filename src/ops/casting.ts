/**
 * Operators that change type, device or memory, and keep the shape: `to`, `float`, `cuda`, `detach`, `clone`.
 */
import { asNumber, constant, elementCount, type Shape } from "../shapes/index.ts";
import { argument, dtypeArgument, isNumber, tensorOf } from "./arguments.ts";
import { unknown } from "./datum.ts";
import { op, type OperatorSpec } from "./declare.ts";
import { dtypeNamed } from "./dtype-names.ts";
import { category, type DType } from "./dtype.ts";
import { always, floating, realPart, same, type DTypeRule } from "./dtype-rules.ts";
import { laidOut, preserved, type StridesRule } from "./memory-rules.ts";
import { copyOf, inTorch } from "./names.ts";
import type { Call, Operator } from "./operator.ts";
import { problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";

function keeping(
  names: readonly string[],
  summary: string,
  dtype: DTypeRule = same(),
  call: OperatorSpec["call"] = "input: tensor, *more: any, **options",
  strides: StridesRule = preserved,
): readonly Operator[] {
  return op({
    names,
    summary,
    call,
    shape: (made) => {
      const value = argument(made, "input");
      const tensor = { ...tensorOf(made, "input"), dtype: dtype(made) };
      const content = value.kind === "tensor" ? value.content : undefined;
      return { value: content === undefined ? tensor : { ...tensor, content } };
    },
    strides,
    notation: "()->()",
  });
}

function cast(name: string, dtype: DType): readonly Operator[] {
  return keeping([`torch.Tensor.${name}`], `Converts to ${dtype}.`, always(dtype));
}

export const half = cast("half", "float16");
export const bfloat16 = cast("bfloat16", "bfloat16");
export const float = cast("float", "float32");
export const double = cast("double", "float64");
export const bool = cast("bool", "bool");
export const byte = cast("byte", "uint8");
export const char = cast("char", "int8");
export const short = cast("short", "int16");
export const int = cast("int", "int32");
export const long = cast("long", "int64");
export const chalf = cast("chalf", "complex32");
export const cfloat = cast("cfloat", "complex64");
export const cdouble = cast("cdouble", "complex128");

/** `to` takes a type, a device, another tensor, or several of them. */
const converted: DTypeRule = (call) => {
  const more = argument(call, "more");
  const named = dtypeArgument(call.args);
  if (named !== undefined) return named;
  if (more.kind !== "tuple") return null;
  let dtype = same()(call);
  for (const item of more.items) {
    if (item.kind === "dtype") return item.dtype;
    if (item.kind === "tensor") dtype = item.dtype;
    else if (item.kind === "unknown") dtype = null;
  }
  return dtype;
};

export const to = keeping(
  ["torch.Tensor.to"],
  "Converts the type or moves to a device.",
  converted,
  "self as input: tensor, *more: any, dtype: dtype = None, device: any = None, non_blocking: any = False, copy: any = False, memory_format: any = None, other: any = None",
);

export const type = op({
  names: ["torch.Tensor.type"],
  summary: "Converts the type, or names it.",
  call: "self as input: tensor, dtype: any = None, non_blocking: any = False",
  shape: (call) => {
    const wanted = argument(call, "dtype");
    if (wanted.kind === "none") return { value: { kind: "string", value: null } };
    return { value: { ...tensorOf(call, "input"), dtype: wanted.kind === "dtype" ? wanted.dtype : null } };
  },
});

export const typeAs = keeping(
  ["torch.Tensor.type_as"],
  "Converts to the type of another tensor.",
  same("other"),
  "self as input: tensor, other: tensor",
);

export const astype = keeping(
  ["numpy.ndarray.astype", "numpy.astype"],
  "Converts the type.",
  (call) => typeOf(argument(call, "dtype")),
  {
    "numpy.ndarray":
      "self as input: tensor, dtype: any, order: any = None, casting: any = None, subok: any = True, copy: any = True",
    "numpy.astype": "x as input: tensor, dtype: any, /, *, copy: any = True, device: any = None",
  },
);

function typeOf(datum: Datum): DType | null {
  if (datum.kind === "dtype") return datum.dtype;
  // `None` stands for the default type.
  if (datum.kind === "none") return "float64";
  return datum.kind === "string" && datum.value !== null ? dtypeNamed(datum.value) : null;
}

export const moved = keeping(
  [
    ...["cuda", "cpu", "detach", "detach_", "requires_grad_", "pin_memory", "share_memory_", "coalesce", "xpu"].map(
      (name) => `torch.Tensor.${name}`,
    ),
    "torch.detach",
    "torch.detach_",
    ...copyOf("detach", "alias"),
    ...["to_sparse", "to_sparse_coo", "to_sparse_csr", "to_sparse_csc", "to_sparse_bsr", "to_sparse_bsc"].map(
      (name) => `torch.Tensor.${name}`,
    ),
  ],
  "The same values, elsewhere or outside the graph.",
);

export const contiguous = keeping(
  ["torch.Tensor.contiguous"],
  "The same values, in memory in the order of the dimensions.",
  same(),
  "input: tensor, memory_format: any = None",
  laidOut,
);

export const clone = keeping(
  [
    ...inTorch("clone"),
    "torch.Tensor.copy_",
    "torch.Tensor.zero_",
    "torch.zero_",
    "torch.fill",
    "torch.fill_",
    "torch.Tensor.fill_",
  ],
  "A copy, or the tensor itself filled with other values.",
);

export const randomInPlace = keeping(
  ["uniform_", "normal_", "random_", "exponential_", "bernoulli_", "cauchy_", "geometric_", "log_normal_"].map(
    (name) => `torch.Tensor.${name}`,
  ),
  "Fills the tensor with random numbers.",
);

export const bernoulli = keeping([...inTorch("bernoulli")], "Zeros and ones with the given probabilities.");

export const initialisers = keeping(
  [
    "uniform_",
    "normal_",
    "trunc_normal_",
    "constant_",
    "zeros_",
    "ones_",
    "eye_",
    "dirac_",
    "sparse_",
    "xavier_uniform_",
    "xavier_normal_",
    "kaiming_uniform_",
    "kaiming_normal_",
    "orthogonal_",
  ].map((name) => `torch.nn.init.${name}`),
  "Fills a parameter with start values.",
  same(),
  "tensor as input: tensor, *more: any, **options",
);

export const numpyOf = op({
  names: ["torch.Tensor.numpy", "torch.Tensor.__array__"],
  summary: "The tensor as a NumPy array.",
  call: "self as input: tensor, *, force: any = False",
  shape: (call) => ({ value: { ...tensorOf(call, "input"), library: "numpy" } }),
});

export const complexParts = op({
  names: ["torch.view_as_real", "torch.view_as_complex"],
  summary: "Complex numbers as pairs of real ones, or the reverse.",
  call: "input: tensor",
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const last = shape.dims.at(-1);
    if (call.name.endsWith("real"))
      return dtype !== null && category(dtype) === "complex" ? { ...shape, dims: [...shape.dims, constant(2)] } : null;
    return last === undefined ? null : { lead: shape.lead, dims: shape.dims.slice(0, -1) };
  },
  dtype: (call) => (call.name.endsWith("real") ? realPart()(call) : (COMPLEX[same()(call) ?? "bool"] ?? null)),
});

const COMPLEX: Readonly<Partial<Record<DType, DType>>> = {
  float16: "complex32",
  float32: "complex64",
  float64: "complex128",
};

/** `float(x)`, `int(x)`, `bool(x)` of a tensor with one element. */
export const number = op({
  names: ["builtins.float", "builtins.int", "builtins.bool"],
  summary: "The only element of a tensor as a Python number.",
  call: "x as input: any = 0, /",
  shape: (call) => {
    const input = argument(call, "input");
    if (input.kind !== "tensor") return { value: { kind: "unknown" } };
    const count = elementCount(call.solver.shape(input.shape));
    const size = count === null ? null : asNumber(count);
    if (size !== null && size !== 1) return notOne(call, input.shape, size);
    if (call.name === "builtins.float") return { value: { kind: "float", value: null } };
    return { value: call.name === "builtins.bool" ? { kind: "bool", value: null } : { kind: "unknown" } };
  },
});

function notOne(call: Call, shape: Shape, count: number) {
  const told = shown(call, "input", shape);
  const name = call.name.slice(call.name.lastIndexOf(".") + 1);
  return problem("not-scalar", {
    parameters: ["input"],
    message: (names) => `\`${name}\` needs exactly one element; ${told(names)} has ${count}.`,
  });
}

export const realAndImaginary = op({
  names: [...inTorch("real", "imag", "angle"), ...["real", "imag", "angle"].map((name) => `numpy.${name}`)],
  summary: "Part of complex numbers.",
  call: { torch: "input: tensor", numpy: "val|z as input: tensor, deg: any = False" },
  shape: (call) => {
    const plain = call.name.startsWith("numpy.") && !call.name.endsWith("angle") && isNumber(argument(call, "input"));
    return plain
      ? { value: argument(call, "input").kind === "float" ? { kind: "float", value: null } : unknown }
      : tensorOf(call, "input").shape;
  },
  dtype: (call) => (call.name.endsWith("angle") ? angleType(call) : realPart()(call)),
});

function angleType(call: Call): DType | null {
  if (!call.name.startsWith("numpy.")) return null;
  return same()(call) === "bool" ? "float64" : floating(realPart())(call);
}
