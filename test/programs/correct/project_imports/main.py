"""Every way in which one file brings in another."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import torch

import layers.norms
import spaces.inner
import spaces.inner as shown
from cycle import left, right
from layers import *
from layers import Block, extra as more
from layers.extra.mix import Mixer
from spaces import inner, other as second
from starred import *

try:
    import fused_ops
except ImportError:
    fused_ops = None

try:
    import layers.optional as optional
except ImportError:
    optional = None

if TYPE_CHECKING:
    from settings import Sizes
else:
    Sizes = object

import lazy
import settings
from lazy import heavy

WIDTH = settings.WIDTH
named = importlib.import_module("layers.extra.mix")
beside = importlib.import_module(".norms", "layers")


def project(x: torch.Tensor, sizes: Sizes) -> torch.Tensor:
    from layers.extra import scaled

    return scaled(x, sizes.width)


x = torch.randn(2, 5, WIDTH)
a = Block(WIDTH)(x)
b = Mixer(WIDTH, 3)(x)
c = layers.norms.center(x)
d = layers.extra.mix.halves(x)
e = spaces.inner.flat(x)
f = inner.flat(x)[0]
g = second.tall(x)
h = project(x, settings.Sizes(width=6))
i = left.start(x)
j = right.start(x)
k = lazy.heavy.pooled(x)
l = heavy.pooled(x)
m = named.halves(x)
n = beside.center(x)
o = torch.zeros(PUBLIC, HIDDEN_SIZE)
p = _shared(x)
q = more.scaled(x, 9)
r = shown.flat(x)
s = optional.doubled(x) if optional is not None else x
t = fused_ops.run(x) if fused_ops is not None else x.mean(-1)
u = torch.zeros(settings.DEPTHS[1], lazy.answer)
