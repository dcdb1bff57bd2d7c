"""Losses, norms, recurrent layers, attention and embeddings with options and sizes drawn at random, fitting and
unfitting ones alike. `calls` yields (name, positional, named), `layers` (class name, constructor, call)."""
import random

import torch

from chosen import t
from windows import F, some

DRAWS = 60
LOSSES = {"mse_loss": "MSELoss", "l1_loss": "L1Loss", "smooth_l1_loss": "SmoothL1Loss", "huber_loss": "HuberLoss", "kl_div": "KLDivLoss",
          "soft_margin_loss": "SoftMarginLoss", "binary_cross_entropy": "BCELoss", "binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
          "hinge_embedding_loss": "HingeEmbeddingLoss", "poisson_nll_loss": "PoissonNLLLoss", "multilabel_soft_margin_loss": "MultiLabelSoftMarginLoss",
          "cross_entropy": "CrossEntropyLoss", "nll_loss": "NLLLoss", "multi_margin_loss": "MultiMarginLoss", "multilabel_margin_loss": "MultiLabelMarginLoss",
          "gaussian_nll_loss": "GaussianNLLLoss", "margin_ranking_loss": "MarginRankingLoss", "triplet_margin_loss": "TripletMarginLoss",
          "cosine_embedding_loss": "CosineEmbeddingLoss"}


def sizes(rng, rank=None, low=1, high=5):
    shape = [rng.randint(low, high) for _ in range(rng.choice([0, 1, 2, 2, 3, 3, 4]) if rank is None else rank)]
    if shape and rng.random() < 0.04:
        shape[rng.randrange(len(shape))] = 0
    return shape


def related(rng, shape):
    """Equal, stretched, shorter, or just different."""
    kind = rng.random()
    if kind < 0.55:
        return list(shape)
    if kind < 0.7:
        return [1 if rng.random() < 0.4 else size for size in shape]
    return list(shape)[rng.randrange(len(shape) + 1):] if kind < 0.85 else sizes(rng)


def long(shape):
    return torch.zeros(shape, dtype=torch.int64)


def classes(rng):
    shape = sizes(rng, rng.choice([1, 2, 2, 2, 3, 4]))
    at = 1 if len(shape) > 1 else 0
    numbers = [size for i, size in enumerate(shape) if i != at]
    kind = rng.random()
    if kind < 0.75:
        return shape, long(numbers)
    return shape, t(*shape) if kind < 0.85 else long(related(rng, numbers))


def inputs(rng, name):
    """Prediction and target, or whatever a loss takes."""
    shape = sizes(rng)
    if name in ("cross_entropy", "nll_loss"):
        shape, target = classes(rng)
        return [t(*shape), target]
    if name in ("multi_margin_loss", "multilabel_margin_loss"):
        shape = sizes(rng, rng.choice([1, 2, 2, 3]))
        target = shape[:-1] if name == "multi_margin_loss" else shape
        return [t(*shape), long(target if rng.random() < 0.8 else related(rng, target))]
    if name == "gaussian_nll_loss":
        variance = rng.choice([shape, shape[:-1], [*shape[:-1], 1], related(rng, shape)])
        return [t(*shape), t(*related(rng, shape)), t(*variance)]
    if name in ("margin_ranking_loss", "triplet_margin_loss"):
        return [t(*shape), t(*related(rng, shape)), t(*related(rng, shape))]
    if name == "cosine_embedding_loss":
        return [t(*shape), t(*related(rng, shape)), t(*(shape[:-1] if rng.random() < 0.8 else related(rng, shape)))]
    other = "float32" if rng.random() < 0.85 else rng.choice(["float64", "float16"])
    return [t(*shape), t(*related(rng, shape), dtype=other)]


def losses(rng):
    for name in LOSSES:
        named = some(rng, reduction=(0.7, rng.choice(["none", "mean", "sum"])))
        yield name, inputs(rng, name), named


def norm(rng):
    name = rng.choice(["batch_norm", "instance_norm", "group_norm", "layer_norm", "rms_norm", "local_response_norm"])
    shape = sizes(rng, rng.choice([1, 2, 3, 3, 4, 5]), 1, 6)
    channels = shape[1] if len(shape) > 1 and shape[1] else 3
    weight = t(channels if rng.random() < 0.85 else rng.choice([1, 2, 3, 4]))
    if name == "batch_norm":
        return F + name, [t(*shape), t(channels), t(channels)], {"training": rng.random() < 0.5, **some(rng, weight=(0.5, weight))}
    if name == "group_norm":
        return F + name, [t(*shape), rng.choice([1, 2, 3, channels])], some(rng, weight=(0.5, weight))
    if name == "local_response_norm":
        return F + name, [t(*shape), 2], {}
    if name == "instance_norm":
        return F + name, [t(*shape)], some(rng, weight=(0.4, weight))
    last = shape[-rng.randint(1, min(3, len(shape))):] if rng.random() < 0.85 else sizes(rng, 2)
    return F + name, [t(*shape), tuple(last)], some(rng, weight=(0.5, t(*(last if rng.random() < 0.85 else shape))))


def products(rng):
    query = sizes(rng, rng.choice([2, 3, 4, 4]), 1, 4)
    key = [*query[:-2], rng.randint(1, 4), query[-1]]
    if rng.random() < 0.25:
        key[rng.randrange(len(key))] = rng.choice([1, 2, 5])
    mask = rng.choice([[query[-2], key[-2]], [key[-2], query[-2]], [1, key[-2]]])
    yield F + "scaled_dot_product_attention", [t(*query), t(*key), t(*key)], some(rng, attn_mask=(0.3, t(*mask)))
    input = sizes(rng, rng.choice([1, 2, 3]))
    weight = [rng.randint(1, 4), input[-1]] if rng.random() < 0.8 else sizes(rng, 2)
    yield F + "linear", [t(*input), t(*weight)], some(rng, bias=(0.5, t(weight[0] if rng.random() < 0.8 else 3)))
    first = sizes(rng, rng.choice([1, 2, 3]))
    yield F + "bilinear", [t(*first[:-1], 3), t(*related(rng, [*first[:-1], 4])), t(5, 3, 4)], {}
    yield F + "prelu", [t(*first), t(rng.choice([1, 1, first[1] if len(first) > 1 else 2, 3]))], {}
    image = [rng.randint(1, 3), 2, *(rng.randint(1, 4) for _ in range(rng.choice([2, 3])))]
    grid = [image[0], *(rng.randint(1, 4) for _ in image[2:]), len(image) - 2]
    yield F + "grid_sample", [t(*image), t(*(grid if rng.random() < 0.8 else related(rng, grid)))], {}


def bags():
    for shape, named in [((3,), {}), ((3, 2), {}), ((3,), {"offsets": long(2)}), ((3, 2), {"offsets": long(2)}), ((3, 2, 2), {}),
                         ((3,), {"offsets": long(2), "include_last_offset": True}), ((3,), {"offsets": long((2, 2))}),
                         ((3, 2), {"mode": "max"}), ((3, 2), {"mode": "sum", "per_sample_weights": t(3)})]:
        yield F + "embedding_bag", [long(shape), t(10, 5)], named


def calls():
    rng = random.Random(3)
    yield from bags()
    for _ in range(DRAWS):
        yield norm(rng)
        yield from products(rng)
        for name, positional, named in losses(rng):
            yield F + name, positional, named


def norm_layer(rng):
    kind = rng.choice(["Batch", "Instance", "LazyBatch", "LazyInstance", "Group", "Layer", "CrossMap"])
    shape = sizes(rng, rng.choice([1, 2, 3, 3, 4, 5]), 1, 6)
    channels = shape[1] if len(shape) > 1 and shape[1] and rng.random() < 0.8 else 4
    if kind == "CrossMap":
        return "CrossMapLRN2d", [2], {}, [t(*shape)], {}
    if kind == "Group":
        return "GroupNorm", [rng.choice([1, 2, 3]), channels], some(rng, affine=(0.3, False), bias=(0.2, False)), [t(*shape)], {}
    if kind == "Layer":
        return "LayerNorm", [shape[-rng.randint(1, len(shape)):]], some(rng, elementwise_affine=(0.3, False), bias=(0.3, False)), [t(*shape)], {}
    options = some(rng, affine=(0.5, rng.random() < 0.5), track_running_stats=(0.5, rng.random() < 0.5), bias=(0.2, False))
    return f"{kind}Norm{rng.choice([1, 2, 3])}d", [] if "Lazy" in kind else [channels], options, [t(*shape)], {}


def recurrent(rng):
    name, width, hidden = rng.choice(["RNN", "GRU", "LSTM"]), rng.choice([2, 3]), rng.choice([4, 5])
    depth, both, first = rng.choice([1, 2]), rng.random() < 0.4, rng.random() < 0.5
    options = {"num_layers": depth, "bidirectional": both, "batch_first": first, **some(rng, bias=(0.2, False))}
    out = hidden
    if name == "LSTM" and rng.random() < 0.2:
        out = options["proj_size"] = 2
    shape = [*(rng.randint(1, 4) for _ in range(rng.choice([1, 2, 2]))), width if rng.random() < 0.9 else 7]
    batch = [] if len(shape) == 2 else [shape[0 if first else 1]]
    states = [[depth * (2 if both else 1), *batch, size] for size in (out, hidden)]
    made = [t(*(state if rng.random() < 0.85 else related(rng, state))) for state in states]
    state = [tuple(made) if name == "LSTM" else made[0]] if rng.random() < 0.5 else []
    return name, [width, hidden], options, [t(*shape), *state], {}


def cell(rng):
    name = rng.choice(["RNNCell", "GRUCell", "LSTMCell"])
    shape = [rng.randint(1, 3), 3] if rng.random() < 0.7 else [3] if rng.random() < 0.7 else sizes(rng)
    state = [*shape[:-1], 5] if rng.random() < 0.7 else related(rng, [*shape[:-1], 5])
    given = (t(*state), t(*state)) if name == "LSTMCell" else t(*state)
    return name, [3, 5], some(rng, bias=(0.3, False)), [t(*shape), *([given] if rng.random() < 0.7 else [])], {}


def attention(rng):
    first, single = rng.random() < 0.5, rng.random() < 0.2
    rows, columns, batch = rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 3)
    keys, values = (6, 4) if rng.random() < 0.2 else (8, 8)
    options = {"batch_first": first, "kdim": keys, "vdim": values,
               **some(rng, add_bias_kv=(0.2, True), add_zero_attn=(0.2, True), bias=(0.2, False))}
    shapes = [[size, width] if single else [batch, size, width] if first else [size, batch, width]
              for size, width in ((rows, 8), (columns, keys), (columns, values))]
    if rng.random() < 0.2:
        rng.choice(shapes)[0] = rng.choice([1, 2, 5])
    mask = rng.choice([[rows, columns], [columns, rows], [batch * 2, rows, columns], [batch, rows, columns]])
    padding = torch.zeros(rng.choice([[batch, columns], [columns], [columns, batch]]), dtype=torch.bool)
    named = some(rng, need_weights=(0.5, rng.random() < 0.5), average_attn_weights=(0.5, False),
                 attn_mask=(0.3, t(*mask)), key_padding_mask=(0.3, padding))
    return "MultiheadAttention", [8, 2], options, [t(*shape) for shape in shapes], named


def transformer(rng):
    first, single, batch = rng.random() < 0.5, rng.random() < 0.2, rng.randint(1, 3)
    lengths = rng.randint(1, 4), rng.randint(1, 4)
    parts = [[size, 8] if single else [batch, size, 8] if first else [size, batch, 8] for size in lengths]
    if rng.random() < 0.15:
        rng.choice(parts)[0] = rng.choice([1, 2, 5])
    options = {"batch_first": first, **some(rng, norm_first=(0.2, True), bias=(0.2, False))}
    name = rng.choice(["TransformerEncoderLayer", "TransformerDecoderLayer", "Transformer"])
    rows = lengths[0]
    mask = t(*rng.choice([[rows, rows], [rows + 1, rows], [batch * 2, rows, rows]]))
    if name == "TransformerEncoderLayer":
        return name, [8, 2, 16], options, [t(*parts[0])], some(rng, src_mask=(0.3, mask))
    made = [8, 2, 16] if name == "TransformerDecoderLayer" else [8, 2, 1, 2, 16]
    named = some(rng, **{"tgt_mask" if name == "TransformerDecoderLayer" else "src_mask": (0.3, mask)})
    return name, made, options, [t(*part) for part in parts], named


def layers():
    rng = random.Random(4)
    for _ in range(DRAWS):
        yield norm_layer(rng)
        yield norm_layer(rng)
        yield recurrent(rng)
        yield cell(rng)
        yield attention(rng)
        yield transformer(rng)
        for name, positional, named in losses(rng):
            if rng.random() < 0.3:
                yield LOSSES[name], [], named, positional, {}
    for shape, named in [((4, 6), {}), ((4, 7), {}), ((6,), {})]:
        yield "AdaptiveLogSoftmaxWithLoss", [6, 10, [2, 5]], named, [t(*shape), long(shape[:-1])], {}
    for shape in [(3, 10, 20), (2, 3, 10, 20), (3, 4)]:
        yield "Softmax2d", [], {}, [t(*shape)], {}
    for shape, count in [((), 1), ((5,), 5), ((2, 5), 5), ((2, 5), 2), ((2, 5, 3), 5)]:
        yield "PReLU", [count], {}, [t(*shape)], {}
