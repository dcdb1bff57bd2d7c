// What the playground says before it runs anything that cannot work, and what it offers instead.
import { expect, test } from "vitest";
import { benchOf } from "../../src/playground/bench.ts";
import { layOut } from "../../src/playground/layout.ts";
import type { Dimension, Operation } from "../../src/playground/operation.ts";
import type { Bench } from "../../src/playground/state.ts";
import { plain } from "../../src/playground/words.ts";

const LIMITS = { who: "this adapter", bufferBytes: 2 ** 30, macs: 2 ** 40 };

function matmul(a: Dimension[], b: Dimension[], options: Operation["options"] = {}): Bench {
  const operands = [
    { name: "Q", dims: a },
    { name: "K", dims: b },
  ] satisfies Operation["operands"];
  const bench = benchOf({ operator: "matmul", title: "", result: "scores", operands, options });
  if ("problem" in bench) throw new Error(bench.problem);
  return bench;
}

const problemOf = (bench: Bench): string | undefined => {
  const { problem } = layOut(bench, LIMITS);
  return problem === undefined ? undefined : plain(problem.says);
};

test("sizes of the code that disagree are shown as the code has them", () => {
  const bench = matmul(["B", 8, "T", 64], ["B", 8, 32, "T"]);
  expect(bench.sizes).toMatchObject({ K: 64, "K′": 32 });
  expect(problemOf(bench)).toBe("Cannot multiply Q (2, 8, 16, 64) by K (2, 8, 32, 16): the inner sizes are 64 and 32.");
});

test("a transpose is offered where it helps, and helps", () => {
  const bench = matmul(["T", "D"], ["S", "D"]);
  const { problem } = layOut(bench, LIMITS);
  expect(problem?.remedy?.title).toBe("Transpose K");
  expect(layOut(problem?.remedy?.change(bench) ?? bench, LIMITS).problem).toBeUndefined();
});

test("a size is offered where no transpose helps", () => {
  const bench = matmul([4, 3], [5, 6]);
  const { problem } = layOut(bench, LIMITS);
  expect(problem?.remedy?.title).toBe("Set K′ to 3");
  expect(layOut(problem?.remedy?.change(bench) ?? bench, LIMITS).problem).toBeUndefined();
});

test("a result beyond a buffer is refused with the largest size that fits", () => {
  const bench = matmul(["B", "H", "T", "D"], ["B", "H", "S", "D"], { transposeB: true });
  const large = { ...bench, sizes: { B: 2, H: 16, T: 1024, S: 42_496, D: 64 } };
  const { problem } = layOut(large, LIMITS);
  expect(problem === undefined ? "" : plain(problem.says).replace(/[\u00a0\u202f]/g, " ")).toBe(
    "scores needs 5.19 GiB; this adapter allows 1 GiB in one buffer. Largest S for these B, H, T: 8 192.",
  );
  expect(problem?.dimension).toBe("S");
  expect(layOut(problem?.remedy?.change(large) ?? large, LIMITS).problem).toBeUndefined();
});

test("a dimension that stands twice shrinks in both places", () => {
  const bench = matmul(["T", "D"], ["T", "D"], { transposeB: true });
  const large = { ...bench, sizes: { T: 100_000, D: 4 } };
  const { problem } = layOut(large, LIMITS);
  const mended = problem?.remedy?.change(large) ?? large;
  expect(mended.sizes["T"]).toBe(16_384);
  expect(layOut(mended, LIMITS).problem).toBeUndefined();
});

test("batches that cannot be broadcast are told with both shapes", () => {
  expect(problemOf(matmul([2, 3, 4], [5, 4, 6]))).toBe(
    "Q (2, 3, 4) and K (5, 4, 6) cannot be broadcast together: 2 against 5.",
  );
});

test("an expression without a value is told", () => {
  const bench = matmul(["T", "C // H"], ["C", "H"], { transposeA: true });
  expect(problemOf({ ...bench, sizes: { ...bench.sizes, C: 2, H: 4 } })).toBe(
    "C // H is 0 with these sizes, so there is nothing to compute.",
  );
});

test.each([
  [[], [3, 4], "matmul needs at least one dimension; Q has 0."],
  [[3, 0], [0, 4], "Q has a dimension of size 0, so there is nothing to show."],
])("%j by %j cannot be laid out", (a, b, sentence) => {
  const operands: Operation["operands"] & readonly unknown[] = [
    { name: "Q", dims: a },
    { name: "K", dims: b },
  ];
  expect(benchOf({ operator: "matmul", title: "", operands, options: {} })).toEqual({ problem: sentence });
});
