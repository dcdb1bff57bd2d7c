// Files that a person takes away can be read again, and a link brings back what was on the bench.
import { expect, test } from "vitest";
import { laidOut } from "../../src/playground/bench.ts";
import { benchFrom, linkText } from "../../src/playground/link.ts";
import type { Bench } from "../../src/playground/state.ts";
import { readNpy } from "../../webview/given/npy.ts";
import { csvOf, npyOf } from "../../webview/taking.ts";

const T = { axis: "T", size: 2 };
const S = { axis: "S", size: 3 };
const data = Float32Array.of(0.1, -2, Infinity, NaN, -Infinity, 1e-20);

test("a tensor written as .npy is read as it was", () => {
  const bytes = npyOf({ data, axes: [T, S] });
  expect(bytes.length).toBe(128 + 24);
  expect(readNpy(bytes, "x.npy")).toEqual({ from: "x.npy", shape: [2, 3], data });
});

test("a slice as a table names its axes and keeps every digit", () => {
  const matrix = { id: "result", rowExtent: T, columnExtent: S, rows: 2, columns: 3, data } as const;
  expect(new TextDecoder().decode(csvOf(matrix))).toBe("T\\S,0,1,2\n0,0.100000001,-2,inf\n1,nan,-inf,9.99999968e-21\n");
});

test("a link brings back sizes and options, and takes neither files nor values along", () => {
  const bench: Bench = {
    ...laidOut("attention"),
    sizes: { B: 1, H: 2, T: 5, S: 5, D: 3 },
    fills: ["given", "demo", "one-hot"],
    given: [{ id: "1", from: "secret.npy", shape: [5, 3] }, null, null],
  };
  const source = { uri: "file:///someone/model.py", file: "model.py", line: 3, code: "y = f(q, k, v)  # é+%" };
  const opened: Bench = { ...bench, operation: { ...bench.operation, source } };
  const text = linkText(opened);
  expect(text).toMatch(/^[\w.!~*'()-]+$/);
  expect(text).not.toContain("someone");
  expect(benchFrom(text)).toEqual({ ...bench, fills: ["normal", "demo", "one-hot"], given: [] });
  expect(benchFrom(decodeURIComponent(text))).toEqual(benchFrom(text));
});

test("what is no link of ours opens nothing", () => {
  for (const text of ["", "x", ".7B", "%", linkText(laidOut("matmul")).slice(0, -9)])
    expect(benchFrom(text)).toBeUndefined();
});
