import torch.nn as nn

from .extra.mix import Mixer
from .norms import center


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.up = nn.Linear(width, 4 * width)
        self.mix = Mixer(4 * width, width)

    def forward(self, x):
        y = center(self.up(x))
        return x + self.mix(y)
