/** Which statement, parameter or result a shape comment or docstring belongs to. */
import { beforeAll, describe, expect, test } from "vitest";
import type { ShapeNote } from "../../src/program/syntax.ts";
import type { PythonFrontEnd } from "../../src/python/front-end.ts";
import { loadFrontEnd, nodesOf, showDims } from "./front-end.ts";

let python: PythonFrontEnd;

beforeAll(async () => {
  python = await loadFrontEnd();
});

/** Each note as `first words of its owner | subject: dims`. Every note's span must hold its text. */
function notesIn(source: string): readonly string[] {
  const program = python.parse(source);
  return nodesOf(program).flatMap(({ node, text }) =>
    [...((node["notes"] as readonly ShapeNote[]) ?? []), ...((node["docShapes"] as readonly ShapeNote[]) ?? [])].map(
      (note) => {
        const chunk = program.chunks.find(({ unit }) => unit.text.slice(note.span.start, note.span.end) === note.text);
        expect(chunk).toBeDefined();
        const shapes = [note.dims, ...note.others].map(showDims).join(" and ");
        const owner = text.replace(/\s+/g, " ").slice(0, 12).trim();
        return `${owner} | ${note.subject === null ? "" : `${note.subject}: `}${shapes}`;
      },
    ),
  );
}

function attaches(rows: readonly (readonly [source: string, notes: readonly string[]])[]): void {
  test.each(rows)("%s", (source, notes) => {
    expect(notesIn(source)).toEqual(notes);
  });
}

describe("beside a statement", () => {
  attaches([
    ["x = f()  # (B, T)", ["x = f() | (B, T)"]],
    ["x = f()  # x: (B, T)", ["x = f() | x: (B, T)"]],
    ["y = f(x)  # x: (B, T)", ["y = f(x) | x: (B, T)"]],
    ["y = f(x)  # z: (B, T)", []],
    ["y = f(x)  # scores: (B, T)", ["y = f(x) | (B, T)"]],
    ["y = f(x)  # input: (B, T)", []],
    ["self.w = f()  # self.w: (B, T)", ["self.w = f() | self.w: (B, T)"]],
    ["x: Tensor  # (B, T)", ["x: Tensor | (B, T)"]],
    ["x += y  # (B, T)", ["x += y | (B, T)"]],
    ["def f():\n    return a, b  # (B, T), (C,)", ["return a, b | (B, T) and (C)"]],
    ["torch.relu(x)  #: (2, 3)", ["torch.relu(x | (2, 3)"]],
    ["a = 1; x = f()  # (B, T)", ["x = f() | (B, T)"]],
    ["if a: x = f()  # (B, T)", ["x = f() | (B, T)"]],
    ["x = f(\n    a,\n    b,\n)  # (B, T)", ["x = f( a, b, | (B, T)"]],
    ["x = f(  # (B, T)\n    a,  # (C, D)\n)", ["x = f( # (B, | (B, T)"]],
    ["x = '# (B, T)'", []],
    ["print(x.shape)  # (3, 2)", []],
    ["print(x)  # x: (3, 2)", ["print(x) | x: (3, 2)"]],
    ["x = f()\n# (B, T)", []],
  ]);
});

describe("on a line of its own", () => {
  const body = (text: string): string => `def f():\n${text.replace(/^(?=.)/gm, "    ")}`;
  attaches([
    ["x = f()\n# shape: (B, T)", ["x = f() | (B, T)"]],
    ["x = f()\n# shape: (B, T)\n\ny = g()", ["x = f() | (B, T)"]],
    ["x = f()\n\n# shape: (B, T)\ny = g()", ["y = g() | (B, T)"]],
    ["x = f()\n# shape: (B, T)\ny = g()", []],
    [body("x = f()\n# shape: (B, T)\n\ny = g()"), ["x = f() | (B, T)"]],
    [body("x = f()\n# shape: (B, T)\nreturn x"), []],
    [body("x = f()\n# shape: (B, T)\ny = g()\n# shape: (B, C)"), ["x = f() | (B, T)", "y = g() | (B, C)"]],
    [body("# shape: (B, T)\nx = f()\n# shape: (B, C)\ny = g()"), ["x = f() | (B, T)"]],
    [body("x = 1\n# y: (B, T)\ny = g()"), ["y = g() | y: (B, T)"]],
    [body("x = 1\n# qkv with shape (3, B, H * W)\nqkv = g()"), ["qkv = g() | qkv: (3, B, H * W)"]],
    [body("x = 1\n# (B, T)\ny = g()"), []],
    [body("# (B, T)\ny = g()"), ["y = g() | (B, T)"]],
    [body("# attention (B, T) -> (B, C)\ny = g()"), []],
    [body("if a:\n    x = f()\n# shape: (B, T)"), []],
  ]);
});

describe("beside parameters", () => {
  attaches([
    ["def f(\n    Q: T,    # queries:  (batch, d_k)\n    m: T = None,\n): pass", ["Q: T | (batch, d_k)"]],
    ["def f(\n    # (B, T)\n    x,\n    y,  # y: (B, C)\n): pass", ["x | (B, T)", "y | y: (B, C)"]],
    ["def f(\n    x, y,  # (B, T)\n): pass", []],
    ["def f(\n    x,  # input: (B, T)\n): pass", ["x | (B, T)"]],
    ["def f(\n    x,  # K: (B, T)\n): pass", []],
    ["def f(\n    size,  # (H, W)\n): pass", []],
    [
      "def scores(q, k):   # q: (B, H, T, D)  k: (B, H, S, D)\n    return q",
      ["q | q: (B, H, T, D)", "k | k: (B, H, S, D)"],
    ],
    ["def f(x):  # -> (B, T)\n    pass", ["def f(x): # | (B, T)"]],
    ["def f(\n    x,\n) -> T:  # returns: (B, T)\n    pass", ["def f( x, ) | (B, T)"]],
    ["def f(x):  # (B, T)\n    pass", []],
    ["def f(x):\n    # (B, T)\n    y = x", ["y = x | (B, T)"]],
    ["def f(x): return x  # (B, T)", ["return x | (B, T)"]],
  ]);
});

describe("in docstrings", () => {
  const doc = (text: string): string =>
    `def f(x, mask, kernel_size):\n    """Does.\n\n${text.replace(/^(?=.)/gm, "    ")}\n    """`;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["Args:\n    x (Tensor): input of shape (B, T, C)\n    mask: of shape (B, T)", ["x: (B, T, C)", "mask: (B, T)"]],
    ["Args:\n    x (Tensor[B, T]): the input", ["x: (B, T)"]],
    ['Args:\n    x (Float[Tensor, "b t"]): the input', ["x: (b, t)"]],
    ["Args:\n    x (Tensor): (B, T, C) input", ["x: (B, T, C)"]],
    ["Args:\n    x: a tensor\n        of shape (B, T)", ["x: (B, T)"]],
    [
      "Parameters\n----------\nx : ndarray of shape (n_samples, n_features)\n    The data.",
      ["x: (n_samples, n_features)"],
    ],
    [
      "Parameters\n----------\nx : array-like, shape (n, d)\n\nReturns\n-------\ny : ndarray of shape (n,)",
      ["x: (n, d)", "return: (n)"],
    ],
    [":param x: input of shape (B, T)\n:returns: output of shape (B, C)", ["x: (B, T)", "return: (B, C)"]],
    [":param torch.Tensor x: shape (B, T)", ["x: (B, T)"]],
    ["x: [batch, seq, dim]", ["x: (batch, seq, dim)"]],
    [
      "Args:\n    x (`torch.LongTensor` of shape `(batch_size, sequence_length)`, *optional*):\n        Indices.",
      ["x: (batch_size, sequence_length)"],
    ],
    ["Shape:\n    - x: :math:`(N, C)`", ["x: (N, C)"]],
    ["Returns:\n    Tensor: output of shape (B, C)", ["return: (B, C)"]],
    ["Args:\n    x: of shape (n,) or (n, d)", []],
    ["Args:\n    x: of shape (B, T) if batched", []],
    ["Args:\n    x: reshaped from shape (B, T) to shape (T, B)", []],
    ["Args:\n    x: (optional) the input", []],
    ["Args:\n    x: the same shape as mask (see above)", []],
    ["Args:\n    kernel_size: (kh, kw) of the kernel", []],
    ["Args:\n    other: of shape (B, T)", []],
    ["Args:\n    x: a tensor\n    other: of shape (B, T)", []],
    ["Raises:\n    x: if not of shape (B, T)", []],
    ["Returns:\n    a of shape (B, C) and b of shape (B, D)", []],
    ["Calls f(x, mask) and (a, b).", []],
  ];
  test.each(rows)("%s", (text, shapes) => {
    expect(notesIn(doc(text)).map((note) => note.replace(/^.* \| /, ""))).toEqual(shapes);
  });
});

test("directives keep their line and text", () => {
  const source = "# about f\ndef f(x):\n    y = x @ x  # shapesight: ignore[matmul-inner]\n    return y";
  const [directive] = python.parse(source).chunks[0]?.unit.directives ?? [];
  expect(directive).toMatchObject({ line: 2, text: "# shapesight: ignore[matmul-inner]" });
  expect(source.slice(directive?.span.start, directive?.span.end)).toBe(directive?.text);
});
