import numpy as np


class PCA:
    def __init__(self, n_components):
        self.n_components = n_components
        self.mean_ = None
        self.components_ = None

    def fit(self, X):
        n_samples, n_features = X.shape
        self.mean_ = X.mean(axis=0)
        centered = X - self.mean_
        covariance = centered.T @ centered / (n_samples - 1)
        eigenvalues, eigenvectors = np.linalg.eigh(covariance)
        order = np.argsort(eigenvalues)[::-1]
        self.components_ = eigenvectors[:, order[: self.n_components]].T
        self.explained_variance_ = eigenvalues[order][: self.n_components]
        return self

    def transform(self, X):
        return (X - self.mean_) @ self.components_.T

    def inverse_transform(self, Z):
        return Z @ self.components_ + self.mean_


X = np.random.randn(200, 10) @ np.random.randn(10, 10)
pca = PCA(n_components=3).fit(X)
Z = pca.transform(X)
X_hat = pca.inverse_transform(Z)
mse = np.mean((X - X_hat) ** 2)

U, S, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
scores = U[:, :3] * S
ratio = S**2 / np.sum(S**2)
