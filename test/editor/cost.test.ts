// How costs are worded: units where sizes are known, formulas where they are not.
import { expect, test } from "vitest";
import { bytesText, flopsText, macsText, parametersText, scaledBytes, scaledCount } from "../../src/editor/cost.ts";
import { constant, product, shapeOf, unknownDim, unknownShape } from "../../src/shapes/index.ts";
import { named } from "./made.ts";

test.each([
  [0, "0"],
  [1, "1"],
  [999, "999"],
  [1000, "1 k"],
  [12_345, "12.3 k"],
  [999_949, "1 M"],
  [134_217_728, "134 M"],
  [2_000_000_000, "2 G"],
  [1.5e12, "1.5 T"],
])("%d is written %s", (n, text) => expect(scaledCount(n)).toBe(text));

test.each([
  [96, "96 B"],
  [1023, "1023 B"],
  [1024, "1 KiB"],
  [1536, "1.5 KiB"],
  [16 * 1024 * 1024, "16 MiB"],
  [1024 ** 3 - 1, "1 GiB"],
])("%d bytes are written %s", (n, text) => expect(scaledBytes(n)).toBe(text));

test("a batch of 256 with 512 inputs and 1024 neurons takes 134 M MACs", () => {
  expect(macsText(product([256, 512, 1024].map(constant)))).toBe("134 M MACs");
});

test("symbols make a formula", () => {
  const [b, t] = [named("B"), named("T")];
  expect(macsText(product([b, t, constant(768)]))).toMatch(/^(?:768·)?B·T(?:·768)? MACs$/);
  expect(bytesText(shapeOf(b, t), "float32")).toMatch(/^4·B·T bytes$/);
});

test("what is not known is not said", () => {
  expect(macsText(null)).toBeNull();
  expect(macsText(unknownDim())).toBeNull();
  expect(bytesText(unknownShape(), "float32")).toBeNull();
  expect(bytesText(shapeOf(2), null)).toBeNull();
  expect(bytesText(shapeOf(2), "a dtype of tomorrow")).toBeNull();
});

test("one of anything is singular", () => {
  expect(macsText(constant(1))).toBe("1 MAC");
  expect(flopsText(constant(1))).toBe("1 FLOP");
  expect(parametersText(constant(1))).toBe("1 parameter");
});

test("memory follows the dtype", () => {
  expect(bytesText(shapeOf(256, 1024), "float32")).toBe("1 MiB");
  expect(bytesText(shapeOf(256, 1024), "bfloat16")).toBe("512 KiB");
  expect(bytesText(shapeOf(256, 1024), "bool")).toBe("256 KiB");
});
