/**
 * Values from type annotations, and the open values that the general view gives to parameters.
 */
import type { Library } from "../ops/index.ts";
import type { Expr, FunctionDefinition, Lambda, Parameter, ShapeNote } from "../program/syntax.ts";
import { asSymbol, freshSymbol, ofSymbol, unknownDim, unknownShape } from "../shapes/index.ts";
import { newInstance } from "./classes.ts";
import { statedByAnnotation, statedByNote, statedShape, statedTensor } from "./stated.ts";
import { anyInteger } from "./fresh.ts";
import { generalInstance } from "./general.ts";
import { classesHanded } from "./handed.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { declareSize, namedSize } from "./notes.ts";
import { evaluateQuietly } from "./quiet.ts";
import { lookupName } from "./scope.ts";
import {
  type ClassValue,
  type InstanceValue,
  manyOf,
  NONE,
  SOME_BOOL,
  SOME_FLOAT,
  SOME_STRING,
  tupleOf,
  UNKNOWN,
  type Value,
} from "./value.ts";
import { freshVariable } from "./variable.ts";

/** What a parameter may be given, as far as its signature says. */
export function generalParameter(
  m: Machine,
  definition: FunctionDefinition | Lambda,
  parameter: Parameter,
  fallback: Value | undefined,
): Value {
  if (parameter.kind === "rest") return manyOf(UNKNOWN, unknownDim());
  if (parameter.kind === "keywords") return { kind: "dict", entries: new Map([["*", UNKNOWN]]) };
  const stated = statedShape(m, definition, parameter);
  const optional = fallback?.kind === "none";
  const base =
    stated !== null
      ? statedTensor(m, stated)
      : (handedTo(m, parameter) ?? openValue(m, parameter, optional ? undefined : fallback));
  return optional ? joinValues(NONE, base) : base;
}

function handedTo(m: Machine, parameter: Parameter): Value | null {
  return parameter.annotation === null ? classesHanded(m, parameter) : null;
}

function openValue(m: Machine, parameter: Parameter, fallback: Value | undefined): Value {
  const typed = parameter.annotation === null ? null : typedValue(m, parameter.annotation, parameter.name, true);
  if (typed !== null) return typed;
  switch (fallback?.kind) {
    case "int":
      return integerNamed(m, parameter.name, m.place(parameter.nameSpan));
    case "bool":
      return SOME_BOOL;
    case "float":
      return SOME_FLOAT;
    case "string":
      return SOME_STRING;
    case "function":
    case "class":
    case "library":
    case "dtype":
      // A default that is code is what nearly every caller means.
      return fallback;
    default: {
      const variable = freshVariable(m, parameter.name, m.place(parameter.nameSpan));
      const named = m.frame.symbols.get(parameter.name);
      const symbol = named === undefined ? null : asSymbol(named);
      const listed = parameter.annotation !== null && LISTS.test(m.text(parameter.annotation.span));
      const known = symbol === null ? variable : { ...variable, symbol };
      return listed ? { ...known, listed } : known;
    }
  }
}

const LISTS = /\b(?:list|tuple|sequence|iterable|size)\b/i;

export function integerNamed(m: Machine, name: string, place: ReturnType<Machine["place"]> | null): Value {
  const known = m.frame.symbols.get(name);
  if (known !== undefined) return { kind: "int", value: known };
  const cause = { text: `\`${name}\``, place };
  const owner = m.frame.function?.definition;
  const shown = m.takeName(name) || owner?.kind !== "function" ? name : `${owner.name}.${name}`;
  return { kind: "int", value: ofSymbol(freshSymbol(shown, "inferred", { cause, min: null })) };
}

/** A value of an annotated type; null where the annotation says nothing that we use. */
export function typedValue(m: Machine, annotation: Expr, name: string, general: boolean, depth = 0): Value | null {
  if (depth > 4) return null;
  const inner = (expr: Expr, part = ""): Value | null => typedValue(m, expr, name + part, general, depth + 1);
  switch (annotation.kind) {
    case "literal": {
      if (annotation.value.type === "none") return NONE;
      const quoted = statedByAnnotation(m, annotation);
      if (quoted !== null) return statedTensor(m, quoted);
      if (annotation.value.type === "string" && /^[A-Za-z_]\w*$/.test(annotation.value.value)) {
        return valueOfType(m, lookupName(m, annotation.value.value), name, general, annotation, depth);
      }
      return null;
    }
    case "binary":
      return annotation.operator === "|" ? either(inner(annotation.left), inner(annotation.right)) : null;
    case "index": {
      const stated = statedByAnnotation(m, annotation);
      if (stated !== null) return statedTensor(m, stated);
      const size = m.dialect.annotatedSize(annotation);
      return size === null ? parameterised(annotation, inner) : sizeNamed(m, size, annotation);
    }
    case "name":
    case "attribute":
      return valueOfType(m, evaluateQuietly(m, annotation), name, general, annotation, depth);
    default:
      return null;
  }
}

/** The integer that annotations call by this name. */
function sizeNamed(m: Machine, name: string, { span }: Expr): Value {
  const size = namedSize(m, name) ?? declareSize(m, name, "annotation", m.cause("its annotation", span));
  return { kind: "int", value: size };
}

function either(a: Value | null, b: Value | null): Value | null {
  return joinValues(a ?? UNKNOWN, b ?? UNKNOWN);
}

function parameterised(
  annotation: Extract<Expr, { kind: "index" }>,
  inner: (expr: Expr, part?: string) => Value | null,
): Value | null {
  const { object, index } = annotation;
  const name = (object.kind === "attribute" ? object.name : object.kind === "name" ? object.id : "").toLowerCase();
  const args = index.kind === "sequence" ? index.items : [index];
  const [first] = args;
  if (first === undefined) return null;
  if (name === "optional") return either(NONE, inner(first));
  if (name === "union") return args.map((arg) => inner(arg)).reduce((a, b) => either(a, b));
  if (name === "final" || name === "annotated" || name === "classvar") return inner(first);
  if (name === "list" || name === "sequence" || name === "iterable") {
    const element = inner(first);
    // Two integers of a list are two sizes: a list of which nothing is known tells them apart.
    return element?.kind === "int" ? null : manyOf(element ?? UNKNOWN, unknownDim());
  }
  if (name === "tuple") {
    if (args.some((arg) => arg.kind === "literal" && arg.value.type === "ellipsis")) return null;
    // One array in a tuple is how many write any number of them, and some a single array.
    if (args.length === 1 && inner(first)?.kind === "tensor") return null;
    return tupleOf(args.map((arg, at) => inner(arg, `[${at}]`) ?? UNKNOWN));
  }
  if (name === "ndarray" || name === "ndarraylike")
    return { kind: "tensor", shape: unknownShape(), dtype: null, library: "numpy" };
  return null;
}

function valueOfType(
  m: Machine,
  type: Value,
  name: string,
  general: boolean,
  annotation: Expr,
  depth: number,
): Value | null {
  if (type.kind === "builtin") {
    switch (type.name) {
      case "int":
        return name === "" || !general ? anyInteger() : integerNamed(m, name, m.place(annotation.span));
      case "float":
        return SOME_FLOAT;
      case "bool":
        return SOME_BOOL;
      case "str":
        return SOME_STRING;
      default:
        return null;
    }
  }
  if (type.kind === "library") return libraryTyped(type.name);
  if (type.kind === "class" && general)
    return type.form === "dataclass" || type.form === "namedtuple"
      ? openFields(m, type, depth)
      : generalInstance(m, type);
  return null;
}

function libraryTyped(name: string): Value | null {
  const tensor = (library: Library): Value => ({
    kind: "tensor",
    shape: unknownShape(),
    dtype: null,
    library,
  });
  if (/^torch\.(\w*Tensor|autograd\.Variable|nn\.Parameter)$/.test(name)) return tensor("torch");
  if (name === "numpy.ndarray" || name === "numpy.typing.NDArray") return tensor("numpy");
  return name === "jax.Array" || name === "jax.numpy.ndarray" ? tensor("jax") : null;
}

/** A configuration of which only the fields are known: each integer is a size named after its field. */
export function openFields(m: Machine, type: ClassValue, depth = 0): Value {
  const known = m.generalInstances.get(type.definition);
  if (known !== undefined) return known;
  const self: InstanceValue = newInstance(m, type);
  m.generalInstances.set(type.definition, self);
  for (const owner of [...type.bases].toReversed().concat(type)) {
    if (typeof owner === "string") continue;
    for (const statement of owner.definition.body) {
      const target =
        statement.kind === "declare" ? statement.target : statement.kind === "assign" ? statement.targets[0] : null;
      const annotation = statement.kind === "declare" || statement.kind === "assign" ? statement.annotation : null;
      if (target?.kind !== "name" || annotation === null) continue;
      const [note] = statement.kind === "declare" || statement.kind === "assign" ? statement.notes : [];
      const typed = typedValue(m, annotation, target.id, true, depth + 1);
      const said = note !== undefined && (typed === null || typed.kind === "tensor") ? noted(m, note, typed) : typed;
      self.attributes.set(target.id, said ?? freshVariable(m, target.id, null));
    }
  }
  return self;
}

/** A field beside which a comment states a shape: `images: Tensor  # (B, 3, H, W)`. */
function noted(m: Machine, note: ShapeNote, typed: Value | null): Value | null {
  const isOpen = typed === null || (typed.kind === "tensor" && typed.shape.dims.length === 0);
  if (!isOpen || note.others.length > 0) return typed;
  const stated = statedTensor(m, statedByNote(note, "signature-comment"));
  return typed?.kind === "tensor" ? { ...stated, library: typed.library } : stated;
}
