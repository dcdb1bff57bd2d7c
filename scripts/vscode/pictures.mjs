// Takes the demo's pictures: the editor with hints and a hover, the underlined mistake, and the playground.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { command, hover, leave, openFile, showsLine, toEnd, webview } from "./workbench.mjs";

/** @param {import("./server.mjs").CodeServer} server @param {string} folder @returns {Promise<string[]>} the files */
export async function picture(server, folder) {
  mkdirSync(folder, { recursive: true });
  const { page, close } = await openBrowser({ webgpu: true });
  /** @type {string[]} */
  const files = [];
  const keep = async (/** @type {string} */ name) => {
    const file = path.join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    files.push(file);
  };
  try {
    await page.goto(server.address("seed_attention.py"));
    await showsLine(page, "import math");
    await command(page, "View: Close Primary Side Bar").catch(() => undefined);
    await toEnd(page);
    await hover(page, "Q @ K.transpose", "scores", "seq_q");
    await keep("hover");
    await leave(page);
    await openFile(page, "broken.py");
    await page.locator(".squiggly-error").first().waitFor();
    await hover(page, "queries @ keys", "@", "inner sizes");
    await keep("error");
    await leave(page);
    await command(page, "Shapesight: Open Compute Playground");
    await webview(page, "#playground[data-status=idle][data-path=gpu]");
    await leave(page);
    await keep("playground");
  } finally {
    await close();
  }
  return files;
}
