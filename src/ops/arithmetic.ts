/**
 * Rarer functions of single elements or pairs of them, beside those in `elementwise.ts`: number theory, steps,
 * parts of numbers, polar forms.
 */
import { isGiven, libraryOf, tensorOf, typesOf } from "./arguments.ts";
import { tensor, tuple, unknown } from "./datum.ts";
import { op } from "./declare.ts";
import { category, isFloating, type DType } from "./dtype.ts";
import { always, floating, orGiven, promoted, promoteData, type DTypeRule } from "./dtype-rules.ts";
import {
  arithmetic,
  binary,
  binaryOfTensors,
  broadcastBoth,
  floatingPair,
  needsTensors,
  noBooleans,
  UFUNC,
  unary,
} from "./elementwise.ts";
import { alsoInPlace, inEveryForm, inNumpy } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem } from "./problems.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

const pair: DTypeRule = promoted("input", "other");

/** The type where it is a floating one; what integers become differs between versions. */
const onlyFloats: DTypeRule = (call) => {
  const { dtype } = tensorOf(call, "input");
  return dtype !== null && isFloating(dtype) ? dtype : null;
};

export const heaviside = binaryOfTensors(
  [...alsoInPlace("heaviside"), ...inNumpy("heaviside")],
  "0 below zero, 1 above, the second operand at zero.",
  (call) => (libraryOf(call) === "numpy" ? floatingPair(call) : pair(call)),
);
export const nextafter = binaryOfTensors(
  [...alsoInPlace("nextafter"), ...inNumpy("nextafter")],
  "The next floating-point number towards the second operand.",
  (call) => (libraryOf(call) === "numpy" ? floatingPair(call) : pair(call)),
);
export const divisors = binaryOfTensors(
  [...inEveryForm("gcd", "lcm"), ...inNumpy("gcd", "lcm")],
  "Greatest common divisor or least common multiple.",
);
const doubled: DTypeRule = (call) => {
  const dtype = pair(call);
  if (dtype === null) return null;
  if (typesOf(call) === "jax") return floating(pair)(call);
  return category(dtype) === "complex" ? "complex128" : "float64";
};

/** Only a tensor in double precision can hold the result. */
function tooNarrow(call: Call): Problem | null {
  const [{ dtype }, result] = [tensorOf(call, "input"), doubled(call)];
  if (!call.name.endsWith("_") || dtype === null || result === null || dtype === result) return null;
  return problem("dtype", {
    parameters: ["input"],
    message: (name) => `\`float_power_\` gives ${result}, which ${name("input")} cannot hold: it is ${dtype}.`,
  });
}

export const floatPower = op({
  names: [...alsoInPlace("float_power"), ...inNumpy("float_power")],
  summary: "Power in double precision.",
  call: {
    torch: "input: tensor, exponent as other: tensor, *, out: any = None",
    numpy: `x1 as input: tensor, x2 as other: tensor, /, ${UFUNC}`,
  },
  shape: (call) => tooNarrow(call) ?? broadcastBoth(call),
  dtype: orGiven(doubled),
  notation: "(),()->()",
});
export const ldexp = binaryOfTensors(
  [...inEveryForm("ldexp"), ...inNumpy("ldexp")],
  "First operand times two to the power of the second.",
  (call) => (libraryOf(call) === "torch" ? timesPowerOfTwo(call) : floating()(call)),
);

/** The power is taken first, and is a floating-point number. */
function timesPowerOfTwo(call: Call): DType | null {
  const [input, other] = [tensorOf(call, "input"), tensorOf(call, "other")];
  return promoteData(call, [input, { ...other, dtype: floating(() => other.dtype)(call) }]);
}

export const reverseSubtract = op({
  names: ["torch.rsub"],
  summary: "Difference of two tensors with the operands exchanged.",
  call: "input: tensor, other: tensor, alpha: any = 1",
  shape: (call) => needsTensors(call, ["input"]) ?? noBooleans(call, ["input", "other"]) ?? broadcastBoth(call),
  dtype: pair,
  notation: "(),()->()",
});
export const xlogy = binary(inEveryForm("xlogy"), "First operand times the logarithm of the second.", floating(pair));
/** Both parts are floating-point numbers of one type. */
function unlikeParts(call: Call): Problem | null {
  const [a, b] = [tensorOf(call, "input").dtype, tensorOf(call, "other").dtype];
  if (a === null || b === null || (a === b && isFloating(a) && a !== "bfloat16")) return null;
  return problem("dtype", {
    parameters: ["input", "other"],
    message: (name) => `${name("input")} is ${a} and ${name("other")} ${b}; both must be one floating-point type.`,
  });
}

export const complexFromParts = op({
  names: ["torch.complex", "torch.polar"],
  summary: "Complex numbers from two real tensors.",
  call: {
    "torch.complex": "real as input: tensor, imag as other: tensor, *, out: any = None",
    "torch.polar": "abs as input: tensor, angle as other: tensor, *, out: any = None",
  },
  shape: (call) =>
    needsTensors(call, ["input", "other"]) ??
    unlikeParts(call) ??
    broadcastAll(call, [
      { parameter: "input", shape: tensorOf(call, "input").shape },
      { parameter: "other", shape: tensorOf(call, "other").shape },
    ]),
  dtype: (call) => {
    const { dtype } = tensorOf(call, "input");
    if (dtype === "float16") return "complex32";
    return dtype === "float32" ? "complex64" : dtype === "float64" ? "complex128" : null;
  },
});

export const fix = unary(inNumpy("fix"), "Every element rounded towards zero.");

/** Integers become float64 here, however small. */
export const wide = unary(
  inNumpy("i0", "unwrap"),
  "A Bessel function, or angles without jumps.",
  (call) => {
    const { dtype } = tensorOf(call, "input");
    return dtype === null || isFloating(dtype) ? dtype : "float64";
  },
  "x|p as input: tensor, *more: any, **options",
);

export const bitCount = unary(inNumpy("bitwise_count"), "How many bits of every element are set.", always("uint8"));

export const realIfClose = op({
  names: ["numpy.real_if_close"],
  summary: "The real parts where all imaginary ones are nearly zero, which the data decide.",
  call: "a as input: tensor, tol: any = 100",
  shape: (call) => tensorOf(call, "input").shape,
  dtype: (call) => {
    const { dtype } = tensorOf(call, "input");
    return dtype === null || category(dtype) === "complex" ? null : dtype;
  },
});

/** Two results of the operands' common shape. */
export const divmod = op({
  names: ["numpy.divmod"],
  summary: "Quotient rounded down and remainder, element by element.",
  call: "x1 as input: tensor, x2 as other: tensor, /, **options",
  shape: (call) => {
    const shape = broadcastAll(call, [
      { parameter: "input", shape: tensorOf(call, "input").shape },
      { parameter: "other", shape: tensorOf(call, "other").shape },
    ]);
    if (isProblem(shape)) return shape;
    if (isGiven(call, "options")) return { value: unknown };
    const one = tensor(shape, arithmetic(call), "numpy");
    return { value: tuple([one, one]) };
  },
});

function twoParts(call: Call) {
  if (isGiven(call, "options")) return { value: unknown };
  const { shape } = tensorOf(call, "input");
  const dtype = libraryOf(call) === "numpy" ? floating()(call) : onlyFloats(call);
  const whole = call.name.endsWith("frexp") ? "int32" : dtype;
  return { value: tuple([tensor(shape, dtype, libraryOf(call)), tensor(shape, whole, libraryOf(call))]) };
}

export const parts = op({
  names: ["numpy.modf", "numpy.frexp", "torch.frexp", "torch.Tensor.frexp"],
  summary: "The two parts of every number: fraction and integer, or mantissa and exponent.",
  call: { numpy: "x as input: tensor, /, **options", torch: "input: tensor, *, out: any = None" },
  shape: twoParts,
});
