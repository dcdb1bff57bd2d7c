"""Calls chosen by hand, where drawn arguments would seldom fit: products, einsum, subscripts, joins, windows,
losses, attention, and every layer. Each yields (name, positional, named), layers (name, constructor, call)."""
import itertools

import numpy as np
import torch

from encode import make


def t(*shape, dtype="float32", fill=None):
    return make("torch", dtype, shape, fill)


def n(*shape, dtype="float64", fill=None):
    return make("numpy", dtype, shape, fill)


MATRICES = [(), (3,), (4,), (0,), (2, 3), (3, 4), (4, 3), (1, 3), (3, 0), (2, 3, 4), (2, 4, 3), (1, 4, 2), (5, 3, 4), (2, 1, 3, 4), (2, 2, 4, 3)]


def products():
    for a, b in itertools.product(MATRICES, MATRICES):
        yield "torch.matmul", [t(*a), t(*b)], {}
        yield "operator.@", [t(*a), t(*b)], {}
        yield "operator.@", [n(*a), n(*b)], {}
        yield "numpy.matmul", [n(*a), n(*b)], {}
        yield "numpy.dot", [n(*a), n(*b)], {}
        if len(a) < 4 and len(b) < 4:
            yield "numpy.inner", [n(*a), n(*b)], {}
            yield "torch.inner", [t(*a), t(*b)], {}
            yield "torch.Tensor.mm", [t(*a), t(*b)], {}
            yield "torch.bmm", [t(*a), t(*b)], {}
            yield "torch.mv", [t(*a), t(*b)], {}
            yield "torch.dot", [t(*a), t(*b)], {}
            yield "torch.outer", [t(*a), t(*b)], {}
            yield "torch.nn.functional.linear", [t(*a), t(*b)], {}
    for dtype in ("float64", "int64", "float16"):
        yield "operator.@", [t(2, 3), t(3, 2, dtype=dtype)], {}
        yield "numpy.matmul", [n(2, 3, dtype="float32"), n(3, 2, dtype=dtype)], {}
    for input in [(), (4,), (2, 4), (2, 1), (3, 4), (1, 2, 4)]:
        yield "torch.addmm", [t(*input), t(2, 3), t(3, 4)], {}
        yield "torch.baddbmm", [t(*input), t(1, 2, 3), t(1, 3, 4)], {}
        yield "torch.addmv", [t(*input), t(2, 4), t(4)], {}
    for axes in [0, 1, 2, ([1], [0]), ([0], [1]), ([0, 1], [1, 0]), ([-1], [0])]:
        yield "torch.tensordot", [t(3, 4), t(4, 3)], {"dims": axes}
        yield "numpy.tensordot", [n(3, 4), n(4, 3)], {"axes": axes}
        yield "numpy.tensordot", [n(2, 3, 4), n(4, 3)], {"axes": axes}


def einsums():
    cases = [
        ("ij,jk->ik", [(2, 3), (3, 4)]), ("ij,jk->ik", [(2, 3), (4, 5)]), ("ij,jk", [(2, 3), (3, 4)]),
        ("bhid,bhjd->bhij", [(2, 8, 10, 6), (2, 8, 7, 6)]), ("bhid,bhjd->bhij", [(2, 8, 10, 6), (2, 8, 7, 5)]),
        ("bhij,bhjd->bhid", [(2, 8, 10, 7), (2, 8, 7, 6)]), ("ii->i", [(3, 3)]), ("ii->i", [(3, 4)]), ("ii", [(3, 3)]),
        ("...ij,...jk->...ik", [(5, 2, 3), (3, 4)]), ("...ij,...jk->...ik", [(5, 2, 3), (4, 3, 4)]),
        ("...d,d->...", [(2, 3, 4), (4,)]), ("i,j->ij", [(3,), (4,)]), ("i,i->", [(3,), (3,)]), ("i,i->", [(3,), (4,)]),
        ("ij->ji", [(2, 3, 4)]), ("ij->ji", [(2, 3)]), ("ij->", [(2, 3)]), ("ij,ij->ij", [(1, 3), (2, 3)]),
        ("b i d, b j d -> b i j", [(2, 3, 4), (2, 5, 4)]), ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 5)]),
        ("ij->ik", [(2, 3)]), ("ij,jk->ik", [(2, 3)]), ("ba,ca", [(2, 3), (4, 3)]), ("bn,anm,bm->ba", [(2, 3), (5, 3, 4), (2, 4)]),
        ("...", [(2, 3)]), ("...i->...", [(2, 3)]), ("i...->...", [(2, 3)]), ("ij...->ji...", [(2, 3, 4)]),
        ("nhwc->nchw", [(1, 2, 3, 4)]), ("ij,kj->ik", [(2, 1), (3, 4)]), ("->", [()]), (",i->i", [(), (3,)]),
    ]
    for equation, shapes in cases:
        yield "torch.einsum", [equation] + [t(*s) for s in shapes], {}
        yield "numpy.einsum", [equation] + [n(*s) for s in shapes], {}
    yield "torch.einsum", ["ij,jk->ik", [t(2, 3), t(3, 4)]], {}
    for pattern, shapes in [("b i d, b j d -> b i j", [(2, 3, 4), (2, 5, 4)]), ("b i d, b j d -> b i j", [(2, 3, 4), (2, 5, 6)]), ("row row ->", [(3, 3)]),
                            ("... d, d -> ...", [(2, 3, 4), (4,)]), ("i j, j k", [(2, 3), (3, 4)]), ("i j -> j i", [(2, 3, 4)]), ("i (j k) -> i", [(2, 6)])]:
        yield "einops.einsum", [*[t(*s) for s in shapes], pattern], {}
        yield "einops.einsum", [*[n(*s) for s in shapes], pattern], {}


def subscripts():
    s = slice
    e = Ellipsis
    plain = [
        0, -1, 5, -6, s(None), s(1, 3), s(-2, None), s(None, -1), s(10, 20), s(3, 1), s(None, None, 2), s(1, None, 3),
        None, e, (0, 1), (s(None), 0), (s(None), -1), (s(None), 7), (e, 0), (e, -1), (e, None), (None, e), (s(None), None),
        (0, None, s(1, None)), (s(None), s(None), 0), (e, s(None, 2)), (0, e, 0), (s(None), s(1, None), s(None, None, 2)),
        (s(None), None, s(None)), (e, s(None), 0), (0, 0, 0), (0, 0, 0, 0, 0), (None, None), (s(-3, -1), e), (s(-100, 100),),
    ]
    shapes = [(), (0,), (4,), (2, 3), (3, 4, 5), (2, 3, 4, 4)]
    for shape, index in itertools.product(shapes, plain):
        yield "operator.[]", [t(*shape), index], {}
        yield "operator.[]", [n(*shape), index], {}
    for index in [s(None, None, -1), (e, s(None, None, -1)), s(2, 0, -1), s(None, None, -2)]:
        for shape in [(4,), (3, 4), (2, 3, 4)]:
            yield "operator.[]", [n(*shape), index], {}
    for library, maker in (("torch", t), ("numpy", n)):
        i = lambda *shape: make(library, "int64", shape, 0)
        b = lambda *shape: make(library, "bool", shape)
        for x, index in [
            ((4, 5), i(3)), ((4, 5), i(2, 3)), ((4, 5), (i(3), i(3))), ((4, 5), (i(3), i(2))), ((4, 5), (i(3, 1), i(2))),
            ((4, 5, 6), (s(None), i(3))), ((4, 5, 6), (i(3), s(None), i(3))), ((4, 5, 6), (s(None), i(3), i(3))),
            ((4, 5, 6), (s(None), i(2, 3), s(None))), ((4, 5, 6), (i(3), e, i(3))), ((4, 5, 6), (i(3), None, i(3))),
            ((4, 5, 6), (0, s(None), i(3))), ((4, 5, 6), (i(3), s(None), 0)), ((4, 5, 6), (0, i(3))), ((4, 5, 6), (s(None), 0, i(3))),
            ((4, 5, 6), (e, i(3))), ((4, 5), b(4)), ((4, 5), b(4, 5)), ((4, 5), b(3)), ((4, 5), b(4, 4)), ((4, 5), (s(None), b(5))),
            ((4, 5), (b(4), 0)), ((4, 5), (i(3), b(5))), ((4, 5), [0, 1, 1]), ((4, 5), ([0, 1], [1, 2])), ((4, 5), (s(None), [0, 2])),
            ((4, 5), [True, False, True, True]), ((4, 5), i()), ((4, 5), (i(), s(None))), ((4, 5, 6), (s(None), i(), i(2))),
            ((4, 5), (i(3), i(3), i(3))), ((4,), b(4, 5)), ((2, 3, 4, 5), (s(None), i(3), s(None), i(3))), ((2, 3, 4, 5), (0, s(None), 1)),
            ((4, 5), []), ((4, 5, 6), (i(3), 0, s(None), 0)), ((4, 5, 6), (None, i(3))), ((4, 5, 6), (i(3), i(3), None)),
        ]:
            yield "operator.[]", [maker(*x), index], {}
        for x, index, value in [
            ((3, 4), 0, (4,)), ((3, 4), 0, (3,)), ((3, 4), s(None), (3, 4)), ((3, 4), s(None), (1, 4)), ((3, 4), s(None), (1, 3, 4)),
            ((3, 4), (s(None), 0), (3,)), ((3, 4), (s(None), 0), (3, 1)), ((3, 4), (s(None), s(0, 2)), (3, 2)), ((3, 4), (s(None), s(0, 2)), (3, 3)),
            ((3, 4), s(None), ()), ((3, 4), 0, (1,)), ((3, 4), (0, 0), (1,)), ((3, 4), (0, 0), ()), ((2, 3, 4), 0, (2, 3, 4)), ((3, 4), 7, (4,)),
            ((3, 4), i(2), (2, 4)), ((3, 4), i(2), (3, 4)),
        ]:
            yield "operator.[]=", [maker(*x), index, maker(*value)], {}


def joins():
    for a, b, dim in itertools.product([(2, 3), (2, 4), (0,), (3,), (1, 2, 3), ()], [(2, 3), (3, 3), (3,), (0,), (1, 2, 3), ()], [0, 1, -1, 2, -3]):
        yield "torch.cat", [[t(*a), t(*b)]], {"dim": dim}
        yield "torch.stack", [[t(*a), t(*b)]], {"dim": dim}
        yield "numpy.concatenate", [[n(*a), n(*b)]], {"axis": dim}
        yield "numpy.stack", [[n(*a), n(*b)]], {"axis": dim}
    for a, b in itertools.product([(2, 3), (2, 4), (3,), (1, 2, 3), (2, 3, 1), ()], repeat=2):
        for name in ("hstack", "vstack", "dstack", "column_stack"):
            yield f"torch.{name}", [[t(*a), t(*b)]], {}
            yield f"numpy.{name}", [[n(*a), n(*b)]], {}
        yield "numpy.append", [n(*a), n(*b)], {}
        yield "numpy.append", [n(*a), n(*b)], {"axis": 0}
    yield "torch.cat", [[t(2, 3), t(2, 3, dtype="int64")]], {}
    yield "torch.cat", [t(2, 3), t(2, 3)], {}
    yield "numpy.concatenate", [[n(2, 3), n(2, 3, dtype="int64")]], {}
    yield "torch.cat", [[]], {}
    for parts, dim, shape in itertools.product([1, 2, 3, 4, 5, 20], [0, 1, -1, 3], [(6,), (2, 7), (3, 0), (4, 6, 2), ()]):
        yield "torch.Tensor.split", [t(*shape), parts], {"dim": dim}
        yield "torch.chunk", [t(*shape), parts], {"dim": dim}
        yield "numpy.split", [n(*shape), parts], {"axis": dim}
        yield "numpy.array_split", [n(*shape), parts], {"axis": dim}
        yield "torch.tensor_split", [t(*shape), parts], {"dim": dim}
        yield "torch.unbind", [t(*shape)], {"dim": dim}
    for sections in [[2, 4], [1, 2, 3], [3, 4], [6], [], [0, 6]]:
        yield "torch.split", [t(6, 2), sections], {}
        yield "torch.Tensor.split", [t(2, 6), sections], {"dim": 1}
        yield "numpy.split", [n(6, 2), sections], {}
        yield "torch.tensor_split", [t(6, 2), sections], {}


def reshapes():
    for shape in [(), (1,), (6,), (2, 3), (2, 3, 4), (0, 3), (2, 10, 16)]:
        for sizes in [(), (-1,), (6,), (3, 2), (2, -1), (-1, 4), (2, 3, 4), (4, -1, 2), (5, -1), (-1, -1), (0, -1), (2, 10, 4, 4), (2, 10, 4, 5), (1, 1), (-2,)]:
            yield "torch.Tensor.view", [t(*shape), *sizes], {}
            yield "torch.Tensor.reshape", [t(*shape), sizes], {}
            yield "torch.reshape", [t(*shape), sizes], {}
            yield "numpy.reshape", [n(*shape), sizes], {}
            yield "numpy.ndarray.reshape", [n(*shape), *sizes], {}
        for target in [(), (6,), (2, 3), (4, 2, 3), (-1, 3), (2, -1), (5, -1, -1), (2, 1), (1, 2, 3, 4)]:
            yield "torch.Tensor.expand", [t(*shape), *target], {}
            yield "torch.Tensor.repeat", [t(*shape), *[abs(x) for x in target]], {}
            yield "torch.broadcast_to", [t(*shape), target], {}
            yield "numpy.broadcast_to", [n(*shape), target], {}
            yield "numpy.tile", [n(*shape), target], {}
            yield "torch.tile", [t(*shape), target], {}
    for shape in [(1, 3), (3, 1), (1, 1), (2, 1, 3), (2, 3)]:
        for dim in [None, 0, 1, -1, (0, 1), 4]:
            named = {} if dim is None else {"dim": dim}
            yield "torch.squeeze", [t(*shape)], named
            yield "numpy.squeeze", [n(*shape)], {} if dim is None else {"axis": dim}
    for dim, sizes in [(1, (2, 3)), (1, (-1, 2)), (-1, (6,)), (0, (2, 2)), (1, (4, 2)), (3, (2, 3))]:
        yield "torch.unflatten", [t(4, 6), dim, sizes], {}
    for start, end in itertools.product([0, 1, 2, -2, 5], [-1, 1, 2, 0]):
        yield "torch.flatten", [t(2, 3, 4)], {"start_dim": start, "end_dim": end}
    yield "torch.flatten", [t()], {}


def creations():
    for own, data in itertools.product(("float32", "int64", "bool"), ([1, 2], [1.5], True, n(3), n(2, dtype="bool"), t(2, dtype="int64"))):
        yield "torch.Tensor.new_tensor", [t(3, dtype=own), data], {}
    for size in [(2, 3), ((2, 3),), (), (4,), ([0, 2],), (-1,)]:
        for dtype in (torch.float32, torch.int64, torch.bool, torch.complex64):
            yield "torch.testing.make_tensor", list(size), {"dtype": dtype, "device": "cpu"}
    for name in ("zeros", "ones", "empty", "rand", "randn"):
        for args in [(2, 3), ((2, 3),), ([4],), (0,), (), (3,), (-1,)]:
            yield f"torch.{name}", list(args), {}
        yield f"torch.{name}", [2], {"dtype": torch.float64}
    for name in ("zeros", "ones", "empty"):
        for args in [((2, 3),), (4,), ([4, 1],), ((),)]:
            yield f"numpy.{name}", list(args), {}
        yield f"numpy.{name}", [(2, 3), np.float32], {}
    for value in (1, 1.5, True):
        yield "torch.full", [(2, 3), value], {}
        yield "numpy.full", [(2, 3), value], {}
    for args in [(5,), (2, 7), (0, 10, 3), (5, 2), (0.0, 1.0, 0.25), (1, 4.5), (10, 0, -3), (0,), (0, 1, 0.1)]:
        yield "torch.arange", list(args), {}
        yield "numpy.arange", list(args), {}
    for args in [(5,), (0, 4), (2, 7), (1, 2.5, 0.5), (0.0, 1.0, 0.25), (5, 1), (10, 0, -3), (4, 4), (0, 4, 0)]:
        yield "torch.range", list(args), {}
    yield "torch.range", [0, 4], {"dtype": torch.int64}
    for args in [(0, 1, 5), (0.0, 2.0, 1), (1, 3, 0)]:
        yield "torch.linspace", list(args), {}
        yield "numpy.linspace", list(args), {}
    yield "numpy.linspace", [0, 1], {}
    for args in [(3,), (3, 4), (0,)]:
        yield "torch.eye", list(args), {}
        yield "numpy.eye", list(args), {}
    for data in [3, 2.5, True, [1, 2], [1.0, 2], [[1, 2], [3, 4]], [[1.5], [2]], [], [[]], [[1, 2], [3]], [True, False], [[[1]]], (1, 2)]:
        yield "torch.tensor", [data], {}
        yield "numpy.array", [data], {}
    yield "torch.tensor", [[1, 2]], {"dtype": torch.float32}
    yield "numpy.array", [[1, 2]], {"dtype": np.float32}
    yield "numpy.array", [[n(3), n(3)]], {}
    yield "torch.randint", [5, (2, 3)], {}
    yield "torch.randint", [0, 5, (2,)], {}
    yield "torch.randint", [0, 5], {"size": (4, 2)}
    yield "torch.randperm", [5], {}
    for args in [(), (3,), (2, 3)]:
        yield "numpy.random.rand", list(args), {}
        yield "numpy.random.randn", list(args), {}
    for name in ("normal", "uniform"):
        yield f"numpy.random.{name}", [0, 1, (2, 3)], {}
        yield f"numpy.random.{name}", [], {"size": 4}
        yield f"numpy.random.{name}", [], {}
    yield "numpy.random.randint", [0, 5, (2, 3)], {}
    yield "numpy.random.randint", [5], {"size": 3}
    yield "numpy.random.choice", [5, (2, 3)], {}
    yield "numpy.random.choice", [n(5), 3], {}
    yield "numpy.random.permutation", [5], {}
    yield "numpy.random.permutation", [n(4, 2)], {}
    for indexing in ("ij", "xy"):
        yield "torch.meshgrid", [t(3), t(4)], {"indexing": indexing}
        yield "numpy.meshgrid", [n(3), n(4)], {"indexing": indexing}
        yield "numpy.meshgrid", [n(3), n(4), n(2)], {"indexing": indexing}
    yield "torch.nn.functional.one_hot", [t(2, 3, dtype="int64", fill=0), 5], {}
    yield "torch.nn.functional.one_hot", [t(2, 3, dtype="int64", fill=0)], {}
    yield "torch.nn.functional.one_hot", [t(2, 3), 5], {}


def windows():
    for size, kernel, stride, padding, dilation in itertools.product([3, 4, 7, 8], [1, 2, 3, 5], [1, 2], [0, 1], [1, 2]):
        named = {"stride": stride, "padding": padding, "dilation": dilation}
        yield "torch.nn.functional.conv1d", [t(2, 3, size), t(4, 3, kernel)], named
        yield "torch.nn.functional.max_pool1d", [t(2, 3, size), kernel], named
        if dilation == 1:
            for ceil in (False, True):
                pool = {"stride": stride, "padding": padding, "ceil_mode": ceil}
                yield "torch.nn.functional.max_pool2d", [t(1, 2, size, size + 1), kernel], pool
                yield "torch.nn.functional.avg_pool2d", [t(2, size, size + 1), kernel], pool
        yield "torch.nn.functional.conv_transpose1d", [t(2, 3, size), t(3, 4, kernel)], named
    for x, w, groups in [((1, 4, 8, 8), (6, 4, 3, 3), 1), ((1, 4, 8, 8), (6, 2, 3, 3), 2), ((1, 4, 8, 8), (6, 3, 3, 3), 1), ((4, 8, 8), (6, 4, 3, 3), 1),
                         ((8, 8), (6, 4, 3, 3), 1), ((1, 1, 4, 8, 8), (6, 4, 3, 3), 1), ((1, 4, 8, 8), (4, 1, 3, 3), 4)]:
        yield "torch.nn.functional.conv2d", [t(*x), t(*w)], {"groups": groups}
        yield "torch.nn.functional.conv2d", [t(*x), t(*w)], {"groups": groups, "padding": "same"}
        yield "torch.nn.functional.conv2d", [t(*x), t(*w)], {"groups": groups, "stride": (2, 1), "padding": (1, 0)}
    for pad, shape in itertools.product([(1, 1), (1, 2, 0, 3), (-1, 0), (1, 1, 1, 1, 1, 1), (1,)], [(4,), (3, 4), (2, 3, 4)]):
        yield "torch.nn.functional.pad", [t(*shape), pad], {}
    for shape in [(1, 3, 8), (1, 3, 8, 6), (1, 3, 4, 4, 4), (3, 8)]:
        for named in [{"scale_factor": 2}, {"scale_factor": 0.5}, {"size": 5}, {"scale_factor": 1.5}, {"scale_factor": 2.0}]:
            yield "torch.nn.functional.interpolate", [t(*shape)], named
        yield "torch.nn.functional.adaptive_avg_pool2d", [t(*shape), 1], {}
        yield "torch.nn.functional.adaptive_avg_pool2d", [t(*shape), (None, 2)], {}
    for shape, factor in itertools.product([(1, 8, 4, 4), (8, 4, 4), (1, 6, 4, 4), (4, 4)], [1, 2]):
        yield "torch.nn.functional.pixel_shuffle", [t(*shape), factor], {}
        yield "torch.nn.functional.pixel_unshuffle", [t(*shape), factor], {}
    for width in [1, (1, 2), ((1, 1), (2, 0)), ((1, 1),)]:
        for shape in [(4,), (3, 4)]:
            yield "numpy.pad", [n(*shape), width], {}


def losses():
    long = lambda *shape: t(*shape, dtype="int64", fill=0)
    for reduction in ("mean", "sum", "none"):
        r = {"reduction": reduction}
        for x, y in [((4, 3), (4,)), ((4, 3), (3,)), ((4, 3), (4, 1)), ((4, 3, 5), (4, 5)), ((4, 3, 5, 6), (4, 5, 6)), ((3,), ()), ((4, 5, 3), (4, 5)), ((4, 3), ())]:
            for name in ("cross_entropy", "nll_loss"):
                yield f"torch.nn.functional.{name}", [t(*x), long(*y)], r
        yield "torch.nn.functional.cross_entropy", [t(4, 3), t(4, 3)], r
        yield "torch.nn.functional.cross_entropy", [t(4, 3), t(4)], r
        for x, y in [((4, 3), (4, 3)), ((4, 1), (4,)), ((4, 3), (3,)), ((4, 3), (4, 2)), ((4, 3), (1, 3)), ((), ()), ((4,), (4, 1))]:
            for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_div", "soft_margin_loss"):
                yield f"torch.nn.functional.{name}", [t(*x), t(*y)], r
        yield "torch.nn.functional.kl_div", [t(4, 3), t(4, 3)], {"reduction": "batchmean"}
        yield "torch.nn.functional.binary_cross_entropy", [t(4), long(4)], r
        yield "torch.nn.functional.binary_cross_entropy_with_logits", [t(4), long(4)], r


def attentions():
    for q, k, v in [((2, 4, 8), (2, 6, 8), (2, 6, 5)), ((2, 3, 4, 8), (2, 3, 6, 8), (2, 3, 6, 8)), ((4, 8), (6, 8), (6, 8)), ((2, 3, 4, 8), (2, 3, 6, 7), (2, 3, 6, 8)),
                    ((2, 3, 4, 8), (2, 3, 6, 8), (2, 3, 5, 8)), ((2, 3, 4, 8), (2, 1, 6, 8), (2, 1, 6, 8)), ((2, 3, 4, 8), (5, 3, 6, 8), (5, 3, 6, 8)), ((8,), (6, 8), (6, 8))]:
        yield "torch.nn.functional.scaled_dot_product_attention", [t(*q), t(*k), t(*v)], {}
        for mask in [(4, 6), (6, 4), (1, 6), (2, 1, 4, 6), (2, 3, 4, 6), (3, 4, 6)]:
            yield "torch.nn.functional.scaled_dot_product_attention", [t(*q), t(*k), t(*v)], {"attn_mask": t(*mask)}
    yield "torch.nn.functional.scaled_dot_product_attention", [t(2, 8, 4, 8), t(2, 2, 6, 8), t(2, 2, 6, 8)], {"enable_gqa": True}
    yield "torch.nn.functional.embedding", [t(2, 3, dtype="int64", fill=0), t(10, 4)], {}
    yield "torch.nn.functional.embedding", [t(2, 3), t(10, 4)], {}
    yield "torch.nn.functional.embedding", [t(2, 3, dtype="int64", fill=0), t(10)], {}
    for shape, index, dim in itertools.product([(3, 4), (2, 3, 4), (4,)], [(3, 4), (2, 4), (3, 2), (2, 3, 2), (2,), (5, 4)], [0, 1, -1]):
        i = t(*index, dtype="int64", fill=0)
        yield "torch.gather", [t(*shape), dim, i], {}
        yield "torch.index_select", [t(*shape), dim, i], {}
        yield "torch.take_along_dim", [t(*shape), i, dim], {}
        yield "numpy.take_along_axis", [n(*shape), n(*index, dtype="int64", fill=0), dim], {}
        yield "numpy.take", [n(*shape), n(*index, dtype="int64", fill=0)], {"axis": dim}
    for shape, k, dim in itertools.product([(5,), (3, 4), ()], [0, 1, 3, 6], [0, -1, 1]):
        yield "torch.topk", [t(*shape), k], {"dim": dim}
    for shape, size, step in itertools.product([(8,), (2, 8)], [1, 3, 9], [1, 2]):
        yield "torch.Tensor.unfold", [t(*shape), -1, size, step], {}
    for c, x, y in [((3,), (3,), (3,)), ((3, 1), (4,), ()), ((2, 3), (3,), (2, 1)), ((2, 3), (4,), (3,))]:
        yield "torch.where", [t(*c, dtype="bool"), t(*x), t(*y)], {}
        yield "numpy.where", [n(*c, dtype="bool"), n(*x), n(*y)], {}
        yield "torch.where", [t(*c, dtype="bool"), t(*x), 0.0], {}
        yield "torch.where", [t(*c, dtype="bool"), t(*x, dtype="int64"), 1.5], {}
    for shape, mask in [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), (4, 2, 3)), ((2, 3), (2,)), ((2, 1, 3), (4, 3))]:
        yield "torch.Tensor.masked_fill", [t(*shape), t(*mask, dtype="bool"), 0.0], {}
        yield "torch.Tensor.masked_fill_", [t(*shape), t(*mask, dtype="bool"), 0.0], {}


def patterns():
    images = [(2, 12, 8, 6), (12, 8, 6), (2, 3, 12, 8, 6)]
    cases = [
        ("b c h w -> b h w c", {}), ("b c h w -> b (c h w)", {}), ("b (c k) h w -> b c k h w", {"k": 3}), ("b (c k) h w -> b c k h w", {"c": 5}),
        ("b c (h p) (w q) -> b (h w) (p q c)", {"p": 2, "q": 2}), ("b c (h p) (w q) -> b (h w) (p q c)", {"p": 4, "q": 4}), ("... h w -> ... (h w)", {}),
        ("b ... -> b (...)", {}), ("b c ... -> (b c) ...", {}), ("b c h w -> b c h", {}), ("b c h w -> b c h w k", {}), ("b c (h w) -> b c h w", {}),
        ("c h w -> h w c", {}), ("c h w -> 1 c h w", {}), ("b c h w -> b c 1 1 (h w)", {}), ("b (c k) h w -> b c k h w", {"c": 4, "k": 3}),
        ("b (c k) h w -> b c k h w", {"c": 4, "k": 4}), ("b c h w -> b c h h", {}), ("b c h w -> b c h w", {"b": 2}), ("b c h w -> b c h w", {"b": 3}),
        ("b b h w -> b h w", {}), ("b c () w -> b c w", {}), ("b c h w -> (b c) (h w)", {}), ("... -> ...", {}), ("b t c h w -> (b t) c h w", {}),
    ]
    for shape, (pattern, lengths) in itertools.product(images, cases):
        yield "einops.rearrange", [t(*shape), pattern], lengths
    for pattern, lengths in [("b c h w -> b c", {}), ("b c (h p) (w q) -> b c h w", {"p": 2, "q": 2}), ("b c h w ->", {}), ("b c h w -> b c 1 1", {}),
                             ("b c h w -> b c x", {}), ("... h w -> ...", {}), ("c h w -> c", {}), ("b c h w -> (b c)", {})]:
        for shape in images:
            yield "einops.reduce", [t(*shape), pattern, "mean"], lengths
            yield "einops.reduce", [n(*shape), pattern, "max"], lengths
    for pattern, lengths in [("h w -> h w c", {"c": 3}), ("h w -> (h k) w", {"k": 2}), ("h w -> h w c", {}), ("h w -> (2 h) w", {}), ("h w -> b h w", {"b": 5}),
                             ("h w -> h", {}), ("... -> b ...", {"b": 3}), ("() w -> h w", {"h": 4}), ("1 w -> b w", {"b": 2})]:
        for shape in [(3, 4), (1, 4), (4,)]:
            yield "einops.repeat", [t(*shape), pattern], lengths
    yield "einops.rearrange", [[t(3, 4), t(3, 4)], "b h w -> h w b"], {}
    yield "einops.rearrange", [[t(3, 4), t(3, 5)], "b h w -> h w b"], {}
    for x in [t(), t(3), t(2, 3, dtype="int64"), n(2, 3), n(4, dtype="bool")]:
        yield "einops.asnumpy", [x], {}


def calls():
    for group in (patterns, products, einsums, subscripts, joins, reshapes, creations, windows, losses, attentions):
        yield from group()
