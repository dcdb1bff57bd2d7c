import numpy as np
import torch


def batches(tokens: np.ndarray, batch: int, length: int, count: int):
    """Yields inputs and targets, shifted by one."""
    for _ in range(count):
        starts = np.random.randint(0, len(tokens) - length - 1, size=batch)
        x = np.stack([tokens[s : s + length] for s in starts])
        y = np.stack([tokens[s + 1 : s + 1 + length] for s in starts])
        yield torch.from_numpy(x), torch.from_numpy(y)
