/**
 * Losses: functions and layers of a prediction and a target, with a mean, a sum or every element.
 */
import { constant, known, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, isGiven, numberArgument, tensorOf, textArgument } from "./arguments.ts";
import { tensor } from "./datum.ts";
import { layer, op, type LayerSpec, type ShapeAnswer } from "./declare.ts";
import { isFloating, isInteger, type DType } from "./dtype.ts";
import { promoteData, promoted, realPart, type DTypeRule } from "./dtype-rules.ts";
import type { Call, Layer, Operator, Outcome, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";
import { readAxis } from "./verbs/axis.ts";
import { broadcastAll, fitInto } from "./verbs/broadcast.ts";

export type LossRule = (call: Call) => Shape | Problem | Outcome | null;

/** The loss of every element, or a single number; null where `reduction` is not known. */
function reduced(call: Call, elements: Shape | Problem | Outcome | null): ShapeAnswer {
  if (elements === null || isProblem(elements)) return elements;
  const reduction = reductionOf(call);
  if (reduction === null || isProblem(reduction)) return reduction;
  if (!("dims" in elements)) {
    if (reduction === "none" || "problem" in elements || elements.value.kind !== "tensor") return elements;
    return { ...elements, value: { ...elements.value, shape: { lead: null, dims: [] } } };
  }
  return reduction === "none" ? elements : { lead: null, dims: [] };
}

/** `reduce=False` is the old way to say `reduction="none"`. PyTorch's own functions number the ways. */
function reductionOf(call: Call): "none" | "all" | Problem | null {
  if (isGiven(call, "reduce") || isGiven(call, "size_average")) {
    const reduce = isGiven(call, "reduce") ? boolArgument(call, "reduce") : true;
    return reduce === null ? null : reduce ? "all" : "none";
  }
  const number = numberArgument(call, "reduction");
  if (number !== null) return number === 0 ? "none" : "all";
  const text = textArgument(call.args, "reduction");
  if (text === null) return null;
  if (["mean", "sum", "batchmean"].includes(text)) return "all";
  if (text === "none") return "none";
  return problem("argument", {
    blame: "reduction",
    message: () => `\`reduction\` can be \`"none"\`, \`"mean"\` or \`"sum"\`; it is \`"${text}"\`.`,
  });
}

const OPTIONS = 'size_average: any = None, reduce: any = None, reduction: any = "mean"';

/** Two tensors that should have one shape; where they broadcast instead, PyTorch only warns. */
const pair: LossRule = (call) => {
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
  return { value: tensor(shape, pairType(call), "torch"), remarks: [remark] };
};

function surelyUnequal(call: Call, a: Shape, b: Shape): boolean {
  const [n, m] = [rank(a), rank(b)];
  if (n === null || m === null) return false;
  return n !== m ? n > 0 && m > 0 : a.dims.some((dim, i) => call.solver.compare(dim, b.dims[i] ?? dim) === "no");
}

/** Binary cross entropy does not broadcast. */
const strictPair: LossRule = (call) => {
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
  const single = n === 1 && m === 1 ? oneClass(call, input, target, probabilities) : "several";
  if (single !== "several") return single;
  if (n === m && probabilities)
    return type !== null && isInteger(type) ? wrongType(call, type) : sameSizes(call, input, target, without(input, n));
  if (m !== n - 1) return doNotFit(call, null);
  return (
    classProblem(call, input.dims[n === 1 ? 0 : 1] ?? unknownDim()) ??
    sameSizes(call, without(input, n), target, target)
  );
}

/** Class numbers are integers, and where classes have weights there is one for each. */
export function classProblem(call: Call, classes: Dim): Problem | null {
  const type = tensorOf(call, "target").dtype;
  if (type !== null && isFloating(type)) return wrongType(call, type);
  const weight = argument(call, "weight");
  if (weight.kind !== "tensor") return null;
  const verdict = call.solver.requireShapes(weight.shape, known([classes]), call.cause);
  if (verdict.answer !== "no") return null;
  const [told, count] = [shown(call, "weight", weight), shownDim(call, classes)];
  return problem("loss-sizes", {
    verdict,
    parameters: ["weight"],
    message: (name) => `\`${shortName(call)}\` needs a weight for each of ${count} classes; it gets ${told(name)}.`,
  });
}

/** The class of a single sample may stand in one dimension of size 1. */
function oneClass(call: Call, input: Shape, target: Shape, probabilities: boolean): Shape | Problem | null | "several" {
  const [classCount, count] = [input.dims[0] ?? unknownDim(), target.dims[0] ?? unknownDim()];
  const same = call.solver.compare(classCount, count);
  if (probabilities && same === "yes") return "several";
  if (probabilities && same === "maybe") return null;
  if (call.solver.compare(count, constant(1)) === "no") return doNotFit(call, null);
  return classProblem(call, classCount) ?? { lead: null, dims: [] };
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

export interface LossSpec {
  /** Names in `torch.nn.functional`, or whole ones; none where there is a layer only. */
  readonly functions: readonly string[];
  readonly layers: readonly string[];
  readonly summary?: string;
  /** What a call gets, the prediction first. */
  readonly inputs?: string;
  readonly layerInputs?: string;
  readonly options?: string;
  /** The layer's options, where their order is another one. */
  readonly construct?: string;
  /** The loss of every element, before it is reduced. */
  readonly elements: LossRule;
  readonly dtype?: DTypeRule;
  readonly weights?: LayerSpec["weights"];
}

/** A loss is a function of prediction and target with options, and a layer that is made with these options. */
export function loss(spec: LossSpec): readonly (Operator | Layer)[] {
  const { inputs = "input: tensor, target: tensor", options = OPTIONS, elements } = spec;
  const { summary = "Loss of a prediction against a target.", dtype = lossType(elements) } = spec;
  const layers = spec.layers.map((name) =>
    layer({
      names: [`torch.nn.${name}`],
      summary,
      construct: spec.construct ?? options,
      call: spec.layerInputs ?? inputs,
      shape: (made, call) => {
        const whole: Call = { ...call, name, args: new Map<string, Datum>([...made, ...call.args]) };
        return reduced(whole, elements(whole));
      },
      dtype: (made, call) => dtype({ ...call, args: new Map<string, Datum>([...made, ...call.args]) }),
      ...(spec.weights === undefined ? {} : { weights: spec.weights }),
    }),
  );
  if (spec.functions.length === 0) return layers;
  const names = spec.functions.map((name) => (name.includes(".") ? name : `torch.nn.functional.${name}`));
  const call = `${inputs}, ${options}`;
  return [...op({ names, summary, call, shape: (made) => reduced(made, elements(made)), dtype }), ...layers];
}

/** Elements are promoted where prediction and target are subtracted; weights could change that again. */
function lossType(rule: LossRule): DTypeRule {
  return (call) => {
    if (rule === strictPair) return oneType(call);
    if (rule !== pair) return tensorOf(call, "input").dtype;
    return isGiven(call, "weight") ? null : pairType(call);
  };
}

/** The type that prediction and target share; null where they differ. */
function oneType(call: Call): DType | null {
  const { dtype } = tensorOf(call, "input");
  return dtype === tensorOf(call, "target").dtype ? dtype : null;
}

/** Both are stretched to one shape before anything else, so that a single number counts like the others. */
function pairType(call: Call): DType | null {
  const [input, target] = [tensorOf(call, "input"), tensorOf(call, "target")];
  const { shape } = input.shape.dims.length < target.shape.dims.length ? target : input;
  return promoteData(call, [
    { ...input, shape },
    { ...target, shape },
  ]);
}

const WEIGHTED = `weight: any = None, ${OPTIONS}`;
const CLASSES =
  'weight: any = None, size_average: any = None, ignore_index: any = -100, reduce: any = None, reduction: any = "mean"';
const SMOOTHED = `${CLASSES}, label_smoothing: any = 0.0`;

export const mseLoss = loss({
  functions: ["mse_loss"],
  layers: ["MSELoss"],
  options: `${OPTIONS}, weight: any = None`,
  construct: OPTIONS,
  elements: pair,
});
export const l1Loss = loss({
  functions: ["l1_loss"],
  layers: ["L1Loss"],
  options: `${OPTIONS}, weight: any = None`,
  construct: OPTIONS,
  elements: pair,
  dtype: realPart(lossType(pair)),
});
export const smoothL1Loss = loss({
  functions: ["smooth_l1_loss"],
  layers: ["SmoothL1Loss"],
  options: `${OPTIONS}, beta: any = 1.0`,
  elements: pair,
});
export const huberLoss = loss({
  functions: ["huber_loss"],
  layers: ["HuberLoss"],
  options: 'reduction: any = "mean", delta: any = 1.0, weight: any = None',
  elements: pair,
  // With elements of another type the reduction decides which of both it is.
  dtype: (call) => (oneType(call) === null ? null : lossType(pair)(call)),
});
export const klDiv = loss({
  functions: ["kl_div"],
  layers: ["KLDivLoss"],
  options: `${OPTIONS}, log_target: any = False`,
  elements: (call) => integral(call) ?? broadcastOnly(call),
  dtype: promoted("input", "target"),
});
export const softMarginLoss = loss({
  functions: ["soft_margin_loss"],
  layers: ["SoftMarginLoss"],
  // The target is multiplied into the prediction, which keeps its shape.
  elements: (call) => {
    const input = call.solver.shape(tensorOf(call, "input").shape);
    const target = { parameter: "target", shape: tensorOf(call, "target").shape };
    return fitInto(call, target, input, "loss-sizes") ?? call.solver.shape(input);
  },
});
export const binaryCrossEntropy = loss({
  functions: ["binary_cross_entropy"],
  layers: ["BCELoss"],
  options: WEIGHTED,
  elements: strictPair,
});
export const binaryCrossEntropyWithLogits = loss({
  functions: ["binary_cross_entropy_with_logits"],
  layers: ["BCEWithLogitsLoss"],
  options: `${WEIGHTED}, pos_weight: any = None`,
  elements: strictPair,
});
export const crossEntropy = loss({
  functions: ["cross_entropy"],
  layers: ["CrossEntropyLoss"],
  options: SMOOTHED,
  elements: (call) => classes(call, true),
});
export const nllLoss = loss({
  functions: ["nll_loss"],
  layers: ["NLLLoss", "NLLLoss2d"],
  options: CLASSES,
  elements: (call) => classes(call, false),
});

/** Probabilities are no integers. */
function integral(call: Call): Problem | null {
  const parameter = ["input", "target"].find((name) => {
    const { dtype } = tensorOf(call, name);
    return dtype !== null && (isInteger(dtype) || dtype === "bool");
  });
  if (parameter === undefined) return null;
  return problem("dtype", {
    parameters: [parameter],
    message: (name) => `\`${shortName(call)}\` takes floating-point numbers; ${name(parameter)} has none.`,
  });
}

function broadcastOnly(call: Call): Shape | Problem | null {
  const [input, target] = [tensorOf(call, "input").shape, tensorOf(call, "target").shape];
  const shape = broadcastAll(call, [
    { parameter: "input", shape: input },
    { parameter: "target", shape: target },
  ]);
  return textArgument(call.args, "reduction") === "batchmean" && !isProblem(shape) ? { lead: null, dims: [] } : shape;
}

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
  const axis = readAxis(call, "dim", datum, shape, { of: parameters[0] ?? "input", scalars: true });
  if (axis === null || isProblem(axis)) return axis;
  const wide = call.solver.shape(shape);
  if (-axis > wide.dims.length) return rank(wide) === 0 ? wide : null;
  return { lead: wide.lead, dims: wide.dims.filter((_, i) => i !== wide.dims.length + axis) };
}
