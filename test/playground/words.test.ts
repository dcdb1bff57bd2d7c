// Numbers as a person reads them.
import { expect, test } from "vitest";
import { bytes, count, duration, error, flops, rate, value } from "../../src/playground/words.ts";

const spaced = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

test.each([
  [0, "0.000"],
  [-0.0001, "−1.0e−4"],
  [14.024, "14.02"],
  [-2.5, "−2.500"],
  [123.456, "123.5"],
  [99_999, "99999"],
  [1e6, "1.0e6"],
  [-Infinity, "−∞"],
  [NaN, "NaN"],
])("the value %d", (x, text) => {
  expect(value(x)).toBe(text);
});

test("sizes, work and time", () => {
  expect(spaced(count(1_048_576))).toBe("1 048 576");
  expect(spaced(bytes(4096))).toBe("4 KiB");
  expect(spaced(bytes(5.2 * 2 ** 30))).toBe("5.20 GiB");
  expect(spaced(flops(65_536))).toBe("65.5 kFLOP");
  expect(spaced(flops(268_435_456))).toBe("268 MFLOP");
  expect(spaced(duration(0.266))).toBe("266 µs");
  expect(spaced(duration(5.9))).toBe("5.90 ms");
  expect(spaced(duration(1520))).toBe("1.52 s");
  expect(spaced(rate(2193.4))).toBe("2 193");
  expect(rate(0.2471)).toBe("0.247");
  expect(error(3.1e-6)).toBe("3.1e-6");
});
