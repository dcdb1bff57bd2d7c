import math

import torch
from torch import nn

from .functional import merge_heads, split_heads


class CausalAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.dim, 3 * config.dim)
        self.proj = nn.Linear(config.dim, config.dim)

    def forward(self, x):
        q, k, v = (split_heads(t, self.heads) for t in self.qkv(x).chunk(3, dim=-1))
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))
        length = x.size(1)
        mask = torch.full((length, length), float("-inf"), device=x.device).triu(1)
        weights = (scores + mask).softmax(dim=-1)
        return self.proj(merge_heads(weights @ v))
