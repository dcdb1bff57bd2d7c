// The playground's arithmetic of shapes against what NumPy and PyTorch made of the same operands.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { benchOf } from "../../src/playground/bench.ts";
import { layOut, type Layout } from "../../src/playground/layout.ts";
import type { Operation } from "../../src/playground/operation.ts";
import { planOf, sizesInCode } from "../../src/playground/plan.ts";

interface Truth {
  readonly matmul: readonly {
    readonly a: number[];
    readonly b: number[];
    readonly transposeA: boolean;
    readonly transposeB: boolean;
    readonly shape: readonly number[] | null;
  }[];
  readonly attention: readonly {
    readonly q: number[];
    readonly k: number[];
    readonly v: number[];
    readonly shape: readonly number[] | null;
  }[];
}

const truth = JSON.parse(
  readFileSync(new URL("../truth/playground.json", import.meta.url), "utf8"),
) as unknown as Truth;

const LIMITS = { who: "this test", bufferBytes: 2 ** 40, macs: 2 ** 50 };

function laidOut(operation: Operation): Layout {
  const bench = benchOf(operation);
  if ("problem" in bench) throw new Error(bench.problem);
  return layOut({ ...bench, sizes: sizesInCode(planOf(operation)) }, LIMITS);
}

/** The result's shape as the library would print it: the axes that a vector brought in are gone. */
function shapeOf(operation: Operation, layout: Layout): readonly number[] | null {
  if (layout.problem !== undefined) return null;
  const [a, b] = operation.operands;
  const rows = a.dims.length === 1 ? [] : [layout.rows.size];
  const last = operation.operator === "matmul" ? layout.columns : layout.values;
  const columns = b.dims.length === 1 ? [] : [last.size];
  return [...layout.batch.map(({ size }) => size), ...rows, ...columns];
}

test("matmul agrees with NumPy on every pair of shapes", () => {
  const different = truth.matmul.filter(({ a, b, transposeA, transposeB, shape }) => {
    const operation: Operation = {
      operator: "matmul",
      title: "a @ b",
      operands: [
        { name: "a", dims: a },
        { name: "b", dims: b },
      ],
      options: { transposeA, transposeB },
    };
    return JSON.stringify(shapeOf(operation, laidOut(operation))) !== JSON.stringify(shape);
  });
  expect(truth.matmul.length).toBeGreaterThan(800);
  expect(different).toEqual([]);
});

test.each(truth.attention)("attention of $q, $k, $v agrees with PyTorch: $shape", ({ q, k, v, shape }) => {
  const operation: Operation = {
    operator: "attention",
    title: "attention",
    operands: [
      { name: "q", dims: q },
      { name: "k", dims: k },
      { name: "v", dims: v },
    ],
    options: {},
  };
  expect(shapeOf(operation, laidOut(operation))).toEqual(shape);
});
