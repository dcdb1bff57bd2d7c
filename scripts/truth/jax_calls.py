"""Calls of JAX that drawn arguments would seldom fit, and those chosen for NumPy made again with JAX's arrays."""
import jax
import numpy as np

import encode


def repeated(calls):
    for name, positional, named in calls:
        numpy_only = name.startswith("numpy.random.") or not (name.startswith("numpy.") or name.startswith("operator."))
        if numpy_only or (name.startswith("operator.") and not holds_arrays(positional)):
            continue
        spelling = name if name.startswith("operator.") else name.replace("numpy.ndarray.", "Array.") if ".ndarray." in name else name
        full = spelling if spelling.startswith("operator.") else f"jax.{spelling}"
        yield full, ours(positional), ours(named)


def holds_arrays(value):
    return any(isinstance(leaf, np.ndarray) for leaf in jax.tree_util.tree_leaves(value))


def ours(value):
    """The same value with JAX's arrays in place of NumPy's."""
    if isinstance(value, (np.ndarray, np.generic)):
        return jax.numpy.asarray(value)
    if isinstance(value, (list, tuple)):
        return type(value)(ours(item) for item in value)
    return {key: ours(item) for key, item in value.items()} if isinstance(value, dict) else value


def method(name):
    """A method by its name, as it is called on an array: the class itself is an abstract one."""
    part = name.split(".")
    if part[0] == "at":
        return lambda array, index, *more, **named: getattr(array.at[index], part[1])(*more, **named)
    if not hasattr(jax.numpy.zeros(1), name):
        return None
    return lambda array, *more, **named: getattr(array, name)(*more, **named)


def a(*shape, dtype="float32"):
    return encode.make("jax", dtype, shape)


SHAPES = [(3,), (2, 3), (3, 3), (2, 3, 4), (1, 3), ()]
PAIRS = [((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (1, 3)), ((2, 3), (3,)), ((2, 3), (3, 4)), ((2, 3), ()),
         ((2, 3, 4), (2, 4, 5)), ((2, 3, 4), (4,)), ((3, 4), (2, 4))]


def elements():
    for shape in SHAPES:
        for name in ("exp", "rsqrt", "abs", "is_finite", "logistic", "neg", "stop_gradient"):
            yield f"jax.lax.{name}", [a(*shape)], {}
        for name in ("relu", "gelu", "silu", "softmax", "log_softmax", "logsumexp", "standardize", "leaky_relu"):
            yield f"jax.nn.{name}", [a(*shape)], {}
            yield f"jax.nn.{name}", [a(*shape, dtype="bfloat16")], {}
        for axis in (0, 1, -1, -2, (0, 1)):
            for name in ("softmax", "log_softmax", "logsumexp", "standardize"):
                yield f"jax.nn.{name}", [a(*shape)], {"axis": axis}
        yield "jax.lax.integer_pow", [a(*shape), 2], {}
        yield "jax.lax.clamp", [0.0, a(*shape), 1.0], {}
        yield "jax.nn.one_hot", [a(*shape, dtype="int32"), 5], {}
        yield "jax.nn.one_hot", [a(*shape, dtype="int32"), 5], {"axis": 0}
        yield "jax.nn.glu", [a(*shape)], {}
    for first, second in PAIRS:
        for name in ("add", "mul", "max", "eq", "pow", "select", "dot", "batch_matmul"):
            before = [a(*first, dtype="bool")] if name == "select" else []
            yield f"jax.lax.{name}", [*before, a(*first), a(*second)], {}
    yield "jax.lax.add", [a(2, 3), 1.0], {}
    yield "jax.lax.mul", [2.0, a(2, 3)], {}


def dimensions():
    x = a(2, 3, 4)
    for axes in [(0,), (1, 2), (-1,), (3,), ()]:
        for name in ("reduce_sum", "reduce_max", "rev", "expand_dims", "squeeze"):
            yield f"jax.lax.{name}", [x, axes], {}
            yield f"jax.lax.{name}", [a(1, 3, 1), axes], {}
    for axis in (0, 2, -1, 3):
        for name in ("cumsum", "cummax", "sort"):
            yield f"jax.lax.{name}", [x, axis], {}
        for name in ("argmax", "argmin"):
            yield f"jax.lax.{name}", [x, axis, np.int32], {}
        for other in [(2, 3, 4), (2, 3, 1), (2, 1, 4), (3, 4), (1, 3, 4)]:
            yield "jax.lax.concatenate", [[x, a(*other)], axis], {}
        for count in (1, 2, 5):
            yield "jax.lax.dynamic_slice_in_dim", [x, 0, count], {"axis": axis}
            yield "jax.lax.slice_in_dim", [x, 0, count], {"axis": axis}
            yield "jax.lax.top_k", [x, count], {}
        for keep in (True, False):
            yield "jax.lax.dynamic_index_in_dim", [x, 0, axis, keep], {}
            yield "jax.lax.index_in_dim", [x, 0, axis, keep], {}
        yield "jax.lax.broadcasted_iota", [np.int32, (2, 3), axis], {}
    for order in [(0, 1, 2), (2, 0, 1), (1, 0), (0, 0, 1)]:
        yield "jax.lax.transpose", [x, order], {}
    for sizes in [(24,), (4, 6), (2, 12), (5, 5), (2, -1)]:
        yield "jax.lax.reshape", [x, sizes], {}
        yield "jax.lax.broadcast", [x, sizes], {}
        yield "jax.lax.full", [sizes, 1.0], {}
        yield "jax.lax.full", [sizes, 1, np.float32], {}
    for target, places in [((2, 3), (1,)), ((2, 4), (1,)), ((3, 2), (0,)), ((5, 3, 2), (1,)), ((2, 3), (0,))]:
        yield "jax.lax.broadcast_in_dim", [a(3), target, places], {}
        yield "jax.lax.broadcast_in_dim", [a(1), target, places], {}
    for starts, taken in [((0, 0, 0), (1, 2, 3)), ((0, 1, 1), (2, 2, 2)), ((0, 0, 0), (2, 3, 5)), ((0, 0), (1, 1))]:
        yield "jax.lax.dynamic_slice", [x, starts, taken], {}
        yield "jax.lax.slice", [x, starts, taken], {}
        yield "jax.lax.dynamic_update_slice", [x, a(*taken), starts], {}
    yield "jax.lax.slice", [x, (0, 0, 0), (2, 3, 4), (1, 2, 3)], {}
    yield "jax.lax.dynamic_update_slice_in_dim", [x, a(2, 1, 4), 0, 1], {}
    yield "jax.lax.dynamic_update_index_in_dim", [x, a(3, 4), 0, 0], {}
    for config in [((0, 0, 0), (1, 1, 0), (0, 2, 1)), ((-1, 0, 0), (0, 0, 0), (0, 0, 0)), ((0, 0, 0), (1, 1, 0))]:
        yield "jax.lax.pad", [x, 0.0, config], {}
    for ends in [(0, 2), (1, 3), (0, 3), (2, 1)]:
        yield "jax.lax.collapse", [x, *ends], {}
    for numbers in [(((2,), (2,)), ((), ())), (((2,), (2,)), ((0,), (0,))), (((2,), (1,)), ((0,), (0,))), (((0, 1), (0, 1)), ((), ()))]:
        yield "jax.lax.dot_general", [x, a(2, 5, 4), numbers], {}
        yield "jax.lax.dot_general", [x, a(2, 3, 4), numbers], {}


def windows():
    for strides in [(1, 1), (2, 2), (3, 1)]:
        for padding in ["SAME", "VALID", ((1, 1), (0, 2))]:
            yield "jax.lax.conv_general_dilated", [a(2, 3, 9, 8), a(5, 3, 3, 3), strides, padding], {}
            yield "jax.lax.conv_general_dilated", [a(2, 9, 8, 3), a(3, 3, 3, 5), strides, padding], {"dimension_numbers": ("NHWC", "HWIO", "NHWC")}
            yield "jax.lax.conv_general_dilated", [a(2, 9, 8, 3), a(3, 3, 4, 5), strides, padding], {"dimension_numbers": ("NHWC", "HWIO", "NHWC")}
            yield "jax.lax.conv_general_dilated", [a(2, 4, 9, 8), a(6, 2, 3, 3), strides, padding], {"feature_group_count": 2, "rhs_dilation": (2, 1)}
            yield "jax.lax.conv_general_dilated", [a(2, 4, 9, 8), a(6, 4, 3, 3), strides, padding], {"lhs_dilation": (2, 1)}
            if isinstance(padding, str):
                yield "jax.lax.conv", [a(2, 3, 9, 8), a(5, 3, 3, 3), strides, padding], {}
                yield "jax.lax.conv", [a(2, 4, 9, 8), a(5, 3, 3, 3), strides, padding], {}
            whole = padding if isinstance(padding, str) else ((0, 0), *padding, (0, 0))
            yield "jax.lax.reduce_window", [a(2, 9, 8, 3), 0.0, jax.lax.add, (1, 2, 3, 1), (1, *strides, 1), whole], {}
    yield "jax.lax.conv_general_dilated", [a(2, 3, 9), a(5, 3, 3), (1,), "VALID"], {}


def updates():
    x = a(4, 5)
    everything, pair = slice(None), slice(0, 2)
    for index in [0, (0, 1), pair, (everything, 1), (everything, pair), a(3, dtype="int32"), (a(3, dtype="int32"), 0), Ellipsis, None, (0, 0, 0)]:
        yield "jax.Array.at.get", [x, index], {}
        for values in [1.0, a(5), a(4), a(2, 5), a(3, 5), a(3), a(4, 1), a(4, 5), a(1)]:
            yield "jax.Array.at.set", [x, index, values], {}
        yield "jax.Array.at.add", [x, index, 1], {}


def random():
    for key in (jax.random.PRNGKey(0), jax.random.key(0)):
        for shape in [(), (3,), (2, 3), 4]:
            for name in ("normal", "uniform", "gumbel", "exponential", "bits", "rademacher"):
                yield f"jax.random.{name}", [key, shape], {}
            yield "jax.random.normal", [key, shape, "bfloat16"], {}
            yield "jax.random.randint", [key, shape, 0, 5], {}
            yield "jax.random.truncated_normal", [key, -2.0, 2.0, shape], {}
            for name in ("bernoulli", "poisson", "gamma"):
                yield f"jax.random.{name}", [key, 0.5], {"shape": shape}
            yield "jax.random.choice", [key, 5, shape], {}
            yield "jax.random.choice", [key, a(2, 3), shape], {}
            yield "jax.random.choice", [key, a(2, 3), shape], {"axis": 1}
            yield "jax.random.dirichlet", [key, a(3), shape], {}
            yield "jax.random.multivariate_normal", [key, a(3), jax.numpy.eye(3), shape], {}
        for count in (2, 3, (2, 3)):
            yield "jax.random.split", [key, count], {}
        yield "jax.random.split", [key], {}
        yield "jax.random.fold_in", [key, 1], {}
        for shape in [(3,), (2, 3), (2, 3, 4)]:
            for axis in (-1, 0, 1):
                yield "jax.random.categorical", [key, a(*shape)], {"axis": axis}
            yield "jax.random.permutation", [key, a(*shape)], {}
            yield "jax.random.bernoulli", [key, a(*shape)], {}
            yield "jax.random.bernoulli", [key], {"shape": shape}
        yield "jax.random.permutation", [key, 5], {}
    yield "jax.random.PRNGKey", [0], {}
    yield "jax.random.key", [0], {}


def attention():
    for q, k, v in [((2, 5, 4, 8), (2, 7, 4, 8), (2, 7, 4, 8)), ((5, 4, 8), (7, 4, 8), (7, 4, 8)), ((2, 5, 4, 8), (2, 7, 2, 8), (2, 7, 2, 8)),
                    ((2, 5, 4, 8), (3, 7, 4, 8), (3, 7, 4, 8)), ((2, 5, 4, 8), (2, 7, 4, 8), (2, 6, 4, 8)), ((2, 5, 4, 8), (2, 7, 4, 6), (2, 7, 4, 6)),
                    ((2, 5, 4, 8), (2, 7, 4, 8), (2, 7, 4, 6))]:
        yield "jax.nn.dot_product_attention", [a(*q), a(*k), a(*v)], {}
        yield "jax.nn.dot_product_attention", [a(*q), a(*k), a(*v)], {"is_causal": True}


def mixed():
    """Weak and strong types, and arrays of NumPy among those of JAX."""
    weak, whole = jax.numpy.full((3,), 1.0), jax.numpy.full((3,), 2)
    for one in (weak, whole, 2, 1.5, True):
        for dtype in ("float16", "bfloat16", "float32", "int32", "uint8", "int8", "bool"):
            for symbol in ("+", "*", "/", "**", "-", "//", "%", "<"):
                yield f"operator.{symbol}", [one, a(3, dtype=dtype)], {}
                yield f"operator.{symbol}", [a(3, dtype=dtype), one], {}
            yield "jax.numpy.where", [a(3, dtype="bool"), a(3, dtype=dtype), one], {}
            yield "jax.numpy.maximum", [a(3, dtype=dtype), one], {}
    for size in (None, 2):
        for name in ("nonzero", "flatnonzero", "argwhere", "unique"):
            yield f"jax.numpy.{name}", [a(2, 3)], {"size": size}


def calls():
    for group in (elements, dimensions, windows, updates, random, attention, mixed):
        yield from group()
