/**
 * Sliding windows: how often a kernel fits into a padded dimension. Convolutions, pooling and `unfold`
 * share these formulas. It knows sizes, no operators.
 */
import { add, asNumber, ceilDivide, constant, floorDivide, multiply, subtract, type Dim } from "../../shapes/index.ts";
import type { Call, Problem } from "../operator.ts";
import { problem, shown, shownDim } from "../problems.ts";
import type { Tensor } from "../value.ts";

export interface Window {
  readonly kernel: Dim;
  readonly stride: Dim;
  /** On both sides together. */
  readonly padding: Dim;
  readonly dilation: Dim;
}

const one = constant(1);

/** One less than the extent of the dilated kernel. */
function reach({ kernel, dilation }: Window): Dim {
  return multiply(dilation, subtract(kernel, one));
}

/** How far the window can travel; negative where it does not fit. */
function travel(size: Dim, window: Window): Dim {
  return subtract(subtract(add(size, window.padding), reach(window)), one);
}

/** ⌊(size + padding - dilation · (kernel - 1) - 1) / stride⌋ + 1 */
export function windowCount(size: Dim, window: Window): Dim {
  return add(floorDivide(travel(size, window), window.stride), one);
}

/**
 * The same rounded up, as `ceil_mode` asks. The last window must still start inside the input or its left
 * padding, so that sizes that are not numbers give no answer.
 */
export function windowCountCeil(size: Dim, window: Window): Dim | null {
  const numbers = [travel(size, window), window.stride, size, window.padding].map(asNumber);
  const [room = null, stride = null, length = null, padding = null] = numbers;
  if (room === null || stride === null || length === null || padding === null || stride <= 0) return null;
  const count = asNumber(ceilDivide(constant(room), constant(stride)));
  if (count === null) return null;
  return constant((count + 1 - 1) * stride >= length + padding / 2 ? count : count + 1);
}

/** (size - 1) · stride - padding + dilation · (kernel - 1) + output padding + 1 */
export function transposedCount(size: Dim, window: Window, outputPadding: Dim): Dim {
  const stretched = subtract(multiply(subtract(size, one), window.stride), window.padding);
  return add(add(stretched, reach(window)), add(outputPadding, one));
}

/** A problem where the window surely does not fit into one of the dimensions. */
export function tooLarge(
  call: Call,
  input: string,
  tensor: Tensor,
  sizes: readonly Dim[],
  windows: readonly Window[],
): Problem | null {
  const misfit = sizes.some((size, i) => {
    const window = windows[i];
    return window !== undefined && call.solver.atLeast(travel(size, window), 0) === "no";
  });
  if (!misfit) return null;
  const times = (dims: readonly Dim[]): string => dims.map((dim) => shownDim(call, dim)).join("×");
  const kernel = times(windows.map((window) => add(reach(window), one)));
  const padded = times(sizes.map((size, i) => add(size, windows[i]?.padding ?? constant(0))));
  const told = shown(call, input, tensor);
  return problem("window-too-large", {
    parameters: [input],
    message: (name) => `A ${kernel} kernel does not fit into ${padded}: the input is ${told(name)}.`,
  });
}
