import numpy as np

NUM_CLASSES = 7
NUM_FEATURES = 30


def softmax(z):
    z = z - np.max(z, axis=-1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


def cross_entropy(p, y):
    n = len(y)
    return -np.log(p[np.arange(n), y] + 1e-12).mean()


def gradients(X, p, y):
    n = X.shape[0]
    delta = p.copy()
    delta[np.arange(n), y] -= 1
    delta /= n
    return X.T.dot(delta), delta.sum(axis=0, keepdims=True)


def train(X, y, lr=0.5, epochs=4):
    W = np.zeros((X.shape[1], NUM_CLASSES))
    b = np.zeros((1, NUM_CLASSES))
    losses = []
    for epoch in range(epochs):
        p = softmax(X.dot(W) + b.T)
        losses.append(cross_entropy(p, y))
        dW, db = gradients(X, p, y)
        W -= lr * dW
        b -= lr * db
    return W, b, np.array(losses)


X = np.random.normal(size=(150, NUM_FEATURES))
y = np.random.randint(0, NUM_CLASSES, size=(150,))
W, b, losses = train(X, y)
y_hat = np.argmax(softmax(X @ W + b), axis=1)
confusion = np.zeros((NUM_CLASSES, NUM_CLASSES), dtype=int)
np.add.at(confusion, (y, y_hat), 1)
recall = np.diag(confusion) / confusion.sum(axis=1)
