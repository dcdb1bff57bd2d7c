"""Asks PyTorch, NumPy and einops what every operator and layer of the catalogue answers, and writes it down.

usage: record.py catalogue.json folder
"""
import json
import operator
import os
import random
import sys
import warnings

import einops
import numpy as np
import torch

import arrays
import chosen
import database
import drawn
import further
import layers
import patterns
import subscripts
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
             "ZeroDivisionError", "negative powers", "a must be greater than 0", "probabilities")


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
    found = {"torch": torch, "numpy": np, "einops": einops}.get(name.split(".")[0])
    for part in name.split(".")[1:]:
        found = getattr(found, part, None)
    return found


def attempt(function, positional, named):
    try:
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
    if name.startswith("operator."):
        case["library"] = "torch" if any(isinstance(value, torch.Tensor) for value in positional) else "numpy"
    return case


def record_call(recording, name, positional, named):
    case = case_of(name, positional, named)
    recording.add(case, attempt(resolve(name), positional, named))


NUMPY_DRAWS = 12


def draw_calls(recording, entry, missing):
    for name in entry["names"]:
        if name.split(".")[0] not in ("torch", "numpy", "operator") or name in UNSUITED:
            continue
        if resolve(name) is None:
            missing.append(name)
            continue
        libraries = ["torch", "numpy"] if name.startswith("operator.") else [name.split(".")[0]]
        for library in libraries:
            rng = drawn.generator(name + library)
            for _ in range(entry["draws"]):
                positional, named = drawn.draw(rng, library, name, entry["parameters"])
                record_call(recording, name, positional, named)
            for _ in range(NUMPY_DRAWS if library == "numpy" else 0):
                record_call(recording, name, *arrays.draw(rng, name, entry["parameters"]))


FILES = {f"numpy.{name}" for name in ("save", "savez", "savez_compressed", "savetxt", "load", "loadtxt", "genfromtxt", "fromfile",
                                      "fromregex", "ndarray.tofile", "ndarray.dump")}
UNSUITED = FILES | {"operator.[]", "operator.[]=", "torch.einsum", "numpy.einsum", "torch.Tensor.data_ptr"}


def record_layers(recording, cases):
    for name, made, options, positional, named in cases:
        case = {"layer": f"torch.nn.{name}", "make": [encode(value) for value in made], "args": [encode(value) for value in positional]}
        if options:
            case["options"] = {key: encode(value) for key, value in options.items()}
        if named:
            case["named"] = {key: encode(value) for key, value in named.items()}
        try:
            instance = getattr(torch.nn, name)(*made, **options)
        except Exception as error:
            recording.add(case, {"err": f"{type(error).__name__}: {error}".replace("\n", " ")[:100], "stage": "make"})
            continue
        answer = attempt(instance, positional, named)
        if "Lazy" not in name:
            answer["count"] = sum(p.numel() for p in instance.parameters())
        recording.add(case, answer)


def main():
    with open(sys.argv[1]) as file:
        catalogue = json.load(file)
    folder = sys.argv[2]
    missing = []
    recordings = {library: Recording(os.path.join(folder, f"{library}.jsonl")) for library in ("torch", "numpy", "operator", "einops", "layers", "database", "modules")}
    for entry in catalogue:
        for name in entry["names"]:
            library = name.split(".")[0]
            if library in recordings:
                draws = 16 if name in (entry["names"][0], entry["names"][-1]) else 8
                draw_calls(recordings[library], {**entry, "names": [name], "draws": draws}, missing)
    drawn_by_form = [*subscripts.calls(random.Random(0), 700), *patterns.calls(random.Random(0), 700)]
    for name, positional, named in [*chosen.calls(), *further.calls(), *drawn_by_form]:
        record_call(recordings[name.split(".")[0]], name, positional, named)
    for name, positional, named in database.calls(limit=12):
        record_call(recordings["database"], name, positional, named)
    record_layers(recordings["layers"], layers.cases())
    record_layers(recordings["modules"], database.modules(limit=24))
    for recording in recordings.values():
        recording.write()
    if missing:
        print("These names do not exist in the libraries:", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
