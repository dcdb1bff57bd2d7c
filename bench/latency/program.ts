// A Python file as people write them: models of several kinds, functions, and training loops, in whole parts until it
// has as many lines as are asked for.

/** The parts repeat with other names and sizes, so that no two are the same text. */
const parts: readonly ((n: number) => string)[] = [
  attention,
  mlp,
  block,
  convolution,
  functional,
  training,
  factory,
  skips,
  scratch,
  family,
];

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

/** A network built by a factory method from a class that is handed in. */
function factory(n: number): string {
  const width = 16 * ((n % 7) + 2);
  const counts = Array.from({ length: 2 + (n % 3) }, (_, i) => 1 + ((n + i) % 3));
  return `class Basic${n}(nn.Module):
    expansion = ${1 + (n % 2)}

    def __init__(self, in_planes, planes, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_planes, planes, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, self.expansion * planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(self.expansion * planes)
        self.shortcut = nn.Sequential()
        if stride != 1 or in_planes != self.expansion * planes:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_planes, self.expansion * planes, 1, stride=stride, bias=False),
                nn.BatchNorm2d(self.expansion * planes),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))


class ResNet${n}(nn.Module):
    def __init__(self, block, counts, num_classes=${10 + n}):
        super().__init__()
        self.in_planes = ${width}
        self.stem = nn.Conv2d(3, ${width}, 3, padding=1)
        self.stages = nn.ModuleList()
        for i, count in enumerate(counts):
            self.stages.append(self._make_layer(block, ${width} * 2**i, count, 1 if i == 0 else 2))
        self.head = nn.Linear(self.in_planes, num_classes)

    def _make_layer(self, block, planes, count, stride):
        layers = []
        for step in [stride] + [1] * (count - 1):
            layers.append(block(self.in_planes, planes, step))
            self.in_planes = planes * block.expansion
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return self.head(x.mean(dim=(2, 3)))


def resnet_${n}(pretrained=False, **kwargs):
    return ResNet${n}(Basic${n}, [${counts.join(", ")}], **kwargs)


features_${n} = resnet_${n}()(torch.randn(${(n % 5) + 1}, 3, 64, 64))
`;
}

/** An hourglass that hands what it saw on the way down to the way up. */
function skips(n: number): string {
  const widths = Array.from({ length: 3 + (n % 2) }, (_, i) => (8 + (n % 9)) * 2 ** i);
  return `class Double${n}(nn.Sequential):
    def __init__(self, n_in, n_out):
        super().__init__(
            nn.Conv2d(n_in, n_out, 3, padding=1),
            nn.GroupNorm(1, n_out),
            nn.SiLU(),
            nn.Conv2d(n_out, n_out, 3, padding=1),
        )


class Hourglass${n}(nn.Module):
    def __init__(self, widths=(${widths.join(", ")}), n_in=${1 + (n % 3)}):
        super().__init__()
        self.inc = Double${n}(n_in, widths[0])
        self.downs = nn.ModuleList([Double${n}(a, b) for a, b in zip(widths, widths[1:])])
        pairs = list(zip(widths[::-1], widths[-2::-1]))
        self.ups = nn.ModuleList([nn.ConvTranspose2d(a, b, 2, stride=2) for a, b in pairs])
        self.merges = nn.ModuleList([Double${n}(2 * b, b) for a, b in pairs])
        self.out = nn.Conv2d(widths[0], n_in, 1)

    def forward(self, x):
        x = self.inc(x)
        seen = []
        for down in self.downs:
            seen.append(x)
            x = down(F.max_pool2d(x, 2))
        for up, merge in zip(self.ups, self.merges):
            x = up(x)
            x = merge(torch.cat([x, seen.pop()], dim=1))
        return self.out(x)


mask_${n} = Hourglass${n}()(torch.zeros(2, ${1 + (n % 3)}, 64, 64))
`;
}

/** A network in NumPy, from scratch. */
function scratch(n: number): string {
  return `class Network${n}:
    def __init__(self, sizes=(${4 + n}, ${16 + (n % 11)}, 3), lr=0.1):
        rng = np.random.default_rng(${n})
        self.weights = [rng.normal(size=(a, b)) / np.sqrt(a) for a, b in zip(sizes[:-1], sizes[1:])]
        self.biases = [np.zeros((1, b)) for b in sizes[1:]]
        self.lr = lr

    def forward(self, X):
        activations = [X]
        for W, b in zip(self.weights, self.biases):
            X = np.tanh(X @ W + b)
            activations.append(X)
        return activations

    def fit(self, X, Y, epochs=50):
        history = []
        for epoch in range(epochs):
            activations = self.forward(X)
            error = activations[-1] - Y
            history.append((error**2).mean())
            for i in range(len(self.weights) - 1, -1, -1):
                delta = error * (1 - activations[i + 1] ** 2)
                error = delta @ self.weights[i].T
                self.weights[i] -= self.lr * activations[i].T @ delta / len(X)
                self.biases[i] -= self.lr * delta.mean(axis=0, keepdims=True)
        return history


net_${n} = Network${n}()
history_${n} = net_${n}.fit(np.random.rand(40, ${4 + n}), np.eye(3)[np.random.randint(0, 3, 40)])
`;
}

/** A base class with variants that a table of names chooses from. */
function family(n: number): string {
  const rank = 4 + (n % 5);
  return `class Mixer${n}(nn.Module):
    def __init__(self, dim=${32 * ((n % 4) + 1)}, tokens=${49 + n}):
        super().__init__()
        self.dim = dim
        self.norm = nn.LayerNorm(dim)
        self.mix = self.build(dim, tokens)

    def build(self, dim, tokens):
        raise NotImplementedError

    def forward(self, x, *, residual: bool = True):
        y = self.mix(self.norm(x).transpose(1, 2)).transpose(1, 2)
        return x + y if residual else y


class Dense${n}(Mixer${n}):
    def build(self, dim, tokens):
        return nn.Linear(tokens, tokens)


class LowRank${n}(Mixer${n}):
    def build(self, dim, tokens):
        return nn.Sequential(nn.Linear(tokens, ${rank}), nn.Linear(${rank}, tokens))


VARIANTS_${n} = {"dense": Dense${n}, "low_rank": LowRank${n}}


def build_${n}(name="${n % 2 === 0 ? "dense" : "low_rank"}", depth=${1 + (n % 4)}, **kwargs):
    kind = VARIANTS_${n}[name]
    return nn.Sequential(*[kind(**kwargs) for _ in range(depth)])


tokens_${n} = build_${n}(tokens=${64 + n})(torch.randn(2, ${64 + n}, ${32 * ((n % 4) + 1)}))
`;
}
