// A browser without WebGPU: the playground computes on the CPU, and says that and why.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { command } from "../../scripts/vscode/workbench.mjs";
import { playground } from "./panel.ts";
import { openWindow, shootOnFailure, type Window } from "./window.ts";

let window: Window;
beforeAll(async () => (window = await openWindow("seed_attention.py", { webgpu: false })));
afterAll(() => window?.close());
beforeEach(({ task }) => shootOnFailure(window, task.name));

test("without WebGPU the same pictures come from the CPU, with the reason", async () => {
  await command(window.page, "Shapesight: Open Compute Playground");
  const frame = await playground(window.page, "cpu");
  expect(await frame.locator("[data-testid=reason]").innerText()).toMatch(/WebGPU/);
  expect(await frame.locator("[data-testid=device]").innerText()).toContain("CPU");
  expect(await frame.locator("[data-testid=badge]").innerText()).toMatch(/CPU · max error .*✓/);
  await window.shoot("playground-cpu");
});
