"""A recurrent network with lax.scan, trained for a few steps; arrays are updated through .at."""
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

HIDDEN, FEATURES, CLASSES = 16, 7, 3
TIME, BATCH = 10, 4

glorot = jax.nn.initializers.glorot_normal()


def init(key):
    k1, k2, k3 = jax.random.split(key, 3)
    return {
        "wx": glorot(k1, (FEATURES, HIDDEN)),
        "wh": glorot(k2, (HIDDEN, HIDDEN)),
        "b": jnp.zeros(HIDDEN),
        "out": glorot(k3, (HIDDEN, CLASSES)),
    }


def run(params, sequence):
    def cell(h, x):
        h = jnp.tanh(x @ params["wx"] + h @ params["wh"] + params["b"])
        return h, h

    start = jnp.zeros(HIDDEN)
    last, states = lax.scan(cell, start, sequence)
    return last @ params["out"], states


def loss_fn(params, sequence, labels):
    logits, states = run(params, sequence)
    picked = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1)
    return -picked.mean(), states


def clip(tree, limit):
    total = sum(jnp.sum(g**2) for g in jax.tree_util.tree_leaves(tree))
    factor = jnp.minimum(1.0, limit / jnp.sqrt(total))
    return jax.tree_util.tree_map(lambda g: g * factor, tree)


params = init(jax.random.key(0))
sequence = jnp.asarray(np.random.randn(TIME, BATCH, FEATURES))
labels = jnp.array([0, 1, 2, 1])
step = jax.jit(jax.value_and_grad(loss_fn, has_aux=True))
for _ in range(2):
    (loss, states), grads = step(params, sequence, labels)
    grads = clip(grads, 1.0)
    params = {name: value - 0.1 * grads[name] for name, value in params.items()}
logits, states = run(params, sequence)
counts = jnp.zeros(CLASSES, dtype=jnp.int32).at[labels].add(1)
table = jnp.zeros((BATCH, CLASSES)).at[jnp.arange(BATCH), labels].set(1.0)
averaged = lax.fori_loop(0, 3, lambda i, h: 0.5 * (h + states[i]), states[0])
peak = lax.while_loop(lambda s: s[0] < 3, lambda s: (s[0] + 1, s[1] * 0.5), (0, states[-1]))[1]
chosen = lax.cond(loss > 0, lambda h: h.sum(axis=1), lambda h: h.max(axis=1), averaged)
jacobian = jax.jacfwd(lambda h: h @ params["out"])(averaged[0])
per_example = jax.vmap(run, in_axes=(None, 1), out_axes=(0, 2))(params, sequence[:, :, None])
print(logits.shape, counts.shape, table.shape, averaged.shape, peak.shape, chosen.shape, jacobian.shape)
print(per_example[0].shape, per_example[1].shape)
