/** Values that a person gives instead of a fill, and what can be wrong with them: plain data. */

export type Given = {
  /** Where the values come from, as a person names it: `weights.npz: w`, `pasted`. */
  readonly from: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** What was lost on the way, such as `float64, rounded to float32`. */
  readonly note?: string;
};

export type Refused = { readonly problem: string };

/** A tensor in a file, not yet read. */
export type Offered = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly read: () => Promise<Given | Refused>;
};

/** Pictures stay below this many bytes; a file may hold more, but no tensor that is taken from it. */
export const MOST_BYTES = 2 ** 28;

export const printShape = (shape: readonly number[]): string => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

export const countOf = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);

/** Whether a shape can be shown at all: something in it, and not more than a picture takes. */
export function sizeProblem(from: string, shape: readonly number[]): string | undefined {
  if (shape.some((size) => size === 0)) return `${from} has the shape ${printShape(shape)}: there is nothing in it.`;
  if (4 * countOf(shape) > MOST_BYTES) {
    const mebibytes = Math.ceil((4 * countOf(shape)) / 2 ** 20);
    return `${from} has the shape ${printShape(shape)}, which is ${mebibytes} MiB here; a picture takes up to ${MOST_BYTES / 2 ** 20} MiB.`;
  }
  return undefined;
}
