/**
 * Operators that treat every element alone: the shape stays, or is that of the operands broadcast
 * together. It declares the arithmetic ones; activations, comparisons and casts have their own files.
 */
import { argument, dtypeArgument, isNumber, libraryOf, tensorOf, typesOf } from "./arguments.ts";
import { unknown } from "./datum.ts";
import { op, type OperatorSpec, type ShapeAnswer } from "./declare.ts";
import { category, isLowerCategory } from "./dtype.ts";
import { floating, orGiven, promoted, promoteData, realPart, same, truth, type DTypeRule } from "./dtype-rules.ts";
import { elementwise } from "./memory-rules.ts";
import { alsoInPlace, inArray, inEveryForm, inNumpy, inTorch, withAssignment } from "./names.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { problem, shortName } from "./problems.ts";
import { pythonArithmetic } from "./scalars.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

/** What every one of NumPy's elementwise functions takes. */
export const UFUNC =
  "out: any = None, *, where: any = True, casting: any = None, order: any = None, dtype: dtype = None, subok: any = True, **options";

const UNARY = {
  torch: "input: tensor, *, out: any = None, **options",
  numpy: `x as input: tensor, /, ${UFUNC}`,
  "numpy.ndarray": "self as input: tensor, **options",
  "jax.numpy": "x as input: tensor, /",
  operator: "operand as input: tensor",
} as const;

const BINARY = {
  torch: "input: tensor, other: tensor, *, alpha: float = 1, out: any = None",
  numpy: `x1 as input: tensor, x2 as other: tensor, /, ${UFUNC}`,
  "jax.numpy": "x1 as input: tensor, x2 as other: tensor, /",
  operator: "left as input: tensor, right as other: tensor",
} as const;

/** One operand, whose shape the result has. */
export function unary(
  names: readonly string[],
  summary: string,
  dtype: DTypeRule = same(),
  call: OperatorSpec["call"] = UNARY,
): readonly Operator[] {
  return op({
    names,
    summary,
    call,
    shape: castable(dtype, sameShape),
    dtype: orGiven(dtype),
    strides: elementwise,
    work: "result",
    notation: "()->()",
  });
}

/** Two operands that PyTorch wants to be tensors, where others take numbers too. */
export function binaryOfTensors(...spec: Parameters<typeof binary>): readonly Operator[] {
  const [names, summary, dtype = promoted("input", "other"), call = BINARY] = spec;
  const shape = (made: Call): ShapeAnswer => needsTensors(made, ["input", "other"]) ?? broadcastBoth(made);
  return op({ names, summary, call, shape: castable(dtype, shape), dtype: orGiven(dtype), notation: "(),()->()" });
}

/** A number among operands that must be tensors. */
export function needsTensors(call: Call, parameters: readonly string[]): Problem | null {
  if (libraryOf(call) !== "torch") return null;
  const number = parameters.find((parameter) => isNumber(argument(call, parameter)));
  if (number === undefined) return null;
  return problem("argument", {
    blame: number,
    message: (name) => `\`${shortName(call)}\` takes tensors; ${name(number)} is a number.`,
  });
}

/** PyTorch changes no signs of booleans: `~mask` and `^` are meant. */
export function noBooleans(call: Call, parameters: readonly string[]): Problem | null {
  if (libraryOf(call) !== "torch") return null;
  const data = parameters.map((parameter) => argument(call, parameter));
  if (!data.some(({ kind }) => kind === "tensor")) return null;
  const at = data.findIndex((datum) => datum.kind === "bool" || (datum.kind === "tensor" && datum.dtype === "bool"));
  const parameter = parameters[at];
  if (parameter === undefined) return null;
  return problem("dtype", {
    parameters: [parameter],
    message: (name) =>
      `${name(parameter)} is boolean, and PyTorch does not subtract booleans; \`~\` and \`^\` are logic.`,
  });
}

/** Two operands, broadcast together. */
export function binary(
  names: readonly string[],
  summary: string,
  dtype: DTypeRule = promoted("input", "other"),
  call: OperatorSpec["call"] = BINARY,
): readonly Operator[] {
  return op({
    names,
    summary,
    call,
    shape: castable(dtype, broadcastBoth),
    dtype: orGiven(dtype),
    strides: elementwise,
    work: "result",
    notation: "(),()->()",
  });
}

/** `dtype=` asks NumPy to compute in another type; where that loses what the operands hold, NumPy may refuse. */
function castable(rule: DTypeRule, shape: (call: Call) => ShapeAnswer): (call: Call) => ShapeAnswer {
  return (call) => {
    const given = libraryOf(call) === "numpy" ? dtypeArgument(call.args) : undefined;
    if (given === undefined || given === null) return shape(call);
    const own = rule(call);
    if (own === null || category(given) === category(own)) return shape(call);
    return isLowerCategory(given, own) || rule === truth ? { value: unknown } : shape(call);
  };
}

/** The operands broadcast together, and with the mask that `where=` gives a NumPy function. */
export function broadcastParameters(call: Call, ...parameters: readonly string[]): ShapeAnswer {
  const where = argument(call, "where");
  const masked = where.kind !== "none" && where.kind !== "bool";
  if (where.kind === "unknown") return null;
  return broadcastAll(
    call,
    [...parameters, ...(masked ? ["where"] : [])].map((parameter) => ({
      parameter,
      shape: tensorOf(call, parameter).shape,
    })),
  );
}

export function sameShape(call: Call): ShapeAnswer {
  const datum = argument(call, "input");
  if (call.name.startsWith("operator.") && datum.kind !== "tensor") return pythonArithmetic(call.name, [datum]);
  return broadcastParameters(call, "input");
}

export function broadcastBoth(call: Call): ShapeAnswer {
  const [left, right] = [argument(call, "input"), argument(call, "other")];
  if (call.name.startsWith("operator.")) {
    if (left.kind !== "tensor" && right.kind !== "tensor") return pythonArithmetic(call.name, [left, right]);
    const other = left.kind === "tensor" ? right : left;
    const arrays = other.kind === "tensor" || other.kind === "unknown" || isNumber(other);
    if (!arrays && !(libraryOf(call) === "numpy" && (other.kind === "list" || other.kind === "tuple"))) {
      return { value: unknown };
    }
  }
  // PyTorch takes two numbers in few places, and a number as the first operand in few more.
  const numbers = isNumber(left) && (isNumber(right) || call.name.startsWith("torch.Tensor."));
  if (numbers && libraryOf(call) === "torch") return { value: unknown };
  return broadcastParameters(call, "input", "other");
}

/** Quotients, powers and remainders of booleans are small integers in NumPy, which has no difference of booleans. */
export const arithmetic: DTypeRule = (call) => {
  const dtype = promoted("input", "other")(call);
  if (dtype !== "bool") return dtype;
  return typesOf(call) === "numpy" && !/subtract|operator\.-/.test(call.name) ? "int8" : null;
};

/** Booleans are squared and inverted as small integers in NumPy. */
export const counted: DTypeRule = (call) => {
  const dtype = same()(call);
  return dtype !== "bool" ? dtype : typesOf(call) === "numpy" ? "int8" : null;
};

const sum: DTypeRule = promoted("input", "other");

/** NumPy makes each array of integers floating by its own size before it joins them. */
export const floatingPair: DTypeRule = (call) => {
  const operands = ["input", "other"].map((parameter) => argument(call, parameter));
  const joined = floating(promoted("input", "other"))(call);
  if (typesOf(call) !== "numpy" || joined === null || operands.some(isNumber)) return joined;
  return promoteData(
    call,
    ["input", "other"].map((parameter) => ({ ...tensorOf(call, parameter), dtype: floating(same(parameter))(call) })),
  );
};
const quotient: DTypeRule = (call) => {
  const dtype = promoted("input", "other")(call);
  if (dtype !== null && category(dtype) !== "float" && category(dtype) !== "complex") {
    return libraryOf(call) === "numpy" ? "float64" : floating(() => dtype)(call);
  }
  return dtype;
};

export const add = binary(
  [...alsoInPlace("add"), ...inNumpy("add"), ...withAssignment("+")],
  "Sum of two tensors, element by element.",
  sum,
);
export const subtract = op({
  names: [...alsoInPlace("sub", "subtract"), ...inNumpy("subtract"), ...withAssignment("-")],
  summary: "Difference of two tensors, element by element.",
  call: BINARY,
  shape: (call) => noBooleans(call, ["input", "other"]) ?? broadcastBoth(call),
  dtype: orGiven(arithmetic),
  notation: "(),()->()",
});
export const multiply = binary(
  [...alsoInPlace("mul", "multiply"), ...inNumpy("multiply"), ...withAssignment("*")],
  "Product of two tensors, element by element.",
  sum,
);
export const trueDivide = binary(
  [...alsoInPlace("true_divide"), ...inNumpy("divide", "true_divide"), ...withAssignment("/")],
  "Quotient of two tensors, element by element; integers give floating-point numbers.",
  quotient,
);
export const divide = binary(
  alsoInPlace("div", "divide"),
  "Quotient of two tensors, element by element, rounded if `rounding_mode` asks for it.",
  (call) => {
    const mode = argument(call, "rounding_mode");
    if (mode.kind === "none") return quotient(call);
    return mode.kind === "string" ? arithmetic(call) : null;
  },
  "input: tensor, other: tensor, *, rounding_mode: string = None, out: any = None",
);
export const floorDivide = binary(
  [...alsoInPlace("floor_divide"), ...inNumpy("floor_divide"), ...withAssignment("//")],
  "Quotient rounded down, element by element.",
  arithmetic,
);
export const remainder = binary(
  [...alsoInPlace("remainder", "fmod"), ...inNumpy("remainder", "mod", "fmod"), ...withAssignment("%")],
  "Remainder of a division, element by element.",
  arithmetic,
);
export const power = binary(
  [...withAssignment("**"), ...inNumpy("power", "pow")],
  "First operand raised to the power of the second, element by element.",
  arithmetic,
);
export const torchPower = binary(
  alsoInPlace("pow"),
  "First operand raised to the power of the second, element by element.",
  arithmetic,
  "input|self: tensor, exponent as other: tensor, *, out: any = None",
);
export const maximum = binaryOfTensors(
  [...inTorch("maximum", "fmax"), ...inNumpy("maximum", "fmax")],
  "Greater of two elements.",
);
export const minimum = binaryOfTensors(
  [...inTorch("minimum", "fmin"), ...inNumpy("minimum", "fmin")],
  "Smaller of two elements.",
);
export const arctan2 = binaryOfTensors(
  [...alsoInPlace("atan2", "arctan2"), ...inNumpy("arctan2", "atan2")],
  "Angle of the point (other, input).",
  floatingPair,
);
export const hypot = binaryOfTensors(
  [...alsoInPlace("hypot"), ...inNumpy("hypot")],
  "Length of the hypotenuse over two sides.",
  floatingPair,
);
export const logaddexp = binaryOfTensors(
  [...inTorch("logaddexp", "logaddexp2"), ...inNumpy("logaddexp", "logaddexp2")],
  "Logarithm of the sum of two exponentials.",
  floatingPair,
);
export const copysign = binary(
  [...alsoInPlace("copysign"), ...inNumpy("copysign")],
  "First operand with the sign of the second.",
  floatingPair,
);
export const bitwiseAnd = binary(
  [...alsoInPlace("bitwise_and"), ...inNumpy("bitwise_and"), ...withAssignment("&")],
  "Bitwise and; on booleans the logical one.",
);
export const bitwiseOr = binary(
  [...alsoInPlace("bitwise_or"), ...inNumpy("bitwise_or"), ...withAssignment("|")],
  "Bitwise or; on booleans the logical one.",
);
export const bitwiseXor = binary(
  [...alsoInPlace("bitwise_xor"), ...inNumpy("bitwise_xor"), ...withAssignment("^")],
  "Bitwise exclusive or; on booleans the logical one.",
);
export const shiftLeft = binary(
  [...alsoInPlace("bitwise_left_shift"), ...inNumpy("left_shift", "bitwise_left_shift"), ...withAssignment("<<")],
  "Bits shifted to the left.",
  arithmetic,
);
export const shiftRight = binary(
  [...alsoInPlace("bitwise_right_shift"), ...inNumpy("right_shift", "bitwise_right_shift"), ...withAssignment(">>")],
  "Bits shifted to the right.",
  arithmetic,
);

export const negative = op({
  names: [...inEveryForm("neg", "negative"), ...inNumpy("negative"), "operator.unary-"],
  summary: "Every element with its sign changed.",
  call: UNARY,
  shape: (call) => noBooleans(call, ["input"]) ?? sameShape(call),
  dtype: orGiven(same()),
  notation: "()->()",
});
export const positive = op({
  names: [...inTorch("positive"), ...inNumpy("positive"), "operator.unary+"],
  summary: "Every element as it is.",
  call: UNARY,
  shape: (call) => noBooleans(call, ["input"]) ?? sameShape(call),
  dtype: orGiven(same()),
  notation: "()->()",
});
export const invert = unary(
  [...alsoInPlace("bitwise_not"), ...inNumpy("invert", "bitwise_not", "bitwise_invert"), "operator.~"],
  "Every bit inverted; on booleans the logical not.",
);
export const absolute = unary(
  [...inEveryForm("abs"), ...alsoInPlace("absolute"), ...inNumpy("abs", "absolute"), "builtins.abs"],
  "Absolute value of every element.",
  realPart(),
  { ...UNARY, builtins: "x as input: tensor, /" },
);
export const square = unary([...inEveryForm("square"), ...inNumpy("square")], "Square of every element.", counted);
export const sign = unary([...alsoInPlace("sign"), ...inNumpy("sign")], "Sign of every element.");
export const sgn = unary(alsoInPlace("sgn"), "Sign of every element, for complex ones the direction.");
export const conjugate = unary(
  [
    ...inTorch("conj", "resolve_conj", "resolve_neg"),
    ...inEveryForm("conj_physical"),
    ...inArray("conjugate"),
    ...inArray("conj"),
  ],
  "Complex conjugate of every element.",
  (call) => (call.name.startsWith("numpy.conj") ? counted(call) : same()(call)),
);
export const round = unary(
  inEveryForm("round"),
  "Every element rounded to the nearest integer, or to some decimals.",
  same(),
  "input: tensor, *, decimals: int = 0, out: any = None",
);
export const numpyRound = unary(
  [...inArray("round"), ...inNumpy("around")],
  "Every element rounded to some decimals.",
  (call) => {
    const dtype = same()(call);
    return dtype === "bool" ? null : dtype;
  },
  "a as input: tensor, decimals: int = 0, out: any = None",
);
