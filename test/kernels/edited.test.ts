/** WGSL that someone has changed by hand: it runs in the kernel's place, and the compiler's complaints have places. */

import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { CompileError, createCpuKernels, createKernels, type Kernels } from "../../kernels/index.ts";
import { softwareDevice } from "./device.ts";
import { numbers } from "./numbers.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let k: Kernels;
beforeAll(async () => {
  k = await createKernels(await softwareDevice());
});
afterAll(() => k.destroy());

const request = { a: numbers(12, 1), aShape: [3, 4], b: numbers(20, 2), bShape: [4, 5], kernel: "naive" };

function textOf(kernel: string, program = kernel): string {
  const source = k.kernels.find(({ name }) => name === kernel)?.sources.find(({ name }) => name === program);
  if (source === undefined) throw new Error(`There is no text of ${program}.`);
  return source.wgsl;
}

it("runs in the kernel's place, also with fewer constants", async () => {
  const plain = await k.matmul(request);
  const doubled = textOf("naive").replace("return activate(ACTIVATION, vec4f(sum + added)).x;", "return 2 * sum;");
  const edited = await k.matmul({ ...request, texts: { naive: doubled } });
  expect(edited.data).toEqual(plain.data.map((value) => 2 * value));
  const without = doubled.replace("override BIASED: bool = false;", "const BIASED = false;");
  expect((await k.matmul({ ...request, texts: { naive: without } })).data).toEqual(edited.data);
  expect((await k.measureMatmul({ ...request, texts: { naive: without } }, { budget: 20 })).median).toBeGreaterThan(0);
  expect((await k.matmul(request)).data).toEqual(plain.data);
});

it("can be one program of several", async () => {
  const x = numbers(8, 3);
  const head = { q: x, qShape: [4, 2], k: x, kShape: [4, 2], v: x, vShape: [4, 2], kernel: "composed" };
  const text = textOf("composed", "scale-mask").replace("masked[index] = value;", "masked[index] = 0 * value;");
  const even = await k.attention({ ...head, texts: { "scale-mask": text } });
  const mean = (x[0] ?? 0) / 4 + (x[2] ?? 0) / 4 + (x[4] ?? 0) / 4 + (x[6] ?? 0) / 4;
  expect(even.data[0]).toBeCloseTo(mean, 6);
  const stages = await k.attentionStages({ ...head, texts: { "scale-mask": text } });
  expect([...stages.weights.data]).toEqual(Array.from({ length: 16 }, () => 0.25));
});

it("that does not compile is told with its lines and columns", async () => {
  const broken = textOf("naive").replace("var sum = 0.0;", "var sum = nothing;");
  const line = broken.slice(0, broken.indexOf("nothing")).split("\n").length;
  const error = await k.matmul({ ...request, texts: { naive: broken } }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CompileError);
  expect(error).toMatchObject({ program: "naive", complaints: [{ line, column: 13, severity: "error" }] });
  expect(await k.complaints(broken)).toMatchObject([{ line, message: "unresolved value 'nothing'" }]);
  expect(await k.complaints(textOf("naive"))).toEqual([]);
  expect(await createCpuKernels().complaints(broken)).toEqual([]);
});

it("for a program that does not run is refused", async () => {
  await expect(k.matmul({ ...request, texts: { tiled: "" } })).rejects.toThrow(
    "This runs no program named tiled; it runs naive.",
  );
  const half = { ...request, kernel: "vec4", storage: "float16" as const, texts: { vec4: textOf("vec4") } };
  await expect(k.matmul(half)).rejects.toThrow("A text of one's own runs with numbers in float32");
});
