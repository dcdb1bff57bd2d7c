/**
 * What is peculiar to Python for the interpreter: the names of its protocols, its builtins, and how its
 * annotations state shapes (jaxtyping, torchtyping, Pyrefly). It knows names and notation, no values.
 */
import type { AnnotatedShape, Dialect } from "../program/dialect.ts";
import type { DimNote, Expr } from "../program/syntax.ts";
import { readDim } from "./dims.ts";

export const pythonDialect: Dialect = {
  constructorMethod: "__init__",
  callMethod: "__call__",
  operatorMethods: {
    "+": ["__add__", "__radd__"],
    "-": ["__sub__", "__rsub__"],
    "*": ["__mul__", "__rmul__"],
    "/": ["__truediv__", "__rtruediv__"],
    "//": ["__floordiv__", "__rfloordiv__"],
    "%": ["__mod__", "__rmod__"],
    "**": ["__pow__", "__rpow__"],
    "@": ["__matmul__", "__rmatmul__"],
    "&": ["__and__", "__rand__"],
    "|": ["__or__", "__ror__"],
    "^": ["__xor__", "__rxor__"],
    "<<": ["__lshift__", "__rlshift__"],
    ">>": ["__rshift__", "__rrshift__"],
  },
  indexMethod: "__getitem__",
  lengthMethod: "__len__",
  mainGuard: { name: "__name__", value: "__main__" },
  builtins: new Set(
    `abs all any bin bool breakpoint bytearray bytes callable chr classmethod complex delattr dict dir divmod enumerate
    eval exec filter float format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len
    list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr
    slice sorted staticmethod str sum super tuple type vars zip __import__ Exception ValueError TypeError RuntimeError
    NotImplementedError KeyError IndexError AssertionError StopIteration AttributeError ImportError OSError
    FileNotFoundError ZeroDivisionError Warning DeprecationWarning UserWarning ArithmeticError OverflowError`.split(
      /\s+/,
    ),
  ),
  annotatedShape,
};

const JAXTYPING =
  /^(Float|Int|UInt|Bool|Complex|Num|Shaped|Inexact|Real|Integer|Key|Float(?:8|16|32|64)\w*|BFloat16|U?Int(?:8|16|32|64)|Complex(?:64|128))$/;

function annotatedShape(annotation: Expr): AnnotatedShape | null {
  if (annotation.kind === "binary" && annotation.operator === "|")
    return annotatedShape(annotation.left) ?? annotatedShape(annotation.right);
  if (annotation.kind !== "index") return null;
  const name = lastName(annotation.object);
  if (name === null) return null;
  const args = annotation.index.kind === "sequence" ? annotation.index.items : [annotation.index];
  const [first, second] = args;
  if (name === "Optional" && first !== undefined) return annotatedShape(first);
  if (JAXTYPING.test(name) && second !== undefined) {
    const text = stringOf(second);
    const dims = text === null ? null : readSpaced(text);
    return dims === null ? null : { dims, dtype: dtypeOf(name) };
  }
  if (name === "TensorType") return fromItems(args);
  if (name === "Tensor" && first?.kind === "sequence" && first.type === "list") return fromItems(first.items);
  if (name === "Annotated" && second !== undefined) {
    const text = stringOf(second);
    const dims = text === null ? null : readSpaced(text);
    return dims === null || dims.length < 2 ? null : { dims, dtype: null };
  }
  return null;
}

function lastName(expr: Expr): string | null {
  return expr.kind === "name" ? expr.id : expr.kind === "attribute" ? expr.name : null;
}

function stringOf(expr: Expr): string | null {
  return expr.kind === "literal" && expr.value.type === "string" ? expr.value.value : null;
}

/** jaxtyping's `"*batch dim 3 d+1 _ ..."`: dimensions between spaces, with `#`, `?` and `name=` as modifiers. */
function readSpaced(text: string): readonly DimNote[] | null {
  const dims: DimNote[] = [];
  for (const word of text
    .trim()
    .split(/\s+/)
    .filter((part) => part !== "")) {
    // A `#` dimension may also be 1, and a `?` one may differ between leaves: neither fixes a size.
    if (/^[#?]/.test(word)) {
      dims.push(word.includes("*") ? { kind: "many", name: null } : { kind: "any" });
      continue;
    }
    const bare = word.replace(/^\w+=/, "");
    const dim = readDim(bare.startsWith("{") ? "_" : bare, 0);
    if (dim === null) return null;
    dims.push(dim);
  }
  return dims.filter((dim) => dim.kind === "many").length > 1 ? null : dims;
}

function fromItems(items: readonly Expr[]): AnnotatedShape | null {
  const dims: DimNote[] = [];
  for (const item of items) {
    const dim = itemDim(item);
    if (dim === null) return null;
    if (dim !== "dtype") dims.push(dim);
  }
  return dims.length === 0 ? null : { dims, dtype: null };
}

function itemDim(item: Expr): DimNote | "dtype" | null {
  if (item.kind === "literal") {
    if (item.value.type === "int") return { kind: "size", value: item.value.value };
    if (item.value.type === "ellipsis") return { kind: "many", name: null };
    return item.value.type === "string" ? readDim(item.value.value, 0) : null;
  }
  if (item.kind === "name") return /^(float|int|bool)$/.test(item.id) ? "dtype" : { kind: "name", name: item.id };
  if (item.kind === "slice" && item.lower !== null) return itemDim(item.lower);
  return item.kind === "attribute" ? "dtype" : null;
}

function dtypeOf(name: string): string | null {
  const sized = /^(Float|U?Int|Complex|BFloat)(\d+)$/.exec(name);
  return sized === null ? null : name.toLowerCase();
}
