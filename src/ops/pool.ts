/**
 * Pooling: windows without weights, of a fixed size or adapted to the size of the result.
 */
import { asNumber, constant, multiply, rank, unknownDim, type Dim, type Shape } from "../shapes/index.ts";
import { argument, spreadInts, tensorOf } from "./arguments.ts";
import { callAxes } from "./axes.ts";
import { bool, boolOf, itemsOf, none, numberOf, tensor, tuple, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { inOrder } from "./memory-rules.ts";
import { wrongRank } from "./norm.ts";
import type { Call, Layer, Operator, Problem } from "./operator.ts";
import { isProblem, problem, shown } from "./problems.ts";
import type { Datum } from "./value.ts";
import { tooLarge, windowCount, windowCountCeil, type Window } from "./verbs/window.ts";

export type Options = (name: string) => Datum;

/** The last `spatial` dimensions shrink; one or two may stand before them. */
function pooled(call: Call, spatial: number, options: Options): ShapeAnswer {
  const input = tensorOf(call, "input");
  const count = rank(input.shape);
  if (count !== null && count !== spatial + 1 && count !== spatial + 2)
    return wrongRank(call, input.shape, [spatial + 2, spatial + 1]);
  const shape = call.solver.requireAtLeast(input.shape, spatial + 1) ?? input.shape;
  callAxes(call, shape, spatial);
  if (hasZero(shape.dims.slice(-spatial - 1))) return empty(call);
  const sizes = shape.dims.slice(-spatial);
  const small = /(avg_pool|AvgPool|lp_pool|LPPool)3d$/.test(call.name) ? tooSmall(call, sizes, options) : null;
  if (small !== null) return small;
  const results = windowSizes(call, sizes, spatial, options);
  if (isProblem(results)) return results;
  const whole = call.solver.shape({ lead: shape.lead, dims: [...shape.dims.slice(0, -spatial), ...results] });
  return withIndices(call, whole, options);
}

/** The result alone, or with the places of its elements where `return_indices` or the name asks for them. */
export function withIndices(call: Call, whole: Shape, options: Options): ShapeAnswer {
  const indices = call.name.endsWith("_with_indices") || boolOf(options("return_indices"));
  if (indices === false) return whole;
  const input = tensorOf(call, "input");
  return { value: indices === null ? unknown : tuple([{ ...input, shape: whole }, tensor(whole, "int64", "torch")]) };
}

function windowSizes(call: Call, sizes: readonly Dim[], spatial: number, options: Options): readonly Dim[] | Problem {
  const kernel = spreadInts(options("kernel_size"), spatial);
  const given = options("stride");
  const absent = given.kind === "none" || itemsOf(given)?.length === 0;
  const stride = absent ? kernel : spreadInts(given, spatial);
  const padding = spreadInts(options("padding"), spatial);
  const dilation =
    options("dilation").kind === "none" ? sizes.map(() => constant(1)) : spreadInts(options("dilation"), spatial);
  if ([kernel, stride, dilation].some((dims) => hasBelow(dims, 1)) || hasBelow(padding, 0)) return notPositive();
  const windows = sizes.map((_, i): Window | null => {
    const [k, s, p, d] = [kernel?.[i], stride?.[i], padding?.[i], dilation?.[i]];
    return k === null ||
      k === undefined ||
      s === null ||
      s === undefined ||
      p === null ||
      p === undefined ||
      d === null ||
      d === undefined ||
      asNumber(s) === 0
      ? null
      : { kernel: k, stride: s, padding: multiply(p, constant(2)), dilation: d };
  });
  const wide = windows.findIndex((window) => window !== null && isTooWide(window));
  if (wide >= 0) return tooWide();
  const ceil = boolOf(options("ceil_mode"));
  if (ceil === false && windows.every((window) => window !== null)) {
    const wrong = tooLarge(call, "input", tensorOf(call, "input"), sizes, windows);
    if (wrong !== null) return wrong;
  }
  const results = sizes.map((size, i) => {
    const window = windows[i] ?? null;
    if (window === null || ceil === null) return unknownDim();
    return ceil ? (windowCountCeil(size, window) ?? unknownDim()) : windowCount(size, window);
  });
  if (results.some((size) => call.solver.atLeast(size, 1) === "no")) {
    const known = windows.flatMap((window) => window ?? []);
    return tooLarge(call, "input", tensorOf(call, "input"), sizes, known) ?? results;
  }
  return results;
}

/** A mean over three dimensions does not let a window reach beyond the input, whatever the padding. */
function tooSmall(call: Call, sizes: readonly Dim[], options: Options): Problem | null {
  const kernel = spreadInts(options("kernel_size"), sizes.length);
  const windows = kernel?.map((dim): Window | null =>
    dim === null ? null : { kernel: dim, stride: constant(1), padding: constant(0), dilation: constant(1) },
  );
  if (windows === undefined || !windows.every((window) => window !== null)) return null;
  return tooLarge(call, "input", tensorOf(call, "input"), sizes, windows);
}

/** True where one of the numbers is surely smaller. */
export function hasBelow(dims: readonly (Dim | null)[] | null, least: number): boolean {
  return dims?.some((dim) => dim !== null && (asNumber(dim) ?? least) < least) ?? false;
}

function notPositive(): Problem {
  return problem("argument", {
    message: () => "Kernel, stride and dilation of a pooling must be positive, its padding not negative.",
  });
}

/** Padding can make up at most half of a window. */
function isTooWide({ kernel, padding, dilation }: Window): boolean {
  const [k, p, d] = [asNumber(kernel), asNumber(padding), asNumber(dilation)];
  return k !== null && p !== null && d !== null && p > k && p > d * (k - 1) + 1;
}

function tooWide(): Problem {
  return problem("argument", {
    blame: "padding",
    message: () => "`padding` can be at most half of the kernel of a pooling.",
  });
}

/** The last dimensions become the sizes asked for; `None` leaves one as it is. */
function adapted(call: Call, spatial: number, target: Datum): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const count = rank(shape);
  const items = itemsOf(target);
  if (count !== null && count !== spatial + 1 && count !== spatial + 2) {
    // A mean over everything takes any rank.
    const single = (items ?? [target]).every((item) => numberOf(item) === 1);
    if (!single) return wrongRank(call, shape, [spatial + 2, spatial + 1]);
    if (spatial === 1 || count < spatial || /max/i.test(call.name)) return null;
  }
  if (items !== null && items.length !== spatial) {
    return problem("argument", { blame: "output_size", message: () => `\`output_size\` needs ${spatial} sizes.` });
  }
  const wide = call.solver.requireAtLeast(shape, spatial) ?? shape;
  const sizes = wide.dims.slice(-spatial).map((size, i) => {
    const item = items === null ? target : items[i];
    if (item?.kind === "none") return size;
    return spreadInts(item ?? unknown, 1)?.[0] ?? unknownDim();
  });
  if (hasBelow(sizes, 0)) return negativeSize();
  // A mean over everything can be one over nothing.
  const mean = !/max/i.test(call.name) && sizes.every((size) => asNumber(size) === 1);
  if (!mean && hasZero(wide.dims.slice(-spatial))) return empty(call);
  return { lead: wide.lead, dims: [...wide.dims.slice(0, -spatial), ...sizes] };
}

function hasZero(dims: readonly Dim[]): boolean {
  return dims.some((dim) => asNumber(dim) === 0);
}

/** Only the batch may be empty. */
function empty(call: Call): Problem {
  const told = shown(call, "input", tensorOf(call, "input"));
  return problem("window-too-large", {
    parameters: ["input"],
    message: (name) => `There is nothing to pool: the input is ${told(name)}.`,
  });
}

function negativeSize(): Problem {
  return problem("argument", { blame: "output_size", message: () => "`output_size` cannot be negative." });
}

const MAX =
  "kernel_size: ints, stride: ints = None, padding: ints = 0, dilation: ints = 1, ceil_mode: any = False, return_indices: any = False";
const MAX_LAYER =
  "kernel_size: ints, stride: ints = None, padding: ints = 0, dilation: ints = 1, return_indices: any = False, ceil_mode: any = False";
const AVERAGE =
  "kernel_size: ints, stride: ints = None, padding: ints = 0, ceil_mode: any = False, count_include_pad: any = True, divisor_override: any = None";

function poolFunction(name: string, spatial: number, signature: string): readonly Operator[] {
  const maximum = name.startsWith("max");
  return op({
    names: [
      `torch.nn.functional.${name}`,
      ...(name === "avg_pool1d" || maximum ? [`torch.${name}`] : []),
      ...(maximum ? [`torch.nn.functional.${name}_with_indices`] : []),
      ...(name === "max_pool1d" ? ["torch.max_pool1d_with_indices"] : []),
    ],
    summary: `Combines windows over ${spatial} dimensions.`,
    call: `input: tensor, ${signature}`,
    strides: inOrder,
    shape: (call) =>
      pooled(
        call,
        spatial,
        optionsOf((option) => call.args.get(option)),
      ),
  });
}

/** Options that a pooling does not have say nothing. */
function optionsOf(find: (option: string) => Datum | undefined): Options {
  return (option) => find(option) ?? PLAIN[option] ?? none;
}

const PLAIN: Readonly<Partial<Record<string, Datum>>> = {
  return_indices: { kind: "bool", value: false },
  padding: { kind: "int", value: constant(0) },
};

function poolLayer(name: string, spatial: number, signature: string): Layer {
  return layer({
    names: [`torch.nn.${name}`],
    summary: `Combines windows over ${spatial} dimensions.`,
    construct: signature,
    call: "input: tensor",
    strides: inOrder,
    shape: (made, call) =>
      pooled(
        call,
        spatial,
        optionsOf((option) => made.get(option)),
      ),
  });
}

export const maxPool1d = poolFunction("max_pool1d", 1, MAX);
export const maxPool2d = poolFunction("max_pool2d", 2, MAX);
export const maxPool3d = poolFunction("max_pool3d", 3, MAX);
export const avgPool1d = poolFunction("avg_pool1d", 1, AVERAGE);
export const avgPool2d = poolFunction("avg_pool2d", 2, AVERAGE);
export const avgPool3d = poolFunction("avg_pool3d", 3, AVERAGE);
export const MaxPool1d = poolLayer("MaxPool1d", 1, MAX_LAYER);
export const MaxPool2d = poolLayer("MaxPool2d", 2, MAX_LAYER);
export const MaxPool3d = poolLayer("MaxPool3d", 3, MAX_LAYER);
export const AvgPool1d = poolLayer("AvgPool1d", 1, AVERAGE.slice(0, AVERAGE.indexOf(", divisor")));
export const AvgPool2d = poolLayer("AvgPool2d", 2, AVERAGE);
export const AvgPool3d = poolLayer("AvgPool3d", 3, AVERAGE);

const POWERS = "norm_type: any, kernel_size: any, stride: any = None, ceil_mode: any = False";

export const lpPools: readonly (Operator | Layer)[] = [1, 2, 3].flatMap((spatial) => [
  ...poolFunction(`lp_pool${spatial}d`, spatial, POWERS),
  poolLayer(`LPPool${spatial}d`, spatial, POWERS),
]);

function adaptiveFunction(name: string, spatial: number): readonly Operator[] {
  const own = spatial === 1 ? [`torch.${name}`] : [];
  const maximum = name.startsWith("adaptive_max");
  return op({
    names: [`torch.nn.functional.${name}`, ...own, ...(maximum ? [`torch.nn.functional.${name}_with_indices`] : [])],
    summary: `Combines windows over ${spatial} dimensions so that the result has the given sizes.`,
    call: "input: tensor, output_size: any, return_indices: any = False",
    strides: inOrder,
    shape: (call) => {
      const shape = adapted(call, spatial, argument(call, "output_size"));
      if (shape === null || !("dims" in shape)) return shape;
      // PyTorch's own function always gives the places too.
      if (name === "adaptive_max_pool1d" && call.name === `torch.${name}`)
        return withIndices(call, shape, () => bool(true));
      return withIndices(call, shape, (option) => argument(call, option));
    },
  });
}

function adaptiveLayer(name: string, spatial: number): Layer {
  return layer({
    names: [`torch.nn.${name}`],
    summary: `Combines windows over ${spatial} dimensions so that the result has the given sizes.`,
    construct: name.includes("Max") ? "output_size: any, return_indices: any = False" : "output_size: any",
    call: "input: tensor",
    strides: inOrder,
    shape: (made, call) => {
      const shape = adapted(call, spatial, made.get("output_size") ?? unknown);
      if (shape === null || !("dims" in shape)) return shape;
      return withIndices(
        call,
        shape,
        optionsOf((option) => made.get(option)),
      );
    },
  });
}

export const adaptiveAvgPool1d = adaptiveFunction("adaptive_avg_pool1d", 1);
export const adaptiveAvgPool2d = adaptiveFunction("adaptive_avg_pool2d", 2);
export const adaptiveAvgPool3d = adaptiveFunction("adaptive_avg_pool3d", 3);
export const adaptiveMaxPool1d = adaptiveFunction("adaptive_max_pool1d", 1);
export const adaptiveMaxPool2d = adaptiveFunction("adaptive_max_pool2d", 2);
export const adaptiveMaxPool3d = adaptiveFunction("adaptive_max_pool3d", 3);
export const AdaptiveAvgPool1d = adaptiveLayer("AdaptiveAvgPool1d", 1);
export const AdaptiveAvgPool2d = adaptiveLayer("AdaptiveAvgPool2d", 2);
export const AdaptiveAvgPool3d = adaptiveLayer("AdaptiveAvgPool3d", 3);
export const AdaptiveMaxPool1d = adaptiveLayer("AdaptiveMaxPool1d", 1);
export const AdaptiveMaxPool2d = adaptiveLayer("AdaptiveMaxPool2d", 2);
export const AdaptiveMaxPool3d = adaptiveLayer("AdaptiveMaxPool3d", 3);
