import numpy as np


def forward(
    X,  # (batch, n_in)
    W1,  # (n_in, n_hidden)
    b1,  # (n_hidden,)
    W2,  # (n_hidden, n_out)
    b2,  # (n_out,)
):
    Z1 = X @ W1 + b1  # (batch, n_hidden)
    A1 = np.maximum(Z1, 0)  # (batch, n_hidden)
    Z2 = A1 @ W2 + b2  # (batch, n_out)
    E = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)  # (batch, n_out)
    return Z1, A1, P


def backward(
    X,  # (batch, n_in)
    Y,  # (batch, n_out)
    W2,  # (n_hidden, n_out)
    Z1,  # (batch, n_hidden)
    A1,  # (batch, n_hidden)
    P,  # (batch, n_out)
):
    batch = X.shape[0]
    dZ2 = (P - Y) / batch  # (batch, n_out)
    dW2 = A1 @ dZ2  # (n_hidden, n_out)
    db2 = dZ2.sum(0)  # (n_out,)
    dA1 = dZ2 @ W2.T  # (batch, n_hidden)
    dZ1 = np.where(Z1 > 0, dA1, 0.0)  # (batch, n_hidden)
    dW1 = X.T @ dZ1  # (n_in, n_hidden)
    db1 = dZ1.sum(0)  # (n_hidden,)
    return dW1, db1, dW2, db2
