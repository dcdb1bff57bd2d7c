// Whatever a solver learns from statements that are true of some values must be true of those values.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Answer,
  type Dim,
  type Facts,
  Solver,
  applyBindings,
  asNumber,
  bindingsSince,
  constant,
  evaluate,
  intersectFacts,
  multiply,
  add,
  noFacts,
  ofSymbol,
  printDim,
  symbolsOf,
} from "../../src/shapes/index.ts";
import { read } from "../../src/shapes/facts.ts";
import { type Expression, type Values, build, calculate, expression, symbols, valueOf } from "./expressions.ts";

const runs = { numRuns: Number(process.env["RUNS"] ?? 300) };

/** Sizes are at least 1: a common factor of both sides of an equation is cancelled as if no tensor were empty. */
const values: fc.Arbitrary<Values> = fc.tuple(
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: -5, max: 7 }),
);

interface Step {
  readonly kind: "equal" | "multiple" | "number" | "unite" | "divisible" | "at least" | "broadcast" | "stretch";
  readonly e: Expression;
  readonly f: Expression;
  readonly spare: number;
}

/** Mostly single symbols, since those can be bound. */
const operand: fc.Arbitrary<Expression> = fc.oneof(
  fc.record({ op: fc.constant("symbol" as const), index: fc.integer({ min: 0, max: 3 }) }),
  expression,
);

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step["kind"]>(
    "equal",
    "multiple",
    "number",
    "unite",
    "divisible",
    "at least",
    "broadcast",
    "stretch",
  ),
  e: operand,
  f: operand,
  spare: fc.integer({ min: 0, max: 3 }),
});

const cause = { text: "the test", place: null };

/** Makes the solver learn something that is true of the values. Null where the step says nothing. */
function take(solver: Solver, { kind, e, f, spare }: Step, v: Values): string | null {
  const [x, y] = [calculate(e, v), calculate(f, v)];
  if (!Number.isSafeInteger(x) || !Number.isSafeInteger(y)) return null;
  const left = build(e);
  const right = add(build(f), constant(x - y));
  switch (kind) {
    case "equal":
      return solver.require(left, right, cause).answer;
    case "multiple": {
      const factor = multiply(build({ op: "symbol", index: spare % 3 }), constant(2));
      return solver.require(multiply(left, factor), multiply(right, factor), cause).answer;
    }
    case "number":
      return solver.require(left, constant(x), cause).answer;
    case "unite":
      return solver.assumeEqual(left, right, cause).answer;
    case "divisible": {
      if (y === 0) return null;
      const rest = x - y * Math.floor(x / y);
      return solver.assumeDivisible(add(left, constant(-rest)), build(f), cause).answer;
    }
    case "at least":
      return solver.assumeAtLeast(left, x - spare).answer;
    case "broadcast":
      return x < 2 ? null : solver.broadcastDim(left, right, cause).verdict.answer;
    case "stretch":
      return y < 0 ? null : solver.broadcastDim(add(left, constant(1 - x)), build(f), cause).verdict.answer;
    default:
      return kind satisfies never;
  }
}

const isOurs = (d: Dim) => [...symbolsOf(d)].every((s) => symbols.includes(s));

function learn(steps: readonly Step[], v: Values, from: Facts = noFacts): Solver {
  const solver = new Solver(from);
  for (const each of steps) {
    if (take(solver, each, v) === "no") throw new Error(`refused what is true: ${JSON.stringify(each)}`);
  }
  return solver;
}

/** What the solver says that is not so. Assumptions may be wrong, so what they say counts only with `trust`. */
function falsehoods(solver: Solver, probes: readonly Expression[], v: Values, trust: "strong" | "assumed"): string[] {
  const all: readonly Expression[] = [...symbols.map((_, index) => ({ op: "symbol" as const, index })), ...probes];
  return all.flatMap((probe) => {
    const [d, expected] = [build(probe), calculate(probe, v)];
    if (!isOurs(d) || !Number.isSafeInteger(expected)) return [];
    const reading = read(solver.facts, d, trust);
    const isRead = !isOurs(reading) || evaluate(reading, valueOf(v)) + 0 === expected + 0;
    const contradicts = (answer: Answer, truth: boolean) =>
      truth ? answer === "no" : answer === "yes" && trust === "assumed";
    const answered = [expected - 1, expected, expected + 1].every(
      (n) =>
        !contradicts(solver.compare(d, constant(n)), n === expected) &&
        !contradicts(solver.atLeast(d, n), expected >= n),
    );
    return isRead && answered ? [] : [`${printDim(d)} reads ${printDim(reading)} and is ${expected}`];
  });
}

describe("a solver that has been told the truth", { timeout: 60_000 }, () => {
  it("reads every expression as its value", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 6 }),
        fc.array(expression, { maxLength: 3 }),
        values,
        (steps, probes, v) => {
          const solver = learn(
            steps.filter(({ kind }) => kind !== "stretch"),
            v,
          );
          expect(falsehoods(solver, probes, v, "strong")).toEqual([]);
          expect(falsehoods(solver, probes, v, "assumed")).toEqual([]);
        },
      ),
      runs,
    );
  });

  it("stays true where sizes are 1 and assumptions are wrong", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 6 }),
        fc.array(expression, { maxLength: 3 }),
        values,
        (steps, probes, v) => {
          expect(falsehoods(learn(steps, v), probes, v, "strong")).toEqual([]);
        },
      ),
      runs,
    );
  });

  it("keeps what two branches agree on", () => {
    const some = fc.array(step, { maxLength: 3 });
    fc.assert(
      fc.property(
        some,
        some,
        some,
        fc.array(expression, { maxLength: 3 }),
        values,
        values,
        (base, x, y, probes, v, w) => {
          const truthful = base.filter((each) => {
            const solver = new Solver(noFacts);
            return each.kind !== "stretch" && take(solver, each, v) !== "no" && sameUnder(each, v, w);
          });
          const facts = learn(truthful, v).facts;
          const a = learn(x, v, facts).facts;
          const b = learn(y, w, facts).facts;
          const joined = new Solver(intersectFacts(a, b, facts));
          expect(falsehoods(joined, probes, v, "strong")).toEqual([]);
          expect(falsehoods(joined, probes, w, "strong")).toEqual([]);
        },
      ),
      runs,
    );
  });

  it("learns the same numbers from a replay", () => {
    const some = fc.array(step, { maxLength: 4 });
    fc.assert(
      fc.property(some, some, fc.array(expression, { maxLength: 3 }), values, (base, more, probes, v) => {
        const before = learn(base, v).facts;
        const after = learn(more, v, before).facts;
        const replayed = applyBindings(before, bindingsSince(before, after));
        expect(falsehoods(new Solver(replayed), probes, v, "strong")).toEqual([]);
        const numbers = (facts: Facts) => symbols.map((s) => asNumber(read(facts, ofSymbol(s), "strong")));
        const found = numbers(after);
        expect(numbers(replayed).map((n, i) => (found[i] === null ? null : n))).toEqual(found);
      }),
      runs,
    );
  });
});

/** Whether the statement, made for v, is true of w as well. */
function sameUnder(each: Step, v: Values, w: Values): boolean {
  const difference = (of: Values) => calculate(each.e, of) - calculate(each.f, of);
  return each.kind === "equal" && difference(v) === difference(w);
}
