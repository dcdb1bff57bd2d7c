from functools import partial

import torch
from torch import nn


class Transpose(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.a, self.b = a, b

    def forward(self, x):
        return x.transpose(self.a, self.b)


def mlp(dim, expansion=4, out=None, dense=nn.Linear):
    inner = int(dim * expansion)
    return nn.Sequential(dense(dim, inner), nn.GELU(), nn.Dropout(0.1), dense(inner, out or dim))


class Residual(nn.Module):
    def __init__(self, dim, *layers):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(self.norm(x)) + x


def make_mixer(image_size, channels, patch, dim, depth, classes):
    patches = (image_size // patch) ** 2
    token_mlp = partial(mlp, expansion=2)
    blocks = []
    for _ in range(depth):
        blocks.append(Residual(dim, Transpose(1, 2), token_mlp(patches), Transpose(1, 2)))
        blocks.append(Residual(dim, mlp(dim, expansion=0.5)))
    return nn.Sequential(
        nn.Conv2d(channels, dim, patch, stride=patch),
        nn.Flatten(start_dim=2),
        Transpose(1, 2),
        *blocks,
        nn.LayerNorm(dim),
    ), nn.Linear(dim, classes)


body, head = make_mixer(24, 3, patch=6, dim=40, depth=2, classes=7)
images = torch.randn(5, 3, 24, 24)
features = body(images)
logits = head(features.mean(dim=1))
first = body[0](images)
tokens = body[2](body[1](first))
depthwise = nn.Conv2d(12, 12, kernel_size=3, groups=12, padding="same")
separable = nn.Sequential(depthwise, nn.Conv2d(12, 30, 1), nn.ReLU6(), nn.AdaptiveMaxPool2d(2))
squeezed = separable(torch.randn(2, 12, 9, 9)).flatten(1)
