"""Runs the Markdown fixtures with the real libraries and checks every mark against what was seen.

    .venv/bin/python scripts/truth/fixtures.py [THEME…]

Each top-level statement runs on its own, so that one that raises does not hide the next. A function that
nobody calls is called with tensors of the shapes that comments state for its parameters, for each name a
prime of its own times a factor that all of them share, so that divisions come out. A block marked `python drive` runs after the program, and one marked `python somewhere` is the module of
that name, which the analyser does not get to see. It knows the fixtures' notation, not the analyser.
"""
import ast
import contextlib
import hashlib
import io
import json
import re
import sys
import traceback
import types
import warnings
from pathlib import Path

import jax.numpy
import numpy
import torch

from instrument import Recorder, compile_statements

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "test/fixtures"
RECORDS = ROOT / "test/truth/fixtures"
FACTOR = 6
PRIMES = [5, 7, 11, 13, 17, 19, 23, 29, 31, 37]
VALUE_MARK = re.compile(r"#: (\S.*?)\s*$")
SPAN_MARK = re.compile(r"^\s*# *(\^+) (\S.*?)\s*$")


def read(markdown):
    """Title, program lines and drive lines of each test."""
    tests, block = [], None
    for line in markdown.split("\n"):
        if line.startswith("```"):
            kinds = {"```python": "text", "```python drive": "drive", "```python somewhere": "somewhere"}
            block = None if block else kinds.get(line, "none")
        elif block is None and re.match(r"#+ ", line):
            tests.append({"title": line.lstrip("# "), "text": [], "drive": [], "somewhere": []})
        elif block in ("text", "drive", "somewhere"):
            tests[-1][block].append(line)
    return [test for test in tests if test["text"]]


def marks(lines):
    """(line, columns or None, expectation) with zero-based lines."""
    code = 0
    for number, line in enumerate(lines):
        span = SPAN_MARK.match(line)
        value = None if span else VALUE_MARK.search(line)
        if span:
            yield code, (line.index("^"), line.index("^") + len(span[1])), span[2]
        elif value:
            yield number, None, value[1]
        if not span and line.strip():
            code = number


# Running


def execute(test):
    """Runs a test; returns its recorder and the lines that raised, with what was said."""
    path = "fixture.py"
    recorder = Recorder("\n".join(test["text"]), path)
    raised = {}
    torch.manual_seed(0)
    numpy.random.seed(0)
    namespace = {"__name__": "__main__", **recorder.names()}

    def attempt(action):
        try:
            action()
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
            if frames:
                raised.setdefault(frames[-1].lineno - 1, f"{type(error).__name__}: {str(error)[:160]}")
            else:
                raise

    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), unpatched(), somewhere(test):
        warnings.simplefilter("ignore")
        for code in compile_statements(recorder):
            attempt(lambda: exec(code, namespace))
        if test["drive"]:
            for node in ast.parse("\n".join(test["drive"])).body:
                code = compile(ast.Module([node], []), "drive", "exec")
                attempt(lambda: exec(code, namespace))
        for call in uncalled(test["text"], recorder, namespace):
            attempt(call)
    return recorder, raised


@contextlib.contextmanager
def unpatched():
    """Takes back what a program did to the libraries themselves."""
    owners = [torch, torch.Tensor, torch.nn.functional, torch.nn.Module, numpy]
    before = [dict(vars(owner)) for owner in owners]
    yield
    for owner, kept in zip(owners, before):
        for name in set(vars(owner)) - set(kept):
            if not isinstance(vars(owner)[name], types.ModuleType):  # A module that was imported late.
                delattr(owner, name)
        for name, value in kept.items():
            if vars(owner)[name] is not value:
                setattr(owner, name, value)


@contextlib.contextmanager
def somewhere(test):
    module = types.ModuleType("somewhere")
    exec("\n".join(test["somewhere"]), vars(module))
    sys.modules["somewhere"] = module
    yield
    del sys.modules["somewhere"]


def uncalled(lines, recorder, namespace):
    """Calls of the top-level functions that did not run, as their comments and annotations describe them."""
    ran = {run.function for run in recorder.runs}
    primes, sizes = iter(PRIMES), {}
    for node in ast.parse("\n".join(lines)).body:
        if not isinstance(node, ast.FunctionDef) or node.name in ran:
            continue
        shapes = parameter_shapes(node, lines)
        args = [a for a in node.args.args if a.arg in shapes]
        required = len(node.args.args) - len(node.args.defaults)
        if not shapes or any(a.arg not in shapes for a in node.args.args[:required]):
            continue
        for dim in (d for a in args for d in shapes[a.arg]):
            for name in re.findall(r"[A-Za-z_]\w*", dim):
                sizes[name] = sizes.get(name) or FACTOR * next(primes)
        make = (lambda dims: jax.numpy.ones(dims)) if "import jax" in "\n".join(lines) else torch.rand
        tensors = {a.arg: make([eval(d, {}, sizes) for d in shapes[a.arg]]) for a in args}
        recorder.sizes[node.name] = sizes
        yield lambda function=namespace[node.name], tensors=tensors: function(**tensors)


def parameter_shapes(node, lines):
    """Shapes by parameter, from comments at the header, docstrings and jaxtyping annotations."""
    last = node.body[0].lineno - (1 if node.body[0].lineno > node.lineno else 0)
    header = [re.sub(VALUE_MARK, "", line) for line in lines[node.lineno - 1 : last]]
    docstring = ast.get_docstring(node) or ""
    shapes = {}
    for arg in node.args.args:
        annotation = ast.unparse(arg.annotation) if arg.annotation else ""
        quoted = re.match(r"\w+\[[\w.]+, '([^']*)'\]", annotation)
        own = re.search(rf"\b{arg.arg}\b[^#\n]*#[^(\[]*[(\[]([^)\]]*)[)\]]", "\n".join(header))
        named = re.search(rf"\b{arg.arg} *:[^(\n]*\(([^)]*)\)", "\n".join([*header, docstring]))
        found = (named if named and "#" in "".join(header) + docstring or docstring else None) or own
        if quoted:
            shapes[arg.arg] = quoted[1].split()
        elif found:
            shapes[arg.arg] = [d.strip() for d in found[1].split(",") if d.strip()]
    return shapes


# Checking


def split(text):
    """The dimensions of a printed shape, or None if it is none."""
    inner = re.fullmatch(r"\((.*)\)", text.strip())
    if not inner:
        return None
    dims, depth = [""], 0
    for c in inner[1]:
        depth += (c in "([") - (c in ")]")
        if c == "," and depth == 0:
            dims.append("")
        else:
            dims[-1] += c
    return [d.strip() for d in dims if d.strip()]


def parts(text):
    """`(2, 3), (4,)` states one value for each target."""
    pieces, depth = [""], 0
    for c in text:
        depth += (c in "(") - (c in ")")
        if c == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += c
    return [p.strip() for p in pieces]


def sizes_of(value):
    return value[1:] if isinstance(value, list) else value["tuple"] if isinstance(value, dict) and "tuple" in value else None


def agrees(expected, value, env, later):
    """Whether a printed value can be what was seen. Names take the first size they meet; formulas wait."""
    shape, _, dtype = re.fullmatch(r"(\(.*\)|[^ ]*)(?:( )([a-z]+\d*|[?]))?", expected).groups() if " " in expected else (expected, "", None)
    dims = split(shape)
    if dims is None:
        if isinstance(value, int):
            later.append((expected, value))
        return not isinstance(value, list)
    sizes = sizes_of(value)
    if sizes is None:
        return isinstance(value, dict) and "scalar" in value and dims == []
    if dtype and dtype != "?" and isinstance(value, list) and value[0] != dtype:
        return False
    if dims and (dims[0] == "…" or dims[0].startswith("*")):
        dims = dims[1:]
        sizes = sizes[len(sizes) - len(dims) :] if len(sizes) >= len(dims) else []
    if len(dims) != len(sizes):
        return False
    for dim, size in zip(dims, sizes):
        if dim.isidentifier() and dim not in env:
            env[dim] = size
        elif dim != "?":
            later.append((dim, size))
    return True


def fits(expected, value):
    """Whether a shape in numbers is exactly what was seen."""
    later = []
    return agrees(expected, value, {}, later) and all(dim == str(size) for dim, size in later)


def named_sizes(recorder, run):
    """Integers that the run has under a name: its own variables, attributes, and the names in its comments."""
    env = dict(recorder.sizes.get(run.function, {}))
    for place, values in run.seen.items():
        line, start, end_line, end = recorder.places[place]
        name = recorder.lines[line][start:end].rsplit(".", 1)[-1]
        if line == end_line and name.isidentifier() and len(values) == 1 and type(values[0]) is int:
            env.setdefault(name, values[0])
    return env


def evaluate(text, env):
    try:
        return eval(text.replace("…", "None"), {"__builtins__": {"min": min, "max": max, "abs": abs}}, dict(env))
    except Exception:
        return None


def problems_of(recorder, raised, marks_of_test):
    values = []
    for line, columns, expected in marks_of_test:
        if expected.startswith("!"):
            warning = expected.split()[-1] in ("warning", "information")
            if not warning and not any(line <= at <= line for at in raised):
                yield f"line {line + 1}: {expected}, but nothing raises there"
        elif expected != "?":
            # A size that is called after where a parameter has it is a name like any other.
            values.append((line, columns, re.sub(r"(\w+)\.shape\[(\d+)\]", r"\1_shape_\2", expected)))
    seen = set()
    for run in recorder.runs:
        env, later, bad = named_sizes(recorder, run), [], []
        for line, columns, expected in values:
            places = places_of(recorder, line, columns)
            general, *calls = expected.split(" · ")
            texts = [general] if len(places) == 1 else parts(general)
            if len(texts) != len(places):
                bad.append(f"line {line + 1}: {len(places)} values, {expected}")
                continue
            for place, text in zip(places, texts):
                for value in run.seen.get(place, []):
                    seen.add((line, columns))
                    if text != "?" and not any(agrees(t, value, env, later) for t in text.split(" | ")):
                        bad.append(f"line {line + 1}: {text}, but it is {value}")
            for call in calls:
                if not any(fits(call, v) for r in recorder.runs for v in r.seen.get(places[0], [])):
                    bad.append(f"line {line + 1}: never {call}")
        for text, size in later:
            known = evaluate(text, env)
            if known != size:
                bad.append(f"{text} is {known}, but the size is {size} in {run.function}")
        yield from bad
    for line, columns, expected in values:
        if (line, columns) not in seen:
            yield f"line {line + 1}: {expected} was never seen"


def places_of(recorder, line, columns):
    """The recorded places that a mark speaks of."""
    if columns:
        exact = [line, columns[0], line, columns[1]]
        return [i for i, place in enumerate(recorder.places) if place == exact][:1]
    for node in ast.walk(ast.parse("\n".join(recorder.lines))):
        end = node.iter.end_lineno if isinstance(node, ast.For) else getattr(node, "end_lineno", None)
        if end != line + 1:
            continue
        found = [target_place(recorder, t) for t in marked(node)]
        if found:
            return found
    return []


def marked(node):
    if isinstance(node, ast.Assign):
        return list(flat(node.targets[0]))
    if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For)):
        return list(flat(node.target))
    if isinstance(node, (ast.Expr, ast.Return)) and node.value is not None:
        return [node.value]
    return []


def flat(target):
    if isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            yield from flat(item)
    else:
        yield target.value if isinstance(target, ast.Starred) else target


def target_place(recorder, node):
    exact = [
        node.lineno - 1,
        recorder.utf16(node.lineno, node.col_offset),
        node.end_lineno - 1,
        recorder.utf16(node.end_lineno, node.end_col_offset),
    ]
    return recorder.places.index(exact) if exact in recorder.places else -1


def main():
    wanted, failed = set(sys.argv[1:]), False
    for path in sorted(FIXTURES.rglob("*.md")):
        name = path.relative_to(FIXTURES).with_suffix("").as_posix()
        if wanted and not wanted & {name, path.parent.name}:
            continue
        text, total, problems = path.read_text(), 0, []
        raises = {}
        for test in read(text):
            recorder, raised = execute(test)
            expected = list(marks(test["text"]))
            total += len(expected)
            found = list(dict.fromkeys(problems_of(recorder, raised, expected)))
            unmarked = [at for at in raised if not (any(m[0] == at and m[2].startswith("!") for m in expected) or "# raises" in test["text"][at])]
            found += [f"line {at + 1} raises, unmarked: {raised[at]}" for at in unmarked]
            problems += [f"{name}: {test['title']}: {p}" for p in found]
            if raised:
                raises[test["title"]] = {str(at + 1): message for at, message in sorted(raised.items())}
        print(name, total, "marks,", len(problems), "problems")
        print(*problems, sep="\n")
        failed = failed or bool(problems)
        if not problems:
            record = {"sha256": hashlib.sha256(text.encode()).hexdigest(), "marks": total, "raises": raises}
            into = RECORDS / f"{name}.json"
            into.parent.mkdir(exist_ok=True)
            into.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
