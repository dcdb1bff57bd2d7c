# A classifier without torch.nn: tensors, autograd and plain functions.
import torch
import torch.nn.functional as F

n, d_in, d_hidden, d_out = 50, 12, 24, 3
X = torch.randn(n, d_in)
y = torch.randint(d_out, (n,))

W1 = torch.randn(d_in, d_hidden, requires_grad=True)
b1 = torch.zeros(d_hidden, requires_grad=True)
W2 = torch.randn(d_hidden, d_out, requires_grad=True)
b2 = torch.zeros(d_out, requires_grad=True)
params = [W1, b1, W2, b2]


def log_softmax(x):
    return x - x.exp().sum(-1).log()


def nll(logp, target):
    return -logp[range(target.shape[0]), target].mean()


def net(xb):
    h = torch.tanh(xb @ W1 + b1)
    return log_softmax(h @ W2 + b2)


def accuracy(out, yb):
    preds = torch.argmax(out, dim=1)
    return (preds == yb).float().mean()


lr = 0.05
bs = 10
for epoch in range(2):
    for i in range((n - 1) // bs + 1):
        start = i * bs
        xb = X[start : start + bs]
        yb = y[start : start + bs]
        loss = nll(net(xb), yb)
        loss.backward()
        with torch.no_grad():
            for p in params:
                p -= p.grad * lr
                p.grad.zero_()

final = net(X)
print(accuracy(final, y), F.nll_loss(final, y))
weights_norm = sum((p**2).sum() for p in params)
flat = torch.cat([p.reshape(-1) for p in params])
