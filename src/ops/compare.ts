/**
 * Comparisons, logic and tests of every element, which give booleans, and the choices built on them.
 */
import { rank } from "../shapes/index.ts";
import { argument, isGiven, isNumber, tensorOf } from "./arguments.ts";
import { op } from "./declare.ts";
import { orGiven, promoted, promoteData, same, truth } from "./dtype-rules.ts";
import { binary, binaryOfTensors, needsTensors, unary } from "./elementwise.ts";
import { inOrder } from "./memory-rules.ts";
import { alsoInPlace, inArray, inEveryForm, inNumpy, inTorch } from "./names.ts";
import { mixedTypes } from "./matmul.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem } from "./problems.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

function comparison(symbol: string, torch: readonly string[], numpy: string) {
  return binary(
    [`operator.${symbol}`, ...alsoInPlace(...torch), ...inNumpy(numpy)],
    `\`${symbol}\` of two tensors, element by element.`,
    truth,
  );
}

export const equal = comparison("==", ["eq"], "equal");
export const notEqual = comparison("!=", ["ne", "not_equal"], "not_equal");
export const less = comparison("<", ["lt", "less"], "less");
export const lessEqual = comparison("<=", ["le", "less_equal"], "less_equal");
export const greater = comparison(">", ["gt", "greater"], "greater");
export const greaterEqual = comparison(">=", ["ge", "greater_equal"], "greater_equal");

export const logical = binaryOfTensors(
  [...alsoInPlace("logical_and", "logical_or", "logical_xor"), ...inNumpy("logical_and", "logical_or", "logical_xor")],
  "Logic of two tensors, element by element.",
  truth,
);
export const isclose = binary(
  [...inTorch("isclose"), ...inNumpy("isclose")],
  "Whether two elements are nearly equal.",
  truth,
  {
    torch: "input: tensor, other: tensor, rtol: any = 1e-05, atol: any = 1e-08, equal_nan: any = False",
    numpy: "a as input: tensor, b as other: tensor, rtol: any = 1e-05, atol: any = 1e-08, equal_nan: any = False",
  },
);
export const tests = unary(
  [
    ...alsoInPlace("logical_not"),
    ...inTorch("isnan", "isinf", "isfinite", "isposinf", "isneginf", "isreal", "signbit"),
    ...inNumpy("logical_not", "isnan", "isinf", "isfinite", "signbit", "isposinf", "isneginf"),
  ],
  "Whether something holds of every element.",
  truth,
);
export const complexTests = op({
  names: inNumpy("iscomplex", "isreal"),
  summary: "Whether every element has an imaginary part, or has none.",
  call: "x as input: tensor",
  // Of one of Python's numbers it is one of Python's truth values.
  shape: (call) => (isNumber(argument(call, "input")) ? { value: { kind: "unknown" } } : tensorOf(call, "input").shape),
  dtype: truth,
});

export const isin = op({
  names: ["torch.isin", "numpy.isin"],
  summary: "Whether every element is among others.",
  call: {
    torch: "elements as input: tensor, test_elements: any, **options",
    numpy: "element as input: tensor, test_elements: any, **options",
  },
  shape: (call) => tensorOf(call, "input").shape,
  dtype: truth,
});

export const maskedFill = op({
  names: alsoInPlace("masked_fill"),
  summary: "Writes one value where a mask is true; tensor and mask are broadcast together.",
  call: "input: tensor, mask: tensor, value: any",
  shape: (call) => {
    const [input, mask] = [tensorOf(call, "input"), tensorOf(call, "mask")];
    // A mask of unknown rank is taken to fit into the tensor, as its documentation asks for.
    if (call.solver.shape(mask.shape).lead !== null) return input.shape;
    const value = argument(call, "value");
    if (value.kind === "tensor" && (rank(value.shape) ?? 0) > 0) {
      return problem("argument", {
        blame: "value",
        message: (name) => `\`masked_fill\` writes one value; ${name("value")} has dimensions.`,
      });
    }
    if (mask.dtype !== null && mask.dtype !== "bool") {
      return problem("dtype", {
        parameters: ["mask"],
        message: (name) => `\`masked_fill\` needs a boolean mask; ${name("mask")} is ${mask.dtype}.`,
      });
    }
    return broadcastAll(call, [
      { parameter: "input", shape: input.shape },
      { parameter: "mask", shape: mask.shape },
    ]);
  },
  dtype: same(),
  strides: inOrder,
  notation: "(),()->()",
});

/** The bounds are numbers, or tensors that broadcast; there is one at least. */
function clamped(call: Call) {
  if (!isGiven(call, "min") && !isGiven(call, "max") && call.name.startsWith("torch.")) {
    return problem("argument", { message: () => "`clamp` needs `min` or `max`." });
  }
  const operands = [{ parameter: "input", shape: tensorOf(call, "input").shape }];
  for (const parameter of ["min", "max"]) {
    const bound = argument(call, parameter);
    if (bound.kind === "tensor") operands.push({ parameter, shape: tensorOf(call, parameter).shape });
    if (bound.kind === "unknown") return null;
  }
  return broadcastAll(call, operands);
}

export const clamp = op({
  names: [...inEveryForm("clamp", "clip"), ...inArray("clip")],
  summary: "Every element limited to a range.",
  call: {
    torch: "input: tensor, min: any = None, max: any = None, *, out: any = None",
    numpy:
      "a as input: tensor, a_min|min as min: any = None, a_max|max as max: any = None, out: any = None, *, dtype: dtype = None, **options",
  },
  shape: clamped,
  dtype: orGiven((call) =>
    promoteData(
      call,
      ["input", "min", "max"].map((parameter) => argument(call, parameter)).filter(({ kind }) => kind !== "none"),
    ),
  ),
  notation: "()->()",
});

export const clampOneSided = op({
  names: inEveryForm("clamp_min", "clamp_max"),
  summary: "Every element limited on one side.",
  call: "input: tensor, min|max as min: any, *, out: any = None",
  shape: (call) => needsTensors(call, ["input"]) ?? clamped(call),
  dtype: (call) => promoteData(call, [argument(call, "input"), argument(call, "min")]),
  notation: "()->()",
});

function three(
  names: readonly string[],
  summary: string,
  call: string,
  parameters: readonly string[],
  check: (call: Call) => Problem | null = () => null,
) {
  return op({
    names,
    summary,
    call,
    shape: (made) =>
      check(made) ??
      broadcastAll(
        made,
        parameters.map((parameter) => ({ parameter, shape: tensorOf(made, parameter).shape })),
      ),
    dtype: promoted(...parameters),
    notation: "(),(),()->()",
  });
}

export const lerp = three(
  alsoInPlace("lerp"),
  "Weighted mean of two tensors.",
  "input: tensor, end: tensor, weight: tensor, *, out: any = None",
  ["input", "end", "weight"],
  (call) => mixedTypes(call, ["input", "end"]),
);
export const addcmul = three(
  alsoInPlace("addcmul", "addcdiv"),
  "A tensor plus a scaled product or quotient of two others.",
  "input: tensor, tensor1: tensor, tensor2: tensor, *, value: any = 1, out: any = None",
  ["input", "tensor1", "tensor2"],
);

export const broadcastTensors = op({
  names: ["torch.broadcast_tensors", "numpy.broadcast_arrays"],
  summary: "All tensors stretched to their common shape.",
  call: "*tensors: any",
  shape: (call) => {
    const items = argument(call, "tensors");
    if (items.kind !== "tuple" || !items.items.every((item) => item.kind === "tensor"))
      return { value: { kind: "unknown" } };
    const tensors = items.items.filter((item) => item.kind === "tensor");
    const shape = broadcastAll(
      call,
      tensors.map((one) => ({ parameter: "tensors", shape: one.shape })),
    );
    return isProblem(shape) ? shape : { value: { kind: "tuple", items: tensors.map((one) => ({ ...one, shape })) } };
  },
});
