"""Two mistakes that Python finds only when it runs, and Shapesight while you type."""

import torch
import torch.nn as nn


def attention_scores() -> torch.Tensor:
    queries = torch.randn(8, 12, 128, 64)
    keys = torch.randn(8, 12, 256, 64)
    # The keys should have been transposed: the inner sizes are 64 and 256.
    return queries @ keys


class Classifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        # The hidden size is 256, and not 128.
        self.out = nn.Linear(128, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        features = torch.relu(self.hidden(images))
        return self.out(features)
