/**
 * Pooling: windows without weights, of a fixed size or adapted to the size of the result.
 */
import { asNumber, constant, multiply, rank, unknownDim, type Dim } from "../shapes/index.ts";
import { argument, spreadInts, tensorOf } from "./arguments.ts";
import { boolOf, itemsOf, none, numberOf, tensor, tuple, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import { wrongRank } from "./norm.ts";
import type { Call, Layer, Operator, Problem } from "./operator.ts";
import { isProblem, problem } from "./problems.ts";
import type { Datum } from "./value.ts";
import { tooLarge, windowCount, windowCountCeil, type Window } from "./verbs/window.ts";

type Options = (name: string) => Datum;

/** The last `spatial` dimensions shrink; one or two may stand before them. */
function pooled(call: Call, spatial: number, options: Options): ShapeAnswer {
  const input = tensorOf(call, "input");
  const count = rank(input.shape);
  if (count !== null && count !== spatial + 1 && count !== spatial + 2)
    return wrongRank(call, input.shape, [spatial + 2, spatial + 1]);
  const shape = call.solver.requireAtLeast(input.shape, spatial + 1) ?? input.shape;
  const sizes = shape.dims.slice(-spatial);
  const results = windowSizes(call, sizes, spatial, options);
  if (isProblem(results)) return results;
  const whole = call.solver.shape({ lead: shape.lead, dims: [...shape.dims.slice(0, -spatial), ...results] });
  const indices = boolOf(options("return_indices"));
  if (indices === false) return whole;
  return { value: indices === null ? unknown : tuple([{ ...input, shape: whole }, tensor(whole, "int64", "torch")]) };
}

function windowSizes(call: Call, sizes: readonly Dim[], spatial: number, options: Options): readonly Dim[] | Problem {
  const kernel = spreadInts(options("kernel_size"), spatial);
  const given = options("stride");
  const empty = given.kind === "none" || itemsOf(given)?.length === 0;
  const stride = empty ? kernel : spreadInts(given, spatial);
  const padding = spreadInts(options("padding"), spatial);
  const dilation =
    options("dilation").kind === "none" ? sizes.map(() => constant(1)) : spreadInts(options("dilation"), spatial);
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
    const mean = (items ?? [target]).every((item) => numberOf(item) === 1);
    return mean ? null : wrongRank(call, shape, [spatial + 2, spatial + 1]);
  }
  const wide = call.solver.requireAtLeast(shape, spatial) ?? shape;
  const sizes = wide.dims.slice(-spatial).map((size, i) => {
    const item = items === null ? target : items[i];
    if (item?.kind === "none") return size;
    return spreadInts(item ?? unknown, 1)?.[0] ?? unknownDim();
  });
  return { lead: wide.lead, dims: [...wide.dims.slice(0, -spatial), ...sizes] };
}

const MAX =
  "kernel_size: ints, stride: ints = None, padding: ints = 0, dilation: ints = 1, ceil_mode: any = False, return_indices: any = False";
const MAX_LAYER =
  "kernel_size: ints, stride: ints = None, padding: ints = 0, dilation: ints = 1, return_indices: any = False, ceil_mode: any = False";
const AVERAGE =
  "kernel_size: ints, stride: ints = None, padding: ints = 0, ceil_mode: any = False, count_include_pad: any = True, divisor_override: any = None";

const noIndices: Datum = { kind: "bool", value: false };

function poolFunction(name: string, spatial: number, signature: string): readonly Operator[] {
  return op({
    names: [
      `torch.nn.functional.${name}`,
      ...(name === "avg_pool1d" || name.startsWith("max") ? [`torch.${name}`] : []),
    ],
    summary: `Combines windows over ${spatial} dimensions.`,
    call: `input: tensor, ${signature}`,
    shape: (call) =>
      pooled(call, spatial, (option) =>
        call.args.has(option) ? argument(call, option) : option === "return_indices" ? noIndices : none,
      ),
  });
}

function poolLayer(name: string, spatial: number, signature: string): Layer {
  return layer({
    names: [`torch.nn.${name}`],
    summary: `Combines windows over ${spatial} dimensions.`,
    construct: signature,
    call: "input: tensor",
    shape: (made, call) =>
      pooled(call, spatial, (option) => made.get(option) ?? (option === "return_indices" ? noIndices : none)),
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

function adaptiveFunction(name: string, spatial: number): readonly Operator[] {
  return op({
    names: [`torch.nn.functional.${name}`],
    summary: `Combines windows over ${spatial} dimensions so that the result has the given sizes.`,
    call: "input: tensor, output_size: any, return_indices: any = False",
    shape: (call) => {
      const shape = adapted(call, spatial, argument(call, "output_size"));
      return isProblem(shape) || boolOf(argument(call, "return_indices")) === false ? shape : { value: unknown };
    },
  });
}

function adaptiveLayer(name: string, spatial: number): Layer {
  return layer({
    names: [`torch.nn.${name}`],
    summary: `Combines windows over ${spatial} dimensions so that the result has the given sizes.`,
    construct: "output_size: any, return_indices: any = False",
    call: "input: tensor",
    shape: (made, call) => {
      const shape = adapted(call, spatial, made.get("output_size") ?? unknown);
      return isProblem(shape) || boolOf(made.get("return_indices") ?? none) === false ? shape : { value: unknown };
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
