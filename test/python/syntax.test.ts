/** Every construct of Python 3.8 to 3.14 and its program form. */
import { beforeAll, describe, expect, test } from "vitest";
import type { PythonFrontEnd } from "../../src/python/front-end.ts";
import { loadFrontEnd } from "./front-end.ts";
import { showProgram } from "./show.ts";

let python: PythonFrontEnd;

beforeAll(async () => {
  python = await loadFrontEnd();
});

/** Each source must be read without an error, as Python 3.8 to 3.14 read it. */
function reads(rows: readonly (readonly [source: string, form: string])[]): void {
  test.each(rows)("%s", (source, form) => {
    const program = python.parse(source);
    expect(showProgram(program)).toBe(form);
    expect(program.chunks.some(({ unit }) => unit.broken)).toBe(false);
  });
}

describe("literals", () => {
  reads([
    ["1_000", "1000"],
    ["0xFF", "255"],
    ["0o17", "15"],
    ["0b1_01", "5"],
    ["1.", "1f"],
    [".5", "0.5f"],
    ["1e-3", "0.001f"],
    ["1_0.0_1", "10.01f"],
    ["9007199254740993", "<opaque>"],
    ["3j", "<complex>"],
    ["1.5J", "<complex>"],
    ["*x.shape, n", "tuple(*x.shape, n)"],
    ["True, False, None, ...", "tuple(true, false, <none>, <ellipsis>)"],
    [`"a" 'b'`, `"ab"`],
    [String.raw`"\n\x41\u00e9\U0001F600\101\q\'"`, JSON.stringify(`\nA\u00e9\u{1F600}A\\q'`)],
    [String.raw`r"\n"`, JSON.stringify("\\n")],
    ["'''a\nb'''", JSON.stringify("a\nb")],
    ["'a\\\nb'", `"ab"`],
    [`b"x"`, "<bytes>"],
    [`u"x"`, `"x"`],
    [`Rb"x" b"y"`, "<bytes>"],
    [`""`, `""`],
  ]);
});

describe("f-strings and template strings", () => {
  reads([
    [`f"a{x}b"`, `f<"a" x "b">`],
    [`f"{{x}}"`, `"{x}"`],
    [`f"{a.b[0]}{c()}"`, `f<a.b[0] c()>`],
    [`f"{x!r}"`, `f<?(x)>`],
    [`f"{x:>{w}}"`, `f<?(x, w)>`],
    [`f"{x=}"`, `f<?(x)>`],
    [`"a" f"{x}" "b"`, `f<"a" x "b">`],
    [`f"{f"{x}"}"`, `f<f<x>>`],
    [`f"{d["k"]}"`, `f<d["k"]>`],
    ["f'''{\nx}'''", "f<x>"],
    [`t"{x}"`, `f<x>`],
    [`rf"\\d{x}"`, String.raw`f<"\\d" x>`],
  ]);
});

describe("operators", () => {
  reads([
    ["a + b * c", "(a + (b * c))"],
    ["(a + b) * c", "((a + b) * c)"],
    ["a @ b.T", "(a @ b.T)"],
    ["-x ** 2", "(- (x ** 2))"],
    ["2 ** -1", "(2 ** (- 1))"],
    ["a ** b ** c", "(a ** (b ** c))"],
    ["a // b % c", "((a // b) % c)"],
    ["a << b >> c", "((a << b) >> c)"],
    ["a & b | c ^ d", "((a & b) | (c ^ d))"],
    ["~a", "(~ a)"],
    ["not a == b", "(not (a == b))"],
    ["a or b and not c", "(a or (b and (not c)))"],
    ["a < b <= c != d", "(a < b <= c != d)"],
    ["a is not b not in c", "(a is not b not in c)"],
    ["a is b in c", "(a is b in c)"],
    ["a if b else c if d else e", "(a if b else (c if d else e))"],
    ["(y := f(x)) + y", "((y := f(x)) + y)"],
    ["await x ** 2", "(await x ** 2)"],
    ["await f(x).y", "await f(x).y"],
  ]);
});

describe("calls, attributes, indices", () => {
  reads([
    ["f()", "f()"],
    ["f(a, *b, c=1, **d)", "f(a, *b, c=1, **d)"],
    ["f(x for x in y)", "f(generator<x for x in y>)"],
    ["f(a)(b).c[d]", "f(a)(b).c[d]"],
    ["f((y := 1), (a, b))", "f((y := 1), tuple(a, b))"],
    ["print(x, end='')", 'print(x, end="")'],
    ["a[0]", "a[0]"],
    ["a[1:2]", "a[1:2:]"],
    ["a[::2]", "a[::2]"],
    ["a[:, None, ..., -1]", "a[tuple(::, <none>, <ellipsis>, (- 1))]"],
    ["a[b,]", "a[tuple(b)]"],
    ["a[(b, c)]", "a[tuple(b, c)]"],
    ["a[*b]", "a[*b]"],
    ["a[x:=1]", "a[(x := 1)]"],
    ["match.type(print)", "match.type(print)"],
  ]);
});

describe("containers and comprehensions", () => {
  reads([
    ["[a, *b]", "list(a, *b)"],
    ["()", "tuple()"],
    ["(a,)", "tuple(a)"],
    ["(a)", "a"],
    ["{a, b}", "set(a, b)"],
    ["{}", "dict()"],
    ["{a: b, **c}", "dict(a: b, **c)"],
    ["[x for x in y if x if z]", "list<x for x in y if x if z>"],
    ["[x for y in z for x in y]", "list<x for y in z for x in y>"],
    ["{k: v for k, v in d.items()}", "dict<k: v for tuple(k, v) in d.items()>"],
    ["{x async for x in y}", "set<x for x in y>"],
    ["(x for x, in y)", "generator<x for tuple(x) in y>"],
    ["lambda: 0", "lambda() 0"],
    ["lambda a, /, b=1, *c, d, **e: a", "lambda(/a, b=1, *c, !d, **e) a"],
    ["lambda *, a: a", "lambda(!a) a"],
  ]);
});

describe("assignments", () => {
  reads([
    ["a = b = c", "a = b = c"],
    ["a, b = b, a", "tuple(a, b) = tuple(b, a)"],
    ["a, *b = c", "tuple(a, *b) = c"],
    ["[a, (b, c)] = d", "list(a, tuple(b, c)) = d"],
    ["(a) = b", "a = b"],
    ["a, = b", "tuple(a) = b"],
    ["a.b, c[0] = d", "tuple(a.b, c[0]) = d"],
    ["a = *b, c", "a = tuple(*b, c)"],
    ["a = yield", "a = yield"],
    ["a: int", "a: int"],
    ["a: int = 1", "a: int = 1"],
    ["self.a: int = 1", "self.a: int = 1"],
    [`x: Float[Tensor, "b c"] = y`, `x: Float[tuple(Tensor, "b c")] = y`],
    [`x: "Tensor"`, `x: "Tensor"`],
    ["x: a.B[c] | None = y", "x: (a.B[c] | <none>) = y"],
    ["x: list[int] | None", "x: (list[int] | <none>)"],
    ["x: dict[str, list[int]] = {}", "x: dict[tuple(str, list[int])] = dict()"],
    ["a @= b", "a @= b"],
    ["a //= b", "a //= b"],
    ["a[0] **= b", "a[0] **= b"],
    ["a <<= 1; b >>= 2", "a <<= 1; b >>= 2"],
    ["type X = list[int]", "X = list[int]"],
    ["type X[T] = list[T]", "?[X]()"],
    ["type = 3", "type = 3"],
    ["match = case = _ = 1", "match = case = _ = 1"],
  ]);
});

describe("simple statements", () => {
  reads([
    ["import a", "import a"],
    ["import a.b.c as d, e", "import a.b.c as d, e"],
    ["from a.b import c as d, e", "from a.b import c as d, e"],
    ["from . import a", "from . import a"],
    ["from ...a import (b, c,)", "from ...a import b, c"],
    ["from a import *", "from a import *"],
    ["from __future__ import annotations", "from __future__ import annotations"],
    ["assert a, b", "assert a, b"],
    ["del a, b[0]", "del a, b[0]"],
    ["del (a, b)", "del a, b"],
    ["raise", "raise"],
    ["raise A(b) from c", "raise A(b)"],
    ["pass; break; continue", "pass; break; continue"],
    ["global a, b", "global a, b"],
    ["a; b;", "a; b"],
    ["a, b", "tuple(a, b)"],
    ["a,", "tuple(a)"],
    ["x = 1 \\\n    + 2", "x = (1 + 2)"],
  ]);
});

describe("compound statements", () => {
  reads([
    ["if a: b", "if a {b}"],
    ["if a:\n  b\nelif c:\n  d\nelse:\n  e", "if a {b} else {if c {d} else {e}}"],
    ["while a:\n  b\nelse:\n  c", "while a {b} else {c}"],
    ["for i, x in y:\n  b\nelse:\n  c", "for tuple(i, x) in y {b} else {c}"],
    ["for x in *a, b: pass", "for x in tuple(*a, b) {pass}"],
    ["async def f():\n  async for x in y: pass", "async def f() [x] {async for x in y {pass}}"],
    ["with a: b", "with a {b}"],
    ["with a as b, c: d", "with a as b, c {d}"],
    ["with (a as b, c as d,): e", "with a as b, c as d {e}"],
    ["with (open(a) as b): c", "with open(a) as b {c}"],
    ["with (a, b): c", "with a, b {c}"],
    ["with a as (b, c): d", "with a as tuple(b, c) {d}"],
    ["with a as b.c: d", "with a as b.c {d}"],
    [
      "try:\n  a\nexcept B as c:\n  d\nexcept (E, F):\n  g\nexcept:\n  h\nelse:\n  i\nfinally:\n  j",
      "try {a} except B as c {d} except tuple(E, F) as null {g} except  as null {h} else {i} finally {j}",
    ],
    ["try:\n  a\nexcept* B as c:\n  d", "try {a} except B as c {d} finally {}"],
    ["try:\n  a\nexcept B, C:\n  d", "try {a} except tuple(B, C) as null {d} finally {}"],
  ]);
});

describe("match", () => {
  const match = (pattern: string): string => `match x:\n  case ${pattern}: y`;
  reads(
    (
      [
        ["1", "1"],
        ["-1", "(- 1)"],
        ["1 + 2j", "<opaque>"],
        ['"a" "b"', '"ab"'],
        ["None", "<none>"],
        ["a.b", "a.b"],
        ["a", "$a"],
        ["_", "_"],
        ["(a)", "$a"],
        ["(a,)", "[$a]"],
        ["[a, *_, b]", "[$a, *_, $b]"],
        ["a, *b", "[$a, *b]"],
        ['{"k": a, -1: _, **r}', '{"k": $a, (- 1): _, **r}'],
        ["A()", "A()"],
        ["a.B(c, d=1, e=-2)", "a.B($c, d=1, e=(- 2))"],
        ["A(x=_)", "A(x=_)"],
        ["1 | -2 | a.b", "1 | (- 2) | a.b"],
        ["[a, b] as c", "[$a, $b] as c"],
        ["(1 | 2) as n", "1 | 2 as n"],
      ] as const
    ).map(([pattern, form]) => [match(pattern), `match x case ${form} {y}`] as const),
  );
  reads([
    ["match a, b:\n  case _ if c: d", "match tuple(a, b) case _ if c {d}"],
    ["match(x)", "match(x)"],
  ]);
});

describe("functions and classes", () => {
  reads([
    ["def f(): pass", "def f() [] {pass}"],
    ["def f(a, /, b: int, *c, d=1, **e) -> int: pass", "def f(/a, b: int, *c, !d=1, **e) -> int [] {pass}"],
    ["def f(*, a): pass", "def f(!a) [] {pass}"],
    ["def f(*args: *Ts): pass", "def f(*args: *Ts) [] {pass}"],
    ["def f(x: 'T' = 1): pass", `def f(x: "T"=1) [] {pass}`],
    ["def f[T: int, *Ts, **P](x: T) -> T: pass", "def f(x: T) -> T [] {pass}"],
    ["@a.b\n@c(1)\ndef f(): pass", "@a.b @c(1) def f() [] {pass}"],
    ["@(yield_ or x)[0]\nclass A: pass", "@(yield_ or x)[0] class A() {pass}"],
    [
      "class A(B, metaclass=C):\n  x: int = 1\n  def f(self): pass",
      "class A(B, metaclass=C) {x: int = 1; def f(self) [] {pass}}",
    ],
    ["class A[T](B[T]): pass", "class A(B[T]) {pass}"],
    ["async def f(): await g()", "async def f() [] {await g()}"],
    ["def f():\n  yield 1", "generator def f() [] {yield 1}"],
    ["def f():\n  x = yield from y", "generator def f() [x] {x = yield from y}"],
    ["def f():\n  g = lambda: (yield)", "def f() [g] {g = lambda() yield}"],
  ]);
});

describe("local names", () => {
  const locals = (body: string): string => {
    const lines = body.split("\n").map((line) => `  ${line}`);
    return /\[([^\]]*)\]/.exec(showProgram(python.parse(`def f(p):\n${lines.join("\n")}`)))?.[1] ?? "none";
  };
  test.each([
    ["a = 1; b, (c, *d) = e", "a b c d"],
    ["a.b = 1; c[0] = 2", ""],
    ["a += 1", "a"],
    ["a: int", "a"],
    ["p = 1", "p"],
    ["for a in b: c = 1", "a c"],
    ["import a.b, c as d", "a d"],
    ["from a import b as c, d", "c d"],
    ["with a as b, c as (d, e): pass", "b d e"],
    ["try: a\nexcept B as c: d = 1", "c d"],
    ["[y := x for x in z]", "y"],
    ["g(lambda: (y := 1))", ""],
    ["match a:\n  case [b, *c] | {'k': d, **e}: pass\n  case F(g, h=i) as j: pass\n  case _: pass", "b c d e g i j"],
    ["def g(): h = 1", "g"],
    ["class G: h = 1", "G"],
    ["global a\na = 1; b = 2", "b"],
    ["a = 1\nnonlocal a", ""],
    ["del a", "a"],
    ["if (a := b): c = 1\nelse: d = 1", "c a d"],
    ["while x: a = 1", "a"],
  ])("%s", (body, names) => {
    expect(locals(body).split(" ").sort()).toEqual(names.split(" ").sort());
  });
});

describe("notebook commands are blank", () => {
  test.each([
    ["%matplotlib inline\nx = 1", "x = 1"],
    ["!pip install torch\nx = 1", "x = 1"],
    ["%%time\nx = 1", "x = 1"],
    ["%%bash\nls -la\necho x = 1", ""],
    ["if a:\n    !ls\n    x = 1", "if a {x = 1}"],
    ["torch.nn?\nx = 1", "x = 1"],
    ["?torch\nx = 1", "x = 1"],
    ["x = (a\n% b)", "x = (a % b)"],
    ["x = '''\n%a\n'''", 'x = "\\n%a\\n"'],
  ])("%s", (source, form) => {
    const program = python.parse(source);
    expect(showProgram(program).replace(/^(?:; )+/, "")).toBe(form);
    expect(program.chunks.some(({ unit }) => unit.broken)).toBe(false);
  });
});

test("statements of Python 2 are unreadable, and bind nothing", () => {
  expect(showProgram(python.parse("print x, y\nexec code"))).toBe("?[](x, y); ?[](code)");
});

test("defaults of type parameters, which the grammar does not know, cost nothing else", () => {
  const program = python.parse("class A[T = int](B):\n    def f[S = str](self, x): return x");
  expect(showProgram(program)).toBe("class A(B) {def f(self, x) [] {return x}}");
});
