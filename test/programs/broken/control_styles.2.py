import torch
import torch.nn as nn
import torch.nn.functional as F


def pool(x, how="mean"):
    match how:
        case "mean":
            return x.mean(dim=1)
        case "max":
            return x.max(dim=1).values
        case "first":
            return x[:, 0]
        case _:
            raise ValueError(how)


def maybe_project(x, size=None):
    if size is None:
        return x
    return F.linear(x, torch.ones(size, x.shape[-1]))


class Gate(nn.Module):
    def __init__(self, dim, use_bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(dim, dim))
        self.bias = nn.Parameter(torch.zeros(dim)) if use_bias else None
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x):
        gate = torch.sigmoid(F.linear(x, self.weight, self.bias))
        x = x * gate if x.dim() == 3 else x
        x *= 2
        return x


x = torch.randn(4, 9, 15)
pooled = pool(x)
largest = pool(x, how="max")
first = pool(x, "first")
same = maybe_project(pooled)
small = maybe_project(pooled, 6)

if (n := x.shape[1]) > 5:
    x = x[:, :5]
gated = Gate(15)(x)
plain = Gate(15, use_bias=False)(gated)

try:
    flat = plain.view(-1, 15)
except RuntimeError:
    flat = plain.reshape(-1, 15)

total = torch.zeros(15)
count = 0
while count < 3:
    total += flat[:, count]
    count += 1
chosen = total if count > 2 else -total
*lead, channels = plain.shape
mixed = plain.reshape(*lead, 3, channels // 3)
columns = plain.view(*plain.shape[:-1], 5, 3).sum(-1)
