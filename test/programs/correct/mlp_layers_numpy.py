import numpy as np


class Layer:
    def forward(self, x):
        raise NotImplementedError

    def backward(self, grad, lr):
        raise NotImplementedError


class Dense(Layer):
    def __init__(self, input_size, output_size):
        self.weights = np.random.randn(output_size, input_size)
        self.bias = np.random.randn(output_size, 1)

    def forward(self, x):
        self.input = x
        return np.dot(self.weights, self.input) + self.bias

    def backward(self, grad, lr):
        weights_gradient = np.dot(grad, self.input.T)
        input_gradient = np.dot(self.weights.T, grad)
        self.weights -= lr * weights_gradient
        self.bias -= lr * grad.sum(axis=1, keepdims=True)
        return input_gradient


class Activation(Layer):
    def __init__(self, activation, derivative):
        self.activation = activation
        self.derivative = derivative

    def forward(self, x):
        self.input = x
        return self.activation(self.input)

    def backward(self, grad, lr):
        return np.multiply(grad, self.derivative(self.input))


class Tanh(Activation):
    def __init__(self):
        super().__init__(np.tanh, lambda x: 1 - np.tanh(x) ** 2)


def mse(y_true, y_pred):
    return np.mean(np.power(y_true - y_pred, 2))


def mse_prime(y_true, y_pred):
    return 2 * (y_pred - y_true) / np.size(y_true)


def predict(network, x):
    output = x
    for layer in network:
        output = layer.forward(output)
    return output


network = [Dense(2, 6), Tanh(), Dense(6, 1), Tanh()]
X = np.reshape([[0, 0], [0, 1], [1, 0], [1, 1]], (4, 2, 1))
Y = np.reshape([[0], [1], [1], [0]], (4, 1, 1))

for epoch in range(2):
    error = 0
    for x, y in zip(X, Y):
        output = predict(network, x)
        error += mse(y, output)
        grad = mse_prime(y, output)
        for layer in reversed(network):
            grad = layer.backward(grad, 0.1)
    error /= len(X)

final = predict(network, X[1])
batch = predict(network, X[:, :, 0].T)
