/** A program such as people write, for tests that cut, retype and re-read it. */
export const SAMPLE = `"""A small transformer."""
from __future__ import annotations

import math
from dataclasses import dataclass, field as make_field

import torch
import torch.nn as nn
from torch.nn import functional as F


# Sizes of the model.
@dataclass
class Config:
    block_size: int = 1024
    n_head: int = 12
    names: list[str] = make_field(default_factory=lambda: ["a", "b"])
    dropout: float = 0.1


class Attention(nn.Module):
    """Causal attention.

    Args:
        config (Config): the sizes.
    """

    def __init__(self, config: Config, *, bias=True, **rest):
        super().__init__()
        assert config.n_embd % config.n_head == 0, f"{config.n_embd} is no multiple of {config.n_head:>4}"
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd, bias=bias)
        self.scale = 1.0 / math.sqrt(config.n_embd // config.n_head) ** -1
        self.n_head = config.n_head

    def forward(self, x, mask=None):
        B, T, C = x.size()  # batch, time, channels
        q, k, v = self.c_attn(x).split(C, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)  # (B, nh, T, hs)
        q, v = (
            q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2),
            v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2),
        )
        att = (q @ k.transpose(-2, -1)) * self.scale
        # shape: (B, nh, T, T)

        if mask is not None and not (mask == 0).all():
            att = att.masked_fill(mask[:, :, :T, :T] == 0, float("-inf"))
        elif self.training or (n := len(x)) > 3:
            att = att + 1
        else:
            pass
        y = F.softmax(att, dim=-1) @ v
        return y.transpose(1, 2).contiguous().view(B, T, C), {"att": att, **self.extra}

    @property
    def size(self) -> tuple[int, ...]:
        return (self.n_head,)


def train(model, data, steps=10, device="cuda" if torch.cuda.is_available() else "cpu"):
    losses: list[float] = []
    with torch.no_grad(), open("log.txt", "w") as log:
        for step, (x, y) in enumerate(zip(data[::2], data[1::2])):
            try:
                loss = model(x.to(device))[0][..., 0].sum() - y
                losses += [loss.item()]
            except (RuntimeError, ValueError) as error:
                print(error, file=log)
                continue
            finally:
                log.flush()
            while steps > 0 > -1:
                steps -= 1
    match losses:
        case [first, *_] if first > 0:
            return first
        case {"loss": value, **others} | Config(block_size=value, n_head=others):
            return value
        case _:
            return {i: v for i, v in enumerate(losses) if v is not None}


async def fetch(urls):
    async with session() as s:
        return [await s.get(u) async for u in urls if u not in seen]


model = Attention(Config(n_head=8))
x = torch.randn(2, 16, 64)  # (B, T, C)
out, _ = model(x)
print(f"{out.shape}", -x[0, :, None].T[1:], sep="\\n")
if __name__ == "__main__":
    train(model, [x, x])
`;
