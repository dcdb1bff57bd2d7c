// Values that people give: what NumPy wrote comes back as it was, every way of writing a list is read, and what cannot
// be read is told in a sentence.
import { assert, asyncProperty, constantFrom, nat } from "fast-check";
import { expect, test } from "vitest";
import { laidOut } from "../../src/playground/bench.ts";
import { withGiven } from "../../src/playground/given.ts";
import { layOut } from "../../src/playground/layout.ts";
import type { Bench } from "../../src/playground/state.ts";
import { plain } from "../../src/playground/words.ts";
import { tensorsIn } from "../../webview/given/file.ts";
import type { Given } from "../../webview/given/tensor.ts";
import { readText } from "../../webview/given/text.ts";
import { bytesOf, type FILES } from "./files.ts";

const blob = (name: keyof typeof FILES): Blob => new Blob([bytesOf(name)]);

/** The only tensor in a file, or the one with this name; else the sentence. */
async function taken(file: Blob, name: string, tensor?: string): Promise<Given | string> {
  const offers = await tensorsIn(file, name);
  if ("problem" in offers) return offers.problem;
  const offer = tensor === undefined ? offers[0] : offers.find((each) => each.name === tensor);
  if (offer === undefined) return `no ${tensor ?? "tensor"} in ${offers.map((each) => each.name).join()}`;
  const given = await offer.read();
  return "problem" in given ? given.problem : given;
}

const numbers = (given: Given | string): unknown =>
  typeof given === "string" ? given : { shape: given.shape, data: [...given.data], note: given.note };

test("NumPy's files are read in every real type and order", async () => {
  const npy = async (name: keyof typeof FILES): Promise<unknown> => numbers(await taken(blob(name), "x.npy"));
  expect(await npy("f32")).toEqual({ shape: [2, 3], data: [0, 1, 2, 3, 4, 5], note: undefined });
  expect(await npy("f64fortran")).toEqual({
    shape: [2, 3],
    data: [0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3].map(Math.fround),
    note: "float64, rounded to float32",
  });
  expect(await npy("f16big")).toEqual({ shape: [4], data: [1.5, -Infinity, NaN, 2 ** -24], note: "float16" });
  expect(await npy("i64")).toEqual({ shape: [1, 2], data: [1, -2], note: "int64" });
  expect(await npy("bool")).toEqual({ shape: [2], data: [1, 0], note: "bool" });
  expect(await npy("scalar")).toEqual({ shape: [], data: [7], note: undefined });
});

test("what a file cannot give is told in a sentence", async () => {
  expect(await taken(blob("complex"), "z.npy")).toBe("z.npy holds complex numbers; here are only real numbers.");
  expect(await taken(blob("record"), "r.npy")).toContain("a record of several fields");
  expect(await taken(blob("f32").slice(0, 140), "cut.npy")).toBe(
    "cut.npy is cut off: 12 of 24 bytes of numbers are there.",
  );
  expect(await taken(blob("f32").slice(0, 40), "cut.npy")).toBe("cut.npy ends in the middle of its header.");
  expect(await taken(new Blob(["hello"]), "x.npy")).toContain("is not a .npy file");
  expect(await taken(new Blob([]), "x.npy")).toBe("x.npy is empty.");
  expect(await taken(blob("npz").slice(0, 200), "x.npz")).toBe("x.npz is damaged, or not a zip archive.");
  expect(await taken(new Blob(["0123456789"]), "m.safetensors")).toContain("no sensible length");
  expect(await taken(new Blob(["x"]), "model.pt")).toContain("may run code");
  expect(await taken(new Blob(["x"]), "x.h5")).toContain("is of a kind that is not read here");
});

test("archives offer their arrays, packed or stored", async () => {
  expect(await taken(blob("npz"), "a.npz", "bias")).toMatchObject({ from: "a.npz: bias", shape: [3] });
  const eye = await taken(blob("npz"), "a.npz", "w");
  expect(typeof eye === "string" ? eye : eye.data.reduce((sum, x) => sum + x, 0)).toBe(40);
  expect(numbers(await taken(blob("npzStored"), "b.npz"))).toMatchObject({ shape: [2, 2], data: [0, 1, 2, 3] });
});

test("safetensors offer theirs, and say what is stored in a way that is not known", async () => {
  expect(numbers(await taken(blob("safetensors"), "m.safetensors", "a.weight"))).toEqual({
    shape: [2, 2],
    data: [1, -2.5, 0.5, 3],
    note: "bfloat16",
  });
  expect(await taken(blob("safetensors"), "m.safetensors", "b")).toContain("stored as F8_E4M3");
});

test("an archive whose names reach beyond its directory is damaged", async () => {
  const bytes = bytesOf("npz");
  const place = bytes.findIndex((_, i) => [0x50, 0x4b, 1, 2].every((byte, j) => bytes[i + j] === byte));
  bytes[place + 29] = 255;
  expect(await taken(new Blob([bytes]), "x.npz")).toBe("x.npz is damaged, or not a zip archive.");
});

test("a damaged file never throws", async () => {
  const names = ["f32", "npz", "npzStored", "safetensors"] as const;
  const endings = { f32: "npy", npz: "npz", npzStored: "npz", safetensors: "safetensors" } as const;
  const property = asyncProperty(constantFrom(...names), nat(), nat(255), nat(), async (name, place, byte, cut) => {
    const bytes = bytesOf(name);
    bytes[place % bytes.length] = byte;
    const given = await taken(new Blob([bytes.slice(0, bytes.length - (cut % 9))]), `x.${endings[name]}`);
    // A sentence, or as many numbers as the shape says.
    const count = typeof given === "string" ? 0 : given.shape.reduce((n, size) => n * size, 1);
    return typeof given === "string" || given.data.length === count;
  });
  await expect(assert(property, { numRuns: 300 })).resolves.toBeUndefined();
});

test.each([
  ["[[1, 2], [3, 4]]", [2, 2], [1, 2, 3, 4]],
  ["x = np.array([[1., 2.],\n              [3., 4.]], dtype=np.float32)", [2, 2], [1, 2, 3, 4]],
  ["tensor([[ 0.5, -1e-3],\n        [nan, -inf]], device='cuda:0')", [2, 2], [0.5, -1e-3, NaN, -Infinity]],
  ["[[1 2]\n [3 4]]", [2, 2], [1, 2, 3, 4]],
  ["((1, 2,), (3, 4,),)", [2, 2], [1, 2, 3, 4]],
  ["array([1_000, float.nan])", [2], [1000, NaN]],
  ["[[[1], [2]]]", [1, 2, 1], [1, 2]],
  ["[true, false, null]", [3], [1, 0, NaN]],
  ["1, 2\n3, 4\n", [2, 2], [1, 2, 3, 4]],
  ["1\t2\t3", [3], [1, 2, 3]],
  ["−5 # a true minus", [1], [-5]],
])("%j is read", (text, shape, data) => {
  const given = readText(text);
  expect(given).toMatchObject({ shape });
  expect("data" in given ? [...given.data] : given).toEqual(data.map(Math.fround));
});

test.each([
  ["", "There are no numbers yet."],
  ["[[1, 2], [3]]", "Line 1: entry 1 is (1), those before it are (2)."],
  ["[[1, 2],\n [3, 4]", "The bracket that opens in line 1 is never closed."],
  ["[1, ..., 9]", "Line 1: “...” stands for numbers that were left out when it was printed."],
  ["[1, x]", "Line 1: “x” is no number."],
  ["[1, [2]]", "Line 1: entry 1 is (1), those before it are a number."],
  ["1 2\n3", "Row 2 has 1 numbers; the first has 2."],
  ["[]", "The pasted list has the shape (0,): there is nothing in it."],
  ["[1, 3/2]", "Line 1: “/2]” is no number."],
])("%j is refused: %s", (text, problem) => {
  expect(readText(text)).toEqual({ problem });
});

const LIMITS = { who: "this test", bufferBytes: 2 ** 40, macs: 2 ** 50 };
const given = (shape: number[]): Parameters<typeof withGiven>[2] => ({ id: "1", from: "w.npy", shape });
const fitted = (bench: Bench, operand: number, shape: number[]): Bench => {
  const next = withGiven(bench, operand, given(shape));
  if ("problem" in next) throw new Error(next.problem);
  return next;
};

test("given values bring their sizes, share the leading axes that they lack, and say what no longer fits", () => {
  const bench = fitted(laidOut("matmul"), 0, [3, 5]);
  expect(bench).toMatchObject({ sizes: { T: 3, D: 5, B: 2, H: 4 }, shared: [2, 0], fills: ["given", "demo"] });
  expect(layOut(bench, LIMITS).problem).toBeUndefined();
  const turned = layOut({ ...bench, sizes: { ...bench.sizes, D: 6 } }, LIMITS).problem;
  expect(plain(turned?.says ?? [])).toBe("Q was given as (3, 5) (w.npy); with these sizes it is (3, 6).");
  const mended = turned?.remedy?.change({ ...bench, sizes: { ...bench.sizes, D: 6 } });
  expect(mended?.sizes["D"]).toBe(5);
});

test("a list is a row, ones in front say nothing, and more dimensions than there are do not fit", () => {
  expect(fitted(laidOut("matmul"), 0, [7])).toMatchObject({ sizes: { T: 1, D: 7 }, given: [{ shape: [1, 7] }, null] });
  expect(fitted(laidOut("matmul"), 0, [1, 2, 4, 3, 5]).sizes).toMatchObject({ B: 2, H: 4, T: 3, D: 5 });
  expect(withGiven(laidOut("matmul"), 0, given([2, 2, 4, 3, 5]))).toEqual({
    problem: "w.npy is (2, 2, 4, 3, 5); Q has 4 dimensions here: (B, H, T, D).",
  });
});
