// What a person sees in the editor: hovers, hints and underlined mistakes, in the packaged extension.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { command, hover, leave, openFile, retype, toEnd } from "../../scripts/vscode/workbench.mjs";
import { newPythonFile, openWindow, shootOnFailure, type Window } from "./window.ts";

let window: Window;
beforeAll(async () => (window = await openWindow("seed_attention.py")));
afterAll(() => window?.close());
beforeEach(async ({ task }) => {
  shootOnFailure(window, task.name);
  await leave(window.page);
});

test("a hover on the scores of an attention names its four dimensions", async () => {
  await toEnd(window.page);
  const text = await hover(window.page, "Q @ K.transpose", "scores", "seq_q");
  expect(text).toContain("(batch, n_heads, seq_q, seq_k)");
  await window.shoot("editor-hover");
});

test("inlay hints show shapes beside the names", async () => {
  const { page } = window;
  const scores = page.locator(".view-line", { hasText: /scores:\s\(batch,.*seq_k\)\s=\sQ/ });
  const output = page.locator(".view-line", { hasText: /output:\s\(batch,.*d_v\)\s=\sweights/ });
  await scores.first().waitFor();
  expect(await scores.count()).toBe(1);
  expect(await output.count()).toBe(1);
});

test("keys that are not transposed are underlined, saying both shapes", async () => {
  const { page } = window;
  await retype(page, "K.transpose(-2, -1)", "K.transpose(-2, -1)", "K");
  await page.locator(".squiggly-error").first().waitFor();
  const text = await hover(page, "= Q @ K ", "@", "matmul-inner");
  expect(text).toContain("(batch, n_heads, seq_q, d_k)");
  expect(text).toContain("(batch, n_heads, seq_k, d_k)");
  await window.shoot("editor-error");
  await leave(page);
  await command(page, "Problems: Focus on Problems View");
  const problem = page.locator(".markers-panel .monaco-list-row", { hasText: "matmul-inner" });
  await problem.first().waitFor();
  expect(await problem.count()).toBe(1);
  await window.shoot("editor-problems");
  await page.locator(".view-line", { hasText: "Q @ K" }).first().click();
  await page.keyboard.press("Control+z");
  await command(page, "View: Hide Panel");
  await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
});

test("a file that is not saved anywhere is understood", async () => {
  const { page } = window;
  await newPythonFile(page, "import torch\nx = torch.zeros(2, 3)\ny = x.T @ x\n");
  const text = await hover(page, "y = x.T", "y", "(3, 3)");
  expect(text).toContain("(3, 3)");
});

test("each mistake of the broken example is underlined once", async () => {
  const { page } = window;
  await openFile(page, "broken.py");
  await page.locator(".squiggly-error").nth(1).waitFor();
  expect(await page.locator(".squiggly-error").count()).toBe(2);
  await window.shoot("editor-broken");
});
