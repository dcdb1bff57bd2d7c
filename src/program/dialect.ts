/**
 * What is peculiar to a language, as data that the interpreter reads: names with a meaning, and how
 * written types state shapes. It knows nothing of values; each front end supplies one.
 */
import type { BinaryOperator, DimNote, Expr } from "./syntax.ts";

export interface Dialect {
  readonly constructorMethod: string;
  readonly callMethod: string;
  /** Methods that operators call: on the left operand, then on the right one. */
  readonly operatorMethods: Readonly<Record<BinaryOperator, readonly [string, string]>>;
  readonly indexMethod: string;
  readonly lengthMethod: string;
  readonly iterationMethod: string;
  readonly nextMethod: string;
  /** The name that holds the module's own name, and its value in a program's main file. */
  readonly mainGuard: { readonly name: string; readonly value: string };
  /** A constant that only readers of types take for true: what stands under it is imported for annotations alone. */
  readonly typesOnly: string;
  /** The function of a module that gives the names which it does not bind. */
  readonly moduleGetter: string;
  /** Names that are there without an import. */
  readonly builtins: ReadonlySet<string>;
  /** Reads a shape that a type annotation states, such as jaxtyping's `Float[Tensor, "b c"]`. */
  readonly annotatedShape: (annotation: Expr) => AnnotatedShape | null;
  /** The name of the size that an annotation says an integer is. */
  readonly annotatedSize: (annotation: Expr) => string | null;
}

export interface AnnotatedShape {
  readonly dims: readonly DimNote[];
  /** `Float`, `Int`, …; null where the annotation does not say. */
  readonly dtype: string | null;
  /** What names the type of the array, if anything does. */
  readonly array: Expr | null;
}
