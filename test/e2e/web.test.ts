// The browser entry, in the oldest VS Code that we support: a page with no machine behind it, where the extension and
// its language server are workers, and files lie nowhere.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { vsix } from "../../scripts/package.mjs";
import { installVsCodeWeb } from "../../scripts/setup/vscode.mjs";
import { openBrowser } from "../../scripts/vscode/browser.mjs";
import { startWebVsCode } from "../../scripts/vscode/web.mjs";
import { command, hover, leave } from "../../scripts/vscode/workbench.mjs";
import { playground } from "./panel.ts";
import { newPythonFile, shootOnFailure, windowOf, type Window } from "./window.ts";

const program = `import torch
def attention(
    Q,  # (batch, seq_q, d_k)
    K,  # (batch, seq_k, d_k)
):
    scores = Q @ K.transpose(-2, -1)
    return Q @ K
`;

let page: Page;
let window: Window;
beforeAll(async () => {
  installVsCodeWeb();
  const settings = { "workbench.startupEditor": "none", "editor.hover.delay": 100, "editor.minimap.enabled": false };
  const server = await startWebVsCode({ vsix, settings });
  const browser = await openBrowser({ webgpu: true });
  page = browser.page;
  window = windowOf(page, async () => {
    await browser.close();
    await server.stop();
  });
  await page.goto(server.url);
  await page.locator(".monaco-workbench").first().waitFor();
});
afterAll(() => window?.close());

test("hovers tell shapes, and mistakes are underlined", async () => {
  shootOnFailure(window, "web-editor");
  await newPythonFile(page, program);
  const text = await hover(page, "Q @ K.transpose", "scores", "seq_q");
  expect(text).toContain("(batch, seq_q, seq_k)");
  await page.locator(".squiggly-error").first().waitFor();
  expect(await page.locator(".squiggly-error").count()).toBe(1);
  await window.shoot("web-editor");
  await leave(page);
});

test("the playground computes", async () => {
  shootOnFailure(window, "web-playground");
  await command(page, "Shapesight: Open Compute Playground");
  const frame = await playground(page, "gpu");
  expect(await frame.locator("[data-testid=badge]").innerText()).toMatch(/max error .*✓/);
  await window.shoot("web-playground");
});
