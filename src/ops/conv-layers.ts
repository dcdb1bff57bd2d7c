/**
 * Convolutions as layers, lazy and transposed ones too: what their constructors check, how they pad, and the
 * weights that they learn. The rule itself is in `conv.ts`.
 */
import { asNumber, floorDivide, known, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, dimArgument, spreadInts, tensorOf, textArgument } from "./arguments.ts";
import { convolve, namedPadding, type Convolution } from "./conv.ts";
import { boolOf, dimOf, int, itemsOf, none, unknown } from "./datum.ts";
import { layer, type ShapeAnswer } from "./declare.ts";
import { needsFloats } from "./linear.ts";
import { inOrder } from "./memory-rules.ts";
import type { Bound, Call, Layer, Problem } from "./operator.ts";
import { paddedBy } from "./padding.ts";
import { problem, shownDim } from "./problems.ts";
import type { Datum } from "./value.ts";

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
    check: (made, call) => divisible(made, call) ?? modeProblem(made, transposed),
    strides: inOrder,
    shape: (made, call) => {
      const wrong = needsFloats(call) ?? (lazy ? lazyGroups(made, call, spatial) : null);
      if (wrong !== null) return wrong;
      const conv: Convolution = {
        spatial,
        transposed,
        channels: lazy ? unknownDim() : dimArgument(made, "in_channels"),
        lazy,
        out: dimArgument(made, "out_channels"),
        kernel: spreadInts(made.get("kernel_size") ?? unknown, spatial),
        options: (option) => made.get(option) ?? none,
        told: (names) => names("self"),
      };
      const wanted = transposed ? argument(call, "output_size") : none;
      if (wanted.kind !== "none") return sizedOutput(call, conv, wanted);
      return fillProblem(made, call, spatial) ?? convolve(call, conv);
    },
    ...(lazy ? { parameterCount: () => null } : { weights: (made: Bound) => weightsOf(made, spatial, transposed) }),
  });
}

/** Padding by another mode than zeros takes elements of the input, which must be there. */
function fillProblem(made: Bound, call: Call, spatial: number): Problem | null {
  const mode = textArgument(made, "padding_mode");
  const padding = made.get("padding") ?? unknown;
  const amounts = padding.kind === "string" ? null : spreadInts(padding, spatial);
  return mode === null || amounts === null ? null : paddedBy(call, mode, amounts);
}

function modeProblem(made: Bound, transposed: boolean): Problem | null {
  const mode = textArgument(made, "padding_mode");
  const stride = spreadInts(made.get("stride") ?? unknown, 1);
  const padding = made.get("padding") ?? none;
  const named = padding.kind === "string" && padding.value !== null ? namedPadding(padding.value, stride) : null;
  const modes = transposed ? ["zeros"] : ["zeros", "reflect", "replicate", "circular"];
  if (named !== null || mode === null || modes.includes(mode)) return named;
  return problem("argument", {
    blame: "padding_mode",
    message: () => `\`padding_mode\` can be ${modes.map((one) => `\`"${one}"\``).join(", ")}.`,
  });
}

/** A lazy layer learns the number of channels from its input, which its groups must divide. */
function lazyGroups(made: Bound, call: Call, spatial: number): Problem | null {
  const { shape } = tensorOf(call, "input");
  const channels = rank(shape) === null ? undefined : shape.dims.at(-spatial - 1);
  return channels === undefined || shape.dims.length < spatial + 1
    ? null
    : divisible(new Map(made).set("in_channels", int(channels)), call);
}

/** The sizes asked for, perhaps behind those of batch and channels, can be less than a stride above the smallest. */
function sizedOutput(call: Call, conv: Convolution, wanted: Datum): ShapeAnswer {
  const plain = convolve(call, {
    ...conv,
    options: (option) => (option === "output_padding" ? int(0) : conv.options(option)),
  });
  const value = plain !== null && "value" in plain ? plain.value : null;
  if (value?.kind !== "tensor") return plain;
  const items = itemsOf(wanted);
  const { spatial } = conv;
  const least = value.shape.dims.slice(-spatial);
  const front = value.shape.dims.slice(0, -spatial);
  if (items === null) return { lead: value.shape.lead, dims: [...front, ...least.map(() => unknownDim())] };
  const sizes = items.slice(-spatial).map((item) => dimOf(item) ?? unknownDim());
  const whole = value.shape.lead === null && items.length === front.length + spatial;
  const strides = spreadInts(conv.options("stride"), spatial);
  const unfit = sizes.some((size, i) => {
    const [n, m, step] = [size, least[i] ?? size, strides?.[i] ?? unknownDim()].map(asNumber);
    return typeof n === "number" && typeof m === "number" && (n < m || (typeof step === "number" && n > m + step - 1));
  });
  if (unfit || (items.length !== spatial && !whole && value.shape.lead === null)) return wrongOutput(call, least);
  return call.solver.shape({ lead: value.shape.lead, dims: [...front, ...sizes] });
}

function wrongOutput(call: Call, least: readonly Dim[]): Problem {
  const sizes = least.map((dim) => shownDim(call, dim)).join("×");
  return problem("argument", {
    blame: "output_size",
    message: () => `\`output_size\` must be at least ${sizes}, and less than one stride above it.`,
  });
}

function weightsOf(made: Bound, spatial: number, transposed: boolean): Readonly<Record<string, Shape | null>> {
  const [channels, out, groups] = ["in_channels", "out_channels", "groups"].map((name) => dimArgument(made, name));
  if (channels === undefined || out === undefined || groups === undefined) return {};
  const given = made.get("kernel_size") ?? unknown;
  const listed = itemsOf(given);
  // A list of another length is taken at its word; the layer fails when it is called.
  const several = listed !== null && listed.length > 1 ? listed.map(dimOf) : null;
  const kernel = several ?? spreadInts(given, spatial) ?? Array.from({ length: spatial }, () => null);
  const sizes = kernel.map((dim) => dim ?? unknownDim());
  const pair = transposed ? [channels, floorDivide(out, groups)] : [out, floorDivide(channels, groups)];
  const biased = boolOf(made.get("bias") ?? none) !== false;
  return { weight: known([...pair, ...sizes]), bias: biased ? known([out]) : null };
}

function divisible(made: Bound, call: Call): Problem | null {
  const groups = dimArgument(made, "groups");
  if ((asNumber(groups) ?? 1) < 1) {
    return problem("argument", { blame: "groups", message: () => "`groups` must be positive." });
  }
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
export const LazyConvTranspose1d = convolution("LazyConvTranspose1d", 1, true, true);
export const LazyConvTranspose2d = convolution("LazyConvTranspose2d", 2, true, true);
export const LazyConvTranspose3d = convolution("LazyConvTranspose3d", 3, true, true);
