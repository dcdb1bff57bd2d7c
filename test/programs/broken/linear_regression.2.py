import numpy as np

np.random.seed(42)
m = 100
X = 2 * np.random.rand(m, 1)
y = 4 + 3 * X + np.random.randn(m + 1, 1)

X_b = np.c_[np.ones((m, 1)), X]
theta_best = np.linalg.inv(X_b.T.dot(X_b)).dot(X_b.T).dot(y)
X_new = np.array([[0], [2]])
X_new_b = np.hstack([np.ones((2, 1)), X_new])
y_predict = X_new_b.dot(theta_best)
print(f"theta: {theta_best.ravel()}, predictions {y_predict.shape}")

eta = 0.1
theta = np.random.randn(2, 1)
history = []
for iteration in range(20):
    gradients = 2 / m * X_b.T.dot(X_b.dot(theta) - y)
    theta = theta - eta * gradients
    history.append(theta.copy())
path = np.array(history)
residuals = y - X_b @ theta
rmse = np.sqrt((residuals**2).mean())

order = np.argsort(X[:, 0])
sorted_x, sorted_y = X[order], y[order]
split = int(0.8 * m)
train, test = sorted_x[:split], sorted_x[split:]
vander = np.vander(X[:, 0], 4)
coef, *_ = np.linalg.lstsq(vander, y, rcond=None)
