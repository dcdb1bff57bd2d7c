import numpy as np


def softmax(x, axis=-1):
    x = x - x.max(axis=axis, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True)


def attention(Q, K, V, mask=None):
    """
    Q: (batch, heads, n_q, d)
    K: (batch, heads, n_k, d)
    V: (batch, heads, n_k, d_v)
    """
    d = Q.shape[-1]
    scores = Q @ K.swapaxes(1, 2) / np.sqrt(d)
    if mask is not None:
        scores = np.where(mask, scores, -1e9)
    weights = softmax(scores)
    return weights @ V, weights


def split(x, heads):
    b, n, d = x.shape
    return x.reshape(b, n, heads, d // heads).transpose(0, 2, 1, 3)


batch, seq_len, d_model, heads = 2, 11, 64, 4
X = np.random.randn(batch, seq_len, d_model)
Wq, Wk, Wv = (np.random.randn(d_model, d_model) / np.sqrt(d_model) for _ in range(3))
Q, K, V = split(X @ Wq, heads), split(X @ Wk, heads), split(X @ Wv, heads)
causal = np.tril(np.ones((seq_len, seq_len), dtype=bool))
out, weights = attention(Q, K, V, causal)
merged = out.transpose(0, 2, 1, 3).reshape(batch, seq_len, d_model)
assert np.allclose(weights.sum(axis=-1), 1.0)
