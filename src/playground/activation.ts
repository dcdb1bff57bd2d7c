/** What may follow a product: a bias for each column and a function of each number, in double precision. */

export const ACTIVATIONS = ["none", "relu", "gelu", "gelu-tanh", "silu", "tanh", "sigmoid"] as const;
export type Activation = (typeof ACTIVATIONS)[number];

export function activated(x: number, activation: Activation): number {
  switch (activation) {
    case "none":
      return x;
    case "relu":
      return x < 0 ? 0 : x;
    case "gelu":
      return 0.5 * x * (1 + erf(x / Math.SQRT2));
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

/** The error function: its series near zero, its continued fraction further out. */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  if (!(size < 6)) return Number.isNaN(x) ? NaN : Math.sign(x);
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * (size + fraction)));
}

/** Seven columns wide, so that a bias is told apart from the values that it is added to. */
export const biasAt = (column: number): number => ((column % 7) - 3) / 2;
