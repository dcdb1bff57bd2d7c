/** What may follow a product: a bias for each column, and a function of each number by its name. */

export const ACTIVATIONS = ["none", "relu", "gelu", "gelu-tanh", "silu", "tanh", "sigmoid"] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** Seven columns wide, so that a bias is told apart from the values that it is added to. */
export const biasAt = (column: number): number => ((column % 7) - 3) / 2;
