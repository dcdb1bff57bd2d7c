import torch
import torch.nn as nn

# Basic tensor operations
x = torch.randn(3, 4)    # shape (3, 4)
y = torch.randn(4, 5)    # shape (4, 5)

z = y @ x                # matrix multiply: (3, 4) @ (4, 5) → (3, 5)
# or: torch.matmul(x, y)
# or: torch.mm(x, y)    — 2D only, no batch dimension

# Batched matrix multiply
A = torch.randn(32, 10, 64)   # batch=32, seq_len=10, d=64
B = torch.randn(32, 64, 20)   # batch=32, d=64, out=20

C = torch.bmm(A, B)           # (32, 10, 20) — batch matmul
# or: A @ B                    — same result (broadcasting-aware)

# Element-wise operations
a = torch.tensor([1.0, 2.0, 3.0])
b_vec = torch.tensor([4.0, 5.0, 6.0])
print(a * b_vec)   # [4, 10, 18] — element-wise product (Hadamard)
print(a + b_vec)   # [5, 7, 9]   — element-wise addition

# Dot product (inner product)
dot = (a * b_vec).sum()   # or torch.dot(a, b_vec) for 1D
print(f"Dot product: {dot}")  # 32.0

# Outer product
outer = torch.outer(a, b_vec)   # (3, 3) matrix
print(f"Outer product:\n{outer}")
