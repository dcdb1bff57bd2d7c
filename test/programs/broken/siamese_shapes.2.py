"""Comments in several notations, as people write them."""
import torch
import torch.nn as nn


def pairwise_distance(a, b):
    """Squared distances between all rows.

    Parameters
    ----------
    a : torch.Tensor, shape (n, d)
    b : torch.Tensor, shape (m, d)

    Returns
    -------
    torch.Tensor, shape (n, m)
    """
    a2 = (a * a).sum(1, keepdim=True)  # [n, 1]
    b2 = (b * b).sum(1)  # [m]
    cross = a @ b  # n x m
    return a2 - 2 * cross + b2


def triplet(anchor, positive, negative, margin=0.2):
    # anchor, positive, negative: (B, D)
    pos = (anchor - positive).norm(dim=1)  # (B,)
    neg = (anchor - negative).norm(dim=1)  # shape: (B,)
    return torch.relu(pos - neg + margin).mean()  # ()


class Embed(nn.Module):
    def __init__(self, n_features, n_embed):
        super().__init__()
        self.fc = nn.Linear(n_features, n_embed)

    def forward(self, x: torch.Tensor):  # -> (B, n_embed)
        # x: (B, n_features)
        h = self.fc(x)  # B x n_embed
        h = h / h.norm(dim=-1, keepdim=True)  # h: (B, n_embed)
        return h


embed = Embed(20, 5)
anchors = embed(torch.randn(8, 20))  # (8, 5)
positives = embed(torch.randn(8, 20))
negatives = embed(torch.randn(8, 20))
loss = triplet(anchors, positives, negatives)
table = pairwise_distance(anchors, negatives[:3])  # (8, 3)
nearest = table.argmin(dim=1)  # (8,)
