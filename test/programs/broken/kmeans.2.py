import numpy as np


def kmeans(X, k, n_iter=5, seed=0):
    rng = np.random.RandomState(seed)
    centroids = X[rng.choice(X.shape[0], k, replace=False)]
    for _ in range(n_iter):
        distances = np.sqrt(((X[:, np.newaxis, :] - centroids[np.newaxis, :, :]) ** 2).sum(axis=2))
        labels = np.argmin(distances, axis=1)
        one_hot = np.eye(k)[labels]
        counts = one_hot.sum(axis=0)
        centroids = (one_hot.T @ X) / np.maximum(counts, 1)[:, None]
    return centroids, labels


points = np.random.rand(120, 2)
centers, assignment = kmeans(points, k=4)
inertia = np.sum((points - centers[assignment]) ** 2)
print(f"inertia {inertia:.3f}")
closest = np.linalg.norm(points - centers[0], axis=2).argsort()[:10]
