/**
 * Tensors made from sizes: zeros, random numbers, identities, and the `_like` and `new_` forms. Those
 * made from values or from a range of numbers are in `create-from.ts`.
 */
import { asNumber, unknownDim, unknownShape, type Dim, type Shape } from "../shapes/index.ts";
import { argument, isGiven, libraryOf, sizesOf, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, numberOf } from "./datum.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import { always, defaultFloat, orGiven, same, type DTypeRule } from "./dtype-rules.ts";
import { isFloating, type DType } from "./dtype.ts";
import { laidOut, preserved } from "./memory-rules.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { problem } from "./problems.ts";
import type { Datum } from "./value.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

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
  shape: (call) => shapeFrom(call, "size"),
  strides: laidOut,
  dtype: orGiven(fillType),
});

/** The value decides the type: `torch.full((2,), 1)` is int64. */
function fillType(call: Call): DType | null {
  const value = argument(call, "fill_value");
  if (value.kind === "bool") return "bool";
  if (value.kind === "int") return "int64";
  if (value.kind === "float") return defaultFloat(call);
  if (value.kind === "complex") return libraryOf(call) === "numpy" ? "complex128" : "complex64";
  return value.kind === "tensor" ? value.dtype : null;
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
  shape: sameOrGiven,
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

/** The sizes of a random draw: those given, or else those of the parameters broadcast, which are mostly numbers. */
function drawn(call: Call): Shape | null {
  if (isGiven(call, "size")) {
    const answer = shapeFrom(call, "size");
    return answer !== null && "dims" in answer ? answer : null;
  }
  for (const [name, datum] of call.args) {
    if (name !== "size" && datum.kind !== "int" && datum.kind !== "float" && datum.kind !== "none") return null;
  }
  return { lead: null, dims: [] };
}

export function draws(name: string, parameters: string, dtype: DType | null = "float64"): readonly Operator[] {
  return op({
    names: [`numpy.random.${name}`],
    summary: "Random numbers in the given sizes; one number where no size is given.",
    call: `${parameters}size: ints = None`,
    shape: (call) => {
      const shape = drawn(call);
      // Without a size the result is one of Python's own numbers.
      return shape === null
        ? null
        : shape.dims.length > 0
          ? shape
          : isGiven(call, "size")
            ? shape
            : { value: single(dtype) };
    },
    dtype: always(dtype),
  });
}

function single(dtype: DType | null): Datum {
  return dtype === "float64" ? { kind: "float", value: null } : { kind: "unknown" };
}

export const numpyNormal = draws("normal", "loc: any = 0.0, scale: any = 1.0, ");
export const numpyUniform = draws("uniform", "low: any = 0.0, high: any = 1.0, ");
export const numpyRandom = draws("random", "");
export const numpyRandomSample = draws("random_sample", "");
export const numpyStandardNormal = draws("standard_normal", "");
export const numpyExponential = draws("exponential", "scale: any = 1.0, ");
export const numpyPoisson = draws("poisson", "lam: any = 1.0, ", "int64");
export const numpyBinomial = draws("binomial", "n: any, p: any, ", "int64");
export const numpyBeta = draws("beta", "a: any, b: any, ");
export const numpyGamma = draws("gamma", "shape: any, scale: any = 1.0, ");

export const numpyRandint = op({
  names: ["numpy.random.randint"],
  summary: "Random integers in the given sizes.",
  call: "low: any, high: any = None, size: ints = None, dtype: dtype = None",
  shape: (call) => (isGiven(call, "size") ? shapeFrom(call, "size") : { value: { kind: "unknown" } }),
  dtype: orGiven(always("int64")),
});

export const numpyRand = op({
  names: ["numpy.random.rand", "numpy.random.randn"],
  summary: "Random numbers in sizes that are passed one by one.",
  call: "*size: ints",
  shape: (call) => {
    const items = itemsOf(argument(call, "size")) ?? [];
    return items.length === 0 ? { value: { kind: "float", value: null } } : shapeOfSizes(items);
  },
  dtype: always("float64"),
});

export const numpyChoice = op({
  names: ["numpy.random.choice"],
  summary: "A random selection from a range or an array.",
  call: "a: any, size: ints = None, replace: any = True, p: any = None",
  shape: (call) => {
    const pool = argument(call, "a");
    const flat =
      pool.kind === "int" || (pool.kind === "tensor" && pool.shape.lead === null && pool.shape.dims.length === 1);
    if (!isGiven(call, "size")) return { value: { kind: "unknown" } };
    return flat ? shapeFrom(call, "size") : null;
  },
  dtype: (call) =>
    argument(call, "a").kind === "int"
      ? "int64"
      : argument(call, "a").kind === "tensor"
        ? tensorOf(call, "a").dtype
        : null,
});

export const numpyPermutation = op({
  names: ["numpy.random.permutation"],
  summary: "A random order of a range, or of the rows of an array.",
  call: "x: any",
  shape: (call) => {
    const x = argument(call, "x");
    const n = dimOf(x);
    return n !== null ? { lead: null, dims: [n] } : x.kind === "tensor" ? tensorOf(call, "x").shape : null;
  },
  dtype: (call) =>
    argument(call, "x").kind === "int"
      ? "int64"
      : argument(call, "x").kind === "tensor"
        ? tensorOf(call, "x").dtype
        : null,
});
