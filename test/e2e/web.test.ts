// The browser entry: VS Code is told to run the extension in a web worker, as it does on pages without a machine behind
// them; the language server is then a worker too.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { command, hover } from "../../scripts/vscode/workbench.mjs";
import { playground } from "./panel.ts";
import { openWindow, shootOnFailure, type Window } from "./window.ts";

const settings = { "remote.extensionKind": { "shapesight.shapesight": ["web"] } };

let window: Window;
beforeAll(async () => (window = await openWindow("seed_attention.py", { settings })));
afterAll(() => window?.close());
beforeEach(({ task }) => shootOnFailure(window, task.name));

test("in a web worker, hovers tell shapes all the same", async () => {
  await window.page.keyboard.press("Control+End");
  const text = await hover(window.page, "scores = ", "scores", "seq_q");
  expect(text).toContain("(batch, n_heads, seq_q, seq_k)");
  await window.shoot("web-hover");
});

test("in a web worker, the playground opens", async () => {
  await command(window.page, "Shapesight: Open Compute Playground");
  const frame = await playground(window.page, "gpu");
  expect(await frame.locator("[data-testid=badge]").innerText()).toMatch(/max error .*✓/);
});

test("the extension really runs in the worker", async () => {
  await command(window.page, "Developer: Show Running Extensions");
  const row = window.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: "Shapesight" });
  await row.first().waitFor();
  expect(await row.first().innerText()).toMatch(/web worker/i);
});
