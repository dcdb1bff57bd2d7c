"""Runs the programs of test/programs for real and records what they hold.

    .venv/bin/python scripts/truth/programs.py [NAME…]

For each correct program (a file, or a folder with a main.py): the values seen at every expression, one
record for each distinct call of each function. For each broken twin: the line that raises and the library's message. It knows nothing of the analyser.
"""
import contextlib
import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import sys
import traceback
import warnings
from pathlib import Path

import numpy
import torch

from instrument import Recorder

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "test/programs"
RECORDS = ROOT / "test/truth/programs"
RUNS_OF_A_FUNCTION = 24


def execute(code, path, names):
    """Runs a program and then its driver, if it has one, in the same namespace."""
    torch.manual_seed(0)
    numpy.random.seed(0)
    namespace = {"__name__": "__main__", "__file__": str(path), **names}
    driver = PROGRAMS / "drivers" / f"{path.name.split('.')[0]}.py"
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(code, namespace)
        if driver.exists():
            exec(compile(driver.read_text(), str(driver), "exec"), namespace)


class Project(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules of one folder, recorded."""

    def __init__(self, root):
        self.root, self.recorders = root, {}

    def record(self, path):
        name = path.relative_to(self.root).as_posix()
        self.recorders[name] = Recorder(path.read_text(), str(path))
        return self.recorders[name]

    def find_spec(self, fullname, path, target=None):
        spec = importlib.machinery.PathFinder.find_spec(fullname, path or [str(self.root)])
        if spec is not None and spec.origin is None and all(
            str(folder).startswith(str(self.root)) for folder in spec.submodule_search_locations
        ):
            return spec  # A folder without a file of its own.
        if spec is None or spec.origin is None or not spec.origin.startswith(str(self.root)):
            return None
        return importlib.util.spec_from_file_location(
            fullname, spec.origin, loader=self, submodule_search_locations=spec.submodule_search_locations
        )

    def exec_module(self, module):
        recorder = self.record(Path(module.__spec__.origin))
        vars(module).update(recorder.names())
        exec(recorder.code, vars(module))


def record_project(folder):
    """A program of several files: one record for each of them."""
    project, before = Project(folder), set(sys.modules)
    sys.meta_path.insert(0, project)
    try:
        main = project.record(folder / "main.py")
        execute(main.code, folder / "main.py", main.names())
    finally:
        sys.meta_path.remove(project)
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
                del sys.modules[name]
    target = RECORDS / folder.name
    target.mkdir(exist_ok=True)
    for name, recorder in project.recorders.items():
        save(target / f"{name.replace('/', '.')}.json", f"{folder.name}/{name}", folder / name, recorder)
    return f"{len(project.recorders)} files"


def distinct_runs(runs):
    """The runs that saw something new, at most a few for each function."""
    kept, known, counts = [], set(), {}
    for run in runs:
        seen = [[place, *values] for place, values in sorted(run.seen.items())]
        key = json.dumps([run.function, run.line, seen])
        function = (run.function, run.line)
        if not seen or key in known or counts.get(function, 0) >= RUNS_OF_A_FUNCTION:
            continue
        known.add(key)
        counts[function] = counts.get(function, 0) + 1
        kept.append({"function": run.function, "line": run.line, "seen": seen})
    return kept


def sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(path, fields):
    """One run, and one place, a line: a change of one program stays readable as a diff."""
    lines = []
    for key, value in fields.items():
        if isinstance(value, list):
            rows = ",\n".join("  " + json.dumps(row) for row in value)
            lines.append(f'"{key}": [\n{rows}\n]')
        else:
            lines.append(f'"{key}": {json.dumps(value)}')
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def record_correct(path):
    recorder = Recorder(path.read_text(), str(path))
    execute(recorder.code, path, recorder.names())
    save(RECORDS / f"{path.stem}.json", path.name, path, recorder)
    return f"{len(recorder.places)} places"


def save(target, name, path, recorder):
    runs = distinct_runs(recorder.runs)
    write(target, {"program": name, "sha256": sha(path), "places": recorder.places, "runs": runs})


def crash(path):
    """Where the program raises: the innermost line of its own, and what was said."""
    try:
        execute(compile(path.read_text(), str(path), "exec"), path, {})
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        return {"line": frames[-1].lineno, "exception": type(error).__name__, "message": str(error)[:300]}
    return None


def main():
    wanted = set(sys.argv[1:])
    failures = []
    for path in sorted((PROGRAMS / "correct").iterdir()):
        if wanted and path.stem not in wanted or path.name == "__pycache__":
            continue
        try:
            print(path.name, record_project(path) if path.is_dir() else record_correct(path))
        except Exception:
            failures.append(path.name)
            traceback.print_exc()
    twins = json.loads((PROGRAMS / "twins.json").read_text())
    crashes = []
    for twin in twins:
        path = PROGRAMS / "broken" / twin["file"]
        seen = crash(path)
        crashes.append({"file": twin["file"], "sha256": sha(path), "crash": seen})
        if seen is None or seen["line"] != twin["line"]:
            failures.append(f"{twin['file']}: expected line {twin['line']}, saw {seen}")
    write(RECORDS / "twins.json", {"twins": crashes})
    print(*failures, sep="\n")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
