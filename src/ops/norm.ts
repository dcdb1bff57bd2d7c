/**
 * Normalisation: functions and layers that keep the shape and require a number of features.
 */
import {
  asNumber,
  elementCount,
  known,
  printShape,
  product,
  rank,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { dimArgument, tensorOf } from "./arguments.ts";
import { callAxes } from "./axes.ts";
import { boolOf, dimOf, itemsOf, none, unknown } from "./datum.ts";
import { layer, type ShapeAnswer } from "./declare.ts";
import { inOrder } from "./memory-rules.ts";
import type { Bound, Call, Layer, Problem } from "./operator.ts";
import { problem, shown, shownDim, type Names } from "./problems.ts";
import type { Datum } from "./value.ts";

/** The channels stand in dimension 1; how many there are matters where something is kept for each of them. */
function channelsMustBe(call: Call, features: Dim | null, ranks: readonly number[]): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const count = rank(shape);
  const [only] = ranks;
  if (count === null)
    return ranks.length === 1 && only !== undefined
      ? channelsOfRank(call, shape, features ?? unknownDim(), only)
      : shape;
  if (!ranks.includes(count)) return wrongRank(call, shape, ranks);
  return features === null ? shape : checked(call, shape, shape.dims[1] ?? unknownDim(), features);
}

/** Learnt scales and running statistics have one number for each channel. */
function counted(made: Bound): boolean {
  return ["affine", "track_running_stats"].some((name) => boolOf(made.get(name) ?? none) === true);
}

function channelsOfRank(call: Call, shape: Shape, features: Dim, count: number): ShapeAnswer {
  const wide = call.solver.requireRank(shape, count);
  if (wide !== null) callAxes(call, wide, count - 2);
  return wide === null ? wrongRank(call, shape, [count]) : checked(call, wide, wide.dims[1] ?? unknownDim(), features);
}

/** One value has no variance: a group of a sample needs more than one. */
export function groupProblem(call: Call, shape: Shape, groups: Dim): Problem | null {
  const count = shape.lead === null ? elementCount(call.solver.shape(shape)) : null;
  const [whole, parts] = [count === null ? null : asNumber(count), asNumber(call.solver.dim(groups))];
  return whole !== null && parts !== null && whole > 0 && whole === parts ? oneValue(call, shape) : null;
}

/** Groups divide the channels. */
export function uneven(call: Call, shape: Shape, groups: Dim): Problem | null {
  const channels = shape.lead === null ? shape.dims[1] : undefined;
  if (channels === undefined || call.solver.divides(groups, channels) !== "no") return null;
  const [c, g] = [shownDim(call, channels), shownDim(call, groups)];
  return problem("argument", {
    blame: "num_groups",
    message: () => `${c} channels cannot be divided into ${g} groups.`,
  });
}

/** The same for the places of a channel, whose sizes are given. */
export function fewSpatial(call: Call, sizes: readonly Dim[]): Problem | null {
  const places = asNumber(call.solver.dim(product(sizes)));
  return places === 1 ? oneValue(call, tensorOf(call, "input").shape) : null;
}

function oneValue(call: Call, shape: Shape): Problem {
  const told = shown(call, "input", shape);
  return problem("norm-features", {
    parameters: ["input"],
    message: (name) => `There must be more than one value to normalise; the input is ${told(name)}.`,
  });
}

export function checked(call: Call, shape: Shape, channels: Dim, features: Dim): ShapeAnswer {
  const verdict = call.solver.require(channels, features, call.cause);
  if (verdict.answer !== "no") return call.solver.shape(shape);
  const told = shown(call, "input", shape);
  const [wanted, got] = [shownDim(call, features), shownDim(call, channels)];
  return problem("norm-features", {
    verdict,
    parameters: ["input"],
    message: (name) => `${name("self")} normalises ${wanted} features but gets ${got}: the input is ${told(name)}.`,
  });
}

export function wrongRank(call: Call, shape: Shape, ranks: readonly number[], layerName = "self"): Problem {
  const told = shown(call, "input", shape);
  const wanted = ranks.join(" or ");
  return problem("input-rank", {
    parameters: ["input"],
    message: (name: Names) =>
      `${name(layerName)} takes ${wanted} dimensions but gets ${told(name)}, which has ${shape.dims.length}.`,
  });
}

const NORMALISE =
  "num_features: int, eps: any = 1e-05, momentum: any = 0.1, affine: bool = {default}, track_running_stats: bool = {default}, *, bias: bool = True";

function affine(made: Bound, features: Dim): Readonly<Record<string, Shape | null>> {
  const learns = boolOf(made.get("affine") ?? none) !== false;
  const biased = learns && boolOf(made.get("bias") ?? none) !== false;
  return { weight: learns ? known([features]) : null, bias: biased ? known([features]) : null };
}

function running(made: Bound, features: Dim): Readonly<Record<string, Shape | null>> {
  const tracks = boolOf(made.get("track_running_stats") ?? none) !== false;
  return { running_mean: tracks ? known([features]) : null, running_var: tracks ? known([features]) : null };
}

function batchNorm(name: string, ranks: readonly number[]): Layer {
  return layer({
    names: [`torch.nn.${name}`],
    summary: "Normalises every channel, which is dimension 1.",
    construct: NORMALISE.replaceAll("{default}", "True"),
    call: "input: tensor",
    shape: (made, call) => channelsMustBe(call, counted(made) ? dimArgument(made, "num_features") : null, ranks),
    strides: inOrder,
    weights: (made) => affine(made, dimArgument(made, "num_features")),
    buffers: (made) => running(made, dimArgument(made, "num_features")),
    notation: "()->()",
  });
}

export const BatchNorm1d = batchNorm("BatchNorm1d", [2, 3]);
export const BatchNorm2d = batchNorm("BatchNorm2d", [4]);
export const BatchNorm3d = batchNorm("BatchNorm3d", [5]);
export const SyncBatchNorm = layer({
  names: ["torch.nn.SyncBatchNorm"],
  summary: "Normalises every channel over all processes.",
  construct:
    "num_features: int, eps: any = 1e-05, momentum: any = 0.1, affine: bool = True, track_running_stats: bool = True, process_group: any = None, *, bias: bool = True",
  call: "input: tensor",
  shape: (_, call) => tensorOf(call, "input").shape,
  weights: (made) => affine(made, dimArgument(made, "num_features")),
});

function instanceNorm(name: string, spatial: number): Layer {
  return layer({
    names: [`torch.nn.${name}`],
    summary: "Normalises every channel of every sample.",
    construct: NORMALISE.replaceAll("{default}", "False"),
    call: "input: tensor",
    shape: (made, call) => {
      callAxes(call, tensorOf(call, "input").shape, spatial);
      const shape = call.solver.shape(tensorOf(call, "input").shape);
      const count = rank(shape);
      if (count !== null && count !== spatial + 1 && count !== spatial + 2)
        return wrongRank(call, shape, [spatial + 1, spatial + 2]);
      // Statistics of the input itself need more than one place.
      const own = boolOf(made.get("track_running_stats") ?? none) === false && count !== null;
      const few = own ? fewSpatial(call, shape.dims.slice(-spatial)) : null;
      if (few !== null) return few;
      // Without learnt scales or running statistics another number of channels only makes a warning.
      if (!counted(made) || count === null) return shape;
      return checked(call, shape, shape.dims.at(-spatial - 1) ?? unknownDim(), dimArgument(made, "num_features"));
    },
    weights: (made) => affine(made, dimArgument(made, "num_features")),
    notation: "()->()",
  });
}

export const InstanceNorm1d = instanceNorm("InstanceNorm1d", 1);
export const InstanceNorm2d = instanceNorm("InstanceNorm2d", 2);
export const InstanceNorm3d = instanceNorm("InstanceNorm3d", 3);

export const GroupNorm = layer({
  names: ["torch.nn.GroupNorm"],
  summary: "Normalises groups of channels, which are dimension 1.",
  construct: "num_groups: int, num_channels: int, eps: any = 1e-05, affine: bool = True, *, bias: bool = True",
  call: "input: tensor",
  check: (made, call) => {
    const [groups, channels] = [dimArgument(made, "num_groups"), dimArgument(made, "num_channels")];
    if (call.solver.divides(groups, channels) !== "no") return null;
    const [g, c] = [shownDim(call, groups), shownDim(call, channels)];
    return problem("argument", {
      blame: "num_groups",
      message: () => `\`num_channels\` ${c} cannot be divided into ${g} groups.`,
    });
  },
  shape: (made, call) => {
    const shape = call.solver.requireAtLeast(tensorOf(call, "input").shape, 2);
    if (shape === null) return wrongRank(call, tensorOf(call, "input").shape, [2, 3, 4]);
    const channels = shape.lead === null ? shape.dims[1] : undefined;
    if (channels === undefined) return shape;
    const groups = dimArgument(made, "num_groups");
    const wrong = groupProblem(call, shape, groups) ?? uneven(call, shape, groups);
    if (wrong !== null) return wrong;
    // Without learnt scales only the groups must fit.
    if (boolOf(made.get("affine") ?? none) !== true) return call.solver.shape(shape);
    return checked(call, shape, channels, dimArgument(made, "num_channels"));
  },
  weights: (made) => affine(made, dimArgument(made, "num_channels")),
  notation: "()->()",
});

/** The last dimensions must be exactly these sizes. */
export function lastMustBe(call: Call, sizes: Datum, told: (name: Names) => string): ShapeAnswer {
  const items = itemsOf(sizes) ?? (dimOf(sizes) === null ? null : [sizes]);
  const shape = tensorOf(call, "input").shape;
  if (items === null) return shape;
  const wanted = items.map((item) => dimOf(item) ?? unknownDim());
  const wide = call.solver.requireAtLeast(shape, wanted.length);
  const target = printShape({ lead: null, dims: wanted.map((dim) => call.solver.dim(dim)) }).replace("(", "(…, ");
  const got = shown(call, "input", wide ?? shape);
  const refuse = (verdict: Parameters<typeof problem>[1]["verdict"]): Problem =>
    problem("norm-features", {
      verdict: verdict ?? null,
      parameters: ["input"],
      message: (name) => `${told(name)} normalises ${target.replace(",)", ")")} but gets ${got(name)}.`,
    });
  if (wide === null) return refuse(null);
  for (const [i, size] of wanted.entries()) {
    const dim = wide.dims[wide.dims.length - wanted.length + i] ?? unknownDim();
    const verdict = call.solver.require(dim, size, call.cause);
    // A size that is not in view may well be 0.
    const hidden = asNumber(size) === 0 && asNumber(dim) === null;
    if (verdict.answer === "no" && !hidden) return refuse(verdict);
  }
  return call.solver.shape(wide);
}

/** The weights that there are; nothing is known of them where the normalised shape is not. */
function weightsOf(made: Bound, there: Readonly<Record<string, boolean>>): Record<string, Shape | null> | null {
  const shape = normalized(made);
  const told = Object.entries(there).map(([name, learns]) => [name, learns ? shape : null] as const);
  return shape === null ? null : Object.fromEntries(told);
}

function normalized(made: Bound): Shape | null {
  const sizes = made.get("normalized_shape") ?? unknown;
  const items = itemsOf(sizes) ?? (dimOf(sizes) === null ? null : [sizes]);
  return items === null ? null : known(items.map((item) => dimOf(item) ?? unknownDim()));
}

export const LayerNorm = layer({
  names: ["torch.nn.LayerNorm"],
  summary: "Normalises over the last dimensions.",
  construct: "normalized_shape: ints, eps: any = 1e-05, elementwise_affine: bool = True, bias: bool = True",
  call: "input: tensor",
  shape: (made, call) => lastMustBe(call, made.get("normalized_shape") ?? unknown, (name) => name("self")),
  strides: inOrder,
  weights: (made) => {
    const learns = boolOf(made.get("elementwise_affine") ?? none) !== false;
    const biased = learns && boolOf(made.get("bias") ?? none) !== false;
    return weightsOf(made, { weight: learns, bias: biased });
  },
  notation: "(n)->(n)",
});

export const RMSNorm = layer({
  names: ["torch.nn.RMSNorm"],
  summary: "Divides by the root of the mean square over the last dimensions.",
  construct: "normalized_shape: ints, eps: any = None, elementwise_affine: bool = True",
  call: "input|x as input: tensor",
  shape: (made, call) => lastMustBe(call, made.get("normalized_shape") ?? unknown, (name) => name("self")),
  weights: (made) => weightsOf(made, { weight: boolOf(made.get("elementwise_affine") ?? none) !== false }),
  notation: "(n)->(n)",
});

/** Channels have neighbours where there are a batch and space besides them. */
export function neighbours(call: Call): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  return call.solver.requireAtLeast(shape, 3) ?? wrongRank(call, shape, [3, 4, 5], "input");
}

export const LocalResponseNorm = layer({
  names: ["torch.nn.LocalResponseNorm"],
  summary: "Normalises over neighbouring channels.",
  construct: "size: any, alpha: any = 0.0001, beta: any = 0.75, k: any = 1.0",
  call: "input: tensor",
  shape: (_, call) => neighbours(call),
  notation: "()->()",
});

export const CrossMapLRN2d = layer({
  names: ["torch.nn.CrossMapLRN2d"],
  summary: "Normalises over neighbouring channels of images.",
  construct: "size: any, alpha: any = 0.0001, beta: any = 0.75, k: any = 1",
  call: "input: tensor",
  shape: (_, call) => {
    const shape = tensorOf(call, "input").shape;
    return call.solver.requireRank(shape, 4) ?? wrongRank(call, shape, [4]);
  },
  notation: "()->()",
});

/** Layers that take the number of channels from their first input. */
function lazyNorm(kind: "Batch" | "Instance", spatial: number): Layer {
  const ranks = kind === "Batch" && spatial > 1 ? [spatial + 2] : [spatial + 1, spatial + 2];
  return layer({
    names: [`torch.nn.Lazy${kind}Norm${spatial}d`],
    summary: "Normalises channels, whose number is that of the first input.",
    construct: NORMALISE.replace("num_features: int, ", "").replaceAll("{default}", "True"),
    call: "input: tensor",
    shape: (made, call) => {
      const shape = tensorOf(call, "input").shape;
      const count = rank(shape);
      if (count !== null && !ranks.includes(count)) return wrongRank(call, shape, ranks);
      // The first input tells the channels by its dimension 1, which is not where a single sample has them.
      const [first, second] = shape.dims;
      const single = kind === "Instance" && count === spatial + 1 && first !== undefined && second !== undefined;
      return single && counted(made) ? checked(call, shape, first, second) : shape;
    },
    parameterCount: () => null,
    notation: "()->()",
  });
}

export const lazyNorms: readonly Layer[] = [1, 2, 3].flatMap((spatial) => [
  lazyNorm("Batch", spatial),
  lazyNorm("Instance", spatial),
]);
