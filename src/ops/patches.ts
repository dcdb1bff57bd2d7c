/**
 * Windows over images and arrays as tensors of their own: `unfold` and `fold` of PyTorch, and NumPy's sliding
 * windows. How often a window fits is the business of `verbs/window.ts`.
 */
import {
  add,
  asNumber,
  constant,
  multiply,
  product,
  rank,
  subtract,
  unknownDim,
  type Dim,
  type Shape,
} from "../shapes/index.ts";
import { argument, isGiven, spreadInts, tensorOf } from "./arguments.ts";
import { dimOf, itemsOf, unknown } from "./datum.ts";
import { layer, op, type ShapeAnswer } from "./declare.ts";
import type { Bound, Call, Problem } from "./operator.ts";
import { isProblem, otherRank, problem, shown } from "./problems.ts";
import { readAxis } from "./verbs/axis.ts";
import { tooLarge, windowCount, type Window } from "./verbs/window.ts";

const WINDOW = "dilation: ints = 1, padding: ints = 0, stride: ints = 1";

/** The windows over height and width, null where an option is not known. */
function windowsOf(options: Bound): readonly Window[] | null {
  const parts = ["kernel_size", "dilation", "padding", "stride"].map((name) =>
    spreadInts(options.get(name) ?? unknown, 2),
  );
  const windows: Window[] = [];
  for (const i of [0, 1]) {
    const [kernel = null, dilation = null, padding = null, stride = null] = parts.map((part) => part?.[i] ?? null);
    if (kernel === null || dilation === null || padding === null || stride === null || asNumber(stride) === 0)
      return null;
    windows.push({ kernel, dilation, padding: multiply(padding, constant(2)), stride });
  }
  return windows;
}

function needRank(call: Call, shape: Shape, ranks: readonly [number, number]): Problem | null {
  const count = rank(shape);
  if (count === null || ranks.includes(count)) return null;
  return otherRank(call, "input", shape, `${ranks[0]} or ${ranks[1]} dimensions`);
}

/** (N, C, H, W) → (N, C · kernel, windows) */
function unfolded(call: Call, options: Bound): ShapeAnswer {
  const input = tensorOf(call, "input");
  const wrong = needRank(call, input.shape, [3, 4]);
  if (wrong !== null) return wrong;
  const wide = call.solver.requireAtLeast(input.shape, 3);
  const windows = windowsOf(options);
  const [channels, ...sizes] = wide?.dims.slice(-3) ?? [];
  if (wide === null || windows === null || channels === undefined) return null;
  if ([channels, ...sizes].some((dim) => asNumber(dim) === 0)) return unfoldable(call, wide);
  const misfit = tooLarge(call, "input", input, sizes, windows);
  if (misfit !== null) return misfit;
  const counts = sizes.map((size, i) => windowCount(size, windows[i] ?? neutral));
  const kernel = windows.map((window) => window.kernel);
  return { lead: wide.lead, dims: [...wide.dims.slice(0, -3), product([channels, ...kernel]), product(counts)] };
}

const neutral: Window = { kernel: constant(1), stride: constant(1), padding: constant(0), dilation: constant(1) };

/** (N, C · kernel, windows) → (N, C, H, W) */
function folded(call: Call, options: Bound): ShapeAnswer {
  const shape = tensorOf(call, "input").shape;
  const wrong = needRank(call, shape, [2, 3]);
  if (wrong !== null) return wrong;
  const wide = call.solver.requireAtLeast(shape, 2);
  const output = spreadInts(options.get("output_size") ?? unknown, 2);
  const windows = windowsOf(options);
  if (wide === null || output === null || windows === null) return null;
  const [columns, count] = [wide.dims.at(-2), wide.dims.at(-1)];
  const [height, width] = output;
  if (columns === undefined || count === undefined || height === undefined || height === null) return null;
  if (width === undefined || width === null) return null;
  const area = product(windows.map((window) => window.kernel));
  const expected = product([height, width].map((size, i) => windowCount(size, windows[i] ?? neutral)));
  const parts = call.solver.divides(area, columns);
  if (parts === "no" || call.solver.compare(count, expected) === "no") return unfoldable(call, wide);
  const channels = exactQuotient(columns, area);
  return { lead: wide.lead, dims: [...wide.dims.slice(0, -2), channels, height, width] };
}

function exactQuotient(columns: Dim, area: Dim): Dim {
  const [n, m] = [asNumber(columns), asNumber(area)];
  return n === null || m === null || m === 0 ? unknownDim() : constant(Math.floor(n / m));
}

function unfoldable(call: Call, shape: Shape): Problem {
  const told = shown(call, "input", shape);
  return problem("argument", {
    parameters: ["input"],
    message: (name) => `${told(name)} cannot be folded: its windows are not those of this output size and kernel.`,
  });
}

export const unfold = op({
  names: ["torch.nn.functional.unfold"],
  summary: "Every window of an image as a column.",
  call: `input: tensor, kernel_size: ints, ${WINDOW}`,
  shape: (call) => unfolded(call, call.args),
});

export const fold = op({
  names: ["torch.nn.functional.fold"],
  summary: "An image as the sum of windows that stand in columns.",
  call: `input: tensor, output_size: ints, kernel_size: ints, ${WINDOW}`,
  shape: (call) => folded(call, call.args),
});

export const Unfold = layer({
  names: ["torch.nn.Unfold"],
  summary: "Every window of an image as a column.",
  construct: `kernel_size: ints, ${WINDOW}`,
  call: "input: tensor",
  shape: (made, call) => unfolded(call, made),
});

export const Fold = layer({
  names: ["torch.nn.Fold"],
  summary: "An image as the sum of windows that stand in columns.",
  construct: `output_size: ints, kernel_size: ints, ${WINDOW}`,
  call: "input: tensor",
  shape: (made, call) => folded(call, made),
});

export const slidingWindow = op({
  names: ["numpy.lib.stride_tricks.sliding_window_view"],
  summary: "Every position of a window, followed by the elements in it.",
  call: "x as input: tensor, window_shape: any, axis as dim: any = None, *, subok: any = False, writeable: any = False",
  shape: (call) => {
    const input = tensorOf(call, "input");
    const named = argument(call, "window_shape");
    const window = (itemsOf(named) ?? [named]).map(dimOf);
    if (rank(input.shape) === null) return null;
    const axes = windowAxes(call, input.shape, window.length);
    if (axes === null || isProblem(axes)) return axes;
    const dims = [...input.shape.dims];
    for (const [i, axis] of axes.entries()) {
      const at = dims.length + axis;
      const [size, extent] = [dims[at], window[i]];
      if (size === undefined || extent === undefined || extent === null) return null;
      const room = subtract(size, extent);
      if (call.solver.atLeast(room, 0) === "no")
        return tooLarge(call, "input", input, [size], [{ ...neutral, kernel: extent }]);
      dims[at] = add(room, constant(1));
    }
    return { lead: null, dims: [...dims, ...window.map((extent) => extent ?? unknownDim())] };
  },
});

function windowAxes(call: Call, shape: Shape, count: number): readonly number[] | null | Problem {
  if (!isGiven(call, "dim")) {
    if (count === shape.dims.length) return shape.dims.map((_, i) => i - shape.dims.length);
    return otherRank(call, "input", shape, count === 1 ? "1 dimension" : `${count} dimensions`);
  }
  const named = argument(call, "dim");
  const axes: number[] = [];
  for (const item of itemsOf(named) ?? [named]) {
    const axis = readAxis(call, "dim", item, shape, { of: "input" });
    if (axis === null || isProblem(axis)) return axis;
    axes.push(axis);
  }
  return axes.length === count ? axes : null;
}
