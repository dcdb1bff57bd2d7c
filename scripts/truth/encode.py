"""How recordings write values down. It knows the libraries' types and JSON, no operators.

A tensor is the string "float32[2,3]"; a real string is {"s": ...}; numbers, booleans and None are themselves,
except floats, which are {"f": ...}, and complex ones, {"c": 1}; a list is a list, a tuple {"t": [...]}, a slice {"l": [...]},
a layer {"m": 1}, a dict the tuple of its values. A weakly typed array of JAX is "float32~[2,3]".
"""
import jax
import jax.numpy as jnp
import numpy as np
import torch

DTYPES = {str(d).replace("torch.", ""): d for d in (
    torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.bfloat16,
    torch.float32, torch.float64, torch.complex64, torch.complex128)}


def encode(value):
    if isinstance(value, torch.Tensor):
        return tensor(str(value.dtype).replace("torch.", ""), value.shape)
    if isinstance(value, (np.ndarray, np.generic)):
        return tensor(value.dtype.name, value.shape)
    if isinstance(value, jax.Array):
        weak = "~" if getattr(value, "weak_type", False) else ""
        kind = "key" if jnp.issubdtype(value.dtype, jax.dtypes.extended) else value.dtype.name + weak
        return tensor(kind, value.shape)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return {"f": value if value == value and abs(value) != float("inf") else None}
    if isinstance(value, complex):
        return {"c": 1}
    if isinstance(value, str):
        return {"s": value}
    if isinstance(value, torch.dtype):
        return {"d": str(value).replace("torch.", "")}
    if isinstance(value, type) and (issubclass(value, np.generic) or value in (bool, int, float, complex)):
        return {"d": np.dtype(value).name}
    if isinstance(value, np.dtype):
        return {"d": value.name}
    if isinstance(value, slice):
        return {"l": [encode(value.start), encode(value.stop), encode(value.step)]}
    if value is Ellipsis:
        return {"e": 1}
    if isinstance(value, tuple):
        return {"t": [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"t": [encode(item) for item in value.values()]}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, torch.nn.Module):
        return {"m": 1}
    return {"o": 1}


def tensor(dtype, shape):
    return f"{dtype}[{','.join(str(int(n)) for n in shape)}]"


def make(library, dtype, shape, fill=None):
    """A tensor with harmless elements: integers are 1, so that they divide, or 0 where they serve as indices."""
    if library == "jax":
        return jnp.asarray(make("numpy", dtype, shape, fill) if dtype != "bfloat16" else make("numpy", "float32", shape, fill), dtype=dtype)
    if library == "torch":
        if fill is not None:
            return torch.full(shape, fill, dtype=DTYPES[dtype])
        if dtype == "bool":
            return torch.ones(shape, dtype=torch.bool)
        if dtype.startswith("int") or dtype == "uint8":
            return torch.ones(shape, dtype=DTYPES[dtype])
        return torch.rand(shape, dtype=torch.float64).mul(0.5).add(0.25).to(DTYPES[dtype])
    if fill is not None:
        return np.full(shape, fill, dtype=dtype)
    if dtype == "bool" or "int" in dtype:
        return np.ones(shape, dtype=dtype)
    return np.asarray(np.random.rand(*shape) * 0.5 + 0.25).astype(dtype)
