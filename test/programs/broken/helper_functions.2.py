import functools

import torch


def linear(x, weight, bias=None):
    out = x @ weight.t()
    return out if bias is None else out + bias


def normalize(x, dim=-1, *, eps=1e-5, affine=None):
    mean = x.mean(dim, keepdim=True)
    var = x.var(dim, unbiased=False, keepdim=True)
    y = (x - mean) / torch.sqrt(var + eps)
    if affine:
        gamma, beta = affine
        y = y * gamma + beta
    return y


def make_layer(n_in, n_out):
    weight = torch.randn(n_out, n_in)

    def layer(x):
        return linear(x, weight)

    return layer


def compose(*functions):
    def run(x):
        for f in functions:
            x = f(x)
        return x

    return run


def pad_to(x, length, **options):
    missing = length - x.shape[-1]
    value = options.get("value", 0.0)
    return torch.nn.functional.pad(x, (0, missing), value=value)


def concat_all(first, *others, dim=0):
    return torch.cat([first, *others], dim=dim)


double = lambda t: torch.cat((t, t), dim=-1)
halve = functools.partial(torch.chunk, chunks=2, dim=-1)

x = torch.randn(6, 10)
w, b = torch.randn(4, 10), torch.zeros(4)
y = linear(x, w)
y = linear(x, w, bias=b)
z = normalize(y, affine=(torch.ones(6), torch.zeros(4)))
columns = normalize(x, dim=0, eps=1e-3)
network = compose(make_layer(10, 7), torch.relu, make_layer(7, 3), double)
output = network(x)
padded = pad_to(output, 8, value=1.0)
everything = concat_all(padded, padded, padded[:2], dim=0)
options = {"dim": 1}
side = concat_all(x, y, **options)
pair = (x, y)
again = linear(*pair[:1], w)
