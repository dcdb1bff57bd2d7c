// Which axes are the same dimension, what it is called, and where it starts.
import { expect, test } from "vitest";
import { benchOf } from "../../src/playground/bench.ts";
import { evaluate, parseExpression, symbolsOf } from "../../src/playground/expression.ts";
import type { Dimension, Operation } from "../../src/playground/operation.ts";
import { planOf, sizeOf } from "../../src/playground/plan.ts";

const matmul = (a: Dimension[], b: Dimension[], options: Operation["options"] = {}): Operation => ({
  operator: "matmul",
  title: "",
  operands: [
    { name: "a", dims: a },
    { name: "b", dims: b },
  ],
  options,
});

const attention = (q: Dimension[], k: Dimension[], v: Dimension[]): Operation => ({
  operator: "attention",
  title: "",
  operands: [
    { name: "q", dims: q },
    { name: "k", dims: k },
    { name: "v", dims: v },
  ],
  options: {},
});

test("names of the code stay", () => {
  const plan = planOf(matmul(["batch", "n_heads", "seq_q", "d_k"], ["batch", "n_heads", "d_k", "seq_k"]));
  expect(plan.dimensions.map(({ name, role }) => [name, role])).toEqual([
    ["batch", "batch"],
    ["n_heads", "heads"],
    ["seq_q", "rows"],
    ["seq_k", "columns"],
    ["d_k", "inner"],
  ]);
});

test("numbers get the letters of their place, and equal ones in one place are one dimension", () => {
  expect(planOf(matmul([2, 8, 128, 64], [2, 8, 64, 128])).operands).toEqual([
    ["B", "H", "M", "K"],
    ["B", "H", "K", "N"],
  ]);
});

test("a number opposite a name is that name's size", () => {
  const plan = planOf(matmul(["B", "T", "C"], [768, 10]));
  expect(plan.operands[1]).toEqual(["C", "N"]);
  expect(plan.dimensions.find(({ name }) => name === "C")?.inCode).toBe(768);
});

test("a letter that the code uses for something else is not used twice", () => {
  expect(planOf(matmul(["K", 5], [5, "N"])).operands).toEqual([
    ["K", "K′"],
    ["K′", "N"],
  ]);
});

test("a leading 1 is broadcast and has no slider", () => {
  expect(planOf(matmul([1, 4, 3], [7, 3, 5])).operands[0]?.[0]).toBe(1);
});

test("queries and keys of one name are one dimension", () => {
  const plan = planOf(attention(["B", "H", "T", "D"], ["B", "H", "T", "D"], ["B", "H", "T", "D"]));
  expect(plan.dimensions.map(({ name }) => name)).toEqual(["B", "H", "T", "D"]);
});

test("fewer key heads than query heads are a dimension of their own", () => {
  const plan = planOf(attention([2, 8, 64, 32], [2, 2, 64, 32], [2, 2, 64, 32]));
  expect(plan.operands[1]).toEqual(["B", "G", "S", "D"]);
});

test("an expression of sliders follows them; any other is a slider of its own", () => {
  const follows = planOf(matmul(["T", "C"], ["C", "3*C"]));
  expect(sizeOf(follows, { T: 2, C: 5 }, "3*C")).toBe(15);
  const own = planOf(attention(["B", "n", "T", "C // n"], ["B", "n", "T", "C // n"], ["B", "n", "T", "C // n"]));
  expect(own.dimensions.find(({ name }) => name === "C // n")?.follows).toBeUndefined();
});

test("an operation opens with the sizes in the code while a picture can show them, and smaller ones otherwise", () => {
  const opened = (operation: Operation): unknown => {
    const bench = benchOf(operation);
    return "problem" in bench ? bench.problem : bench.sizes;
  };
  expect(opened(matmul([32, 10], [10, 5]))).toEqual({ M: 32, N: 5, K: 10 });
  const large = opened(matmul([8, 12, 1024, 1024], [1024, 768])) as Record<string, number>;
  expect(Object.values(large).reduce((a, b) => a * b, 1)).toBeLessThanOrEqual(2 ** 23);
});

test.each([
  ["3*C", { C: 4 }, 12],
  ["C // n_head", { C: 10, n_head: 4 }, 2],
  ["(T + 1) % 4", { T: 6 }, 3],
  ["2·B - 1", { B: 3 }, 5],
  ["-7 // 2", {}, undefined],
  ["C // 0", { C: 3 }, undefined],
  ["min(a, b)", { a: 1, b: 2 }, undefined],
  ["C **", { C: 3 }, undefined],
])("%s is read back", (text, sizes, value) => {
  const expression = parseExpression(text);
  expect(expression === undefined ? undefined : evaluate(expression, sizes as Record<string, number>)).toBe(value);
});

test("each name of an expression is told once", () => {
  const expression = parseExpression("a*b + a // config.n");
  expect(expression === undefined ? [] : symbolsOf(expression)).toEqual(["a", "b", "config.n"]);
});
