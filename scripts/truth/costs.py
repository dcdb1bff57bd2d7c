"""Asks PyTorch's own counter how many multiply-adds contractions, convolutions, attentions and recurrent layers take.

usage: costs.py > test/truth/costs.json

A case has the form of the other recordings, with `macs` as its answer. It knows no cost rule.
"""
import json
import sys
import warnings

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from chosen import t
from encode import encode

warnings.filterwarnings("ignore")


def functions():
    for a, b in [((3, 4), (4, 5)), ((4,), (4, 5)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (6, 4, 5))]:
        yield "torch.matmul", [t(*a), t(*b)], {}
    yield "torch.mm", [t(3, 4), t(4, 5)], {}
    yield "torch.bmm", [t(6, 3, 4), t(6, 4, 5)], {}
    yield "torch.addmm", [t(5), t(3, 4), t(4, 5)], {}
    yield "torch.baddbmm", [t(6, 3, 5), t(6, 3, 4), t(6, 4, 5)], {}
    yield "torch.tensordot", [t(2, 3, 4), t(3, 4, 5)], {"dims": 2}
    yield "torch.inner", [t(2, 3, 4), t(5, 4)], {}
    for equation, a, b in [("ij,jk->ik", (3, 4), (4, 5)), ("bhid,bhjd->bhij", (2, 3, 4, 5), (2, 3, 6, 5)), ("...ij,jk->...ik", (2, 3, 4), (4, 5)), ("ij,ij->", (3, 4), (3, 4))]:
        yield "torch.einsum", [equation, t(*a), t(*b)], {}
    yield "torch.nn.functional.linear", [t(2, 3, 4), t(5, 4)], {}
    yield "torch.nn.functional.conv1d", [t(2, 4, 10), t(6, 4, 3)], {"stride": 2, "padding": 1}
    yield "torch.nn.functional.conv2d", [t(2, 4, 10, 8), t(6, 2, 3, 3)], {"groups": 2}
    yield "torch.nn.functional.conv3d", [t(2, 4, 5, 6, 7), t(6, 4, 3, 3, 2)], {"dilation": (1, 2, 1)}
    yield "torch.nn.functional.conv_transpose1d", [t(2, 4, 10), t(4, 6, 3)], {"stride": 2}
    yield "torch.nn.functional.conv_transpose2d", [t(2, 4, 5, 5), t(4, 3, 3, 3)], {"groups": 2}
    yield "torch.nn.functional.scaled_dot_product_attention", [t(2, 3, 5, 8), t(2, 3, 7, 8), t(2, 3, 7, 6)], {}


def layers():
    yield "Linear", [4, 5], {}, [t(2, 3, 4)]
    yield "Conv1d", [4, 6, 3], {"padding": "same"}, [t(2, 4, 10)]
    yield "Conv2d", [4, 8, 3], {"stride": 2, "groups": 4}, [t(2, 4, 9, 9)]
    yield "Conv3d", [4, 6, 2], {}, [t(4, 5, 6, 7)]
    yield "ConvTranspose2d", [4, 6, 3], {"stride": 2, "output_padding": 1}, [t(2, 4, 5, 5)]
    for name in ("RNN", "GRU", "LSTM"):
        yield name, [4, 6], {"num_layers": 2, "bidirectional": True}, [t(5, 3, 4)]
        yield name, [4, 6], {"batch_first": True}, [t(5, 3, 4)]
        yield f"{name}Cell", [4, 6], {}, [t(3, 4)]
    yield "LSTM", [4, 6], {"proj_size": 2, "num_layers": 2}, [t(5, 3, 4)]
    yield "MultiheadAttention", [8, 2], {"batch_first": True}, [t(3, 5, 8), t(3, 7, 8), t(3, 7, 8)]
    yield "MultiheadAttention", [8, 2], {"kdim": 6, "vdim": 4}, [t(5, 3, 8), t(7, 3, 6), t(7, 3, 4)]
    yield "TransformerEncoderLayer", [8, 2, 16], {"batch_first": True}, [t(3, 5, 8)]
    yield "TransformerDecoderLayer", [8, 2, 16], {}, [t(5, 3, 8), t(7, 3, 8)]


def macs(function, args, named):
    # The plain paths: fused kernels are one opaque operation to the counter.
    counter = FlopCounterMode(display=False)
    with counter, sdpa_kernel(SDPBackend.MATH), torch.backends.mkldnn.flags(enabled=False):
        function(*args, **named)
    return counter.get_total_flops() // 2


def find(name):
    found = torch
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


def main():
    cases = []
    for name, args, named in functions():
        called = {"op": name, "args": [encode(a) for a in args], "named": {k: encode(v) for k, v in named.items()}}
        cases.append({**called, "macs": macs(find(name), args, named)})
    for name, made, options, args in layers():
        layer = getattr(torch.nn, name)(*made, **options)
        called = {"layer": f"torch.nn.{name}", "make": made, "options": {k: encode(v) for k, v in options.items()}, "args": [encode(a) for a in args]}
        cases.append({**called, "macs": macs(layer, args, {})})
    json.dump(cases, sys.stdout)


main()
