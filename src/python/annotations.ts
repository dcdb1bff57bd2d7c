/**
 * How Python's annotations state shapes: jaxtyping, torchtyping, nptyping, `Annotated`, Pyrefly's `Tensor[[B, C]]` and
 * NumPy's own. It knows notation; whether the name of an array's type means what it says is not known here.
 */
import type { AnnotatedShape } from "../program/dialect.ts";
import type { DimNote, Expr } from "../program/syntax.ts";
import { readDim, readDims, readSpaced, severalMany } from "./dims.ts";
import { readNotation } from "./notation.ts";

const JAXTYPING =
  /^(Float|Int|UInt|Bool|Complex|Num|Shaped|Inexact|Real|Integer|Key|Float(?:8|16|32|64)\w*|BFloat16|U?Int(?:8|16|32|64)|Complex(?:64|128))$/;
const ARRAY = /^(?:\w*Tensor|[Nn][Dd][Aa]rray|Array|ArrayLike|jnp_array)$/;
const WRAPPERS: ReadonlySet<string> = new Set(["Optional", "Final", "ClassVar", "Required", "NotRequired", "InitVar"]);

export function annotatedShape(annotation: Expr): AnnotatedShape | null {
  switch (annotation.kind) {
    case "literal":
      return annotation.value.type === "string" ? quotedShape(annotation.value.value) : null;
    case "binary":
      return annotation.operator === "|" ? onlyShape([annotation.left, annotation.right]) : null;
    case "index":
      return genericShape(annotation.object, argumentsOf(annotation.index));
    default:
      return null;
  }
}

/** An annotation in quotation marks, of which the plain forms are read. */
function quotedShape(text: string): AnnotatedShape | null {
  const plain = text
    .trim()
    .replace(/^(?:\w+\.)?Optional\[(.*)\]$/, "$1")
    .replace(/\s*\|\s*None$/, "");
  const shape = readNotation(plain, 0, 0);
  if (shape === null || !shape.sure || shape.end !== plain.length) return null;
  return { dims: shape.dims, dtype: null, array: null };
}

function argumentsOf(index: Expr): readonly Expr[] {
  return index.kind === "sequence" && index.type === "tuple" ? index.items : [index];
}

/** Of a union, the one alternative beside None: of several, any may be meant. */
function onlyShape(alternatives: readonly Expr[]): AnnotatedShape | null {
  const some = alternatives.filter((one) => !isNone(one));
  const [only] = some;
  return some.length === 1 && only !== undefined ? annotatedShape(only) : null;
}

function isNone(expr: Expr): boolean {
  return expr.kind === "literal" && expr.value.type === "none";
}

function genericShape(object: Expr, args: readonly Expr[]): AnnotatedShape | null {
  const name = lastName(object);
  const [first, second] = args;
  if (name === null || first === undefined) return null;
  if (WRAPPERS.has(name)) return annotatedShape(first);
  if (name === "Union") return onlyShape(args);
  if (name === "Annotated") return annotated(first, args.slice(1));
  if (JAXTYPING.test(name)) return second === undefined ? null : jaxtyped(name, first, second);
  if (name === "TensorType") return fromItems(args, null);
  if (/^[Nn][Dd][Aa]rray$/.test(name) && first.kind === "index") return numpyShape(object, first, second);
  if (!ARRAY.test(name)) return null;
  if (first.kind === "sequence" && first.type === "list") return fromItems(first.items, object);
  // `Tensor[T]` may be anything that has a parameter.
  return name === "Tensor" && (args.length > 1 || isSizeName(first)) ? fromItems(args, object) : null;
}

function isSizeName(item: Expr): boolean {
  if (item.kind === "spread") return true;
  // `S` is the usual name of a whole shape, as `T` is of a type.
  return item.kind === "name" ? /^[A-RU-Z]$/.test(item.id) : item.kind === "literal" && item.value.type === "int";
}

function lastName(expr: Expr): string | null {
  return expr.kind === "name" ? expr.id : expr.kind === "attribute" ? expr.name : null;
}

function stringOf(expr: Expr): string | null {
  return expr.kind === "literal" && expr.value.type === "string" ? expr.value.value : null;
}

/** `Float[Tensor, "batch dim"]`, and `Int[Float[Tensor, "batch"], "dim"]`, which puts dimensions in front. */
function jaxtyped(name: string, array: Expr, shape: Expr): AnnotatedShape | null {
  const text = stringOf(shape);
  const dims = text === null ? null : readSpaced(text);
  if (dims === null) return null;
  const inner = array.kind === "index" ? annotatedShape(array) : null;
  if (inner === null) return { dims, dtype: dtypeOf(name), array };
  const all = [...dims, ...inner.dims];
  return severalMany(all) ? null : { dims: all, dtype: inner.dtype ?? dtypeOf(name), array: inner.array };
}

/** `Annotated[Tensor, "B C"]`, `Annotated[Tensor, ("B", 3)]`, `Annotated[Tensor, "B", "C"]`, `Annotated[Tensor, Shape("B C")]`. */
function annotated(array: Expr, words: readonly Expr[]): AnnotatedShape | null {
  const inner = annotatedShape(array);
  if (inner !== null) return inner;
  if (!ARRAY.test(lastName(array) ?? "")) return null;
  const [first, ...others] = words;
  if (first === undefined) return null;
  const text = stringOf(first);
  if (others.length > 0 && text !== null) {
    const all = fromItems(words, array);
    return all !== null && all.dims.every(isDimension) ? all : null;
  }
  if (text !== null) {
    const dims = readWords(text);
    return dims === null ? null : { dims, dtype: null, array };
  }
  if (first.kind === "sequence") return fromItems(first.items, array);
  const [argument, more] = first.kind === "call" ? first.args.map(({ value }) => value) : [];
  const isShape = first.kind === "call" && /shape|dims|axes/i.test(lastName(first.callee) ?? "");
  return isShape && argument !== undefined && more === undefined ? annotated(array, [argument]) : null;
}

/** A text that is nothing but dimensions; any prose may stand there as well. */
function readWords(text: string): readonly DimNote[] | null {
  const plain = text.trim();
  const bracketed = /^[([].*[)\]]$/s.test(plain);
  const inner = bracketed ? plain.slice(1, -1) : plain;
  const dims = inner.includes(",") ? readDims(inner, 0) : readSpaced(inner);
  if (dims === null || severalMany(dims)) return null;
  return (bracketed || dims.length > 1) && dims.every(isDimension) ? dims : null;
}

const DIMENSION_WORDS = new Set(
  (
    "batch seq sequence time steps step tokens token len length chan channel channels height width depth dim dims head " +
    "heads feature features feat hidden embed embedding model vocab classes class patches frames frame rows cols row col " +
    "points nodes edges groups experts layers samples queries query keys key values value in out src tgt state action " +
    "lat lon spatial size num samples query_len rank units bands coords axes"
  ).split(" "),
);

/** A name that is used for sizes, not a word of a sentence. */
function isDimension(dim: DimNote): boolean {
  if (dim.kind !== "name") return true;
  return /^(?:[A-Za-z]|[A-Z][A-Z0-9]{0,3}|\w*[_\d]\w*)$/.test(dim.name) || DIMENSION_WORDS.has(dim.name.toLowerCase());
}

/** nptyping's `NDArray[Shape["2, N"], Float]` and NumPy's `ndarray[tuple[int, int], dtype[float64]]`. */
function numpyShape(
  array: Expr,
  shape: Extract<Expr, { kind: "index" }>,
  dtype: Expr | undefined,
): AnnotatedShape | null {
  const name = lastName(shape.object)?.toLowerCase();
  const named = dtype === undefined ? null : numpyType(dtype);
  if (name === "tuple") {
    const sizes = fromItems(argumentsOf(shape.index).map(asSize), array);
    return sizes === null || sizes.dims.some(({ kind }) => kind === "many") ? null : { ...sizes, dtype: named };
  }
  const text = name === "shape" ? stringOf(shape.index) : null;
  if (text === null) return null;
  // `*` is one dimension here, and a word behind a size says what it is.
  const items = text.split(",").map(
    (item) =>
      item
        .trim()
        .replace(/^\[(.*)\]$/, "$1")
        .split(/\s+/)[0] ?? "",
  );
  const dims = items.map((item): DimNote | null => (item === "*" ? { kind: "any" } : readDim(item, 0)));
  const read = dims.filter((dim) => dim !== null);
  // `N, ...` repeats the size in front, which no shape of ours can say.
  const repeats = items.includes("...");
  if (repeats || read.length < dims.length) return null;
  return { dims: read, dtype: named, array };
}

/** `int` is any size, `Literal[3]` the size 3. */
function asSize(item: Expr): Expr {
  if (item.kind === "name" && item.id === "int") return { ...item, id: "_" };
  const isLiteral = item.kind === "index" && lastName(item.object) === "Literal";
  return isLiteral ? item.index : item;
}

function numpyType(expr: Expr): string | null {
  if (expr.kind === "index") return numpyType(expr.index);
  const name = lastName(expr)?.toLowerCase() ?? "";
  return /^(?:b?float|u?int|complex)\d+$|^bool$/.test(name) ? name : null;
}

function fromItems(items: readonly Expr[], array: Expr | null): AnnotatedShape | null {
  const dims: DimNote[] = [];
  let dtype: string | null = null;
  for (const item of items) {
    const type = item.kind === "attribute" ? numpyType(item) : null;
    if (type !== null || isType(item)) {
      dtype = type ?? dtype;
      continue;
    }
    const dim = itemDim(item);
    if (dim === null) return null;
    dims.push(dim);
  }
  return dims.length === 0 || severalMany(dims) ? null : { dims, dtype, array };
}

function isType(item: Expr): boolean {
  return (item.kind === "name" && /^(?:float|int|bool|is_\w+)$/.test(item.id)) || item.kind === "attribute";
}

function itemDim(item: Expr): DimNote | null {
  switch (item.kind) {
    case "literal":
      if (item.value.type === "int") return { kind: "size", value: item.value.value };
      if (item.value.type === "ellipsis") return { kind: "many", name: null };
      if (item.value.type === "none") return { kind: "any" };
      return item.value.type === "string" ? readDim(item.value.value, 0) : null;
    case "name":
      return item.id === "_" || item.id === "Any" ? { kind: "any" } : { kind: "name", name: item.id };
    case "spread":
      return { kind: "many", name: manyName(item.value) };
    case "unary":
      return item.operator === "-" ? { kind: "any" } : null;
    case "slice":
      // `"batch": 3` is a size with its name.
      return item.upper?.kind === "literal" ? itemDim(item.upper) : item.lower === null ? null : itemDim(item.lower);
    case "binary":
      return { kind: "expression", value: item, text: "" };
    case "index":
      return lastName(item.object) === "Literal" ? itemDim(item.index) : null;
    default:
      return null;
  }
}

/** `*batch`, and Pyrefly's `*Elements[Batch]`. */
function manyName(item: Expr): string | null {
  if (item.kind === "name") return item.id;
  return item.kind === "index" && lastName(item.object) === "Elements" ? manyName(item.index) : null;
}

function dtypeOf(name: string): string | null {
  if (name === "Bool") return "bool";
  const sized = /^(Float|U?Int|Complex|BFloat)(\d+)$/.exec(name);
  return sized === null ? null : name.toLowerCase();
}

/** `n: Dim[N]` and `n: SymInt[N]` are an integer that annotations call `N`. */
export function annotatedSize(annotation: Expr): string | null {
  if (annotation.kind !== "index" || !/^(?:Dim|SymInt)$/.test(lastName(annotation.object) ?? "")) return null;
  return annotation.index.kind === "name" ? annotation.index.id : null;
}
