// What goes into functions, modules and layers and what comes out, through the real front end and analysis.
import { expect, test } from "vitest";
import { hoverAt, linesOf, type View } from "../../src/editor/index.ts";
import { analyse } from "../fixtures/engine.ts";

const PATH = "model.py";
const text = `import torch
import torch.nn as nn

class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 10)

    def forward(self, x):
        h = torch.relu(self.fc1(x))
        return self.fc2(h)

def both(a, b):
    a = a.view(2, 3)
    if b is None:
        return a, a
    return a, a

def nothing(a):
    return a

model = Mlp()
y = model(torch.randn(32, 784))
`;

function shown(part: string, at = 0): string | null {
  const { program, result } = analyse(PATH, text);
  const statistics = { shapes: 0, unknown: 0, steps: 0, exhausted: null };
  const view: View = {
    result: { files: new Map([[PATH, result]]), statistics },
    sources: { lines: () => linesOf(text), program: () => program, name: (path) => path, link: () => null },
  };
  return hoverAt(view, PATH, text.indexOf(part) + at, { commands: false })?.markdown.split("\n")[0] ?? null;
}

test("a function tells its inputs and what it returns on every path", () => {
  expect(shown("forward")).toBe("**`(x: (…, 784)) → (…, 10)`**");
  expect(shown("both")).toMatch(/→ \(\(2, 3\), \(2, 3\)\)`\*\*$/);
});

test("a class and its instances tell what their `forward` does", () => {
  expect(shown("Mlp")).toBe("**`(x: (…, 784)) → (…, 10)`**");
  expect(shown("model =")).toBe("**`Mlp`** · `(x: (…, 784)) → (…, 10)`");
});

test("a layer tells what it maps to what, and how much it learns", () => {
  expect(shown("fc1")).toBe("**`nn.Linear`** · `(…, 784) → (…, 256)` · 201 k parameters");
});

test("a function of which no shape is known tells nothing", () => {
  expect(shown("nothing")).toBeNull();
});
