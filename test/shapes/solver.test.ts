// What the solver learns from the equations that real models give rise to.
import { describe, expect, it } from "vitest";
import {
  type Cause,
  Solver,
  constant,
  floorDivide,
  freshSymbol,
  modulo,
  multiply,
  noFacts,
  ofSymbol,
  printDim,
  product,
} from "../../src/shapes/index.ts";

const cause: Cause = { text: "the test", place: null };
const size = (name: string) => ofSymbol(freshSymbol(name, "inferred"));

describe("divisibility", () => {
  it("is learnt from an assert and then simplifies products", () => {
    const [B, T, C, n] = [size("B"), size("T"), size("C"), size("n")];
    const solver = new Solver(noFacts);
    expect(solver.assumeDivisible(C, n, cause).answer).toBe("maybe");
    expect(printDim(solver.dim(product([B, T, n, floorDivide(C, n)])))).toBe("B*T*C");
    expect(solver.dim(modulo(C, n)).key).toBe("0");
    expect(solver.compare(multiply(n, floorDivide(C, n)), C)).toBe("yes");
  });

  it("is learnt from a reshape that needs it", () => {
    const [B, T, C, n] = [size("B"), size("T"), size("C"), size("n")];
    const solver = new Solver(noFacts);
    solver.require(product([B, T, C]), product([B, T, n, floorDivide(C, n)]), cause);
    expect(solver.divides(n, C)).toBe("yes");
    expect(printDim(solver.dim(floorDivide(product([B, T, C]), product([B, T, n]))))).toBe("C // n");
  });

  it("contradicts a later number that does not divide", () => {
    const C = size("C");
    const solver = new Solver(noFacts);
    solver.assumeDivisible(C, constant(12), cause);
    expect(solver.require(C, constant(100), cause).answer).toBe("no");
    expect(solver.require(C, constant(768), cause).answer).toBe("maybe");
    expect(solver.dim(floorDivide(C, constant(12))).key).toBe("64");
  });
});
