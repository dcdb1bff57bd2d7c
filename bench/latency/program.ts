// A Python file as people write them: models of several kinds, functions, and training loops, in whole parts until it
// has as many lines as are asked for.

/** The parts repeat with other names and sizes, so that no two are the same text. */
const parts: readonly ((n: number) => string)[] = [attention, mlp, block, convolution, functional, training];

export function programOf(lines: number, from = 0): string {
  let text = `import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
`;
  const count = (): number => text.split("\n").length - 1;
  for (let n = from; count() < lines; n++) text += `\n\n${(parts[n % parts.length] ?? mlp)(n)}`;
  return text;
}

function attention(n: number): string {
  const width = 64 * (n + 4);
  return `class Attention${n}(nn.Module):
    """Causal self-attention."""

    def __init__(self, n_embd=${width}, n_head=${n + 4}, dropout=0.1):
        super().__init__()
        assert n_embd % n_head == 0
        self.c_attn = nn.Linear(n_embd, 3 * n_embd)
        self.c_proj = nn.Linear(n_embd, n_embd)
        self.dropout = nn.Dropout(dropout)
        self.n_head = n_head
        self.n_embd = n_embd

    def forward(self, x, mask=None):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        scores = q @ k.transpose(-2, -1) / math.sqrt(k.size(-1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = F.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        y = weights @ v
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.c_proj(y)
`;
}

function mlp(n: number): string {
  return `class Mlp${n}(nn.Module):
    def __init__(self, n_in=${64 * (n + 3)}, hidden=${256 + 16 * n}, n_out=${n + 10}):
        super().__init__()
        self.fc1 = nn.Linear(n_in, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.fc2 = nn.Linear(hidden, n_out)

    def forward(self, x):
        h = F.relu(self.fc1(x))
        h = self.norm(h)
        # the output has one score for each class
        return self.fc2(h)


def try_mlp_${n}():
    model = Mlp${n}()
    x = torch.randn(32, ${64 * (n + 3)})
    logits = model(x)
    loss = F.cross_entropy(logits, torch.randint(0, ${n + 10}, (32,)))
    return loss
`;
}

function block(n: number): string {
  return `@dataclass
class Config${n}:
    n_embd: int = ${64 * (n + 2)}
    n_layer: int = ${2 + (n % 5)}
    vocab_size: int = ${1000 + n}
    block_size: int = 128


class Block${n}(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd)
        self.ln_2 = nn.LayerNorm(config.n_embd)
        self.mlp = nn.Sequential(
            nn.Linear(config.n_embd, 4 * config.n_embd),
            nn.GELU(),
            nn.Linear(4 * config.n_embd, config.n_embd),
        )

    def forward(self, x):
        x = x + self.ln_1(x)
        x = x + self.mlp(self.ln_2(x))
        return x


class Gpt${n}(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.block_size, config.n_embd)
        self.blocks = nn.ModuleList([Block${n}(config) for _ in range(config.n_layer)])
        self.head = nn.Linear(config.n_embd, config.vocab_size, bias=False)

    def forward(self, idx):
        b, t = idx.size()
        pos = torch.arange(0, t)
        x = self.wte(idx) + self.wpe(pos)
        for layer in self.blocks:
            x = layer(x)
        return self.head(x)


gpt_${n} = Gpt${n}(Config${n}())
logits_${n} = gpt_${n}(torch.zeros(4, 64, dtype=torch.long))
`;
}

function convolution(n: number): string {
  const width = 8 * (n + 2);
  return `class Net${n}(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, ${width}, kernel_size=3, padding=1)
        self.bn1 = nn.BatchNorm2d(${width})
        self.conv2 = nn.Conv2d(${width}, ${2 * width}, kernel_size=3, stride=2, padding=1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(${2 * width}, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.conv2(x))
        x = self.pool(x)
        x = torch.flatten(x, 1)
        return self.fc(x)


images_${n} = torch.randn(16, 3, 32, 32)
scores_${n} = Net${n}()(images_${n})
`;
}

function functional(n: number): string {
  return `def softmax_${n}(x, axis=-1):
    shifted = x - x.max(axis=axis, keepdims=True)
    e = np.exp(shifted)
    return e / e.sum(axis=axis, keepdims=True)


def layer_${n}(X, W, b):
    Z = X @ W.T + b
    A = np.maximum(Z, 0)
    return A


X_${n} = np.random.randn(${n + 8}, 3)
W_${n} = np.random.randn(4, 3)
b_${n} = np.zeros(4)
out_${n} = softmax_${n}(layer_${n}(X_${n}, W_${n}, b_${n}))
mean_${n} = out_${n}.mean(axis=0)
`;
}

function training(n: number): string {
  return `def train_${n}(steps=100, batch=32):
    model = nn.Sequential(nn.Linear(20, ${n + 64}), nn.ReLU(), nn.Linear(${n + 64}, 2))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    losses = []
    for step in range(steps):
        x = torch.randn(batch, 20)
        y = (x.sum(dim=1) > 0).long()
        logits = model(x)
        loss = F.cross_entropy(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step % 10 == 0:
            accuracy = (logits.argmax(dim=1) == y).float().mean()
            print(f"{step}: {loss.item():.3f} {accuracy.item():.2%}")
    return losses
`;
}
