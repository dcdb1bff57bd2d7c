// How it looks, in each kind of theme: pictures to be looked at, and what a machine can judge of them.
import axe from "axe-core";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { command, hover, leave, toEnd } from "../../scripts/vscode/workbench.mjs";
import { playground } from "./panel.ts";
import { openWindow, shootOnFailure, type Window } from "./window.ts";

const themes = {
  light: "Default Light Modern",
  dark: "Default Dark Modern",
  "high-contrast": "Default High Contrast",
  "high-contrast-light": "Default High Contrast Light",
} as const;

describe.each(Object.entries(themes))("%s", (name, theme) => {
  let window: Window;
  beforeAll(async () => {
    const settings = { "workbench.colorTheme": theme };
    window = await openWindow("seed_attention.py", { settings, width: 1500, height: 1300 });
  });
  afterAll(() => window?.close());

  test("a hover is readable", async () => {
    shootOnFailure(window, `look-${name}-hover`);
    await toEnd(window.page);
    const text = await hover(window.page, "Q @ K.transpose", "scores", "seq_q");
    expect(text).toContain("(batch, n_heads, seq_q, seq_k)");
    await window.shoot(`look-${name}-hover`);
    await leave(window.page);
  });

  test("both tabs of the playground are well laid out", async () => {
    shootOnFailure(window, `look-${name}-playground`);
    const { page } = window;
    await command(page, "Shapesight: Open Compute Playground");
    const frame = await playground(page, "gpu");
    await command(page, "View: Toggle Primary Side Bar Visibility");
    for (const tab of ["matmul", "attention"]) {
      await frame.locator(`[data-testid=tab-${tab}]`).click();
      await playground(page, "gpu");
      await window.shoot(`look-${name}-${tab}`);
      expect(await overflow(frame), `${tab} is wider than its panel`).toBe(0);
      expect(await violations(frame), tab).toEqual([]);
    }
  });
});

/** By how many pixels the page is wider than its panel. */
function overflow(frame: Frame): Promise<number> {
  return frame.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

/** What axe finds wrong with the page for people who don't see it, or see it differently. */
async function violations(frame: Frame): Promise<readonly string[]> {
  await frame.evaluate(axe.source);
  const found = await frame.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const results = await inPage.run(document.body, { runOnly: ["wcag2a", "wcag2aa"] });
    return results.violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.html ?? ""})`);
  });
  return found;
}
