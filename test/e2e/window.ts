// One VS Code window on a copy of the examples, with the packaged extension in it, and pictures of what it shows.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { onTestFailed } from "vitest";
import { vsix } from "../../scripts/package.mjs";
import { openBrowser } from "../../scripts/vscode/browser.mjs";
import { startCodeServer, type CodeServer } from "../../scripts/vscode/server.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const shots = path.join(root, ".tools", "shots");

export interface Window {
  readonly page: Page;
  readonly server: CodeServer;
  /** Keeps a picture of the window under this name. */
  readonly shoot: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Wishes {
  /** Whether the browser has WebGPU, by a software adapter. */
  readonly webgpu?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly width?: number;
  readonly height?: number;
}

/** Opens the window on a file of the examples, or on none. */
export async function openWindow(file: string | undefined, wishes: Wishes = {}): Promise<Window> {
  const { webgpu = true, settings = {}, ...size } = wishes;
  const server = await startCodeServer({ examples: path.join(root, "examples"), vsix, settings });
  const { page, close } = await openBrowser({ webgpu, ...size });
  mkdirSync(shots, { recursive: true });
  await page.goto(server.address(file));
  await page
    .locator(file === undefined ? ".monaco-workbench" : ".view-line")
    .first()
    .waitFor();
  return {
    page,
    server,
    shoot: async (name) => {
      await page.screenshot({ path: path.join(shots, `${name}.png`) });
    },
    close: async () => {
      await close();
      await server.stop();
    },
  };
}

/** Keeps a picture when the test that calls this fails. */
export function shootOnFailure(window: Window, name: string): void {
  onTestFailed(() => window.shoot(`failed-${name.replaceAll(/\W+/g, "-")}`));
}
