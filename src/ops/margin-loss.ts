/**
 * Losses of margins, distances, distributions and sequences. What all losses share is in `loss.ts`.
 */
import { asNumber, constant, known, rank, unknownDim, type Dim, type Shape, type Verdict } from "../shapes/index.ts";
import { argument, dimArgument, isGiven, isNumber, tensorOf, textArgument } from "./arguments.ts";
import { boolOf, dimOf, itemsOf, none, record, tensor } from "./datum.ts";
import { layer } from "./declare.ts";
import { category, isInteger } from "./dtype.ts";
import { floating, promoted, realPart, same, type DTypeRule } from "./dtype-rules.ts";
import { classProblem, loss, type LossRule } from "./loss.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shortName, shown, shownDim } from "./problems.ts";
import { broadcastAll } from "./verbs/broadcast.ts";

const OPTIONS = 'size_average: any = None, reduce: any = None, reduction: any = "mean"';
const REDUCTION = 'reduction: any = "mean"';

/** The common shape of several inputs. */
function together(...parameters: readonly string[]): LossRule {
  return (call) =>
    broadcastAll(
      call,
      parameters.map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape })),
    );
}

/** The same, where all of them must have the same number of dimensions. */
function alike(...parameters: readonly string[]): LossRule {
  return (call) => {
    const [first, ...others] = parameters.map((parameter) => ({ parameter, shape: tensorOf(call, parameter).shape }));
    const dims = first === undefined ? null : rank(first.shape);
    for (const other of others) {
      const count = rank(other.shape);
      if (first !== undefined && dims !== null && count !== null && dims !== count)
        return unlike(call, first.parameter, other.parameter);
    }
    return together(...parameters)(call);
  };
}

function unlike(call: Call, a: string, b: string, verdict: Verdict | null = null): Problem {
  const [first, second] = [shown(call, a, tensorOf(call, a)), shown(call, b, tensorOf(call, b))];
  return problem("loss-sizes", {
    verdict,
    parameters: [a, b],
    message: (name) => `\`${shortName(call)}\`: ${first(name)} does not fit ${second(name)}.`,
  });
}

/** The promoted type as a floating-point number; complex numbers among real ones are left open. */
function real(...parameters: readonly string[]): DTypeRule {
  const rule = floating(promoted(...parameters));
  return (call) => {
    const dtype = rule(call);
    return dtype === null || category(dtype) === "complex" ? null : dtype;
  };
}

const distances = realPart(floating(promoted("anchor", "positive", "negative")));

export const marginRankingLoss = loss({
  functions: ["margin_ranking_loss"],
  layers: ["MarginRankingLoss"],
  inputs: "input1: tensor, input2: tensor, target: tensor",
  options: `margin: any = 0.0, ${OPTIONS}`,
  elements: alike("input1", "input2", "target"),
  dtype: real("input1", "input2", "target"),
});

export const hingeEmbeddingLoss = loss({
  functions: ["hinge_embedding_loss"],
  layers: ["HingeEmbeddingLoss"],
  options: `margin: any = 1.0, ${OPTIONS}`,
  elements: together("input", "target"),
  // The target only says which elements count.
  dtype: real("input"),
});

/** Vectors (N, D) with a target (N), or a single one of each. */
export const cosineEmbeddingLoss = loss({
  functions: ["cosine_embedding_loss"],
  layers: ["CosineEmbeddingLoss"],
  inputs: "input1: tensor, input2: tensor, target: tensor",
  options: `margin: any = 0.0, ${OPTIONS}`,
  elements: (call) => {
    const [a, b, target] = ["input1", "input2", "target"].map((parameter) => tensorOf(call, parameter).shape);
    const count = target === undefined ? null : rank(target);
    if (a === undefined || b === undefined || target === undefined || count === null) return null;
    if (count > 1) return otherRank(call, "target", target, "a target of 0 or 1 dimensions");
    for (const [parameter, shape] of [
      ["input1", a],
      ["input2", b],
    ] as const) {
      const dims = rank(shape);
      if (dims !== null && dims !== count + 1) return unlike(call, parameter, "target");
    }
    const both = broadcastAll(call, [
      { parameter: "input1", shape: a },
      { parameter: "input2", shape: b },
    ]);
    if (isProblem(both)) return both;
    return broadcastAll(call, [
      { parameter: "input1", shape: { lead: both.lead, dims: both.dims.slice(0, -1) } },
      { parameter: "target", shape: target },
    ]);
  },
  dtype: realPart(floating(promoted("input1", "input2"))),
});

/** The distance between vectors takes their dimension, the last one, away. */
const triplet: LossRule = (call) => {
  const whole = alike("anchor", "positive", "negative")(call);
  if (whole === null || isProblem(whole) || !("dims" in whole)) return whole;
  return whole.dims.length === 0 ? null : { lead: whole.lead, dims: whole.dims.slice(0, -1) };
};

export const tripletMarginLoss = loss({
  functions: ["triplet_margin_loss"],
  layers: ["TripletMarginLoss"],
  inputs: "anchor: tensor, positive: tensor, negative: tensor",
  options: `margin: any = 1.0, p: any = 2, eps: any = 1e-06, swap: any = False, ${OPTIONS}`,
  elements: triplet,
  dtype: distances,
});

export const tripletMarginWithDistanceLoss = loss({
  functions: ["triplet_margin_with_distance_loss"],
  layers: ["TripletMarginWithDistanceLoss"],
  inputs: "anchor: tensor, positive: tensor, negative: tensor",
  options: `*, distance_function: any = None, margin: any = 1.0, swap: any = False, ${REDUCTION}`,
  construct: `*, distance_function: any = None, margin: any = 1.0, swap: any = False, ${REDUCTION}`,
  elements: (call) => {
    if (!isGiven(call, "distance_function")) return triplet(call);
    // What a distance of one's own gives is not known, but its mean is one number.
    return textArgument(call.args, "reduction") === "none" ? null : { lead: null, dims: [] };
  },
  dtype: (call) => {
    const types = new Set(["anchor", "positive", "negative"].map((name) => tensorOf(call, name).dtype));
    return isGiven(call, "distance_function") || types.size > 1 ? null : distances(call);
  },
});

const classMargins: LossRule = (call) => {
  const [input, target] = [tensorOf(call, "input").shape, tensorOf(call, "target").shape];
  const count = rank(input);
  if (count === null) return null;
  if (count > 2) return otherRank(call, "input", input, "at most 2 dimensions");
  if (count > 0 && asNumber(input.dims[count - 1] ?? unknownDim()) === 0) return unlike(call, "input", "target");
  if (count < 2) return { lead: null, dims: [] };
  const batch = known([input.dims[0] ?? unknownDim()]);
  const verdict = call.solver.requireShapes(target, batch, call.cause);
  if (verdict.answer === "no") return unlike(call, "input", "target", verdict);
  return classProblem(call, input.dims[1] ?? unknownDim()) ?? call.solver.shape(batch);
};

export const multiMarginLoss = loss({
  functions: ["multi_margin_loss"],
  layers: ["MultiMarginLoss"],
  options: `p: any = 1, margin: any = 1.0, weight: any = None, ${OPTIONS}`,
  elements: classMargins,
  dtype: same(),
});

/** (N, C) with the classes of every sample in (N, C), or one sample (C). */
const labelMargins: LossRule = (call) => {
  const [input, target] = [tensorOf(call, "input").shape, tensorOf(call, "target").shape];
  const count = rank(input);
  if (count === null) return null;
  if (count > 2) return otherRank(call, "input", input, "at most 2 dimensions");
  if (count === 0) return { lead: null, dims: [] };
  if (asNumber(input.dims[count - 1] ?? unknownDim()) === 0) return unlike(call, "input", "target");
  const verdict = call.solver.requireShapes(input, target, call.cause);
  if (verdict.answer === "no" && !(count === 1 && rank(target) === 0)) return unlike(call, "input", "target", verdict);
  return known(input.dims.slice(0, -1));
};

export const multilabelMarginLoss = loss({
  functions: ["multilabel_margin_loss"],
  layers: ["MultiLabelMarginLoss"],
  elements: labelMargins,
  dtype: same(),
});

/** The classes are the last dimension; their losses are averaged before anything else. */
export const multilabelSoftMarginLoss = loss({
  functions: ["multilabel_soft_margin_loss"],
  layers: ["MultiLabelSoftMarginLoss"],
  options: `weight: any = None, ${OPTIONS}`,
  elements: (call) => {
    const weighted = isGiven(call, "weight") ? ["weight"] : [];
    const whole = together("input", "target", ...weighted)(call);
    if (whole === null || isProblem(whole) || !("dims" in whole) || whole.dims.length === 0) return whole;
    return { lead: whole.lead, dims: whole.dims.slice(0, -1) };
  },
  dtype: real("input", "target"),
});

export const poissonLoss = loss({
  functions: ["poisson_nll_loss"],
  layers: ["PoissonNLLLoss"],
  layerInputs: "log_input as input: tensor, target: tensor",
  options: `log_input: any = True, full: any = False, size_average: any = None, eps: any = 1e-08, reduce: any = None, ${REDUCTION}`,
  elements: together("input", "target"),
  dtype: real("input", "target"),
});

/** A variance for every element, for every row, or one for each vector in the last dimension. */
export const gaussianLoss = loss({
  functions: ["gaussian_nll_loss"],
  layers: ["GaussianNLLLoss"],
  inputs: "input: tensor, target: tensor, var: any",
  options: `full: any = False, eps: any = 1e-06, ${REDUCTION}`,
  construct: `*, full: any = False, eps: any = 1e-06, ${REDUCTION}`,
  elements: (call) => {
    const whole = together("input", "target")(call);
    if (whole === null || isProblem(whole) || !("dims" in whole)) return whole;
    const variance = argument(call, "var");
    if (variance.kind !== "tensor") return isNumber(variance) ? whole : null;
    const [input, rows] = [tensorOf(call, "input").shape, tensorOf(call, "var").shape];
    if (rank(input) === null || rank(rows) === null) return null;
    if (!isVariance(call, input, rows)) return unlike(call, "var", "input");
    // Without a dimension of its own the variance gets one, and is the same for each vector.
    const widened = rank(rows) === (rank(input) ?? 0) - 1 && rank(input) !== 0;
    return broadcastAll(call, [
      { parameter: "input", shape: whole },
      { parameter: "var", shape: widened ? { lead: null, dims: [...rows.dims, constant(1)] } : rows },
    ]);
  },
  dtype: (call) => {
    const types = [promoted("input", "target")(call), promoted("input", "target", "var")(call)];
    return types[0] === types[1] ? (types[0] ?? null) : null;
  },
});

/** False where the library surely refuses the variance: at most one of its sizes may differ, and must then be 1. */
function isVariance(call: Call, input: Shape, variance: Shape): boolean {
  const differing = variance.dims.filter((dim, i) => call.solver.compare(dim, input.dims[i] ?? dim) === "no");
  const [n, m] = [input.dims.length, variance.dims.length];
  if (m === n - 1) return differing.length === 0;
  const [only] = differing;
  return n === m && (only === undefined || (differing.length === 1 && call.solver.compare(only, constant(1)) !== "no"));
}

/** Log probabilities (T, N, C), or (T, C) of one sequence. */
export const ctcLoss = loss({
  functions: ["ctc_loss", "torch.ctc_loss"],
  layers: ["CTCLoss"],
  inputs: "log_probs as input: tensor, targets as target: tensor, input_lengths: any, target_lengths: any",
  options: `blank: any = 0, ${REDUCTION}, zero_infinity: any = False`,
  elements: (call) => {
    const { shape } = tensorOf(call, "input");
    const count = rank(shape);
    if (count === null) return null;
    if (count !== 2 && count !== 3) return otherRank(call, "input", shape, "3 or 2 dimensions");
    return known(count === 2 ? [] : [shape.dims[1] ?? unknownDim()]);
  },
  dtype: same(),
});

/** (N, D) against weights (C, …, D) with a target (N, …), without N for a single sample. */
function projectedClasses(call: Call, features: Dim | undefined, further: readonly Dim[]): ReturnType<LossRule> {
  const { shape } = tensorOf(call, "input");
  const count = rank(shape);
  if (count === null) return null;
  if (count !== 1 && count !== 2) return otherRank(call, "input", shape, "1 or 2 dimensions");
  const verdict = call.solver.require(shape.dims.at(-1) ?? unknownDim(), features ?? unknownDim(), call.cause);
  if (verdict.answer === "no") return unfit(call, verdict);
  const batch = call.solver.shape(shape).dims.slice(0, -1);
  const target = tensorOf(call, "target");
  const wanted = known([...batch, ...further]);
  // Probabilities have the classes as a dimension of their own.
  if (target.dtype === null || !isInteger(target.dtype)) return sameBatch(call, batch, target.shape) ?? wanted;
  const fit = call.solver.requireShapes(target.shape, wanted, call.cause);
  return fit.answer === "no" ? unlike(call, "input", "target", fit) : call.solver.shape(wanted);
}

function sameBatch(call: Call, batch: readonly Dim[], target: Shape): Problem | null {
  const [n, m] = [batch[0], target.lead === null ? target.dims[0] : undefined];
  if (n === undefined || m === undefined) return null;
  const verdict = call.solver.require(n, m, call.cause);
  return verdict.answer === "no" ? unlike(call, "input", "target", verdict) : null;
}

function unfit(call: Call, verdict: Extract<Verdict, { answer: "no" }>): Problem {
  const [got, wanted] = [shown(call, "input", tensorOf(call, "input")), shownDim(call, verdict.right)];
  return problem("linear-features", {
    verdict,
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` takes (…, ${wanted}) but gets ${got(name)}.`,
  });
}

const CROSS_ENTROPY = `weight: any = None, ${REDUCTION}, ignore_index: any = None, label_smoothing: any = 0.0, options: any = None`;

export const linearCrossEntropy = [
  ...loss({
    functions: ["linear_cross_entropy"],
    layers: [],
    inputs: "input: tensor, linear_weight: tensor, target: tensor",
    options: `*, linear_bias: any = None, ${CROSS_ENTROPY}`,
    elements: (call) => {
      const weight = call.solver.requireAtLeast(tensorOf(call, "linear_weight").shape, 2);
      if (weight === null)
        return otherRank(call, "linear_weight", tensorOf(call, "linear_weight").shape, "2 dimensions");
      const further = rank(weight) === null ? null : weight.dims.slice(1, -1);
      if (further === null) return null;
      if (further.length > 0 && rank(tensorOf(call, "input").shape) === 1)
        return unlike(call, "input", "linear_weight");
      return projectedClasses(call, weight.dims.at(-1), further);
    },
    dtype: same(),
  }),
  ...loss({
    functions: [],
    layers: ["LinearCrossEntropyLoss"],
    construct: `in_features: int, num_classes: int, *, out_features: any = (), bias: bool = False, ${CROSS_ENTROPY}`,
    elements: (call) => {
      const further = itemsOf(argument(call, "out_features"))?.map((item) => dimOf(item) ?? unknownDim());
      return further === undefined ? null : projectedClasses(call, dimArgument(call.args, "in_features"), further);
    },
    dtype: same(),
    weights: (made) => {
      const further = itemsOf(made.get("out_features") ?? none)?.map((item) => dimOf(item) ?? unknownDim());
      const heads = [dimArgument(made, "num_classes"), ...(further ?? [])];
      const biased = boolOf(made.get("bias") ?? none) !== false;
      return { weight: known([...heads, dimArgument(made, "in_features")]), bias: biased ? known(heads) : null };
    },
  }),
];

/** The log probability of each target, and the mean loss. */
export const AdaptiveLogSoftmaxWithLoss = layer({
  names: ["torch.nn.AdaptiveLogSoftmaxWithLoss"],
  summary: "A softmax over many classes, of which rare ones are grouped in clusters.",
  construct: "in_features: int, n_classes: int, cutoffs: any, div_value: any = 4.0, head_bias: bool = False",
  call: "input_: tensor, target_: tensor",
  shape: (made, call) => {
    const { shape, dtype } = tensorOf(call, "input_");
    const target = tensorOf(call, "target_").shape;
    const wide = call.solver.requireAtLeast(shape, 1);
    const verdict = call.solver.require(
      wide?.dims.at(-1) ?? unknownDim(),
      dimArgument(made, "in_features"),
      call.cause,
    );
    if (verdict.answer === "no") return unlike(call, "input_", "target_", verdict);
    const output = tensor(call.solver.shape(target), dtype, "torch");
    const loss = tensor({ lead: null, dims: [] }, dtype, "torch");
    return {
      value: record("_ASMoutput", [
        ["output", output],
        ["loss", loss],
      ]),
    };
  },
  parameterCount: () => null,
});
