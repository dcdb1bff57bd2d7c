"""Compiles Python so that every expression and every bound name reports its value.

It knows Python's syntax tree and what a tensor is. It must not know what the records are for: who reads
them, in which files they end up, or what an analyser says about the same places.
"""
import ast
import copy
import sys


class Run:
    """One call of a function (or of the module): what each place in it was seen to hold."""

    def __init__(self, function, line):
        self.function, self.line, self.seen = function, line, {}


class Recorder:
    """The places of one source text, and the runs of its functions."""

    LIMIT = 24

    def __init__(self, text, path):
        self.lines, self.path = text.split("\n"), path
        self.places, self.runs = [], []
        self.sizes = {}  # By function, where a run was made up from named sizes.
        self.tree = ast.fix_missing_locations(_Wrap(self).visit(ast.parse(text, path)))
        self.code = compile(self.tree, path, "exec")

    def names(self):
        """What the compiled code expects to find among its globals."""
        return {"__see__": self.see, "__enter_run__": self.enter}

    def place(self, line, byte, end_line, end_byte):
        self.places.append([line - 1, self.utf16(line, byte), end_line - 1, self.utf16(end_line, end_byte)])
        return len(self.places) - 1

    def utf16(self, line, byte):
        return len(self.lines[line - 1].encode()[:byte].decode().encode("utf-16-le")) // 2

    def enter(self, function, line):
        self.runs.append(Run(function, line))
        return self.runs[-1]

    def see(self, place, value, run):
        values = run.seen.setdefault(place, [])
        if len(values) < self.LIMIT:
            described = describe(value)
            if described not in values:
                values.append(described)
        return value


def compile_statements(recorder):
    """The top-level statements one by one, for running what comes after one that raises."""
    for statements in recorder.statements:
        yield compile(ast.Module(statements, []), recorder.path, "exec")


def describe(value):
    """A tensor is `[dtype, *sizes]`, an integer itself, integers in a tuple `{"tuple": …}`, anything else its kind."""
    import numpy
    import torch

    if isinstance(value, torch.Tensor):
        return [str(value.dtype).removeprefix("torch."), *value.shape]
    if "jax" in sys.modules and isinstance(value, sys.modules["jax"].Array):
        return [str(value.dtype), *value.shape]
    if isinstance(value, numpy.ndarray):
        return [str(value.dtype), *value.shape]
    if isinstance(value, numpy.generic):
        return {"scalar": str(value.dtype)}
    if type(value) is int:
        return value if abs(value) < 2**53 else "int"
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return {"tuple": list(value)} if all(type(v) is int for v in value) else "tuple"
    if value is None:
        return "none"
    if isinstance(value, torch.nn.Module):
        return "layer"
    kinds = {bool: "bool", float: "float", str: "string", list: "list", dict: "dict", set: "set", range: "object"}
    return kinds.get(type(value), "object")


class _Wrap(ast.NodeTransformer):
    def __init__(self, recorder):
        self.recorder = recorder

    # Expressions

    def _see(self, place, value):
        run = ast.Name("__run__", ast.Load())
        return ast.copy_location(ast.Call(ast.Name("__see__", ast.Load()), [ast.Constant(place), value, run], []), value)

    def _node(self, node):
        place = self.recorder.place(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        inner = self.generic_visit(node)
        return self._see(place, inner) if isinstance(getattr(node, "ctx", ast.Load()), ast.Load) else inner

    visit_Name = visit_Attribute = visit_Subscript = visit_Call = visit_BinOp = visit_UnaryOp = _node
    visit_BoolOp = visit_Compare = visit_IfExp = _node

    def visit_NamedExpr(self, node):
        place = self._at(node.target)
        node.value = self._see(place, self.visit(node.value))
        return self._see(self.recorder.place(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset), node)

    def visit_JoinedStr(self, node):
        return node  # Python before 3.12 does not say where the expressions inside stand.

    def visit_Lambda(self, node):
        probes = [self._see(self._parameter(a), ast.Name(a.arg, ast.Load())) for a in _parameters(node.args)]
        enter = self._enter("<lambda>", node.lineno)
        body = ast.Subscript(ast.Tuple([*probes, self.visit(node.body)], ast.Load()), ast.Constant(-1), ast.Load())
        run = ast.arguments([], [ast.arg("__run__")], None, [], [], None, [])
        node.body = ast.Call(ast.Lambda(run, body), [enter], [])
        return node

    # Bindings

    def _at(self, node):
        return self.recorder.place(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def _bound(self, target):
        """Statements that look at what has just been bound."""
        if isinstance(target, (ast.Name, ast.Attribute)):
            value = copy.deepcopy(target)
            value.ctx = ast.Load()
            yield ast.copy_location(ast.Expr(self._see(self._at(target), value)), target)
        elif isinstance(target, ast.Starred):
            yield from self._bound(target.value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for item in target.elts:
                yield from self._bound(item)

    def _last_of_each(self, looks):
        """`a, _, b, _ = …` binds a name twice: only the last place can still be looked at."""
        last = {ast.unparse(look.value.args[1]): look for look in looks}
        return list(last.values())

    def _target(self, node):
        if isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred, ast.Tuple, ast.List)):
            return self.generic_visit(node)
        return node

    def visit_Assign(self, node):
        looks = self._last_of_each(look for target in node.targets for look in self._bound(target))
        node.value = self.visit(node.value)
        node.targets = [self._target(t) for t in node.targets]
        return [node, *looks]

    def visit_AugAssign(self, node):
        looks = list(self._bound(node.target))
        node.value, node.target = self.visit(node.value), self._target(node.target)
        return [node, *looks]

    def visit_AnnAssign(self, node):
        if node.value is None:
            return node
        looks = list(self._bound(node.target))
        node.value = self.visit(node.value)
        return [node, *looks]

    def visit_For(self, node):
        looks = list(self._bound(node.target))
        node.iter = self.visit(node.iter)
        node.body = [*looks, *self._body(node.body)]
        node.orelse = self._body(node.orelse)
        return node

    def visit_With(self, node):
        looks = [look for item in node.items if item.optional_vars for look in self._bound(item.optional_vars)]
        for item in node.items:
            item.context_expr = self.visit(item.context_expr)
        node.body = [*looks, *self._body(node.body)]
        return node

    # Definitions

    def _enter(self, name, line):
        return ast.Call(ast.Name("__enter_run__", ast.Load()), [ast.Constant(name), ast.Constant(line)], [])

    def _body(self, statements):
        visited = [self.visit(s) for s in statements]
        return [s for v in visited for s in (v if isinstance(v, list) else [v])]

    def _parameter(self, arg):
        return self.recorder.place(arg.lineno, arg.col_offset, arg.lineno, arg.col_offset + len(arg.arg.encode()))

    def visit_Module(self, node):
        start = 1 if node.body and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant) else 0
        while start < len(node.body) and getattr(node.body[start], "module", None) == "__future__":
            start += 1
        run = ast.Assign([ast.Name("__run__", ast.Store())], self._enter("<module>", 1), lineno=1, col_offset=0)
        groups = [node.body[:start], [run], *(self._body([s]) for s in node.body[start:])]
        self.recorder.statements = [group for group in groups if group]
        node.body = [s for group in groups for s in group]
        return node

    def visit_FunctionDef(self, node):
        first = node.body[0]
        probes = [
            ast.copy_location(ast.Expr(self._see(self._parameter(a), ast.Name(a.arg, ast.Load()))), first)
            for a in _parameters(node.args)
        ]
        run = ast.Assign([ast.Name("__run__", ast.Store())], self._enter(node.name, node.lineno))
        skip = 1 if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else 0
        body = self._body(node.body[skip:])
        node.body = [*node.body[:skip], ast.copy_location(run, first), *probes, *body]
        node.args.defaults = [self.visit(d) for d in node.args.defaults]
        node.args.kw_defaults = [d and self.visit(d) for d in node.args.kw_defaults]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        node.body = self._body(node.body)
        return node

    def visit_match_case(self, node):
        node.guard = node.guard and self.visit(node.guard)
        node.body = self._body(node.body)
        return node

    def visit_Delete(self, node):
        return node


def _parameters(args):
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, [args.vararg, args.kwarg])]
