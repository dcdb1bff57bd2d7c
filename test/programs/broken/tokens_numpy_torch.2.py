# NumPy and PyTorch side by side.
import numpy as np
import torch as th

signal = np.sin(np.linspace(0, 10, 400)).astype(np.float32)
windows = np.stack([signal[i : i + 44] for i in range(0, 360, 40)])
x = th.from_numpy(windows)
x = x.unsqueeze(3)  # (9, 1, 44)

conv = th.nn.Conv1d(1, 12, kernel_size=5, stride=2)
pool = th.nn.MaxPool1d(2)
h = pool(th.relu(conv(x)))
n, c, length = h.shape
h = h.view(n, c * length)
w = th.as_tensor(np.random.randn(c * length, 3), dtype=th.float32)
out = h @ w
result = out.detach().cpu().numpy()
best = np.argmax(result, axis=1)
table = th.tensor([[1, 2, 3], [4, 5, 6]])
lookup = table[:, th.tensor([0, 2, 2, 1])]
gathered = th.index_select(table, 1, th.tensor([2, 0]))
scores = np.asarray([out[i, j].item() for i, j in enumerate(best)])
ones = th.ones(3, 1) + th.arange(5)
