import numpy as np

# Matrix multiplication
A = np.array([[1, 2], [3, 4], [5, 6]])   # shape (3, 2)
B = np.array([[1, 0], [0, 1]])            # shape (2, 2)

C = A @ B                                  # (3, 2) — matrix multiply
# or: np.matmul(A, B)
print(f"Shape: {C.shape}")   # (3, 2)

# Transpose
W = np.random.randn(4, 3)   # weight matrix: 4 neurons, 3 inputs each
print(f"W shape: {W.shape}")       # (4, 3)
print(f"W.T shape: {W.T.shape}")   # (3, 4)

# Forward pass for a batch
batch_size = 8
X = np.random.randn(batch_size, 3)   # 8 examples, 3 features
b = np.zeros(4)

Z = X @ W.T + b[:3]   # (8, 3) @ (3, 4) + (4,) → (8, 4)
print(f"Pre-activation Z shape: {Z.shape}")   # (8, 4)

# Broadcasting: b is (4,) but Z is (8, 4)
# NumPy broadcasts b across the batch dimension automatically
