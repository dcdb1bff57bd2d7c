// What the status item counts.
import { expect, test } from "vitest";
import { statusOf } from "../../src/editor/index.ts";
import { freshLead, shapeOf } from "../../src/shapes/index.ts";
import { MODEL, spanOf, tensor, viewOf } from "./made.ts";

test("each place counts once, by its general view", () => {
  const text = "abc";
  const called = [{ path: MODEL, start: 0, end: 1 }];
  const facts = [
    tensor(spanOf(text, "a"), shapeOf(2)),
    tensor(spanOf(text, "a"), shapeOf(3), { context: called }),
    tensor(spanOf(text, "b"), { lead: freshLead(), dims: [] }),
    tensor(spanOf(text, "c"), shapeOf(), { kind: "int" }),
  ];
  expect(statusOf(viewOf(text, { facts }), MODEL)).toEqual({ shapes: 1, open: 1, findings: 0 });
  expect(statusOf(viewOf(text, { facts }), "file:///other.py")).toEqual({ shapes: 0, open: 0, findings: 0 });
});
