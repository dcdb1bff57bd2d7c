/**
 * Normalisation as functions: of channels, of groups of them, and over the last dimensions. The layers, and what
 * both have in common, are in `norm.ts`.
 */
import { asNumber, constant, elementCount, known, rank, type Dim, type Shape } from "../shapes/index.ts";
import { argument, boolArgument, dimArgument, tensorOf } from "./arguments.ts";
import { itemsOf, tensor, tuple, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { category } from "./dtype.ts";
import type { DTypeRule } from "./dtype-rules.ts";
import { inFunctional } from "./names.ts";
import { fewSpatial, groupProblem, lastMustBe, neighbours, uneven, wrongRank } from "./norm.ts";
import type { Call, Problem } from "./operator.ts";
import { isProblem, problem, shortName, shown, shownDim } from "./problems.ts";

const WEIGHTS = ["weight", "bias"] as const;
const RUNNING = ["running_mean", "running_var"] as const;

/** The input, whose dimension 1 holds the channels. */
function channelled(call: Call): Shape | Problem {
  const shape = tensorOf(call, "input").shape;
  // What is empty is given back as it is.
  if (shape.lead === null && shape.dims.some((dim) => asNumber(dim) === 0)) return shape;
  return call.solver.requireAtLeast(shape, 2) ?? wrongRank(call, shape, [2, 3, 4, 5], "input");
}

/** Weights and running statistics have a number for each channel, which is not checked where nothing is normalised. */
function statistics(call: Call, shape: Shape, parameters: readonly string[]): Problem | null {
  if (shape.dims.some((dim) => asNumber(dim) === 0)) return null;
  const channels = shape.lead === null ? shape.dims[1] : undefined;
  if (channels === undefined) return null;
  for (const parameter of parameters) {
    const given = argument(call, parameter);
    const count = given.kind === "tensor" ? elementCount(call.solver.shape(given.shape)) : null;
    if (count === null) continue;
    const verdict = call.solver.require(channels, count, call.cause);
    if (verdict.answer !== "no") continue;
    const [told, wanted] = [shown(call, parameter, tensorOf(call, parameter)), shownDim(call, channels)];
    return problem("norm-features", {
      verdict,
      parameters: [parameter],
      message: (name) => `\`${shortName(call)}\` needs ${wanted} numbers, one for each channel; it gets ${told(name)}.`,
    });
  }
  return null;
}

/** One value has no variance: the batch and everything behind the channels must not be 1 together. */
function singleValue(call: Call, count: Dim | null): Problem | null {
  if (count === null || asNumber(call.solver.dim(count)) !== 1) return null;
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("norm-features", {
    parameters: ["input"],
    message: (name) => `\`${shortName(call)}\` needs more than one value for each channel; the input is ${told(name)}.`,
  });
}

function valuesOfChannel(shape: Shape): Dim | null {
  return shape.lead === null ? elementCount(known(shape.dims.filter((_, i) => i !== 1))) : null;
}

/** Where the statistics are those of the input. */
function trains(call: Call): boolean {
  return boolArgument(call, "training") === true;
}

export const batchNorm = op({
  names: ["torch.nn.functional.batch_norm", "torch.batch_norm"],
  summary: "Normalises every channel, which is dimension 1, over batch and space.",
  call: {
    "torch.nn.functional":
      "input: tensor, running_mean: any, running_var: any, weight: any = None, bias: any = None, training: bool = False, momentum: any = 0.1, eps: any = 1e-05",
    torch:
      "input: tensor, weight: any, bias: any, running_mean: any, running_var: any, training: bool, momentum: any, eps: any, cudnn_enabled: any",
  },
  shape: (call) => {
    const shape = channelled(call);
    if (isProblem(shape)) return shape;
    const checks = call.name.startsWith("torch.nn.") && trains(call);
    const single = checks ? singleValue(call, valuesOfChannel(shape)) : null;
    return single ?? statistics(call, shape, [...RUNNING, ...WEIGHTS]) ?? call.solver.shape(shape);
  },
  notation: "()->()",
});

export const instanceNorm = op({
  names: ["torch.nn.functional.instance_norm", "torch.instance_norm"],
  summary: "Normalises every channel of every sample over space.",
  call: {
    "torch.nn.functional":
      "input: tensor, running_mean: any = None, running_var: any = None, weight: any = None, bias: any = None, use_input_stats: bool = True, momentum: any = 0.1, eps: any = 1e-05",
    torch:
      "input: tensor, weight: any, bias: any, running_mean: any, running_var: any, use_input_stats: bool, momentum: any, eps: any, cudnn_enabled: any",
  },
  shape: (call) => {
    const shape = channelled(call);
    if (isProblem(shape)) return shape;
    const checks = call.name.startsWith("torch.nn.") && boolArgument(call, "use_input_stats") === true;
    const few = checks && rank(shape) !== null ? fewSpatial(call, shape.dims.slice(2)) : null;
    return few ?? statistics(call, shape, [...RUNNING, ...WEIGHTS]) ?? call.solver.shape(shape);
  },
  notation: "()->()",
});

export const groupNorm = op({
  names: ["torch.nn.functional.group_norm", "torch.group_norm"],
  summary: "Normalises groups of channels, which are dimension 1, of every sample.",
  call: {
    "torch.nn.functional": "input: tensor, num_groups: int, weight: any = None, bias: any = None, eps: any = 1e-05",
    torch:
      "input: tensor, num_groups: int, weight: any = None, bias: any = None, eps: any = 1e-05, cudnn_enabled: any = True",
  },
  shape: (call) => {
    const shape = channelled(call);
    if (isProblem(shape)) return shape;
    const groups = dimArgument(call.args, "num_groups");
    const single = call.name.startsWith("torch.nn.") ? groupProblem(call, shape, groups) : null;
    return single ?? uneven(call, shape, groups) ?? statistics(call, shape, WEIGHTS) ?? call.solver.shape(shape);
  },
  notation: "()->()",
});

/** The weights must have just the sizes that are normalised. */
function overLast(call: Call): ShapeAnswer {
  const sizes = argument(call, "normalized_shape");
  if (itemsOf(sizes)?.length === 0) {
    return problem("argument", { message: () => "`normalized_shape` needs at least one size." });
  }
  const answer = lastMustBe(call, sizes, () => `\`${shortName(call)}\``);
  const count = itemsOf(sizes)?.length;
  if (answer === null || !("dims" in answer) || count === undefined) return answer;
  const wanted = known(answer.dims.slice(-count));
  for (const parameter of WEIGHTS) {
    const given = argument(call, parameter);
    const verdict = given.kind === "tensor" ? call.solver.requireShapes(given.shape, wanted, call.cause) : null;
    if (verdict?.answer !== "no") continue;
    const [told, target] = [
      shown(call, parameter, tensorOf(call, parameter)),
      shown(call, "", wanted)(() => "").trim(),
    ];
    return problem("norm-features", {
      verdict,
      parameters: [parameter],
      message: (name) => `\`${shortName(call)}\` needs weights of the sizes ${target}; it gets ${told(name)}.`,
    });
  }
  return answer;
}

const LAST = "input: tensor, normalized_shape: ints, weight: any = None, bias: any = None, eps: any = 1e-05";

export const layerNorm = op({
  names: [...inFunctional("layer_norm"), "torch.layer_norm"],
  summary: "Normalises over the last dimensions.",
  call: { "torch.nn.functional": LAST, torch: `${LAST}, cudnn_enable: any = True` },
  shape: overLast,
  notation: "(n)->(n)",
});

export const rmsNorm = op({
  names: [...inFunctional("rms_norm"), "torch.rms_norm"],
  summary: "Divides by the root of the mean square over the last dimensions.",
  call: "input: tensor, normalized_shape: ints, weight: any = None, eps: any = None",
  shape: overLast,
  notation: "(n)->(n)",
});

/** Integers become floating-point numbers, unless there are none to divide. */
const divided: DTypeRule = (call) => {
  const { dtype, shape } = tensorOf(call, "input");
  if (dtype === null || category(dtype) === "float" || category(dtype) === "complex") return dtype;
  const count = shape.lead === null ? elementCount(shape) : null;
  return count !== null && call.solver.atLeast(count, 1) === "yes" ? "float32" : null;
};

export const localResponseNorm = op({
  names: inFunctional("local_response_norm"),
  summary: "Normalises over neighbouring channels.",
  call: "input: tensor, size: any, alpha: any = 0.0001, beta: any = 0.75, k: any = 1.0",
  shape: neighbours,
  dtype: divided,
  notation: "()->()",
});

/** The result, then means and inverse deviations in the shape of what was not summed over. */
export const nativeNorms = op({
  names: ["torch.native_layer_norm", "torch.native_group_norm", "torch.native_batch_norm"],
  summary: "Normalises, and gives means and deviations too.",
  call: {
    "torch.native_layer_norm": "input: tensor, normalized_shape: ints, weight: any, bias: any, eps: any",
    "torch.native_group_norm": "input: tensor, weight: any, bias: any, N: int, C: int, HxW: int, group: int, eps: any",
    "torch.native_batch_norm":
      "input: tensor, weight: any, bias: any, running_mean: any, running_var: any, training: bool, momentum: any, eps: any",
  },
  shape: (call) => {
    const { shape, dtype } = tensorOf(call, "input");
    const answer = call.name.endsWith("layer_norm") ? overLast(call) : shape;
    if (answer === null || !("dims" in answer)) return answer;
    const sizes = momentsOf(call, answer);
    // Half precision keeps its moments in another type.
    const type = dtype === "float32" || dtype === "float64" ? dtype : null;
    const moments = sizes === null ? unknown : tensor(sizes, type, "torch");
    return { value: tuple([tensor(answer, dtype, "torch"), moments, moments]) };
  },
});

function momentsOf(call: Call, shape: Shape): Shape | null {
  if (call.name.endsWith("group_norm")) return known([dimArgument(call.args, "N"), dimArgument(call.args, "group")]);
  if (call.name.endsWith("batch_norm")) {
    const training = boolArgument(call, "training");
    const channels = shape.lead === null ? shape.dims[1] : undefined;
    return training === null || channels === undefined ? null : known([training ? channels : constant(0)]);
  }
  const count = itemsOf(argument(call, "normalized_shape"))?.length;
  if (count === undefined) return null;
  return {
    lead: shape.lead,
    dims: [...shape.dims.slice(0, -count), ...Array.from({ length: count }, () => constant(1))],
  };
}
