// What crosses between extension and page is checked where it arrives.
import { expect, test } from "vitest";
import { firstState } from "../../src/playground/bench.ts";
import { parseHostMessage, parsePageMessage } from "../../src/playground/messages.ts";
import { restoreState } from "../../src/playground/state.ts";

const operation = {
  operator: "matmul",
  title: "y = x @ w",
  source: { uri: "file:///model.py", file: "model.py", line: 4, code: "y = x @ w" },
  operands: [
    { name: "x", dims: ["B", 784] },
    { name: "w", dims: [784, 10] },
  ],
  options: {},
};

test("an operation arrives as it was sent", () => {
  expect(parseHostMessage({ type: "open", id: 1, operation })).toEqual({
    ok: true,
    value: { type: "open", id: 1, operation },
  });
});

test.each([
  [{ ...operation, operands: operation.operands.slice(1) }, "operation.operands"],
  [{ ...operation, operator: "conv" }, "operation.operator"],
  [{ ...operation, operands: [{ name: "x", dims: [-1] }, operation.operands[1]] }, "operation.operands.0.dims.0"],
  [{ ...operation, options: { scale: Infinity } }, "operation.options.scale"],
])("an operation that makes no sense is refused, and the place is told", (wrong, place) => {
  const parsed = parseHostMessage({ type: "open", id: 1, operation: wrong });
  expect(parsed.ok ? "" : parsed.problem).toContain(place);
});

test("what is no message at all is refused", () => {
  for (const raw of [null, 1, "open", [], {}, { type: "open" }, { type: "close" }]) {
    expect(parseHostMessage(raw).ok).toBe(false);
    expect(parsePageMessage(raw).ok).toBe(false);
  }
});

test("the state survives writing and reading", () => {
  const state = firstState();
  expect(restoreState(JSON.parse(JSON.stringify(state)))).toEqual(state);
});

test("a state that is not ours is dropped", () => {
  const state = firstState();
  expect(restoreState(undefined)).toBeUndefined();
  expect(restoreState({ ...state, version: 2 })).toBeUndefined();
  expect(restoreState({ ...state, matmul: state.attention })).toBeUndefined();
  expect(restoreState({ ...state, matmul: { ...state.matmul, sizes: { B: -4 } } })).toBeUndefined();
});
