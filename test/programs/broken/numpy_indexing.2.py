import numpy as np

grid = np.arange(24).reshape(2, 3, 4)
row = grid[0, 3]
column = grid[..., -1]
stepped = grid[:, ::2, 1:3]
picked = grid[:, [0, 2]]
column_vector = row[:, np.newaxis]
outer = column_vector * row[None, :]
evens = grid[grid % 2 == 0].sum()

points = np.random.rand(9, 3)
others = np.random.rand(5, 3)
difference = points[:, None] - others[None]
distance = np.linalg.norm(difference, axis=-1)
nearest = distance.argmin(axis=1)
neighbours = others[nearest]

a = np.linspace(0, 1, 50)
xx, yy = np.meshgrid(a, np.linspace(-1, 1, 20))
coords = np.stack([xx.ravel(), yy.ravel()], axis=1)
heights = np.sin(coords[:, 0]) * coords[:, 1]
surface = heights.reshape(xx.shape)

batch = np.zeros((4, 6, 6))
batch[:, 1:-1, 1:-1] = 1
border = batch.sum(axis=(1, 2))
tiled = np.tile(border, (3, 1))
stacked = np.vstack([border, border * 2])
wide = np.concatenate((stacked, tiled), axis=0)
flipped = wide[::-1, ::-1]
mean, std = wide.mean(axis=0), wide.std(axis=0)
normalised = (wide - mean) / (std + 1e-8)
corr = normalised.T @ normalised
first, *rest = wide
squeezed = np.expand_dims(border, 0).squeeze()
