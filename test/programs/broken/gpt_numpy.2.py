"""GPT's forward pass with NumPy alone, parameters in nested dictionaries."""
import numpy as np


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def softmax(x):
    exp_x = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return exp_x / np.sum(exp_x, axis=-1, keepdims=True)


def layer_norm(x, g, b, eps: float = 1e-5):
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return g * (x - mean) / np.sqrt(variance + eps) + b


def linear(x, w, b):  # x: (m, n_in), w: (n_in, n_out), b: (n_out,)
    return x @ w + b


def ffn(x, c_fc, c_proj):
    return linear(gelu(linear(x, **c_fc)), **c_proj)


def attention(q, k, v, mask):
    return softmax(q @ k.T / np.sqrt(q.shape[-1]) + mask) @ v


def mha(x, c_attn, c_proj, n_head):
    x = linear(x, **c_attn)
    qkv = np.split(x, 3, axis=-1)
    qkv_heads = list(map(lambda part: np.split(part, n_head, axis=-1), qkv))
    causal_mask = (1 - np.tri(x.shape[0], dtype=x.dtype)) * -1e10
    out_heads = [attention(q, k, v, causal_mask) for q, k, v in zip(*qkv_heads)]
    x = np.hstack(out_heads)
    return linear(x, **c_proj)


def transformer_block(x, mlp, attn, ln_1, ln_2, n_head):
    x = x + mha(layer_norm(x, **ln_1), **attn, n_head=n_head)
    x = x + ffn(layer_norm(x, **ln_2), **mlp)
    return x


def gpt(inputs, wte, wpe, blocks, ln_f, n_head):
    x = wte[inputs] + wpe[range(len(inputs))]
    for block in blocks:
        x = transformer_block(x, **block, n_head=n_head)
    x = layer_norm(x, **ln_f)
    return x @ wte.T


def make_linear(n_in, n_out):
    return {"w": np.random.randn(n_in, n_out) * 0.02, "b": np.zeros(n_out)}


def make_norm(n):
    return {"g": np.ones(n), "b": np.zeros(n)}


n_vocab, n_ctx, n_embd, n_head, n_layer = 97, 64, 48, 4, 2
params = {
    "wte": np.random.randn(n_vocab, n_embd),
    "wpe": np.random.randn(n_embd, n_ctx),
    "blocks": [
        {
            "mlp": {"c_fc": make_linear(n_embd, 4 * n_embd), "c_proj": make_linear(4 * n_embd, n_embd)},
            "attn": {"c_attn": make_linear(n_embd, 3 * n_embd), "c_proj": make_linear(n_embd, n_embd)},
            "ln_1": make_norm(n_embd),
            "ln_2": make_norm(n_embd),
        }
        for _ in range(n_layer)
    ],
    "ln_f": make_norm(n_embd),
}
prompt = [3, 14, 15, 92, 65]
logits = gpt(prompt, **params, n_head=n_head)
next_id = int(np.argmax(logits[-1]))
