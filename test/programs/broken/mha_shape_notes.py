import torch
import torch.nn.functional as F
from torch import Tensor


def split_heads(x: Tensor, num_heads: int) -> Tensor:
    # x: (batch, seq, dim)
    seq, dim = x.shape
    head_dim = dim // num_heads
    x = x.reshape(batch, seq, num_heads, head_dim)
    return x.permute(0, 2, 1, 3)


def merge_heads(x: Tensor) -> Tensor:
    """Puts the heads back together.

    Args:
        x: tensor of shape (batch, heads, seq, head_dim)

    Returns:
        tensor of shape (batch, seq, heads * head_dim)
    """
    batch, heads, seq, head_dim = x.shape
    return x.permute(0, 2, 1, 3).reshape(batch, seq, heads * head_dim)


def attention(
    q: Tensor,  # (batch, heads, queries, head_dim)
    k: Tensor,  # (batch, heads, keys, head_dim)
    v: Tensor,  # (batch, heads, keys, head_dim)
    bias: Tensor = None,  # (queries, keys)
):
    scores = torch.einsum("bhqd,bhkd->bhqk", q, k)
    scores = scores * q.shape[-1] ** -0.5  # (batch, heads, queries, keys)
    if bias is not None:
        scores = scores + bias
    weights = F.softmax(scores, dim=-1)
    return torch.einsum("bhqk,bhkd->bhqd", weights, v)


x = torch.randn(3, 14, 60)
heads = split_heads(x, num_heads=5)
bias = torch.zeros(14, 14).fill_diagonal_(1.0)
mixed = attention(heads, heads, heads, bias)
result = merge_heads(mixed)
assert result.shape == x.shape
