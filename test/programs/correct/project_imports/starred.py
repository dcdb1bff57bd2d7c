import torch as _torch

PUBLIC = 7
HIDDEN_SIZE = 11
_private = 13


def _shared(x):
    return _torch.stack([x, x])


__all__ = ["PUBLIC", "HIDDEN_SIZE"]
__all__ += ["_shared"]
