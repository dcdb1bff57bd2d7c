/**
 * Convolutions of one, two and three dimensions, transposed ones too: functions and layers share one rule.
 */
import {
  asNumber,
  constant,
  elementCount,
  floorDivide,
  known,
  multiply,
  product,
  rank,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, dimArgument, spreadInts, tensorOf } from "./arguments.ts";
import { boolOf, int, none, tensor, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { needsFloats } from "./linear.ts";
import { mixedTypes } from "./matmul.ts";
import { wrongRank } from "./norm.ts";
import type { Bound, Call, Layer, Operator, Problem } from "./operator.ts";
import { isProblem, problem, shown, shownDim, type Names } from "./problems.ts";
import type { Datum } from "./value.ts";
import { tooLarge, transposedCount, windowCount, type Window } from "./verbs/window.ts";

interface Convolution {
  readonly spatial: number;
  readonly transposed: boolean;
  readonly channels: Dim;
  readonly out: Dim;
  readonly kernel: readonly (Dim | null)[] | null;
  readonly options: (name: string) => Datum;
  /** How the layer or the weight is called in a sentence. */
  readonly told: (name: Names) => string;
}

function convolve(call: Call, conv: Convolution): ShapeAnswer {
  const { spatial } = conv;
  const input = tensorOf(call, "input");
  const count = rank(input.shape);
  if (count !== null && count !== spatial + 1 && count !== spatial + 2) {
    return wrongRank(call, input.shape, [spatial + 2, spatial + 1], "self");
  }
  const shape = call.solver.requireAtLeast(input.shape, spatial + 1) ?? input.shape;
  const channels = shape.dims.at(-spatial - 1) ?? unknownDim();
  const verdict = call.solver.require(channels, conv.channels, call.cause);
  if (verdict.answer === "no") {
    const [got, wanted] = [shown(call, "input", shape), shownDim(call, conv.channels)];
    return problem("conv-channels", {
      verdict,
      parameters: ["input"],
      message: (name) =>
        `${conv.told(name)} takes ${wanted} ${wanted === "1" ? "channel" : "channels"} but gets ${got(name)}.`,
    });
  }
  const sizes = spatialSizes(call, conv, shape.dims.slice(-spatial));
  if (isProblem(sizes)) return sizes;
  return finished(
    call,
    conv,
    call.solver.shape({ lead: shape.lead, dims: [...shape.dims.slice(0, -spatial - 1), conv.out, ...sizes] }),
  );
}

/** Multiply-accumulates: every output element sums over its kernel and the channels of its group. */
function finished(call: Call, conv: Convolution, shape: Shape): ShapeAnswer {
  const input = tensorOf(call, "input");
  const count = elementCount(conv.transposed ? input.shape : shape);
  const kernel = conv.kernel?.every((dim) => dim !== null) === true ? product(conv.kernel) : null;
  const groups = asNumber(spreadInts(conv.options("groups"), 1)?.[0] ?? constant(1));
  const fan = conv.transposed ? conv.out : conv.channels;
  const each = kernel === null || groups === null ? null : multiply(kernel, floorDivide(fan, constant(groups)));
  const macs = count === null || each === null ? null : multiply(count, each);
  return { value: tensor(shape, input.dtype, "torch"), cost: { macs, flops: null } };
}

function spatialSizes(call: Call, conv: Convolution, sizes: readonly Dim[]): readonly Dim[] | Problem {
  const { spatial, kernel, options } = conv;
  const padding = options("padding");
  const stride = spreadInts(options("stride"), spatial);
  const dilation = spreadInts(options("dilation"), spatial);
  if (padding.kind === "string" && padding.value === "same") return sizes;
  const pads =
    padding.kind === "string" && padding.value === "valid" ? spreadInts(int(0), spatial) : spreadInts(padding, spatial);
  const extra = conv.transposed ? spreadInts(options("output_padding"), spatial) : null;
  const windows = sizes.map((_, i): Window | null => {
    const [k, s, p, d] = [kernel?.[i], stride?.[i], pads?.[i], dilation?.[i]];
    if (
      k === null ||
      k === undefined ||
      s === null ||
      s === undefined ||
      p === null ||
      p === undefined ||
      d === null ||
      d === undefined ||
      asNumber(s) === 0
    )
      return null;
    return { kernel: k, stride: s, padding: multiply(p, constant(2)), dilation: d };
  });
  if (!conv.transposed && windows.every((window) => window !== null)) {
    const wrong = tooLarge(call, "input", tensorOf(call, "input"), sizes, windows);
    if (wrong !== null) return wrong;
  }
  return sizes.map((size, i) => {
    const window = windows[i] ?? null;
    if (window === null) return unknownDim();
    if (!conv.transposed) return windowCount(size, window);
    const more = extra?.[i] ?? null;
    return more === null ? unknownDim() : transposedCount(size, window, more);
  });
}

const FUNCTION =
  "input: tensor, weight: tensor, bias: any = None, stride: ints = 1, padding: ints = 0, dilation: ints = 1, groups: any = 1";
const TRANSPOSED =
  "input: tensor, weight: tensor, bias: any = None, stride: ints = 1, padding: ints = 0, output_padding: ints = 0, groups: any = 1, dilation: ints = 1";

function functional(name: string, spatial: number, transposed: boolean): readonly Operator[] {
  return op({
    names: [`torch.nn.functional.${name}`, `torch.${name}`],
    summary: `${transposed ? "Transposed convolution" : "Convolution"} over ${spatial} dimensions.`,
    call: transposed ? TRANSPOSED : FUNCTION,
    shape: (call) => {
      const weight = call.solver.requireRank(tensorOf(call, "weight").shape, spatial + 2);
      if (weight === null) return { value: unknown };
      const [first = unknownDim(), second = unknownDim(), ...kernel] = weight.dims;
      const groups = spreadInts(argument(call, "groups"), 1)?.[0] ?? unknownDim();
      const [channels, out] = transposed ? [first, multiply(second, groups)] : [multiply(second, groups), first];
      return (
        mixedTypes(call, ["input", "weight"]) ??
        convolve(call, {
          spatial,
          transposed,
          channels,
          out,
          kernel,
          options: (option) => argument(call, option),
          told: (name) => name("weight"),
        })
      );
    },
  });
}

export const conv1d = functional("conv1d", 1, false);
export const conv2d = functional("conv2d", 2, false);
export const conv3d = functional("conv3d", 3, false);
export const convTranspose1d = functional("conv_transpose1d", 1, true);
export const convTranspose2d = functional("conv_transpose2d", 2, true);
export const convTranspose3d = functional("conv_transpose3d", 3, true);

const CONSTRUCT =
  'in_channels: int, out_channels: int, kernel_size: ints, stride: ints = 1, padding: ints = 0, dilation: ints = 1, groups: int = 1, bias: bool = True, padding_mode: string = "zeros"';
const CONSTRUCT_TRANSPOSED =
  'in_channels: int, out_channels: int, kernel_size: ints, stride: ints = 1, padding: ints = 0, output_padding: ints = 0, groups: int = 1, bias: bool = True, dilation: ints = 1, padding_mode: string = "zeros"';

function convolution(name: string, spatial: number, transposed: boolean, lazy = false): Layer {
  const construct = transposed ? CONSTRUCT_TRANSPOSED : CONSTRUCT;
  return layer({
    names: [`torch.nn.${name}`],
    summary: `${transposed ? "Transposed convolution" : "Convolution"} over ${spatial} dimensions with learnt weights.`,
    construct: lazy ? construct.replace("in_channels: int, ", "") : construct,
    call: transposed ? "input: tensor, output_size: ints = None" : "input: tensor",
    check: (made, call) => divisible(made, call),
    shape: (made, call) => {
      const wrong = needsFloats(call);
      if (wrong !== null) return wrong;
      const sized = transposed && argument(call, "output_size").kind !== "none";
      const options = (option: string): Datum => (sized ? unknown : (made.get(option) ?? none));
      return convolve(call, {
        spatial,
        transposed,
        channels: lazy ? unknownDim() : dimArgument(made, "in_channels"),
        out: dimArgument(made, "out_channels"),
        kernel: spreadInts(made.get("kernel_size") ?? unknown, spatial),
        options,
        told: (names) => names("self"),
      });
    },
    ...(lazy ? { parameterCount: () => null } : { weights: (made: Bound) => weightsOf(made, spatial, transposed) }),
  });
}

function weightsOf(made: Bound, spatial: number, transposed: boolean): Readonly<Record<string, Shape | null>> {
  const [channels, out, groups] = ["in_channels", "out_channels", "groups"].map((name) => dimArgument(made, name));
  if (channels === undefined || out === undefined || groups === undefined) return {};
  const kernel = spreadInts(made.get("kernel_size") ?? unknown, spatial) ?? Array.from({ length: spatial }, () => null);
  const sizes = kernel.map((dim) => dim ?? unknownDim());
  const pair = transposed ? [channels, floorDivide(out, groups)] : [out, floorDivide(channels, groups)];
  const biased = boolOf(made.get("bias") ?? none) !== false;
  return { weight: known([...pair, ...sizes]), bias: biased ? known([out]) : null };
}

function divisible(made: Bound, call: Call): Problem | null {
  const groups = dimArgument(made, "groups");
  for (const name of ["in_channels", "out_channels"]) {
    const channels = made.has(name) ? dimArgument(made, name) : unknownDim();
    if (call.solver.divides(groups, channels) !== "no") continue;
    const [c, g] = [shownDim(call, channels), shownDim(call, groups)];
    return problem("argument", {
      blame: "groups",
      message: () => `\`${name}\` ${c} cannot be divided into ${g} groups.`,
    });
  }
  return null;
}

export const Conv1d = convolution("Conv1d", 1, false);
export const Conv2d = convolution("Conv2d", 2, false);
export const Conv3d = convolution("Conv3d", 3, false);
export const ConvTranspose1d = convolution("ConvTranspose1d", 1, true);
export const ConvTranspose2d = convolution("ConvTranspose2d", 2, true);
export const ConvTranspose3d = convolution("ConvTranspose3d", 3, true);
export const LazyConv1d = convolution("LazyConv1d", 1, false, true);
export const LazyConv2d = convolution("LazyConv2d", 2, false, true);
export const LazyConv3d = convolution("LazyConv3d", 3, false, true);
