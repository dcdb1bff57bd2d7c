"""Arguments drawn by the signature of an operator, valid and invalid ones alike. It knows kinds of parameters,
and for parameters without a kind what is worth trying; what the libraries answer is not its business."""
import zlib
import random

from encode import make

SHAPES = [(), (1,), (0,), (3,), (4,), (2, 3), (3, 3), (3, 1), (1, 3), (0, 3), (2, 3, 4), (2, 1, 4), (1, 3, 3),
          (2, 3, 4, 4), (2, 1, 6, 4), (2, 3, 4, 5, 2)]
COMMON = [(3,), (2, 3), (3, 3), (2, 3, 4), (2, 3, 4, 4)]
FLOATS = ["float32", "float32", "float32", "float64", "float16"]
OTHERS = ["int64", "int32", "bool", "uint8"]
JAX_FLOATS = ["float32", "float32", "float32", "bfloat16", "float16"]
JAX_OTHERS = ["int32", "int32", "bool", "uint8", "int8"]
INDEX = {"index", "indices", "indices_or_sections_tensor"}

# What to try for parameters that can be anything, by name.
ANY = {
    "dim": [None, 0, 1, -1, -2, 2, (0, 1)], "other": [2, 1.5, True], "repeats": [2, 3, (1, 2)],
    "min": [0, 0.5, None], "max": [1, 2.5], "a_min": [0, 0.1], "a_max": [1, 1.5], "fill_value": [0, 1.5, True],
    "value": [0, 1.5], "q": [0.5, (0.2, 0.8)], "ord": [None, 2, 1], "p": [2, 1], "correction": [0, 1],
    "unbiased": [True, False], "ddof": [0, 1], "low": [5, 0], "high": [None, 9], "k": [0, 1, 2],
    "split_size_or_sections": [1, 2, 3, [1, 2], [1, 1, 1]], "indices_or_sections": [1, 2, 3, [1], [1, 2]],
    "start": [0, 1, 2.5, -3], "end": [None, 5, 7.5], "stop": [None, 6, 4.5], "step": [1, 2, 0.5, -1],
    "pad_width": [1, (1, 2), ((1, 2), (0, 1))], "data": [[1, 2], [[1.0, 2.0, 3.0]], 3, 2.5, True, [[1], [2]], []],
    "object": [[1, 2], [[1.0, 2.0, 3.0]], 3, 2.5, [True, False]], "values": [[1, 2], 3],
    "size": [None, 2, (2, 3)], "scale_factor": [2, 0.5], "axes": [1, 0, 2, ([0], [0]), ([1], [0])],
    "mean": [0.0], "std": [1.0], "exponent": [2, 0.5], "condition": [True], "x": [1.5, 2], "y": [0, 0.5],
    "ndmin": [0], "rounding_mode": [None, "floor", "trunc"], "as_tuple": [False, True], "weight": [0.5],
    "shifts": [1, (1, 0)], "shift": [1], "return_indices": [False], "num": [5, 50],
    "obj": [0, 1, [0, 1]], "bins": [3, 10], "n": [None, 2, 3], "window_shape": [2, (2, 2)], "kernel_size": [1, 2],
    "output_size": [4, (3, 5)], "new_shape": [2, (2, 3)], "deg": [1, 2],
}
SKIPPED = {"out", "generator", "layout", "device", "requires_grad", "pin_memory", "memory_format", "names", "options",
           "order", "like", "copy", "prepend", "append", "subok", "where", "initial", "casting", "kwargs", "_stacklevel", "interpolation",
           "method", "overwrite_input", "mode", "kind", "stable", "sorter", "side", "base", "retstep"}


def generator(name):
    return random.Random(zlib.crc32(name.encode()))


def draw(rng, library, name, parameters):
    """Positional and keyword arguments for one call."""
    base = rng.choice(COMMON if rng.random() < 0.6 else SHAPES)
    floats, others = (JAX_FLOATS, JAX_OTHERS) if library == "jax" else (FLOATS, OTHERS)
    dtype = rng.choice(floats) if rng.random() < 0.75 else rng.choice(others)
    positional, named, seen = [], {}, 0
    keyword = False
    for parameter in parameters:
        if parameter["name"] in SKIPPED or parameter["passing"] == "keywords":
            keyword = True
            continue
        if parameter["optional"] and rng.random() < 0.45:
            keyword = True
            continue
        if parameter["passing"] == "rest":
            positional.extend(rest(rng, library, parameter, base, dtype))
            keyword = True
            continue
        value = one(rng, library, name, parameter, base, dtype, seen)
        seen += parameter["kind"] == "tensor"
        if (keyword or parameter["passing"] == "keyword-only") and parameter["passing"] != "positional-only":
            named[parameter["name"]] = value
        elif not keyword:
            positional.append(value)
    return positional, named


def related(rng, base):
    """Another shape: equal, broadcastable, transposed, or just different."""
    kind = rng.random()
    if kind < 0.4:
        return base
    if kind < 0.55:
        return tuple(1 if rng.random() < 0.5 else n for n in base)
    if kind < 0.7:
        return base[rng.randrange(len(base) + 1):]
    if kind < 0.8:
        return base[:-2] + base[-2:][::-1]
    return rng.choice(SHAPES)


def one(rng, library, name, parameter, base, dtype, seen):
    kind, called = parameter["kind"], parameter["name"]
    if library == "jax" and called == "key" and kind == "any":
        import jax
        return rng.choice([jax.random.PRNGKey, jax.random.key])(0)
    if called in INDEX or called == "mask" or called == "condition":
        shape = base if rng.random() < 0.6 else related(rng, base)
        boolean = called in ("mask", "condition")
        whole = "int32" if library == "jax" else "int64"
        return make(library, "bool" if boolean else whole, shape, None if boolean else 0)
    if kind == "tensor":
        if seen == 0:
            return make(library, dtype, base)
        if rng.random() < 0.12 and library != "torch":
            return rng.choice([2, 1.5])
        other = dtype if rng.random() < 0.7 else rng.choice(JAX_FLOATS + JAX_OTHERS if library == "jax" else FLOATS + OTHERS)
        return make(library, other, related(rng, base))
    if kind == "tensors":
        count = rng.choice([1, 2, 2, 3])
        strict = rng.random() < 0.6
        return [make(library, dtype, base if strict else related(rng, base)) for _ in range(count)]
    rank = len(base)
    if kind == "axis":
        return rng.randint(-rank - 1, rank) if rng.random() < 0.85 else (0 if not parameter["optional"] else None)
    if kind == "axes":
        return axes(rng, rank)
    if kind == "int":
        return rng.choice([0, 1, 2, 2, 3, 4])
    if kind == "ints":
        return sizes(rng, base)
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "float":
        return rng.choice([0.5, 1.0, 2])
    if kind == "dtype":
        return dtype_of(rng, library)
    if kind == "string":
        return None
    return anything(rng, library, called, base, dtype)


def dtype_of(rng, library):
    import numpy as np
    import torch
    return rng.choice([torch.float32, torch.int64, torch.float64] if library == "torch"
                      else [np.float32, np.int32, np.float16] if library == "jax"
                      else [np.float32, np.int64, np.float64])


def axes(rng, rank):
    kind = rng.random()
    if kind < 0.5:
        return rng.randint(-rank - 1, rank)
    count = rng.choice([1, 2, 2])
    return tuple(rng.randint(-rank, max(rank - 1, 0)) for _ in range(count))


def sizes(rng, base):
    """Sizes that often make up the same number of elements."""
    count = 1
    for n in base:
        count *= n
    kind = rng.random()
    if kind < 0.3 and base:
        return base[::-1]
    if kind < 0.45:
        return (-1,)
    if kind < 0.6 and base:
        return (base[0], -1)
    if kind < 0.75:
        return (2, count // 2)
    if kind < 0.85:
        return (2,) + base
    return rng.choice(SHAPES)


def rest(rng, library, parameter, base, dtype):
    kind = parameter["kind"]
    if parameter["name"] in ("more", "options"):
        return []
    if kind == "ints":
        drawn = sizes(rng, base)
        return [drawn] if rng.random() < 0.3 else list(drawn)
    if kind == "axes":
        order = list(range(len(base)))
        rng.shuffle(order)
        if rng.random() < 0.2:
            order = order[:-1]
        return [tuple(order)] if rng.random() < 0.3 else [n - len(base) if rng.random() < 0.3 else n for n in order]
    if parameter["name"] in ("tensors", "xi"):
        return [make(library, dtype, rng.choice([(3,), (4,), (2,)])) for _ in range(2)]
    if parameter["name"] in ("dims", "shift", "kth"):
        return [rng.choice([0, 1, -1])]
    return []


def anything(rng, library, called, base, dtype):
    if called in ("input", "a", "object", "x", "y", "arr", "values", "end_tensor", "elements", "test_elements") and rng.random() < 0.7:
        return make(library, dtype, related(rng, base) if called in ("y", "values") else base)
    if called in ("other", "dim", "min", "exponent", "weight") and rng.random() < 0.3:
        return make(library, dtype, related(rng, base))
    return rng.choice(ANY.get(called, [None]))
