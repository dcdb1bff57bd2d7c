/**
 * What an operator is: one declaration with its names, its Python signature, its shape, dtype and cost
 * rules, and its documentation. It knows shapes, not programs: which text stands where is the interpreter's.
 */
import type { Cause, Dim, Solver } from "../shapes/index.ts";
import type { Documentation } from "./documentation.ts";
import type { Datum, Library, Tensor } from "./value.ts";

/**
 * What a parameter takes. It steers how a value of which nothing is known is read:
 * an unannotated `x` given to a `tensor` becomes a tensor of unknown shape, given to an `int` an integer.
 */
export type ParameterKind =
  "tensor" | "tensors" | "int" | "ints" | "axis" | "axes" | "float" | "bool" | "string" | "dtype" | "any";

export interface OperatorParameter {
  readonly name: string;
  readonly kind: ParameterKind;
  /** Further keywords by which it can be passed: `axis` for PyTorch's `dim`. */
  readonly aliases?: readonly string[];
  /** Undefined where the parameter is required. */
  readonly default: Datum | undefined;
  readonly passing: "positional-only" | "normal" | "keyword-only" | "rest" | "keywords";
}

/** Arguments by parameter name, defaults filled in. A `rest` parameter holds a tuple, a `keywords` one a record. */
export type Bound = ReadonlyMap<string, Datum>;

export interface Call {
  readonly args: Bound;
  /** Learns what the call requires; starts with what is known before the call. */
  readonly solver: Solver;
  /** How Python spells the parameters, where the rule calls one by another name: `axis` for `dim`. */
  readonly spelling?: ReadonlyMap<string, string>;
  /** Under which name it was called (`torch.Tensor.view`), since spellings can differ in small ways. */
  readonly name: string;
  /** Whose element types the result has, where a library goes by the rule of another: JAX by NumPy's. */
  readonly types?: Library;
  /** "Required by `self.fc1`, line 23": given to the solver with whatever the call makes it learn. */
  readonly cause: Cause;
}

export interface Problem {
  /** Stable, such as `matmul-inner`; its page is `docs/rules/<code>.md`. */
  readonly code: string;
  readonly severity: "error" | "warning" | "information";
  /** One sentence. `name("a")` gives the argument's text in backticks, or a stand-in such as "the first operand". */
  readonly message: (name: (parameter: string) => string) => string;
  /** The parameter whose argument is at fault, when the squiggle should cover only that one; null for the whole call. */
  readonly blame: string | null;
  /** The tensors that disagree, for the `shapes` field of a finding. */
  readonly parameters: readonly string[];
  /** The sizes that disagree, so that a finding can tell where each of them comes from. */
  readonly sizes?: readonly Dim[];
}

export interface Cost {
  /** Multiply-accumulates, for contractions. */
  readonly macs: Dim | null;
  /** Floating-point operations where they are not 2 · MACs. */
  readonly flops: Dim | null;
}

export type Outcome =
  | {
      readonly value: Datum;
      /** What the first operand has become, where the operator writes into it and gives back something else. */
      readonly becomes?: Tensor;
      readonly cost?: Cost;
      /** The sizes that the operation sums over, for the hover ("contracts `C // n_head`"). */
      readonly contracts?: readonly Dim[];
      /** Problems that do not stop the program (warnings, information). */
      readonly remarks?: readonly Problem[];
    }
  | { readonly problem: Problem };

export interface Operator {
  /** Every spelling: `torch.matmul`, `torch.Tensor.matmul`, `numpy.matmul`, `operator.@`. */
  readonly names: readonly string[];
  /** All names of its declaration, those included that have another signature. */
  readonly declared: readonly string[];
  /** The first sentence of the page in the operator table. */
  readonly summary: string;
  readonly parameters: readonly OperatorParameter[];
  readonly apply: (call: Call) => Outcome;
  /** Shape rule as people read it, such as `(n?,k),(k,m?)->(n?,m?)`; null where only a function says it. */
  readonly notation: string | null;
  /** Documentation pages, relative to each library's documentation root. */
  readonly docs: Documentation;
  readonly playground: "matmul" | "attention" | null;
  /** True where JAX goes by a rule that is declared for NumPy; an own declaration of the name wins. */
  readonly borrowed: boolean;
  /** True for in-place operators that change the shape of their first argument (`squeeze_`). */
  readonly reshapesInPlace: boolean;
}

/** A layer class of a library: `torch.nn.Linear`. An instance keeps its bound constructor arguments. */
export interface Layer {
  readonly names: readonly string[];
  readonly summary: string;
  readonly constructorParameters: readonly OperatorParameter[];
  readonly callParameters: readonly OperatorParameter[];
  /** Problems of the construction itself, such as `embed_dim` not divisible by `num_heads`. */
  readonly construct: (call: Call) => Problem | null;
  readonly apply: (construction: Bound, call: Call) => Outcome;
  /** Attributes of an instance: `weight`, `bias`, `in_features`, … */
  readonly attributes: (construction: Bound) => ReadonlyMap<string, Datum>;
  /** The number of learnable parameters, null where it is not known. */
  readonly parameterCount: (construction: Bound) => Dim | null;
  readonly docs: Documentation;
  readonly playground: "matmul" | "attention" | null;
}
