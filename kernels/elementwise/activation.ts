/** The activations by name: their codes in WGSL, and their plain definitions in float64. */

import { RequestError } from "../shapes.ts";
import type { Activation } from "../types.ts";

/** In the order of the codes in `activation.wgsl`. */
export const activations: readonly Activation[] = ["none", "relu", "gelu", "gelu-tanh", "silu", "tanh", "sigmoid"];

export function activationCode(activation: Activation = "none"): number {
  const code = activations.indexOf(activation);
  if (code !== -1) return code;
  throw new RequestError(`There is no activation named ${activation}; there is ${activations.join(", ")}.`);
}

export function activate(activation: Activation, x: number): number {
  switch (activation) {
    case "none":
      return x;
    case "relu":
      return x < 0 ? 0 : x;
    case "gelu":
      return x * normal(x);
    case "gelu-tanh":
      return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
    case "silu":
      return x / (1 + Math.exp(-x));
    case "tanh":
      return Math.tanh(x);
    case "sigmoid":
      return 1 / (1 + Math.exp(-x));
  }
}

/**
 * The share of a normal distribution below x: near zero by the series of Φ(x) − ½, whose terms shrink, and further out
 * by the continued fraction of the tail.
 */
function normal(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(x) < 4) {
    let term = x;
    let sum = x;
    for (let n = 3; n < 120; n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    return 0.5 + density * sum;
  }
  if (Number.isNaN(x)) return NaN;
  let fraction = Math.abs(x);
  for (let n = 40; n > 0; n--) fraction = Math.abs(x) + n / fraction;
  const tail = density / fraction;
  return x < 0 ? tail : 1 - tail;
}
