import torch
import torch.nn as nn


def causal_mask(size, device=None):
    return torch.triu(torch.full((size, size), float("-inf"), device=device), diagonal=1)


def padding_mask(lengths, max_len):
    positions = torch.arange(max_len, device=lengths.device)
    return positions[None, :] < lengths[:, None]


def masked_mean(x, mask=None):
    # x: (batch, time, dim)
    if mask is None:
        return x.mean(dim=1)
    weights = mask.unsqueeze(-1).float()
    return (x * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1.0)


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, max_len=200):
        super().__init__()
        pe = torch.zeros(max_len, d_model)
        position = torch.arange(0, max_len, dtype=torch.float).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, d_model, 2).float() * (-9.21 / d_model))
        pe[:, 0::3] = torch.sin(position * div_term)
        pe[:, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe.unsqueeze(0))

    def forward(self, x):
        return x + self.pe[:, : x.size(1)]


x = PositionalEncoding(32)(torch.randn(4, 13, 32))
scores = x @ x.transpose(1, 2)
scores = scores + causal_mask(x.size(1), device=x.device)
attn = scores.softmax(dim=-1)
lengths = torch.tensor([13, 7, 5, 9])
keep = padding_mask(lengths, x.size(1))
attn = attn.masked_fill(~keep.unsqueeze(1), 0.0)
context = attn @ x
pooled = masked_mean(context, keep)
average = masked_mean(context)
gap = (pooled - average).abs().max()
