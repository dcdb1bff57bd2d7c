/**
 * Convolutions of one, two and three dimensions, transposed ones too: functions and layers (`conv-layers.ts`) share one rule.
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
  type Verdict,
} from "../shapes/index.ts";
import { argument, isGiven, spreadInts, tensorOf } from "./arguments.ts";
import { callAxes } from "./axes.ts";
import { int, tensor, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { exactRank, mixedTypes } from "./matmul.ts";
import { inOrder } from "./memory-rules.ts";
import { wrongRank } from "./norm.ts";
import type { Call, Operator, Problem } from "./operator.ts";
import { hasBelow } from "./pool.ts";
import { isProblem, problem, shown, shownDim, type Names } from "./problems.ts";
import type { Datum } from "./value.ts";
import { tooLarge, transposedCount, windowCount, type Window } from "./verbs/window.ts";

export interface Convolution {
  readonly spatial: number;
  readonly transposed: boolean;
  readonly channels: Dim;
  readonly out: Dim;
  readonly kernel: readonly (Dim | null)[] | null;
  readonly options: (name: string) => Datum;
  /** True where the number of channels is that of the input. */
  readonly lazy?: boolean;
  /** How the layer or the weight is called in a sentence. */
  readonly told: (name: Names) => string;
}

export function convolve(call: Call, conv: Convolution): ShapeAnswer {
  const { spatial } = conv;
  const input = tensorOf(call, "input");
  const count = rank(input.shape);
  if (count !== null && count !== spatial + 1 && count !== spatial + 2) {
    return wrongRank(call, input.shape, [spatial + 2, spatial + 1], "self");
  }
  const shape = call.solver.requireAtLeast(input.shape, spatial + 1) ?? input.shape;
  callAxes(call, shape, spatial);
  const channels = shape.dims.at(-spatial - 1) ?? unknownDim();
  const verdict = conv.lazy === true ? null : call.solver.require(channels, conv.channels, call.cause);
  if (verdict?.answer === "no") return otherChannels(call, conv, shape, verdict);
  const sizes = shape.dims.slice(-spatial);
  const wrong = optionProblem(conv) ?? emptyProblem(call, sizes);
  // Without samples or channels nothing is computed, and not all is checked.
  if (shape.dims.slice(0, -spatial).some((dim) => asNumber(dim) === 0) && (wrong !== null || conv.lazy === true))
    return null;
  if (wrong !== null) return wrong;
  const results = spatialSizes(call, conv, sizes);
  if (isProblem(results)) return results;
  return finished(
    call,
    conv,
    call.solver.shape({ lead: shape.lead, dims: [...shape.dims.slice(0, -spatial - 1), conv.out, ...results] }),
  );
}

function otherChannels(call: Call, conv: Convolution, shape: Shape, verdict: Verdict): Problem {
  const [got, wanted] = [shown(call, "input", shape), shownDim(call, conv.channels)];
  return problem("conv-channels", {
    verdict,
    parameters: ["input"],
    message: (name) =>
      `${conv.told(name)} takes ${wanted} ${wanted === "1" ? "channel" : "channels"} but gets ${got(name)}.`,
  });
}

/** Strides and dilations are positive, padding is not negative, and what is put out more is less than a step. */
function optionProblem({ options, spatial, transposed }: Convolution): Problem | null {
  const [stride, dilation] = ["stride", "dilation"].map((name) => spreadInts(options(name), spatial));
  const padding = options("padding");
  const amounts = padding.kind === "string" ? null : spreadInts(padding, spatial);
  if (hasBelow(stride ?? null, 1) || hasBelow(dilation ?? null, 1) || hasBelow(amounts, 0)) {
    return problem("argument", {
      message: () => "Stride and dilation of a convolution must be positive, its padding not negative.",
    });
  }
  if (padding.kind === "string" && padding.value !== null) return namedPadding(padding.value, stride ?? null);
  const extra = transposed ? spreadInts(options("output_padding"), spatial) : null;
  const far = extra?.some((dim, i) => {
    const [more, step, gap] = [dim, stride?.[i] ?? null, dilation?.[i] ?? null].map((one) =>
      one ? asNumber(one) : null,
    );
    return (
      typeof more === "number" && typeof step === "number" && typeof gap === "number" && more >= Math.max(step, gap)
    );
  });
  if (far !== true) return null;
  return problem("argument", {
    blame: "output_padding",
    message: () => "`output_padding` must be smaller than the stride or the dilation.",
  });
}

export function namedPadding(name: string, stride: readonly (Dim | null)[] | null): Problem | null {
  const strided = stride?.some((dim) => dim !== null && (asNumber(dim) ?? 1) > 1) === true;
  if (name === "valid" || (name === "same" && !strided)) return null;
  return problem("argument", {
    blame: "padding",
    message: () =>
      name === "same"
        ? '`padding="same"` needs a stride of 1.'
        : `\`padding\` can be \`"same"\` or \`"valid"\`, or numbers; it is \`"${name}"\`.`,
  });
}

/** Batch and channels can be empty, but not space. */
function emptyProblem(call: Call, sizes: readonly Dim[]): Problem | null {
  if (!sizes.some((dim) => asNumber(dim) === 0)) return null;
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("window-too-large", {
    parameters: ["input"],
    message: (name) => `There is nothing to convolve: the input is ${told(name)}.`,
  });
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
  const results = sizes.map((size, i) => {
    const window = windows[i] ?? null;
    if (window === null) return unknownDim();
    if (!conv.transposed) return windowCount(size, window);
    const more = extra?.[i] ?? null;
    const count = more === null ? unknownDim() : transposedCount(size, window, more);
    // Some kernels give an empty result where others refuse to.
    return asNumber(count) === 0 ? unknownDim() : count;
  });
  return results.some((dim) => (asNumber(dim) ?? 0) < 0) ? vanished(results) : results;
}

function vanished(results: readonly Dim[]): Problem {
  const sizes = results.map((dim) => asNumber(dim) ?? "?").join("×");
  return problem("window-too-large", { message: () => `The padding takes everything away: ${sizes} is left.` });
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
    strides: inOrder,
    shape: (call) => {
      const weight = call.solver.requireRank(tensorOf(call, "weight").shape, spatial + 2);
      if (weight === null) return exactRank(call, "weight", spatial + 2) ?? { value: unknown };
      const [first = unknownDim(), second = unknownDim(), ...kernel] = weight.dims;
      const groups = spreadInts(argument(call, "groups"), 1)?.[0] ?? unknownDim();
      const [channels, out] = transposed ? [first, multiply(second, groups)] : [multiply(second, groups), first];
      return (
        mixedTypes(call, ["input", "weight", ...(isGiven(call, "bias") ? ["bias"] : [])]) ??
        groupProblem(call, first, groups) ??
        biasProblem(call, out) ??
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

/** Groups divide the first dimension of the filter, which must have at least one row for each. */
function groupProblem(call: Call, rows: Dim, groups: Dim): Problem | null {
  const [r, g] = [asNumber(call.solver.dim(rows)), asNumber(groups)];
  if (g === null || (g > 0 && (r === null || (r >= g && r % g === 0)))) return null;
  return problem("argument", {
    blame: "groups",
    message: () => `A filter with ${r ?? "?"} rows cannot be divided into ${g} groups.`,
  });
}

function biasProblem(call: Call, out: Dim): Problem | null {
  const bias = argument(call, "bias");
  const verdict = bias.kind === "tensor" ? call.solver.requireShapes(bias.shape, known([out]), call.cause) : null;
  if (verdict?.answer !== "no") return null;
  const [told, wanted] = [shown(call, "bias", tensorOf(call, "bias")), shownDim(call, out)];
  return problem("conv-channels", {
    verdict,
    parameters: ["bias"],
    message: (name) => `The filter puts out ${wanted} channels, but ${told(name)} has another size.`,
  });
}

export const conv1d = functional("conv1d", 1, false);
export const conv2d = functional("conv2d", 2, false);
export const conv3d = functional("conv3d", 3, false);
export const convTranspose1d = functional("conv_transpose1d", 1, true);
export const convTranspose2d = functional("conv_transpose2d", 2, true);
export const convTranspose3d = functional("conv_transpose3d", 3, true);
