/**
 * Tensors made from sizes: zeros, random numbers, identities, and the `_like` and `new_` forms. Those
 * made from values or from a range of numbers are in `create-from.ts`.
 */
import { asNumber, unknownDim, unknownShape, type Dim } from "../shapes/index.ts";
import { argument, isGiven, libraryOf, sizesOf, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, numberOf } from "./datum.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import { always, defaultFloat, orGiven, same, type DTypeRule } from "./dtype-rules.ts";
import { isFloating, type DType } from "./dtype.ts";
import { laidOut, preserved } from "./memory-rules.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { problem } from "./problems.ts";
import type { Datum } from "./value.ts";
import { broadcastAll, fitInto } from "./verbs/broadcast.ts";

/** A shape from sizes that were passed one by one or as a sequence. */
export function shapeFrom(call: Call, parameter: string): ShapeAnswer {
  const sizes = sizesOf(call, parameter);
  return sizes === null ? unknownShape() : shapeOfSizes(sizes);
}

function shapeOfSizes(sizes: readonly Datum[]): ShapeAnswer {
  const dims: Dim[] = [];
  for (const size of sizes) {
    const dim = dimOf(size);
    const number = dim === null ? null : asNumber(dim);
    if (number !== null && number < 0) {
      return problem("argument", { message: () => `A size cannot be negative; it is ${number}.` });
    }
    dims.push(dim ?? unknownDim());
  }
  return { lead: null, dims };
}

const KEYWORDS =
  "generator: any = None, out: any = None, dtype: dtype = None, layout: any = None, device: any = None, requires_grad: bool = False, pin_memory: bool = False, memory_format: any = None, names: any = None";
const OPTIONS = `*, ${KEYWORDS}`;

function sized(
  names: readonly string[],
  summary: string,
  call: OperatorSpec["call"],
  dtype: DTypeRule,
): readonly Operator[] {
  return op({ names, summary, call, shape: (made) => shapeFrom(made, "size"), dtype, strides: laidOut });
}

const FILLED = {
  torch: `*size: ints, ${KEYWORDS}`,
  numpy: 'shape as size: ints, dtype: dtype = None, order: string = "C", *, device: any = None, like: any = None',
} as const;

export const zeros = sized(["torch.zeros", "numpy.zeros"], "A tensor of zeros.", FILLED, orGiven(defaultFloat));
export const ones = sized(["torch.ones", "numpy.ones"], "A tensor of ones.", FILLED, orGiven(defaultFloat));
export const empty = sized(
  ["torch.empty", "numpy.empty"],
  "A tensor that is not initialised.",
  FILLED,
  orGiven(defaultFloat),
);
export const rand = sized(["torch.rand"], "Uniform random numbers between 0 and 1.", FILLED, orGiven(defaultFloat));
export const randn = sized(
  ["torch.randn"],
  "Random numbers of the standard normal distribution.",
  FILLED,
  orGiven(defaultFloat),
);

export const makeTensor = op({
  names: ["torch.testing.make_tensor"],
  summary: "Random numbers of a given type, as PyTorch's own tests use them.",
  call: "*size: ints, dtype: dtype, device: any, low: any = None, high: any = None, requires_grad: any = False, noncontiguous: any = False, exclude_zero: any = False, memory_format: any = None",
  shape: (call) => shapeFrom(call, "size"),
  dtype: orGiven(always(null)),
  docs: { torch: "testing.html#torch.testing.make_tensor" },
});

export const full = op({
  names: ["torch.full", "numpy.full"],
  summary: "A tensor filled with one value.",
  call: {
    torch: `size: ints, fill_value: any, ${OPTIONS}`,
    numpy:
      'shape as size: ints, fill_value: any, dtype: dtype = None, order: string = "C", *, device: any = None, like: any = None',
  },
  shape: (call) => fitting(call, shapeFrom(call, "size")),
  strides: laidOut,
  dtype: orGiven(fillType),
});

/** An array as the value must broadcast to the sizes. */
function fitting(call: Call, sizes: ShapeAnswer): ShapeAnswer {
  const value = argument(call, "fill_value");
  if (sizes === null || !("dims" in sizes) || (value.kind !== "tensor" && value.kind !== "list")) return sizes;
  const shape = tensorOf(call, "fill_value").shape;
  return fitInto(call, { parameter: "fill_value", shape }, sizes) ?? sizes;
}

/** The value decides the type: `torch.full((2,), 1)` is int64. */
function fillType(call: Call): DType | null {
  const value = argument(call, "fill_value");
  if (value.kind === "bool") return "bool";
  if (value.kind === "int") return "int64";
  if (value.kind === "float") return defaultFloat(call);
  if (value.kind === "complex") return libraryOf(call) === "numpy" ? "complex128" : "complex64";
  return value.kind === "tensor" || libraryOf(call) === "numpy" ? tensorOf(call, "fill_value").dtype : null;
}

export const randint = op({
  names: ["torch.randint"],
  summary: "Random integers from `low` up to, and without, `high`.",
  call: `low: any, high: any = None, size: any = None, ${OPTIONS}`,
  shape: (call) => {
    // `torch.randint(high, size)` leaves `low` out; then its sizes stand second.
    const sizes = isGiven(call, "size") ? argument(call, "size") : argument(call, "high");
    const items = itemsOf(sizes);
    return items === null ? unknownShape() : shapeOfSizes(items);
  },
  strides: laidOut,
  dtype: orGiven(always("int64")),
});

export const randperm = op({
  names: ["torch.randperm"],
  summary: "A random order of the integers up to `n`.",
  call: `n: int, ${OPTIONS}`,
  shape: (call) => shapeOfSizes([argument(call, "n")]),
  dtype: orGiven(always("int64")),
});

export const normal = op({
  names: ["torch.normal"],
  summary: "Random numbers of normal distributions.",
  call: "mean: any, std: any = 1.0, size: ints = None, *, generator: any = None, out: any = None, dtype: dtype = None, device: any = None, requires_grad: bool = False",
  shape: (call) => {
    const tensors = ["mean", "std"].filter((parameter) => argument(call, parameter).kind === "tensor");
    if (isGiven(call, "size")) return tensors.length === 0 ? shapeFrom(call, "size") : sizeBeside(call);
    if (["mean", "std"].some((parameter) => argument(call, parameter).kind === "unknown")) return null;
    if (tensors.length === 0) return sizeBeside(call);
    return broadcastAll(
      call,
      tensors.map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
    );
  },
  dtype: (call) => {
    if (isGiven(call, "size")) return orGiven(defaultFloat)(call);
    const [mean, deviation] = [argument(call, "mean"), argument(call, "std")];
    const dtype = mean.kind === "tensor" ? mean.dtype : deviation.kind === "tensor" ? deviation.dtype : null;
    return dtype !== null && isFloating(dtype) && mean.kind !== "unknown" ? dtype : null;
  },
});

/** Numbers need a size, and tensors have one of their own. */
function sizeBeside(call: Call): Problem {
  return problem("argument", {
    message: () => `\`normal\` takes ${isGiven(call, "size") ? "no size beside tensors" : "a size beside numbers"}.`,
  });
}

const LIKE = {
  torch: `input: tensor, ${OPTIONS}`,
  numpy:
    'a|x|prototype as input: tensor, dtype: dtype = None, order: string = "K", subok: any = True, shape as size: ints = None, *, device: any = None',
} as const;

function like(names: readonly string[], summary: string, dtype: DTypeRule = same()): readonly Operator[] {
  return op({
    names,
    summary,
    call: LIKE,
    shape: sameOrGiven,
    dtype: orGiven(dtype),
    strides: preserved,
    notation: "()->()",
  });
}

function sameOrGiven(call: Call): ShapeAnswer {
  return isGiven(call, "size") ? shapeFrom(call, "size") : tensorOf(call, "input").shape;
}

export const zerosLike = like(["torch.zeros_like", "numpy.zeros_like"], "Zeros in the shape of another tensor.");
export const onesLike = like(["torch.ones_like", "numpy.ones_like"], "Ones in the shape of another tensor.");
export const emptyLike = like(
  ["torch.empty_like", "numpy.empty_like"],
  "A tensor in the shape of another one, not initialised.",
);
export const randLike = like(["torch.rand_like"], "Uniform random numbers in the shape of another tensor.");
export const randnLike = like(["torch.randn_like"], "Normal random numbers in the shape of another tensor.");

export const fullLike = op({
  names: ["torch.full_like", "numpy.full_like"],
  summary: "One value in the shape of another tensor.",
  call: {
    torch: `input: tensor, fill_value: any, ${OPTIONS}`,
    numpy:
      'a as input: tensor, fill_value: any, dtype: dtype = None, order: string = "K", subok: any = True, shape as size: ints = None, *, device: any = None',
  },
  shape: (call) => fitting(call, sameOrGiven(call)),
  dtype: orGiven(same()),
  notation: "()->()",
});

export const randintLike = op({
  names: ["torch.randint_like"],
  summary: "Random integers in the shape of another tensor.",
  call: `input: tensor, low: any, high: any = None, ${OPTIONS}`,
  shape: (call) => tensorOf(call, "input").shape,
  dtype: orGiven(same()),
  notation: "()->()",
});

export const newFilled = op({
  names: ["torch.Tensor.new_zeros", "torch.Tensor.new_ones", "torch.Tensor.new_empty"],
  summary: "A tensor of the given sizes, with the type and device of another one.",
  call: `self as input: tensor, *size: ints, ${KEYWORDS}`,
  shape: (call) => shapeFrom(call, "size"),
  dtype: orGiven(same()),
});

export const newFull = op({
  names: ["torch.Tensor.new_full"],
  summary: "One value in the given sizes, with the type and device of another tensor.",
  call: `self as input: tensor, size: ints, fill_value: any, ${OPTIONS}`,
  shape: (call) => shapeFrom(call, "size"),
  dtype: orGiven(same()),
});

function square(call: Call): ShapeAnswer {
  const n = argument(call, "n");
  const sizes = [n, isGiven(call, "m") ? argument(call, "m") : n];
  // NumPy makes an empty matrix of a negative size.
  const negative = sizes.some((size) => (numberOf(size) ?? 0) < 0);
  return negative && libraryOf(call) === "numpy"
    ? { lead: null, dims: [unknownDim(), unknownDim()] }
    : shapeOfSizes(sizes);
}

export const eye = op({
  names: ["torch.eye", "numpy.eye", "numpy.identity"],
  summary: "The identity matrix.",
  call: {
    torch: `n: int, m: int = None, ${OPTIONS}`,
    "numpy.eye":
      'N as n: int, M as m: int = None, k: int = 0, dtype: dtype = None, order: string = "C", *, device: any = None, like: any = None',
    "numpy.identity": "n: int, dtype: dtype = None, *, like: any = None",
  },
  shape: square,
  dtype: orGiven(defaultFloat),
});

export const tri = op({
  names: ["numpy.tri"],
  summary: "Ones in and below a diagonal, zeros above it.",
  call: "N as n: int, M as m: int = None, k: int = 0, dtype: dtype = None, *, like: any = None",
  shape: square,
  dtype: orGiven(defaultFloat),
});
