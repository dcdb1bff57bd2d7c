/** Signatures in one line, and binding as Python does it. */
import { expect, test } from "vitest";
import { int, none } from "../../src/ops/datum.ts";
import { bindArguments, parseSignature } from "../../src/ops/signature.ts";

const sum = parseSignature("a as input: tensor, axis|dim: axes = None, *, keepdims as keepdim: bool = False");
const view = parseSignature("self: tensor, *shape: ints");

function bind(signature: typeof sum, positional: readonly number[], named: Readonly<Record<string, number>> = {}) {
  return bindArguments(
    signature.parameters,
    positional.map((value) => int(value)),
    new Map(Object.entries(named).map(([key, value]) => [key, int(value)])),
  );
}

test("names, kinds, defaults and aliases are read", () => {
  expect(sum.parameters.map(({ name, kind, passing }) => [name, kind, passing])).toEqual([
    ["a", "tensor", "normal"],
    ["axis", "axes", "normal"],
    ["keepdims", "bool", "keyword-only"],
  ]);
  expect(sum.ruleNames.get("keepdims")).toBe("keepdim");
  expect(sum.spelling.get("input")).toBe("a");
});

test("positions, keywords, defaults", () => {
  const bound = bind(sum, [1], { dim: 2 });
  expect("mismatch" in bound ? bound : [bound.get("axis"), bound.get("keepdims")]).toEqual([
    int(2),
    { kind: "bool", value: false },
  ]);
  const plain = bind(sum, [1]);
  expect("mismatch" in plain ? plain : plain.get("axis")).toEqual(none);
});

test("what does not fit is told", () => {
  expect(bind(sum, [1, 2, 3])).toEqual({ mismatch: "takes at most 2 arguments but gets 3" });
  expect(bind(sum, [1], { foo: 2 })).toEqual({ mismatch: "takes no argument `foo`" });
  expect(bind(sum, [1, 2], { dim: 2 })).toEqual({ mismatch: "gets `dim` twice" });
  expect(bind(sum, [])).toEqual({ mismatch: "misses its argument `a`" });
});

test("the rest is gathered", () => {
  const bound = bind(view, [1, 2, 3]);
  expect("mismatch" in bound ? bound : bound.get("shape")).toEqual({ kind: "tuple", items: [int(2), int(3)] });
});
