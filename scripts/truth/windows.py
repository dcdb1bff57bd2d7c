"""Convolutions, poolings, padding and resizing with options drawn at random, fitting and unfitting ones alike. `calls`
yields (name, positional, named), `layers` (class name, constructor's arguments, call's arguments)."""
import random

import torch

from chosen import t

F = "torch.nn.functional."
DRAWS = 60


def spread(rng, count, values):
    """One number for all dimensions, or one for each; now and then one too many."""
    if rng.random() < 0.6:
        return rng.choice(values)
    return tuple(rng.choice(values) for _ in range(count if rng.random() < 0.93 else count + 1))


def image(rng, spatial, channels=None, low=1, high=8):
    """Usually a batch, sometimes a single image, seldom neither."""
    sizes = [channels or rng.choice([1, 2, 4, 6]), *(rng.randint(low, high) for _ in range(spatial))]
    kind = rng.random()
    shape = [rng.choice([1, 2, 3]), *sizes] if kind < 0.7 else sizes if kind < 0.92 else sizes[1:] if kind < 0.96 else [2, 2, *sizes]
    if rng.random() < 0.06:
        shape[-rng.randint(1, spatial)] = 0
    return shape


def some(rng, **options):
    """Each option, or its default; an option is (probability, value)."""
    return {name: value for name, (chance, value) in options.items() if rng.random() < chance}


def amounts(rng, spatial, transposed):
    """Stride, padding and dilation, seldom impossible ones."""
    word = not transposed and rng.random() < 0.2
    return some(rng, stride=(0.5, spread(rng, spatial, [1, 2, 3] if rng.random() < 0.95 else [0, -1])),
                dilation=(0.3, spread(rng, spatial, [1, 2] if rng.random() < 0.95 else [0])),
                padding=(0.5, rng.choice(["same", "valid"]) if word else spread(rng, spatial, [0, 1, 2])),
                **({"output_padding": (0.4, spread(rng, spatial, [0, 1, 2]))} if transposed else {}))


def convolution(rng, spatial, transposed):
    groups, channels, out = rng.choice([1, 1, 1, 2, 3]), rng.choice([2, 4, 6]), rng.choice([2, 4, 6])
    kernel = [rng.choice([1, 2, 3, 5]) for _ in range(spatial)]
    weight = [channels, max(1, out // groups)] if transposed else [out, max(1, channels // groups)]
    named = {**amounts(rng, spatial, transposed), **some(rng, bias=(0.4, t(out)))}
    if groups > 1:
        named["groups"] = groups
    name = f"{rng.choice([F, 'torch.'])}conv{'_transpose' if transposed else ''}{spatial}d"
    return name, [t(*image(rng, spatial, channels if rng.random() < 0.85 else None)), t(*weight, *kernel)], named


def pooling(rng, spatial):
    kind = rng.choice(["max", "max", "avg", "lp", "adaptive_avg", "adaptive_max"])
    input = t(*image(rng, spatial))
    if kind.startswith("adaptive"):
        size = spread(rng, spatial, [1, 2, 3])
        return F + f"{kind}_pool{spatial}d", [input, size], some(rng, **({"return_indices": (0.4, True)} if kind[-3:] == "max" else {}))
    named = some(rng, stride=(0.5, spread(rng, spatial, [1, 2, 3])), ceil_mode=(0.4, True))
    if kind != "lp":
        named |= some(rng, padding=(0.5, spread(rng, spatial, [0, 1, 2])))
    if kind == "max":
        named |= some(rng, dilation=(0.3, spread(rng, spatial, [1, 2])), return_indices=(0.25, True))
    return F + f"{kind}_pool{spatial}d", [input, *([2] if kind == "lp" else []), spread(rng, spatial, [1, 2, 3, 4])], named


def unpooling(rng, spatial):
    shape = image(rng, spatial, 2, 1, 4)
    named = some(rng, stride=(0.7, rng.choice([1, 2, 3])), padding=(0.3, rng.choice([0, 1])))
    if rng.random() < 0.4:
        named["output_size"] = [rng.randint(2, 12) for _ in range(spatial + rng.choice([0, 0, 2, 1]))]
    indices = t(*(shape if rng.random() < 0.92 else shape[::-1]), dtype="int64", fill=0)
    return F + f"max_unpool{spatial}d", [t(*shape), indices, rng.choice([2, 3])], named


def fractions(rng, spatial):
    ratio = rng.choice([0.5, 0.6, (0.5,) * spatial])
    named = {"output_size": spread(rng, spatial, [2, 3, 4])} if rng.random() < 0.5 else {"output_ratio": ratio}
    named |= some(rng, return_indices=(0.3, True))
    return F + f"fractional_max_pool{spatial}d", [t(*image(rng, spatial, 2, 3, 10)), spread(rng, spatial, [1, 2, 3])], named


def padding(rng, spatial):
    shape = [rng.randint(1, 5) for _ in range(spatial + rng.choice([0, 1, 1, 2, 2]))]
    pad = [rng.choice([0, 1, 2, 3, -1, -2] if rng.random() < 0.4 else [0, 1, 2]) for _ in range(2 * spatial)]
    mode = rng.choice(["constant", "reflect", "replicate", "circular", "other"])
    return F + "pad", [t(*shape), tuple(pad if rng.random() < 0.96 else pad[1:])], {"mode": mode}


def resizing(rng, spatial):
    modes = ["nearest", "area", "nearest-exact", *{1: ["linear"], 2: ["bilinear", "bicubic"], 3: ["trilinear"]}[spatial]]
    mode = rng.choice(modes if rng.random() < 0.93 else ["linear", "bilinear", "trilinear"])
    named = {"mode": mode}
    if rng.random() < 0.5:
        named["size"] = spread(rng, spatial, [1, 3, 5, 8])
    else:
        named["scale_factor"] = spread(rng, spatial, [2, 0.5, 1.5, 3, 0.3, 2.0, 1.7])
    if mode.endswith("linear"):
        named |= some(rng, align_corners=(0.3, True))
    return F + "interpolate", [t(*image(rng, spatial, None, 1, 7))], named


def calls():
    rng = random.Random(1)
    for _ in range(DRAWS):
        for spatial in (1, 2, 3):
            yield convolution(rng, spatial, False)
            yield convolution(rng, spatial, True)
            yield pooling(rng, spatial)
            yield unpooling(rng, spatial)
            yield padding(rng, spatial)
            yield resizing(rng, spatial)
        yield fractions(rng, 2)
        yield fractions(rng, 3)
        factor = rng.choice([1, 2, 3, 2, 0])
        name = rng.choice(["pixel_shuffle", "pixel_unshuffle", "channel_shuffle"])
        shape = image(rng, 2, rng.choice([4, 8, 9, 12]))
        if 0 not in shape:
            yield F + name, [t(*shape), factor], {}
        windows = some(rng, dilation=(0.3, spread(rng, 2, [1, 2])), padding=(0.5, spread(rng, 2, [0, 1])), stride=(0.5, spread(rng, 2, [1, 2])))
        yield F + "unfold", [t(*image(rng, 2)), spread(rng, 2, [1, 2, 3])], windows


def convolution_layer(rng, spatial, transposed):
    channels, groups = rng.choice([2, 4, 6]), rng.choice([1, 1, 2, 3])
    options = {**amounts(rng, spatial, transposed), "groups": groups, **some(rng, bias=(0.2, False))}
    if not transposed:
        options |= some(rng, padding_mode=(0.3, rng.choice(["zeros", "reflect", "replicate", "circular", "other"])))
    sized = [rng.randint(1, 16) for _ in range(spatial + rng.choice([0, 0, 1, 2]))]
    named = some(rng, output_size=(0.3, sized)) if transposed else {}
    lazy = rng.random() < 0.15
    name = f"{'Lazy' if lazy else ''}Conv{'Transpose' if transposed else ''}{spatial}d"
    made = [*([] if lazy else [channels]), rng.choice([2, 4, 6]), spread(rng, spatial, [1, 2, 3, 5])]
    return name, made, options, [t(*image(rng, spatial, channels if rng.random() < 0.85 else None))], named


def pad_layer(rng, spatial):
    kind = rng.choice(["Zero", "Constant", "Reflection", "Replication", "Circular"])
    pad = rng.choice([0, 1, 2, 3]) if rng.random() < 0.4 else tuple(rng.choice([0, 1, 2, 3, -1]) for _ in range(2 * spatial))
    return f"{kind}Pad{spatial}d", [pad, *([0.5] if kind == "Constant" else [])], {}, [t(*image(rng, spatial, None, 1, 5))], {}


def layers():
    rng = random.Random(2)
    for _ in range(DRAWS):
        for spatial in (1, 2, 3):
            yield convolution_layer(rng, spatial, False)
            yield convolution_layer(rng, spatial, True)
            yield pad_layer(rng, spatial)
            yield f"LPPool{spatial}d", [2, spread(rng, spatial, [1, 2, 3])], some(rng, ceil_mode=(0.4, True)), [t(*image(rng, spatial))], {}
            named = some(rng, output_size=(0.3, [rng.randint(2, 9) for _ in range(spatial)]))
            shape = image(rng, spatial, 2, 1, 4)
            indices = torch.zeros(shape, dtype=torch.int64)
            yield f"MaxUnpool{spatial}d", [rng.choice([2, 3])], some(rng, stride=(0.5, 2)), [t(*shape), indices], named
        ratio = {"output_ratio": 0.5} if rng.random() < 0.5 else {"output_size": 2}
        yield "FractionalMaxPool2d", [2], {**ratio, **some(rng, return_indices=(0.3, True))}, [t(*image(rng, 2, 2, 3, 9))], {}
        yield "Upsample", [], {"scale_factor": rng.choice([2, 0.5, 1.5]), "mode": rng.choice(["nearest", "bilinear"])}, [t(*image(rng, rng.choice([1, 2])))], {}
