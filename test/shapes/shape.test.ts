// Shapes: how they print, what two branches have in common, and broadcasting against the rule that NumPy documents.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Dim,
  type Shape,
  Solver,
  constant,
  elementCount,
  equalShapes,
  evaluate,
  freshLead,
  freshSymbol,
  joinShapes,
  known,
  mentionsUnknown,
  multiply,
  noFacts,
  ofSymbol,
  printDim,
  printShape,
  rank,
  shapeOf,
  shapeToJson,
  unknownDim,
  unknownShape,
} from "../../src/shapes/index.ts";

const [B, T, C] = ["B", "T", "C"].map((name) => ofSymbol(freshSymbol(name, "inferred"))) as [Dim, Dim, Dim];

describe("a shape", () => {
  const texts: readonly (readonly [string, Shape, (number | string)[] | null])[] = [
    ["(B, T, 768)", shapeOf(B, T, 768), ["B", "T", 768]],
    ["(3,)", shapeOf(3), [3]],
    ["()", shapeOf(), []],
    ["(…)", unknownShape(), null],
    ["(…, C)", { lead: freshLead(), dims: [C] }, ["…", "C"]],
    ["(*batch, C)", { lead: freshLead("batch"), dims: [C] }, ["*batch", "C"]],
    ["(*batch)", { lead: freshLead("batch"), dims: [] }, ["*batch"]],
    ["(2*T, ?)", shapeOf(multiply(constant(2), T), unknownDim()), ["2*T", "?"]],
  ];
  it.each(texts)("prints as %s", (text, shape, json) => {
    expect(printShape(shape)).toBe(text);
    expect(shapeToJson(shape)).toEqual(json);
  });

  it("counts its elements where its rank is known", () => {
    expect(printDim(elementCount(shapeOf(B, 3, T)) ?? unknownDim())).toBe("3*B*T");
    expect(elementCount(unknownShape())).toBe(null);
    expect([rank(shapeOf(B, T)), rank(unknownShape())]).toEqual([2, null]);
  });
});

const dim = fc.constantFrom<Dim>(B, T, C, constant(1), constant(2), constant(3));
const dims = fc.array(dim, { maxLength: 4 });
const lead = fc.constantFrom(null, null, null, freshLead(), freshLead("batch"));
const shape: fc.Arbitrary<Shape> = fc.record({ lead, dims });

describe("the join of two branches", () => {
  const star = () => unknownDim();

  it("keeps what is equal and nothing else", () => {
    expect(printShape(joinShapes(shapeOf(B, T, 3), shapeOf(B, 4, 3), star))).toBe("(B, ?, 3)");
    expect(printShape(joinShapes(shapeOf(B, T, C), shapeOf(T, C), star))).toBe("(…, T, C)");
    expect(printShape(joinShapes(shapeOf(B, T, C), shapeOf(2, 3), star))).toBe("(…)");
  });

  it("of a shape with itself is that shape, and says no more than either side", () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        expect(equalShapes(joinShapes(a, a, star), a)).toBe(true);
        const joined = joinShapes(a, b, star);
        for (const side of [a, b]) {
          const agrees = joined.dims.every(
            (each, i) => mentionsUnknown(each) || side.dims.at(i - joined.dims.length)?.key === each.key,
          );
          expect(agrees && joined.dims.length <= side.dims.length).toBe(true);
          expect(joined.lead === null ? rank(side) : null).toBe(rank(joined));
        }
      }),
    );
  });
});

/** https://numpy.org/doc/stable/user/basics.broadcasting.html: sizes agree, or one of them is 1; null where neither. */
function numpyBroadcast(a: readonly number[], b: readonly number[]): number[] | null {
  const result: number[] = [];
  for (let i = 1; i <= Math.max(a.length, b.length); i++) {
    const [x, y] = [a.at(-i) ?? 1, b.at(-i) ?? 1];
    if (x !== y && x !== 1 && y !== 1) return null;
    result.unshift(x === 1 ? y : x);
  }
  return result;
}

describe("broadcasting", () => {
  it("of numbers is NumPy's", () => {
    const sizes = fc.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 4 });
    fc.assert(
      fc.property(sizes, sizes, (a, b) => {
        const { shape, verdict, axis } = new Solver(noFacts).broadcast(shapeOf(...a), shapeOf(...b), null);
        const expected = numpyBroadcast(a, b);
        expect(verdict.answer).toBe(expected === null ? "no" : "yes");
        expect(expected === null ? null : shapeToJson(shape)).toEqual(expected);
        expect(axis === null ? 3 : new Set([1, a.at(axis), b.at(axis)]).size).toBe(3);
      }),
    );
  });

  const values = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 3 })));
  const valueOf = (v: readonly number[]) => (d: Dim) => {
    let isKnown = true;
    const value = evaluate(d, (s) => {
      const index = [B, T, C].findIndex((each) => each.key === s.key);
      isKnown &&= index >= 0;
      return v[index] ?? 0;
    });
    return isKnown ? value : null;
  };

  it("of symbols clashes only where every value clashes, and is right where no symbol is 1", () => {
    fc.assert(
      fc.property(shape, shape, values, dims, dims, (a, b, v, ofA, ofB) => {
        const { shape, verdict } = new Solver(noFacts).broadcast(a, b, null);
        const of = valueOf(v);
        const given = new Map([...new Set([a.lead, b.lead])].map((each, i) => [each, i === 0 ? ofA : ofB]));
        const full = (s: Shape) =>
          [...(s.lead === null ? [] : (given.get(s.lead) ?? [])), ...s.dims].map((d) => of(d) ?? 0);
        const expected = numpyBroadcast(full(a), full(b));
        fc.pre(expected !== null);
        expect(verdict.answer).not.toBe("no");
        fc.pre(!v.includes(1));
        const ahead = shape.lead === null ? [] : given.get(shape.lead)?.map((d) => of(d) ?? 0);
        const front = expected.slice(0, expected.length - shape.dims.length);
        expect(ahead ?? front).toEqual(front);
        const behind = expected.slice(front.length);
        expect(shape.dims.map((each, i) => of(each) ?? behind[i])).toEqual(behind);
      }),
      { numRuns: 2000 },
    );
  });

  it("does not depend on the order of its operands", () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const [x, y] = [new Solver(noFacts).broadcast(a, b, null), new Solver(noFacts).broadcast(b, a, null)];
        expect(x.verdict.answer).toBe(y.verdict.answer);
        expect(printShape(x.shape)).toBe(printShape(y.shape));
        expect(x.axis).toBe(y.axis);
      }),
    );
  });

  it("finds the first clash from the right and then learns nothing", () => {
    const solver = new Solver(noFacts);
    const result = solver.broadcast(shapeOf(2, 3, 4), shapeOf(T, 5, 4), null);
    expect([printShape(result.shape), result.axis, result.verdict.answer]).toEqual(["(2, ?, 4)", -2, "no"]);
    expect(solver.facts).toBe(noFacts);
  });

  it("keeps a named lead while the other shape stays within the visible dimensions", () => {
    const batch: Shape = { lead: freshLead("batch"), dims: [T, C] };
    const broadcast = (other: Shape) => printShape(new Solver(noFacts).broadcast(batch, other, null).shape);
    expect(broadcast(known([C]))).toBe("(*batch, T, C)");
    expect(broadcast(batch)).toBe("(*batch, T, C)");
    expect(broadcast(shapeOf(3, 1, 1, 1))).toBe("(…, 3, ?, T, C)");
    expect(broadcast(unknownShape())).toBe("(…, T, C)");
  });
});
