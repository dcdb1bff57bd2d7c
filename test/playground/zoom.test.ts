// Which part of a dimension is in view: inside its size whatever is asked, around the cell that is looked at.
import { assert, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { laidOut } from "../../src/playground/bench.ts";
import { bringing, movedBy, spanOf, unzoomed, withSpan, zoomedAt } from "../../src/playground/zoom.ts";

const T = { axis: "T", size: 100 } as const;
const bench = laidOut("matmul");

test("nearer and further around a cell, and back to the whole", () => {
  const near = zoomedAt(zoomedAt(bench, T, 50, 0.5), T, 50, 0.5);
  expect(spanOf(near, T)).toEqual({ from: 38, count: 25 });
  expect(spanOf(zoomedAt(zoomedAt(near, T, 50, 2), T, 50, 4), T)).toEqual({ from: 0, count: 100 });
  expect(unzoomed(near)).toEqual(bench);
});

test("a dimension of one is never cut, and a size that shrinks takes its window along", () => {
  expect(withSpan(bench, { axis: 1, size: 1 }, { from: 0, count: 1 })).toBe(bench);
  const far = withSpan(bench, T, { from: 80, count: 20 });
  expect(spanOf(far, { axis: "T", size: 30 })).toEqual({ from: 10, count: 20 });
  expect(spanOf(far, { axis: "T", size: 5 })).toEqual({ from: 0, count: 5 });
});

test("whatever is asked, the window lies inside and holds the cell", () => {
  const step = tuple(integer({ min: 0, max: 99 }), integer({ min: -120, max: 120 }), integer({ min: 1, max: 40 }));
  const inside = property(step, ([index, cells, tenths]) => {
    const moved = movedBy(zoomedAt(bench, T, index, tenths / 10), T, cells);
    const { from, count } = spanOf(bringing(moved, T, index), T);
    return from >= 0 && from + count <= 100 && index >= from && index < from + count;
  });
  expect(() => assert(inside)).not.toThrow();
});
