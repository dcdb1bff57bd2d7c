/**
 * Operators on images and sequences that have no weights: pixel and channel shuffles, unfolding, differences; and
 * the layers for them and for flattening. Padding and resizing have files of their own.
 */
import { asNumber, constant, floorDivide, multiply, rank, unknownDim, type Dim } from "../shapes/index.ts";
import { argument, tensorOf } from "./arguments.ts";
import { dimOf, none, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { wrongRank } from "./norm.ts";
import type { Bound, Call, Layer, Problem } from "./operator.ts";
import { copyOf, inFunctional } from "./names.ts";
import { isProblem, problem, shown, shownDim } from "./problems.ts";
import { flattened, unflattened } from "./reshaping.ts";
import type { Datum } from "./value.ts";
import { axisOf } from "./verbs/axis.ts";
import { windowCount } from "./verbs/window.ts";

/** Channels become space, or space becomes channels, by a factor in both directions. */
function shuffled(call: Call, factor: Dim, into: "space" | "channels"): ShapeAnswer {
  if ((asNumber(factor) ?? 1) < 1) return notPositive();
  const wide = call.solver.requireAtLeast(tensorOf(call, "input").shape, 3);
  if (wide === null) return wrongRank(call, tensorOf(call, "input").shape, [3, 4], "input");
  // What is empty may be given back as it is.
  if (asNumber(factor) !== 1 && wide.dims.some((dim) => asNumber(dim) === 0)) return null;
  const [channels = unknownDim(), height = unknownDim(), width = unknownDim()] = wide.dims.slice(-3);
  const area = multiply(factor, factor);
  const divided =
    into === "space"
      ? [[area, channels]]
      : [
          [factor, height],
          [factor, width],
        ];
  for (const [divisor, dim] of divided) {
    if (divisor !== undefined && dim !== undefined && call.solver.divides(divisor, dim) === "no")
      return notDivided(call, divisor, dim);
  }
  const dims =
    into === "space"
      ? [floorDivide(channels, area), multiply(height, factor), multiply(width, factor)]
      : [multiply(channels, area), floorDivide(height, factor), floorDivide(width, factor)];
  return { lead: wide.lead, dims: [...wide.dims.slice(0, -3), ...dims] };
}

function notPositive(): Problem {
  return problem("argument", { message: () => "The factor of a shuffle must be positive." });
}

function notDivided(call: Call, divisor: Dim, dim: Dim): Problem {
  const told = shown(call, "input", tensorOf(call, "input"));
  const [d, n] = [shownDim(call, divisor), shownDim(call, dim)];
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `Size ${n} of ${told(name)} is not divisible by ${d}.`,
  });
}

function factorOf(args: Bound, name: string): Dim {
  return dimOf(args.get(name) ?? unknown) ?? unknownDim();
}

export const pixelShuffle = op({
  names: ["torch.nn.functional.pixel_shuffle", "torch.pixel_shuffle"],
  summary: "Moves channels into space, enlarging it by a factor.",
  call: "input: tensor, upscale_factor: int",
  shape: (call) => shuffled(call, factorOf(call.args, "upscale_factor"), "space"),
});
export const pixelUnshuffle = op({
  names: ["torch.nn.functional.pixel_unshuffle", "torch.pixel_unshuffle"],
  summary: "Moves space into channels, shrinking it by a factor.",
  call: "input: tensor, downscale_factor: int",
  shape: (call) => shuffled(call, factorOf(call.args, "downscale_factor"), "channels"),
});
export const PixelShuffle = layer({
  names: ["torch.nn.PixelShuffle"],
  summary: "Moves channels into space, enlarging it by a factor.",
  construct: "upscale_factor: int",
  call: "input: tensor",
  shape: (made, call) => shuffled(call, factorOf(made, "upscale_factor"), "space"),
});
export const PixelUnshuffle = layer({
  names: ["torch.nn.PixelUnshuffle"],
  summary: "Moves space into channels, shrinking it by a factor.",
  construct: "downscale_factor: int",
  call: "input: tensor",
  shape: (made, call) => shuffled(call, factorOf(made, "downscale_factor"), "channels"),
});
/** Channels, which are dimension 1, are dealt out to the groups. */
function reordered(call: Call, groups: Dim): ShapeAnswer {
  if ((asNumber(groups) ?? 1) < 1) return notPositive();
  const shape = tensorOf(call, "input").shape;
  const wide = call.solver.requireAtLeast(shape, 3);
  if (wide === null) return wrongRank(call, shape, [3, 4, 5], "input");
  const channels = wide.lead === null ? wide.dims[1] : undefined;
  if (channels !== undefined && call.solver.divides(groups, channels) === "no")
    return notDivided(call, groups, channels);
  return call.solver.shape(wide);
}

export const channelShuffle = op({
  names: [...inFunctional("channel_shuffle", "native_channel_shuffle"), "torch.channel_shuffle"],
  summary: "Reorders channels in groups; the shape stays.",
  call: "input: tensor, groups: int",
  shape: (call) => reordered(call, factorOf(call.args, "groups")),
});
export const ChannelShuffle = layer({
  names: ["torch.nn.ChannelShuffle"],
  summary: "Reorders channels in groups; the shape stays.",
  construct: "groups: int",
  call: "input: tensor",
  shape: (made, call) => reordered(call, factorOf(made, "groups")),
});
export const spatialDropout: readonly Layer[] = [1, 2, 3].map((count) =>
  layer({
    names: [`torch.nn.Dropout${count}d`, ...(count === 1 ? ["torch.nn.FeatureAlphaDropout"] : [])],
    summary: "Sets whole channels to 0 while training.",
    construct: "p: any = 0.5, inplace: any = False",
    call: "input: tensor",
    shape: (_, call) => tensorOf(call, "input").shape,
    notation: "()->()",
  }),
);

function withOptions(call: Call, made: Bound, names: readonly string[]): Call {
  return {
    ...call,
    args: new Map([...call.args, ...names.map((name): [string, Datum] => [name, made.get(name) ?? none])]),
  };
}

export const Flatten = layer({
  names: ["torch.nn.Flatten"],
  summary: "Merges dimensions into one, by default all but the first.",
  construct: "start_dim: axis = 1, end_dim: axis = -1",
  call: "input: tensor",
  shape: (made, call) => flattened(withOptions(call, made, ["start_dim", "end_dim"]), tensorOf(call, "input").shape),
});

export const Unflatten = layer({
  names: ["torch.nn.Unflatten"],
  summary: "Splits one dimension into several.",
  construct: "dim: axis, unflattened_size: any",
  call: "input: tensor",
  shape: (made, call) =>
    unflattened(
      withOptions(call, made, ["dim"]),
      tensorOf(call, "input").shape,
      "dim",
      made.get("unflattened_size") ?? unknown,
    ),
});

/** `x.unfold(dim, size, step)`: windows along one dimension, as a new last one. */
export const unfold = op({
  names: ["torch.Tensor.unfold", ...copyOf("unfold")],
  summary: "Windows along a dimension, as a new last dimension.",
  call: {
    "torch.Tensor": "self as input: tensor, dimension as dim: axis, size: int, step: int",
    torch: "input: tensor, dimension as dim: axis, size: int, step: int",
  },
  shape: (call) => {
    const shape = tensorOf(call, "input").shape;
    const axis = axisOf(call, "dim", shape, { of: "input", scalars: true });
    if (axis === null || isProblem(axis)) return axis;
    // A single number is one window of itself.
    const single = rank(shape) === 0 ? dimOf(argument(call, "size")) : null;
    if (single !== null && asNumber(single) === 1) return { lead: null, dims: [single] };
    const wide = call.solver.shape(shape);
    const dim = -axis > wide.dims.length ? undefined : wide.dims.at(axis);
    const [kernel, stride] = [dimOf(argument(call, "size")), dimOf(argument(call, "step"))];
    if (dim === undefined) return null;
    const exact = kernel !== null && stride !== null && asNumber(stride) !== 0;
    const windows = exact
      ? windowCount(dim, { kernel, stride, padding: constant(0), dilation: constant(1) })
      : unknownDim();
    if ((asNumber(windows) ?? 1) < 1) return { value: unknown };
    return { lead: wide.lead, dims: [...wide.dims.with(axis, windows), kernel ?? unknownDim()] };
  },
});
