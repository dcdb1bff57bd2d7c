# A lecture's walk towards self-attention, in scripts rather than functions.
import torch
import torch.nn as nn
from torch.nn import functional as F

torch.manual_seed(1337)
B, T, C = 4, 8, 32
x = torch.randn(B, T, C)

# version 1: a loop
xbow = torch.zeros((B, T, C))
for b in range(B):
    for t in range(T):
        xprev = x[b, : t + 1]  # (t, C)
        xbow[b, t] = torch.mean(xprev, 0)

# version 2: matrix multiply for a weighted aggregation
wei = torch.tril(torch.ones(T, T))
wei = wei / wei.sum(1, keepdim=True)
xbow2 = wei @ x  # (T, T) @ (B, T, C) ----> (B, T, C)
same = torch.allclose(xbow, xbow2, atol=1e-6)

# version 3: softmax
tril = torch.tril(torch.ones(T, T))
wei = torch.zeros((T, T))
wei = wei.masked_fill(tril == 0, float("-inf"))
wei = F.softmax(wei, dim=-1)
xbow3 = wei @ x

# version 4: self-attention
head_size = 16
key = nn.Linear(C, head_size, bias=False)
query = nn.Linear(C, head_size, bias=False)
value = nn.Linear(C, head_size, bias=False)
k = key(x)  # (B, T, 16)
q = query(x)  # (B, T, 16)
wei = q @ k.transpose(-2, -1)  # (B, T, 16) @ (B, 16, T) ---> (B, T, T)
wei = wei.masked_fill(tril == 0, float("-inf"))
wei = F.softmax(wei, dim=-1)
v = value(x)
out = wei @ v
print(out.shape)

n_heads = 4
hs = C // n_heads
q = torch.randn(B, n_heads, T, hs)
k = torch.randn(B, n_heads, T, hs)
v = torch.randn(B, n_heads, T, hs)
scores = q @ k.transpose(-2, -1) * hs**-0.5
probs = scores.softmax(-1)
assert probs.shape == (B, n_heads, T, T)
y = (probs @ v).transpose(1, 2).reshape(B, T, C)
var_before, var_after = x.var(), y.var(dim=-1)
