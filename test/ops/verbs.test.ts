/** Laws of the small functions that shape rules are written with, against counting by hand. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Call } from "../../src/ops/operator.ts";
import { broadcastAll } from "../../src/ops/verbs/broadcast.ts";
import { parseNotation } from "../../src/ops/verbs/gufunc.ts";
import { isProblem } from "../../src/ops/problems.ts";
import { movedOrder, permuteAxes, swapAxes } from "../../src/ops/verbs/permute.ts";
import { sliceLength } from "../../src/ops/verbs/slice.ts";
import { transposedCount, windowCount } from "../../src/ops/verbs/window.ts";
import {
  asNumber,
  constant,
  evaluate,
  freshSymbol,
  known,
  noFacts,
  ofSymbol,
  shapeOf,
  Solver,
} from "../../src/shapes/index.ts";
import { slice } from "./harness.ts";

function call(): Call {
  return { args: new Map(), solver: new Solver(noFacts), name: "torch.test", cause: { text: "a test", place: null } };
}

/** How many elements Python's slice selects, by walking over all positions. */
function walk(size: number, lower: number | null, upper: number | null, step: number): number {
  const clamp = (bound: number, low: number, high: number): number =>
    Math.min(Math.max(bound < 0 ? bound + size : bound, low), high);
  const forwards = step > 0;
  const start =
    lower === null ? (forwards ? 0 : size - 1) : clamp(lower, forwards ? 0 : -1, forwards ? size : size - 1);
  const end = upper === null ? (forwards ? size : -1) : clamp(upper, forwards ? 0 : -1, forwards ? size : size - 1);
  let count = 0;
  for (let i = start; forwards ? i < end : i > end; i += step) count++;
  return count;
}

const bound = fc.option(fc.integer({ min: -12, max: 12 }));
const step = fc.constantFrom(null, 1, 2, 3, -1, -2);

test("a slice has as many elements as Python's", () => {
  fc.assert(
    fc.property(fc.nat(10), bound, bound, step, (size, lower, upper, stride) => {
      const datum = slice(lower, upper, stride);
      expect(asNumber(sliceLength(call(), constant(size), datum))).toBe(walk(size, lower, upper, stride ?? 1));
    }),
  );
});

test("a slice of a symbolic size is right for every size but 0", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), bound, bound, step, (size, lower, upper, stride) => {
      const symbol = freshSymbol("T", "inferred");
      const datum = slice(lower, upper, stride);
      const length = sliceLength(call(), ofSymbol(symbol), datum);
      const unsure = length.terms.some(({ factors }) =>
        factors.some(({ atom }) => atom.type === "symbol" && atom !== symbol),
      );
      fc.pre(!unsure);
      expect(evaluate(length, () => size)).toBe(walk(size, lower, upper, stride ?? 1));
    }),
  );
});

test("a window stands where it fits, and a transposed one undoes it", () => {
  const small = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      small,
      small,
      fc.nat(3),
      small,
      (size, kernel, stride, padding, dilation) => {
        const padded = size + 2 * padding;
        const reach = dilation * (kernel - 1) + 1;
        fc.pre(padded >= reach);
        let count = 0;
        for (let at = 0; at + reach <= padded; at += stride) count++;
        const [k, s, p, d] = [kernel, stride, 2 * padding, dilation].map(constant);
        if (k === undefined || s === undefined || p === undefined || d === undefined) return;
        const window = { kernel: k, stride: s, padding: p, dilation: d };
        expect(asNumber(windowCount(constant(size), window))).toBe(count);
        const rest = (padded - reach) % stride;
        expect(asNumber(transposedCount(constant(count), window, constant(rest)))).toBe(size);
      },
    ),
  );
});

const sizes = fc.array(fc.constantFrom(1, 1, 2, 3), { maxLength: 4 });

test("broadcasting does not depend on the order, and changes nothing twice", () => {
  fc.assert(
    fc.property(sizes, sizes, (a, b) => {
      const [x, y] = [shapeOf(...a), shapeOf(...b)];
      const join = (...shapes: readonly ReturnType<typeof shapeOf>[]) =>
        broadcastAll(
          call(),
          shapes.map((shape, i) => ({ parameter: `p${i}`, shape })),
        );
      const [there, back] = [join(x, y), join(y, x)];
      expect(isProblem(there)).toBe(isProblem(back));
      fc.pre(!isProblem(there) && !isProblem(back));
      if (isProblem(there) || isProblem(back)) return;
      expect(there.dims.map(({ key }) => key)).toEqual(back.dims.map(({ key }) => key));
      expect(join(there, x, y)).toEqual(there);
    }),
  );
});

test("moving axes is a permutation, and swapping twice is none", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(4), fc.nat(4), (rank, from, to) => {
      const [a, b] = [(from % rank) - rank, (to % rank) - rank];
      const order = movedOrder(rank, [a], [b]);
      expect([...order].sort((x, y) => x - y)).toEqual(Array.from({ length: rank }, (_, i) => i - rank));
      expect(order[rank + b]).toBe(a);
      const shape = known(Array.from({ length: rank }, (_, i) => constant(i + 2)));
      const twice = swapAxes(swapAxes(shape, a, b) ?? shape, a, b);
      expect(twice).toEqual(shape);
      expect(permuteAxes(shape, order)?.dims.length).toBe(rank);
    }),
  );
});

test("notation names what is contracted", () => {
  const matmul = parseNotation("(n?,k),(k,m?)->(n?,m?)");
  expect(matmul.contracted).toEqual(["k"]);
  expect(matmul.inputs[0]).toEqual([
    { letter: "n", optional: true },
    { letter: "k", optional: false },
  ]);
  expect(parseNotation("(n,n)->()").contracted).toEqual(["n"]);
});
