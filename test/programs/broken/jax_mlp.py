"""A classifier written with jax.numpy: parameters in a list, vmap over examples, jit and grad."""
import jax
import jax.numpy as jnp
from jax import grad, jit, random, value_and_grad, vmap

SIZES = [12, 32, 16, 5]
BATCH = 8


def init_layer(key, n_in, n_out):
    w_key, b_key = random.split(key)
    w = random.normal(w_key, (n_out, n_in)) * jnp.sqrt(2.0 / n_in)
    b = 0.01 * random.normal(b_key, (n_out,))
    return w, b


def init_params(key, sizes):
    keys = random.split(key, len(sizes) - 1)
    return [init_layer(k, n, m) for k, n, m in zip(keys, sizes[:-1], sizes[1:])]


def predict(params, x):
    for w, b in params[:-1]:
        x = jax.nn.relu(jnp.dot(x, w) + b)
    w, b = params[-1]
    logits = jnp.dot(x, w) + b
    return logits - jax.nn.logsumexp(logits)


batched_predict = vmap(predict, in_axes=(None, 0))


def loss(params, images, targets):
    log_probs = batched_predict(params, images)
    return -jnp.mean(jnp.sum(log_probs * targets, axis=1))


@jit
def update(params, images, targets):
    value, grads = value_and_grad(loss)(params, images, targets)
    stepped = jax.tree_util.tree_map(lambda p, g: p - 0.1 * g, params, grads)
    return value, stepped


params = init_params(random.key(0), SIZES)
images = random.normal(random.key(1), (BATCH, SIZES[0]))
labels = random.randint(random.key(2), (BATCH,), 0, SIZES[-1])
targets = jax.nn.one_hot(labels, SIZES[-1])
for epoch in range(3):
    value, params = update(params, images, targets)
    print(epoch, value)
log_probs = batched_predict(params, images)
accuracy = jnp.mean(jnp.argmax(log_probs, axis=1) == labels)
first_grad = grad(loss)(params, images, targets)[0][0]
norms = vmap(jnp.linalg.norm)(images)
print(accuracy, first_grad.shape, norms.shape)
