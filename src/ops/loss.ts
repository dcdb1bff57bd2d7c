/**
 * Losses: functions and layers of a prediction and a target, with a mean, a sum or every element.
 */
import { asNumber, rank, type Shape } from "../shapes/index.ts";
import { argument, isGiven, tensorOf, textArgument } from "./arguments.ts";
import { tensor } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { isFloating, isInteger } from "./dtype.ts";
import { promoted, type DTypeRule } from "./dtype-rules.ts";
import type { Call, Layer, Operator, Outcome, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

type Rule = (call: Call) => Shape | Problem | Outcome | null;

/** The loss of every element, or a single number; null where `reduction` is not known. */
function reduced(call: Call, elements: Shape | Problem | Outcome | null): ShapeAnswer {
  if (elements === null || isProblem(elements)) return elements;
  const reduction = textArgument(call.args, "reduction");
  const legacy = isGiven(call, "reduce") || isGiven(call, "size_average");
  if (reduction === null || legacy) return null;
  if (!("dims" in elements)) {
    if (reduction === "none" || "problem" in elements || elements.value.kind !== "tensor") return elements;
    return { ...elements, value: { ...elements.value, shape: { lead: null, dims: [] } } };
  }
  return reduction === "none" ? elements : { lead: null, dims: [] };
}

const OPTIONS = 'size_average: any = None, reduce: any = None, reduction: string = "mean"';

/** Two tensors that should have one shape; where they broadcast instead, PyTorch only warns. */
const pair: Rule = (call) => {
  const [input, target] = [tensorOf(call, "input").shape, tensorOf(call, "target").shape];
  const shape = broadcastAll(call, [
    { parameter: "input", shape: input },
    { parameter: "target", shape: target },
  ]);
  if (isProblem(shape) || !surelyUnequal(call, input, target)) return shape;
  const [first, second, result] = [
    shown(call, "input", input),
    shown(call, "target", target),
    shown(call, "", shape)(() => "").trim(),
  ];
  const remark = problem("silent-broadcast", {
    parameters: ["input", "target"],
    message: (name) => `\`${shortName(call)}\`: ${first(name)} against ${second(name)} broadcasts to ${result}.`,
  });
  return { value: tensor(shape, promoted("input", "target")(call), "torch"), remarks: [remark] };
};

function surelyUnequal(call: Call, a: Shape, b: Shape): boolean {
  const [n, m] = [rank(a), rank(b)];
  if (n === null || m === null) return false;
  return n !== m ? n > 0 && m > 0 : a.dims.some((dim, i) => call.solver.compare(dim, b.dims[i] ?? dim) === "no");
}

/** Binary cross entropy does not broadcast. */
const strictPair: Rule = (call) => {
  const [input, target] = [tensorOf(call, "input"), tensorOf(call, "target")];
  const verdict = call.solver.requireShapes(input.shape, target.shape, call.cause);
  if (verdict.answer === "no") return unequal(call, verdict);
  if (shortName(call).startsWith("binary") || shortName(call).startsWith("BCE")) {
    if (target.dtype !== null && isInteger(target.dtype) && !shortName(call).includes("ogits")) {
      return problem("dtype", {
        parameters: ["target"],
        message: (name) =>
          `\`${shortName(call)}\` needs a floating-point target; ${name("target")} is ${target.dtype}.`,
      });
    }
  }
  return call.solver.shape(input.shape);
};

function unequal(call: Call, verdict: Parameters<typeof problem>[1]["verdict"]): Problem {
  const [first, second] = [
    shown(call, "input", tensorOf(call, "input")),
    shown(call, "target", tensorOf(call, "target")),
  ];
  return problem("loss-sizes", {
    verdict: verdict ?? null,
    parameters: ["input", "target"],
    message: (name) => `\`${shortName(call)}\` needs equal shapes; ${first(name)} and ${second(name)} differ.`,
  });
}

/** (N, C, …) with class numbers (N, …), or (C) with a single one; or probabilities in the input's own shape. */
function classes(call: Call, probabilities: boolean): Shape | Problem | null {
  const [input, target] = [tensorOf(call, "input").shape, tensorOf(call, "target").shape];
  const [n, m] = [rank(input), rank(target)];
  const type = tensorOf(call, "target").dtype;
  if (n === null || m === null) return n === null ? null : without(input, n);
  if (n === 0) return null;
  if (n === m && probabilities)
    return type !== null && isInteger(type) ? wrongType(call, type) : sameSizes(call, input, target, without(input, n));
  if (m !== n - 1) return doNotFit(call, null);
  if (type !== null && isFloating(type)) return wrongType(call, type);
  return sameSizes(call, without(input, n), target, target);
}

function without(input: Shape, n: number): Shape {
  const at = n === 1 ? 0 : 1;
  return { lead: null, dims: input.dims.filter((_, i) => i !== at) };
}

function sameSizes(call: Call, a: Shape, b: Shape, result: Shape): Shape | Problem {
  const verdict = call.solver.requireShapes(a, b, call.cause);
  return verdict.answer === "no" ? doNotFit(call, verdict) : call.solver.shape(result);
}

function doNotFit(call: Call, verdict: Parameters<typeof problem>[1]["verdict"]): Problem {
  const [first, second] = [
    shown(call, "input", tensorOf(call, "input")),
    shown(call, "target", tensorOf(call, "target")),
  ];
  const sizes =
    verdict?.answer === "no" ? `: ${shownDim(call, verdict.left)} against ${shownDim(call, verdict.right)}` : "";
  return problem("loss-sizes", {
    verdict: verdict ?? null,
    parameters: ["input", "target"],
    message: (name) => `The classes of ${first(name)} do not fit the target ${second(name)}${sizes}.`,
  });
}

function wrongType(call: Call, dtype: string): Problem {
  return problem("dtype", {
    parameters: ["target"],
    message: (name) =>
      `\`${shortName(call)}\` takes class numbers as integers, or probabilities in the shape of the input; ${name("target")} is ${dtype}.`,
  });
}

function lossFunction(name: string, rule: Rule, more = OPTIONS): readonly Operator[] {
  return op({
    names: [`torch.nn.functional.${name}`],
    summary: "Loss of a prediction against a target.",
    call: `input: tensor, target: tensor, ${more}`,
    shape: (call) => reduced(call, rule(call)),
    dtype: lossType(rule),
  });
}

function lossLayer(name: string, rule: Rule, options = OPTIONS): Layer {
  return layer({
    names: [`torch.nn.${name}`],
    summary: "Loss of a prediction against a target.",
    construct: options,
    call: "input: tensor, target: tensor",
    shape: (made, call) => {
      const whole: Call = { ...call, name: name, args: new Map<string, Datum>([...made, ...call.args]) };
      return reduced(whole, rule(whole));
    },
    dtype: (_, call) => lossType(rule)(call),
  });
}

/** Elements are promoted where prediction and target are subtracted; weights could change that again. */
function lossType(rule: Rule): DTypeRule {
  return (call) => {
    if (rule !== pair) return tensorOf(call, "input").dtype;
    return isGiven(call, "weight") ? null : promoted("input", "target")(call);
  };
}

const WEIGHTED = `weight: any = None, ${OPTIONS}`;
const CLASSES =
  'weight: any = None, size_average: any = None, ignore_index: any = -100, reduce: any = None, reduction: string = "mean"';

export const mseLoss = lossFunction("mse_loss", pair, `${OPTIONS}, weight: any = None`);
export const l1Loss = lossFunction("l1_loss", pair, `${OPTIONS}, weight: any = None`);
export const smoothL1Loss = lossFunction("smooth_l1_loss", pair, `${OPTIONS}, beta: any = 1.0`);
export const huberLoss = lossFunction(
  "huber_loss",
  pair,
  'reduction: string = "mean", delta: any = 1.0, weight: any = None',
);
export const klDiv = lossFunction("kl_div", broadcastOnly, `${OPTIONS}, log_target: any = False`);
export const softMarginLoss = lossFunction("soft_margin_loss", broadcastOnly);
export const binaryCrossEntropy = lossFunction("binary_cross_entropy", strictPair, WEIGHTED);
export const binaryCrossEntropyWithLogits = lossFunction(
  "binary_cross_entropy_with_logits",
  strictPair,
  `${WEIGHTED}, pos_weight: any = None`,
);
export const crossEntropy = lossFunction(
  "cross_entropy",
  (call) => classes(call, true),
  `${CLASSES}, label_smoothing: any = 0.0`,
);
export const nllLoss = lossFunction("nll_loss", (call) => classes(call, false), CLASSES);

function broadcastOnly(call: Call): Shape | Problem | null {
  const [input, target] = [tensorOf(call, "input").shape, tensorOf(call, "target").shape];
  const shape = broadcastAll(call, [
    { parameter: "input", shape: input },
    { parameter: "target", shape: target },
  ]);
  return textArgument(call.args, "reduction") === "batchmean" && !isProblem(shape) ? { lead: null, dims: [] } : shape;
}

export const MSELoss = lossLayer("MSELoss", pair);
export const L1Loss = lossLayer("L1Loss", pair);
export const SmoothL1Loss = lossLayer("SmoothL1Loss", pair, `${OPTIONS}, beta: any = 1.0`);
export const HuberLoss = lossLayer("HuberLoss", pair, 'reduction: string = "mean", delta: any = 1.0');
export const KLDivLoss = lossLayer("KLDivLoss", broadcastOnly, `${OPTIONS}, log_target: any = False`);
export const BCELoss = lossLayer("BCELoss", strictPair, WEIGHTED);
export const BCEWithLogitsLoss = lossLayer("BCEWithLogitsLoss", strictPair, `${WEIGHTED}, pos_weight: any = None`);
export const CrossEntropyLoss = lossLayer(
  "CrossEntropyLoss",
  (call) => classes(call, true),
  `${CLASSES}, label_smoothing: any = 0.0`,
);
export const NLLLoss = lossLayer("NLLLoss", (call) => classes(call, false), CLASSES);

export const cosineSimilarity = op({
  names: ["torch.nn.functional.cosine_similarity", "torch.cosine_similarity"],
  summary: "Cosine of the angle between vectors along a dimension, which goes away.",
  call: "x1 as input: tensor, x2 as target: tensor, dim: any = 1, eps: any = 1e-08",
  dtype: promoted("input", "target"),
  shape: (call) => cosine(call, ["input", "target"], argument(call, "dim")),
});

/** The common shape of both, without the dimension along which they are compared. */
export function cosine(call: Call, parameters: readonly string[], datum: Datum): ShapeAnswer {
  const shape = broadcastAll(
    call,
    parameters.map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
  );
  if (isProblem(shape)) return shape;
  const axis = datum.kind === "int" ? asNumber(datum.value) : null;
  const count = rank(shape);
  if (axis === null || (count === null && (axis >= 0 || -axis > shape.dims.length))) return null;
  const at = axis < 0 ? shape.dims.length + axis : axis;
  if (count !== null && (at < 0 || at >= count)) return null;
  return { lead: shape.lead, dims: shape.dims.filter((_, i) => i !== at) };
}
