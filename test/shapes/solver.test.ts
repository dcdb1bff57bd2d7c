// What the solver learns from the equations that real models give rise to.
import { describe, expect, it } from "vitest";
import {
  type Cause,
  type Dim,
  type Sym,
  type Verdict,
  Solver,
  add,
  asSymbol,
  constant,
  factsKey,
  floorDivide,
  freshLead,
  freshSymbol,
  intersectFacts,
  maximum,
  minimum,
  modulo,
  multiply,
  noFacts,
  ofSymbol,
  printDim,
  printShape,
  product,
  shapeOf,
  subtract,
  unknownDim,
  unknownShape,
} from "../../src/shapes/index.ts";

const cause: Cause = { text: "the test", place: null };
const size = (name: string) => ofSymbol(freshSymbol(name, "inferred"));
const declared = (name: string, declaredBy: Sym["declaredBy"] = "annotation") =>
  ofSymbol(freshSymbol(name, "declared", { declaredBy }));
const symbolOf = (d: Dim): Sym => asSymbol(d) ?? freshSymbol("none", "unknown");
const int = constant;
const certainty = (verdict: Verdict) => (verdict.answer === "no" ? verdict.certainty : verdict.answer);

describe("a required equation", () => {
  it("binds a size that the code has not fixed, and remembers why", () => {
    const C = size("C");
    const solver = new Solver(noFacts);
    expect(solver.require(C, int(768), cause).answer).toBe("maybe");
    expect(printDim(solver.dim(C))).toBe("768");
    expect(solver.cause(symbolOf(C))).toBe(cause);
    expect(solver.require(C, int(768), cause).answer).toBe("yes");
    expect(certainty(solver.require(C, int(512), cause))).toBe("proven");
    expect(printDim(solver.dim(C))).toBe("768");
  });

  it("cancels common factors", () => {
    const [B, T, C] = [size("B"), size("T"), size("C")];
    const solver = new Solver(noFacts);
    solver.require(product([B, T, C]), product([B, T, int(12), int(64)]), cause);
    expect(printDim(solver.dim(C))).toBe("768");
    expect(certainty(solver.require(product([B, int(3)]), product([B, int(4)]), cause))).toBe("proven");
  });

  it("does not cancel what could be zero", () => {
    const k = ofSymbol(freshSymbol("k", "inferred", { min: null }));
    const solver = new Solver(noFacts);
    expect(certainty(solver.require(multiply(k, int(3)), multiply(k, int(4)), cause))).not.toBe("proven");
  });

  it("solves linear equations", () => {
    const [T, C, h] = [size("T"), size("C"), size("h")];
    const solver = new Solver(noFacts);
    solver.require(add(T, int(1)), int(65), cause);
    expect(printDim(solver.dim(T))).toBe("64");
    solver.require(C, multiply(h, int(64)), cause);
    expect(printDim(solver.dim(floorDivide(C, int(64))))).toBe("h");
    solver.require(C, int(768), cause);
    expect(printDim(solver.dim(h))).toBe("12");
  });

  it("does not solve for a symbol in terms of itself", () => {
    const [C, n] = [size("C"), size("n")];
    const solver = new Solver(noFacts);
    solver.require(C, add(floorDivide(C, n), int(3)), cause);
    expect(printDim(solver.dim(C))).toBe("C");
    expect(solver.compare(subtract(C, floorDivide(C, n)), int(3))).toBe("yes");
    expect(solver.require(C, add(floorDivide(C, n), int(3)), cause).answer).toBe("yes");
  });

  it("keeps the author's name over a size that has none", () => {
    const [u, C, named] = [unknownDim(), size("C"), declared("D")];
    const solver = new Solver(noFacts);
    solver.require(C, u, cause);
    expect(printDim(solver.dim(u))).toBe("C");
    solver.require(named, C, cause);
    expect(printDim(solver.dim(u))).toBe("D");
    solver.require(named, int(16), cause);
    expect([u, C, named].map((d) => printDim(solver.dim(d)))).toEqual(["16", "16", "16"]);
  });

  it("reads a product of declared sizes as the declared size that it is", () => {
    const [B, D, H, K] = [declared("B"), declared("D"), declared("H"), declared("K")];
    const solver = new Solver(noFacts);
    expect(solver.require(multiply(B, D), product([B, H, K]), cause).answer).toBe("maybe");
    expect(printDim(solver.dim(product([B, H, K])))).toBe("B*D");
    expect(solver.compare(D, multiply(H, K))).toBe("yes");
    solver.require(H, int(8), cause);
    solver.require(D, int(64), cause);
    expect(printDim(solver.dim(K))).toBe("8");
  });

  it("uses equations that it cannot solve for a symbol", () => {
    const [D, H, K] = [declared("D"), declared("H"), declared("K")];
    const solver = new Solver(noFacts);
    solver.require(D, add(H, K), cause);
    expect(solver.compare(multiply(D, int(2)), add(multiply(int(2), H), multiply(int(2), K)))).toBe("yes");
    expect(printDim(solver.dim(D))).toBe("D");
  });
});

describe("declared names", () => {
  it("clash as surely as they were declared", () => {
    const solver = new Solver(noFacts);
    const clash = (a: Sym["declaredBy"], b: Sym["declaredBy"]) =>
      certainty(solver.require(declared("A", a), declared("B", b), cause));
    expect(clash("annotation", "annotation")).toBe("declared");
    expect(clash("signature-comment", "signature-comment")).toBe("declared");
    expect(clash("annotation", "signature-comment")).toBe("commented");
    expect(clash("comment", "comment")).toBe("maybe");
  });

  it("become one where the program tests that they are equal", () => {
    const [A, B] = [declared("A"), declared("B")];
    const solver = new Solver(noFacts);
    expect(solver.assumeEqual(A, B, cause).answer).toBe("maybe");
    expect(solver.require(A, B, cause).answer).toBe("yes");
    expect(printDim(solver.dim(B))).toBe("A");
  });

  it("agree where both have been found to be the same number", () => {
    const [A, B] = [declared("A"), declared("B")];
    const solver = new Solver(noFacts);
    solver.require(A, int(3), cause);
    solver.require(B, int(3), cause);
    expect(solver.require(A, B, cause).answer).toBe("yes");
  });

  it("name sizes that had no name, or take what they name", () => {
    const [t, C, dim] = [ofSymbol(freshSymbol("?", "inferred")), freshSymbol("C", "inferred"), declared("dim")];
    const solver = new Solver(noFacts);
    solver.name(t, C);
    expect(printDim(solver.dim(t))).toBe("C");
    solver.name(t, symbolOf(dim));
    solver.require(t, int(768), cause);
    expect(printDim(solver.dim(dim))).toBe("768");
    expect(solver.cause(symbolOf(dim))).toBe(cause);
  });
});

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

  it("survives numbers for either side", () => {
    const [C, n] = [size("C"), size("n")];
    const solver = new Solver(noFacts);
    solver.assumeDivisible(C, n, cause);
    solver.require(n, int(12), cause);
    expect(printDim(solver.dim(multiply(int(24), floorDivide(C, n))))).toBe("2*C");
    expect(certainty(solver.require(C, int(100), cause))).toBe("proven");
    expect(certainty(solver.require(C, int(768), cause))).toBe("maybe");
    expect(printDim(solver.dim(floorDivide(C, n)))).toBe("64");
  });

  it("is understood of sums and multiples", () => {
    const [B, C, n] = [size("B"), size("C"), size("n")];
    const solver = new Solver(noFacts);
    solver.assumeDivisible(multiply(int(3), C), int(2), cause);
    expect(printDim(solver.dim(multiply(int(2), floorDivide(C, int(2)))))).toBe("C");
    solver.assumeDivisible(add(C, multiply(n, B)), n, cause);
    expect(printDim(solver.dim(multiply(n, floorDivide(C, n))))).toBe("C");
    expect(printDim(solver.dim(multiply(n, floorDivide(add(C, multiply(n, B)), n))))).toBe("B*n + C");
  });

  it("is answered for numbers and odd sums", () => {
    const [C, solver] = [size("C"), new Solver(noFacts)];
    expect(solver.divides(int(12), int(100))).toBe("no");
    expect(solver.divides(int(2), add(multiply(int(2), C), int(1)))).toBe("no");
    expect(solver.divides(int(2), C)).toBe("maybe");
    expect(certainty(solver.assumeDivisible(int(7), int(2), cause))).toBe("proven");
  });
});

describe("comparison", () => {
  it("says no only for what differs whatever the sizes", () => {
    const [T, C, solver] = [size("T"), size("C"), new Solver(noFacts)];
    const twice = (d: Dim) => multiply(int(2), d);
    expect(solver.compare(T, add(T, int(1)))).toBe("no");
    expect(solver.compare(twice(T), add(twice(C), int(1)))).toBe("no");
    expect(solver.compare(T, int(-1))).toBe("no");
    expect(solver.compare(T, int(0))).toBe("maybe");
    expect(solver.compare(T, C)).toBe("maybe");
    expect(solver.compare(declared("A"), declared("B"))).toBe("maybe");
    expect(solver.compare(modulo(T, int(8)), int(8))).toBe("no");
  });

  it("uses asserted bounds, also in min and max", () => {
    const [T, block] = [size("T"), size("block")];
    const solver = new Solver(noFacts);
    solver.assumeAtLeast(subtract(block, T), -1);
    expect(printDim(solver.dim(minimum(T, block)))).toBe("min(T, block)");
    expect(solver.assumeAtLeast(subtract(block, T), 0).answer).toBe("maybe");
    expect(printDim(solver.dim(minimum(T, block)))).toBe("T");
    expect(printDim(solver.dim(maximum(T, block)))).toBe("block");
    expect(solver.less(block, T)).toBe("no");
    solver.require(block, int(1024), cause);
    expect(certainty(solver.require(T, int(2048), cause))).toBe("proven");
    expect(certainty(solver.assumeAtLeast(T, 1025))).toBe("proven");
  });
});

describe("an assumption of broadcasting", () => {
  it("binds, never makes an error, and gives way to a requirement", () => {
    const [T, N] = [size("T"), size("N")];
    const solver = new Solver(noFacts);
    expect(printDim(solver.broadcastDim(T, N, cause).dim)).toBe("T");
    expect(printDim(solver.dim(N))).toBe("T");
    expect(solver.compare(N, T)).toBe("yes");
    expect(certainty(solver.require(N, int(1), cause))).toBe("maybe");
    expect(printDim(solver.dim(T))).toBe("T");
    expect(certainty(solver.require(T, int(5), cause))).toBe("maybe");
    expect([printDim(solver.dim(T)), printDim(solver.dim(N))]).toEqual(["5", "1"]);
  });

  it("gives way to an equation that it contradicts", () => {
    const [T, N] = [size("T"), size("N")];
    const solver = new Solver(noFacts);
    solver.broadcastDim(T, N, cause);
    expect(certainty(solver.require(T, add(N, int(2)), cause))).toBe("maybe");
    expect(solver.compare(T, N)).toBe("no");
    expect(printDim(solver.dim(subtract(T, N)))).toBe("2");
  });

  it("never leads round in a circle", () => {
    const [T, N] = [size("T"), size("N")];
    const solver = new Solver(noFacts);
    solver.broadcastDim(T, N, cause);
    solver.require(T, multiply(int(2), N), cause);
    expect([printDim(solver.dim(T)), printDim(solver.dim(N))]).toEqual(["2*N", "N"]);
  });

  it("of a number binds as well, and two of them leave the symbol free", () => {
    const T = size("T");
    const solver = new Solver(noFacts);
    solver.broadcastDim(T, int(5), cause);
    expect(printDim(solver.dim(T))).toBe("5");
    const again = solver.broadcastDim(T, int(7), cause);
    expect([printDim(again.dim), again.verdict.answer]).toEqual(["7", "maybe"]);
    expect(solver.compare(T, int(1))).not.toBe("no");
  });

  it("clashes where neither size can be 1", () => {
    const [T, solver] = [size("T"), new Solver(noFacts)];
    const three = add(T, int(3));
    expect(solver.broadcastDim(three, int(2), cause).verdict.answer).toBe("no");
    expect(solver.broadcastDim(three, add(three, int(1)), cause).verdict.answer).toBe("no");
    expect(solver.broadcastDim(T, add(T, int(1)), cause).verdict.answer).toBe("maybe");
    expect(certainty(solver.broadcastDim(declared("A"), declared("B"), cause).verdict)).toBe("declared");
  });
});

describe("shapes of unknown rank", () => {
  it("show as many dimensions as an operation needs", () => {
    const solver = new Solver(noFacts);
    const x = unknownShape();
    expect(printShape(solver.requireAtLeast(x, 2) ?? x)).toBe("(…, ?, ?)");
    expect(printShape(solver.requireRank(x, 3) ?? x)).toBe("(?, ?, ?)");
    expect(solver.requireRank(x, 4)).toBe(null);
    expect(solver.requireAtLeast(x, 4)).toBe(null);
  });

  it("agree with another shape by taking its dimensions", () => {
    const C = size("C");
    const solver = new Solver(noFacts);
    const x = { lead: freshLead(), dims: [C] };
    expect(solver.requireShapes(x, shapeOf(2, 3, 4), cause).answer).toBe("maybe");
    expect(printShape(solver.shape(x))).toBe("(2, 3, 4)");
    expect(solver.requireShapes(x, shapeOf(3, 4), cause)).toMatchObject({ answer: "no", certainty: "proven" });
    expect(solver.requireShapes(unknownShape(), x, cause).answer).not.toBe("no");
  });

  it("learn nothing from a shape that cannot agree", () => {
    const C = size("C");
    const solver = new Solver(noFacts);
    expect(solver.requireShapes(shapeOf(2, C), shapeOf(3, 5), cause).answer).toBe("no");
    expect(solver.facts).toBe(noFacts);
  });
});

describe("facts of several paths", () => {
  it("keep what both branches have found, however they found it", () => {
    const [T, N, C] = [size("T"), size("N"), size("C")];
    const [left, right] = [new Solver(noFacts), new Solver(noFacts)];
    left.require(T, int(5), cause);
    left.require(N, int(5), cause);
    left.require(C, int(3), cause);
    right.require(N, T, cause);
    const joined = new Solver(intersectFacts(left.facts, right.facts, noFacts));
    expect(joined.compare(T, N)).toBe("yes");
    expect([printDim(joined.dim(T)), printDim(joined.dim(C))]).toEqual(["T", "C"]);
  });

  it("keep no bound that one branch only assumed", () => {
    const a = size("a");
    const [left, right] = [new Solver(noFacts), new Solver(noFacts)];
    left.assumeAtLeast(a, 2);
    right.broadcastDim(a, int(2), cause);
    const joined = new Solver(intersectFacts(left.facts, right.facts, noFacts));
    expect(right.atLeast(a, 2)).toBe("yes");
    expect(joined.atLeast(a, 2)).toBe("maybe");
  });

  it("have equal keys where they say the same of the symbols asked for", () => {
    const [T, C, n] = [size("T"), size("C"), size("n")];
    const keyOf = (solver: Solver) => factsKey(solver.facts, [symbolOf(C)]);
    const [a, b] = [new Solver(noFacts), new Solver(noFacts)];
    a.require(T, int(5), cause);
    expect(keyOf(a)).toBe(keyOf(b));
    a.assumeDivisible(C, n, cause);
    expect(keyOf(a)).not.toBe(keyOf(b));
    b.require(C, int(8), cause);
    expect(keyOf(a)).not.toBe(keyOf(b));
  });

  it("stay the same object when nothing new is said", () => {
    const [T, N, C, n] = [size("T"), size("N"), size("C"), size("n")];
    const solver = new Solver(noFacts);
    const say = () => {
      solver.require(multiply(T, int(2)), multiply(C, int(3)), cause);
      solver.broadcastDim(N, C, cause);
      solver.assumeDivisible(add(C, T), n, cause);
      solver.assumeAtLeast(multiply(T, C), 4);
    };
    say();
    const after = solver.facts;
    say();
    expect(solver.facts).toBe(after);
  });
});
