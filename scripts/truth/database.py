"""Calls out of PyTorch's own databases of operators and modules (`op_db`, `module_db`): the sample inputs with which
PyTorch tests itself, and the inputs for which it expects an error. Each operator yields (name, positional, named),
each module (class name, constructor's positional and named arguments, call's positional and named arguments)."""
import warnings

import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

warnings.filterwarnings("ignore")

# One type of each category: what else a type changes is drawn elsewhere.
DTYPES = [torch.float32, torch.int64, torch.bool, torch.complex64]


def spellings(info):
    """The public names under which an operator of the database can be called."""
    names = [name.removeprefix("torch.") for name in (info.name, *(alias.name for alias in info.aliases))]
    found = []
    for name in names:
        last = name.split(".")[-1]
        if last.startswith("__r") or name.startswith(("_", "ops.", "torch.", "quantized")):
            continue
        if callable(resolved(torch, name)):
            found.append(f"torch.{name}")
        if "." not in name and callable(getattr(torch.Tensor, name, None)):
            found.append(f"torch.Tensor.{name}")
        if "." not in name and callable(getattr(torch.Tensor, f"{name}_", None)) and info.inplace_variant is not None:
            found.append(f"torch.Tensor.{name}_")
    return found


def resolved(found, name):
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def samples(info, dtype):
    """Sample inputs, then those that have to fail; a generator of the database may itself fail for a type."""
    try:
        yield from info.sample_inputs("cpu", dtype, requires_grad=False)
    except Exception:
        return


def failing(info):
    try:
        yield from (error.sample_input for error in info.error_inputs("cpu"))
    except Exception:
        return


def copied(value):
    """In-place operators must not change what the next spelling gets."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, (list, tuple)):
        return type(value)([copied(item) for item in value]) if type(value) in (list, tuple) else value
    return value


def calls(limit):
    """At most `limit` calls for each spelling and type."""
    for info in op_db:
        for dtype in DTYPES:
            if not info.supports_dtype(dtype, "cpu"):
                continue
            for sample in spread(samples(info, dtype), limit):
                yield from spelled(info, sample)
        for sample in spread(failing(info), limit):
            yield from spelled(info, sample)


def spread(values, limit):
    """At most `limit` of the values, from the whole of them."""
    every = list(values)
    return every[:: -(-len(every) // limit)] if every else []


def spelled(info, sample):
    for name in spellings(info):
        positional = [copied(sample.input), *(copied(item) for item in sample.args)]
        yield name, positional, {key: copied(value) for key, value in sample.kwargs.items()}


def modules(limit):
    for info in module_db:
        name = info.module_cls.__name__
        if getattr(torch.nn, name, None) is not info.module_cls:
            continue
        for training in (True, False):
            made = inputs(lambda: info.module_inputs_func(info, "cpu", torch.float32, False, training))
            for one in spread(made, limit):
                yield name, *parts(one)
        if info.module_error_inputs_func is not None:
            wrong = inputs(lambda: info.module_error_inputs_func(info, "cpu", torch.float32, False, False))
            for one in spread(wrong, limit):
                yield name, *parts(one.module_error_input)


def inputs(make):
    try:
        yield from make()
    except Exception:
        return


def parts(one):
    made, called = one.constructor_input, one.forward_input
    call = ([], {}) if called is None else ([copied(item) for item in called.args], called.kwargs)
    return list(made.args), made.kwargs, *call
