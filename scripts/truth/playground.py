"""Records what NumPy and PyTorch make of operand shapes, for the playground's own arithmetic of shapes.

Run with both installed: python scripts/truth/playground.py > test/truth/playground.json
"""

import itertools
import json

import numpy as np
import torch

MATRICES = [
    (3,), (5,), (1,),
    (2, 3), (3, 2), (3, 3), (1, 3), (3, 5), (5, 3),
    (4, 2, 3), (4, 3, 5), (1, 3, 5), (7, 3, 5),
    (2, 4, 2, 3), (2, 1, 3, 5), (4, 4, 3, 5), (2, 4, 5, 3),
]

ATTENTION = [
    ((5, 4), (5, 4), (5, 4)),
    ((5, 4), (7, 4), (7, 6)),
    ((5, 4), (7, 3), (7, 6)),
    ((5, 4), (7, 4), (6, 6)),
    ((2, 5, 4), (2, 7, 4), (2, 7, 4)),
    ((2, 3, 5, 4), (2, 3, 7, 4), (2, 3, 7, 6)),
    ((2, 6, 5, 4), (2, 3, 7, 4), (2, 3, 7, 4)),
    ((2, 6, 5, 4), (2, 4, 7, 4), (2, 4, 7, 4)),
    ((2, 3, 5, 4), (5, 3, 7, 4), (5, 3, 7, 4)),
]


def turned(array, on):
    return np.swapaxes(array, -2, -1) if on and array.ndim > 1 else array


def matmul(a, b, transpose_a, transpose_b):
    try:
        return list((turned(np.zeros(a), transpose_a) @ turned(np.zeros(b), transpose_b)).shape)
    except ValueError:
        return None


def attention(q, k, v):
    grouped = len(q) > 2 and q[-3] != k[-3]
    try:
        zeros = [torch.zeros(shape) for shape in (q, k, v)]
        return list(torch.nn.functional.scaled_dot_product_attention(*zeros, enable_gqa=grouped).shape)
    except RuntimeError:
        return None


cases = {
    "matmul": [
        {"a": a, "b": b, "transposeA": ta, "transposeB": tb, "shape": matmul(a, b, ta, tb)}
        for a, b in itertools.product(MATRICES, MATRICES)
        for ta, tb in [(False, False), (False, True), (True, False)]
    ],
    "attention": [{"q": q, "k": k, "v": v, "shape": attention(q, k, v)} for q, k, v in ATTENTION],
}
print("{")
print(f'  "libraries": "numpy {np.__version__}, torch {torch.__version__}",')
for name, last in [("matmul", False), ("attention", True)]:
    print(f'  "{name}": [')
    print(",\n".join("    " + json.dumps(case) for case in cases[name]))
    print("  ]" if last else "  ],")
print("}")
