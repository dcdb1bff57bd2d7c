"""More calls chosen by hand: linear algebra that takes matrices apart, Fourier transforms, statistics, windows
over images, coordinates and random draws. Each yields (name, positional, named)."""
import itertools

import numpy as np

from chosen import n, t


def long(*shape):
    return t(*shape, dtype="int64", fill=0)


def decompositions():
    shapes = [(3, 3), (2, 5), (5, 2), (4, 3, 3), (4, 2, 5), (3,), ()]
    for shape, whole in itertools.product(shapes, [None, True, False]):
        named = {} if whole is None else {"full_matrices": whole}
        yield "torch.linalg.svd", [t(*shape)], named
        yield "numpy.linalg.svd", [n(*shape)], named
    yield "numpy.linalg.svd", [n(4, 3)], {"compute_uv": False}
    yield "numpy.linalg.svd", [n(4, 3, dtype="float32"), False], {}
    yield "numpy.linalg.svd", [n(4, 3, dtype="int64")], {}
    for shape in shapes:
        yield "torch.svd", [t(*shape)], {}
        yield "torch.svd", [t(*shape)], {"some": False}
        yield "torch.linalg.svdvals", [t(*shape)], {}
        for mode in ("reduced", "complete", "r"):
            yield "torch.linalg.qr", [t(*shape)], {"mode": mode}
            yield "numpy.linalg.qr", [n(*shape)], {"mode": mode}
        for name in ("eig", "eigvals", "eigh", "eigvalsh", "inv", "pinv", "det", "slogdet", "matrix_rank", "cond"):
            yield f"torch.linalg.{name}", [t(*shape)], {}
            yield f"numpy.linalg.{name}", [n(*shape)], {}
        yield "torch.linalg.matrix_power", [t(*shape), 2], {}
        yield "numpy.linalg.matrix_power", [n(*shape), 3], {}
    eyes = {"t": t(3, 3) + 2 * np.eye(3, dtype="float32"), "n": n(3, 3) + 2 * np.eye(3)}
    for right in [(3,), (3, 1), (3, 2), (4,), (4, 2), (2, 3, 2), ()]:
        yield "torch.linalg.solve", [eyes["t"], t(*right)], {}
        yield "numpy.linalg.solve", [eyes["n"], n(*right)], {}
        yield "torch.linalg.lstsq", [eyes["t"], t(*right)], {}
        yield "numpy.linalg.lstsq", [eyes["n"], n(*right)], {"rcond": None}
        yield "numpy.linalg.lstsq", [n(4, 2), n(*right)], {"rcond": None}
    yield "torch.linalg.solve", [t(3, 4), t(3)], {}
    yield "torch.linalg.multi_dot", [[t(2, 3), t(3, 4), t(4, 5)]], {}
    yield "torch.linalg.multi_dot", [[t(2, 3), t(4, 4)]], {}
    yield "numpy.linalg.multi_dot", [[n(2, 3), n(3, 4), n(4, 5)]], {}
    for a, b in [((2, 3), (3, 4)), ((2, 3), (4, 4)), ((3,), (3, 4)), ((2, 2, 3), (3, 4))]:
        yield "torch.spmm", [t(*a), t(*b)], {}
        yield "torch.sparse.mm", [t(*a), t(*b)], {}


def transforms():
    for name, shape in itertools.product(["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"], [(8,), (7,), (2, 6), (2, 3, 5), ()]):
        for named in [{}, {"n": 5}, {"n": 4}]:
            yield f"torch.fft.{name}", [t(*shape)], named
            yield f"numpy.fft.{name}", [n(*shape)], named
        yield f"torch.fft.{name}", [t(*shape)], {"dim": 0}
        yield f"numpy.fft.{name}", [n(*shape)], {"axis": 0}
    for dtype in ("float32", "float64", "int64"):
        yield "torch.fft.rfft", [t(6, dtype=dtype)], {}
        yield "numpy.fft.rfft", [n(6, dtype=dtype)], {}
        yield "torch.fft.fft", [t(6, dtype=dtype)], {}
        yield "numpy.fft.fft", [n(6, dtype=dtype)], {}
    for name, shape in itertools.product(["fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"], [(8,), (4, 6), (2, 5, 7)]):
        for dims in [None, (0, 1), (-2,), (1, 0)]:
            yield f"torch.fft.{name}", [t(*shape)], {} if dims is None else {"dim": dims}
            yield f"numpy.fft.{name}", [n(*shape)], {} if dims is None else {"axes": dims}
    for name, size in itertools.product(["fftfreq", "rfftfreq"], [1, 8, 9]):
        yield f"torch.fft.{name}", [size], {}
        yield f"numpy.fft.{name}", [size, 0.1], {}
    for size in [0, 1, 7]:
        for name in ("hanning", "hamming", "blackman", "bartlett"):
            yield f"numpy.{name}", [size], {}
        yield "numpy.kaiser", [size, 14.0], {}
        for name in ("hann", "hamming", "blackman", "bartlett", "kaiser"):
            yield f"torch.{name}_window", [size], {}


def statistics():
    for a, b in itertools.product([(5,), (3,), (1,), (0,), (2, 3)], [(3,), (7,)]):
        for mode in ("full", "same", "valid"):
            yield "numpy.convolve", [n(*a), n(*b)], {"mode": mode}
            yield "numpy.correlate", [n(*a), n(*b)], {"mode": mode}
    for shape in [(4,), (3, 4), (2, 3, 4), (1,), ()]:
        for named in [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 1)}]:
            yield "numpy.gradient", [n(*shape)], named
    yield "numpy.gradient", [n(4, dtype="int64")], {}
    yield "numpy.gradient", [n(3, 4), 0.1, 0.2], {}
    for bins in [5, 10, n(4).cumsum(), "auto"]:
        yield "numpy.histogram", [n(20)], {"bins": bins}
        yield "numpy.histogram", [n(4, 5)], {"bins": bins, "density": True}
    yield "torch.histogram", [t(20), 5], {}
    yield "torch.histc", [t(20), 7], {}
    yield "torch.bincount", [long(5)], {}
    yield "numpy.bincount", [n(5, dtype="int64", fill=0)], {}
    yield "numpy.bincount", [n(5, dtype="int64", fill=0)], {"weights": n(5)}
    for x in [(3,), (2, 3), ()]:
        yield "numpy.interp", [n(*x), n(5).cumsum(), n(5)], {}
        yield "numpy.searchsorted", [n(5).cumsum(), n(*x)], {}
        yield "numpy.digitize", [n(*x), n(5).cumsum()], {}
        yield "torch.searchsorted", [t(5).cumsum(0), t(*x)], {}
        yield "torch.bucketize", [t(*x), t(5).cumsum(0)], {}
    for name, shape in itertools.product(["cov", "corrcoef"], [(5,), (3, 5), (1, 5), (2, 3, 4), ()]):
        yield f"torch.{name}", [t(*shape)], {}
        yield f"numpy.{name}", [n(*shape)], {}
        yield f"numpy.{name}", [n(*shape)], {"rowvar": False}
        yield f"numpy.{name}", [n(*shape), n(*shape)], {}
    for args in [[(4,)], [(4,), 3], [(2, 3)]]:
        yield "numpy.vander", [n(*args[0]), *args[1:]], {}
        yield "torch.vander", [t(*args[0]), *args[1:]], {}
    for place, axis in itertools.product([0, -1, [0, 1], slice(1, 3)], [None, 0, 1, -1, 5]):
        yield "numpy.delete", [n(4, 5), place], {"axis": axis}
        yield "numpy.insert", [n(4, 5), 1, 0.5], {"axis": axis}
        yield "numpy.insert", [n(4, 5), place, n(4)], {"axis": axis}
    yield "numpy.polyfit", [n(6).cumsum(), n(6), 2], {}
    yield "numpy.polyfit", [n(6).cumsum(), n(6, 3), 2], {}
    yield "numpy.polyval", [n(3), n(4, 2)], {}
    for a, b in itertools.product([(3,), (2, 3), ()], [(3,), (2, 1), (4,)]):
        for name in ("heaviside", "nextafter", "float_power", "ldexp", "divmod"):
            yield f"numpy.{name}", [n(*a), n(*b, dtype="int64" if name == "ldexp" else "float64")], {}
        yield "torch.complex", [t(*a), t(*b)], {}
        yield "torch.polar", [t(*a), t(*b)], {}


def patches():
    for shape, kernel, named in itertools.product([(2, 3, 8, 6), (3, 8, 6), (8, 6), (1, 2, 3, 8, 6)], [2, (4, 3), 9],
                                                  [{}, {"stride": 2}, {"padding": 1, "dilation": 2}]):
        yield "torch.nn.functional.unfold", [t(*shape), kernel], named
    for shape, size in itertools.product([(2, 12, 12), (12, 12), (2, 12, 11), (2, 13, 12), (12,)], [(4, 5), (5, 4), 6]):
        yield "torch.nn.functional.fold", [t(*shape), size, 2], {}
    for shape, window, axis in [((5,), 3, None), ((4, 5), (2, 2), None), ((4, 5), 2, None), ((4, 5), 2, 0), ((4, 5), (3, 2), (1, 0)),
                                ((4, 5), 6, 1), ((4, 5), 5, 0), ((2, 4, 5), (2, 2), (-2, -1)), ((4, 5), 2, 3)]:
        yield "numpy.lib.stride_tricks.sliding_window_view", [n(*shape), window], {} if axis is None else {"axis": axis}


def coordinates():
    for size, offset in itertools.product([1, 4, 5], [0, 1, -1, 2]):
        for name in ("tril", "triu"):
            yield f"torch.{name}_indices", [size, size], {"offset": offset}
            yield f"torch.{name}_indices", [size, 3], {"offset": offset}
            yield f"numpy.{name}_indices", [size], {"k": offset}
            yield f"numpy.{name}_indices", [size], {"m": 3}
            yield f"numpy.{name}_indices_from", [n(size, size)], {"k": offset}
    yield "numpy.tri", [4], {}
    yield "numpy.tri", [4, 3], {"dtype": np.float32}
    yield "numpy.diag_indices", [4], {}
    yield "numpy.diag_indices", [4, 3], {}
    for library, maker in (("torch", long), ("numpy", lambda *s: n(*s, dtype="int64", fill=0))):
        yield f"{library}.unravel_index", [maker(3), (4, 5)], {}
        yield f"{library}.unravel_index", [maker(), (4, 5, 6)], {}
    yield "torch.cartesian_prod", [t(2), t(3)], {}
    yield "torch.cartesian_prod", [t(2)], {}
    yield "torch.cartesian_prod", [t(2), t(3), t(4)], {}
    yield "torch.combinations", [t(4)], {"r": 3}
    yield "torch.block_diag", [t(2, 3), t(4), t(), t(1, 1)], {}
    for a, b in itertools.product([(2,), (2, 3), (2, 3, 4), ()], repeat=2):
        yield "torch.kron", [t(*a), t(*b)], {}
        yield "numpy.kron", [n(*a), n(*b)], {}
    yield "numpy.indices", [(3, 4)], {}
    for shape, offset in itertools.product([(3,), (2, 3), ()], [0, 1, -2]):
        yield "torch.diag_embed", [t(*shape)], {"offset": offset}
    for shape, offset in itertools.product([(3, 3), (2, 4), (2, 3, 4), (3,)], [0, 1, -1]):
        yield "numpy.diagonal", [n(*shape), offset], {}
        yield "numpy.trace", [n(*shape)], {}
    yield "torch.pdist", [t(4, 3)], {}
    yield "torch.pdist", [t(4)], {}
    for sizes in [(2, 3), 5, (0,)]:
        yield "numpy.resize", [n(4), sizes], {}


def random():
    for shape, count, replace in itertools.product([(5,), (2, 5), (1, 2, 5), ()], [1, 5, 6], [False, True]):
        yield "torch.multinomial", [t(*shape), count], {"replacement": replace}
    for name, args in [("lognormal", []), ("laplace", []), ("geometric", [0.5]), ("triangular", [0, 1, 2]), ("chisquare", [2]), ("rayleigh", [])]:
        yield f"numpy.random.{name}", args, {"size": (2, 3)}
    for size in [None, 4, (2, 3)]:
        yield "numpy.random.multivariate_normal", [n(2), np.eye(2)], {"size": size}
        yield "numpy.random.dirichlet", [n(3)], {"size": size}
        yield "numpy.random.multinomial", [10, np.ones(4) / 4], {"size": size}
        yield "numpy.random.Generator.integers", [0, 10], {"size": size}
        yield "numpy.random.Generator.random", [size], {}
        yield "numpy.random.Generator.random", [size], {"dtype": np.float32}
        yield "numpy.random.Generator.standard_normal", [size], {}
        yield "numpy.random.Generator.normal", [0, 1], {"size": size}
        yield "numpy.random.Generator.uniform", [], {"size": size}
        yield "numpy.random.Generator.choice", [10], {"size": size}
        yield "numpy.random.Generator.choice", [n(5, 3)], {"size": size}
    yield "numpy.random.Generator.permutation", [n(4, 3)], {}
    yield "numpy.random.Generator.permutation", [7], {}
    yield "numpy.random.Generator.permuted", [n(4, 3)], {}


def training():
    for first in (False, True):
        yield "torch.nn.utils.rnn.pad_sequence", [[t(3, 2), t(5, 2)]], {"batch_first": first}
        yield "torch.nn.utils.rnn.pad_sequence", [[t(3), t(5), t(4)]], {"batch_first": first}
    yield "torch.nn.utils.clip_grad_norm_", [[t(3), t(5)], 1.0], {}
    for shape, dim in itertools.product([(4, 6), (3,), (2, 3, 8)], [-1, 0, 1, 3]):
        yield "torch.nn.functional.glu", [t(*shape)], {"dim": dim}
    yield "torch.nn.functional.grid_sample", [t(2, 3, 8, 8), t(2, 5, 6, 2)], {"align_corners": False}
    yield "torch.nn.functional.grid_sample", [t(2, 3, 4, 8, 8), t(2, 5, 6, 7, 3)], {"align_corners": False}
    yield "torch.nn.functional.affine_grid", [t(2, 2, 3), (2, 3, 5, 6)], {"align_corners": False}
    for shape, named in itertools.product([(100,), (2, 101)], [{}, {"hop_length": 5}, {"center": False}, {"hop_length": 7, "win_length": 10}]):
        yield "torch.stft", [t(*shape), 16], {**named, "return_complex": True}


def indices():
    for shape, index, source in itertools.product([(4, 5), (5,)], [(2, 5), (2, 3), (3,), (5, 5), (4, 6)], [(2, 5), (3, 3), (3,), (4, 5), (5, 6)]):
        for name in ("scatter", "scatter_add"):
            yield f"torch.{name}", [t(*shape), 0, long(*index), t(*source)], {}
    for shape, index, source, dim in itertools.product([(4, 5)], [(3,), (4,), (2, 2)], [(3, 5), (4, 5), (4, 3), (4, 4), (3,)], [0, 1, -1]):
        for name in ("index_add", "index_copy"):
            yield f"torch.{name}", [t(*shape), dim, long(*index), t(*source)], {}
    for index in [(3,), (), (2, 3)]:
        yield "torch.index_select", [t(4, 5), 0, long(*index)], {}
    for name, shape, sections in itertools.product(["hsplit", "vsplit", "dsplit"], [(4, 6, 2), (4, 6), (6,)], [2, 4, [1, 3]]):
        yield f"torch.{name}", [t(*shape), sections], {}
        yield f"numpy.{name}", [n(*shape), sections], {}


def choices():
    for shape in [(4,), (2, 3), (2, 3, 4), ()]:
        for dim in [0, 1, -1]:
            yield "torch.kthvalue", [t(*shape), 1], {"dim": dim}
            yield "torch.aminmax", [t(*shape)], {"dim": dim}
            yield "numpy.average", [n(*shape)], {"axis": dim}
            for name in ("add", "maximum", "logical_and"):
                yield f"numpy.{name}.reduce", [n(*shape)], {"axis": dim}
                yield f"numpy.{name}.accumulate", [n(*shape)], {"axis": dim}
        yield "torch.aminmax", [t(*shape)], {}
        yield "numpy.add.reduce", [n(*shape)], {}
        yield "numpy.add.reduce", [n(*shape)], {"axis": None}
        yield "numpy.average", [n(*shape)], {}
        for other in [(4,), (2, 3), (3,), ()]:
            for name in ("add", "subtract", "less"):
                yield f"numpy.{name}.outer", [n(*shape), n(*other)], {}
            for name in ("nn.functional.pairwise_distance", "dist", "linalg.vecdot"):
                yield f"torch.{name}", [t(*shape), t(*other)], {}
            yield "numpy.vecdot", [n(*shape), n(*other)], {}
            yield "torch.addr", [t(3, 4), t(*shape), t(*other)], {}
            yield "numpy.select", [[n(*shape, dtype="bool"), n(*other, dtype="bool")], [n(*shape), n(*other)]], {}
    yield "torch.addr", [t(3, 4), t(3), t(4)], {}
    yield "numpy.ix_", [n(3, dtype="int64", fill=0), n(2, dtype="int64", fill=0)], {}
    yield "numpy.ix_", [n(3, dtype="int64", fill=0), n(2, dtype="bool")], {}


def in_place():
    for shape in [(2, 3), (2,), (2, 3, 4)]:
        yield "torch.Tensor.t_", [t(*shape)], {}
        yield "torch.Tensor.resize_", [t(*shape), 3, 2], {}
        yield "torch.Tensor.resize_", [t(*shape), (4, 4)], {}
        yield "torch.Tensor.resize_as_", [t(*shape), t(5)], {}


def calls():
    for group in (decompositions, transforms, statistics, patches, coordinates, random, training, indices, choices, in_place):
        yield from group()
