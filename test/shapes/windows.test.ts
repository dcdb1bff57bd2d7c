// How long slices are and how often windows fit, against plain counting on random values.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call } from "../../src/ops/operator.ts";
import type { Datum } from "../../src/ops/value.ts";
import { sliceLength } from "../../src/ops/verbs/slice.ts";
import { transposedCount, windowCount } from "../../src/ops/verbs/window.ts";
import { type Dim, Solver, constant, evaluate, mentionsUnknown, noFacts } from "../../src/shapes/index.ts";
import { type Expression, type Values, build, calculate, expression, valueOf } from "./expressions.ts";

const runs = { numRuns: Number(process.env["RUNS"] ?? 500), seed: Number(process.env["SEED"] ?? 7) };

/** No size is 0 that the code does not write as 0. */
const values: fc.Arbitrary<Values> = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: -9, max: 9 }),
);

const symbol = fc.record({ op: fc.constant("symbol" as const), index: fc.integer({ min: 0, max: 3 }) });
const bound: fc.Arbitrary<Expression | null> = fc.oneof(fc.constant(null), symbol, expression, expression);
const step = fc.constantFrom(1, 1, 1, 2, 3, -1, -2);
const noCause = { text: "the test", place: null };

function callWith(solver: Solver): Call {
  return { args: new Map(), solver, name: "operator.[]", cause: noCause };
}

function datum(e: Expression | null): Datum {
  return e === null ? { kind: "none" } : { kind: "int", value: build(e) };
}

/** The number of elements that Python selects. */
function counted(size: number, lower: number | null, upper: number | null, by: number): number {
  const clamp = (n: number) => Math.max(by > 0 ? 0 : -1, Math.min(n < 0 ? n + size : n, by > 0 ? size : size - 1));
  const from = lower === null ? (by > 0 ? 0 : size - 1) : clamp(lower);
  const to = upper === null ? (by > 0 ? size : -1) : clamp(upper);
  return Math.max(0, Math.ceil((to - from) / by));
}

const isWhole = (...numbers: readonly (number | null)[]) => numbers.every((n) => n === null || Number.isSafeInteger(n));

describe("a slice with symbolic bounds", { timeout: 60_000 }, () => {
  it("is as long as Python makes it, or not known", () => {
    const facts = fc.array(fc.tuple(fc.oneof(symbol, expression), fc.integer({ min: 0, max: 2 })), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.oneof(symbol, expression),
        bound,
        bound,
        step,
        facts,
        values,
        (size, lower, upper, by, known, v) => {
          const [n, from, to] = [size, lower, upper].map((e) => (e === null ? null : calculate(e, v)));
          fc.pre(n !== null && n !== undefined && n >= 0 && isWhole(n, from ?? null, to ?? null));
          const solver = new Solver(noFacts);
          for (const [e, spare] of known) {
            const least = calculate(e, v) - spare;
            if (Number.isSafeInteger(least)) solver.assumeAtLeast(build(e), least);
          }
          const slice = {
            kind: "slice" as const,
            lower: datum(lower),
            upper: datum(upper),
            step: { kind: "int" as const, value: constant(by) },
          };
          const length = solver.dim(sliceLength(callWith(solver), build(size), slice));
          fc.pre(!mentionsUnknown(length));
          expect(evaluate(length, valueOf(v)) + 0).toBe(counted(n ?? 0, from ?? null, to ?? null, by));
        },
      ),
      runs,
    );
  });
});

describe("a window", { timeout: 60_000 }, () => {
  const amount = fc.integer({ min: 1, max: 4 });

  it("fits as often as it can be put down, and transposed makes the size that it came from", () => {
    fc.assert(
      fc.property(
        fc.oneof(symbol, expression),
        amount,
        amount,
        amount,
        fc.integer({ min: 0, max: 3 }),
        values,
        (size, kernel, stride, dilation, padding, v) => {
          const n = calculate(size, v) + 0;
          const extent = dilation * (kernel - 1) + 1;
          fc.pre(isWhole(n) && n + 2 * padding >= extent);
          const dims = { kernel, stride, dilation, padding: 2 * padding };
          const window = Object.fromEntries(Object.entries(dims).map(([name, m]) => [name, constant(m)])) as Record<
            keyof typeof dims,
            Dim
          >;
          const count = windowCount(build(size), window);
          fc.pre(!mentionsUnknown(count));
          let fits = 0;
          while (fits * stride + extent <= n + 2 * padding) fits++;
          expect(evaluate(count, valueOf(v)) + 0).toBe(fits);
          const left = (n + 2 * padding - extent) % stride;
          expect(evaluate(transposedCount(count, window, constant(left)), valueOf(v)) + 0).toBe(n);
        },
      ),
      runs,
    );
  });
});
