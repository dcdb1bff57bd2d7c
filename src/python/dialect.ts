/**
 * What is peculiar to Python for the interpreter: the names of its protocols, its builtins, and how its
 * annotations state shapes. It knows names and notation, no values.
 */
import type { Dialect } from "../program/dialect.ts";
import { annotatedShape, annotatedSize } from "./annotations.ts";

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
  iterationMethod: "__iter__",
  nextMethod: "__next__",
  typesOnly: "TYPE_CHECKING",
  moduleGetter: "__getattr__",
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
  annotatedSize,
};
