// What stands between a product and its result: masks, caps, grouped heads, biases, activations and float16. The page's
// own check in double precision agrees with the kernels on every combination, and every cell's story ends at its value.
import { expect, test } from "vitest";
import { createCpuKernels } from "../../kernels/index.ts";
import { activate } from "../../kernels/elementwise/activation.ts";
import { ACTIVATIONS } from "../../src/playground/activation.ts";
import { laidOut } from "../../src/playground/bench.ts";
import { keyHeads, withKeyHeads } from "../../src/playground/heads.ts";
import { layOut } from "../../src/playground/layout.ts";
import type { Bench } from "../../src/playground/state.ts";
import { explain } from "../../webview/engine/explain.ts";
import { matrixOf, type Picture, type TensorId } from "../../webview/engine/picture.ts";
import { run } from "../../webview/engine/run.ts";

const LIMITS = { who: "this test", bufferBytes: 2 ** 40, macs: 2 ** 50 };
const cpu = createCpuKernels();

type Options = Bench["operation"]["options"];

async function pictured(bench: Bench, options: Options = {}): Promise<Picture> {
  const next: Bench = {
    ...bench,
    operation: { ...bench.operation, options: { ...bench.operation.options, ...options } },
  };
  return run({ bench: next, layout: layOut(next, LIMITS) }, cpu);
}

const rowsOf = (picture: Picture, id: TensorId, slice: readonly number[]): readonly (readonly number[])[] => {
  const matrix = matrixOf(picture, id, slice);
  if (matrix === undefined) throw new Error(`There is no ${id}.`);
  return Array.from({ length: matrix.rows }, (_, i) => [
    ...matrix.data.subarray(i * matrix.columns, (i + 1) * matrix.columns),
  ]);
};

test.each<Options>([
  { causal: false },
  { window: 2 },
  { causal: false, window: 0 },
  { padding: 3 },
  { causal: false, padding: 16 },
  { distance: true },
  { causal: false, distance: true, padding: 1 },
  { softcap: 0.5 },
  { softcap: 3, window: 1, scale: 2, distance: true },
  { storage: "float16", softcap: 2 },
])("attention with %j is right", async (options) => {
  const { check } = await pictured(laidOut("attention"), options);
  expect(check).toMatchObject({ ok: true, compared: check.total });
});

test("a window and padding hide what they say", async () => {
  const picture = await pictured(laidOut("attention"), { causal: false, window: 2, padding: 3 });
  const seen = rowsOf(picture, "masked", [0, 0]).map((row) => row.map((x) => x !== -Infinity));
  const expected = Array.from({ length: 16 }, (_, i) =>
    Array.from({ length: 16 }, (__, j) => Math.abs(i - j) <= 2 && j < 13),
  );
  expect(seen).toEqual(expected);
  expect(rowsOf(picture, "output", [0, 0])[15]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});

test("each head forgets at its own pace", async () => {
  const plain = await pictured(laidOut("attention"), { causal: false });
  const far = await pictured(laidOut("attention"), { causal: false, distance: true });
  const lost = [0, 1, 2, 3].map((head) => {
    const before = rowsOf(plain, "masked", [0, head])[9]?.[4] ?? NaN;
    return before - (rowsOf(far, "masked", [0, head])[9]?.[4] ?? NaN);
  });
  // ALiBi's slopes for four heads are 1/4, 1/16, 1/64 and 1/256; keys here are five apart.
  expect(lost.map((x) => Math.round(x * 1000) / 1000)).toEqual([1.25, 0.313, 0.078, 0.02]);
});

test("heads of queries share heads of keys, and sizes that do not share out are offered differently", async () => {
  const bench = withKeyHeads(laidOut("attention"), 2);
  expect(bench.operation.operands.map(({ dims }) => dims)).toEqual([
    ["B", "H", "T", "D"],
    ["B", "G", "S", "D"],
    ["B", "G", "S", "D"],
  ]);
  expect(keyHeads(bench)).toEqual({ chosen: 2, options: [4, 2, 1] });
  const picture = await pictured(bench);
  expect(picture.check.ok).toBe(true);
  expect(rowsOf(picture, "k", [0, 0])).toEqual(rowsOf(picture, "k", [0, 1]));
  expect(rowsOf(picture, "k", [0, 1])).not.toEqual(rowsOf(picture, "k", [0, 2]));
  expect(withKeyHeads(bench, 4).operation).toEqual(laidOut("attention").operation);
  expect((await pictured(withKeyHeads(bench, 1))).check.ok).toBe(true);
});

test.each(ACTIVATIONS)("a product with a bias and %s is right, and its cells say how", async (activation) => {
  for (const storage of ["float32", "float16"] as const) {
    const picture = await pictured(laidOut("matmul"), { activation, bias: true, storage });
    expect(picture.check).toMatchObject({ ok: true, compared: picture.check.total });
    const cell = explain(picture, [1, 2], { id: "result", row: 3, column: 8 });
    const after = cell?.story.kind === "dot" ? cell.story.after : [];
    expect(after.map(([name]) => name)).toEqual(["+ bias", ...(activation === "none" ? [] : [activation])]);
    expect(after.at(-1)?.[1]).toBeCloseTo(cell?.value ?? NaN, storage === "float32" ? 4 : 1);
  }
});

test("activations are those of the libraries", () => {
  // torch.nn.functional in float64, PyTorch 2.13.
  expect(activate("gelu", -0.75)).toBeCloseTo(-0.16997051428265111, 14);
  expect(activate("gelu", 3.9)).toBeCloseTo(3.8998124242583314, 14);
  expect(activate("gelu", -9)).toBeCloseTo(0, 14);
  expect(activate("gelu-tanh", -0.75)).toBeCloseTo(-0.17003944483437966, 14);
  expect(activate("silu", -0.75)).toBeCloseTo(-0.24061597561845527, 14);
  expect(activate("relu", NaN)).toBeNaN();
});

test("the story of a capped score has its cap", async () => {
  const picture = await pictured(laidOut("attention"), { softcap: 2 });
  const cell = explain(picture, [0, 1], { id: "scaled", row: 9, column: 8 });
  if (cell?.story.kind !== "step") throw new Error("A scaled score is one step from its score.");
  expect(cell.story.cap?.after).toBeCloseTo(cell.value, 5);
});
