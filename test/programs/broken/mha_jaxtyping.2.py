import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


def attend(
    q: Float[Tensor, "batch heads queries dim"],
    k: Float[Tensor, "batch heads keys dim"],
    v: Float[Tensor, "batch heads keys dim"],
) -> Float[Tensor, "batch heads queries dim"]:
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    weights = F.softmax(scores, dim=-1)
    return weights @ v


def embed(ids: Int[Tensor, "batch seq"], table: Float[Tensor, "vocab dim"]) -> Float[Tensor, "batch seq dim"]:
    return table[ids]


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x: Float[Tensor, "batch seq dim"]) -> Float[Tensor, "batch seq dim"]:
        batch, seq, dim = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q, k, v = (t.reshape(batch, seq, self.heads, -1).transpose(1, 2) for t in (q, k, v))
        mixed = attend(q, k, v)
        return self.out(mixed.transpose(1, 2).reshape(batch, seq, self.heads))


table = torch.randn(90, 36)
ids = torch.randint(0, 90, (4, 15))
x = embed(ids, table)
y = Attention(36, 6)(x)
logits = y @ table.T
