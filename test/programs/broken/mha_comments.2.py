import torch
from torch import nn


class SelfAttention(nn.Module):
    """Multi-head self-attention, one projection for queries, keys and values."""

    def __init__(self, dim, heads=8):
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.to_qkv = nn.Linear(dim, dim * 3, bias=False)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):  # x: (B, N, C)
        B, N, C = x.shape
        qkv = self.to_qkv(x)  # (B, N, 3 * C)
        qkv = qkv.reshape(B, N, 3, self.heads, C)
        qkv = qkv.permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]

        attn = (q @ k.transpose(-2, -1)) * self.scale
        attn = attn.softmax(dim=-1)

        out = (attn @ v).transpose(1, 2)
        out = out.reshape(B, N, C)  # (B, N, C)
        return self.proj(out)


layer = SelfAttention(96, heads=6)
tokens = torch.randn(5, 49, 96)
y = layer(tokens)  # (5, 49, 96)
print(y.shape)
