import math

import torch
import torch.nn.functional as F


def layer_norm(
    x: torch.Tensor,  # (batch, seq, d_model)
    gamma: torch.Tensor,  # (d_model,)
    beta: torch.Tensor,  # (d_model,)
    eps: float = 1e-5,
) -> torch.Tensor:
    mean = x.mean(dim=-1, keepdim=True)  # (batch, seq, 1)
    var = x.var(dim=-1, keepdim=True)  # (batch, seq, 1)
    return (x - mean) / torch.sqrt(var + eps) * gamma + beta  # (batch, seq, d_model)


def feed_forward(
    x: torch.Tensor,  # (batch, seq, d_model)
    w1: torch.Tensor,  # (d_model, d_ff)
    w2: torch.Tensor,  # (d_ff, d_model)
):
    h = F.gelu(x @ w1)  # (batch, seq, d_ff)
    return h @ w2  # (batch, seq, d_model)


def attention(
    q: torch.Tensor,  # (batch, n_q, d)
    k: torch.Tensor,  # (batch, n_k, d)
    v: torch.Tensor,  # (batch, n_k, d_v)
):
    d = q.shape[-1]
    logits = torch.bmm(q, k) / math.sqrt(d)  # (batch, n_q, n_k)
    probs = logits.softmax(dim=-1)  # (batch, n_q, n_k)
    return torch.bmm(probs, v)  # (batch, n_q, d_v)


def cross_entropy(
    logits: torch.Tensor,  # (batch, classes)
    labels: torch.Tensor,  # (batch,)
):
    log_z = logits.logsumexp(dim=1)  # (batch,)
    picked = logits.gather(1, labels[:, None])  # (batch, 1)
    return (log_z - picked.squeeze(1)).mean()  # ()


def positions(n_positions: int, d_model: int):
    pos = torch.arange(n_positions).unsqueeze(1)  # (n_positions, 1)
    freq = torch.exp(-math.log(1e4) * torch.arange(0, d_model, 2) / d_model)
    angles = pos * freq
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
