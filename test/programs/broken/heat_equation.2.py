"""Numerical work with NumPy: finite differences, spectra, least squares."""
import numpy as np

nx, ny, nt = 41, 31, 4
dx = 2.0 / (nx - 1)
dt = 0.1 * dx**2
u = np.ones((ny, nx))
u[10:20, 10:20] = 2.0

frames = [u]
for n in range(nt):
    un = u.copy()
    lap = un[1:-1, 2:] + un[1:-1, :-2] + un[2:, 1:-1] + un[:-2, 1:-1] - 4 * un[1:-1, 1:-1]
    u[1:-1, 1:-1] = un[1:-1, 1:-1] + dt / dx**2 * lap
    u[0, :] = 1
    u[-1, :] = 1
    frames.append(u.copy())
movie = np.stack(frames)
change = np.diff(movie, axis=0)
energy = (movie**2).sum(axis=(1, 2))

gy, gx = np.gradient(u)
speed = np.hypot(gx, gy)
angle = np.arctan2(gy, gx)
hot = np.argwhere(speed > 0.5)
rows, cols = np.where(u > 1.5)
peak = np.unravel_index(np.argmax(u), u.shape)

signal = np.sin(np.arange(256) * 0.1)
spectrum = np.abs(np.fft.rfft(signal))
freqs = np.fft.rfftfreq(signal.size)
power = spectrum**2 / len(signal)
smooth = np.convolve(signal, np.ones(5) / 5, mode="same")
valid = np.convolve(signal, np.ones(5) / 5, mode="valid")
kernel = np.outer(np.hanning(7), np.hanning(7))
padded = np.pad(u, 3, mode="edge")
patches = np.lib.stride_tricks.sliding_window_view(padded, (7, 7))
blurred = (patches * kernel).sum((-1, -2)) / kernel.sum()
rolled = np.roll(u, 1, axis=0) - u
x = np.linspace(0, 1, 20)
V = x[:, None] ** np.arange(4)
coef = np.linalg.solve(V @ V.T, V.T @ np.cos(x))
fit = V @ coef
quantiles = np.percentile(fit, [5, 50, 95])
ordered = np.sort(fit)[::-1]
table = np.column_stack((x, fit))
