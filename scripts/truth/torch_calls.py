"""Calls of PyTorch chosen by hand: solvers, factors, norms, samples, distinct elements, integrals, frames, ranges,
masked reductions. Valid ones and ones that must fail; each yields (name, positional, named)."""
import itertools

import torch

from chosen import t

MATRICES = [(3, 3), (2, 3, 3), (5, 2, 3, 3), (3, 4), (2, 4, 3), (3,), (), (0, 0), (2, 0, 0)]
SIDES = [(3,), (3, 2), (2, 3), (2, 3, 2), (2, 3, 3), (5, 1, 3, 2), (4, 3), (1,), ()]


def regular(*shape, dtype="float32"):
    """Matrices that can be inverted and factorised, so that only shapes and types can be at fault."""
    if len(shape) < 2:
        return t(*shape, dtype=dtype)
    return torch.eye(shape[-2], shape[-1], dtype=getattr(torch, dtype)).mul(2).expand(*shape).clone()


def pivots(*shape):
    return torch.arange(1, shape[-1] + 1, dtype=torch.int32).expand(*shape).clone()


def factors():
    single = ["cholesky", "cholesky_inverse", "qr", "geqrf", "lu", "svd", "inverse", "det", "logdet", "slogdet", "matrix_exp",
              "pinverse", "svd_lowrank", "pca_lowrank", "trace"]
    inside = ["cholesky", "cholesky_ex", "inv", "inv_ex", "det", "slogdet", "lu", "lu_factor", "lu_factor_ex", "ldl_factor",
              "ldl_factor_ex", "qr", "svd", "svdvals", "eigh", "eigvalsh", "pinv", "matrix_rank", "matrix_exp", "cond", "tensorinv"]
    for name in [f"torch.{one}" for one in single] + [f"torch.linalg.{one}" for one in inside]:
        for shape in MATRICES:
            yield name, [regular(*shape)], {}
        for dtype in ("float64", "complex64", "int64", "bool", "float16"):
            yield name, [regular(3, 3, dtype=dtype)], {}
    for shape in [(3, 3), (2, 3, 4)]:
        yield "torch.lu", [regular(*shape)], {"get_infos": True}
        yield "torch.qr", [regular(*shape)], {"some": False}
        yield "torch.linalg.pinv", [regular(*shape)], {"hermitian": True}
        yield "torch.linalg.matrix_rank", [regular(*shape)], {"hermitian": True}
        for data, order in itertools.product([True, False], [True, False]):
            yield "torch.lu_unpack", [regular(*shape), pivots(*shape[:-2], 3), data, order], {}
    for tolerance in [(), (2,), (3,), (5, 1)]:
        yield "torch.linalg.pinv", [t(2, 3, 4)], {"rtol": t(*tolerance)}
        yield "torch.linalg.pinv", [t(0, 3, 4), t(*tolerance)], {}
        yield "torch.linalg.matrix_rank", [t(2, 3, 4)], {"tol": t(*tolerance)}
    for p in [None, 1, 2, -2, "fro", "nuc"]:
        yield "torch.linalg.cond", [regular(3, 3)], {"p": p}
        yield "torch.linalg.cond", [t(2, 3)], {"p": p}
    for shape, q in itertools.product([(4, 3), (2, 5, 4), (10, 9)], [None, 2, 5]):
        yield "torch.pca_lowrank", [t(*shape)], {"q": q}
        yield "torch.svd_lowrank", [t(*shape)], {} if q is None else {"q": q}
    for shape, tau in itertools.product([(5, 3), (3, 5), (2, 5, 3), (3, 3)], [(3,), (2,), (5,), (2, 3), (3, 3)]):
        yield "torch.linalg.householder_product", [t(*shape), t(*tau)], {}
        for other, left in itertools.product([(5, 4), (3, 4), (4, 5), (2, 5, 4)], [True, False]):
            yield "torch.ormqr", [t(*shape), t(*tau), t(*other), left], {}
    yield "torch.linalg.householder_product", [t(3, 3), t(3, dtype="float64")], {}
    for size, k in itertools.product([9, 3], [None, 1, 2]):
        yield "torch.lobpcg", [regular(size, size)], {} if k is None else {"k": k}


def solvers():
    for a, b in itertools.product(MATRICES, SIDES):
        for left in (True, False):
            yield "torch.linalg.solve", [regular(*a), t(*b)], {"left": left}
            yield "torch.linalg.solve_triangular", [regular(*a), t(*b)], {"upper": True, "left": left}
        yield "torch.linalg.solve_ex", [regular(*a), t(*b)], {}
        yield "torch.cholesky_solve", [t(*b), regular(*a)], {}
        yield "torch.triangular_solve", [t(*b), regular(*a)], {}
        yield "torch.linalg.lstsq", [regular(*a), t(*b)], {}
        yield "torch.linalg.tensorsolve", [regular(*a), t(*b)], {}
        if len(a) > 1:
            yield "torch.linalg.lu_solve", [regular(*a), pivots(*a[:-1]), t(*b)], {}
            yield "torch.lu_solve", [t(*b), regular(*a), pivots(*a[:-1])], {}
        if 1 < len(a) >= len(b):  # PyTorch crashes where the right side has more dimensions.
            yield "torch.linalg.ldl_solve", [regular(*a), pivots(*a[:-1]), t(*b)], {}
    for name, dtype in itertools.product(["solve", "solve_ex", "lstsq"], ["float64", "int64", "complex64"]):
        yield f"torch.linalg.{name}", [regular(3, 3), t(3, 2, dtype=dtype)], {}
    for driver, (a, b) in itertools.product(["gels", "gelsy", "gelsd", "gelss"], [((4, 3), (4, 2)), ((3, 4), (3, 2)), ((2, 4, 3), (2, 4)), ((3, 3), (3,))]):
        yield "torch.linalg.lstsq", [regular(*a), t(*b)], {"driver": driver}
    for shape, ind in itertools.product([(4, 6, 8, 3), (24, 8, 3), (6, 2, 3)], [0, 1, 2]):
        yield "torch.linalg.tensorinv", [t(*shape)], {"ind": ind}
    for a, b, dims in [((2, 3, 6), (2, 3), None), ((2, 6, 3), (2, 3), (1,)), ((3, 2, 6), (2, 3), None), ((2, 3, 6), (6,), None)]:
        yield "torch.linalg.tensorsolve", [t(*a), t(*b)], {"dims": dims}


def products():
    for shapes in [[(3, 4), (4, 5)], [(3,), (3, 4), (4,)], [(3, 4), (5, 6)], [(3, 4)], [(3,), (3,)], [(3, 3), (2, 3, 3)]]:
        yield "torch.linalg.multi_dot", [[t(*shape) for shape in shapes]], {}
        yield "torch.chain_matmul", [t(*shape) for shape in shapes], {}
    yield "torch.linalg.multi_dot", [[t(3, 4), t(4, 5, dtype="float64")]], {}
    for input, a, b in itertools.product([(2, 5), (5,), (), (2, 1), (3, 5), (1, 2, 5)], [(3, 2, 4), (2, 4)], [(3, 4, 5), (3, 5, 4), (2, 4, 5)]):
        yield "torch.addbmm", [t(*input), t(*a), t(*b)], {}
        yield "torch.Tensor.addbmm_", [t(*input), t(*a), t(*b)], {}
    for a, b in itertools.product([(3,), (2, 3), (3, 2), (4, 3), (1, 3), (3, 3)], repeat=2):
        yield "torch.cross", [t(*a), t(*b)], {}
        yield "torch.linalg.cross", [t(*a), t(*b)], {}
        yield "torch.linalg.vecdot", [t(*a), t(*b)], {"dim": 0}
        yield "torch.dist", [t(*a), t(*b)], {}
    for dtype in ("int64", "bool", "float64", "complex64"):
        for name in ("dist", "cross", "linalg.vecdot", "linalg.cross", "tensordot"):
            yield f"torch.{name}", [t(3), t(3, dtype=dtype)], {"dims": 1} if name == "tensordot" else {}


def norms():
    orders = [None, 1, 2, "fro", "nuc"]
    for shape, order, dim in itertools.product([(3,), (2, 3), (2, 3, 4), ()], orders, [None, 0, -1, (0, 1), (0, 1, 2), (0, 0)]):
        yield "torch.linalg.norm", [t(*shape)], {"ord": order, "dim": dim}
        if order is not None:
            yield "torch.norm", [t(*shape)], {"p": order, "dim": dim}
        if order not in (None, "fro", "nuc"):
            yield "torch.linalg.vector_norm", [t(*shape)], {"ord": order, "dim": dim, "keepdim": True}
        if order is not None and dim not in (None, 0, -1):
            yield "torch.linalg.matrix_norm", [t(*shape), order, dim], {}
    for dtype in ("int64", "complex64", "float64"):
        for name in ("norm", "linalg.norm", "linalg.vector_norm", "linalg.matrix_norm"):
            yield f"torch.{name}", [t(2, 3, dtype=dtype)], {}
            yield f"torch.{name}", [t(2, 3, dtype=dtype)], {"dtype": torch.float64}


def extremes():
    for name in ("max", "min", "amax", "amin", "argmax", "argmin", "median", "nanmedian", "mode", "cummax", "cummin"):
        for shape, dim in itertools.product([(2, 3), (0, 3), (3, 0), ()], [None, 0, 1, -1, 2]):
            yield f"torch.{name}", [t(*shape)], {} if dim is None else {"dim": dim}
    for shape, k, dim in itertools.product([(3, 4), (), (0, 3)], [0, 1, 3, 4, 5], [0, -1]):
        yield "torch.kthvalue", [t(*shape), k, dim], {}
        yield "torch.topk", [t(*shape), k, dim], {}
    for name in ("std", "var", "std_mean", "var_mean"):
        for rest in ([], [True], [False], [1], [1, True], [1, False, True], [[0, 1]], [None]):
            yield f"torch.{name}", [t(2, 3), *rest], {}
            yield f"torch.{name}", [t(2, 3, dtype="complex64"), *rest], {}
        yield f"torch.{name}", [t(2, 3, dtype="int64")], {}
        yield f"torch.{name}", [t(2, 3)], {"dim": 1, "correction": 0, "keepdim": True}
    for q, dim, keep in itertools.product([0.5, t(), t(2), t(2, 2), t(2, dtype="float64")], [None, 0, 1], [True, False]):
        yield "torch.quantile", [t(3, 4), q, dim, keep], {}
    yield "torch.quantile", [t(3, dtype="int64"), 0.5], {}
    yield "torch.quantile", [t(0), 0.5], {}


def samples():
    for shape in [(3, 4), (1, 4), (4,), (), (0, 4), (2, 3, 4)]:
        for dtype in ("float32", "int64", "complex64", "bool"):
            yield "torch.cov", [t(*shape, dtype=dtype)], {}
            yield "torch.corrcoef", [t(*shape, dtype=dtype)], {}
    for weights in [t(4, dtype="int64"), t(3, dtype="int64"), t(4), t(4, 4)]:
        yield "torch.cov", [t(3, 4)], {"fweights": weights}
        yield "torch.cov", [t(3, 4)], {"aweights": weights}
    edges = torch.arange(4.0)
    for bins in [1, 3, 0, edges, edges.double(), edges.reshape(2, 2)]:
        yield "torch.histogram", [t(5), bins], {}
        yield "torch.histogram", [t(2, 3), bins], {"weight": t(2, 3)}
        yield "torch.histogram", [t(2, 3), bins], {"weight": t(3)}
        yield "torch.histogramdd", [t(5, 2), [bins, 2]], {}
    for shape, bins in itertools.product([(5, 2), (4, 5, 2), (5,), (5, 3)], [2, [2, 3], [edges, edges]]):
        yield "torch.histogramdd", [t(*shape), bins], {}
        yield "torch.histogramdd", [t(*shape), bins], {"weight": t(5)}
    for x, weights in itertools.product([t(5, dtype="int64"), t(2, 3, dtype="int64"), t(5)], [None, t(5), t(4), t(5, dtype="float64"), t(5, dtype="int64")]):
        yield "torch.bincount", [x, weights], {}
    for shape, count in itertools.product([(3,), (2, 3), (), (0,)], [None, 0, 1, 2, 4]):
        for dtype in ("float32", "int64", "bool"):
            yield "torch.vander", [t(*shape, dtype=dtype)], {"N": count}
            yield "torch.linalg.vander", [t(*shape, dtype=dtype)], {"N": count}


def distinct():
    flags = [{}, {"return_inverse": True}, {"return_counts": True}, {"return_inverse": True, "return_counts": True}]
    for shape, dim, flag in itertools.product([(2, 3), (3,), (), (0, 3)], [None, 0, 1, -2], flags):
        for name in ("unique", "unique_consecutive"):
            yield f"torch.{name}", [t(*shape)], {**flag, "dim": dim}
            yield f"torch.Tensor.{name}", [t(*shape)], {**flag, "dim": dim}
    yield "torch.unique", [t(2, 3), True, True, True], {}
    yield "torch.unique_consecutive", [t(2, 3), True], {}
    for edges, values in itertools.product([(4,), (3, 4), (2, 3, 4), ()], [(2,), (3, 2), (2, 3, 5), (), (3,), (4, 2)]):
        yield "torch.searchsorted", [t(*edges), t(*values)], {"out_int32": len(values) == 2}
        yield "torch.bucketize", [t(*values), t(*edges)], {"right": True}
    yield "torch.searchsorted", [t(4), 0.5], {}
    yield "torch.searchsorted", [t(3, 4), 0.5], {}
    yield "torch.searchsorted", [t(4), t(2)], {"sorter": t(4, dtype="int64", fill=0)}
    yield "torch.searchsorted", [t(4), t(2)], {"sorter": t(3, dtype="int64", fill=0)}
    for shape, mask in itertools.product([(2, 3), (3,), ()], [(2, 3), (3,), (2,), (4, 2, 3)]):
        for dtype in ("bool", "uint8", "float32"):
            made = t(*mask, dtype=dtype)
            yield "torch.masked_select", [t(*shape), made], {}
            yield "torch.masked_scatter", [t(*shape), made, t(30)], {}
            yield "torch.Tensor.masked_scatter_", [t(*shape), made, t(30)], {}
            yield "torch.where", [made, t(*shape), 0.5], {}
    for size in (0, 4, -1):
        yield "torch.nonzero_static", [t(2, 3)], {"size": size}


def integrals():
    for y, x, dim in itertools.product([(4,), (3, 4), (2, 3, 4), (0,), ()], [None, (4,), (3,), (3, 4), (3, 1), (5, 2, 3, 4)], [-1, 0, 1]):
        for name in ("trapezoid", "cumulative_trapezoid"):
            yield f"torch.{name}", [t(*y)] if x is None else [t(*y), t(*x)], {"dim": dim}
    for dtype in ("int64", "bool", "float64"):
        for name in ("trapezoid", "cumulative_trapezoid", "gradient", "diff"):
            yield f"torch.{name}", [t(4, dtype=dtype)], {}
    for shape, dim, order in itertools.product([(4,), (3, 4), (1, 4), (2, 2), ()], [None, 0, 1, (0, 1), (1, 1)], [1, 2, 3]):
        yield "torch.gradient", [t(*shape)], {"dim": dim, "edge_order": order}
    for spacing in [2.0, [1.0, 2.0], [1.0], [t(3), t(4)], [t(3)]]:
        yield "torch.gradient", [t(3, 4)], {"spacing": spacing}
    for n, dim, prepend in itertools.product([0, 1, 2, 5, -1], [0, -1], [None, (3, 2), (2, 4), (3,)]):
        yield "torch.diff", [t(3, 4), n, dim], {} if prepend is None else {"prepend": t(*prepend)}
    yield "torch.diff", [t(3, dtype="int64")], {"append": t(2)}
    yield "torch.diff", [t()], {}


def frames():
    for shape, size, center, complex in itertools.product([(100,), (2, 100), (2, 3, 100), (5,), ()], [10, 7, 3], [True, False], [True, False, None]):
        yield "torch.stft", [t(*shape), size], {"center": center, "return_complex": complex}
    for options in [{"hop_length": 7}, {"hop_length": 0}, {"win_length": 8}, {"win_length": 11}, {"window": t(10)}, {"window": t(8)},
                    {"window": t(8), "win_length": 8}, {"window": t(10, dtype="float64")}, {"onesided": False}, {"pad_mode": "constant"}]:
        for dtype in ("float32", "complex64", "float64", "int64"):
            yield "torch.stft", [t(2, 100, dtype=dtype), 10], {**options, "return_complex": True}
        options.pop("pad_mode", None)
        for shape in [(6, 5), (2, 6, 5), (10, 5), (5,)]:
            yield "torch.istft", [t(*shape, dtype="complex64"), 10], options
    yield "torch.istft", [t(6, 5), 10], {}
    yield "torch.istft", [t(6, 5, dtype="complex64"), 10], {"length": 7}
    for name, length in itertools.product(["bartlett", "blackman", "cosine", "exponential", "gaussian", "hamming", "hann", "kaiser", "nuttall"], [0, 5, -1]):
        for dtype in (None, torch.float64, torch.float16, torch.int64):
            yield f"torch.signal.windows.{name}", [length], {"dtype": dtype}
    for name in ("hann_window", "kaiser_window"):
        for dtype in (None, torch.float64, torch.float16, torch.int64):
            yield f"torch.{name}", [5], {"dtype": dtype}
        yield f"torch.{name}", [-1], {}


def ranges():
    for start, end, step in itertools.product([0, 1.5, -2], [5, 2.5, -3], [1, -1, 0.5, 0]):
        yield "torch.arange", [start, end, step], {}
    for end in [5, 2.5, True, t(dtype="int64", fill=4), t(fill=4), t(dtype="float64", fill=4)]:
        yield "torch.arange", [end], {}
        yield "torch.linspace", [0, end, 5], {}
        yield "torch.logspace", [0, end, 5], {"dtype": torch.float64}
    for name in ("linspace", "logspace"):
        yield f"torch.{name}", [0, 1, -1], {}
        yield f"torch.{name}", [t(1), 1, 3], {}
        yield f"torch.{name}", [0, 1, 3], {"dtype": torch.int64}
    for mean, std in itertools.product([t(2, 3), t(3), t(2), 0.5, t(2, 3, dtype="float64")], [t(2, 3), 1.0, t(2, 3, dtype="float64")]):
        yield "torch.normal", [mean, std], {}
    yield "torch.normal", [0.0, 1.0, (2, 3)], {}
    for rows, columns, offset in itertools.product([0, 3, 5], [0, 3, 4], [-6, -2, -1, 0, 1, 2, 6]):
        yield "torch.tril_indices", [rows, columns, offset], {}
        yield "torch.triu_indices", [rows, columns, offset], {}
    for size, r, repeats in itertools.product([0, 1, 5], [0, 1, 2, 3, 6, -1], [True, False]):
        yield "torch.combinations", [torch.arange(size), r, repeats], {}
    for shape, offset, dims in itertools.product([(3,), (2, 3), ()], [0, 1, -2], [(-2, -1), (0, 1), (1, 0), (0, 0), (1, -3), (0, 3)]):
        yield "torch.diag_embed", [t(*shape), offset, *dims], {}
    for shape, start, length in itertools.product([(5,), (5, 2)], [0, 3, -2, 6, -6], [0, 2, 3, 6, -1]):
        yield "torch.narrow", [t(*shape), 0, start, length], {}
    for shapes in [[(2, 1), (3,)], [(2, 1), 5], [(2,), (3,)], [], [()]]:
        yield "torch.broadcast_shapes", shapes, {}
    for a, b in itertools.product([torch.int32, torch.float16, torch.float32, torch.bool, torch.complex64, torch.uint8], repeat=2):
        yield "torch.promote_types", [a, b], {}
    for a, b in itertools.product([t(2), t(2, dtype="int64"), t(dtype="float64"), 1, 1.5, True], repeat=2):
        yield "torch.result_type", [a, b], {}


def masked():
    for name in ("sum", "prod", "mean", "amax", "amin", "argmax", "argmin", "logsumexp", "var", "std", "median"):
        single = name in ("argmax", "argmin", "median")
        for shape, dim, mask in itertools.product([(2, 3), (3,)], [0, -1, 2, None] + ([] if single else [(0, 1)]), [None, (2, 3), (3,), (2,), (5, 2, 3)]):
            if dim is None and name == "median":
                continue
            yield f"torch.masked.{name}", [t(*shape)], {"dim": dim, **({} if mask is None else {"mask": t(*mask, dtype="bool")})}
        for dtype in ("int64", "int32", "bool", "float64", "float16"):
            yield f"torch.masked.{name}", [t(2, 3, dtype=dtype), 0], {"keepdim": True}
    for name, dim in itertools.product(["cumsum", "cumprod", "softmax", "log_softmax", "softmin"], [0, -1, 2]):
        yield f"torch.masked.{name}", [t(2, 3), dim], {"mask": t(3, dtype="bool")}
    for dim in (0, -1, 2):
        yield "torch.masked.norm", [t(2, 3), 2, dim], {}
        yield "torch.masked.normalize", [t(2, 3), 2, dim], {}


def slices():
    for name, index, source in itertools.product(["index_add", "index_copy"], [(2,), (), (2, 2)], [(2, 3), (2, 2), (3,), (2, 3, 1), ()]):
        yield f"torch.{name}", [t(4, 3), 0, t(*index, dtype="int64", fill=0), t(*source)], {}
    yield "torch.index_add", [t(4, 3), 0, t(2, dtype="int64", fill=0), t(2, 3, dtype="float64")], {}
    for name, shape, dims in itertools.product(["diagonal", "linalg.diagonal"], [(2, 3), (2, 3, 4)], [(0, 1), (1, 1), (-1, 0), (0, 2)]):
        yield f"torch.{name}", [t(*shape)], {"dim1": dims[0], "dim2": dims[1]}
    for dtype in ("int64", "int32", "bool", "float32"):
        yield "torch.nn.functional.one_hot", [t(2, dtype=dtype, fill=0), 3], {}
        yield "torch.take", [t(2, 3), t(2, dtype=dtype, fill=0)], {}
        yield "torch.unravel_index", [t(2, dtype=dtype, fill=0), (3, 4)], {}
    for shape, count, again in itertools.product([(3,), (2, 3), (2, 2, 3), ()], [0, 2, 4], [True, False]):
        yield "torch.multinomial", [t(*shape), count, again], {}
    for shift in ([0], [1, 0], [2], [-3]):
        yield "torch.fft.fftshift", [t(2, 3), shift], {}


def calls():
    for group in (factors, solvers, products, norms, extremes, samples, distinct, integrals, frames, ranges, masked, slices):
        yield from group()
