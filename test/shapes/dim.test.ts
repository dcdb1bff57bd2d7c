// Dimensions against plain arithmetic on random values.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Answer,
  type Dim,
  Solver,
  evaluate,
  noFacts,
  constant,
  printDim,
  rangeOf,
  substitute,
  symbolsOf,
} from "../../src/shapes/index.ts";
import { build, calculate, evaluatePython, expression, quotients, symbols, valueOf, values } from "./expressions.ts";

const runs = { numRuns: Number(process.env["RUNS"] ?? 500) };
const isOurs = (d: Dim) => [...symbolsOf(d)].every((s) => symbols.includes(s));
/** Beyond the safe integers plain arithmetic cannot serve as a judge. */
const isJudge = (n: number) => Number.isSafeInteger(n);
const many = <T>(each: fc.Arbitrary<T>) => fc.array(each, { minLength: 20, maxLength: 20 });
/** -0 is 0. */
const plain = (n: number) => n + 0;

describe("a random expression", { timeout: 60_000 }, () => {
  it("has the value that Python gives it", () => {
    fc.assert(
      fc.property(fc.oneof(expression, quotients), many(values), (e, several) => {
        const d = build(e);
        fc.pre(isOurs(d));
        const wrong = several.filter((v) => {
          const expected = calculate(e, v);
          return isJudge(expected) && plain(evaluate(d, valueOf(v))) !== plain(expected);
        });
        expect(wrong).toEqual([]);
      }),
      runs,
    );
  });

  it("prints as Python with the same value", () => {
    fc.assert(
      fc.property(expression, values, (e, v) => {
        const d = build(e);
        const expected = evaluate(d, valueOf(v));
        fc.pre(isOurs(d) && isJudge(expected));
        const names = new Map(symbols.map((s, i) => [s.name, v[i] ?? 0]));
        expect(plain(evaluatePython(printDim(d), names))).toBe(plain(expected));
      }),
      runs,
    );
  });

  it("lies within its range", () => {
    fc.assert(
      fc.property(expression, values, (e, v) => {
        const d = build(e);
        const value = calculate(e, v);
        fc.pre(isOurs(d) && isJudge(value));
        const { low, high } = rangeOf(d);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
      }),
      runs,
    );
  });

  it("becomes its value when numbers take the place of its symbols", () => {
    fc.assert(
      fc.property(expression, values, fc.nat(15), (e, v, which) => {
        const d = build(e);
        const expected = calculate(e, v);
        fc.pre(isOurs(d) && isJudge(expected));
        const value = valueOf(v);
        const some = substitute(d, (s) => ((which >> symbols.indexOf(s)) & 1 ? constant(value(s)) : null));
        const all = substitute(some, (s) => constant(value(s)));
        fc.pre(isOurs(all));
        expect(all.key).toBe(String(plain(expected)));
      }),
      runs,
    );
  });
});

describe("two random expressions", { timeout: 60_000 }, () => {
  it("compare as they do for every value", () => {
    fc.assert(
      fc.property(fc.oneof(expression, quotients), fc.oneof(expression, quotients), many(values), (e, f, several) => {
        const [a, b, solver] = [build(e), build(f), new Solver(noFacts)];
        const answers = { compare: solver.compare(a, b), less: solver.less(a, b), divides: solver.divides(a, b) };
        const contradicts = (answer: Answer, truth: boolean) => answer === (truth ? "no" : "yes");
        const wrong = several.filter((v) => {
          const [x, y] = [calculate(e, v), calculate(f, v)];
          if (!isJudge(x) || !isJudge(y)) return false;
          return (
            contradicts(answers.compare, x === y) ||
            contradicts(answers.less, x < y) ||
            (x !== 0 && contradicts(answers.divides, y % x === 0))
          );
        });
        expect(wrong).toEqual([]);
      }),
      runs,
    );
  });
});
