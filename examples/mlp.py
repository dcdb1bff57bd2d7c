"""A multi-layer perceptron twice: by hand in NumPy, and as a PyTorch module."""

import numpy as np
import torch
import torch.nn as nn

# 256 examples with 512 inputs into 1024 neurons: 134M multiply-adds.
X = np.random.randn(256, 512)
W = np.random.randn(1024, 512)
b = np.zeros(1024)
Z = X @ W.T + b
H = np.maximum(Z, 0.0)


class MLP(nn.Module):
    def __init__(self, n_in: int, n_hidden: int, n_out: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(n_in, n_hidden)
        self.fc2 = nn.Linear(n_hidden, n_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = torch.relu(self.fc1(x))
        return self.fc2(h)


model = MLP(784, 256, 10)
images = torch.rand(64, 1, 28, 28)
logits = model(images.flatten(start_dim=1))
loss = nn.functional.cross_entropy(logits, torch.randint(0, 10, (64,)))
loss.backward()
