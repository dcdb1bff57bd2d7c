from dataclasses import dataclass, field
from typing import Tuple


@dataclass
class ModelConfig:
    vocab_size: int = 61
    context: int = 32
    dim: int = 48
    heads: int = 6
    layers: int = 2
    betas: Tuple[float, float] = (0.9, 0.95)
    mlp_sizes: list = field(default_factory=lambda: [192, 48])

    @property
    def head_dim(self) -> int:
        return self.dim // self.heads


BATCH = 5
