"""Subscripts, and the operators that select or write by index, drawn at random: valid and invalid, of both libraries. It
knows the forms of subscripts, not what the libraries make of them."""
import numpy as np

from encode import make

SHAPES = [(), (0,), (4,), (1,), (5,), (2, 3), (3, 4), (3, 3), (4, 1), (2, 3, 4), (3, 1, 4), (2, 3, 3, 4), (2, 0, 3)]


def bound(rng, n):
    return rng.choice([None, None, 0, 1, -1, 2, -2, n, n + 2, -n, -n - 1, n - 1])


def indices(rng, library, shape, n):
    return make(library, rng.choice(["int64", "int64", "int64", "int32"]), shape, rng.choice([0, 0, 0, -1]) if n else 0)


def small(rng):
    return rng.choice([(), (2,), (3,), (2,), (3,), (1,), (2, 3), (2, 1), (0,), (1, 3)])


def item(rng, library, sizes):
    """One item of a subscript for the dimensions that are left, with how many of them it takes."""
    n = sizes[0] if sizes else 3
    kind = rng.random()
    if kind < 0.22:
        place = rng.choice([0, 0, -1, n - 1, n, -n - 1, 1])
        return (np.int64(place) if rng.random() < 0.15 else place), 1
    if kind < 0.55:
        step = rng.choice([None, None, None, 1, 2, 3] + ([-1, -2] if library == "numpy" else []))
        return slice(bound(rng, n), bound(rng, n), step), 1
    if kind < 0.63:
        return None, 0
    if kind < 0.7:
        return Ellipsis, max(0, len(sizes) - 1)
    if kind < 0.85:
        return indices(rng, library, small(rng), n), 1
    if kind < 0.92:
        rank = rng.choice([1, 1, 2, 0])
        wrong = rng.random() < 0.12
        shape = tuple(s + wrong for s in sizes[:rank])
        return make(library, "bool", shape), rank
    if kind < 0.97:
        return rng.choice([[0], [0, 0, 0], [True] * n, [[0, 0], [0, 0]], [], [-1, 0]]), 1
    return rng.choice([True, False, (0, 0), range(2)]), 1


def subscript(rng, library, shape):
    count = rng.choice([1, 1, 1, 2, 2, 3, 3, 4])
    if count == 1 and rng.random() < 0.6:
        return item(rng, library, shape)[0]
    left, items, rest = list(shape), [], False
    for _ in range(count):
        one, taken = item(rng, library, left)
        if one is Ellipsis and rest:
            continue
        rest = rest or one is Ellipsis
        items.append(one)
        left = left[taken:]
    return tuple(items)


def stretched(rng, shape):
    """A shape that fits into another one, or not."""
    kind = rng.random()
    if kind < 0.35:
        return shape
    if kind < 0.5:
        return tuple(1 if rng.random() < 0.5 else n for n in shape)
    if kind < 0.65:
        return shape[rng.randrange(len(shape) + 1):]
    if kind < 0.75:
        return (1,) + shape
    if kind < 0.8:
        return ()
    return rng.choice(SHAPES)


def subscripts(rng, library):
    shape = rng.choice(SHAPES[2:] if rng.random() < 0.9 else SHAPES)
    dtype = rng.choice(["float32", "float32", "int64", "bool", "float64"])
    whole = make(library, dtype, shape)
    index = subscript(rng, library, shape)
    if rng.random() < 0.6:
        return "operator.[]", [whole, index], {}
    try:
        place = tuple(whole[index].shape)
    except Exception:
        place = shape
    value = rng.choice([0, 1.5, make(library, dtype, stretched(rng, place)), make(library, dtype, stretched(rng, place))])
    return "operator.[]=", [whole, index, value], {}


def sub_shape(rng, shape):
    return tuple(rng.choice([n, n, max(0, n - 1), 1, n + 1]) if rng.random() < 0.5 else n for n in shape)


def selections(rng, library):
    shape = rng.choice(SHAPES[2:])
    rank = len(shape)
    dim = rng.choice(list(range(-rank, rank)) * 4 + [rank, -rank - 1]) if rank else 0
    x = make(library, "float32", shape)
    size = shape[dim] if -rank <= dim < rank else 2
    if library == "numpy":
        index = make("numpy", "int64", sub_shape(rng, shape) if rng.random() < 0.8 else rng.choice(SHAPES), 0)
        name = rng.choice(["take_along_axis", "take", "put_along_axis", "where", "compress", "choose"])
        if name == "take_along_axis":
            return "numpy.take_along_axis", [x, index, dim], {}
        if name == "put_along_axis":
            return "numpy.put_along_axis", [x, index, rng.choice([0, make("numpy", "float32", stretched(rng, index.shape))]), dim], {}
        if name == "take":
            return "numpy.take", [x, rng.choice([0, [0, 0], make("numpy", "int64", small(rng), 0)])], {"axis": dim}
        if name == "where":
            return "numpy.where", [make("numpy", "bool", stretched(rng, shape)), x, make("numpy", "float32", stretched(rng, shape))], {}
        if name == "compress":
            return "numpy.compress", [[True] * max(0, size - 1), x], {"axis": dim}
        return "numpy.choose", [make("numpy", "int64", shape, 0), [make("numpy", "float32", stretched(rng, shape)) for _ in range(2)]], {}
    index = make("torch", "int64", sub_shape(rng, shape) if rng.random() < 0.85 else rng.choice(SHAPES), 0)
    vector = make("torch", "int64", rng.choice([(2,), (3,), (size,), (), (1,), (2, 2)]), 0)
    source = tuple(vector.shape[0] if (i == dim % rank and vector.dim() == 1) else n for i, n in enumerate(shape)) if rank and -rank <= dim < rank else shape
    if rng.random() < 0.3:
        source = stretched(rng, source)
    name = rng.choice(["gather", "scatter", "scatter_add", "index_select", "take_along_dim", "index_add", "index_copy", "index_fill", "where", "masked_fill",
                       "masked_select", "take", "scatter_reduce", "index_put", "masked_scatter", "select", "narrow", "select_scatter", "slice_scatter", "Tensor.scatter_", "Tensor.index_add_"])
    named = {}
    if name == "gather":
        args = [x, dim, index]
    elif name in ("scatter", "scatter_add", "Tensor.scatter_"):
        args = [x, dim, index, make("torch", "float32", sub_shape(rng, tuple(index.shape)))]
    elif name == "scatter_reduce":
        args = [x, dim, index, make("torch", "float32", sub_shape(rng, tuple(index.shape))), "sum"]
    elif name == "index_select":
        args = [x, dim, vector]
    elif name == "take_along_dim":
        args = [x, index, dim] if rng.random() < 0.85 else [x, index]
    elif name in ("index_add", "index_copy", "Tensor.index_add_"):
        args = [x, dim, vector, make("torch", "float32", source)]
    elif name == "index_fill":
        args = [x, dim, vector, 1.0]
    elif name == "where":
        args = [make("torch", "bool", stretched(rng, shape)), x, rng.choice([0.0, make("torch", "float32", stretched(rng, shape))])]
    elif name == "masked_fill":
        args = [x, make("torch", "bool", stretched(rng, shape)), 0.0]
    elif name == "masked_select":
        args = [x, make("torch", "bool", stretched(rng, shape))]
    elif name == "take":
        args = [x, index]
    elif name == "index_put":
        args = [x, [vector], make("torch", "float32", stretched(rng, source))]
        name = "Tensor.index_put"
    elif name == "masked_scatter":
        args = [x, make("torch", "bool", stretched(rng, shape)), make("torch", "float32", (200,))]
    elif name == "select":
        args = [x, dim, rng.choice([0, -1, size - 1, size])]
    elif name == "narrow":
        args = [x, dim, rng.choice([0, 1, -1]), rng.choice([0, 1, 2, size, size + 1])]
    elif name == "select_scatter":
        args, named = [x, make("torch", "float32", stretched(rng, tuple(n for i, n in enumerate(shape) if not rank or i != dim % rank)))], {"dim": dim, "index": 0}
    else:
        args, named = [x, make("torch", "float32", stretched(rng, shape))], {"dim": dim}
    return "torch." + name, args, named


def calls(rng, count):
    for _ in range(count):
        for library in ("torch", "numpy"):
            yield subscripts(rng, library)
            yield selections(rng, library)
