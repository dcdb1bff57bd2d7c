"""Patterns of einops and equations of einsum, drawn at random: most are right, some have one mistake. It knows how
patterns are written, not what they mean."""
import numpy as np

from encode import make

NAMES = ["b", "c", "h", "w", "t", "d", "n_head", "p1", "k"]
PRIMES = [2, 3, 5, 4, 1, 7, 6]


def tensor(rng, shape):
    library = rng.choice(["torch", "torch", "numpy"])
    return make(library, "float32", shape)


def left_side(rng):
    """Groups of names with their lengths; a group of several names is in parentheses."""
    names = rng.sample(NAMES, rng.choice([1, 2, 3, 4, 5]))
    groups, sizes = [], {}
    for name in names:
        sizes[name] = rng.choice(PRIMES)
        if groups and rng.random() < 0.25:
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups, sizes


def written(groups, rng):
    parts = []
    for group in groups:
        if group == ["..."] or (len(group) == 1 and group[0] != "" and not (rng.random() < 0.05)):
            parts.append(group[0])
        else:
            parts.append("(" + " ".join(group) + ")")
    return " ".join(parts)


def product(group, sizes):
    count = 1
    for name in group:
        count *= sizes.get(name, 1)
    return count


def regrouped(rng, names):
    names = list(names)
    rng.shuffle(names)
    groups = []
    for name in names:
        if groups and rng.random() < 0.3 and groups[-1] != ["1"]:
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def pattern(rng, kind):
    left, sizes = left_side(rng)
    names = [name for group in left for name in group]
    shape = [product(group, sizes) for group in left]
    given = {name: sizes[name] for group in left if len(group) > 1 for name in group[1:]}
    if rng.random() < 0.15:
        given.update({name: sizes[name] for name in names if rng.random() < 0.5})
    kept = [name for name in names if kind != "reduce" or rng.random() < 0.6]
    right = regrouped(rng, kept)
    if kind == "repeat":
        for name in rng.sample(["r", "s"], rng.choice([0, 1, 1, 2])):
            given[name] = rng.choice([2, 3])
            rng.choice(right).append(name) if right and rng.random() < 0.4 else right.insert(rng.randrange(len(right) + 1), [name])
        if rng.random() < 0.15:
            right.insert(rng.randrange(len(right) + 1), [rng.choice(["2", "3"])])
    if rng.random() < 0.25:
        extra = rng.choice([(), (2,), (3, 4)])
        at, to = rng.randrange(len(left) + 1), rng.randrange(len(right) + 1)
        left.insert(at, ["..."])
        shape[at:at] = extra
        if kind != "reduce" or rng.random() < 0.8:
            if right and rng.random() < 0.25:
                rng.choice(right).append("...")
            else:
                right.insert(to, ["..."])
    if rng.random() < 0.2:
        at = rng.randrange(len(left) + 1)
        if ["..."] not in left:
            left.insert(at, rng.choice([["1"], []]))
            shape.insert(at, 1)
    if rng.random() < 0.2:
        right.insert(rng.randrange(len(right) + 1), rng.choice([["1"], []]))
    mistake(rng, left, right, shape, given)
    arrow = rng.choice([" -> ", " -> ", "->", " ->  "])
    return written(left, rng) + arrow + written(right, rng), tuple(shape), given


def mistake(rng, left, right, shape, given):
    kind = rng.random()
    if kind < 0.05 and shape:
        shape[rng.randrange(len(shape))] += 1
    elif kind < 0.08:
        shape.append(2)
    elif kind < 0.11 and shape:
        shape.pop()
    elif kind < 0.14 and right:
        right.pop()
    elif kind < 0.16:
        right.append(["zz"])
    elif kind < 0.18 and right:
        right.append([right[0][0]] if right[0] else ["b"])
    elif kind < 0.2 and given:
        given[rng.choice(list(given))] += 1
    elif kind < 0.22:
        given["unused"] = 2
    elif kind < 0.24 and given:
        given.pop(rng.choice(list(given)))
    elif kind < 0.25:
        left.append(["2"])


def einops_calls(rng):
    kind = rng.choice(["rearrange", "rearrange", "reduce", "repeat"])
    text, shape, given = pattern(rng, kind)
    x = tensor(rng, shape)
    if rng.random() < 0.08 and shape:
        x = [make("torch" if not isinstance(x, np.ndarray) else "numpy", "float32", shape[1:]) for _ in range(shape[0])]
    more = [rng.choice(["mean", "sum", "max", "min"])] if kind == "reduce" else []
    return f"einops.{kind}", [x, text, *more], given


def parse_calls(rng):
    names = rng.sample(NAMES, rng.choice([1, 2, 3]))
    shape = tuple(rng.choice(PRIMES) for _ in names)
    parts = [rng.choice([name, name, "_"]) for name in names]
    if rng.random() < 0.2:
        parts.insert(rng.randrange(len(parts) + 1), "...")
    if rng.random() < 0.15:
        parts.append("b")
    return "einops.parse_shape", [tensor(rng, shape), " ".join(parts)], {}


def pack_calls(rng):
    library = rng.choice(["torch", "numpy"])
    before, after = rng.choice([[], [2], [2, 3]]), rng.choice([[], [4], [4, 5]])
    names = ["b", "c"][:len(before)] + ["*"] + ["h", "w"][:len(after)]
    middles = [rng.choice([(), (3,), (5, 2), (1,)]) for _ in range(rng.choice([1, 2, 3]))]
    shapes = [tuple(before) + middle + tuple(after) for middle in middles]
    if rng.random() < 0.12:
        shapes[-1] = shapes[-1] + (2,)
    if rng.random() < 0.08:
        names.remove("*")
    if rng.random() < 0.55:
        return "einops.pack", [[make(library, "float32", shape) for shape in shapes], " ".join(names)], {}
    sizes = [int(np.prod(middle)) for middle in middles]
    total = sum(sizes) + (rng.random() < 0.15)
    whole = make(library, "float32", tuple(before) + (total,) + tuple(after))
    packed = [list(middle) if rng.random() < 0.5 else middle for middle in middles]
    if rng.random() < 0.2:
        packed[rng.randrange(len(packed))] = (-1,)
    return "einops.unpack", [whole, packed, " ".join(names)], {}


def einsum_calls(rng):
    library = rng.choice(["torch", "numpy"])
    letters = rng.sample("abcdefijkXYZ", rng.choice([1, 2, 3, 4]))
    sizes = {letter: rng.choice(PRIMES) for letter in letters}
    inputs = [[rng.choice(letters) for _ in range(rng.choice([0, 1, 2, 2, 3]))] for _ in range(rng.choice([1, 2, 2, 3]))]
    if rng.random() < 0.75:
        inputs = [list(dict.fromkeys(one)) for one in inputs]
    rest = rng.choice([(), (2,), (3, 2)])
    shapes = []
    for one in inputs:
        shape = [sizes[letter] if rng.random() < 0.97 else rng.choice([1, 9]) for letter in one]
        if rng.random() < 0.3:
            at = rng.randrange(len(one) + 1)
            one.insert(at, "...")
            shape[at:at] = rng.choice([rest, rest, rest[1:], tuple(1 for _ in rest)])
        shapes.append(shape)
    used = list(dict.fromkeys(letter for one in inputs for letter in one if letter != "..."))
    text = rng.choice([",", ", "]).join(rng.choice(["", " "]).join(one) for one in inputs)
    if rng.random() < 0.8:
        output = rng.sample(used, rng.randrange(len(used) + 1))
        if any("..." in one for one in inputs) and rng.random() < 0.9:
            output.insert(rng.randrange(len(output) + 1), "...")
        if rng.random() < 0.04:
            output.append(rng.choice("zqa"))
        text += rng.choice(["->", " -> "]) + "".join(output)
    if rng.random() < 0.04:
        shapes[0].append(2)
    operands = [make(library, rng.choice(["float32", "float32", "float64"]) if library == "numpy" else "float32", tuple(shape)) for shape in shapes]
    if rng.random() < 0.15:
        return f"{library}.einsum", interleaved(rng, inputs, operands, text), {}
    named = {"optimize": rng.choice([True, "greedy"])} if library == "numpy" and rng.random() < 0.15 else {}
    return f"{library}.einsum", [text, *operands], named


def named_einsum_calls(rng):
    """Of einops: names of any length, the pattern last."""
    library = rng.choice(["torch", "numpy"])
    names = rng.sample(NAMES, rng.choice([2, 3, 4]))
    sizes = {name: rng.choice(PRIMES) for name in names}
    inputs = [rng.sample(names, rng.choice([1, 2, 2])) for _ in range(rng.choice([1, 2, 2, 3]))]
    rest = rng.choice([(), (2,), (3, 2)])
    shapes = []
    for one in inputs:
        shape = [sizes[name] + (rng.random() < 0.03) for name in one]
        if rng.random() < 0.2:
            one.insert(0, "...")
            shape[:0] = rest
        shapes.append(tuple(shape))
    used = list(dict.fromkeys(name for one in inputs for name in one if name != "..."))
    output = rng.sample(used, rng.randrange(len(used) + 1))
    if any("..." in one for one in inputs) and rng.random() < 0.9:
        output.insert(rng.randrange(len(output) + 1), "...")
    if rng.random() < 0.05:
        output.append(rng.choice(["zz", names[0]]))
    arrow = " -> " if rng.random() < 0.95 else " "
    text = ", ".join(" ".join(one) for one in inputs) + arrow + " ".join(output)
    return "einops.einsum", [*[make(library, "float32", shape) for shape in shapes], text], {}


def mixture(rng):
    """A layer of einops whose weight takes away some dimensions and adds others."""
    left, sizes = left_side(rng)
    names = [name for group in left for name in group]
    mixed = rng.sample(names, rng.randrange(1, len(names) + 1))
    fresh = rng.choice([[], ["out"], ["out"]])
    kept = [name for name in names if name not in mixed or rng.random() < 0.3]
    right = regrouped(rng, kept + fresh)
    given = {name: sizes[name] for group in left for name in group if name in mixed or len(group) > 1}
    given.update({name: 6 for name in fresh})
    bias = [name for group in right for name in group if name in given and rng.random() < 0.5]
    shape = [product(group, sizes) for group in left]
    if rng.random() < 0.2:
        left.insert(at := rng.randrange(len(left) + 1), ["..."])
        shape[at:at] = rng.choice([(), (2,), (3, 2)])
        if rng.random() < 0.95:
            right.insert(rng.randrange(len(right) + 1), ["..."])
    if rng.random() < 0.15 and shape:
        shape[rng.randrange(len(shape))] = rng.choice([1, 9])
    if rng.random() < 0.08:
        shape.append(2)
    if rng.random() < 0.08:
        given.pop(rng.choice(list(given)))
    made = [written(left, rng) + " -> " + written(right, rng), " ".join(mixed + fresh), " ".join(bias) if bias else None]
    return "einops.layers.torch.EinMix", made, given, [make("torch", "float32", tuple(shape))], {}


def layers(rng, count):
    for _ in range(count):
        kind = rng.choice(["rearrange", "reduce"])
        text, shape, given = pattern(rng, kind)
        more = [rng.choice(["mean", "sum", "max", "min"])] if kind == "reduce" else []
        yield f"einops.layers.torch.{kind.capitalize()}", [text, *more], given, [make("torch", "float32", shape)], {}
        yield mixture(rng)


def interleaved(rng, inputs, operands, text):
    """The same with numbers in place of letters."""
    letters = sorted({letter for one in inputs for letter in one if letter != "..."})
    numbers = lambda one: [Ellipsis if letter == "..." else letters.index(letter) for letter in one]
    args = [part for operand, one in zip(operands, inputs) for part in (operand, numbers(one))]
    if "->" not in text:
        return args
    used = [letter for letter in letters if rng.random() < 0.5]
    return [*args, numbers(used + (["..."] if any("..." in one for one in inputs) else []))]


def calls(rng, count):
    for _ in range(count):
        yield einops_calls(rng)
        yield einsum_calls(rng)
        if rng.random() < 0.4:
            yield pack_calls(rng)
        if rng.random() < 0.15:
            yield parse_calls(rng)
    for _ in range(count // 4):
        yield named_einsum_calls(rng)
