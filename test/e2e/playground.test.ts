// The compute playground in the packaged extension: opened from the palette and from code, right, live, and still there
// after a reload.
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { command, hover, leave, toEnd } from "../../scripts/vscode/workbench.mjs";
import { playground, sizeIn } from "./panel.ts";
import { openWindow, shootOnFailure } from "./window.ts";

let window: Awaited<ReturnType<typeof openWindow>>;
beforeAll(async () => (window = await openWindow("seed_attention.py", { width: 1500, height: 1000 })));
afterAll(() => window?.close());
beforeEach(({ task }) => shootOnFailure(window, task.name));

/** Follows the link in the hover on the scores' product. */
async function openFromCode(): Promise<Frame> {
  const { page } = window;
  await toEnd(page);
  await hover(page, "Q @ K.transpose", "@", "Open in Playground");
  await page.locator(".monaco-hover:not(.hidden) a", { hasText: "Open in Playground" }).first().click();
  await leave(page);
  return playground(page, "gpu");
}

test("the palette opens it with an example that is computed already", async () => {
  await command(window.page, "Shapesight: Open Compute Playground");
  const frame = await playground(window.page, "gpu");
  expect(await frame.locator("[data-testid=badge]").innerText()).toMatch(/max error .*✓/);
  await window.shoot("playground-example");
});

test("the hover on a product opens it with the dimensions of the code", async () => {
  const frame = await openFromCode();
  await frame.locator("[data-testid=source-link]", { hasText: "seed_attention.py" }).waitFor();
  for (const dimension of ["batch", "n_heads", "seq_q", "seq_k", "d_k"]) {
    expect(await sizeIn(frame, dimension).count(), dimension).toBe(1);
  }
  expect(await frame.locator("[data-testid=badge]").innerText()).toMatch(/max error .*✓/);
  await window.shoot("playground-from-code");
});

test("a size that is typed is computed at once", async () => {
  const frame = await playground(window.page, "gpu");
  const root = frame.locator("#playground");
  const before = Number(await root.getAttribute("data-run"));
  await sizeIn(frame, "seq_q").fill("24");
  await expect
    .poll(async () => Number(await root.getAttribute("data-run")), { timeout: 20_000 })
    .toBeGreaterThan(before);
  expect(await frame.locator("[data-testid=badge]").innerText()).toMatch(/max error .*✓/);
});

test("what it shows is there again after a reload", async () => {
  const { page } = window;
  // A browser's VS Code writes down what it has to remember every five seconds, when it is idle.
  await page.waitForTimeout(8000);
  // The plain address of the folder restores what was open, as a reload of the window does.
  await page.goto(window.server.address());
  const frame = await playground(page, "gpu");
  expect(await sizeIn(frame, "seq_q").inputValue()).toBe("24");
  await frame.locator("[data-testid=source-link]", { hasText: "seed_attention.py" }).waitFor();
});

test("the link in it leads back to the line of code", async () => {
  const frame = await playground(window.page, "gpu");
  await frame.locator("[data-testid=source-link]").click();
  await window.page.locator(".view-line", { hasText: "Q @ K.transpose" }).first().waitFor();
  expect(await window.page.locator(".tab.active", { hasText: "seed_attention.py" }).count()).toBeGreaterThan(0);
});
