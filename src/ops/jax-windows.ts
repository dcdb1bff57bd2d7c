/**
 * `jax.lax`: convolutions and reductions over sliding windows. The layout of a convolution is given by letters, one for
 * each dimension: N counts the batch, C the channels, O and I those of the kernel.
 */
import {
  asNumber,
  ceilDivide,
  constant,
  multiply,
  add,
  rank,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, dtypeArgument, isGiven, numberArgument, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, unknown } from "./datum.ts";
import { op, type ShapeAnswer } from "./declare.ts";
import { promoted } from "./dtype-rules.ts";
import { inLax } from "./names.ts";
import type { Call, Problem } from "./operator.ts";
import { otherRank, problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { windowCount } from "./verbs/window.ts";

export const laxConvolution = op({
  names: inLax("conv_general_dilated", "conv", "conv_with_general_padding"),
  summary: "Convolution over any number of dimensions, in the layout that `dimension_numbers` gives.",
  call: {
    "jax.lax.conv":
      "lhs as input: tensor, rhs as weight: tensor, window_strides as stride: any, padding: any, precision: any = None, preferred_element_type as dtype: dtype = None",
    "jax.lax.conv_with_general_padding":
      "lhs as input: tensor, rhs as weight: tensor, window_strides as stride: any, padding: any, lhs_dilation: any, rhs_dilation: any, precision: any = None, preferred_element_type as dtype: dtype = None",
    jax: "lhs as input: tensor, rhs as weight: tensor, window_strides as stride: any, padding: any, lhs_dilation: any = None, rhs_dilation: any = None, dimension_numbers: any = None, feature_group_count as groups: any = 1, batch_group_count: any = 1, precision: any = None, preferred_element_type as dtype: dtype = None, **options",
  },
  shape: convolve,
  dtype: (call) => dtypeArgument(call.args) ?? promoted("input", "weight")(call),
});

interface Layout {
  readonly input: string;
  readonly weight: string;
  readonly output: string;
}

function layoutOf(call: Call, ranks: number): Layout | null {
  const given = itemsOf(argument(call, "dimension_numbers"))?.map((item) =>
    item.kind === "string" ? item.value : null,
  );
  const letters = "DHW".slice(-Math.max(0, ranks - 2));
  if (!isGiven(call, "dimension_numbers"))
    return ranks > 5 ? null : { input: `NC${letters}`, weight: `OI${letters}`, output: `NC${letters}` };
  const [input, weight, output] = given ?? [];
  const whole = (text: string | null | undefined): text is string => text?.length === ranks;
  return whole(input) && whole(weight) && whole(output) ? { input, weight, output } : null;
}

function convolve(call: Call): ShapeAnswer {
  const [shape, weight] = [tensorOf(call, "input").shape, tensorOf(call, "weight").shape];
  const ranks = rank(shape);
  if (ranks === null || rank(weight) === null) return null;
  if (ranks !== rank(weight)) return otherRank(call, "weight", weight, `${ranks} dimensions, as the input has,`);
  const layout = layoutOf(call, ranks);
  const groups = isGiven(call, "groups") ? numberArgument(call, "groups") : 1;
  if (layout === null || groups === null || isOther(call, "batch_group_count", 1)) return null;
  const at = (one: Shape, letters: string, letter: string): Dim => one.dims[letters.indexOf(letter)] ?? unknownDim();
  const channels = at(shape, layout.input, "C");
  const wanted = multiply(at(weight, layout.weight, "I"), constant(groups));
  const verdict = call.solver.require(channels, wanted, call.cause);
  if (verdict.answer === "no") return otherChannels(call, shape, weight, verdict);
  const spatial = layout.input.split("").filter((letter) => letter !== "N" && letter !== "C");
  const sizes = windowSizes(call, {
    sizes: spatial.map((letter) => at(shape, layout.input, letter)),
    kernel: spatial.map((letter) => at(weight, layout.weight, letter)),
  });
  const dims = layout.output.split("").map((letter) => {
    if (letter === "N") return at(shape, layout.input, "N");
    if (letter === "C") return at(weight, layout.weight, "O");
    return sizes?.[spatial.indexOf(letter)] ?? unknownDim();
  });
  return call.solver.shape({ lead: null, dims });
}

function otherChannels(
  call: Call,
  shape: Shape,
  weight: Shape,
  verdict: Parameters<typeof problem>[1]["verdict"],
): Problem {
  const [got, kernel] = [shown(call, "input", shape), shown(call, "weight", weight)];
  return problem("conv-channels", {
    verdict: verdict ?? null,
    parameters: ["input", "weight"],
    message: (name) => `The channels of ${got(name)} are not those that the kernel ${kernel(name)} takes.`,
  });
}

function isOther(call: Call, parameter: string, usual: number): boolean {
  return isGiven(call, parameter) && numberArgument(call, parameter) !== usual;
}

interface Windows {
  readonly sizes: readonly Dim[];
  readonly kernel: readonly Dim[];
}

/** The sizes after sliding; null where an option is not known. */
function windowSizes(call: Call, { sizes, kernel }: Windows): readonly Dim[] | null {
  const ones = sizes.map(() => constant(1));
  const stride = dimsOf(argument(call, "stride"), ones);
  const spread = dimsOf(argument(call, "rhs_dilation"), ones);
  const stretched = dimsOf(argument(call, "lhs_dilation"), ones);
  const padding = paddingOf(argument(call, "padding"), sizes.length);
  if (stride === null || spread === null || padding === null) return null;
  if (stretched === null || stretched.some((dim) => asNumber(dim) !== 1)) return null;
  return sizes.map((size, i) => {
    const [step = constant(1), dilation = constant(1), extent = constant(1)] = [stride[i], spread[i], kernel[i]];
    const pad = padding === "SAME" ? null : padding[i];
    if (asNumber(step) === 0) return unknownDim();
    if (pad === null) return ceilDivide(size, step);
    if (pad === undefined) return unknownDim();
    const count = windowCount(size, { kernel: extent, stride: step, padding: pad, dilation });
    const number = asNumber(count);
    return number !== null && number < 0 ? constant(0) : count;
  });
}

function dimsOf(datum: Datum, fallback: readonly Dim[]): readonly Dim[] | null {
  if (datum.kind === "none") return fallback;
  const dims = itemsOf(datum)?.map(dimOf);
  return dims !== undefined && dims.length === fallback.length && dims.every((dim) => dim !== null) ? dims : null;
}

/** On both sides together, for each dimension; `SAME` pads so that only the stride counts. */
function paddingOf(datum: Datum, count: number): readonly Dim[] | "SAME" | null {
  if (datum.kind === "string") {
    if (datum.value === "SAME" || datum.value === "SAME_LOWER") return "SAME";
    return datum.value === "VALID" ? Array.from({ length: count }, () => constant(0)) : null;
  }
  const pairs = itemsOf(datum)?.map((item) => itemsOf(item)?.map(dimOf) ?? []);
  if (pairs === undefined || pairs.length !== count) return null;
  const sums = pairs.map(([low, high]) => (isKnown(low) && isKnown(high) ? add(low, high) : null));
  return sums.every((sum) => sum !== null) ? sums : null;
}

function isKnown(dim: Dim | null | undefined): dim is Dim {
  return dim !== null && dim !== undefined;
}

export const reduceWindow = op({
  names: inLax("reduce_window"),
  summary: "Combines the elements of every sliding window by a function.",
  call: "operand as input: any, init_value: any, computation: any, window_dimensions as kernel: any, window_strides as stride: any, padding: any, base_dilation as lhs_dilation: any = None, window_dilation as rhs_dilation: any = None",
  shape: (call) => {
    if (argument(call, "input").kind !== "tensor") return { value: unknown };
    const { shape } = tensorOf(call, "input");
    const kernel = dimsOf(argument(call, "kernel"), shape.dims);
    if (shape.lead !== null || kernel === null) return null;
    const dims = windowSizes(call, { sizes: shape.dims, kernel });
    return dims === null ? null : call.solver.shape({ lead: null, dims });
  },
});
