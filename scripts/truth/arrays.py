"""NumPy calls drawn by the names of parameters: axes that do not exist, types in every spelling, lists and numbers in
place of arrays, keywords in place of positions. It knows what is worth trying for a name, not what NumPy answers.
"""
import numpy as np

from encode import make

SHAPES = [(), (1,), (0,), (3,), (4,), (5,), (2, 3), (3, 3), (3, 1), (1, 3), (0, 3), (2, 0), (2, 3, 4), (2, 1, 4), (1, 3, 3),
          (4, 3, 3), (2, 3, 4, 4), (2, 1, 6, 4), (2, 3, 4, 5, 2)]
COMMON = [(3,), (4,), (2, 3), (3, 3), (4, 4), (2, 3, 4), (2, 3, 3)]
TYPES = ["float64"] * 8 + ["float32"] * 4 + ["int64"] * 4 + ["float16", "int32", "bool", "bool", "uint8", "int8", "int16", "uint16",
         "uint32", "uint64", "complex64", "complex128"]
NAMED_TYPES = [np.float32, np.float64, np.int64, np.int32, np.uint8, np.bool_, np.complex64, np.float16, float, int, bool, "float32", "f4",
               "<f8", "int", "i8", "u1", "?", "bool", np.dtype("float32"), None]
ENUMERATED = {
    "order": ["C", "F", "A", "K"], "casting": ["same_kind", "unsafe"], "side": ["left", "right"], "indexing": ["xy", "ij"],
    "kind": ["quicksort", "stable", None], "norm": [None, "ortho", "forward"], "trim": ["fb", "f", "b"], "UPLO": ["L", "U"],
    "method": ["linear", "nearest", "lower", "midpoint"], "ord": [None, 2, 1, np.inf, -1, 0, "fro", "nuc"], "bitorder": ["big", "little"],
    "norm_ord": [1, 2], "optimize": [True, False, "greedy"],
}
FLAGS = {"keepdims", "endpoint", "copy", "subok", "sparse", "density", "increasing", "rowvar", "bias", "full", "right", "wrap", "clip_flag",
         "overwrite_input", "return_index", "return_inverse", "return_counts", "equal_nan", "assume_unique", "invert", "hermitian", "compute_uv",
         "full_matrices", "retstep", "replace", "shuffle", "stable", "compressed", "returned", "left_one", "return_indices", "sorted"}
MODES = {"pad": ["constant", "edge", "reflect", "wrap"], "convolve": ["full", "same", "valid"], "correlate": ["full", "same", "valid"],
         "take": ["raise", "wrap", "clip"], "choose": ["raise", "wrap", "clip"], "ravel_multi_index": ["raise", "wrap", "clip"],
         "put": ["raise", "wrap", "clip"], "qr": ["reduced", "complete", "r", "raw"]}
# NumPy 2.4 has been seen to crash where these are given an array of another shape to write into.
UNSAFE = {"accumulate", "cumsum", "cumprod", "cumulative_sum", "cumulative_prod", "nancumsum", "nancumprod"}
UFUNC_OPTIONS = {"where", "casting", "order", "dtype", "subok", "out", "keepdims", "axis"}
INDICES = {"indices", "index", "kth_array", "ind"}
SECOND = {"x2", "other", "b", "B", "v", "fp", "y"}


class Drawing:
    """One call in the making: a base shape and type, and arguments related to them."""

    def __init__(self, rng, name):
        self.rng, self.name, self.short = rng, name, name.split(".")[-1]
        self.base = rng.choice(COMMON if rng.random() < 0.6 else SHAPES)
        self.dtype = rng.choice(TYPES)
        self.arrays = 0

    def array(self, shape=None, dtype=None):
        rng = self.rng
        shape = self.base if shape is None else shape
        dtype = self.dtype if dtype is None else dtype
        whole = make("numpy", dtype, shape)
        kind = rng.random()
        method = ".ndarray." in self.name and self.arrays == 0
        if method:
            return whole
        if kind < 0.05:
            return rounded(whole).tolist()
        if kind < 0.07 and len(shape) == 1:
            return tuple(rounded(whole).tolist())
        if kind < 0.09:
            return rng.choice([2, 1.5, True])
        if kind < 0.11:
            return whole.dtype.type(1)
        return whole

    def related(self):
        rng, base = self.rng, self.base
        kind = rng.random()
        if kind < 0.4:
            return base
        if kind < 0.55:
            return tuple(1 if rng.random() < 0.5 else n for n in base)
        if kind < 0.7:
            return base[rng.randrange(len(base) + 1):]
        if kind < 0.8:
            return base[:-2] + base[-2:][::-1]
        if kind < 0.87:
            return base[-1:]
        return rng.choice(SHAPES)

    def axis(self, optional=True):
        rng, rank = self.rng, len(self.base)
        kind = rng.random()
        if kind < 0.75 and rank > 0:
            return rng.randrange(-rank, rank)
        if kind < 0.85 and optional:
            return None
        return rng.choice([rank, -rank - 1, 0, -1])

    def axes(self, optional=True):
        rng, rank = self.rng, len(self.base)
        kind = rng.random()
        if kind < 0.55:
            return self.axis(optional)
        if kind < 0.6:
            return ()
        count = rng.choice([1, 2, 2, 3])
        drawn = [rng.randrange(-rank, rank) if rank else 0 for _ in range(count)]
        if rng.random() < 0.8:
            drawn = [n for i, n in enumerate(drawn) if n % max(rank, 1) not in [m % max(rank, 1) for m in drawn[:i]]]
        return tuple(drawn) if rng.random() < 0.8 else list(drawn)

    def sizes(self):
        rng, base = self.rng, self.base
        count = int(np.prod(base))
        kind = rng.random()
        if kind < 0.2 and base:
            return base[::-1]
        if kind < 0.35:
            return -1 if rng.random() < 0.5 else (-1,)
        if kind < 0.5 and base:
            return (base[0], -1)
        if kind < 0.6:
            return (2, count // 2)
        if kind < 0.65:
            return [count]
        if kind < 0.75:
            return (2,) + base
        if kind < 0.85:
            return rng.choice([0, 3, count, 6])
        return rng.choice(SHAPES)

    def numbers(self, low=0, high=3):
        """One integer, several in a list or tuple, or an array of them."""
        rng = self.rng
        many = [rng.randrange(low, high) for _ in range(rng.choice([1, 2, 3]))]
        return rng.choice([many[0], many[0], many, tuple(many), np.array(many), np.int64(many[0])])


def rounded(array):
    """Short to write down."""
    return np.round(array, 1) if array.dtype.kind in "fc" else array


def integers(shape, fill=0, dtype="int64"):
    return make("numpy", dtype, shape, fill)


def draw(rng, name, parameters):
    """Positional and keyword arguments for one call."""
    drawing = Drawing(rng, name)
    positional, named, keyword = [], {}, False
    for parameter in parameters:
        called, passing = parameter["name"], parameter["passing"]
        if passing == "keywords":
            named.update(options(drawing))
            continue
        if called in ("like", "device", "generator", "_stacklevel") or (called == "out" and drawing.short in UNSAFE):
            keyword = True
            continue
        if parameter["optional"] and rng.random() < (0.85 if called in ("out", "where", "casting", "subok", "initial") else 0.5):
            keyword = True
            continue
        if passing == "rest":
            positional.extend(rest(drawing, parameter))
            keyword = True
            continue
        value = one(drawing, parameter)
        if (keyword or passing == "keyword-only" or (parameter["optional"] and rng.random() < 0.2)) and passing != "positional-only":
            named[called] = value
            keyword = True
        elif not keyword:
            positional.append(value)
    return positional, named


def options(drawing):
    rng = drawing.rng
    if rng.random() < 0.7:
        return {}
    called = rng.choice(sorted(UFUNC_OPTIONS))
    return {called: one(drawing, {"name": called, "kind": "axes" if called == "axis" else "any", "optional": True})}


def one(drawing, parameter):
    rng, called, kind, optional = drawing.rng, parameter["name"], parameter["kind"], parameter["optional"]
    special = BY_NAME.get((drawing.short, called)) or BY_NAME.get(called)
    if special is not None:
        return special(drawing)
    if called in ENUMERATED:
        return rng.choice(ENUMERATED[called])
    if called == "mode" and drawing.short in MODES:
        return rng.choice(MODES[drawing.short])
    if called in FLAGS or kind == "bool":
        return rng.random() < 0.5
    if called == "dtype" or kind == "dtype":
        return rng.choice(NAMED_TYPES)
    if called in INDICES:
        shape = drawing.related() if rng.random() < 0.7 else drawing.base
        return drawing.numbers() if rng.random() < 0.4 else integers(shape)
    if kind == "tensor":
        first = drawing.arrays == 0
        value = drawing.array() if first else drawing.array(drawing.related(), drawing.dtype if rng.random() < 0.5 else rng.choice(TYPES))
        drawing.arrays += 1
        return value
    if kind == "tensors":
        return tensors(drawing)
    if kind == "axis":
        return drawing.axis(optional)
    if kind == "axes":
        return drawing.axes(optional)
    if kind == "int":
        return rng.choice([0, 1, 2, 2, 3, 4, -1, np.int64(2)])
    if kind == "ints":
        return drawing.sizes()
    if kind == "float":
        return rng.choice([0.5, 1.0, 2])
    return None


def tensors(drawing):
    rng = drawing.rng
    count = rng.choice([1, 2, 2, 3])
    strict = rng.random() < 0.6
    mixed = rng.random() < 0.3
    parts = [drawing.array(drawing.base if strict else drawing.related(), rng.choice(TYPES) if mixed else None) for _ in range(count)]
    kind = rng.random()
    if kind < 0.1:
        return make("numpy", drawing.dtype, (count,) + drawing.base)
    return tuple(parts) if kind < 0.4 else parts


def rest(drawing, parameter):
    rng, base, called = drawing.rng, drawing.base, parameter["name"]
    if called in ("more", "options"):
        return []
    if parameter["kind"] == "ints":
        sizes = drawing.sizes()
        return [sizes] if rng.random() < 0.4 or not isinstance(sizes, (tuple, list)) else list(sizes)
    if parameter["kind"] == "axes":
        order = list(range(len(base)))
        rng.shuffle(order)
        if rng.random() < 0.15:
            order = order[:-1]
        order = [n - len(base) if rng.random() < 0.3 else n for n in order]
        return [tuple(order)] if rng.random() < 0.4 else order
    if called in ("kth", "at"):
        return [rng.choice([0, 1, -1])] if called == "kth" else []
    if called == "args" and drawing.short == "ix_":
        return [rng.choice([integers((2,)), integers((3,)), [0, 1], make("numpy", "bool", (3,)), (0,), 1]) for _ in range(rng.choice([1, 2, 2, 3]))]
    if called == "args" and drawing.short == "broadcast_shapes":
        return [rng.choice([drawing.related(), drawing.related(), 3, (1,), ()]) for _ in range(rng.choice([0, 1, 2, 3]))]
    if called == "varargs":
        return rng.choice([[], [0.5], [0.5] * len(base)])
    if called == "args":
        return [drawing.array(drawing.related()) for _ in range(rng.choice([1, 2, 3]))]
    vectors = called == "xi"
    count = rng.choice([1, 2, 2, 3])
    return [drawing.array(rng.choice([(3,), (4,), (2,), ()]) if vectors else drawing.related()) for _ in range(count)]


def pads(drawing):
    rank = len(drawing.base)
    return drawing.rng.choice([1, (1, 2), ((1, 2),), [(0, 1)] * rank, tuple((i, 1) for i in range(rank)), 0, (2,), [[1, 2]], ((1, 1), (2, 2))])


def sections(drawing):
    return drawing.rng.choice([1, 2, 3, 4, [1], [1, 2], (2,), [0, 5], [3, 1], [-1], np.array([1, 2]), []])


def repeats(drawing):
    rng, base = drawing.rng, drawing.base
    size = rng.choice(base) if base else 1
    return rng.choice([2, 3, 0, [2], (1, 2), [1] * size, list(range(size)), np.array([2] * size), np.int64(2)])


def pairs_of_axes(drawing):
    rank = len(drawing.base)
    return drawing.rng.choice([1, 0, 2, ([0], [0]), ([1], [0]), ([-1], [0]), [[0, 1], [0, 1]], ([0, 1], [1, 0]), (0, 0), (-1, -2), rank,
                               ((rank - 1,), (0,)), (rank - 1, 0)])


def somewhere(drawing):
    rng = drawing.rng
    return rng.choice([0, 1, -1, 7, [0, 1], [1], slice(0, 2), slice(None), np.array([0, 1]), [0, 0], np.int64(1), slice(None, None, 2)])


def edges(drawing):
    return drawing.rng.choice([3, 5, 10, [0.0, 0.5, 1.0], np.linspace(0, 1, 4), "auto", "sqrt", np.int64(4)])


def literal(drawing):
    rng = drawing.rng
    return rng.choice([[1, 2], [[1.0, 2.0, 3.0]], 3, 2.5, True, [True, False], [[1], [2]], [], [[]], [1, 2.5], [True, 2], (1, 2), ((1, 2), (3, 4)),
                       [[[1, 2]]], [np.float32(1), np.float32(2)], [np.int32(1), 2], [make("numpy", "float32", (3,)), make("numpy", "float32", (3,))],
                       [np.ones(2, "int32"), [1, 2]], np.float32(2), np.ones(()), make("numpy", drawing.dtype, drawing.base),
                       make("numpy", drawing.dtype, drawing.base)])


def size_of_draw(drawing):
    return drawing.rng.choice([None, 3, (2, 3), (2,), [4, 1], (), 0, (2, 0), np.int64(3)])


def level(drawing, low=0.5):
    """A parameter of a distribution: a number, or an array that broadcasts."""
    kind = drawing.rng.random()
    if kind < 0.6:
        return drawing.rng.choice([low, 1.0, 2, 1])
    return make("numpy", "float64", drawing.related(), 1.0) if kind < 0.9 else [1.0, 2.0]


def ranges(drawing):
    """Slices as a grid takes them."""
    rng = drawing.rng
    made = tuple(slice(rng.choice([None, 0, 1, -2, 0.5]), rng.choice([3, 4, 5, 2.5, 0]), rng.choice([None, None, 1, 2, 0.5, 5j])) for _ in range(rng.choice([1, 2, 3])))
    return made if rng.random() < 0.8 else made[0]


def pieces(drawing):
    """What `r_` and `c_` join."""
    rng = drawing.rng
    if rng.random() < 0.3:
        return tuple(drawing.array(drawing.base if rng.random() < 0.8 else drawing.related()) for _ in range(rng.choice([1, 2, 3])))
    made = [rng.choice([0, 2.5, slice(0, 3), slice(1, 4), slice(0, 1, 0.25), [1, 2, 3], drawing.array((3,)), drawing.array((2,))]) for _ in range(rng.choice([1, 2, 3]))]
    return tuple(made)


def choose(*values):
    return lambda drawing: drawing.rng.choice(values)


def bools(drawing):
    return make("numpy", "bool", drawing.related() if drawing.rng.random() < 0.5 else drawing.base)


def vector(dtype=None):
    return lambda drawing: drawing.array(drawing.rng.choice([(3,), (4,), (5,), (5,), (1,), drawing.base]), dtype)


def likely_output(drawing):
    shape = drawing.base if drawing.rng.random() < 0.6 else drawing.related()
    return make("numpy", drawing.rng.choice(["float64", "float64", drawing.dtype]), shape)


BY_NAME = {
    "out": likely_output,
    "where": lambda d: True if d.rng.random() < 0.3 else bools(d),
    "initial": choose(0, 1.0, 2),
    ("mgrid", "index"): ranges, ("ogrid", "index"): ranges, ("r_", "index"): pieces, ("c_", "index"): pieces,
    ("view", "dtype"): choose(np.float32, "i4", np.uint8, np.complex64), "condition": bools, "mask": bools,
    "repeats": repeats, "reps": lambda d: d.rng.choice([2, (2,), (2, 1), [1, 2, 3], (0, 2), (), 0, np.int64(2)]),
    "pad_width": pads, "indices_or_sections": sections, ("tensordot", "axes"): pairs_of_axes,
    "obj": somewhere, "bins": edges, ("digitize", "bins"): vector("float64"), "object": literal, "data": literal,
    "size": size_of_draw, "values": lambda d: d.rng.choice([1, 2.5, [1, 2], d.array(d.related()), d.array(d.base), d.array(d.base)]),
    "prepend": lambda d: d.rng.choice([0, d.array(d.base), d.array(d.related())]),
    "append": lambda d: d.rng.choice([0, d.array(d.base), d.array(d.related())]),
    ("diff", "n"): choose(1, 2, 0, 9), "n": choose(None, 2, 3, 4, 5, 8, np.int64(3)), ("matrix_power", "n"): choose(0, 1, 2, 3, -1),
    ("tril_indices", "n"): choose(1, 3, 4), ("triu_indices", "n"): choose(1, 3, 4), ("identity", "n"): choose(0, 1, 3),
    ("mask_indices", "n"): choose(3), ("fftfreq", "n"): choose(1, 4, 5), ("rfftfreq", "n"): choose(1, 4, 5),
    ("binomial", "n"): choose(5, 10, [3, 4]), ("multinomial", "n"): choose(10, 4), ("diag_indices", "n"): choose(2, 3), ("tri", "N"): choose(0, 2, 3),
    "num": choose(0, 1, 5, 50, np.int64(4)), "start": choose(0, 1, 2.5, -3, 2.0, [0, 1], np.float32(1)), "stop": choose(None, 6, 4.5, 10, -5, 1000, [3, 4]),
    "step": choose(1, 2, 0.5, -1, 3, 0.1), "fill_value": choose(0, 1.5, True, 7, [1, 2, 3], np.float32(2)),
    "q": choose(0.5, 0.25, [0.2, 0.8], (0.1,), np.array([0.5, 0.9]), np.array(0.5), [[0.1, 0.2], [0.3, 0.4]], 1), "ddof": choose(0, 1),
    "a_min": choose(0, 0.1, None), "a_max": choose(1, 1.5, None), "decimals": choose(0, 2, -1), "k": choose(0, 1, -1, 2, 4),
    "offset": choose(0, 1, -1, 3), ("trim_zeros", "trim"): choose("fb", "f", "b"), "ndmin": choose(0, 1, 2, 3), "shift": choose(1, (1, 1), -2, [1]),
    "source": lambda d: d.axes(False), "destination": lambda d: d.axes(False), "deg": choose(0, 1, 2, 3),
    ("s"): choose(None, (2, 3), (4,), (3, 3), (5, 4)), "x_places": vector(), ("interp", "xp"): vector("float64"), ("interp", "fp"): vector("float64"),
    "new_shape": lambda d: d.sizes(), "newshape": lambda d: d.sizes(), "dimensions": choose((3, 4), (2,), (), (2, 0, 3), [2, 2]),
    "base": choose(2, 10.0), "minlength": choose(0, 5), "weights": lambda d: d.array(d.base if d.rng.random() < 0.7 else d.related()),
    ("bincount", "x"): lambda d: integers(d.rng.choice([(3,), (5,), (0,), (2, 3)])), ("bincount", "weights"): lambda d: d.array((5,), "float64"),
    "kth": choose(0, 1, -1, [0, 1]), "cov": lambda d: np.eye(d.rng.choice([2, 3])), ("multivariate_normal", "mean"): lambda d: [0.0] * d.rng.choice([2, 3]),
    ("cov", "y"): lambda d: d.array(), ("corrcoef", "y"): lambda d: d.array(), ("cov", "cov"): choose(False),
    "alpha": choose([1.0, 2.0], np.ones(3), (1.0, 1.0, 1.0)), "pvals": choose([0.2, 0.8], np.ones(4) / 4),
    ("choice", "a"): choose(5, 10, [1, 2, 3], np.ones(5), np.ones((4, 3))), ("permutation", "x"): choose(5, [1, 2, 3], np.ones((4, 3)), np.ones(5)),
    "shape": lambda d: d.sizes(), ("unravel_index", "shape"): choose((3, 4), (2, 3, 4), (6,), 5), ("unravel_index", "indices"): lambda d: d.rng.choice([0, integers((3,)), integers((2, 3)), [0, 1]]),
    "dims": choose((3, 4), (2, 3), (5,)), "multi_index": lambda d: d.rng.choice([(integers((3,)), integers((3,))), (0, 1), integers((2, 4)), ([0, 1], [1, 2]), (integers((2, 1)), integers((3,)))]),
    "window_shape": choose(2, (2, 2), 1, (2,), 9), "window_shape_axis": choose(None), "low": choose(0, 1, [0, 1]), "high": choose(None, 9, [5, 6]),
    ("uniform", "low"): choose(0.0, [0.0, 0.5]), ("uniform", "high"): level, "loc": level, "scale": level, "lam": level, "sigma": level, ("lognormal", "mean"): level,
    "df": level, "dfnum": level, "dfden": level, "nonc": level, "mu": level, "kappa": level, "p": choose(0.5, 0.25, [0.1, 0.2]), "left": choose(0), "right": choose(3),
    ("choice", "p"): choose(None), ("triangular", "mode"): choose(1, 2), ("gamma", "shape"): level, ("beta", "a"): level, ("beta", "b"): level, ("interp", "left"): choose(None),
    ("interp", "right"): choose(None), ("standard_gamma", "shape"): level, ("zipf", "a"): choose(2, 3.0, [2, 3]), ("power", "a"): level, ("pareto", "a"): level, ("weibull", "a"): level,
    "ngood": choose(5, [4, 5]), "nbad": choose(5), "nsample": choose(3), ("logseries", "p"): choose(0.5, [0.3, 0.4]), ("wald", "mean"): level,
    ("vander", "N"): choose(None, 2, 5), ("eye", "N"): choose(0, 2, 3, np.int64(2)), ("eye", "M"): choose(None, 4), ("tri", "M"): choose(None, 4), "M": choose(0, 1, 7, -1),
    ("hanning", "M"): choose(0, 1, 7), "beta": choose(14.0, 2), "ndim": choose(1, 2, 3), "m": choose(None, 2, 5), ("cov", "m"): lambda d: d.array(), ("tril", "m"): lambda d: d.array(),
    ("triu", "m"): lambda d: d.array(), ("rot90", "m"): lambda d: d.array(), ("fliplr", "m"): lambda d: d.array(), ("flipud", "m"): lambda d: d.array(), ("flip", "m"): lambda d: d.array(), ("rot90", "k"): choose(0, 1, 2, 3, -1),
    ("rot90", "axes"): choose((0, 1), (1, 0), (-2, -1), (0, 0), (0, 2)), "condlist": lambda d: [bools(d), bools(d)], "choicelist": lambda d: [d.array(), d.array(d.related())],
    "default": choose(0, 1.5), ("select", "default"): choose(0, 1.5), "tup": lambda d: tensors(d), "choices": lambda d: [d.array(d.related()), d.array(d.related())],
    ("choose", "a"): lambda d: integers(d.base), ("ndarray.choose", "self"): lambda d: integers(d.base), "start_axis": choose(0), ("rollaxis", "start"): choose(0, 1, 2, -1, 5),
    ("rollaxis", "axis"): lambda d: d.axis(False), "base_or_retstep": choose(False), "dx": choose(1.0, 0.5), ("trapezoid", "x"): lambda d: d.array(d.related(), "float64"),
    "n1": choose(None), ("polyfit", "x"): lambda d: np.arange(d.rng.choice([5, 6]), dtype=float), ("polyfit", "y"): lambda d: make("numpy", "float64", d.rng.choice([(5,), (6,), (5, 2)])),
    ("polyfit", "w"): choose(None), ("polyfit", "rcond"): choose(None), ("polyder", "m"): choose(1, 2, 0), ("polyint", "m"): choose(1, 2, 0), ("polyint", "k"): choose(None, 0),
    "seq_of_zeros": lambda d: d.array((3,)), "bins_of": edges, ("histogram2d", "bins"): choose(5, [3, 4], (2, 6)), ("histogramdd", "bins"): choose(5, (3, 4), [2, 2, 2]),
    ("histogram2d", "x"): lambda d: make("numpy", "float64", (7,)), ("histogram2d", "y"): lambda d: make("numpy", "float64", d.rng.choice([(7,), (5,)])),
    ("histogramdd", "sample"): lambda d: make("numpy", "float64", d.rng.choice([(7, 2), (7, 3), (5,)])), ("histogram2d", "weights"): choose(None), ("histogramdd", "weights"): choose(None),
    "range": choose(None, None, (0, 1)), ("histogram2d", "range"): choose(None), ("histogramdd", "range"): choose(None), ("gradient", "axis"): lambda d: d.axes(), "edge_order": choose(1),
    ("sliding_window_view", "axis"): lambda d: d.axes(), ("squeeze", "axis"): lambda d: d.axes(), "axisa": choose(-1, 0), "axisb": choose(-1, 0), "axisc": choose(-1, 0),
    ("cross", "axis"): choose(None, None, 0, -1), "count": choose(None, 8, 4), ("packbits", "a"): lambda d: make("numpy", d.rng.choice(["bool", "uint8", "int64"]), d.base), ("unpackbits", "a"): lambda d: make("numpy", "uint8", d.base),
    "shape_of_view": choose(None), "ary2": lambda d: d.array(), "to_begin": choose(None, 1, [1, 2]), "to_end": choose(None, 1, [1, 2]), "N": choose(None, 2, 5), "sample": lambda d: make("numpy", "float64", (7, 2)),
    ("insert", "obj"): lambda d: d.rng.choice([0, 1, -1, [0, 1], slice(0, 2), np.array([1]), 9]), "sorter": choose(None), ("lexsort", "keys"): lambda d: tensors(d), "rcond": choose(None), "tol": choose(None), "rtol": choose(1e-5), "atol": choose(1e-8),
    ("argsort", "order"): choose(None), ("sort", "order"): choose(None), ("argpartition", "order"): choose(None), ("partition", "order"): choose(None), ("partition", "kind"): choose("introselect"), ("argpartition", "kind"): choose("introselect"),
    ("isin", "kind"): choose(None, "sort"), ("ndarray.view", "order"): choose(None), ("period",)[0]: choose(None), "nan": choose(0.0), "posinf": choose(None), "neginf": choose(None),
    "fweights": choose(None), "aweights": choose(None), ("setxor1d", "ar2"): lambda d: d.array(d.related()), "ar2": lambda d: d.array(d.related()), "test_elements": lambda d: d.array(d.related()), "x": lambda d: d.array() , "y": lambda d: d.array(d.related()),
}
del BY_NAME["x"], BY_NAME["y"]
BY_NAME[("where", "x")] = lambda d: d.rng.choice([0, 1.5, d.array(d.related()), d.array(d.base)])
BY_NAME[("where", "y")] = BY_NAME[("where", "x")]
