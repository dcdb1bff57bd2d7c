// Normal forms and how they print.
import { describe, expect, it } from "vitest";
import {
  type Dim,
  absolute,
  add,
  ceilDivide,
  constant,
  floorDivide,
  freshSymbol,
  mentionsUnknown,
  maximum,
  minimum,
  modulo,
  multiply,
  negate,
  ofSymbol,
  power,
  printDim,
  product,
  subtract,
  unknownDim,
} from "../../src/shapes/index.ts";

const size = (name: string) => ofSymbol(freshSymbol(name, "inferred"));
const [B, T, C, n, H] = [size("B"), size("T"), size("C"), size("n"), size("H")] as const;
const x = ofSymbol(freshSymbol("x", "inferred", { min: null }));
const int = constant;
const [two, three] = [int(2), int(3)];

describe("normal form", () => {
  const same: readonly (readonly [string, Dim, Dim])[] = [
    ["(2*C) // 2 = C", floorDivide(multiply(two, C), two), C],
    ["(C*n) // n = C", floorDivide(multiply(C, n), n), C],
    ["(6*C + 4) // 2 = 3*C + 2", floorDivide(add(multiply(int(6), C), int(4)), two), add(multiply(three, C), two)],
    ["(C + n*B) // n = C // n + B", floorDivide(add(C, multiply(n, B)), n), add(floorDivide(C, n), B)],
    ["(3*C) // 2 = C // 2 + C", floorDivide(multiply(three, C), two), add(floorDivide(C, two), C)],
    ["(C // 2) // 3 = C // 6", floorDivide(floorDivide(C, two), three), floorDivide(C, int(6))],
    ["(C // n) // B = C // (n*B)", floorDivide(floorDivide(C, n), B), floorDivide(C, multiply(n, B))],
    ["(B*T*C) // (B*T*n) = C // n", floorDivide(product([B, T, C]), product([B, T, n])), floorDivide(C, n)],
    ["C*(B + T) // (B + T) = C", floorDivide(multiply(C, add(B, T)), add(B, T)), C],
    ["(B*B - T*T) // (B + T) = B - T", floorDivide(subtract(power(B, 2), power(T, 2)), add(B, T)), subtract(B, T)],
    ["C % 1 = 0", modulo(C, int(1)), int(0)],
    ["(n*C) % n = 0", modulo(multiply(n, C), n), int(0)],
    ["(C + n*B) % n = C % n", modulo(add(C, multiply(n, B)), n), modulo(C, n)],
    ["(C % n + B) % n = (C + B) % n", modulo(add(modulo(C, n), B), n), modulo(add(C, B), n)],
    ["(C % 4) // 4 = 0", floorDivide(modulo(C, int(4)), int(4)), int(0)],
    ["min(C, C + 1) = C", minimum(C, add(C, int(1))), C],
    ["max(C, C + B) = C + B", maximum(C, add(C, B)), add(C, B)],
    ["min(min(B, C), min(C, T)) = min(B, C, T)", minimum(minimum(B, C), minimum(C, T)), minimum(T, B, C)],
    ["min(3, C, 5) = min(C, 3)", minimum(three, C, int(5)), minimum(C, three)],
    ["max(0, C) = C", maximum(int(0), C), C],
    ["abs(-C) = C", absolute(negate(C)), C],
    ["abs(-x) = abs(x)", absolute(negate(x)), absolute(x)],
    ["-(-C // 2) = (C + 1) // 2", negate(floorDivide(negate(C), two)), floorDivide(add(C, int(1)), two)],
    ["ceil(C / 2) = (C + 1) // 2", ceilDivide(C, two), floorDivide(add(C, int(1)), two)],
    ["a stride-2 convolution, twice", stride2(stride2(H)), floorDivide(add(H, three), int(4))],
    ["(C - C % 4) // 4 = C // 4", floorDivide(subtract(C, modulo(C, int(4))), int(4)), floorDivide(C, int(4))],
    ["(C - C % n) % n = 0", modulo(subtract(C, modulo(C, n)), n), int(0)],
    [
      "(C + (-C) % n) // n = -(-C // n)",
      floorDivide(add(C, modulo(negate(C), n)), n),
      negate(floorDivide(negate(C), n)),
    ],
    [
      "min(C, 2*(C // 2)) = 2*(C // 2)",
      minimum(C, multiply(two, floorDivide(C, two))),
      multiply(two, floorDivide(C, two)),
    ],
    [
      "max(C - C // n, 0) = C - C // n",
      maximum(int(0), subtract(C, floorDivide(C, n))),
      subtract(C, floorDivide(C, n)),
    ],
    ["max(C - C % 4, 0) = C - C % 4", maximum(int(0), subtract(C, modulo(C, int(4)))), subtract(C, modulo(C, int(4)))],
    ["-7 // 2 = -4", floorDivide(int(-7), two), int(-4)],
    ["-7 % 3 = 2", modulo(int(-7), three), two],
  ];
  it.each(same)("%s", (_, a, b) => expect(a.key).toBe(b.key));

  /** kernel 3, padding 1 */
  function stride2(d: Dim): Dim {
    return add(floorDivide(subtract(add(d, two), three), two), int(1));
  }

  it("keeps apart what differs for some value", () => {
    expect(floorDivide(x, two).key).not.toBe(floorDivide(add(x, int(1)), two).key);
    expect(maximum(int(0), x).key).not.toBe(x.key);
    expect(absolute(x).key).not.toBe(x.key);
    expect(multiply(n, floorDivide(C, n)).key).not.toBe(C.key);
  });
});

describe("printing", () => {
  const texts: readonly (readonly [string, Dim])[] = [
    ["B*T*C", product([C, B, T])],
    ["2*T - 1", subtract(multiply(two, T), int(1))],
    ["C // n", floorDivide(C, n)],
    ["n*(C // n)", multiply(floorDivide(C, n), n)],
    ["C // (B*n)", floorDivide(C, multiply(B, n))],
    ["(B + T) // n", floorDivide(add(B, T), n)],
    ["B*T // n", floorDivide(multiply(T, B), n)],
    ["3*C // 2", floorDivide(multiply(three, C), two)],
    ["8*C // 3 + 1", add(floorDivide(multiply(int(8), C), three), int(1))],
    ["(H + 1) // 2", add(floorDivide(subtract(H, int(1)), two), int(1))],
    ["C // n", add(floorDivide(subtract(C, n), n), int(1))],
    ["T - B", subtract(T, B)],
    ["C - 2*(C // n)", subtract(C, multiply(two, floorDivide(C, n)))],
    ["-C", negate(C)],
    ["C**2 + C", add(power(C, 2), C)],
    ["min(T, 128)", minimum(int(128), T)],
    ["(-x) % 8", modulo(negate(x), int(8))],
    ["-(C // n) - 1", subtract(int(-1), floorDivide(C, n))],
    ["?", add(unknownDim(), C)],
    ["0", subtract(C, C)],
    ["-3", int(-3)],
  ];
  it.each(texts)("%s", (text, dim) => expect(printDim(dim)).toBe(text));
});

describe("limits", () => {
  it("gives up on numbers that floating point cannot hold", () => {
    const big = int(2 ** 40);
    expect(mentionsUnknown(multiply(big, big))).toBe(true);
    expect(mentionsUnknown(multiply(multiply(big, C), big))).toBe(true);
    expect(mentionsUnknown(power(two, 60))).toBe(true);
  });

  it("gives up on expressions that nobody could read", () => {
    let dim: Dim = C;
    for (let i = 0; i < 400; i++) dim = add(multiply(dim, floorDivide(add(dim, size(`s${i}`)), n)), C);
    expect(dim.key.length).toBeLessThan(3000);
  });

  it("divides by zero into something unknown", () => {
    expect(printDim(floorDivide(C, int(0)))).toBe("?");
    expect(printDim(modulo(C, subtract(B, B)))).toBe("?");
  });
});
