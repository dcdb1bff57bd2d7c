/**
 * The values that operators take and give. The interpreter knows more kinds (functions, classes,
 * mutable containers); it hands them to operators as `unknown` or as snapshots.
 */
import type { Dim, Shape } from "../shapes/index.ts";
import type { DType } from "./dtype.ts";
import type { Bound, Layer } from "./operator.ts";

export type Library = "torch" | "numpy" | "jax";

export type Datum =
  | Tensor
  | { readonly kind: "int"; readonly value: Dim }
  /** `value` is null where only the type is known; the same for strings and booleans. */
  | Float
  | { readonly kind: "bool"; readonly value: boolean | null }
  | { readonly kind: "string"; readonly value: string | null }
  /** A complex number of Python's own; which one does not matter. */
  | { readonly kind: "complex" }
  | { readonly kind: "none" }
  | { readonly kind: "ellipsis" }
  | { readonly kind: "tuple"; readonly items: readonly Datum[] }
  | { readonly kind: "list"; readonly items: readonly Datum[] }
  /** A list of which only the length and an element that stands for all are known. */
  | { readonly kind: "many"; readonly element: Datum; readonly length: Dim }
  | { readonly kind: "slice"; readonly lower: Datum; readonly upper: Datum; readonly step: Datum }
  /** `library` where the name that was written makes arrays of it when it is called: `jnp.float32(x)`. */
  | { readonly kind: "dtype"; readonly dtype: DType; readonly library?: Library }
  /** A NamedTuple-like result of a library, such as that of `torch.max(x, dim)`; also indexes as a tuple. */
  | { readonly kind: "record"; readonly name: string; readonly fields: ReadonlyMap<string, Datum> }
  /** A layer that another is built from, with its constructor's arguments. */
  | { readonly kind: "layer"; readonly layer: Layer; readonly construction: Bound }
  /** Anything else: never a reason for an error. */
  | { readonly kind: "unknown" };

export interface Float {
  readonly kind: "float";
  readonly value: number | null;
  /** What it is of integers, where only that is known. */
  readonly quotient?: Quotient;
}

/** The exact quotient of two integers. */
export interface Quotient {
  readonly dividend: Dim;
  readonly divisor: Dim;
}

export interface Tensor {
  readonly kind: "tensor";
  readonly shape: Shape;
  /** Null where it is not known. */
  readonly dtype: DType | null;
  /** Null where the code does not tell which library the array belongs to. */
  readonly library: Library | null;
  /** True where JAX may let another type win, as it does over Python numbers. */
  readonly weak?: boolean;
  /** The elements of a small integer tensor of rank 0 or 1 that may serve as a shape or an index. */
  readonly content?: readonly Dim[];
  /** How many elements apart in memory the neighbours along each dimension are; PyTorch only, absent where not known. */
  readonly strides?: readonly Dim[];
}
