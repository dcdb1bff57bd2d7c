"""A transformer block without torch.nn: parameters in a dictionary, functions over them."""
import torch

D, H, FF = 32, 4, 96


def init(rng_seed: int = 0):
    torch.manual_seed(rng_seed)
    return {
        "wq": torch.randn(D, D) / D**0.5,
        "wk": torch.randn(D, D) / D**0.5,
        "wv": torch.randn(D, D) / D**0.5,
        "wo": torch.randn(D, D) / D**0.5,
        "w1": torch.randn(D, FF) / D**0.5,
        "b1": torch.zeros(FF),
        "w2": torch.randn(D, FF) / FF**0.5,
        "b2": torch.zeros(D),
        "scale": torch.ones(2, D),
    }


def norm(x, scale):
    return scale * (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + 1e-6)


def heads(x):
    b, t, d = x.shape
    return x.view(b, t, H, d // H).permute(0, 2, 1, 3)


def attend(p, x, mask=None):
    q, k, v = heads(x @ p["wq"]), heads(x @ p["wk"]), heads(x @ p["wv"])
    scores = q @ k.transpose(2, 3) / (D // H) ** 0.5
    if mask is not None:
        scores = torch.where(mask, scores, torch.tensor(float("-inf")))
    mixed = torch.softmax(scores, -1) @ v
    b, h, t, d = mixed.shape
    return mixed.permute(0, 2, 1, 3).reshape(b, t, h * d) @ p["wo"]


def feed_forward(p, x):
    hidden = torch.relu(x @ p["w1"] + p["b1"])
    return hidden @ p["w2"] + p["b2"]


def block(p, x, mask=None):
    x = x + attend(p, norm(x, p["scale"][0]), mask)
    return x + feed_forward(p, norm(x, p["scale"][1]))


params = init()
layers = [init(seed) for seed in (1, 2)]
x = torch.randn(3, 10, D)
mask = torch.ones(10, 10, dtype=torch.bool).tril()
y = block(params, x, mask)
for layer in layers:
    y = block(layer, y, mask=mask)
pooled = y.mean(dim=1)
total = sum(w.numel() for w in params.values())
