// The page in VS Code's four themes, wide and narrow: nothing that axe objects to, and nothing that sticks out.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import type { Shown, Stage } from "./browser.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function look(stageOf: () => Stage): void {
  // Each tab is looked at in a dark and a light theme, and in one of high contrast.
  test.each([
    ["light", "attention"],
    ["dark", "matmul"],
    ["hc-light", "matmul"],
    ["hc-dark", "attention"],
  ] as const)("axe finds nothing in %s, %s", async (theme, tab) => {
    const shown = await stageOf().open({ theme });
    await shown.page.waitForSelector("[data-path=gpu][data-status=idle]");
    await shown.page.getByTestId(`tab-${tab}`).click();
    await shown.page.waitForSelector(`.view-${tab}`);
    await shown.settled();
    expect(await violations(shown)).toEqual([]);
  });

  test("nothing sticks out from 320 px on", async () => {
    const shown = await stageOf().open({ gpu: false });
    await shown.settled();
    for (const tab of ["matmul", "attention"]) {
      await shown.page.getByTestId(`tab-${tab}`).click();
      for (const width of [320, 360, 560, 720, 1000, 1600]) {
        await shown.page.setViewportSize({ width, height: 900 });
        // A busy machine takes its time to lay the page out anew.
        await expect.poll(() => outside(shown), { message: `${tab} at ${width} px`, timeout: 5000 }).toEqual([]);
      }
    }
  });

  test("motion is stilled where it is not wanted", async () => {
    const shown = await stageOf().open({ gpu: false });
    await shown.page.emulateMedia({ reducedMotion: "reduce" });
    await shown.settled();
    const moving = await shown.page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);
  });

  test("the page's own script stays small", () => {
    expect(stageOf().server.bytes.script).toBeLessThan(360_000);
    expect(stageOf().server.bytes.style).toBeLessThan(40_000);
  });
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

async function violations({ page }: Shown): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(root: Element): Promise<{ violations: Violation[] }> } };
    return (await axe.run(document.body)).violations;
  });
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
  );
}

/** Elements whose right edge is beyond the window's. */
const outside = ({ page }: Shown): Promise<readonly string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const seen = [...document.querySelectorAll<HTMLElement>("#playground *:not(.sr, .sr *)")];
    return seen
      .filter((node) => node.getBoundingClientRect().right > wide + 1)
      .map((node) => `${node.tagName}.${node.className}`);
  });
