import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class LSTMCell:
    def __init__(self, input_size, hidden_size, seed=1):
        rs = np.random.RandomState(seed)
        self.hidden_size = hidden_size
        self.W = rs.randn(4 * hidden_size, input_size + hidden_size) * 0.1
        self.b = np.zeros((4 * hidden_size, 1))

    def step(self, x, h_prev, c_prev):
        H = self.hidden_size
        z = np.hstack((h_prev, x))
        a = self.W @ z + self.b
        i = sigmoid(a[:H])
        f = sigmoid(a[H : 2 * H])
        o = sigmoid(a[2 * H : 3 * H])
        g = np.tanh(a[3 * H :])
        c = f * c_prev + i * g
        h = o * np.tanh(c)
        return h, c

    def run(self, xs):
        batch = xs.shape[2]
        h = np.zeros((self.hidden_size, batch))
        c = np.zeros_like(h)
        hs = np.empty((len(xs), self.hidden_size, batch))
        for t, x in enumerate(xs):
            h, c = self.step(x, h, c)
            hs[t] = h
        return hs, (h, c)


cell = LSTMCell(6, 10)
inputs = np.random.randn(5, 6, 3)
hs, (h, c) = cell.run(inputs)
Wy = np.random.randn(2, 10)
ys = np.einsum("oh,thb->tob", Wy, hs)
probs = np.exp(ys) / np.exp(ys).sum(axis=1, keepdims=True)
last = probs[-1].T
labels = last.argmax(axis=-1)
one_hot = np.eye(2)[labels]
loss = -(one_hot * np.log(last)).sum(axis=-1).mean()
