/**
 * The language-neutral form of a program: expressions, statements, spans.
 * It knows no language, no tensor and no editor; front ends lower to it and the interpreter runs on it.
 *
 * Spans are half-open UTF-16 offsets relative to the chunk that holds the node, so that a chunk
 * which only moved keeps its lowering (see `Chunk`).
 */

import type { ShapeNote } from "./notes.ts";

export type { Chunk, Program, Unit } from "./chunks.ts";
export type { DimNote, ShapeNote } from "./notes.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

// Expressions

export type Expr =
  | Name
  | Literal
  | Attribute
  | Call
  | Index
  | Slice
  | Binary
  | Unary
  | Compare
  | Logical
  | Conditional
  | Sequence
  | Dictionary
  | Comprehension
  | Lambda
  | Interpolation
  | Spread
  | Assignment
  | Await
  | Yield
  | Unreadable;

interface Node {
  readonly span: Span;
}

export interface Name extends Node {
  readonly kind: "name";
  readonly id: string;
}

/** A constant. Integers beyond 2^53 come as `opaque`. */
export interface Literal extends Node {
  readonly kind: "literal";
  readonly value:
    | { readonly type: "int"; readonly value: number }
    | { readonly type: "float"; readonly value: number }
    | { readonly type: "string"; readonly value: string }
    | { readonly type: "bool"; readonly value: boolean }
    | { readonly type: "bytes" | "none" | "ellipsis" | "complex" | "opaque" };
}

export interface Attribute extends Node {
  readonly kind: "attribute";
  readonly object: Expr;
  readonly name: string;
  /** The span of the name alone, for hovers on it. */
  readonly nameSpan: Span;
}

export interface Call extends Node {
  readonly kind: "call";
  readonly callee: Expr;
  readonly args: readonly Argument[];
}

/** `value`, `name=value`, `*value` (spread "list") or `**value` (spread "mapping"). */
export interface Argument extends Node {
  readonly name: string | null;
  readonly spread: "list" | "mapping" | null;
  readonly value: Expr;
}

/** `object[index]`; several comma-separated indices come as one `sequence` of type tuple. */
export interface Index extends Node {
  readonly kind: "index";
  readonly object: Expr;
  readonly index: Expr;
}

export interface Slice extends Node {
  readonly kind: "slice";
  readonly lower: Expr | null;
  readonly upper: Expr | null;
  readonly step: Expr | null;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "@" | "&" | "|" | "^" | "<<" | ">>";

export interface Binary extends Node {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
}

export interface Unary extends Node {
  readonly kind: "unary";
  readonly operator: "-" | "+" | "~" | "not";
  readonly operand: Expr;
}

export type Comparator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "is" | "is not" | "in" | "not in";

/** A chain `first c1 rest[0] c2 rest[1] …`, evaluated as Python evaluates it. */
export interface Compare extends Node {
  readonly kind: "compare";
  readonly first: Expr;
  readonly rest: readonly { readonly comparator: Comparator; readonly operand: Expr }[];
}

export interface Logical extends Node {
  readonly kind: "logical";
  readonly operator: "and" | "or";
  readonly left: Expr;
  readonly right: Expr;
}

export interface Conditional extends Node {
  readonly kind: "conditional";
  readonly test: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}

export interface Sequence extends Node {
  readonly kind: "sequence";
  readonly type: "list" | "tuple" | "set";
  readonly items: readonly Expr[];
}

/** A null key is a `**spread` of the value. */
export interface Dictionary extends Node {
  readonly kind: "dictionary";
  readonly entries: readonly { readonly key: Expr | null; readonly value: Expr }[];
}

export interface Comprehension extends Node {
  readonly kind: "comprehension";
  readonly type: "list" | "set" | "generator" | "dict";
  /** The element, or for a dict its key. */
  readonly element: Expr;
  /** The value of a dict comprehension. */
  readonly value: Expr | null;
  readonly clauses: readonly ComprehensionClause[];
}

export interface ComprehensionClause {
  readonly target: Target;
  readonly iterable: Expr;
  readonly conditions: readonly Expr[];
}

export interface Lambda extends Node {
  readonly kind: "lambda";
  readonly parameters: readonly Parameter[];
  readonly body: Expr;
}

/** An f-string (or template string): text parts are dropped where `text` is null. */
export interface Interpolation extends Node {
  readonly kind: "interpolation";
  readonly parts: readonly ({ readonly text: string } | { readonly value: Expr })[];
}

/** `*value` inside a container or an assignment target. */
export interface Spread extends Node {
  readonly kind: "spread";
  readonly value: Expr;
}

/** The walrus: binds and yields the value. */
export interface Assignment extends Node {
  readonly kind: "assignment";
  readonly target: Name;
  readonly value: Expr;
}

export interface Await extends Node {
  readonly kind: "await";
  readonly value: Expr;
}

export interface Yield extends Node {
  readonly kind: "yield";
  readonly value: Expr | null;
  readonly from: boolean;
}

/** Source that could not be read (being typed). It evaluates to unknown; `children` are still evaluated for hovers. */
export interface Unreadable extends Node {
  readonly kind: "unreadable";
  readonly children: readonly Expr[];
}

/** What can be assigned to: a name, an attribute, an index, a sequence of targets, or a spread of one. */
export type Target = Name | Attribute | Index | Sequence | Spread | Unreadable;

// Functions

export interface Parameter extends Node {
  readonly name: string;
  readonly nameSpan: Span;
  readonly kind: "positional-only" | "normal" | "keyword-only" | "rest" | "keywords";
  readonly annotation: Expr | null;
  readonly default: Expr | null;
  /** Shape comments that stand beside or above this parameter. */
  readonly notes: readonly ShapeNote[];
}

export interface FunctionDefinition extends Node {
  readonly kind: "function";
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly Parameter[];
  readonly returns: Expr | null;
  readonly decorators: readonly Expr[];
  readonly body: readonly Stmt[];
  readonly async: boolean;
  readonly generator: boolean;
  /** Names assigned in the body, which are therefore local (minus `global`/`nonlocal`). */
  readonly locals: readonly string[];
  readonly docstring: string | null;
  /** Shapes that the docstring states, by parameter name; `return` for the result. */
  readonly docShapes: readonly ShapeNote[];
  /** Shape comments on the header line for the result, such as `# -> (B, T)`. */
  readonly notes: readonly ShapeNote[];
  /** What a comment such as `# shape: (n,k),(k,m)->(n,m)` says of the whole function, as written. */
  readonly declaration: { readonly text: string; readonly span: Span } | null;
}

export interface ClassDefinition extends Node {
  readonly kind: "class";
  readonly name: string;
  readonly nameSpan: Span;
  readonly bases: readonly Argument[];
  readonly decorators: readonly Expr[];
  readonly body: readonly Stmt[];
  readonly docstring: string | null;
}

// Statements

export type Stmt =
  | FunctionDefinition
  | ClassDefinition
  | { readonly kind: "expression"; readonly span: Span; readonly value: Expr; readonly notes: readonly ShapeNote[] }
  | Assign
  | AugmentedAssign
  | {
      readonly kind: "declare";
      readonly span: Span;
      readonly target: Target;
      readonly annotation: Expr;
      readonly notes: readonly ShapeNote[];
    }
  | { readonly kind: "return"; readonly span: Span; readonly value: Expr | null; readonly notes: readonly ShapeNote[] }
  | {
      readonly kind: "if";
      readonly span: Span;
      readonly test: Expr;
      readonly then: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    }
  | {
      readonly kind: "while";
      readonly span: Span;
      readonly test: Expr;
      readonly body: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
    }
  | {
      readonly kind: "for";
      readonly span: Span;
      readonly target: Target;
      readonly iterable: Expr;
      readonly body: readonly Stmt[];
      readonly otherwise: readonly Stmt[];
      readonly async: boolean;
    }
  | {
      readonly kind: "try";
      readonly span: Span;
      readonly body: readonly Stmt[];
      readonly handlers: readonly Handler[];
      readonly otherwise: readonly Stmt[];
      readonly finally: readonly Stmt[];
    }
  | {
      readonly kind: "with";
      readonly span: Span;
      readonly items: readonly { readonly value: Expr; readonly target: Target | null }[];
      readonly body: readonly Stmt[];
    }
  | { readonly kind: "match"; readonly span: Span; readonly subject: Expr; readonly cases: readonly MatchCase[] }
  | { readonly kind: "import"; readonly span: Span; readonly names: readonly ImportedName[] }
  | {
      readonly kind: "import-from";
      readonly span: Span;
      readonly module: string;
      readonly level: number;
      readonly names: readonly ImportedName[] | "*";
    }
  | { readonly kind: "assert"; readonly span: Span; readonly test: Expr; readonly message: Expr | null }
  | { readonly kind: "raise"; readonly span: Span; readonly value: Expr | null }
  | { readonly kind: "delete"; readonly span: Span; readonly targets: readonly Expr[] }
  | { readonly kind: "global" | "nonlocal"; readonly span: Span; readonly names: readonly string[] }
  | { readonly kind: "pass" | "break" | "continue"; readonly span: Span }
  /** A statement that could not be read. Names in `binds` may have been changed by it. */
  | {
      readonly kind: "unreadable";
      readonly span: Span;
      readonly children: readonly Expr[];
      readonly binds: readonly string[];
    };

/** `a = b = value` has two targets; `annotation` only with one. */
export interface Assign extends Node {
  readonly kind: "assign";
  readonly targets: readonly Target[];
  readonly annotation: Expr | null;
  readonly value: Expr;
  readonly notes: readonly ShapeNote[];
}

export interface AugmentedAssign extends Node {
  readonly kind: "augmented-assign";
  readonly target: Target;
  readonly operator: BinaryOperator;
  readonly value: Expr;
  readonly notes: readonly ShapeNote[];
}

export interface Handler extends Node {
  readonly type: Expr | null;
  readonly name: string | null;
  readonly body: readonly Stmt[];
}

export interface ImportedName extends Node {
  /** `torch.nn.functional` for `import torch.nn.functional as F`; `Linear` for `from torch.nn import Linear`. */
  readonly name: string;
  readonly alias: string | null;
}

export interface MatchCase extends Node {
  readonly pattern: Pattern;
  readonly guard: Expr | null;
  readonly body: readonly Stmt[];
}

export type Pattern =
  | { readonly kind: "value"; readonly value: Expr }
  | { readonly kind: "capture"; readonly name: Name | null }
  | { readonly kind: "sequence"; readonly items: readonly Pattern[] }
  | { readonly kind: "star"; readonly name: Name | null }
  | {
      readonly kind: "mapping";
      readonly entries: readonly { readonly key: Expr; readonly value: Pattern }[];
      readonly rest: Name | null;
    }
  | {
      readonly kind: "class";
      readonly type: Expr;
      readonly positional: readonly Pattern[];
      readonly named: readonly { readonly name: string; readonly value: Pattern }[];
    }
  | { readonly kind: "or"; readonly alternatives: readonly Pattern[] }
  | { readonly kind: "as"; readonly pattern: Pattern; readonly name: Name };
