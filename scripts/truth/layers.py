"""Layers with inputs that fit and inputs that do not. Each case is (class name, positional and named arguments of
the constructor, positional and named arguments of the call); a name without dots is of `torch.nn`."""
import itertools

import torch

from chosen import t

ELEMENTWISE = ["ReLU", "ReLU6", "GELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid", "SELU", "ELU", "CELU", "LeakyReLU",
               "RReLU", "Hardtanh", "Softplus", "Hardshrink", "Softshrink", "Sigmoid", "Tanh", "LogSigmoid", "Softsign",
               "Tanhshrink", "Dropout", "AlphaDropout", "Identity"]


def long(*shape):
    return t(*shape, dtype="int64", fill=0)


def states():
    for name, made, batch_first in itertools.product(["RNN", "GRU", "LSTM"], [{}, {"num_layers": 2}, {"bidirectional": True}], [False, True]):
        for shape, state in itertools.product([(4, 5, 3), (5, 3)], [(1, 5, 6), (2, 4, 6), (2, 6), (1, 6), (2, 5, 6), (1, 4, 7)]):
            hx = (t(*state), t(*state)) if name == "LSTM" else t(*state)
            yield name, [3, 6], {**made, "batch_first": batch_first}, [t(*shape), hx], {}
    for shape, size, stride in itertools.product([(2, 3, 8, 6), (3, 8, 6), (8, 6)], [2, (3, 2)], [1, 2]):
        yield "Unfold", [size], {"stride": stride}, [t(*shape)], {}
    for shape in [(2, 12, 12), (12, 12), (2, 12, 11)]:
        yield "Fold", [(4, 5), 2], {}, [t(*shape)], {}
    for a, b in itertools.product([(4, 6), (6,), (2, 4, 6)], [(4, 6), (1, 6), (4, 5)]):
        yield "PairwiseDistance", [], {}, [t(*a), t(*b)], {}
        yield "CosineSimilarity", [], {"dim": -1}, [t(*a), t(*b)], {}
        yield "CosineSimilarity", [], {}, [t(*a), t(*b)], {}
    for shape in [(4, 6), (3,), (2, 3, 8)]:
        yield "GLU", [], {}, [t(*shape)], {}
    for args in [[long(4, 3)], [long(8), long(2)], [long(8)]]:
        yield "EmbeddingBag", [10, 5], {}, args, {}


def plain():
    for name, shape in itertools.product(ELEMENTWISE, [(), (3,), (2, 3), (0, 3), (2, 3, 4)]):
        yield name, [], {}, [t(*shape)], {}
    for name, dim, shape in itertools.product(["Softmax", "LogSoftmax", "Softmin"], [0, 1, -1, 2], [(3,), (2, 3), ()]):
        yield name, [], {"dim": dim}, [t(*shape)], {}
    for features, shape, bias in itertools.product([(4, 3), (3, 5), (3, 0)], [(4,), (3,), (2, 3), (2, 4), (2, 5, 3), (), (3, 0)], [True, False]):
        yield "Linear", list(features), {"bias": bias}, [t(*shape)], {}
    for shape in [(3,), (2, 3)]:
        yield "LazyLinear", [4], {}, [t(*shape)], {}
        yield "Linear", [3, 4], {}, [t(*shape, dtype="int64")], {}
    for a, b in [((2, 3), (2, 4)), ((2, 3), (2, 3)), ((5, 2, 3), (5, 2, 4)), ((3,), (4,))]:
        yield "Bilinear", [3, 4, 6], {}, [t(*a), t(*b)], {}
    for shape in [(), (3,), (2, 3), (0,)]:
        yield "Embedding", [10, 4], {}, [long(*shape)], {}
        yield "Embedding", [10, 4], {}, [t(*shape)], {}
    for start, end, shape in itertools.product([1, 0, 2], [-1, 1], [(2, 3, 4), (2, 3), (3,), (2, 3, 4, 5)]):
        yield "Flatten", [start, end], {}, [t(*shape)], {}
    for dim, sizes, shape in [(1, (2, 3), (4, 6)), (1, (2, 2), (4, 6)), (-1, (3, -1), (4, 6)), (0, (2, 2), (4, 6)), (2, (1,), (4, 6))]:
        yield "Unflatten", [dim, sizes], {}, [t(*shape)], {}


def windows():
    for dims, kind in itertools.product([1, 2, 3], ["Conv", "ConvTranspose"]):
        name = f"{kind}{dims}d"
        space = (7, 8, 6)[:dims]
        for shape in [(2, 4, *space), (4, *space), space, (1, 2, 4, *space), (2, 3, *space)]:
            yield name, [4, 6, 3], {}, [t(*shape)], {}
            yield name, [4, 6, 3], {"stride": 2, "padding": 1}, [t(*shape)], {}
            yield name, [4, 6], {"kernel_size": 2, "groups": 2, "dilation": 2, "bias": False}, [t(*shape)], {}
        yield name, [4, 6, 3], {"groups": 3}, [t(2, 4, *space)], {}
        yield name, [4, 6, 9], {}, [t(2, 4, *space)], {}
        if kind == "Conv":
            yield name, [4, 6, 3], {"padding": "same"}, [t(2, 4, *space)], {}
            yield name, [4, 6, 4], {"padding": "same", "dilation": 2}, [t(2, 4, *space)], {}
            yield name, [4, 6, 3], {"padding": "valid"}, [t(2, 4, *space)], {}
            yield f"Lazy{name}", [6, 3], {}, [t(2, 4, *space)], {}
        else:
            yield name, [4, 6, 3], {"stride": 2, "output_padding": 1}, [t(2, 4, *space)], {}
        for pool, ceil in itertools.product(["Max", "Avg"], [False, True]):
            for shape in [(2, 4, *space), (4, *space), space, (1, 2, 4, *space)]:
                yield f"{pool}Pool{dims}d", [2], {"ceil_mode": ceil}, [t(*shape)], {}
                yield f"{pool}Pool{dims}d", [3], {"stride": 2, "padding": 1, "ceil_mode": ceil}, [t(*shape)], {}
                yield f"{pool}Pool{dims}d", [9], {"ceil_mode": ceil}, [t(*shape)], {}
        for pool, size in itertools.product(["AdaptiveAvg", "AdaptiveMax"], [1, 3, tuple([2] * dims)]):
            for shape in [(2, 4, *space), (4, *space), space]:
                yield f"{pool}Pool{dims}d", [size], {}, [t(*shape)], {}
        yield f"MaxPool{dims}d", [2], {"return_indices": True}, [t(2, 4, *space)], {}
        for shape, places in [((2, 4, *space), (2, 4, *space)), ((4, *space), (4, *space)), ((2, 4, *space), (1, 4, *space)), (space, space)]:
            yield f"MaxUnpool{dims}d", [2], {}, [t(*shape), long(*places)], {}
        for pad in ["Zero", "Constant", "Reflection", "Replication", "Circular"]:
            more = [0.5] if pad == "Constant" else []
            for shape in [(2, 4, *space), (4, *space), space]:
                yield f"{pad}Pad{dims}d", [1, *more], {}, [t(*shape)], {}
                yield f"{pad}Pad{dims}d", [tuple(range(2 * dims)), *more], {}, [t(*shape)], {}
        for shape in [(2, 4, *space), (4, *space), space]:
            yield f"Dropout{dims}d", [], {}, [t(*shape)], {}
    for shape, factor in itertools.product([(1, 8, 4, 4), (8, 4, 4), (1, 6, 4, 4)], [1, 2]):
        yield "PixelShuffle", [factor], {}, [t(*shape)], {}
        yield "PixelUnshuffle", [factor], {}, [t(*shape)], {}
    for shape, named in itertools.product([(1, 3, 8), (1, 3, 8, 6), (3, 8)], [{"scale_factor": 2}, {"size": 5}, {"scale_factor": 0.5}]):
        yield "Upsample", [], named, [t(*shape)], {}
        yield "UpsamplingNearest2d", [], named, [t(*shape)], {}
        yield "UpsamplingBilinear2d", [], named, [t(*shape)], {}
    for shape, groups in itertools.product([(2, 6, 5), (2, 6, 4, 4), (6, 4), (6,)], [1, 2, 4]):
        yield "ChannelShuffle", [groups], {}, [t(*shape)], {}


def norms():
    for shape in [(2, 4), (2, 4, 5), (2, 4, 5, 6), (2, 4, 5, 6, 7), (4,), (2, 3), (2, 5, 4)]:
        for dims in (1, 2, 3):
            yield f"BatchNorm{dims}d", [4], {}, [t(*shape)], {}
            yield f"LazyBatchNorm{dims}d", [], {}, [t(*shape)], {}
            yield f"InstanceNorm{dims}d", [4], {}, [t(*shape)], {}
            yield f"InstanceNorm{dims}d", [4], {"affine": True}, [t(*shape)], {}
        yield "GroupNorm", [2, 4], {}, [t(*shape)], {}
        yield "GroupNorm", [3, 4], {}, [t(*shape)], {}
        yield "LocalResponseNorm", [2], {}, [t(*shape)], {}
        yield "SyncBatchNorm", [4], {}, [t(*shape)], {}
        yield "CrossMapLRN2d", [2], {}, [t(*shape)], {}
        for dims in (1, 2, 3):
            yield f"LazyInstanceNorm{dims}d", [], {}, [t(*shape)], {}
        for size in [4, (4,), (5, 4), 5, (2, 4)]:
            yield "LayerNorm", [size], {}, [t(*shape)], {}
            yield "RMSNorm", [size], {}, [t(*shape)], {}


def sequences():
    for name, shape, first, both, layers in itertools.product(["RNN", "GRU", "LSTM"], [(5, 2, 4), (5, 4), (5, 2, 3), (4,), (1, 5, 2, 4)], [False, True], [False, True], [1, 2]):
        yield name, [4, 6], {"num_layers": layers, "batch_first": first, "bidirectional": both}, [t(*shape)], {}
    yield "LSTM", [4, 6], {"proj_size": 3}, [t(5, 2, 4)], {}
    for name, shape in itertools.product(["RNNCell", "GRUCell", "LSTMCell"], [(2, 4), (4,), (2, 3), (5, 2, 4)]):
        yield name, [4, 6], {}, [t(*shape)], {}
    for first, need, average in itertools.product([False, True], [True, False], [True, False]):
        for q, k in [((5, 2, 8), (7, 2, 8)), ((2, 5, 8), (2, 7, 8)), ((5, 8), (7, 8)), ((5, 2, 6), (5, 2, 6)), ((1, 5, 2, 8), (1, 5, 2, 8)), ((5, 3, 8), (7, 2, 8))]:
            yield "MultiheadAttention", [8, 2], {"batch_first": first}, [t(*q), t(*k), t(*k)], {"need_weights": need, "average_attn_weights": average}
    for mask in [(5, 7), (7, 5), (5, 5)]:
        yield "MultiheadAttention", [8, 2], {}, [t(5, 2, 8), t(7, 2, 8), t(7, 2, 8)], {"attn_mask": t(*mask)}
    yield "MultiheadAttention", [10, 4], {}, [t(5, 2, 10), t(5, 2, 10), t(5, 2, 10)], {}
    for shape, first in itertools.product([(5, 2, 8), (5, 8), (5, 2, 6), (8,)], [False, True]):
        yield "TransformerEncoderLayer", [8, 2, 16], {"batch_first": first}, [t(*shape)], {}
        yield "TransformerDecoderLayer", [8, 2, 16], {"batch_first": first}, [t(*shape), t(*shape)], {}
    yield "TransformerEncoderLayer", [10, 4], {}, [t(5, 2, 10)], {}
    for shape in [(5, 2, 8), (5, 8)]:
        yield "TransformerEncoder", [torch.nn.TransformerEncoderLayer(8, 2, 16), 2], {}, [t(*shape)], {}
        yield "TransformerDecoder", [torch.nn.TransformerDecoderLayer(8, 2, 16), 2], {}, [t(*shape), t(7, *shape[1:])], {}


def losses():
    for x, y in [((4, 3), (4, 3)), ((4, 3), (1, 3)), ((4, 3), (4, 2)), ((3,), (3,))]:
        for name, reduction in itertools.product(["TripletMarginLoss", "TripletMarginWithDistanceLoss"], ["mean", "none"]):
            yield name, [], {"reduction": reduction}, [t(*x), t(*x), t(*y)], {}
    for x, y in [((2, 5, 4, 4), (2, 4, 4)), ((2, 5, 4, 4), (2, 4, 3))]:
        yield "NLLLoss2d", [], {}, [t(*x), long(*y)], {}
    for x, y in [((8, 6), (8,)), ((6,), ()), ((8, 6), (7,)), ((8, 5), (8,))]:
        yield "AdaptiveLogSoftmaxWithLoss", [6, 20, [5, 10]], {}, [t(*x), long(*y)], {}
    for reduction in ("mean", "none"):
        r = {"reduction": reduction}
        for x, y in [((4, 3), (4,)), ((4, 3), (3,)), ((4, 3, 5), (4, 5)), ((3,), ()), ((4, 5, 3), (4, 5))]:
            yield "CrossEntropyLoss", [], r, [t(*x), long(*y)], {}
            yield "NLLLoss", [], r, [t(*x), long(*y)], {}
        for x, y in [((4, 3), (4, 3)), ((4, 1), (4,)), ((4, 3), (4, 2)), ((4,), (4,))]:
            for name in ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCELoss", "BCEWithLogitsLoss", "KLDivLoss"):
                yield name, [], r, [t(*x), t(*y)], {}


def mixtures():
    """Of einops; `patterns.py` draws more of them."""
    for shape in [(2, 5, 8), (2, 5, 7), (5, 8), (2, 1, 8)]:
        for weight, bias, lengths in [("c d", "d", {"c": 8, "d": 3}), ("c d", None, {"c": 8, "d": 3}), ("t c d", "t d", {"t": 5, "c": 8, "d": 3}),
                                      ("c", None, {"c": 8}), ("c d", "d", {"c": 8})]:
            yield "einops.layers.torch.EinMix", ["b t c -> b t d"], {"weight_shape": weight, "bias_shape": bias, **lengths}, [t(*shape)], {}
    for shape in [(2, 5, 8), (2, 5, 7)]:
        yield "einops.layers.torch.EinMix", ["b t (h c) -> b h t d", "h c d"], {"h": 4, "c": 2, "d": 3}, [t(*shape)], {}
        yield "einops.layers.torch.EinMix", ["b ... c -> b ... d", "c d", "d"], {"c": 8, "d": 3}, [t(*shape)], {}


def cases():
    for group in (plain, windows, norms, sequences, losses, states, mixtures):
        yield from group()
