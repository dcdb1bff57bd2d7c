"""Two mistakes that Python finds only when it runs, and Shapesight while you type."""

import torch
import torch.nn as nn

queries = torch.randn(8, 12, 128, 64)
keys = torch.randn(8, 12, 256, 64)

# The keys should have been transposed: the inner sizes are 64 and 256.
scores = queries @ keys

# The hidden size is 256, and the second layer expects 128.
classifier = nn.Sequential(
    nn.Linear(784, 256),
    nn.ReLU(),
    nn.Linear(128, 10),
)
logits = classifier(torch.randn(32, 784))
