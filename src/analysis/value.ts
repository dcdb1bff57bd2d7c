/**
 * The abstract values of a program. Immutable, except for what stands behind `list`, `dict` and
 * `instance`: those hold Maps that are written only through the trail, so that a branch can be undone.
 */
import type { Bound, DType, Float, Layer, Library, Tensor } from "../ops/index.ts";
import type { Chunk, ClassDefinition, FunctionDefinition, Lambda } from "../program/syntax.ts";
import type { Dim, Place, Sym } from "../shapes/index.ts";
import type { Frame, ModuleFrame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { newMap } from "./trail.ts";

export type Value =
  | Tensor
  | { readonly kind: "int"; readonly value: Dim }
  | Float
  | { readonly kind: "bool"; readonly value: boolean | null }
  | { readonly kind: "string"; readonly value: string | null }
  | { readonly kind: "complex" }
  | { readonly kind: "none" }
  | { readonly kind: "ellipsis" }
  | { readonly kind: "tuple"; readonly items: readonly Value[] }
  | {
      readonly kind: "record";
      readonly name: string;
      readonly fields: ReadonlyMap<string, Value>;
      /** The user's class of named tuples, whose methods it has. */
      readonly type?: ClassValue;
    }
  | { readonly kind: "slice"; readonly lower: Value; readonly upper: Value; readonly step: Value }
  | { readonly kind: "range"; readonly start: Dim; readonly stop: Dim; readonly step: Dim }
  | { readonly kind: "dtype"; readonly dtype: DType; readonly library?: Library }
  | ListValue
  | DictValue
  | FunctionValue
  | MethodValue
  | ClassValue
  | InstanceValue
  | { readonly kind: "super"; readonly self: Value; readonly after: ClassValue }
  | { readonly kind: "module"; readonly module: ModuleFrame }
  /** A dotted name of a library, which may turn out a module, an operator, a layer class or a constant. */
  | { readonly kind: "library"; readonly name: string }
  /** A method of a tensor before it is called. */
  | { readonly kind: "tensor-method"; readonly self: Tensor; readonly name: string }
  /** A method of a built-in value (string, list, dict, …) or of a library object. */
  | { readonly kind: "builtin-method"; readonly self: Value; readonly name: string }
  | { readonly kind: "builtin"; readonly name: string }
  | {
      readonly kind: "partial";
      readonly callee: Value;
      readonly args: readonly Value[];
      readonly named: ReadonlyMap<string, Value>;
    }
  | LazyValue
  | VariableValue
  | ProspectValue
  /** With `shared` it is the same option at every reading, and so is each number among its attributes. */
  | { readonly kind: "union"; readonly options: readonly Value[]; readonly shared?: Map<string, Value> }
  /** Only inside Maps: bound on some of the paths that lead here. */
  | { readonly kind: "maybe"; readonly value: Value }
  | { readonly kind: "unknown" };

/** The items are known one by one, or only an element that stands for all of them with a length. */
export type ListContent =
  | { readonly items: readonly Value[] }
  | { readonly element: Value; readonly length: Dim; readonly parts?: Parts | undefined };

/** Of a sequence of unknown length, the items that it surely begins with, and what stands for each of those behind. */
export interface Parts {
  readonly first: readonly Value[];
  readonly rest: Value;
}

export interface ListValue {
  readonly kind: "list";
  /** `set` and `generator` behave as lists that cannot be indexed. */
  readonly flavour: "list" | "set" | "generator";
  readonly cell: Map<"content", ListContent>;
}

/** A generator: what it gives is computed when it is asked, from the state of that time, and only once. */
export interface LazyValue {
  readonly kind: "lazy";
  readonly run: (m: Machine) => Value;
  /** The values of everything outside that it reads, as they are now. */
  readonly reads: () => readonly Value[];
  readonly state: Map<"done" | "rest" | "reads", Value>;
}

export interface DictValue {
  readonly kind: "dict";
  /** Entries by literal key (`s:name`, `i:3`); the entry `*` stands for all keys that are not known. */
  readonly entries: Map<string, Value>;
}

export interface FunctionValue {
  readonly kind: "function";
  readonly definition: FunctionDefinition | Lambda;
  /** Where the definition stands. */
  readonly owner: Chunk;
  readonly closure: Frame;
  readonly defaults: ReadonlyMap<string, Value>;
  /** The class whose body defined it, for `super()`. */
  readonly definedIn: ClassValue | null;
  readonly binding: "function" | "static" | "class" | "property";
  /** Set where `jit` has made it a function of arrays of JAX: numbers become arrays as well, unless some are static. */
  readonly traced?: "all" | "arrays";
  /** What assigning to a property runs. */
  readonly setter?: FunctionValue;
  /** Its body may not run at every call. */
  readonly cached?: true;
  /** Decorated so that torch chooses the types inside. */
  readonly casts?: boolean;
}

export interface MethodValue {
  readonly kind: "method";
  readonly self: Value;
  readonly function: FunctionValue;
}

export interface ClassValue {
  readonly kind: "class";
  readonly name: string;
  readonly definition: ClassDefinition;
  readonly owner: Chunk;
  readonly closure: Frame;
  readonly attributes: Map<string, Value>;
  /** Method resolution order without the class itself: user classes, and dotted names of library classes. */
  readonly bases: readonly (ClassValue | string)[];
  /** True where a base class could not be followed, so that any attribute may exist. */
  readonly open: boolean;
  readonly form: "plain" | "dataclass" | "namedtuple" | "enum";
  /** The fields of a class that `namedtuple` made. */
  readonly fields?: readonly string[];
}

export interface LayerCore {
  readonly kind: "layer";
  readonly layer: Layer;
  readonly construction: Bound;
  /** Where it was made. */
  readonly site: string | null;
}

/** What a library object is made of: a layer with its constructor arguments, or a container of modules. */
export type Core =
  | LayerCore
  | { readonly kind: "sequential" | "module-list"; readonly keys: readonly string[]; readonly items: readonly Value[] }
  | { readonly kind: "module-dict"; readonly entries: ReadonlyMap<string, Value> }
  /** A list of modules of which only one that stands for all is known, and their number. */
  | {
      readonly kind: "many-modules";
      readonly element: Value;
      readonly length: Dim;
      readonly parts?: Parts | undefined;
    };

export interface InstanceValue {
  readonly kind: "instance";
  readonly id: number;
  /** Null for an instance of a library class that no user class extends. */
  readonly class: ClassValue | null;
  readonly library: string | null;
  readonly attributes: Map<string, Value>;
  readonly core: Map<"core", Core | typeof FORGOTTEN>;
  /**
   * `open` once something that cannot be followed may have changed it: absent attributes are unknown. Hooks
   * run when it is called: `watched`; what it gives may then be theirs: `hooked`.
   */
  readonly state: Map<"open" | "watched" | "hooked", true>;
}

/** What stands for the core of an object of which nothing is known any more. */
export const FORGOTTEN = Symbol("forgotten");

export function coreOf(instance: InstanceValue): Core | undefined {
  const core = instance.core.get("core");
  return core === FORGOTTEN ? undefined : core;
}

/**
 * An argument of which nothing is known yet. Its uses bind it: to a tensor, an integer, …
 * Its attributes and items are variables too, so that `config.n_embd` is the same size wherever it is read.
 */
export interface VariableValue {
  readonly kind: "variable";
  readonly id: number;
  readonly name: string;
  readonly place: Place | null;
  readonly bound: Map<"value", Value>;
  readonly children: Map<string, Value>;
  /** The symbol it becomes when it turns out an integer. */
  readonly symbol: Sym;
  readonly library: Library | null;
  /** Its annotation says that it is a list or a tuple. */
  readonly listed?: true;
}

/** Arithmetic over variables: an integer once all its sources have turned out integers. */
export interface ProspectValue {
  readonly kind: "prospect";
  readonly dim: Dim;
  readonly sources: readonly VariableValue[];
}

export const UNKNOWN: Value = { kind: "unknown" };
export const NONE: Value = { kind: "none" };
export const COMPLEX: Value = { kind: "complex" };
export const SOME_FLOAT: Value = { kind: "float", value: null };
export const SOME_BOOL: Value = { kind: "bool", value: null };
export const SOME_STRING: Value = { kind: "string", value: null };

export function tupleOf(items: readonly Value[]): Value {
  return { kind: "tuple", items };
}

export function stringOf(value: string): Value {
  return { kind: "string", value };
}

export function boolOf(value: boolean | null): Value {
  return { kind: "bool", value };
}

export function listOf(items: readonly Value[], flavour: ListValue["flavour"] = "list"): ListValue {
  return { kind: "list", flavour, cell: newMap(new Map([["content", { items }]])) };
}

export function manyOf(element: Value, length: Dim, flavour: ListValue["flavour"] = "list"): ListValue {
  return { kind: "list", flavour, cell: newMap(new Map([["content", { element, length }]])) };
}

export function listWith(content: ListContent): ListValue {
  return { kind: "list", flavour: "list", cell: newMap(new Map([["content", content]])) };
}

export function contentOf(list: ListValue): ListContent {
  return list.cell.get("content") ?? { items: [] };
}
