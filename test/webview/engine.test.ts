// What stands between the kernels and the picture, without a browser: runs, their check, the story of a cell, and the
// order in which work is done.
import { expect, test } from "vitest";
import { createCpuKernels } from "../../kernels/index.ts";
import type { Kernels } from "../../kernels/types.ts";
import { laidOut } from "../../src/playground/bench.ts";
import { layOut } from "../../src/playground/layout.ts";
import type { Bench } from "../../src/playground/state.ts";
import { domainOf, histogram, statistics } from "../../webview/draw/statistics.ts";
import { checked } from "../../webview/engine/check.ts";
import { chosenTerms, explain } from "../../webview/engine/explain.ts";
import { matrixOf, type Matrix, type Picture } from "../../webview/engine/picture.ts";
import { run, type Job } from "../../webview/engine/run.ts";
import { Runner } from "../../webview/engine/runner.ts";

const LIMITS = { who: "this test", bufferBytes: 2 ** 40, macs: 2 ** 50 };
const cpu = createCpuKernels();

const jobOf = (bench: Bench): Job => ({ bench, layout: layOut(bench, LIMITS) });

function matrix(data: readonly number[], columns: number, id: Matrix["id"] = "result"): Matrix {
  const rows = data.length / columns;
  const extent = (size: number): Matrix["rowExtent"] => ({ axis: "N", size });
  return { id, rowExtent: extent(rows), columnExtent: extent(columns), rows, columns, data: Float32Array.from(data) };
}

test.each(["matmul", "attention"] as const)(
  "a right %s passes its check, and one wrong value fails it",
  async (tab) => {
    const picture = await run(jobOf(laidOut(tab)), cpu);
    expect(picture.check).toMatchObject({ ok: true, compared: picture.check.total });
    const result = picture.tensors.get(tab === "matmul" ? "result" : "output");
    if (result === undefined) throw new Error("There is no result.");
    result.data[100] = (result.data[100] ?? 0) + 0.01;
    const again = checked(picture).check;
    expect(again.ok).toBe(false);
    expect(again.maxError).toBeCloseTo(0.01, 4);
    result.data[100] = NaN;
    expect(checked(picture).check.ok).toBe(false);
  },
);

test("a large product is checked in part, and says so", async () => {
  const bench = laidOut("matmul");
  const { check } = await run(jobOf({ ...bench, sizes: { B: 2, H: 4, T: 128, S: 128, D: 64 } }), cpu);
  expect(check.ok).toBe(true);
  expect(check.compared).toBeLessThan(check.total);
});

test("the story of a cell adds up to the cell", async () => {
  const picture = await run(jobOf(laidOut("attention")), cpu);
  for (const id of ["scores", "output"] as const) {
    const cell = explain(picture, [1, 2], { id, row: 5, column: 3 });
    if (cell?.story.kind !== "dot") throw new Error(`${id} is a sum of products.`);
    const { shown, rest } = chosenTerms(cell.story.terms, 6);
    expect(shown.length).toBe(6);
    expect(shown.reduce((sum, { product }) => sum + product, rest)).toBeCloseTo(cell.value, 4);
  }
  const weight = explain(picture, [1, 2], { id: "weights", row: 5, column: 3 });
  if (weight?.story.kind !== "softmax") throw new Error("A weight comes of a softmax.");
  expect(weight.story.exponent / weight.story.total).toBeCloseTo(weight.value, 5);
  expect(explain(picture, [1, 2], { id: "masked", row: 5, column: 9 })).toMatchObject({ value: -Infinity });
});

test("a slice shows the batch and head that it names, whether the operand has them or shares them", async () => {
  const bench = { ...laidOut("matmul"), shared: [0, 2] };
  const picture = await run(jobOf(bench), cpu);
  const at = (id: "a" | "b", slice: readonly number[]): readonly number[] => [
    ...(matrixOf(picture, id, slice)?.data ?? []),
  ];
  expect(at("a", [0, 1])).not.toEqual(at("a", [1, 1]));
  expect(at("b", [0, 1])).toEqual(at("b", [1, 3]));
});

test("statistics leave out what is not a number, and count it", () => {
  const odd = matrix([1, -3, NaN, -Infinity, Infinity, 2], 3);
  expect(statistics(odd)).toMatchObject({ min: -3, max: 2, mean: 0, nan: 1, masked: 1, infinite: 1 });
  expect(domainOf(odd)).toEqual({ low: -3, high: 3 });
  expect(domainOf(matrix([0, 0.034], 2, "weights"))).toEqual({ low: 0, high: 0.034 });
  expect(histogram(odd, { low: -3, high: 3 }, 3)).toEqual([1, 0, 2]);
});

/** Kernels that take as long as the test wants. */
function slow(): { readonly kernels: Kernels; readonly release: () => void; readonly started: number[] } {
  const waiting: (() => void)[] = [];
  const started: number[] = [];
  const matmul: Kernels["matmul"] = async (request) => {
    started.push(request.aShape.at(-2) ?? 0);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return cpu.matmul(request);
  };
  return { kernels: { ...cpu, matmul }, release: () => waiting.shift()?.(), started };
}

test("of everything asked for during a run only the last is computed", async () => {
  const { kernels, release, started } = slow();
  const finished: Picture[] = [];
  const rested = new Promise<void>((resolve) => {
    const none = (): void => undefined;
    const runner = new Runner({
      started: none,
      failed: none,
      measured: none,
      finished: (picture) => finished.push(picture),
      rested: resolve,
    });
    const bench = laidOut("matmul");
    for (let T = 2; T < 40; T++) runner.request(jobOf({ ...bench, sizes: { ...bench.sizes, T } }), kernels);
    release();
    setTimeout(release, 20);
  });
  await rested;
  expect(started).toEqual([2, 39]);
  expect(finished.map(({ bench }) => bench.sizes["T"])).toEqual([2, 39]);
});

test("a failure is told with the sentence of the kernels", async () => {
  const failing: Kernels = { ...cpu, matmul: () => Promise.reject(new Error("The device has no memory left.")) };
  const sentence = await new Promise<string>((resolve) => {
    const none = (): void => undefined;
    const runner = new Runner({
      started: none,
      finished: none,
      measured: none,
      rested: none,
      failed: (_, told) => resolve(told),
    });
    runner.request(jobOf(laidOut("matmul")), failing);
  });
  expect(sentence).toBe("The device has no memory left.");
});
