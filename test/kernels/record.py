"""Records what PyTorch's F.scaled_dot_product_attention and NumPy's matmul give for small cases, extreme ones too.

Run it with torch and numpy installed: python test/kernels/record.py > test/kernels/truth.json
and format the result with prettier.
"""

import json
import math
import sys
import warnings

import numpy
import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

INF, NAN = math.inf, math.nan
EVERY = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
random = numpy.random.default_rng(7)


def numbers(shape):
    return (random.integers(-16, 17, shape) / 8).astype(numpy.float32)


def plain(array):
    array = numpy.asarray(array, dtype=numpy.float32)
    special = {"inf": "inf", "-inf": "-inf", "nan": "nan"}
    data = [special.get(str(x), float(x)) for x in array.reshape(-1).tolist()]
    return {"shape": list(array.shape), "data": data}


def matmul(a_shape, b_shape, edit=None):
    a, b = numbers(a_shape), numbers(b_shape)
    if edit:
        edit(a, b)
    case = {"a": plain(a), "b": plain(b)}
    try:
        with numpy.errstate(all="ignore"):
            return {**case, "result": plain(numpy.matmul(a, b))}
    except ValueError:
        return {**case, "result": None}


def attention(name, q, k, v, mask=None, causal=False, scale=None, edit=None, backends=EVERY):
    q, k, v = numbers(q), numbers(k), numbers(v)
    mask = None if mask is None else numbers(mask)
    if edit:
        edit(q, k, v, mask)
    case = {"name": name, "q": plain(q), "k": plain(k), "v": plain(v), "causal": causal}
    if mask is not None:
        case["mask"] = plain(mask)
    if scale is not None:
        case["scale"] = scale
    # PyTorch wants equal ranks of at least three for the fused path, and says so for grouped heads.
    tensors = [torch.from_numpy(x) for x in (q, k, v)]
    grouped = q.ndim > 2 and len({x.shape[-3] for x in (q, k, v)}) > 1
    try:
        with sdpa_kernel(backends):
            out = F.scaled_dot_product_attention(
                *tensors,
                attn_mask=None if mask is None else torch.from_numpy(mask),
                is_causal=causal,
                scale=scale,
                enable_gqa=grouped,
            )
        return {**case, "result": plain(out.numpy())}
    except RuntimeError:
        return {**case, "result": None}


def put(operand, index, value):
    def edit(*operands):
        operands["qkvm".index(operand)][index] = value

    return edit


def poison(index, value):
    return lambda a, b: a.__setitem__(index, value)


warnings.simplefilter("ignore")
whole = slice(None)
json.dump(
    {
        "versions": {"torch": torch.__version__, "numpy": numpy.__version__},
        "matmul": [
            matmul((2, 3), (3, 4)),
            matmul((3,), (3,)),
            matmul((3,), (3, 2)),
            matmul((2, 3), (3,)),
            matmul((5, 2, 3), (3,)),
            matmul((3,), (5, 3, 2)),
            matmul((5, 1, 2, 3), (4, 3, 2)),
            matmul((2, 3), (6, 3, 1)),
            matmul((2, 0), (0, 3)),
            matmul((0, 2), (2, 3)),
            matmul((0, 2, 3), (3, 2)),
            matmul((2, 3), (2, 3)),
            matmul((3, 2, 3), (2, 3, 2)),
            matmul((2,), (3,)),
            matmul((2, 3), (4,)),
            matmul((), (3,)),
            matmul((2, 5), (5, 3), poison((0, 1), NAN)),
            matmul((5, 5), (5, 5), poison((1, 4), INF)),
            matmul((3, 2), (2, 3), poison((2, 0), -INF)),
            matmul((2, 1), (1, 2), poison((whole, 0), 3e38)),
        ],
        "attention": [
            attention("plain", (1, 1, 5, 4), (1, 1, 6, 4), (1, 1, 6, 3)),
            attention("no heads", (5, 4), (6, 4), (6, 3)),
            attention("heads and batches", (2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 5)),
            attention("scale", (1, 2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4), scale=0.3),
            attention("causal, square", (1, 2, 9, 4), (1, 2, 9, 4), (1, 2, 9, 4), causal=True),
            attention("causal, more keys", (1, 1, 3, 4), (1, 1, 11, 4), (1, 1, 11, 4), causal=True),
            attention("causal, fewer keys", (1, 1, 11, 4), (1, 1, 3, 4), (1, 1, 3, 4), causal=True),
            attention("two query heads a key head", (1, 4, 5, 4), (1, 2, 6, 4), (1, 2, 6, 4)),
            attention("one key head", (2, 6, 5, 4), (2, 1, 6, 4), (2, 1, 6, 4)),
            attention("heads that do not divide", (1, 3, 2, 4), (1, 2, 2, 4), (1, 2, 2, 4)),
            attention("mask for every score", (1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 5, 4), mask=(1, 2, 3, 5)),
            attention("mask for all heads", (2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 4), mask=(3, 5)),
            attention("mask for keys", (2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 4), mask=(2, 1, 1, 5)),
            attention("mask for queries", (1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 5, 4), mask=(3, 1)),
            attention("a mask that does not fit", (1, 1, 3, 4), (1, 1, 5, 4), (1, 1, 5, 4), mask=(4, 5)),
            attention("dims that differ", (1, 1, 3, 4), (1, 1, 5, 3), (1, 1, 5, 4)),
            attention("no keys", (1, 1, 3, 4), (1, 1, 0, 4), (1, 1, 0, 4)),
            attention("no queries", (1, 1, 0, 4), (1, 1, 3, 4), (1, 1, 3, 4)),
            attention("no dim", (1, 1, 3, 0), (1, 1, 3, 0), (1, 1, 3, 4)),
            attention("a row masked out", *[(1, 1, 3, 4)] * 3, mask=(3, 3), edit=put("m", (1, whole), -INF)),
            attention("all masked out", *[(1, 1, 9, 4)] * 3, mask=(9, 9), edit=put("m", whole, -INF)),
            attention("a masked key", *[(1, 1, 3, 4)] * 3, mask=(3, 3), edit=put("m", (whole, 1), -INF)),
            attention("+inf in the mask", *[(1, 1, 3, 4)] * 3, mask=(3, 3), edit=put("m", (0, 1), INF)),
            attention("NaN in the mask", *[(1, 1, 3, 4)] * 3, mask=(3, 3), edit=put("m", (2, 2), NAN)),
            # The fused CPU kernel of PyTorch 2.13 gives 0 here for few keys and NaN for many; the plain one gives NaN.
            attention("NaN in a query", *[(1, 1, 5, 4)] * 3, edit=put("q", (0, 0, 2, 1), NAN), backends=[SDPBackend.MATH]),
            attention("NaN in a key", *[(1, 1, 5, 4)] * 3, edit=put("k", (0, 0, 2, 1), NAN)),
            attention("NaN in a key that causality hides", *[(1, 1, 5, 4)] * 3, causal=True, edit=put("k", (0, 0, 3, 1), NAN)),
            attention("NaN in a value", *[(1, 1, 5, 4)] * 3, edit=put("v", (0, 0, 2, 1), NAN)),
            attention("NaN in a value that causality hides", *[(1, 1, 5, 4)] * 3, causal=True, edit=put("v", (0, 0, 3, 1), NAN)),
            attention("inf in a value that causality hides", *[(1, 1, 5, 4)] * 3, causal=True, edit=put("v", (0, 0, 3, 1), INF)),
            attention("scores far apart", *[(1, 1, 5, 4)] * 3, edit=put("q", whole, 60.0)),
            attention("large scores", *[(1, 1, 5, 4)] * 3, scale=3000.0),
        ],
    },
    sys.stdout,
)
