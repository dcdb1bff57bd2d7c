/** How one cell came about: its dot product term by term, or the one step that made it from the stage before. */

import { activate } from "../../kernels/elementwise/activation.ts";
import { biasAt, type Activation } from "../../src/playground/activation.ts";
import { addedTo, capped } from "../../src/playground/mask.ts";
import { at, columnOf, headAt, matrixOf, rowOf, type Matrix, type Picture, type TensorId } from "./picture.ts";

export type Term = { readonly k: number; readonly left: number; readonly right: number; readonly product: number };

export type Story =
  | {
      readonly kind: "dot";
      readonly left: Matrix;
      readonly right: Matrix;
      readonly terms: readonly Term[];
      /** What follows the sum, in order: the name of each step and the value after it. */
      readonly after: readonly (readonly [string, number])[];
    }
  | {
      readonly kind: "step";
      readonly from: Matrix;
      readonly before: number;
      readonly by: number;
      readonly how: "scale" | "mask";
      /** The cap that bends a scaled score, and what it is after that. */
      readonly cap?: { readonly softcap: number; readonly after: number };
    }
  | { readonly kind: "softmax"; readonly exponent: number; readonly total: number }
  | { readonly kind: "given" };

export type Explained = {
  readonly matrix: Matrix;
  readonly row: number;
  readonly column: number;
  readonly value: number;
  readonly story: Story;
};

export type Place = { readonly id: TensorId; readonly row: number; readonly column: number };

export function explain(picture: Picture, slice: readonly number[], place: Place): Explained | undefined {
  const view = (id: TensorId): Matrix | undefined => matrixOf(picture, id, slice);
  const matrix = view(place.id);
  if (matrix === undefined) return undefined;
  const row = Math.min(place.row, matrix.rows - 1);
  const column = Math.min(place.column, matrix.columns - 1);
  const value = at(matrix, row, column);
  const { options } = picture.bench.operation;
  const { scale = 1 / Math.sqrt(picture.layout.inner.size), softcap, bias = false, activation = "none" } = options;
  return { matrix, row, column, value, story: story() ?? { kind: "given" } };

  function story(): Story | undefined {
    switch (place.id) {
      case "result":
        return dot(view("a"), view("b"), row, column, { bias: bias ? biasAt(column) : undefined, activation });
      case "scores":
        return dot(view("q"), view("k"), row, column);
      case "output":
        return dot(view("weights"), view("v"), row, column);
      case "scaled":
        return scaled(step(view("scores"), row, column, scale, "scale"));
      case "masked":
        return step(view("scaled"), row, column, added(), "mask");
      case "weights":
        return softmax(view("masked"), row, column);
      case "a":
      case "b":
      case "q":
      case "k":
      case "v":
        return undefined;
    }
  }

  function added(): number {
    const place = { query: row, key: column, keys: picture.layout.columns.size, ...headAt(picture.layout, slice) };
    return addedTo(options, place);
  }

  function scaled(story: Story | undefined): Story | undefined {
    if (softcap === undefined || story?.kind !== "step") return story;
    return { ...story, cap: { softcap, after: capped(story.before * story.by, softcap) } };
  }
}

type Epilogue = { readonly bias: number | undefined; readonly activation: Activation };

function dot(
  left: Matrix | undefined,
  right: Matrix | undefined,
  row: number,
  column: number,
  { bias, activation }: Epilogue = { bias: undefined, activation: "none" },
): Story | undefined {
  if (left === undefined || right === undefined) return undefined;
  const down = columnOf(right, column);
  const terms = rowOf(left, row).map((x, k) => ({ k, left: x, right: down[k] ?? NaN, product: x * (down[k] ?? NaN) }));
  const sum = terms.reduce((total, { product }) => total + product, 0);
  const after = [
    ...(bias === undefined ? [] : [["+ bias", sum + bias] as const]),
    ...(activation === "none" ? [] : [[activation, activate(activation, sum + (bias ?? 0))] as const]),
  ];
  return { kind: "dot", left, right, terms, after };
}

function step(
  from: Matrix | undefined,
  row: number,
  column: number,
  by: number,
  how: "scale" | "mask",
): Story | undefined {
  return from === undefined ? undefined : { kind: "step", from, before: at(from, row, column), by, how };
}

function softmax(masked: Matrix | undefined, row: number, column: number): Story | undefined {
  if (masked === undefined) return undefined;
  const scores = rowOf(masked, row);
  const top = Math.max(...scores);
  const exponents = scores.map((x) => (x === -Infinity ? 0 : Math.exp(x - top)));
  return { kind: "softmax", exponent: exponents[column] ?? NaN, total: exponents.reduce((sum, x) => sum + x, 0) };
}

/** Which products to show: all of a short sum, or the largest of a long one, in the order of their index. */
export function chosenTerms(
  terms: readonly Term[],
  most: number,
): { readonly shown: readonly Term[]; readonly rest: number } {
  if (terms.length <= most) return { shown: terms, rest: 0 };
  const bySize = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const shown = bySize.slice(0, most).sort((a, b) => a.k - b.k);
  return { shown, rest: bySize.slice(most).reduce((sum, { product }) => sum + product, 0) };
}
