/**
 * What an analysis gives to whoever shows it: facts, findings and operations with their places.
 * It knows programs and shapes, and nothing of editors or protocols.
 */
import type { Documentation } from "../ops/index.ts";
import type { Cause, Dim, Shape } from "../shapes/index.ts";

/** A half-open range of UTF-16 offsets in one file's text. */
export interface FileSpan {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export type FactKind =
  | "tensor"
  | "int"
  | "float"
  | "bool"
  | "string"
  | "none"
  | "tuple"
  | "list"
  | "dict"
  | "set"
  | "dtype"
  | "module"
  | "layer"
  | "class"
  | "function"
  | "object"
  | "unknown";

/**
 * How a value came to be known at one place. `bound` facts stand on names being bound (targets,
 * parameters, attributes assigned to); the others on evaluated expressions.
 */
export interface Fact {
  readonly span: FileSpan;
  readonly role: "expression" | "binding" | "parameter" | "function" | "class";
  readonly kind: FactKind;
  /** Null where the value is no tensor, or one of which nothing is known. */
  readonly shape: Shape | null;
  readonly dtype: string | null;
  /** The value as text: `(B, T, 768)`, `C // n_head`, `(2, 3)` for a tuple of integers, `nn.Linear(768, 10)`. */
  readonly text: string;
  /**
   * Null for the general view of a function (and for module level); otherwise the calls that lead here,
   * outermost first.
   */
  readonly context: readonly FileSpan[] | null;
  /** Set on the expression that an operator or a layer computed. */
  readonly operation: Operation | null;
  /** True where the shape is in view in the very same expression (`torch.zeros(2, 3)`), or the value is a mere copy of a name. */
  readonly obvious: boolean;
}

/** The operator behind a value, for hovers and the playground. */
export interface Operation {
  /** `torch.matmul`, `operator.@`, `torch.nn.Linear`. */
  readonly name: string;
  readonly operands: readonly OperandFact[];
  readonly contracts: readonly Dim[];
  readonly macs: Dim | null;
  readonly flops: Dim | null;
  readonly docs: Documentation;
  readonly notation: string | null;
  readonly playground: PlaygroundCall | null;
  /** For a layer: how many parameters it has. */
  readonly parameterCount: Dim | null;
}

export interface OperandFact {
  /** The argument as written, shortened; the parameter's name where nothing was written. */
  readonly text: string;
  readonly shape: Shape;
}

/** A call that the playground can run. Dimensions are the program's own. */
export interface PlaygroundCall {
  readonly operator: "matmul" | "attention";
  readonly operands: readonly { readonly name: string; readonly shape: Shape }[];
  readonly causal: boolean;
  readonly scale: number | null;
  readonly dtype: string | null;
  /** A mask is given, whose values are not known. */
  readonly masked: boolean;
}

export interface Finding {
  readonly span: FileSpan;
  readonly code: string;
  readonly severity: "error" | "warning" | "information" | "hint";
  readonly message: string;
  /** The shapes that disagree, printed. */
  readonly shapes: readonly string[];
  readonly related: readonly { readonly span: FileSpan; readonly message: string }[];
  readonly unnecessary: boolean;
}

/** Where a symbol of a printed shape came from, for hovers and hint links. */
export interface SymbolOrigin {
  readonly name: string;
  readonly cause: Cause;
  readonly span: FileSpan | null;
}

/** How many facts say that a value is a tensor. */
export interface Tally {
  /** Those with a known shape, and those without. */
  readonly shapes: number;
  readonly unknown: number;
  /** The places with a known shape in general, and those without. */
  readonly known: number;
  readonly open: number;
}

export interface FileResult {
  readonly path: string;
  /** All facts, statement by statement; worked out when they are asked for. */
  readonly facts: readonly Fact[];
  /** The facts of the statements at module level that a range of offsets touches, a list for each statement. */
  readonly factsNear: (start: number, end: number) => readonly (readonly Fact[])[];
  readonly tally: Tally;
  readonly findings: readonly Finding[];
  /** Dimension symbols of this file's facts with their origins. */
  readonly origins: (shape: Shape) => readonly SymbolOrigin[];
}

export interface Result {
  readonly files: ReadonlyMap<string, FileResult>;
  readonly statistics: {
    readonly shapes: number;
    readonly unknown: number;
    readonly steps: number;
    /** Which budget was hit, if any. */
    readonly exhausted: string | null;
  };
}
