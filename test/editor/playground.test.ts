// From a line of code to what the playground is asked to show.
import { expect, test } from "vitest";
import { playgroundAt } from "../../src/editor/index.ts";
import { operation as schema } from "../../src/playground/operation.ts";
import { freshLead, shapeOf, unknownDim, type Shape } from "../../src/shapes/index.ts";
import { safeParse } from "valibot";
import { firstOf, MODEL, named, operation, spanOf, tensor, viewOf } from "./made.ts";

const [B, T, D] = [named("B"), named("T"), named("D")];
const text = "import torch\nscores = q @ k.mT / 8\n";
const product = spanOf(text, "q @ k.mT");

function made(q: Shape, k: Shape) {
  const operands = [
    { name: "q", shape: q },
    { name: "k.mT", shape: k },
  ];
  const playground = {
    operator: "matmul",
    operands,
    causal: false,
    scale: null,
    dtype: "float32",
    masked: false,
  } as const;
  return viewOf(text, {
    facts: [
      tensor(spanOf(text, "scores"), shapeOf(B, T, T), { role: "binding" }),
      tensor(product, shapeOf(B, T, T), { operation: operation({ playground }) }),
      tensor(spanOf(text, "q @ k.mT / 8"), shapeOf(B, T, T), { operation: operation({}) }),
      tensor(firstOf(product), q),
    ],
  });
}

test("the operation has the code's names, sizes and place, in the form that the playground checks", () => {
  const found = playgroundAt(made(shapeOf(B, T, 64), shapeOf(B, 64, T)), MODEL, product.start, product.end);
  expect(found).toEqual({
    operator: "matmul",
    operands: [
      { name: "q", dims: ["B", "T", 64] },
      { name: "k.mT", dims: ["B", 64, "T"] },
    ],
    title: "matmul — model.py:2",
    source: { uri: MODEL, file: "model.py", line: 1, character: 9, code: "scores = q @ k.mT / 8" },
    options: { dtype: "float32" },
  });
  expect(safeParse(schema, found).success).toBe(true);
});

test("the name on the left is the result's only where nothing else is computed", () => {
  const plain = "s = q @ k\n";
  const call = { operator: "matmul", operands: [], causal: false, scale: null, dtype: null, masked: false } as const;
  const view = viewOf(plain, {
    facts: [
      tensor(firstOf(spanOf(plain, "s")), shapeOf(B), { role: "binding" }),
      tensor(spanOf(plain, "q @ k"), shapeOf(B), { operation: operation({ playground: call }) }),
    ],
  });
  expect(playgroundAt(view, MODEL, 4, 4)?.result).toBe("s");
});

test("a caret anywhere on the line finds the operation", () => {
  const view = made(shapeOf(T, D), shapeOf(D, T));
  for (const place of [product.start, product.start + 2, text.indexOf("8"), text.indexOf("scores")]) {
    expect(playgroundAt(view, MODEL, place, place)?.operator).toBe("matmul");
  }
  expect(playgroundAt(view, MODEL, 0, 0)).toBeNull();
});

test("sizes that nobody named get names of their own, and unknown leading dimensions are left out", () => {
  const inner = unknownDim();
  const view = made({ lead: freshLead(), dims: [unknownDim(), inner] }, shapeOf(inner, unknownDim()));
  const found = playgroundAt(view, MODEL, product.start, product.end);
  expect(found?.operands.map(({ dims }) => dims)).toEqual([
    ["n1", "n2"],
    ["n2", "n3"],
  ]);
});
