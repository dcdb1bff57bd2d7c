/** The catalogue as a whole: names are unique, every entry is documented, every signature reads. */
import { expect, test } from "vitest";
import { allLayers, allOperators, isKnownName, lookupConstant, lookupOperator } from "../../src/ops/index.ts";

test("no name is declared twice", () => {
  const names = [...allOperators(), ...allLayers()].flatMap((entry) => entry.names);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  expect(twice).toEqual([]);
});

test("every operator and layer has a summary", () => {
  const bare = [...allOperators(), ...allLayers()].filter(({ summary }) => !/^.+\.$/.test(summary));
  expect(bare.map(({ names }) => names)).toEqual([]);
});

test("names are found through the modules that repeat them", () => {
  expect(lookupOperator("torch.functional.einsum")).toBe(lookupOperator("torch.einsum"));
  expect(lookupOperator("torch.special.softmax")).not.toBeNull();
  expect(lookupOperator("torch.no_such_function")).toBeNull();
  expect(isKnownName("torch.nn")).toBe(true);
  expect(isKnownName("torch.nope")).toBe(false);
});

test("constants and element types", () => {
  expect(lookupConstant("torch.long")).toEqual({ kind: "dtype", dtype: "int64" });
  expect(lookupConstant("numpy.float32")).toEqual({ kind: "dtype", dtype: "float32" });
  expect(lookupConstant("numpy.newaxis")).toEqual({ kind: "none" });
  expect(lookupConstant("numpy.nothing")).toBeNull();
});
