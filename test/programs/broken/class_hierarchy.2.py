from abc import ABC, abstractmethod

import torch
import torch.nn as nn


class Encoder(nn.Module, ABC):
    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features

    @property
    def latent_size(self) -> int:
        return self.out_features // 2

    @abstractmethod
    def encode(self, x): ...

    def forward(self, x):
        h = self.encode(x)
        return h[..., : self.latent_size], h[..., self.latent_size :]


class LinearEncoder(Encoder):
    def __init__(self, in_features, out_features):
        super().__init__(in_features, out_features)
        self.layer = nn.Linear(in_features, out_features)

    def encode(self, x):
        return self.layer(x)


class DeepEncoder(LinearEncoder):
    hidden = 40

    def __init__(self, in_features, out_features):
        super().__init__(in_features, out_features)
        self.stem = nn.Linear(in_features, self.hidden)

    def encode(self, x):
        return super().encode(torch.relu(self.stem(x)))

    @staticmethod
    def center(x):
        return x - x.mean(dim=0, keepdim=True)

    @classmethod
    def small(cls):
        return cls(10, 8)


encoders = [LinearEncoder(10, 6), DeepEncoder(10, 12), DeepEncoder.small()]
x = DeepEncoder.center(torch.randn(21, 10))
mean, spread = encoders[0](x)
deep_mean, deep_spread = encoders[1](x)
small_mean, _ = encoders[2](x)
features = torch.cat([mean, deep_mean, small_mean], dim=1)
width = encoders[1].latent_size
head = nn.Linear(3 + width + 4, 2)
prediction = head(features)
