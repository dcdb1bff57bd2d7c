import torch
import torch.nn as nn


class CachedAttention(nn.Module):
    def __init__(self, dim, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.head_dim = dim // num_heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)
        self.k_cache = None
        self.v_cache = None

    def forward(self, x, use_cache=False):
        b, t, c = x.shape
        qkv = self.qkv(x).view(b, t, 3, self.num_heads, self.head_dim)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)

        if use_cache:
            if self.k_cache is not None:
                k = torch.cat([self.k_cache, k], dim=2)
                v = torch.cat([self.v_cache, v], dim=2)
            self.k_cache, self.v_cache = k, v

        scores = q @ k / self.head_dim**0.5
        weights = scores.softmax(-1)
        y = (weights @ v).transpose(1, 2).flatten(2)
        return self.out(y)


def attend_with_cache(q, k, v, past=None):
    """Appends the new keys and values to those of the past."""
    if past is not None:
        past_k, past_v = past
        k = torch.cat((past_k, k), dim=-2)
        v = torch.cat((past_v, v), dim=-2)
    weights = torch.softmax(q @ k.transpose(-1, -2), dim=-1)
    return weights @ v, (k, v)


attn = CachedAttention(40, 5)
prompt = torch.randn(2, 6, 40)
full = attn(prompt)

q = torch.randn(2, 5, 1, 8)
k = torch.randn(2, 5, 1, 8)
v = torch.randn(2, 5, 1, 8)
first, past = attend_with_cache(q, k, v)
second, past = attend_with_cache(q, k, v, past)
past_keys, past_values = past
print(first.shape, second.shape, past_keys.shape)
