// What a hover says, on results made by hand.
import { expect, test } from "vitest";
import type { Fact } from "../../src/analysis/result.ts";
import { hoverAt, type View } from "../../src/editor/index.ts";
import { constant, product, shapeOf, unknownShape } from "../../src/shapes/index.ts";
import { firstOf, MODEL, named, operation, spanOf, tensor, viewOf } from "./made.ts";

const B = named("B");
const T = named("T");
const S = named("S");
const D = named("D");

const text = `def scores(q, k):
    s = q @ k.transpose(-2, -1)
    return s
`;
const product_ = spanOf(text, "q @ k.transpose(-2, -1)");
const matmul = operation({
  operands: [
    { text: "q", shape: shapeOf(B, T, D) },
    { text: "k.transpose(-2, -1)", shape: shapeOf(B, D, S) },
  ],
  contracts: [D],
  macs: product([B, T, S, D]),
  docs: { torch: "generated/torch.matmul.html", numpy: "reference/generated/numpy.matmul.html" },
  playground: { operator: "matmul", operands: [], causal: false, scale: null, dtype: "float32", masked: false },
});
const result = shapeOf(B, T, S);
const facts: readonly Fact[] = [
  tensor(spanOf(text, "q"), shapeOf(B, T, D), { role: "parameter" }),
  tensor(firstOf(spanOf(text, "s =")), result, { role: "binding" }),
  tensor(product_, result, { operation: matmul }),
  tensor(spanOf(text, "k.transpose(-2, -1)"), shapeOf(B, D, S)),
  { ...tensor(spanOf(text, "k.transpose"), shapeOf(1)), kind: "unknown", shape: null, dtype: null, text: "?" },
  tensor(firstOf(spanOf(text, "q @")), shapeOf(B, T, D)),
];
const view = viewOf(text, { facts });

function markdownAt(made: View, offset: number, commands = true): string | null {
  return hoverAt(made, MODEL, offset, { commands })?.markdown ?? null;
}

test("the operator shows the product: shape, dtype, operands, what is summed over, cost", () => {
  const markdown = markdownAt(view, text.indexOf("@")) ?? "";
  const [first, second] = markdown.split("\n\n");
  expect(first).toMatch(/^\*\*`\(B, T, S\)`\*\* `float32` · B·T·(?:D·S|S·D) MACs · 4·B·T·S bytes$/);
  expect(second).toBe("`q` `(B, T, D)` `@` `k.transpose(-2, -1)` `(B, D, S)` · sums over `D`");
});

test("the smallest expression under the pointer is meant", () => {
  expect(markdownAt(view, text.indexOf("q @"))).toMatch(/^\*\*`\(B, T, D\)`/);
  const hover = hoverAt(view, MODEL, text.indexOf("q @"), { commands: true });
  expect(text.slice(hover?.start, hover?.end)).toBe("q");
});

test("the name of a call shows the call", () => {
  expect(markdownAt(view, text.indexOf("transpose"))).toMatch(/^\*\*`\(B, D, S\)`/);
});

test("a shape can be copied where the editor runs commands", () => {
  const { markdown = "" } = hoverAt(view, MODEL, text.indexOf("q @"), { commands: true }) ?? {};
  const argument = /command:shapesight\.copyShape\?(\S+?)\)/.exec(markdown)?.[1] ?? "";
  expect(JSON.parse(decodeURIComponent(argument))).toEqual(["(B, T, D)"]);
  expect(hoverAt(view, MODEL, text.indexOf("q @"), { commands: false })?.markdown).not.toContain("command:");
});

test("a binding tells the operation behind it", () => {
  expect(markdownAt(view, text.indexOf("s ="))).toContain("sums over `D`");
});

test("documentation is that of the libraries the operator belongs to, and the playground is a command", () => {
  const markdown = markdownAt(view, text.indexOf("@")) ?? "";
  expect(markdown).toContain("[torch.matmul](https://docs.pytorch.org/docs/stable/generated/torch.matmul.html)");
  const argument = /command:shapesight\.openInPlayground\?(\S+)\)/.exec(markdown)?.[1] ?? "";
  expect(JSON.parse(decodeURIComponent(argument))).toEqual([
    { uri: MODEL, range: { start: { line: 1, character: 8 }, end: { line: 1, character: 31 } } },
  ]);
  expect(markdownAt(view, text.indexOf("@"), false)).not.toContain("command:");
});

test("nothing is said where nothing is known", () => {
  const source = "x = y\nn = 3\n";
  const nothing = tensor(spanOf(source, "x"), unknownShape(), { dtype: null });
  const three: Fact = { ...tensor(spanOf(source, "3"), shapeOf()), kind: "int", shape: null, dtype: null, text: "3" };
  const made = viewOf(source, { facts: [nothing, three] });
  expect(markdownAt(made, 0)).toBeNull();
  expect(markdownAt(made, source.indexOf("3"))).toBeNull();
  expect(markdownAt(made, source.indexOf("y"))).toBeNull();
  expect(hoverAt(made, "file:///elsewhere.py", 0, { commands: true })).toBeNull();
});

test("views from callers are listed with their places", () => {
  const train = "file:///repo/train.py";
  const call = { path: train, start: 10, end: 15 };
  const concrete = tensor(product_, shapeOf(32, 128, 128), {
    context: [call],
    operation: operation({ macs: product([32, 128, 128, 64].map(constant)) }),
  });
  const made = viewOf(text, { facts: [...facts, concrete] }, { [train]: "import m\n\nm.go(x)\n" });
  expect(markdownAt(made, text.indexOf("@"))).toContain(
    "As called:  \n`(32, 128, 128)` · 33.6 M MACs · 2 MiB — [train.py:3](file:///repo/train.py#L3)",
  );
});

test("a name in a message that looks like markup is harmless", () => {
  const source = "`` = 1";
  const odd = tensor({ path: MODEL, start: 0, end: 2 }, shapeOf(2), {
    operation: operation({ operands: [{ text: "x`](command:a)", shape: shapeOf(3) }] }),
  });
  expect(markdownAt(viewOf(source, { facts: [odd] }), 0)).toContain("``x`](command:a)`` `(3,)`");
});

test("dimensions say where they came from", () => {
  const origins = [{ name: "B", cause: { text: "`x.shape[0]`", place: null }, span: spanOf(text, "q", 0) }];
  const markdown = markdownAt(viewOf(text, { facts, origins }), text.indexOf("@"));
  expect(markdown).toContain("`B` ← `x.shape[0]`, [line 1](file:///repo/model.py#L1)");
});

test("an integer that is computed is shown, one that is written is not", () => {
  const source = "d = q.size(-1)";
  const bound: Fact = {
    ...tensor(spanOf(source, "d"), shapeOf()),
    role: "binding",
    kind: "int",
    shape: null,
    dtype: null,
    text: "D",
  };
  expect(markdownAt(viewOf(source, { facts: [bound] }), 0)).toBe("**`D`** `int`");
});

test("a layer tells its parameters", () => {
  const source = "self.fc = nn.Linear(768, 3072)";
  const layer: Fact = {
    ...tensor(spanOf(source, "nn.Linear(768, 3072)"), shapeOf()),
    kind: "layer",
    shape: null,
    dtype: null,
    text: "nn.Linear · (…, 768) → (…, 3072)",
    operation: operation({ name: "torch.nn.Linear", parameterCount: constant(2_362_368) }),
  };
  expect(markdownAt(viewOf(source, { facts: [layer] }), 12)).toBe(
    "**`nn.Linear · (…, 768) → (…, 3072)`** · 2.36 M parameters",
  );
});

test("a sum around a product tells the product, a function around it does not", () => {
  const source = "z = x @ w + b\ny = relu(x @ w)\n";
  const inner = operation({
    operands: [{ text: "x", shape: shapeOf(2, 3) }],
    macs: constant(30),
    notation: "(n,k),(k,m)->(n,m)",
  });
  const plus = operation({ name: "operator.+", notation: "(),()->()" });
  const relu = operation({ name: "torch.relu", notation: "()->()" });
  const shape = shapeOf(2, 5);
  const made = viewOf(source, {
    facts: [
      tensor(firstOf(spanOf(source, "z")), shape, { role: "binding" }),
      tensor(spanOf(source, "x @ w + b"), shape, { operation: plus }),
      tensor(spanOf(source, "x @ w"), shape, { operation: inner }),
      tensor(spanOf(source, "relu(x @ w)"), shape, { operation: relu }),
      tensor(spanOf(source, "x @ w", 1), shape, { operation: inner }),
    ],
  });
  expect(markdownAt(made, 0)).toContain("30 MACs");
  expect(markdownAt(made, source.indexOf("+"))).toContain("30 MACs");
  expect(markdownAt(made, source.indexOf("relu"))).not.toContain("MACs");
});

test("where the function alone tells nothing, what all callers agree on speaks for it", () => {
  const source = "y = x";
  const unknown = tensor(firstOf(spanOf(source, "y")), unknownShape(), { role: "binding", dtype: null });
  const called = tensor(unknown.span, shapeOf(7), { role: "binding", context: [spanOf(source, "x")] });
  const copy = "[Copy shape](command:shapesight.copyShape?%5B%22%287%2C%29%22%5D)";
  expect(markdownAt(viewOf(source, { facts: [unknown, called] }), 0)).toBe(
    `**\`(7,)\`** \`float32\` · 28 B\n\nAs called from [line 1](file:///repo/model.py#L1)\n\n${copy}`,
  );
});
