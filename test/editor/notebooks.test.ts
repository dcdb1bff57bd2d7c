// Notebooks read as one program.
import { expect, test } from "vitest";
import { placeInCell, readNotebook } from "../../src/editor/index.ts";

function notebook(...cells: readonly (string | null)[]) {
  const made = cells.map((source) => ({
    cell_type: source === null ? "markdown" : "code",
    source: (source ?? "# Words").split(/(?<=\n)/),
  }));
  return readNotebook(JSON.stringify({ cells: made, metadata: { kernelspec: { language: "python" } } }));
}

test("cells of code follow each other, and a line is found in its cell", () => {
  const read = notebook("a = 1\nb = 2", null, "c = 3\n");
  expect(read?.text).toBe("a = 1\nb = 2\nc = 3\n");
  expect(read === null ? null : [0, 1, 2].map((line) => placeInCell(read, line))).toEqual([
    { cell: 1, line: 1 },
    { cell: 1, line: 2 },
    { cell: 3, line: 1 },
  ]);
});

test("what only a notebook understands says nothing", () => {
  const text = (source: string): string | undefined => notebook(source)?.text;
  expect(text("%matplotlib inline\nx = 1")).toBe("##################\nx = 1");
  expect(text("!pip install a \\\n  b\nx = 1")).toBe("################\n\nx = 1");
  expect(text("if x:\n    %time f()\ny = 2")).toBe("if x:\n    pass\ny = 2");
  expect(text("x?\nf.g??\n?h")).toBe("##\n#####\n##");
  expect(text("names = !ls\nt = %timeit -o f()")).toBe("names = get_ipython()\nt = get_ipython()");
  expect(text("y = a % b\nz = (a\n  % b)")).toContain("y = a % b");
  expect(text("%%bash\nls 'x")).toBe("#%bash\n#s 'x");
  expect(text("%%time\nx = f()")).toBe("######\nx = f()");
});

test("another language is not read", () => {
  expect(readNotebook("{}")).toBe(null);
  expect(readNotebook("not json")).toBe(null);
  const julia = { cells: [], metadata: { kernelspec: { language: "julia" } } };
  expect(readNotebook(JSON.stringify(julia))).toBe(null);
});
