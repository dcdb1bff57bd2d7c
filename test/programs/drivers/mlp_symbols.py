X, Y = np.random.rand(5, 7), np.random.rand(5, 3)
W1, b1, W2, b2 = np.random.rand(7, 11), np.zeros(11), np.random.rand(11, 3), np.zeros(3)
Z1, A1, P = forward(X, W1, b1, W2, b2)
backward(X, Y, W2, Z1, A1, P)
