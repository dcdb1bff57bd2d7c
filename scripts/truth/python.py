"""Calls of Python's own functions that the catalogue knows: `math`, and what `len`, `float` or `abs` say of an array.
It knows no catalogue and no library's rules."""
import itertools

from chosen import n, t

NUMBERS = [0, 1, 2, 9, 64, 0.5, 2.5, -3, -0.5, True]
ONE = ["sqrt", "log", "log2", "log10", "log1p", "exp", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
       "tanh", "erf", "fabs", "radians", "degrees", "floor", "ceil", "isqrt"]
TWO = ["log", "pow", "atan2"]


def calls():
    for name, number in itertools.product(ONE, NUMBERS):
        yield f"math.{name}", [number], {}
    for name, a, b in itertools.product(TWO, [1, 8, 2.5], [2, 3, 0.5]):
        yield f"math.{name}", [a, b], {}
    for numbers in [(), (2, 3, 4), (2, 0.5), (5,), (0, 7)]:
        yield "math.prod", [numbers], {}
        yield "math.prod", [list(numbers)], {"start": 2}
    for name, shape in itertools.product(["len", "float", "int", "bool", "abs"], [(), (1,), (1, 1), (3,), (2, 3), (0,), (0, 3)]):
        for dtype in ("float32", "int64", "bool"):
            if name != "abs" or dtype != "bool":
                yield f"builtins.{name}", [t(*shape, dtype=dtype)], {}
                yield f"builtins.{name}", [n(*shape, dtype=dtype)], {}
