import numpy as np


def pad(images, amount):
    return np.pad(images, ((0, 0), (amount, amount), (amount, amount), (0, 0)), mode="constant")


def conv_forward(A_prev, W, b, stride=1, padding=0):
    m, h_prev, w_prev, c_prev = A_prev.shape
    f, _, _, c = W.shape
    h = (h_prev - f + 2 * padding) // stride + 1
    w = (w_prev - f + 2 * padding) // stride + 1
    Z = np.zeros((m, h, w, c))
    padded = pad(A_prev, padding)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            window = padded[:, top : top + f, left : left + f, :]
            Z[:, i, j, :] = np.tensordot(window, W, axes=([1, 2, 3], [1, 2, 3])) + b
    return Z


def max_pool(A, size=2):
    m, h, w, c = A.shape
    blocks = A.reshape(m, h // size, size, w // size, size, c)
    return blocks.max(axis=(2, 4))


np.random.seed(1)
images = np.random.randn(5, 12, 10, 3)
kernels = np.random.randn(3, 3, 3, 8)
bias = np.zeros(8)
Z = conv_forward(images, kernels, bias, stride=1, padding=1)
A = np.maximum(Z, 0)
P = max_pool(A)
flat = P.reshape(P.shape[0], -1)
scores = flat @ np.random.randn(flat.shape[1], 6)
