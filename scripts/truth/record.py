"""Asks PyTorch, NumPy, JAX and einops what every operator and layer of the catalogue answers, and writes it down.

usage: record.py catalogue.json folder [recording…]
"""
import builtins
import json
import math
import operator
import os
import random
import sys
import warnings

import einops
import einops.layers.torch
import jax
import jax.numpy as jnp
import numpy as np
import torch

import arrays
import chosen
import database
import drawn
import further
import jax_calls
import layers
import networks
import patterns
import python
import subscripts
import torch_calls
import windows
from encode import encode

warnings.filterwarnings("ignore")
np.seterr(all="ignore")
torch.manual_seed(0)
np.random.seed(0)

OPERATORS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "@": operator.matmul, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "unary-": operator.neg,
    "unary+": operator.pos, "~": operator.invert, "+=": operator.iadd, "-=": operator.isub, "*=": operator.imul,
    "/=": operator.itruediv, "//=": operator.ifloordiv, "%=": operator.imod, "**=": operator.ipow,
    "@=": operator.imatmul, "&=": operator.iand, "|=": operator.ior, "^=": operator.ixor, "<<=": operator.ilshift,
    ">>=": operator.irshift, "[]": operator.getitem,
}

# Errors that are not about shapes or types: of numbers that are not in range, of matrices that have no inverse.
OFF_TOPIC = ("implemented for", "singular", "converge", "not positive", "not supported for", "ill-conditioned",
             "expected to be in range [0, 1]", "should be in the range", "must be in the range", "rank-deficient",
             "ZeroDivisionError", "math domain error", "must be nonnegative", "negative powers", "a must be greater than 0", "probabilities")


def store(target, index, value):
    target[index] = value


def resolve(name):
    if name.startswith("operator."):
        symbol = name[len("operator."):]
        return store if symbol == "[]=" else OPERATORS.get(symbol)
    if name in ("numpy.mgrid", "numpy.ogrid", "numpy.r_", "numpy.c_"):
        return getattr(np, name.split(".")[1]).__getitem__
    if name.startswith("numpy.random.Generator."):
        return getattr(np.random.default_rng(0), name.split(".")[-1], None)
    if name.startswith("jax.Array."):
        return jax_calls.method(name[len("jax.Array."):])
    found = {"torch": torch, "numpy": np, "einops": einops, "jax": jax, "math": math, "builtins": builtins}.get(name.split(".")[0])
    for part in name.split(".")[1:]:
        found = getattr(found, part, None)
    return found


def traced(function, positional, named):
    """What JAX answers without computing it, which takes a compiler for every shape; the numbers where it needs them."""
    answers = []

    def shown(arrays):
        values = jax.tree_util.tree_unflatten(structure, [arrays.pop(0) if here else leaf for leaf, here in zip(leaves, places)])
        answers.append(encode(function(*values[0], **values[1])))
        return 0

    leaves, structure = jax.tree_util.tree_flatten((positional, named), is_leaf=lambda leaf: leaf is None or isinstance(leaf, slice))
    places = [isinstance(leaf, jax.Array) for leaf in leaves]
    try:
        jax.eval_shape(shown, [leaf for leaf, here in zip(leaves, places) if here])
    except (jax.errors.ConcretizationTypeError, jax.errors.TracerArrayConversionError, jax.errors.TracerBoolConversionError,
            jax.errors.TracerIntegerConversionError, jax.errors.NonConcreteBooleanIndexError, jax.errors.UnexpectedTracerError):
        return encode(function(*positional, **named))
    # What is only traced is not always checked: sizes below 0, and numbers of elements.
    careless = "reshape" in getattr(function, "__name__", "") or "-" in str(answers[0])
    return encode(function(*positional, **named)) if careless else answers[0]


def attempt(function, positional, named):
    try:
        if any(isinstance(leaf, jax.Array) for leaf in jax.tree_util.tree_leaves((positional, named))):
            return {"out": traced(function, positional, named)}
        return {"out": encode(function(*positional, **named))}
    except Exception as error:  # Whatever the library raises is an answer.
        return {"err": f"{type(error).__name__}: {error}".replace("\n", " ")[:100]}


def is_on_topic(answer):
    return "err" not in answer or not any(text in answer["err"] for text in OFF_TOPIC)


class Recording:
    def __init__(self, path):
        self.path, self.lines = path, {}

    def add(self, case, answer):
        if is_on_topic(answer) and not any("'o'" in str(case.get(part)) for part in ("args", "named", "make", "options")):
            self.lines.setdefault(json.dumps({**case, **answer}, separators=(",", ":")), None)

    def write(self):
        with open(self.path, "w") as file:
            file.write("\n".join(self.lines) + "\n")
        print(f"{self.path}: {len(self.lines)} cases, {os.path.getsize(self.path) // 1024} KiB")


def case_of(name, positional, named):
    case = {"op": name, "args": [encode(value) for value in positional]}
    if named:
        case["named"] = {key: encode(value) for key, value in named.items()}
    if name.split(".")[0] in ("operator", "builtins", "einops"):
        kinds = {"torch": torch.Tensor, "jax": jax.Array}
        leaves = jax.tree_util.tree_leaves(positional)
        case["library"] = next((library for library, kind in kinds.items() if any(isinstance(value, kind) for value in leaves)), "numpy")
    return case


def record_call(recording, name, positional, named):
    if resolve(name) is None:
        return
    case = case_of(name, positional, named)
    recording.add(case, attempt(resolve(name), positional, named))


NUMPY_DRAWS = 12


def draw_calls(recordings, entry, missing):
    for name in entry["names"]:
        if name.split(".")[0] not in ("torch", "numpy", "operator", "jax") or name in UNSUITED:
            continue
        if resolve(name) is None:
            missing.append(name)
            continue
        libraries = ["torch", "numpy", "jax"] if name.startswith("operator.") else [name.split(".")[0]]
        for library in libraries:
            rng = drawn.generator(name + library)
            for _ in range(entry["draws"]):
                positional, named = drawn.draw(rng, library, name, entry["parameters"])
                record_call(recordings["jax" if library == "jax" else name.split(".")[0]], name, positional, named)
            for _ in range(NUMPY_DRAWS if library == "numpy" else 0):
                record_call(recordings[name.split(".")[0]], name, *arrays.draw(rng, name, entry["parameters"]))


FILES = {f"numpy.{name}" for name in ("save", "savez", "savez_compressed", "savetxt", "load", "loadtxt", "genfromtxt", "fromfile",
                                      "fromregex", "ndarray.tofile", "ndarray.dump")}
# What drawn arguments seldom fit, what differs from run to run, and what crashes on arguments that do not fit.
UNSUITED = FILES | {"operator.[]", "operator.[]=", "torch.einsum", "numpy.einsum", "torch.Tensor.data_ptr", "torch.lu_unpack",
                    "torch.linalg.ldl_solve", "torch.linalg.lu_solve", "torch.lu_solve", "torch.Tensor.lu_solve", "torch.range"}


def record_layers(recording, cases):
    for name, made, options, positional, named in cases:
        full = name if "." in name else f"torch.nn.{name}"
        case = {"layer": full, "make": [encode(value) for value in made], "args": [encode(value) for value in positional]}
        if options:
            case["options"] = {key: encode(value) for key, value in options.items()}
        if named:
            case["named"] = {key: encode(value) for key, value in named.items()}
        try:
            instance = resolve(full)(*made, **options)
        except Exception as error:
            recording.add(case, {"err": f"{type(error).__name__}: {error}".replace("\n", " ")[:100], "stage": "make"})
            continue
        if name == "SyncBatchNorm":  # It trains on GPUs only.
            instance.eval()
        answer = attempt(instance, positional, named)
        if "Lazy" not in name:
            answer["count"] = sum(p.numel() for p in instance.parameters())
        recording.add(case, answer)


def wanted(recording):
    """Whether this run records it; to try a change, one recording may be enough."""
    return len(sys.argv) < 4 or recording in sys.argv[3:] or recording == "operator" and "jax" in sys.argv[3:]


def main():
    with open(sys.argv[1]) as file:
        catalogue = json.load(file)
    folder = sys.argv[2]
    missing = []
    recordings = {library: Recording(os.path.join(folder, f"{library}.jsonl")) for library in ("torch", "numpy", "operator", "jax", "einops", "python", "layers", "database", "modules")}
    for entry in catalogue:
        for name in entry["names"]:
            library = name.split(".")[0]
            if library in recordings and wanted(library):
                draws = 16 if name in (entry["names"][0], entry["names"][-1]) else 8
                draw_calls(recordings, {**entry, "names": [name], "draws": draws}, missing)
    for name, positional, named in jax_calls.calls():
        record_call(recordings["jax"], name, positional, named)
    chosen_calls = [*chosen.calls(), *further.calls(), *torch_calls.calls(), *windows.calls(), *networks.calls()]
    drawn_by_form = [*subscripts.calls(random.Random(0), 700), *patterns.calls(random.Random(0), 700)]
    for name, positional, named in [*chosen_calls, *drawn_by_form]:
        if wanted(name.split(".")[0]):
            record_call(recordings[name.split(".")[0]], name, positional, named)
    for name, positional, named in jax_calls.repeated(chosen_calls):
        record_call(recordings["jax"], name, positional, named)
    for name, positional, named in python.calls() if wanted("python") else ():
        record_call(recordings["python"], name, positional, named)
    for name, positional, named in database.calls(limit=12) if wanted("database") else ():
        record_call(recordings["database"], name, positional, named)
    record_layers(recordings["layers"], [*layers.cases(), *windows.layers(), *networks.layers(), *patterns.layers(random.Random(0), 120)] if wanted("layers") else ())
    record_layers(recordings["modules"], database.modules(limit=24) if wanted("modules") else ())
    for name in sys.argv[3:] or recordings:
        recordings[name].write()
    if missing:
        print("These names do not exist in the libraries:", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
