"""A two-layer perceptron trained by hand-written backpropagation."""
import numpy as np

rng = np.random.default_rng(0)


def one_hot(labels, num_classes):
    out = np.zeros((labels.shape[0], num_classes))
    out[np.arange(labels.shape[0]), labels] = 1.0
    return out


def relu(x):
    return np.maximum(x, 0)


def softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    exp = np.exp(shifted)
    return exp / exp.sum(axis=1, keepdims=True)


class MLP:
    def __init__(self, n_in, n_hidden, n_out):
        self.W1 = rng.standard_normal((n_in, n_hidden)) * np.sqrt(2.0 / n_in)
        self.b1 = np.zeros(n_hidden)
        self.W2 = rng.standard_normal((n_hidden, n_out)) * np.sqrt(2.0 / n_hidden)
        self.b2 = np.zeros(n_out)

    def forward(self, X):
        self.X = X
        self.Z1 = X @ self.W1 + self.b1
        self.A1 = relu(self.Z1)
        self.Z2 = self.A1 @ self.W2 + self.b2
        return softmax(self.Z2)

    def backward(self, probs, targets):
        n = targets.shape[0]
        dZ2 = (probs - targets) / n
        dW2 = self.A1.T @ dZ2
        db2 = dZ2.sum(axis=0)
        dA1 = dZ2 @ self.W2.T
        dZ1 = dA1 * (self.Z1 > 0)
        dW1 = self.X.T @ dZ1
        db1 = dZ1.sum(axis=0)
        return dW1, db1, dW2, db2

    def step(self, grads, lr):
        dW1, db1, dW2, db2 = grads
        self.W1 -= lr * dW1
        self.b1 -= lr * db1
        self.W2 -= lr * dW2
        self.b2 -= lr * db2


X_train = rng.standard_normal((64, 20))
y_train = rng.integers(0, 5, size=64)
Y = one_hot(y_train, 6)

model = MLP(20, 32, 5)
for epoch in range(3):
    probs = model.forward(X_train)
    loss = -np.mean(np.sum(Y * np.log(probs + 1e-9), axis=1))
    grads = model.backward(probs, Y)
    model.step(grads, lr=0.1)
    if epoch % 10 == 0:
        print(f"epoch {epoch}: loss {loss:.4f}")

predictions = model.forward(X_train).argmax(axis=1)
accuracy = (predictions == y_train).mean()
